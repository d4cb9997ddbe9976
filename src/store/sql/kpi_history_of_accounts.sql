-- ?1: the customer. ?2: accounts as a JSON array. All that uploads that count
-- said of their KPI values, by account, in upload order.
WITH RECURSIVE walk (account_id, row_id) AS (
    SELECT h.account_id, h.kpi_row_id
    FROM json_each(?2) j
    CROSS JOIN account_heads h ON h.account_id = j.value
    WHERE h.customer_id = ?1 AND h.kpi_row_id IS NOT NULL
    UNION ALL
    SELECT w.account_id, k.previous_id
    FROM walk w
    JOIN kpi_changes k ON k.id = w.row_id
    WHERE k.previous_id IS NOT NULL
)
SELECT h.account_id, h.name, h.external_id, k.observed_on, g.recorded_at, k.upload_id, k.changed
FROM walk w
JOIN kpi_changes k ON k.id = w.row_id
JOIN account_heads h ON h.account_id = w.account_id
JOIN uploads u ON u.id = k.upload_id
JOIN changes g ON g.id = u.change_id
WHERE k.changed <> '{}'
AND (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id ORDER BY z.id DESC LIMIT 1) IS NOT 1
AND NOT EXISTS (
    SELECT 1 FROM kpi_changes y
    WHERE k.retold = 2 AND y.retold = 2 AND y.account_id = k.account_id AND y.upload_id = k.upload_id
    AND y.observed_on = k.observed_on AND y.dated = k.dated AND y.id > k.id
)
ORDER BY w.account_id, k.upload_id, k.id
