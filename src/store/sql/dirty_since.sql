-- ?1: accounts as a JSON array. The oldest change of an account's facts after its newest snapshot: a walk back over the
-- rows of each kind, from the newest one, as far as the snapshot does not know them.
WITH RECURSIVE newest (account_id, known, kpi_row, profile_row, health_row, playbook_row, note_row) AS (
    SELECT
        h.account_id, coalesce(s.change_id, 0),
        CASE WHEN h.kpis_change_id > coalesce(s.change_id, 0) THEN h.kpi_row_id END,
        h.profile_id, h.health_row_id, h.playbook_row_id, h.note_row_id
    FROM json_each(?1) j
    CROSS JOIN account_heads h ON h.account_id = j.value
    LEFT JOIN snapshots s ON s.id = h.snapshot_id
),
kpis (account_id, known, change_id, previous_id, is_news) AS (
    SELECT w.account_id, w.known, k.change_id, k.previous_id, k.changed <> '{}' OR coalesce(k.weighting_id, k.retold) IS NOT NULL
    FROM newest w
    CROSS JOIN kpi_changes k ON k.id = w.kpi_row AND k.change_id > w.known
    UNION ALL
    SELECT w.account_id, w.known, k.change_id, k.previous_id, k.changed <> '{}' OR coalesce(k.weighting_id, k.retold) IS NOT NULL
    FROM kpis w
    CROSS JOIN kpi_changes k ON k.id = w.previous_id AND k.change_id > w.known
),
profile (account_id, known, change_id, previous_id) AS (
    SELECT w.account_id, w.known, p.change_id, p.previous_id
    FROM newest w
    CROSS JOIN profiles p ON p.id = w.profile_row AND p.change_id > w.known
    UNION ALL
    SELECT w.account_id, w.known, p.change_id, p.previous_id
    FROM profile w
    CROSS JOIN profiles p ON p.id = w.previous_id AND p.change_id > w.known
),
-- Only what was ingested (source 1) is a fact, what was calculated follows from them; a late row counts nowhere.
health (account_id, known, change_id, previous_id, is_news) AS (
    SELECT w.account_id, w.known, e.change_id, e.previous_id, e.source = 1 AND e.is_late IS NULL
    FROM newest w
    CROSS JOIN health_scores e ON e.id = w.health_row AND e.change_id > w.known
    UNION ALL
    SELECT w.account_id, w.known, e.change_id, e.previous_id, e.source = 1 AND e.is_late IS NULL
    FROM health w
    CROSS JOIN health_scores e ON e.id = w.previous_id AND e.change_id > w.known
),
playbooks (account_id, known, change_id, previous_id) AS (
    SELECT w.account_id, w.known, r.change_id, r.previous_id
    FROM newest w
    CROSS JOIN playbook_runs r ON r.id = w.playbook_row AND r.change_id > w.known
    UNION ALL
    SELECT w.account_id, w.known, r.change_id, r.previous_id
    FROM playbooks w
    CROSS JOIN playbook_runs r ON r.id = w.previous_id AND r.change_id > w.known
),
note (account_id, known, change_id, previous_id) AS (
    SELECT w.account_id, w.known, n.change_id, n.previous_id
    FROM newest w
    CROSS JOIN notes n ON n.id = w.note_row AND n.change_id > w.known
    UNION ALL
    SELECT w.account_id, w.known, n.change_id, n.previous_id
    FROM note w
    CROSS JOIN notes n ON n.id = w.previous_id AND n.change_id > w.known
),
missing (account_id, change_id) AS (
    SELECT account_id, change_id FROM kpis WHERE is_news
    UNION ALL
    SELECT account_id, change_id FROM profile
    UNION ALL
    SELECT account_id, change_id FROM health WHERE is_news
    UNION ALL
    SELECT account_id, change_id FROM playbooks
    UNION ALL
    SELECT account_id, change_id FROM note
)
SELECT m.account_id, min(g.recorded_at)
FROM missing m
CROSS JOIN changes g ON g.id = m.change_id
GROUP BY m.account_id
