#!/bin/sh
# How long answers take beside the same question asked in the sqlite3 shell, on one database.
#
#   benches/answers.sh [ACCTSNAP] [ACCOUNTS] [MONTHS]
#
# ACCTSNAP: the binary, else target/release/acctsnap. 10,000 accounts and 24 months unless told otherwise: each month a
# file of ten KPIs an account is ingested, every twelfth account's revenue changes. The database lies in a folder of its
# own, which is removed at the end; KEEP=1 keeps it and says where.
#
# Prints the median of five runs of each, and the ratio to the shell's. `compare --all` is beside a self-join of
# v_snapshots: each account's snapshot in force at the one moment with that at the other, with the differences of score
# and revenue, in its best form that we know (a window of row numbers is slower). `history` and `explain` are beside the
# shell's query of the same account in the same view.
set -eu

acctsnap=${1:-target/release/acctsnap}
accounts=${2:-10000}
months=${3:-24}

command -v sqlite3 >/dev/null || { echo "needs the sqlite3 shell, which is not installed" >&2; exit 1; }
[ -x "$acctsnap" ] || { echo "no program at $acctsnap: cargo build --release" >&2; exit 1; }
acctsnap=$(realpath "$acctsnap")

folder=$(mktemp -d)
trap '[ -n "${KEEP:-}" ] && echo "kept: $folder" || rm -rf "$folder"' EXIT
cd "$folder"
export ACCTSNAP_DB="$folder/bench.db" HOME="$folder"

month_of() { echo "$((2024 + ($1 - 1) / 12))-$(printf %02d $((($1 - 1) % 12 + 1)))"; }

make_month() {
    awk -v accounts="$accounts" -v month="$1" 'BEGIN {
        srand(month)
        print "account,Net Promoter Score (NPS),First Response Time,Ticket Volume,Customer Satisfaction (CSAT)," \
            "Feature Adoption Rate,Product Activation Rate,Escalation Rate,Customer Complaints," \
            "Gross Revenue Retention (GRR),Account Engagement Score"
        for (a = 1; a <= accounts; a++)
            printf "Company %05d,%d,%.1f,%d,%.1f,%d,%d,%.1f,%.1f,%d,%d\n", a, rand() * 100, 1 + rand() * 12,
                rand() * 300, 2 + rand() * 3, 30 + rand() * 70, 30 + rand() * 70, rand() * 20, rand() * 12,
                80 + rand() * 20, 40 + rand() * 60
    }' >kpis.csv
    awk -v accounts="$accounts" -v month="$1" 'BEGIN {
        print "account,arr,status,industry,csm"
        for (a = 1; a <= accounts; a++)
            if (month == 1 || a % 12 == month % 12)
                printf "Company %05d,%d,%s,Industry %d,Person %d\n", a, 10000 + (a * 7919 + month * 104729) % 900000,
                    (month > 1 && a % 97 == month) ? "churned" : "active", a % 9, a % 25
    }' >profiles.csv
}

echo "making $accounts accounts x $months months ..." >&2
month=1
while [ "$month" -le "$months" ]; do
    make_month "$month"
    of=$(month_of "$month")
    # The profile comes a minute before the KPIs and leaves its snapshot to them: one snapshot a month and account.
    "$acctsnap" ingest profiles profiles.csv -q --defer --at "$of-15T09:59:00Z"
    "$acctsnap" ingest kpis kpis.csv -q --at "$of-15T10:00:00Z"
    month=$((month + 1))
done
from=$(month_of $((months - 12)))
to=$(month_of "$months")
snapshots=$(sqlite3 -readonly "$ACCTSNAP_DB" 'SELECT count(*) FROM v_snapshots')
echo "$snapshots snapshots, $(du -h "$ACCTSNAP_DB" | cut -f1)"

cat >join.sql <<SQL
WITH a AS (
    SELECT account_id, max(snapshot_id) AS id FROM v_snapshots WHERE snapshot_timestamp < '$from-31T24' GROUP BY account_id
), b AS (
    SELECT account_id, max(snapshot_id) AS id FROM v_snapshots WHERE snapshot_timestamp < '$to-31T24' GROUP BY account_id
)
SELECT x.account_name, x.overall_health_score, y.overall_health_score,
       y.overall_health_score - x.overall_health_score AS moved, y.revenue - x.revenue
FROM a JOIN b ON b.account_id = a.account_id
JOIN v_snapshots x ON x.snapshot_id = a.id
JOIN v_snapshots y ON y.snapshot_id = b.id
ORDER BY abs(moved) DESC;
SQL
cat >one.sql <<SQL
SELECT snapshot_timestamp, overall_health_score, overall_health_status, revenue FROM v_snapshots
WHERE account_name = 'Company 00042' ORDER BY snapshot_id;
SQL

# The median of five runs, in milliseconds.
median() {
    for _ in 1 2 3 4 5; do
        begin=$(date +%s%N)
        "$@" >/dev/null
        echo $((($(date +%s%N) - begin) / 1000000))
    done | sort -n | sed -n 3p
}

shell() { sqlite3 -readonly "$ACCTSNAP_DB" <"$1"; }
line() {
    awk -v name="$1" -v ours="$2" -v theirs="$3" 'BEGIN {
        printf "%-34s %7d ms   shell %7d ms   ratio %.2f\n", name, ours, theirs, theirs ? ours / theirs : 0
    }'
}

join=$(median shell join.sql)
line "compare --all" "$(median "$acctsnap" compare --all "$from" "$to")" "$join"
line "compare --all --json" "$(median "$acctsnap" compare --all "$from" "$to" --json)" "$join"
line "compare --all --by industry" "$(median "$acctsnap" compare --all "$from" "$to" --by industry)" "$join"
line "compare --all, to now" "$(median "$acctsnap" compare --all "$from" now)" "$join"
one=$(median shell one.sql)
line "history -a" "$(median "$acctsnap" history -a 'Company 00042')" "$one"
line "explain -a" "$(median "$acctsnap" explain -a 'Company 00042')" "$one"
