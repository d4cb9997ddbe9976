-- ?1 to ?2: the rows of upload ?3 of kpis; ?4: the day of its ingest. For each account of which something was known
-- before and of which it says something of a day that was over: its last row, and the oldest such day.
SELECT
    account_id,
    max(id),
    min(CASE WHEN dated = 1 AND changed <> '{}' AND observed_on < ?4 THEN observed_on END) AS oldest
FROM kpi_changes
WHERE id BETWEEN ?1 AND ?2 AND upload_id = ?3
GROUP BY account_id
HAVING min(previous_id) < ?1 AND oldest IS NOT NULL
ORDER BY account_id
