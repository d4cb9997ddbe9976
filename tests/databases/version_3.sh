#!/usr/bin/env bash
# Makes version_3.db: run once with the last program of schema version 3, and kept as it came out.
#
#     bash version_3.sh PROGRAM
#
# Two customers with accounts of the same names, and everything that versions 2 and 3 added: profiles, health scores, playbook
# executions and notes, each said twice so that there is a version that replaces another; an account archived, one
# renamed, a KPI renamed. Health is calculated, and a run of the schedule fills a slot of every account. Events that wait for a cooldown, and one that was deferred, are pending at the end.
set -euo pipefail

program=$1
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
export HOME=$work ACCTSNAP_ACTOR=tester@example ACCTSNAP_DB=$work/version_3.db

at() {
    local time=$1
    shift
    "$program" --at "2026-11-22T${time}Z" "$@" || [ $? -le 3 ]
}

cat > october.csv <<'END'
account,external id,kpi,value,weight,impact,product,date
Acme,a-1,NPS,40,0.5,High,,2026-10-31
Acme,a-1,Ticket Volume,700,,Low,,2026-10-31
Acme,a-1,Feature Adoption Rate,30%,,,Core,2026-10-31
Beta,b-1,CSAT,3.5,,,,
Gamma AG,,House index,12.5,,,,
END
cat > profiles.csv <<'END'
account,external id,status,industry,region,account_tier,arr,renewal_date,csm,products_used,seats
Acme,a-1,active,Food,EMEA,Enterprise,"$1,200,000",2027-01-31,Ines,Core; Dispatch,40
Beta,b-1,at-risk,Energy,APAC,Mid-market,"$90,000",,Ruben,Core,7
END
printf 'account,arr,seats\nAcme,"$1,250,000",45\nBeta,"$90,000",7\n' > profiles_again.csv
printf 'account,period,overall_health_score,support_score\nAcme,2026-10,71.5,60\nBeta,2026-10,44,\n' > health.csv
printf 'account,period,overall_health_score\nAcme,2026-10,72\n' > health_again.csv
cat > playbooks.json <<'END'
[{"id": "run-1", "playbookId": "voc-sprint", "accountId": "a-1", "status": "in-progress",
  "startedAt": "2026-11-01T09:00:00Z", "currentStep": "ask"},
 {"id": "run-2", "playbookId": "onboarding", "accountId": "b-1", "status": "completed",
  "startedAt": "2026-10-01T09:00:00Z", "completedAt": "2026-10-20T09:00:00Z",
  "report": {"executive_summary": "Done", "outcomes_achieved": {"seats": 7}}}]
END
sed 's/"in-progress"/"completed"/; s/"currentStep": "ask"/"completedAt": "2026-11-21T09:00:00Z"/' playbooks.json > playbooks_again.json
printf 'note id,account,type,title,content,author,date\nN-1,Acme,call,Backlog,A weekly call.,Ines,2026-11-20\n' > notes.csv
sed 's/A weekly call./A call on Thursdays./' notes.csv > notes_again.csv
printf 'account,kpi,value\nAcme,NPS,12\n' > late.csv
printf 'account,kpi,value\nBeta,CSAT,4.5\n' > deferred.csv

printf '[[schedule]]\nname = "every day"\nevery = "daily"\nat = "11:30"\n' > snapshots.toml

for customer in north south; do
    export ACCTSNAP_CUSTOMER=$customer
    at 10:00:00 ingest kpis october.csv
    at 10:05:00 ingest kpis october.csv
    at 10:10:00 ingest profiles profiles.csv
    at 10:20:00 ingest health health.csv
    printf 'account,kpi,value\nAcme,NPS,41\n' > early.csv
    at 10:21:00 ingest kpis early.csv
    at 10:30:00 ingest playbooks playbooks.json
    at 10:40:00 ingest notes notes.csv
    at 11:00:00 ingest profiles profiles_again.csv
    at 11:10:00 ingest health health_again.csv
    at 11:20:00 ingest playbooks playbooks_again.json
    at 11:30:00 ingest notes notes_again.csv
    at 11:40:00 snapshot create --all --reason 'before the QBR'
    [ "$customer" = south ] || at 11:50:00 accounts archive 'Gamma AG' --reason 'left us'
    [ "$customer" = south ] || at 11:51:00 accounts rename Beta 'Beta Energy'
    [ "$customer" = south ] || at 11:52:00 kpis rename 'House index' 'House pulse'
    at 11:55:00 health calculate --all
    at 11:58:00 --config "$work/snapshots.toml" scheduled run --customer "$customer"
    at 12:00:00 ingest kpis late.csv
    at 12:01:00 ingest kpis deferred.csv --defer
    printf 'account,kpi,value\nAcme,NPS,13\n' > later.csv
    at 12:02:00 ingest kpis later.csv
done

sqlite3 version_3.db 'PRAGMA wal_checkpoint(TRUNCATE)' > /dev/null 2>&1 || true
cp version_3.db "$folder/version_3.db"
