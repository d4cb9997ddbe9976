#!/usr/bin/env bash
# Makes version_1.db: run once with the last program of schema version 1, and kept as it came out.
#
#     bash version_1.sh PROGRAM
#
# Two customers with accounts of the same names: uploads, a file seen twice, a KPI defined by a file, a value withdrawn,
# snapshots by event and by hand; events that wait for a cooldown, and one that was deferred, are pending at the end.
set -euo pipefail

program=$1
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
export HOME=$work ACCTSNAP_ACTOR=tester@example ACCTSNAP_DB=$work/version_1.db

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
cat > november.csv <<'END'
account,external id,kpi,value,date
Acme,a-1,NPS,61,2026-11-20
Acme,a-1,Ticket Volume,N/A,2026-11-20
Beta,b-1,CSAT,4.5,2026-11-20
END
printf 'account,kpi,value\nAcme,NPS,12\n' > late.csv
printf 'account,kpi,value,weight\nGamma AG,House index,12.5,0.7\n' > weight.csv
cat > definitions.csv <<'END'
kpi_name,category,unit,direction,worst,critical_edge,healthy_edge,best
House index,Customer Sentiment,,higher,0,10,20,30
END

for customer in north south; do
    export ACCTSNAP_CUSTOMER=$customer
    at 10:00:00 ingest kpis october.csv
    # Once is enough: each configuration that it makes is kept whole.
    [ "$customer" = south ] || at 10:01:00 kpis import definitions.csv
    at 10:02:00 ingest kpis november.csv
    at 10:03:00 ingest kpis november.csv
    at 10:06:00 flush --customer "$customer"
    at 10:07:00 snapshot create -a Acme --reason 'before the QBR'
    at 10:08:00 ingest kpis late.csv
    at 10:09:00 ingest kpis weight.csv --defer
done

cp version_1.db "$folder/version_1.db"
