-- ?1 to ?2: the rows of upload ?3. Those that said something which the account's newest profile has otherwise.
SELECT count(*)
FROM profiles o
JOIN account_heads h ON h.account_id = o.account_id
JOIN profiles p ON p.id = h.profile_id
WHERE o.id BETWEEN ?1 AND ?2
    AND o.upload_id = ?3
    AND p.id > o.id
    AND p.upload_id IS NOT ?3
    AND (
        EXISTS (
            SELECT 1
            FROM json_each(o.said) s
            LEFT JOIN json_each(p.content) c ON c.key = s.key
            WHERE s.key <> 'attributes' AND s.value IS NOT c.value
        )
        OR EXISTS (
            SELECT 1
            FROM json_each(o.said, '$.attributes') s
            LEFT JOIN json_each(p.content, '$.attributes') c ON c.key = s.key
            WHERE s.value IS NOT c.value
        )
    )
