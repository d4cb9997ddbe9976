-- The caches as they stood at an earlier moment, folded again from the history. The tables of the ledger are shadowed
-- by views that end at that moment, so nothing here names it.

CREATE TEMP TABLE account_heads (
    account_id           INTEGER PRIMARY KEY,
    customer_id          INTEGER NOT NULL,
    name                 TEXT NOT NULL,
    external_id          TEXT,
    archived             INTEGER NOT NULL,
    kpi_row_id           INTEGER,
    kpi_fact_id          INTEGER,
    kpis_change_id       INTEGER,
    kpis_upload_id       INTEGER,
    event_id             INTEGER,
    snapshot_id          INTEGER,
    content_id           INTEGER,
    kpi_values_change_id INTEGER,
    profile_id           INTEGER,
    profile_upload_id    INTEGER,
    health_id            INTEGER,
    health_month         TEXT,
    health_row_id        INTEGER,
    health_upload_id     INTEGER,
    playbook_row_id      INTEGER,
    playbooks_upload_id  INTEGER,
    note_row_id          INTEGER,
    notes_upload_id      INTEGER
);

-- Columns beside max() are those of the row that has it.
INSERT INTO account_heads
WITH
named AS (SELECT account_id, name, max(id) FROM account_names WHERE kind = 1 GROUP BY account_id),
external AS (SELECT account_id, name, max(id) FROM account_names WHERE kind = 3 GROUP BY account_id),
archiving AS (SELECT account_id, archived, max(id) FROM account_archivings GROUP BY account_id),
kpi_row AS (SELECT account_id, max(id) AS id FROM kpi_changes GROUP BY account_id),
kpi_fact AS (
    SELECT account_id, change_id, max(id) AS id FROM kpi_changes
    WHERE changed <> '{}' OR weighting_id IS NOT NULL OR retold IS NOT NULL GROUP BY account_id
),
-- Of accounts of which a taking back told values again, whoever reads this corrects it.
kpi_value AS (SELECT account_id, max(change_id) AS change_id FROM kpi_changes WHERE changed <> '{}' GROUP BY account_id),
-- A denied event stands under whoever asked, and is none of the account's own.
event AS (
    SELECT e.account_id, max(e.id) AS id FROM events e
    JOIN accounts o ON o.id = e.account_id AND o.customer_id = e.customer_id GROUP BY e.account_id
),
snapshot AS (SELECT account_id, content_id, max(id) AS id FROM snapshots GROUP BY account_id),
profile AS (SELECT account_id, max(id) AS id FROM profiles GROUP BY account_id),
health_row AS (SELECT account_id, max(id) AS id FROM health_scores GROUP BY account_id),
health AS (
    SELECT account_id, id, month FROM (
        SELECT account_id, id, month, row_number() OVER (PARTITION BY account_id ORDER BY month DESC) AS place
        FROM (
            SELECT account_id, month, refolded, max(id) AS id FROM health_scores
            WHERE source = 1 AND is_late IS NULL GROUP BY account_id, month
        ) WHERE refolded IS NOT 2
    ) WHERE place = 1
),
run AS (SELECT account_id, max(id) AS id FROM playbook_runs GROUP BY account_id),
note AS (SELECT account_id, max(id) AS id FROM notes GROUP BY account_id),
naming (account_id, kind, upload_id) AS (
    SELECT account_id, 1, upload_id FROM kpi_changes WHERE retold IS NOT 2
    -- What was taken in of merged accounts: of each upload and day what was written last.
    UNION ALL SELECT account_id, 1, upload_id FROM (
        SELECT account_id, upload_id, named, max(id) FROM kpi_changes WHERE retold = 2
        GROUP BY account_id, upload_id, dated, observed_on
    ) WHERE named <> ''
    UNION ALL SELECT account_id, 2, upload_id FROM profiles
    UNION ALL SELECT account_id, 3, upload_id FROM playbook_runs
    UNION ALL SELECT account_id, 4, upload_id FROM health_scores
    UNION ALL SELECT account_id, 5, upload_id FROM notes
    UNION ALL SELECT c.account_id, u.kind, c.upload_id FROM confirmations c JOIN uploads u ON u.id = c.upload_id
),
last_named AS (
    SELECT
        account_id,
        max(CASE kind WHEN 1 THEN upload_id END) AS kpis,
        max(CASE kind WHEN 2 THEN upload_id END) AS profile,
        max(CASE kind WHEN 3 THEN upload_id END) AS playbooks,
        max(CASE kind WHEN 4 THEN upload_id END) AS health,
        max(CASE kind WHEN 5 THEN upload_id END) AS notes
    FROM naming
    WHERE upload_id NOT IN (
        SELECT upload_id FROM (SELECT upload_id, undone, max(id) FROM upload_undoings GROUP BY upload_id) WHERE undone = 1
    )
    GROUP BY account_id
)
SELECT
    a.id, a.customer_id, coalesce(named.name, ''), external.name, coalesce(archiving.archived, 0),
    kpi_row.id, kpi_fact.id, kpi_fact.change_id, last_named.kpis, event.id, snapshot.id, snapshot.content_id,
    kpi_value.change_id, profile.id, last_named.profile, health.id, health.month, health_row.id, last_named.health,
    run.id, last_named.playbooks, note.id, last_named.notes
FROM accounts a
LEFT JOIN named ON named.account_id = a.id
LEFT JOIN external ON external.account_id = a.id
LEFT JOIN archiving ON archiving.account_id = a.id
LEFT JOIN kpi_row ON kpi_row.account_id = a.id
LEFT JOIN kpi_fact ON kpi_fact.account_id = a.id
LEFT JOIN kpi_value ON kpi_value.account_id = a.id
LEFT JOIN event ON event.account_id = a.id
LEFT JOIN snapshot ON snapshot.account_id = a.id
LEFT JOIN profile ON profile.account_id = a.id
LEFT JOIN health ON health.account_id = a.id
LEFT JOIN health_row ON health_row.account_id = a.id
LEFT JOIN run ON run.account_id = a.id
LEFT JOIN note ON note.account_id = a.id
LEFT JOIN last_named ON last_named.account_id = a.id;

CREATE TEMP TABLE customer_heads (
    customer_id       INTEGER PRIMARY KEY,
    name              TEXT NOT NULL,
    change_id         INTEGER NOT NULL,
    recorded_at       INTEGER NOT NULL,
    digest            BLOB NOT NULL,
    scoring_config_id INTEGER,
    upload_id         INTEGER
);

-- The configuration in force is that of the last snapshot or, where it is newer, the last one that was recorded.
INSERT INTO customer_heads
WITH
named AS (SELECT customer_id, name, max(id) FROM customer_names GROUP BY customer_id),
change AS (SELECT customer_id, recorded_at, digest, max(id) AS id FROM changes GROUP BY customer_id),
used (customer_id, config_id, change_id) AS (
    SELECT customer_id, id, change_id FROM scoring_configs
    UNION ALL
    SELECT a.customer_id, s.scoring_config_id, s.change_id
    FROM snapshots s JOIN accounts a ON a.id = s.account_id
),
config AS (SELECT customer_id, config_id, max(change_id) FROM used GROUP BY customer_id),
upload AS (SELECT customer_id, max(id) AS id FROM uploads GROUP BY customer_id)
SELECT c.id, coalesce(named.name, ''), change.id, change.recorded_at, change.digest, config.config_id, upload.id
FROM customers c
JOIN change ON change.customer_id = c.id
LEFT JOIN named ON named.customer_id = c.id
LEFT JOIN config ON config.customer_id = c.id
LEFT JOIN upload ON upload.customer_id = c.id;

-- outcome: 3 skipped, 4 deferred, 6 failed are pending.
CREATE TEMP TABLE pending_events (
    event_id    INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    outcome     INTEGER NOT NULL,
    failures    INTEGER NOT NULL
);
INSERT INTO pending_events
WITH later AS (
    SELECT event_id, outcome, max(id), count(CASE outcome WHEN 6 THEN 1 END) AS failures FROM decisions GROUP BY event_id
)
SELECT
    e.id, e.customer_id, e.account_id, coalesce(later.outcome, e.outcome),
    (e.outcome = 6) + coalesce(later.failures, 0)
FROM events e
LEFT JOIN later ON later.event_id = e.id
WHERE coalesce(later.outcome, e.outcome) IN (3, 4, 6);

-- Filled where it is asked for: an account's vector is the fold of all that was said of it until then.
CREATE TEMP TABLE kpi_current (
    account_id        INTEGER PRIMARY KEY,
    observed_on       TEXT NOT NULL,
    upload_id         INTEGER NOT NULL,
    scoring_config_id INTEGER NOT NULL,
    weighting_id      INTEGER,
    vector            TEXT NOT NULL
);

CREATE TEMP VIEW slot_heads AS
SELECT account_id, cadence, label, due_at
FROM (SELECT account_id, cadence, label, due_at, max(id) FROM slots GROUP BY account_id, cadence);

-- Of a snapshot whose predecessor is gone, the nearest one before it.
CREATE TEMP TABLE snapshot_bridges (
    snapshot_id INTEGER PRIMARY KEY,
    previous_id INTEGER NOT NULL
);
INSERT INTO snapshot_bridges
SELECT id, before_id
FROM (SELECT id, previous_id, lag(id) OVER (PARTITION BY account_id ORDER BY id) AS before_id FROM snapshots)
WHERE before_id <> previous_id;
