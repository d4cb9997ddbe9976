-- Version 2. The views of KPIs, in the words that hold now: a series that was stated anew is shown under its name,
-- unit and category of today. Laws and traps as in 001_views.sql.

-- A row a KPI (and product) of an account: what is known now; the value is NULL where it was withdrawn.
DROP VIEW v_kpi_current;
CREATE VIEW v_kpi_current AS
SELECT
    c.name        AS customer,
    k.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    coalesce(w.kpi, s.kpi) AS kpi,
    s.product     AS product,
    CAST(j.value ->> '$[0]' AS DOUBLE PRECISION) AS value,
    CASE WHEN w.id IS NULL THEN s.unit ELSE w.unit END AS unit,
    CASE CASE WHEN w.id IS NULL THEN s.category ELSE w.category END
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
LEFT JOIN kpi_series_words w ON w.id = (SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = s.id)
LEFT JOIN account_heads h ON h.account_id = k.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = coalesce(CAST(j.value ->> '$[4]' AS BIGINT), k.upload_id)
LEFT JOIN changes g ON g.id = u.change_id
WHERE s.id = CAST(j.key AS BIGINT);

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
WHERE s.id = CAST(j.key AS BIGINT);
