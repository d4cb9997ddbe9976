-- ?1: a row of kpi_changes. It and all before it of the same account, oldest first.
WITH RECURSIVE walk (id) AS (
    SELECT ?1
    UNION ALL
    SELECT k.previous_id FROM walk w JOIN kpi_changes k ON k.id = w.id WHERE k.previous_id IS NOT NULL
)
SELECT k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, g.content, k.id
FROM walk w
JOIN kpi_changes k ON k.id = w.id
JOIN uploads u ON u.id = k.upload_id
LEFT JOIN weightings g ON g.id = k.weighting_id
ORDER BY k.id
