-- Version 4: what retention hid is in no view of snapshots; what 001_views.sql says of SQL that both SQLite 3.38 and DuckDB
-- read holds here too.

DROP VIEW v_latest;
DROP VIEW v_snapshots;

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
    c.revenue_minor / CAST(c.revenue_scale AS DOUBLE PRECISION) AS revenue,
    c.currency                                 AS currency,
    CAST(p.content ->> '$.revenue.basis' AS TEXT) AS revenue_basis,
    s.revenue_change / CAST(c.revenue_scale AS DOUBLE PRECISION) AS revenue_change_from_last,
    CAST(s.revenue_change AS DOUBLE PRECISION) * 100 / nullif(abs(c.revenue_minor - s.revenue_change), 0)
                                               AS revenue_change_percent,
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
    CAST(p.content ->> '$.account_status' AS TEXT) AS account_status,
    CAST(p.content ->> '$.industry' AS TEXT)   AS industry,
    CAST(p.content ->> '$.region' AS TEXT)     AS region,
    CAST(p.content ->> '$.account_tier' AS TEXT) AS account_tier,
    CAST(p.content ->> '$.contract_start_date' AS TEXT) AS contract_start_date,
    CAST(p.content ->> '$.contract_end_date' AS TEXT) AS contract_end_date,
    CAST(p.content ->> '$.renewal_date' AS TEXT) AS renewal_date,
    CAST(p.content ->> '$.assigned_csm' AS TEXT) AS assigned_csm,
    CAST(p.content ->> '$.csm_manager' AS TEXT) AS csm_manager,
    CAST(p.content ->> '$.account_owner' AS TEXT) AS account_owner,
    CAST(p.content ->> '$.executive_sponsor' AS TEXT) AS executive_sponsor,
    CAST(p.content ->> '$.products_used' AS TEXT) AS products_used,
    CAST(json_array_length(p.content ->> '$.products_used') AS BIGINT) AS product_count,
    CAST(p.content ->> '$.primary_product' AS TEXT) AS primary_product,
    CAST(c.playbooks ->> '$.running' AS TEXT)  AS playbooks_running,
    CAST(c.playbooks ->> '$.running_count' AS BIGINT) AS playbooks_running_count,
    CAST(c.playbooks ->> '$.completed' AS BIGINT) AS playbooks_completed_count,
    s.completed_in_window                      AS playbooks_completed_last_30_days,
    CAST(
        CASE WHEN c.playbooks ->> '$.last.execution_id' IS NOT NULL THEN
            json_object(
                'playbook_id', c.playbooks ->> '$.last.playbook_id',
                'execution_id', c.playbooks ->> '$.last.execution_id',
                'status', c.playbooks ->> '$.last.status', 'started_at', c.playbooks ->> '$.last.started_at'
            )
        END AS TEXT
    )                                          AS last_playbook_executed,
    s.recommendations                          AS playbook_recommendations_active,
    CAST(c.playbooks ->> '$.reports' AS TEXT)  AS recent_playbook_report_ids,
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
            WHEN k2.id IS NULL THEN json_array(coalesce(w1.kpi, k1.kpi))
            WHEN k3.id IS NULL THEN json_array(coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi))
            WHEN k4.id IS NULL THEN json_array(
                coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi), coalesce(w3.kpi, k3.kpi)
            )
            WHEN k5.id IS NULL THEN json_array(
                coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi), coalesce(w3.kpi, k3.kpi), coalesce(w4.kpi, k4.kpi)
            )
            ELSE json_array(
                coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi), coalesce(w3.kpi, k3.kpi),
                coalesce(w4.kpi, k4.kpi), coalesce(w5.kpi, k5.kpi)
            )
        END AS TEXT
    )                                          AS top_critical_kpis,
    CAST(p.content ->> '$.lifecycle_stage' AS TEXT) AS lifecycle_stage,
    CAST(p.content ->> '$.onboarding_status' AS TEXT) AS onboarding_status,
    CAST(p.content ->> '$.last_qbr_date' AS TEXT) AS last_qbr_date,
    CAST(p.content ->> '$.next_qbr_date' AS TEXT) AS next_qbr_date,
    CAST(p.content ->> '$.engagement_score' AS BIGINT) / 100.0 AS engagement_score,
    CAST(p.content ->> '$.primary_champion' AS TEXT) AS primary_champion,
    CAST(p.content ->> '$.champion_status' AS TEXT) AS champion_status,
    CAST(p.content ->> '$.stakeholder_count' AS BIGINT) AS stakeholder_count,
    CAST(c.notes ->> '$.ids' AS TEXT)          AS recent_csm_note_ids,
    coalesce(CAST(p.content ->> '$.attributes' AS TEXT), '{}') AS attributes,
    CAST(
        json_object(
            'kpis', CASE WHEN u.id IS NOT NULL THEN
                json_object('upload_id', u.id, 'file', u.file_name, 'ingested_at', ug.recorded_text)
            END,
            'profile', CASE WHEN pu.id IS NOT NULL THEN
                json_object('upload_id', pu.id, 'file', pu.file_name, 'ingested_at', pug.recorded_text)
            END,
            'health', CASE WHEN hu.id IS NOT NULL THEN
                json_object('upload_id', hu.id, 'file', hu.file_name, 'ingested_at', hug.recorded_text)
            END,
            'playbooks', CASE WHEN bu.id IS NOT NULL THEN
                json_object('upload_id', bu.id, 'file', bu.file_name, 'ingested_at', bug.recorded_text)
            END,
            'notes', CASE WHEN nu.id IS NOT NULL THEN
                json_object('upload_id', nu.id, 'file', nu.file_name, 'ingested_at', nug.recorded_text)
            END
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
-- The content was written by the first snapshot of its unbroken run, which itself may be gone.
LEFT JOIN changes rg ON rg.id = c.change_id
LEFT JOIN uploads u ON u.id = s.kpis_upload_id
LEFT JOIN changes ug ON ug.id = u.change_id
LEFT JOIN uploads pu ON pu.id = s.profile_upload_id
LEFT JOIN changes pug ON pug.id = pu.change_id
LEFT JOIN uploads hu ON hu.id = s.health_upload_id
LEFT JOIN changes hug ON hug.id = hu.change_id
LEFT JOIN uploads bu ON bu.id = s.playbooks_upload_id
LEFT JOIN changes bug ON bug.id = bu.change_id
LEFT JOIN uploads nu ON nu.id = s.notes_upload_id
LEFT JOIN changes nug ON nug.id = nu.change_id
LEFT JOIN profiles p ON p.id = c.profile_id
LEFT JOIN kpi_series k1 ON k1.id = CAST(c.top_critical ->> '$[0]' AS BIGINT)
LEFT JOIN kpi_series k2 ON k2.id = CAST(c.top_critical ->> '$[1]' AS BIGINT)
LEFT JOIN kpi_series k3 ON k3.id = CAST(c.top_critical ->> '$[2]' AS BIGINT)
LEFT JOIN kpi_series k4 ON k4.id = CAST(c.top_critical ->> '$[3]' AS BIGINT)
LEFT JOIN kpi_series k5 ON k5.id = CAST(c.top_critical ->> '$[4]' AS BIGINT)
-- A KPI is called as it was when the snapshot was taken.
LEFT JOIN kpi_series_words w1 ON w1.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k1.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w2 ON w2.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k2.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w3 ON w3.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k3.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w4 ON w4.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k4.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w5 ON w5.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k5.id AND n.change_id <= s.change_id
)
-- What retention hid is passed over.
WHERE NOT EXISTS (
    SELECT 1 FROM tombstones t WHERE t.snapshot_id = s.id AND t.hidden = 1
    AND NOT EXISTS (SELECT 1 FROM tombstones n WHERE n.snapshot_id = t.snapshot_id AND n.id > t.id)
);

-- A row an account that has a snapshot that stands: its newest, with the columns of v_snapshots. Where the newest was made
-- from an upload that was taken back, the one before that was not: the last that a retracted one follows.
CREATE VIEW v_latest AS
WITH retracted AS (
    SELECT DISTINCT r.account_id, r.snapshot_id
    FROM retractions r
    JOIN upload_undoings z ON z.upload_id = r.upload_id
    WHERE z.undone = 1
    AND NOT EXISTS (SELECT 1 FROM upload_undoings y WHERE y.upload_id = z.upload_id AND y.id > z.id)
),
previous AS (
    SELECT r.account_id, coalesce(b.previous_id, s.previous_id) AS snapshot_id
    FROM retracted r
    JOIN snapshots s ON s.id = r.snapshot_id
    LEFT JOIN snapshot_bridges b ON b.snapshot_id = s.id
),
standing AS (
    SELECT p.account_id, max(p.snapshot_id) AS snapshot_id
    FROM previous p
    WHERE p.snapshot_id NOT IN (SELECT r.snapshot_id FROM retracted r)
    GROUP BY p.account_id
)
SELECT s.*
FROM (
    SELECT
        h.account_id,
        CASE WHEN h.snapshot_id IN (SELECT r.snapshot_id FROM retracted r)
            THEN (SELECT t.snapshot_id FROM standing t WHERE t.account_id = h.account_id)
            ELSE h.snapshot_id
        END AS snapshot_id
    FROM account_heads h
) n
JOIN v_snapshots s ON s.snapshot_id = n.snapshot_id AND s.account_id = n.account_id;
