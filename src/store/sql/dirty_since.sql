-- ?1: accounts as a JSON array. Walks back over what uploads said since the account's newest snapshot.
WITH RECURSIVE newest (account_id, row_id, known) AS (
    SELECT h.account_id, h.kpi_row_id, coalesce(s.change_id, 0)
    FROM json_each(?1) j
    CROSS JOIN account_heads h ON h.account_id = j.value
    LEFT JOIN snapshots s ON s.id = h.snapshot_id
    WHERE h.kpis_change_id > coalesce(s.change_id, 0)
),
walk (account_id, row_id, known) AS (
    SELECT account_id, row_id, known FROM newest
    UNION ALL
    SELECT w.account_id, k.previous_id, w.known
    FROM walk w
    JOIN kpi_changes k ON k.id = w.row_id
    WHERE k.previous_id IS NOT NULL AND k.change_id > w.known
)
SELECT w.account_id, min(g.recorded_at)
FROM walk w
JOIN kpi_changes k ON k.id = w.row_id
JOIN changes g ON g.id = k.change_id
WHERE k.change_id > w.known AND (k.changed <> '{}' OR k.weighting_id IS NOT NULL)
GROUP BY w.account_id
