-- ?1: accounts as a JSON array; ?2: a change. The rows that the snapshots of that change and later ones hold.
WITH RECURSIVE walk (id) AS (
    SELECT h.snapshot_id
    FROM json_each(?1) j
    CROSS JOIN account_heads h ON h.account_id = j.value
    WHERE h.snapshot_id IS NOT NULL
    UNION ALL
    SELECT s.previous_id
    FROM walk w
    JOIN snapshots s ON s.id = w.id
    WHERE s.previous_id IS NOT NULL AND s.change_id >= ?2
)
SELECT s.account_id, c.kpi_change_row, c.health_id
FROM walk w
JOIN snapshots s ON s.id = w.id
JOIN snapshot_contents c ON c.id = s.content_id
WHERE s.change_id >= ?2
