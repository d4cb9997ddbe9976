-- ?1: accounts as a JSON array; ?2: whether with the details; ?3: when the running transaction will be recorded, which
-- stands in no table yet. The newest version of each of their executions, and when the first version was recorded that
-- is completed (status 2).
SELECT
    r.account_id, CASE WHEN c.id IS NOT NULL THEN coalesce(g.recorded_at, ?3) END, r.id, r.upload_id, r.execution_id,
    r.playbook_id, r.status, r.started_at, r.completed_at, r.current_step, r.report, CASE WHEN ?2 THEN r.details END
FROM json_each(?1) j
CROSS JOIN playbook_runs r ON r.account_id = j.value
LEFT JOIN playbook_runs c ON c.id = (
    SELECT min(v.id) FROM playbook_runs v
    WHERE v.account_id = r.account_id AND v.execution_id = r.execution_id AND v.status = 2
    AND v.refolded IS NULL
    AND (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = v.upload_id ORDER BY z.id DESC LIMIT 1) IS NOT 1
)
LEFT JOIN changes g ON g.id = c.change_id
WHERE NOT EXISTS (
    SELECT 1 FROM playbook_runs n
    WHERE n.account_id = r.account_id AND n.execution_id = r.execution_id AND n.id > r.id
)
AND r.refolded IS NOT 2
ORDER BY r.account_id, r.id
