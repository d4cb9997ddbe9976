#!/usr/bin/env bash
# A month in the life of the example portfolio: files of five kinds in, snapshots taken, the latest shown.
#
# It builds the program, works on ./tour.db and the customers "demo" and "north" alone, and begins anew each time it
# is run. The --at flags replay the days on which the files would have come in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --locked --quiet
acctsnap=target/debug/acctsnap
export ACCTSNAP_DB=tour.db ACCTSNAP_CUSTOMER=demo ACCTSNAP_CONFIG=snapshots.toml
rm -f tour.db tour.db-wal tour.db-shm

say() {
    printf '\n# %s\n' "$*"
}

# Prints the command as it can be typed, then runs it.
run() {
    printf '\n$ acctsnap'
    for word in "$@"; do
        case $word in
            *[!a-zA-Z0-9_./:=-]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$acctsnap" "$@"
}

portfolio=examples/portfolio
north=examples/north

say 'Two months of KPIs, then what the CRM knows, earlier health scores, and the playbooks of September'
run ingest kpis $portfolio/kpis-2026-08.csv --at 2026-09-01T08:00:00Z
run ingest kpis $portfolio/kpis-2026-09.csv --at 2026-10-01T08:00:00Z
run ingest profiles $portfolio/profiles-2026-10.csv --at 2026-10-01T09:00:00Z
run ingest health $portfolio/health-2026-q3.csv --at 2026-10-02T08:00:00Z
run ingest playbooks $portfolio/playbooks-2026-10.json --at 2026-10-05T18:00:00Z

say 'The night of 2 November: five files, then one snapshot an account with everything in it'
run ingest kpis $portfolio/kpis-2026-10.csv --defer --at 2026-11-02T02:00:00Z
run ingest health $portfolio/health-2026-10.csv --defer --at 2026-11-02T02:01:00Z
run ingest profiles $portfolio/profiles-2026-11.json --clear-token '(cleared)' --defer --at 2026-11-02T02:02:00Z
run ingest playbooks $portfolio/playbooks-2026-11.json --defer --at 2026-11-02T02:03:00Z
run ingest notes $portfolio/notes-2026-10.csv --defer --at 2026-11-02T02:04:00Z
run flush --now --verbose --at 2026-11-02T02:05:00Z
run latest --all --at 2026-11-02T09:00:00Z
run latest --account BRM-1001 --at 2026-11-02T09:00:00Z
run latest --account BRM-1001 --field overall_health_score --json --at 2026-11-02T09:00:00Z

say 'An account has a new name, another one a short one; a KPI is judged more strictly'
run accounts rename SAL-1009 'Saltvane Hotels' --at 2026-11-03T08:00:00Z
run accounts alias BRM-1001 Brightmoor --at 2026-11-03T08:01:00Z
run latest --account 'Saltvane Hospitality' --field account_name --at 2026-11-03T08:02:00Z
run kpis set NPS --critical-edge 10 --at 2026-11-03T08:03:00Z
run snapshot create --account QUO-1008 --reason 'NPS judged anew' --at 2026-11-03T08:04:00Z
run history --account QUO-1008 --at 2026-11-03T09:00:00Z
run history --account Brightmoor --at 2026-11-03T09:00:00Z

say 'Another customer in the same database: it has a Brightmoor Logistics of its own'
run ingest kpis $north/kpis-2026-10.csv --customer north --defer --at 2026-11-02T03:00:00Z
run ingest profiles $north/profiles-2026-10.csv --customer north --defer --at 2026-11-02T03:01:00Z
run ingest health $north/health-2026-10.csv --customer north --defer --at 2026-11-02T03:02:00Z
run flush --now --verbose --customer north --at 2026-11-02T03:03:00Z
run latest --all --customer north --at 2026-11-02T09:00:00Z
run customers list --at 2026-11-03T09:00:00Z

printf '\nEverything is in tour.db; see more with: %s history -a BRM-1001 --db tour.db --customer demo\n' "$acctsnap"
