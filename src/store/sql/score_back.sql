-- ?1: newest snapshots as a JSON array; ?2: how many snapshots back. Ends at the first where there are fewer;
-- retracted ones are passed over.
WITH RECURSIVE walk (account_id, content_id, previous_id, step, retracted) AS (
    SELECT s.account_id, s.content_id, s.previous_id, NOT EXISTS (
            SELECT 1 FROM retractions r WHERE r.snapshot_id = s.id AND (
                SELECT z.undone FROM upload_undoings z WHERE z.upload_id = r.upload_id ORDER BY z.id DESC LIMIT 1
            ) = 1
        ),
        EXISTS (
            SELECT 1 FROM retractions r WHERE r.snapshot_id = s.id AND (
                SELECT z.undone FROM upload_undoings z WHERE z.upload_id = r.upload_id ORDER BY z.id DESC LIMIT 1
            ) = 1
        )
    FROM json_each(?1) j
    CROSS JOIN snapshots s ON s.id = j.value
    UNION ALL
    SELECT s.account_id, s.content_id, s.previous_id, w.step + NOT EXISTS (
            SELECT 1 FROM retractions r WHERE r.snapshot_id = s.id AND (
                SELECT z.undone FROM upload_undoings z WHERE z.upload_id = r.upload_id ORDER BY z.id DESC LIMIT 1
            ) = 1
        ),
        EXISTS (
            SELECT 1 FROM retractions r WHERE r.snapshot_id = s.id AND (
                SELECT z.undone FROM upload_undoings z WHERE z.upload_id = r.upload_id ORDER BY z.id DESC LIMIT 1
            ) = 1
        )
    FROM walk w
    JOIN snapshots s ON s.id = w.previous_id
    WHERE w.step < ?2
)
SELECT w.account_id, c.overall_score
FROM walk w
JOIN snapshot_contents c ON c.id = w.content_id
WHERE NOT w.retracted AND (w.step = ?2 OR w.previous_id IS NULL)
