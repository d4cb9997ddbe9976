-- ?1: rows of kpi_changes as a JSON array, one an account; ?2: the day of ingest at which the walk back ends. They and
-- those before them of the same accounts, in upload order.
WITH RECURSIVE walk (id) AS (
    SELECT k.id
    FROM json_each(?1) j
    CROSS JOIN kpi_changes k ON k.id = j.value
    UNION ALL
    SELECT k.previous_id
    FROM walk w
    JOIN kpi_changes k ON k.id = w.id
    JOIN uploads u ON u.id = k.upload_id
    WHERE k.previous_id IS NOT NULL AND u.ingested_on >= ?2
)
SELECT k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, NULL, k.id, k.account_id
FROM walk w
JOIN kpi_changes k ON k.id = w.id
JOIN uploads u ON u.id = k.upload_id
ORDER BY k.id
