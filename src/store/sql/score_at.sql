-- ?1: newest snapshots as a JSON array; ?2: an instant. Walks back to the last snapshot taken by then, or the first.
-- Where a predecessor was removed, a bridge leads on to the one before it.
WITH RECURSIVE walk (account_id, content_id, previous_id, taken_at) AS (
    SELECT
        s.account_id, s.content_id,
        coalesce((SELECT b.previous_id FROM snapshot_bridges b WHERE b.snapshot_id = s.id), s.previous_id),
        g.recorded_at
    FROM json_each(?1) j
    CROSS JOIN snapshots s ON s.id = j.value
    JOIN changes g ON g.id = s.change_id
    UNION ALL
    SELECT
        s.account_id, s.content_id,
        coalesce((SELECT b.previous_id FROM snapshot_bridges b WHERE b.snapshot_id = s.id), s.previous_id),
        g.recorded_at
    FROM walk w
    JOIN snapshots s ON s.id = w.previous_id
    JOIN changes g ON g.id = s.change_id
    WHERE w.taken_at > ?2
)
SELECT w.account_id, c.overall_score
FROM walk w
JOIN snapshot_contents c ON c.id = w.content_id
WHERE w.taken_at <= ?2 OR w.previous_id IS NULL
