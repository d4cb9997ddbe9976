-- ?1: rows of kpi_changes as a JSON array, each account's newest. They and all before them of the same accounts.
WITH RECURSIVE walk (id) AS (
    SELECT k.id
    FROM json_each(?1) j
    CROSS JOIN kpi_changes k ON k.id = j.value
    UNION ALL
    SELECT k.previous_id FROM walk w JOIN kpi_changes k ON k.id = w.id WHERE k.previous_id IS NOT NULL
)
SELECT k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, g.content, k.id, k.account_id
FROM walk w
JOIN kpi_changes k ON k.id = w.id
JOIN uploads u ON u.id = k.upload_id
LEFT JOIN weightings g ON g.id = k.weighting_id
ORDER BY k.id
