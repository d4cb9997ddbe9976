#!/usr/bin/env bash
# Three months of one account that declines and recovers, told by history, compare and explain alone.
#
# It builds the program, works on ./story.db alone, and begins anew each time it is run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --locked --quiet
PATH=$PWD/target/debug:$PATH
export PATH ACCTSNAP_DB=$PWD/story.db ACCTSNAP_CUSTOMER=story ACCTSNAP_CONFIG=$PWD/snapshots.toml
rm -f story.db story.db-wal story.db-shm
bash examples/story/ingest.sh

say() {
    printf '\n# %s\n\n' "$*"
}

account='Copperfen Cycles'
now=2026-11-24T09:00:00Z

say 'Week by week: healthy until late September, at the bottom in the middle of October, healthy again'
acctsnap history -a "$account" --every week --kpi NPS --kpi 'First Response Time' --at $now

say 'Down: all by what the KPIs did; support, sentiment and revenue retention lost most'
acctsnap compare -a "$account" 2026-09-14 2026-10-19 --at $now

say 'The first week up: nearly half of it is the survey that paused, not the account'
acctsnap compare -a "$account" 2026-10-19 2026-10-26 --at $now

say 'The survey is back: its value is better than when it was last heard of, and worse than the rest'
acctsnap compare -a "$account" 2026-11-02 2026-11-09 --at $now

say 'First answers weigh more from 17 November: another yardstick, told apart from what the account did'
acctsnap compare -a "$account" 2026-11-16 2026-11-17 --at $now

say 'What was missing on that day, as it was known then'
acctsnap explain -a "$account" --as-of 2026-11-17

say 'From the bottom to now'
acctsnap compare -a "$account" 2026-10-19 now --at $now
