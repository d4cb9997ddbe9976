-- ?1: accounts as a JSON array; ?2: the day of ingest at which the walk back ends; what was retold is younger than
-- its upload.
WITH RECURSIVE walk (account_id, row_id) AS (
    SELECT h.account_id, h.kpi_row_id
    FROM json_each(?1) j
    CROSS JOIN account_heads h ON h.account_id = j.value
    WHERE h.kpi_row_id IS NOT NULL
    UNION ALL
    SELECT w.account_id, k.previous_id
    FROM walk w
    JOIN kpi_changes k ON k.id = w.row_id
    JOIN uploads u ON u.id = k.upload_id
    WHERE k.previous_id IS NOT NULL AND (u.ingested_on >= ?2 OR k.retold IS NOT NULL)
)
SELECT k.account_id, k.observed_on, k.changed
FROM walk w
JOIN kpi_changes k ON k.id = w.row_id
WHERE (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id ORDER BY z.id DESC LIMIT 1) IS NOT 1
AND NOT EXISTS (
    SELECT 1 FROM kpi_changes y
    WHERE k.retold = 2 AND y.retold = 2 AND y.account_id = k.account_id AND y.upload_id = k.upload_id
    AND y.observed_on = k.observed_on AND y.dated = k.dated AND y.id > k.id
)
ORDER BY k.upload_id, k.id
