-- ?1: a row of kpi_changes. It and all before it of the same account, oldest first; whether an upload of the account
-- was ever taken back, the row's change, and when its own upload was.
WITH RECURSIVE walk (id) AS (
    SELECT ?1
    UNION ALL
    SELECT k.previous_id FROM walk w JOIN kpi_changes k ON k.id = w.id WHERE k.previous_id IS NOT NULL
)
SELECT
    k.observed_on, k.dated, u.ingested_on, k.upload_id, k.changed, g.content, k.id,
    EXISTS (SELECT 1 FROM upload_undoings)
        AND EXISTS (SELECT 1 FROM walk v JOIN kpi_changes o ON o.id = v.id WHERE o.retold IS NOT NULL),
    k.change_id,
    (SELECT json_group_array(json_array(z.change_id, z.undone)) FROM (
        SELECT y.change_id, y.undone FROM upload_undoings y WHERE y.upload_id = k.upload_id ORDER BY y.id
    ) z)
FROM walk w
JOIN kpi_changes k ON k.id = w.id
JOIN uploads u ON u.id = k.upload_id
LEFT JOIN weightings g ON g.id = k.weighting_id
ORDER BY k.id
