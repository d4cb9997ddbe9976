-- ?1: newest snapshots as a JSON array; ?2: an instant. Walks back to the last snapshot taken by then, or the first;
-- retracted ones are passed over. Where a predecessor was removed, a bridge leads on to the one before it.
WITH RECURSIVE walk (id, account_id, content_id, previous_id, taken_at, passed_over) AS (
    SELECT NULL, NULL, NULL, newest.value, NULL, 1 FROM json_each(?1) newest
    UNION ALL
    SELECT
        s.id, s.account_id, s.content_id,
        coalesce((SELECT b.previous_id FROM snapshot_bridges b WHERE b.snapshot_id = s.id), s.previous_id),
        g.recorded_at,
        EXISTS (
            SELECT 1 FROM retractions r WHERE r.snapshot_id = s.id AND (
                SELECT z.undone FROM upload_undoings z WHERE z.upload_id = r.upload_id ORDER BY z.id DESC LIMIT 1
            ) = 1
        )
    FROM walk w
    JOIN snapshots s ON s.id = w.previous_id
    JOIN changes g ON g.id = s.change_id
    WHERE w.passed_over OR w.taken_at > ?2
)
-- Columns beside min() are those of the row that has it: the one that was walked to last.
SELECT w.account_id, c.overall_score, min(w.id)
FROM walk w
JOIN snapshot_contents c ON c.id = w.content_id
WHERE NOT w.passed_over
GROUP BY w.account_id
