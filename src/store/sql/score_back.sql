-- ?1: newest snapshots as a JSON array; ?2: how many snapshots back. Ends at the first where there are fewer.
-- Where a predecessor was removed, a bridge leads on to the one before it.
WITH RECURSIVE walk (account_id, content_id, previous_id, step) AS (
    SELECT
        s.account_id, s.content_id,
        coalesce((SELECT b.previous_id FROM snapshot_bridges b WHERE b.snapshot_id = s.id), s.previous_id),
        1
    FROM json_each(?1) j
    CROSS JOIN snapshots s ON s.id = j.value
    UNION ALL
    SELECT
        s.account_id, s.content_id,
        coalesce((SELECT b.previous_id FROM snapshot_bridges b WHERE b.snapshot_id = s.id), s.previous_id),
        w.step + 1
    FROM walk w
    JOIN snapshots s ON s.id = w.previous_id
    WHERE w.step < ?2
)
SELECT w.account_id, c.overall_score
FROM walk w
JOIN snapshot_contents c ON c.id = w.content_id
WHERE w.step = ?2 OR w.previous_id IS NULL
