-- Version 1. The stable views of CONTRACT.md, "For people who open the database themselves": columns are only ever
-- added, at the end. v_playbooks, v_notes, v_health_scores and v_schedule_runs come with the tables that they show.
--
-- Every view starts with customer, account_id, external_account_id, account_name. Instants are ISO text in UTC,
-- booleans 0 and 1, scores points of 100, lists JSON text, NULL is unknown.
--
-- DuckDB reads this text in its own dialect: what it cannot parse makes it refuse the whole file, and a view that it
-- parses but cannot bind has text in every column. So: SQL of SQLite 3.38 that means the same in both. No date
-- functions, no char(), iif() or length() of a BLOB; a JSON value only through ->> and a CAST; DOUBLE PRECISION,
-- since REAL has 32 bits there; whole division as CAST((x - x % n) / n AS BIGINT), since / never is one there; a cast
-- NULL, since a bare one has no type.

-- A row an account, with its newest snapshot and the upload that last named its KPIs.
CREATE VIEW v_accounts AS
SELECT
    c.name           AS customer,
    h.account_id     AS account_id,
    h.external_id    AS external_account_id,
    h.name           AS account_name,
    h.archived       AS archived,
    g.recorded_text  AS created_at,
    h.kpis_upload_id AS kpis_upload_id,
    ug.recorded_text AS kpis_ingested_at,
    h.snapshot_id    AS latest_snapshot_id,
    sg.recorded_text AS latest_snapshot_timestamp
FROM account_heads h
JOIN customer_heads c ON c.customer_id = h.customer_id
JOIN accounts a ON a.id = h.account_id
JOIN changes g ON g.id = a.change_id
LEFT JOIN uploads u ON u.id = h.kpis_upload_id
LEFT JOIN changes ug ON ug.id = u.change_id
LEFT JOIN snapshots s ON s.id = h.snapshot_id
LEFT JOIN changes sg ON sg.id = s.change_id;

-- A row a snapshot: the stored fields of acctsnap.snapshot/1 in their order. Left out is what belongs to an answer:
-- schema, tags, pinned, retracted, as_of, the ages, dirty_since, days_to_renewal, not_recorded.
-- Only left joins: what a query does not ask for is not looked up, and no snapshot is ever missing.
CREATE VIEW v_snapshots AS
SELECT
    cu.name                                    AS customer,
    s.account_id                               AS account_id,
    h.external_id                              AS external_account_id,
    h.name                                     AS account_name,
    s.id                                       AS snapshot_id,
    g.recorded_text                            AS snapshot_timestamp,
    CASE s.snapshot_type
        WHEN 1 THEN 'manual' WHEN 2 THEN 'event_driven' WHEN 3 THEN 'rag_auto' WHEN 4 THEN 'scheduled'
        WHEN 5 THEN 'post_health_calc'
    END                                        AS snapshot_type,
    s.reason                                   AS snapshot_reason,
    CASE s.trigger_event
        WHEN 1 THEN 'kpi_data_uploaded' WHEN 2 THEN 'account_data_changed' WHEN 3 THEN 'health_scores_updated'
        WHEN 4 THEN 'health_calculation_completed' WHEN 5 THEN 'rag_query_missing_snapshot' WHEN 6 THEN 'schedule'
    END                                        AS trigger_event,
    s.trigger_action                           AS trigger_action,
    coalesce(s.created_by, 'acctsnap')         AS created_by,
    c.version                                  AS snapshot_version,
    s.sequence                                 AS snapshot_sequence_number,
    s.days_since_last                          AS days_since_last_snapshot,
    s.significant                              AS is_significant_change,
    coalesce(rg.recorded_text, g.recorded_text) AS unchanged_since,
    CAST(NULL AS DOUBLE PRECISION)             AS revenue,
    CAST(NULL AS TEXT)                         AS currency,
    CAST(NULL AS TEXT)                         AS revenue_basis,
    CAST(NULL AS DOUBLE PRECISION)             AS revenue_change_from_last,
    CAST(NULL AS DOUBLE PRECISION)             AS revenue_change_percent,
    c.overall_score / 100.0                    AS overall_health_score,
    CASE c.overall_band WHEN 0 THEN 'critical' WHEN 1 THEN 'at_risk' WHEN 2 THEN 'healthy' END
                                               AS overall_health_status,
    c.product_usage / 100.0                    AS product_usage_score,
    c.support / 100.0                          AS support_score,
    c.customer_sentiment / 100.0               AS customer_sentiment_score,
    c.business_outcomes / 100.0                AS business_outcomes_score,
    c.relationship_strength / 100.0            AS relationship_strength_score,
    CASE c.score_source WHEN 1 THEN 'ingested' WHEN 2 THEN 'calculated' END AS health_score_source,
    s.score_change / 100.0                     AS health_score_change_from_last,
    s.score_change_window / 100.0              AS health_score_change_30d,
    CASE s.trend WHEN -1 THEN 'declining' WHEN 0 THEN 'stable' WHEN 1 THEN 'improving' END AS health_score_trend,
    CAST(NULL AS TEXT)                         AS account_status,
    CAST(NULL AS TEXT)                         AS industry,
    CAST(NULL AS TEXT)                         AS region,
    CAST(NULL AS TEXT)                         AS account_tier,
    CAST(NULL AS TEXT)                         AS contract_start_date,
    CAST(NULL AS TEXT)                         AS contract_end_date,
    CAST(NULL AS TEXT)                         AS renewal_date,
    CAST(NULL AS TEXT)                         AS assigned_csm,
    CAST(NULL AS TEXT)                         AS csm_manager,
    CAST(NULL AS TEXT)                         AS account_owner,
    CAST(NULL AS TEXT)                         AS executive_sponsor,
    CAST(NULL AS TEXT)                         AS products_used,
    CAST(NULL AS BIGINT)                       AS product_count,
    CAST(NULL AS TEXT)                         AS primary_product,
    CAST(NULL AS TEXT)                         AS playbooks_running,
    CAST(NULL AS BIGINT)                       AS playbooks_running_count,
    CAST(NULL AS BIGINT)                       AS playbooks_completed_count,
    CAST(NULL AS BIGINT)                       AS playbooks_completed_last_30_days,
    CAST(NULL AS TEXT)                         AS last_playbook_executed,
    CAST(NULL AS TEXT)                         AS playbook_recommendations_active,
    CAST(NULL AS TEXT)                         AS recent_playbook_report_ids,
    c.account_level_kpis + c.product_level_kpis AS total_kpis,
    c.account_level_kpis                       AS account_level_kpis,
    c.product_level_kpis                       AS product_level_kpis,
    c.critical_kpis                            AS critical_kpis_count,
    c.at_risk_kpis                             AS at_risk_kpis_count,
    c.healthy_kpis                             AS healthy_kpis_count,
    c.account_level_kpis + c.product_level_kpis - c.critical_kpis - c.at_risk_kpis - c.healthy_kpis
                                               AS unscored_kpis_count,
    CAST(
        CASE
            WHEN k1.id IS NULL THEN json_array()
            WHEN k2.id IS NULL THEN json_array(k1.kpi)
            WHEN k3.id IS NULL THEN json_array(k1.kpi, k2.kpi)
            WHEN k4.id IS NULL THEN json_array(k1.kpi, k2.kpi, k3.kpi)
            WHEN k5.id IS NULL THEN json_array(k1.kpi, k2.kpi, k3.kpi, k4.kpi)
            ELSE json_array(k1.kpi, k2.kpi, k3.kpi, k4.kpi, k5.kpi)
        END AS TEXT
    )                                          AS top_critical_kpis,
    CAST(NULL AS TEXT)                         AS lifecycle_stage,
    CAST(NULL AS TEXT)                         AS onboarding_status,
    CAST(NULL AS TEXT)                         AS last_qbr_date,
    CAST(NULL AS TEXT)                         AS next_qbr_date,
    CAST(NULL AS DOUBLE PRECISION)             AS engagement_score,
    CAST(NULL AS TEXT)                         AS primary_champion,
    CAST(NULL AS TEXT)                         AS champion_status,
    CAST(NULL AS BIGINT)                       AS stakeholder_count,
    CAST(NULL AS TEXT)                         AS recent_csm_note_ids,
    CAST(NULL AS TEXT)                         AS attributes,
    CAST(
        json_object(
            'kpis', CASE WHEN u.id IS NOT NULL THEN
                json_object('upload_id', u.id, 'file', u.file_name, 'ingested_at', ug.recorded_text)
            END,
            'profile', NULL, 'health', NULL, 'playbooks', NULL, 'notes', NULL
        ) AS TEXT
    )                                          AS sources,
    f.hash                                     AS scoring_config_hash,
    lower(hex(c.hash))                         AS content_hash,
    lower(hex(g.digest))                       AS chain_hash
FROM snapshots s
LEFT JOIN account_heads h ON h.account_id = s.account_id
LEFT JOIN customer_heads cu ON cu.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = s.change_id
LEFT JOIN snapshot_contents c ON c.id = s.content_id
LEFT JOIN scoring_configs f ON f.id = s.scoring_config_id
LEFT JOIN snapshots r ON r.id = s.run_start_id
LEFT JOIN changes rg ON rg.id = r.change_id
LEFT JOIN uploads u ON u.id = s.kpis_upload_id
LEFT JOIN changes ug ON ug.id = u.change_id
LEFT JOIN kpi_series k1 ON k1.id = CAST(c.top_critical ->> '$[0]' AS BIGINT)
LEFT JOIN kpi_series k2 ON k2.id = CAST(c.top_critical ->> '$[1]' AS BIGINT)
LEFT JOIN kpi_series k3 ON k3.id = CAST(c.top_critical ->> '$[2]' AS BIGINT)
LEFT JOIN kpi_series k4 ON k4.id = CAST(c.top_critical ->> '$[3]' AS BIGINT)
LEFT JOIN kpi_series k5 ON k5.id = CAST(c.top_critical ->> '$[4]' AS BIGINT);

-- A row an account that has a snapshot: its newest, with the columns of v_snapshots.
CREATE VIEW v_latest AS
SELECT s.*
FROM account_heads h
JOIN v_snapshots s ON s.snapshot_id = h.snapshot_id AND s.account_id = h.account_id;

-- A row a KPI (and product) of an account: what is known now; the value is NULL where it was withdrawn.
CREATE VIEW v_kpi_current AS
SELECT
    c.name        AS customer,
    k.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    s.kpi         AS kpi,
    s.product     AS product,
    CAST(j.value ->> '$[0]' AS DOUBLE PRECISION) AS value,
    s.unit        AS unit,
    CASE s.category
        WHEN 0 THEN 'Product Usage' WHEN 1 THEN 'Support' WHEN 2 THEN 'Customer Sentiment'
        WHEN 3 THEN 'Business Outcomes' WHEN 4 THEN 'Relationship Strength'
    END           AS category,
    coalesce(CAST(j.value ->> '$[3]' AS TEXT), k.observed_on) AS observed_at,
    g.recorded_text AS ingested_at,
    u.id            AS upload_id,
    CAST(j.value ->> '$[1]' AS BIGINT) / 100.0 AS score,
    CASE CAST(j.value ->> '$[2]' AS BIGINT)
        WHEN 0 THEN 'critical' WHEN 1 THEN 'at_risk' WHEN 2 THEN 'healthy'
    END             AS health_status
FROM kpi_current k
CROSS JOIN json_each(k.vector) j
CROSS JOIN kpi_series s
LEFT JOIN account_heads h ON h.account_id = k.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = coalesce(CAST(j.value ->> '$[4]' AS BIGINT), k.upload_id)
LEFT JOIN changes g ON g.id = u.change_id
WHERE s.id = CAST(j.key AS BIGINT);

-- A row a value that changed what was known at its day; the value is NULL where it was withdrawn. Of two rows with one
-- day the one of the newer upload holds.
CREATE VIEW v_kpi_history AS
SELECT
    c.name        AS customer,
    k.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    s.kpi         AS kpi,
    s.product     AS product,
    CAST(j.value AS DOUBLE PRECISION) AS value,
    s.unit        AS unit,
    CASE s.category
        WHEN 0 THEN 'Product Usage' WHEN 1 THEN 'Support' WHEN 2 THEN 'Customer Sentiment'
        WHEN 3 THEN 'Business Outcomes' WHEN 4 THEN 'Relationship Strength'
    END             AS category,
    k.observed_on   AS observed_at,
    g.recorded_text AS ingested_at,
    k.upload_id     AS upload_id
FROM kpi_changes k
CROSS JOIN json_each(k.changed) j
CROSS JOIN kpi_series s
LEFT JOIN account_heads h ON h.account_id = k.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = k.change_id
WHERE s.id = CAST(j.key AS BIGINT);

-- A row an event: its first outcome, and its last decision. The account of a denied event is another customer's and has
-- no name here.
CREATE VIEW v_events AS
SELECT
    c.name        AS customer,
    e.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    e.id          AS event_id,
    CASE e.event_type
        WHEN 1 THEN 'kpi_data_uploaded' WHEN 2 THEN 'account_data_changed' WHEN 3 THEN 'health_scores_updated'
        WHEN 4 THEN 'health_calculation_completed' WHEN 5 THEN 'rag_query_missing_snapshot' WHEN 6 THEN 'schedule'
    END             AS event_type,
    e.action        AS trigger_action,
    g.recorded_text AS occurred_at,
    e.upload_id     AS upload_id,
    CASE e.outcome
        WHEN 1 THEN 'created' WHEN 2 THEN 'covered' WHEN 3 THEN 'skipped' WHEN 4 THEN 'deferred' WHEN 5 THEN 'denied'
        WHEN 6 THEN 'failed'
    END             AS first_outcome,
    CASE coalesce(d.outcome, e.outcome)
        WHEN 1 THEN 'created' WHEN 2 THEN 'covered' WHEN 3 THEN 'skipped' WHEN 4 THEN 'deferred' WHEN 5 THEN 'denied'
        WHEN 6 THEN 'failed'
    END             AS outcome,
    coalesce(dg.recorded_text, g.recorded_text)                      AS decided_at,
    CASE WHEN d.id IS NULL THEN e.snapshot_id ELSE d.snapshot_id END AS snapshot_id,
    -- Milliseconds since 1970 as ISO text, innermost first; NULL beyond the years 0 to 9999. Days are counted from
    -- 0000-03-01, so that a leap day ends its year; the leap days that centuries lack are put back in; months 3 to 14
    -- begin on day (979 * month - 2919) >> 5 of their year. The digits have a leading 1 that keeps their zeros.
    (
        SELECT
            substr(p.ymd, 2, 4) || '-' || substr(p.ymd, 6, 2) || '-' || substr(p.ymd, 8, 2) || 'T'
            || substr(p.hms, 2, 2) || ':' || substr(p.hms, 4, 2) || ':' || substr(p.hms, 6, 2) || '.'
            || substr(p.hms, 8, 3) || 'Z'
        FROM (
            SELECT
                CAST(
                    100000001 + m.year * 10000 + m.month * 100 + CASE WHEN m.month > 12 THEN 8800 ELSE 0 END
                    + m.day - ((979 * m.month - 2919) >> 5) AS TEXT
                ) AS ymd,
                CAST(
                    CAST(
                        1000000000 + m.time + (m.time - m.time % 60000) / 3 * 2
                        + (m.time - m.time % 3600000) / 9 * 10 AS BIGINT
                    ) AS TEXT
                ) AS hms
            FROM (
                SELECT y.time, y.year, y.day, (2141 * y.day + 197913) >> 16 AS month
                FROM (
                    SELECT q.time, q.year, q.day - ((1461 * q.year) >> 2) AS day
                    FROM (
                        SELECT l.time, l.day, CAST((4 * l.day + 3 - (4 * l.day + 3) % 1461) / 1461 AS BIGINT) AS year
                        FROM (
                            SELECT s.time, s.day + s.century - (s.century >> 2) AS day
                            FROM (
                                SELECT
                                    t.time, t.day,
                                    CAST((4 * t.day + 3 - (4 * t.day + 3) % 146097) / 146097 AS BIGINT) AS century
                                FROM (
                                    SELECT
                                        i.ms % 86400000 AS time,
                                        CAST((i.ms - i.ms % 86400000) / 86400000 AS BIGINT) AS day
                                    FROM (
                                        SELECT
                                            CASE WHEN d.id IS NULL THEN e.due_at ELSE d.due_at END
                                            + 62162035200000 AS ms
                                    ) i
                                    WHERE i.ms BETWEEN 0 AND 315564335999999
                                ) t
                            ) s
                        ) l
                    ) q
                ) y
            ) m
        ) p
    )             AS due_at,
    CASE WHEN d.id IS NULL THEN e.error ELSE d.error END AS error
FROM events e
LEFT JOIN customer_heads c ON c.customer_id = e.customer_id
LEFT JOIN account_heads h ON h.account_id = e.account_id AND h.customer_id = e.customer_id
LEFT JOIN changes g ON g.id = e.change_id
LEFT JOIN decisions d ON d.id = (SELECT max(n.id) FROM decisions n WHERE n.event_id = e.id)
LEFT JOIN changes dg ON dg.id = d.change_id;

-- A row an ingested file; it is of no single account.
CREATE VIEW v_uploads AS
SELECT
    c.name               AS customer,
    CAST(NULL AS BIGINT) AS account_id,
    CAST(NULL AS TEXT)   AS external_account_id,
    CAST(NULL AS TEXT)   AS account_name,
    u.id                 AS upload_id,
    CASE u.kind
        WHEN 1 THEN 'kpis' WHEN 2 THEN 'profiles' WHEN 3 THEN 'playbooks' WHEN 4 THEN 'health' WHEN 5 THEN 'notes'
    END                  AS kind,
    u.file_name          AS file_name,
    lower(hex(u.sha256)) AS sha256,
    u.bytes              AS bytes,
    g.recorded_text      AS ingested_at,
    g.actor              AS actor,
    u.rows_read          AS rows_read,
    u.rows_inserted      AS rows_inserted,
    u.rows_updated       AS rows_updated,
    u.rows_unchanged     AS rows_unchanged,
    u.rows_rejected      AS rows_rejected,
    u.accounts_touched   AS accounts_touched,
    u.accounts_created   AS accounts_created
FROM uploads u
LEFT JOIN customer_heads c ON c.customer_id = u.customer_id
LEFT JOIN changes g ON g.id = u.change_id;
