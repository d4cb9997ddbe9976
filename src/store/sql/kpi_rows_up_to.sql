-- ?1: rows of kpi_changes as a JSON array, one an account; ?2: the day of ingest at which the walk back ends. They and
-- those before them of the same accounts, in upload order, without those of uploads that were taken back by then.
WITH RECURSIVE walk (id, until) AS (
    SELECT k.id, k.change_id
    FROM json_each(?1) j
    CROSS JOIN kpi_changes k ON k.id = j.value
    UNION ALL
    SELECT k.previous_id, w.until
    FROM walk w
    JOIN kpi_changes k ON k.id = w.id
    JOIN uploads u ON u.id = k.upload_id
    WHERE k.previous_id IS NOT NULL AND (u.ingested_on >= ?2 OR k.retold IS NOT NULL)
)
SELECT k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, NULL, k.id, k.account_id
FROM walk w
JOIN kpi_changes k ON k.id = w.id
JOIN uploads u ON u.id = k.upload_id
WHERE (
    SELECT z.undone FROM upload_undoings z
    WHERE z.upload_id = k.upload_id AND z.change_id < w.until ORDER BY z.id DESC LIMIT 1
) IS NOT 1
AND NOT EXISTS (
    SELECT 1 FROM kpi_changes y
    WHERE k.retold = 2 AND y.retold = 2 AND y.account_id = k.account_id AND y.upload_id = k.upload_id
    AND y.observed_on = k.observed_on AND y.dated = k.dated AND y.id > k.id AND y.change_id <= w.until
)
ORDER BY k.id
