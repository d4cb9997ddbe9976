#!/bin/sh
# How many instructions the main paths take, counted by callgrind: unlike seconds they hardly differ from run to run.
#
#   benches/instructions.sh [ACCTSNAP] [ACCOUNTS]
#
# ACCTSNAP: the binary, else target/release/acctsnap. 200 accounts of 59 KPIs unless told otherwise. One thread, so that
# no waiting is counted. The last figures stand in docs/performance.md.
set -eu

here=$(realpath "$(dirname "$0")")
acctsnap=$(realpath "${1:-target/release/acctsnap}")
accounts=${2:-200}

command -v valgrind >/dev/null || { echo "needs valgrind, which is not installed" >&2; exit 1; }
[ -x "$acctsnap" ] || { echo "no program at $acctsnap: cargo build --release" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" ACCTSNAP_DB="$folder/counted.db" RAYON_NUM_THREADS=1 PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1

python3 -c "
import kpi_files
kpi_files.base('base.csv', $accounts)
kpi_files.base('changed.csv', $accounts, changed=0.1)"
printf '[[schedule]]\nname = "all"\nevery = "daily"\n' >daily.toml

echo "| path | instructions |"
echo "|---|---|"
count() {
    name=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$acctsnap" "$@" >/dev/null 2>said || {
        cat said >&2
        exit 1
    }
    awk -v name="$name" '/Collected/ { printf "| %s | %.1f million |\n", name, $NF / 1e6 }' said
}

count "\`--version\`" --version
count "first ingest" ingest kpis base.csv -q --at 2026-01-01T06:00:00Z
count "the same file again" ingest kpis base.csv -q --at 2026-01-01T07:00:00Z
count "a tenth changed" ingest kpis changed.csv -q --at 2026-01-02T06:00:00Z
count "\`snapshot create --all\`, nothing changed" snapshot create --all -q --at 2026-01-02T07:00:00Z
count "a daily scheduled run" scheduled run -q --config daily.toml --at 2026-01-03T06:00:00Z
count "\`latest --account\`" latest --account "Account 000007 Solutions, Inc." --json --at 2026-01-03T07:00:00Z
count "\`latest --all\`" latest --all --format jsonl --at 2026-01-03T07:00:00Z
