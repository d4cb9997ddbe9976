-- Version 4: what an upload that was taken back said is in no view; the snapshots that were made from it are passed over.

-- A row a value that changed what was known at its day; the value is NULL where it was withdrawn. Of two rows with one
-- day the one of the newer upload holds.
DROP VIEW v_kpi_history;
CREATE VIEW v_kpi_history AS
SELECT
    c.name        AS customer,
    k.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    coalesce(w.kpi, s.kpi) AS kpi,
    s.product     AS product,
    CAST(j.value AS DOUBLE PRECISION) AS value,
    CASE WHEN w.id IS NULL THEN s.unit ELSE w.unit END AS unit,
    CASE CASE WHEN w.id IS NULL THEN s.category ELSE w.category END
        WHEN 0 THEN 'Product Usage' WHEN 1 THEN 'Support' WHEN 2 THEN 'Customer Sentiment'
        WHEN 3 THEN 'Business Outcomes' WHEN 4 THEN 'Relationship Strength'
    END             AS category,
    k.observed_on   AS observed_at,
    g.recorded_text AS ingested_at,
    k.upload_id     AS upload_id
FROM kpi_changes k
CROSS JOIN json_each(k.changed) j
CROSS JOIN kpi_series s
LEFT JOIN kpi_series_words w ON w.id = (SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = s.id)
LEFT JOIN account_heads h ON h.account_id = k.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = k.change_id
WHERE s.id = CAST(j.key AS BIGINT)
AND (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id ORDER BY z.id DESC LIMIT 1) IS NOT 1
AND NOT EXISTS (
    SELECT 1 FROM kpi_changes y
    WHERE k.retold = 2 AND y.retold = 2 AND y.account_id = k.account_id AND y.upload_id = k.upload_id
    AND y.observed_on = k.observed_on AND y.dated = k.dated AND y.id > k.id
);

-- A row a playbook execution, as it is known now.
DROP VIEW v_playbooks;
CREATE VIEW v_playbooks AS
SELECT
    c.name           AS customer,
    r.account_id     AS account_id,
    h.external_id    AS external_account_id,
    h.name           AS account_name,
    r.execution_id   AS execution_id,
    r.playbook_id    AS playbook_id,
    CASE r.status
        WHEN 1 THEN 'in-progress' WHEN 2 THEN 'completed' WHEN 3 THEN 'failed' WHEN 4 THEN 'cancelled'
    END              AS status,
    r.started_text   AS started_at,
    r.completed_text AS completed_at,
    r.current_step   AS current_step,
    r.report         AS report,
    r.details        AS details,
    r.upload_id      AS upload_id,
    g.recorded_text  AS ingested_at
FROM playbook_runs r
LEFT JOIN account_heads h ON h.account_id = r.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = r.upload_id
LEFT JOIN changes g ON g.id = CASE WHEN r.refolded IS NULL THEN r.change_id ELSE u.change_id END
WHERE r.id = (
    SELECT max(n.id) FROM playbook_runs n WHERE n.account_id = r.account_id AND n.execution_id = r.execution_id
)
AND r.refolded IS NOT 2;

-- A row a note, as it is known now.
DROP VIEW v_notes;
CREATE VIEW v_notes AS
SELECT
    c.name          AS customer,
    t.account_id    AS account_id,
    h.external_id   AS external_account_id,
    h.name          AS account_name,
    t.note_id       AS note_id,
    t.note_type     AS note_type,
    t.title         AS title,
    t.content       AS content,
    t.author        AS author,
    t.written_text  AS written_at,
    t.upload_id     AS upload_id,
    g.recorded_text AS ingested_at
FROM notes t
LEFT JOIN account_heads h ON h.account_id = t.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = t.upload_id
LEFT JOIN changes g ON g.id = CASE WHEN t.refolded IS NULL THEN t.change_id ELSE u.change_id END
WHERE t.id = (SELECT max(n.id) FROM notes n WHERE n.account_id = t.account_id AND n.note_id = t.note_id)
AND t.refolded IS NOT 2;

-- A row a month of an account and where its scores came from, as they are known now; is_current marks the ingested row
-- of the newest month.
DROP VIEW v_health_scores;
CREATE VIEW v_health_scores AS
SELECT
    c.name                          AS customer,
    s.account_id                    AS account_id,
    h.external_id                   AS external_account_id,
    h.name                          AS account_name,
    s.month                         AS month,
    s.observed_on                   AS observed_at,
    CASE s.source WHEN 1 THEN 'ingested' WHEN 2 THEN 'calculated' END AS health_score_source,
    CAST(CASE WHEN s.id = h.health_id THEN 1 ELSE 0 END AS BIGINT) AS is_current,
    s.overall / 100.0               AS overall_health_score,
    s.product_usage / 100.0         AS product_usage_score,
    s.support / 100.0               AS support_score,
    s.customer_sentiment / 100.0    AS customer_sentiment_score,
    s.business_outcomes / 100.0     AS business_outcomes_score,
    s.relationship_strength / 100.0 AS relationship_strength_score,
    s.upload_id                     AS upload_id,
    g.recorded_text                 AS ingested_at
FROM health_scores s
LEFT JOIN account_heads h ON h.account_id = s.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = s.upload_id
LEFT JOIN changes g ON g.id = CASE WHEN s.refolded IS NULL THEN s.change_id ELSE u.change_id END
WHERE s.id = (
    SELECT max(n.id) FROM health_scores n
    WHERE n.account_id = s.account_id AND n.month = s.month AND n.source = s.source AND n.is_late IS NULL
)
AND s.refolded IS NOT 2;

-- A row an ingested file; it is of no single account.
DROP VIEW v_uploads;
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
    u.accounts_created   AS accounts_created,
    (
        SELECT CASE z.undone WHEN 1 THEN zg.recorded_text END
        FROM upload_undoings z JOIN changes zg ON zg.id = z.change_id
        WHERE z.upload_id = u.id ORDER BY z.id DESC LIMIT 1
    )                    AS undone_at
FROM uploads u
LEFT JOIN customer_heads c ON c.customer_id = u.customer_id
LEFT JOIN changes g ON g.id = u.change_id;
