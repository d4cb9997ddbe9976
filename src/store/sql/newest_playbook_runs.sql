-- ?1: accounts as a JSON array; ?2: whether with the details; ?3: when the running transaction will be recorded, which
-- stands in no table yet. The newest version of each of their executions, and when and in which change the first version
-- was recorded that is completed (status 2). Where uploads were taken back, what went before counts no more: the row
-- that was folded then says it.
SELECT
    r.account_id, CASE WHEN r.completed_in IS NOT NULL THEN coalesce(g.recorded_at, ?3) END, r.id, r.upload_id,
    r.execution_id, r.playbook_id, r.status, r.started_at, r.completed_at, r.current_step, r.report,
    CASE WHEN ?2 THEN r.details END, r.completed_in
FROM (
    SELECT n.*, coalesce(f.completed_change_id, (
        SELECT c.change_id FROM playbook_runs c
        WHERE c.account_id = n.account_id AND c.execution_id = n.execution_id AND c.status = 2
        AND c.id > coalesce(f.id, 0)
        ORDER BY c.id LIMIT 1
    )) AS completed_in
    FROM json_each(?1) j
    CROSS JOIN playbook_runs n ON n.account_id = j.value
    LEFT JOIN playbook_runs f ON f.id = (
        SELECT max(v.id) FROM playbook_runs v
        WHERE v.account_id = n.account_id AND v.execution_id = n.execution_id AND v.refolded IS NOT NULL
    )
    WHERE n.refolded IS NOT 2 AND NOT EXISTS (
        SELECT 1 FROM playbook_runs o
        WHERE o.account_id = n.account_id AND o.execution_id = n.execution_id AND o.id > n.id
    )
) r
LEFT JOIN changes g ON g.id = r.completed_in
ORDER BY r.account_id, r.id
