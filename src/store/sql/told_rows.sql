-- ?1: accounts as a JSON array. All that uploads said of their KPIs, in the order of writing, with whether the upload
-- counts, all that it named, and whether it was said of an account that was merged into this one; marks aside, which say
-- nothing, and rows in whose place others stand.
WITH RECURSIVE walk (account_id, row_id) AS (
    SELECT h.account_id, h.kpi_row_id
    FROM json_each(?1) j
    CROSS JOIN account_heads h ON h.account_id = j.value
    WHERE h.kpi_row_id IS NOT NULL
    UNION ALL
    SELECT w.account_id, k.previous_id
    FROM walk w
    JOIN kpi_changes k ON k.id = w.row_id
    WHERE k.previous_id IS NOT NULL
)
SELECT
    k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, g.content, k.id, w.account_id,
    (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id ORDER BY z.id DESC LIMIT 1) IS NOT 1, k.named,
    c.content, k.retold IS 2
FROM walk w
JOIN kpi_changes k ON k.id = w.row_id
JOIN uploads u ON u.id = k.upload_id
LEFT JOIN weightings g ON g.id = k.weighting_id
LEFT JOIN weightings c ON c.id = k.confirmed_weighting_id
WHERE (k.retold IS NULL OR k.named <> '')
AND NOT EXISTS (
    SELECT 1 FROM kpi_changes y
    WHERE k.retold = 2 AND y.retold = 2 AND y.account_id = k.account_id AND y.upload_id = k.upload_id
    AND y.observed_on = k.observed_on AND y.dated = k.dated AND y.id > k.id
)
ORDER BY k.id
