#!/usr/bin/env bash
# Three months of one account, in the order in which its files came in; the --at flags replay the days.
# `acctsnap` has to be on the path, ACCTSNAP_DB and ACCTSNAP_CUSTOMER say where it goes.
set -euo pipefail
story=$(dirname "${BASH_SOURCE[0]}")

for kpis in "$story"/kpis-*.csv; do
    monday=${kpis##*/kpis-}
    monday=${monday%.csv}
    acctsnap ingest kpis "$kpis" --quiet --at "${monday}T08:00:00Z"
    case $monday in
        2026-09-07)
            acctsnap ingest profiles "$story/profiles.csv" --quiet --at 2026-09-07T09:00:00Z
            ;;
        2026-10-12)
            acctsnap ingest playbooks "$story/playbook-started.json" --quiet --at 2026-10-13T09:30:00Z
            ;;
        2026-11-16)
            acctsnap ingest kpis "$story/weights-2026-11-17.csv" --quiet --at 2026-11-17T10:00:00Z
            acctsnap ingest playbooks "$story/playbook-completed.json" --quiet --at 2026-11-18T16:00:00Z
            acctsnap ingest notes "$story/notes.csv" --quiet --at 2026-11-18T17:00:00Z
            ;;
    esac
done
