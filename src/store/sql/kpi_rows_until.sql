-- ?1: rows of kpi_changes as a JSON array, each account's newest. They and all before them of the same accounts, by
-- account, oldest first; whether a taking back (1) or a merge (2) wrote the row, and at which changes its upload was taken back (1) or let
-- count again (0), oldest first.
WITH RECURSIVE walk (id) AS (
    SELECT k.id
    FROM json_each(?1) j
    CROSS JOIN kpi_changes k ON k.id = j.value
    UNION ALL
    SELECT k.previous_id FROM walk w JOIN kpi_changes k ON k.id = w.id WHERE k.previous_id IS NOT NULL
)
SELECT
    k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, g.content, k.id, k.account_id, k.change_id,
    k.retold,
    CASE WHEN EXISTS (SELECT 1 FROM upload_undoings o WHERE o.upload_id = k.upload_id) THEN (
        SELECT json_group_array(json_array(z.change_id, z.undone)) FROM (
            SELECT y.change_id, y.undone FROM upload_undoings y WHERE y.upload_id = k.upload_id ORDER BY y.id
        ) z
    ) END
FROM walk w
JOIN kpi_changes k ON k.id = w.id
JOIN uploads u ON u.id = k.upload_id
LEFT JOIN weightings g ON g.id = k.weighting_id
ORDER BY k.account_id, k.id
