-- ?1: a customer. How many executions, notes and columns of its accounts' profiles there are, by what tells them apart.
SELECT
    (
        SELECT count(*) FROM (
            SELECT DISTINCT r.account_id, r.execution_id FROM playbook_runs r JOIN accounts a ON a.id = r.account_id
            WHERE a.customer_id = ?1
        )
    ),
    (
        SELECT count(*) FROM (
            SELECT DISTINCT n.account_id, n.note_id FROM notes n JOIN accounts a ON a.id = n.account_id
            WHERE a.customer_id = ?1
        )
    ),
    (
        -- A text may hold a name twice, of which a reader takes one.
        SELECT count(*) FROM (
            SELECT DISTINCT p.id, c.key
            FROM profiles p JOIN accounts a ON a.id = p.account_id, json_each(p.content, '$.attributes') c
            WHERE a.customer_id = ?1
        )
    )
