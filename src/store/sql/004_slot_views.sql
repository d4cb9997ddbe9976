-- Version 4: the instant at which a slot was due is shown from its number, as that of an event is (see version 1's views):
-- slots that are filled from here on leave due_text empty.

-- A row a filled slot of an account.
DROP VIEW v_slots;
CREATE VIEW v_slots AS
SELECT
    c.name          AS customer,
    f.account_id    AS account_id,
    h.external_id   AS external_account_id,
    h.name          AS account_name,
    f.label         AS label,
    CASE f.cadence
        WHEN 1 THEN 'daily' WHEN 2 THEN 'weekly' WHEN 3 THEN 'monthly' WHEN 4 THEN 'quarterly'
    END             AS cadence,
    f.rule          AS rule,
    (
        SELECT
            substr(p.ymd, 2, 4) || '-' || substr(p.ymd, 6, 2) || '-' || substr(p.ymd, 8, 2) || 'T'
            || substr(p.hms, 2, 2) || ':' || substr(p.hms, 4, 2) || ':' || substr(p.hms, 6, 2) || '.'
            || substr(p.hms, 8, 3) || 'Z'
        FROM (
            SELECT
                CAST(
                    100000001 + m.year * 10000 + m.month * 100 + CASE WHEN m.month > 12 THEN 8800 ELSE 0 END
                    + m.day - ((979 * m.month - 2919) >> 5) AS TEXT
                ) AS ymd,
                CAST(
                    CAST(
                        1000000000 + m.time + (m.time - m.time % 60000) / 3 * 2
                        + (m.time - m.time % 3600000) / 9 * 10 AS BIGINT
                    ) AS TEXT
                ) AS hms
            FROM (
                SELECT y.time, y.year, y.day, (2141 * y.day + 197913) >> 16 AS month
                FROM (
                    SELECT q.time, q.year, q.day - ((1461 * q.year) >> 2) AS day
                    FROM (
                        SELECT l.time, l.day, CAST((4 * l.day + 3 - (4 * l.day + 3) % 1461) / 1461 AS BIGINT) AS year
                        FROM (
                            SELECT s.time, s.day + s.century - (s.century >> 2) AS day
                            FROM (
                                SELECT
                                    t.time, t.day,
                                    CAST((4 * t.day + 3 - (4 * t.day + 3) % 146097) / 146097 AS BIGINT) AS century
                                FROM (
                                    SELECT
                                        i.ms % 86400000 AS time,
                                        CAST((i.ms - i.ms % 86400000) / 86400000 AS BIGINT) AS day
                                    FROM (
                                        SELECT f.due_at + 62162035200000 AS ms
                                    ) i
                                    WHERE i.ms BETWEEN 0 AND 315564335999999
                                ) t
                            ) s
                        ) l
                    ) q
                ) y
            ) m
        ) p
    )               AS due_at,
    g.recorded_text AS filled_at,
    f.snapshot_id   AS snapshot_id,
    f.gap_from      AS gap_from,
    f.gap_to        AS gap_to,
    f.gap_count     AS gap_count
FROM slots f
LEFT JOIN account_heads h ON h.account_id = f.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = f.change_id;
