-- ?1: accounts as a JSON array. Those of which anything was written after their newest snapshot: the newest row of each kind
-- tells, and most accounts have none.
SELECT h.account_id
FROM json_each(?1) j
CROSS JOIN account_heads h ON h.account_id = j.value
LEFT JOIN snapshots s ON s.id = h.snapshot_id
WHERE
    h.kpis_change_id > coalesce(s.change_id, 0)
    OR (SELECT p.change_id FROM profiles p WHERE p.id = h.profile_id) > coalesce(s.change_id, 0)
    OR (SELECT e.change_id FROM health_scores e WHERE e.id = h.health_row_id) > coalesce(s.change_id, 0)
    OR (SELECT r.change_id FROM playbook_runs r WHERE r.id = h.playbook_row_id) > coalesce(s.change_id, 0)
    OR (SELECT n.change_id FROM notes n WHERE n.id = h.note_row_id) > coalesce(s.change_id, 0)
