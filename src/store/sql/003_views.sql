-- Version 3. The stable views that show runs of the schedule and filled slots; what 001_views.sql says of the SQL that
-- both SQLite 3.38 and DuckDB read holds here too. Columns are only ever added, at the end.

-- A row a run for a customer.
CREATE VIEW v_schedule_runs AS
SELECT
    c.name               AS customer,
    CAST(NULL AS BIGINT) AS account_id,
    CAST(NULL AS TEXT)   AS external_account_id,
    CAST(NULL AS TEXT)   AS account_name,
    r.id                 AS schedule_run_id,
    r.evaluated_text     AS evaluated_at,
    g.recorded_text      AS recorded_at,
    g.actor              AS actor,
    r.due                AS due,
    r.created            AS created,
    r.failed             AS failed,
    r.flushed            AS flushed,
    r.failed_accounts    AS failed_accounts
FROM schedule_runs r
LEFT JOIN customer_heads c ON c.customer_id = r.customer_id
LEFT JOIN changes g ON g.id = r.change_id;

-- A row a filled slot of an account.
CREATE VIEW v_slots AS
SELECT
    c.name          AS customer,
    s.account_id    AS account_id,
    h.external_id   AS external_account_id,
    h.name          AS account_name,
    s.label         AS label,
    CASE s.cadence
        WHEN 1 THEN 'daily' WHEN 2 THEN 'weekly' WHEN 3 THEN 'monthly' WHEN 4 THEN 'quarterly'
    END             AS cadence,
    s.rule          AS rule,
    s.due_text      AS due_at,
    g.recorded_text AS filled_at,
    s.snapshot_id   AS snapshot_id,
    s.gap_from      AS gap_from,
    s.gap_to        AS gap_to,
    s.gap_count     AS gap_count
FROM slots s
LEFT JOIN account_heads h ON h.account_id = s.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = s.change_id;
