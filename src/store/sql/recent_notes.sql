-- ?1: accounts as a JSON array; ?2: how many notes of each; ?3: when the running transaction will be recorded, which
-- stands in no table yet. The newest versions of their newest notes, without content.
-- Two walks through the index by time, each as short as the limit: a note whose date is not known counts from when it
-- was recorded, and rows are recorded in the order of their ids. Those that a taking back wrote, which are few, count
-- from when the upload that said them was recorded.
SELECT
    n.account_id, n.id, coalesce(g.recorded_at, ?3), n.upload_id, n.written_at, n.note_id, n.note_type, n.title,
    n.author, NULL
FROM json_each(?1) j
CROSS JOIN notes n ON n.id IN (
    SELECT d.id FROM (
        SELECT v.id FROM notes v
        WHERE v.account_id = j.value AND v.written_at IS NOT NULL AND v.refolded IS NULL AND NOT EXISTS (
            SELECT 1 FROM notes o WHERE o.account_id = v.account_id AND o.note_id = v.note_id AND o.id > v.id
        )
        ORDER BY v.written_at DESC, v.id DESC LIMIT ?2
    ) d
    UNION ALL
    SELECT u.id FROM (
        SELECT v.id FROM notes v
        WHERE v.account_id = j.value AND v.written_at IS NULL AND v.refolded IS NULL AND NOT EXISTS (
            SELECT 1 FROM notes o WHERE o.account_id = v.account_id AND o.note_id = v.note_id AND o.id > v.id
        )
        ORDER BY v.id DESC LIMIT ?2
    ) u
    UNION ALL
    SELECT v.id FROM notes v
    WHERE v.account_id = j.value AND v.refolded = 1 AND NOT EXISTS (
        SELECT 1 FROM notes o WHERE o.account_id = v.account_id AND o.note_id = v.note_id AND o.id > v.id
    )
)
LEFT JOIN uploads b ON b.id = n.upload_id AND n.refolded IS NOT NULL
LEFT JOIN changes g ON g.id = coalesce(b.change_id, n.change_id)
ORDER BY n.account_id, coalesce(n.written_at, g.recorded_at, ?3) DESC, coalesce(b.change_id, n.change_id) DESC, n.id DESC
