#!/usr/bin/env bash
# The main job on the example portfolio: three months of KPI files in, snapshots taken, the latest shown.
#
# It builds the program, works on ./tour.db and the customer "demo" alone, and begins anew each time it is run.
# The --at flags replay the days on which the files would have come in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --locked --quiet
acctsnap=target/debug/acctsnap
export ACCTSNAP_DB=tour.db ACCTSNAP_CUSTOMER=demo ACCTSNAP_CONFIG=snapshots.toml
rm -f tour.db tour.db-wal tour.db-shm

run() {
    printf '\n$ acctsnap %s\n' "$*"
    "$acctsnap" "$@"
}

run ingest kpis examples/portfolio/kpis-2026-08.csv --at 2026-09-01T08:00:00Z
run ingest kpis examples/portfolio/kpis-2026-09.csv --at 2026-10-01T08:00:00Z
run ingest kpis examples/portfolio/kpis-2026-10.csv --at 2026-11-02T08:00:00Z
run latest --all --at 2026-11-02T09:00:00Z
run latest --account BRM-1001 --at 2026-11-02T09:00:00Z
run latest --account BRM-1001 --field overall_health_score --json --at 2026-11-02T09:00:00Z
printf '\n'

printf 'Everything is in tour.db; see more with: %s history -a BRM-1001 --db tour.db --customer demo\n' "$acctsnap"
