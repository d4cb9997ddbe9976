-- Written by a test from the steps: see migrations.rs.

CREATE TABLE counters (
    kind  TEXT PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    id            INTEGER PRIMARY KEY,
    customer_id   INTEGER NOT NULL,
    previous_id   INTEGER,
    recorded_at   INTEGER NOT NULL,
    recorded_text TEXT NOT NULL,
    command       TEXT NOT NULL,
    actor         TEXT NOT NULL,
    program       TEXT NOT NULL,
    salt          BLOB NOT NULL,
    digest        BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE TABLE customers (
    id        INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL,
    salt      BLOB NOT NULL
) STRICT;

CREATE TABLE customer_names (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    name        TEXT NOT NULL CHECK (name <> ''),
    name_key    TEXT NOT NULL,
    salt        BLOB NOT NULL
) STRICT;

CREATE INDEX customer_names_by_key ON customer_names (name_key, id);

CREATE TABLE accounts (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    salt        BLOB NOT NULL
) STRICT;

CREATE INDEX accounts_by_customer ON accounts (customer_id, id);

CREATE TABLE account_names (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    customer_id INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
    name        TEXT NOT NULL CHECK (name <> ''),
    name_key    TEXT NOT NULL,
    salt        BLOB NOT NULL
) STRICT;

CREATE INDEX account_names_by_key ON account_names (customer_id, name_key, id);

CREATE TABLE kpi_definitions (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    kpi_key     TEXT NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

CREATE INDEX kpi_definitions_by_customer ON kpi_definitions (customer_id, id);

CREATE TABLE scoring_configs (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    hash        TEXT NOT NULL CHECK (length(hash) = 64),
    content     TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

CREATE INDEX scoring_configs_by_hash ON scoring_configs (customer_id, hash, id);

CREATE TABLE kpi_series (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    kpi         TEXT NOT NULL CHECK (kpi <> ''),
    kpi_key     TEXT NOT NULL,
    product     TEXT,
    product_key TEXT,
    unit        TEXT,
    category    INTEGER CHECK (category BETWEEN 0 AND 4)
) STRICT;

CREATE INDEX kpi_series_by_customer ON kpi_series (customer_id, id);

CREATE TABLE uploads (
    id               INTEGER PRIMARY KEY,
    customer_id      INTEGER NOT NULL REFERENCES customers (id),
    change_id        INTEGER NOT NULL,
    previous_id      INTEGER,
    kind             INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
    file_name        TEXT NOT NULL,
    sha256           BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes            INTEGER NOT NULL,
    reading          TEXT NOT NULL CHECK (json_valid(reading)),
    ingested_on      TEXT NOT NULL,
    rows_read        INTEGER NOT NULL,
    rows_inserted    INTEGER NOT NULL,
    rows_updated     INTEGER NOT NULL,
    rows_unchanged   INTEGER NOT NULL,
    rows_rejected    INTEGER NOT NULL,
    accounts_touched INTEGER NOT NULL,
    accounts_created INTEGER NOT NULL,
    rows_from        INTEGER,
    rows_to          INTEGER,
    salt             BLOB NOT NULL,
    CHECK (rows_read = rows_inserted + rows_updated + rows_unchanged + rows_rejected)
) STRICT;

CREATE INDEX uploads_by_file ON uploads (customer_id, sha256);

CREATE TABLE sightings (
    id        INTEGER PRIMARY KEY,
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    change_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    salt      BLOB NOT NULL
) STRICT;

CREATE TABLE weightings (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    text_hash   INTEGER NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

CREATE INDEX weightings_by_text ON weightings (customer_id, text_hash);

CREATE TABLE kpi_changes (
    id           INTEGER PRIMARY KEY,
    account_id   INTEGER NOT NULL,
    upload_id    INTEGER NOT NULL,
    change_id    INTEGER NOT NULL,
    previous_id  INTEGER,
    observed_on  TEXT NOT NULL,
    dated        INTEGER NOT NULL CHECK (dated IN (0, 1)),
    named        TEXT NOT NULL,
    changed      TEXT NOT NULL,
    weighting_id INTEGER
, retold INTEGER CHECK (retold BETWEEN 1 AND 2), confirmed_weighting_id INTEGER) STRICT;

CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    previous_id INTEGER,
    event_type  INTEGER NOT NULL CHECK (event_type BETWEEN 1 AND 6),
    upload_id   INTEGER,
    outcome     INTEGER NOT NULL CHECK (outcome BETWEEN 1 AND 6),
    snapshot_id INTEGER,
    due_at      INTEGER,
    action      TEXT,
    error       TEXT
) STRICT;

CREATE TABLE decisions (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES events (id),
    customer_id INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    outcome     INTEGER NOT NULL CHECK (outcome BETWEEN 1 AND 6),
    snapshot_id INTEGER,
    due_at      INTEGER,
    error       TEXT
) STRICT;

CREATE INDEX decisions_by_event ON decisions (event_id, id);

CREATE TABLE snapshot_contents (
    id                    INTEGER PRIMARY KEY,
    account_id            INTEGER NOT NULL,
    change_id             INTEGER NOT NULL,
    version               INTEGER NOT NULL,
    hash                  BLOB NOT NULL CHECK (length(hash) = 32),
    overall_score         INTEGER,
    overall_band          INTEGER CHECK (overall_band BETWEEN 0 AND 2),
    score_source          INTEGER CHECK (score_source BETWEEN 1 AND 2),
    product_usage         INTEGER,
    support               INTEGER,
    customer_sentiment    INTEGER,
    business_outcomes     INTEGER,
    relationship_strength INTEGER,
    account_level_kpis    INTEGER NOT NULL,
    product_level_kpis    INTEGER NOT NULL,
    critical_kpis         INTEGER NOT NULL,
    at_risk_kpis          INTEGER NOT NULL,
    healthy_kpis          INTEGER NOT NULL,
    top_critical          TEXT NOT NULL CHECK (json_valid(top_critical)),
    kpis_change_id        INTEGER,
    kpi_change_row        INTEGER,
    revenue_minor         INTEGER,
    profile_id            INTEGER,
    health_id             INTEGER,
    playbooks             TEXT,
    notes                 TEXT
, currency TEXT, revenue_scale INTEGER) STRICT;

CREATE TABLE snapshots (
    id                  INTEGER PRIMARY KEY,
    account_id          INTEGER NOT NULL,
    change_id           INTEGER NOT NULL,
    content_id          INTEGER NOT NULL,
    previous_id         INTEGER,
    sequence            INTEGER NOT NULL CHECK (sequence > 0),
    snapshot_type       INTEGER NOT NULL CHECK (snapshot_type BETWEEN 1 AND 5),
    trigger_event       INTEGER CHECK (trigger_event BETWEEN 1 AND 6),
    event_id            INTEGER,
    run_start_id        INTEGER,
    days_since_last     INTEGER,
    significant         INTEGER NOT NULL CHECK (significant IN (0, 1)),
    trend               INTEGER CHECK (trend BETWEEN -1 AND 1),
    score_change        INTEGER,
    score_change_window INTEGER,
    revenue_change      INTEGER,
    scoring_config_id   INTEGER NOT NULL,
    kpis_upload_id      INTEGER,
    trigger_action      TEXT,
    reason              TEXT,
    created_by          TEXT,
    salt                BLOB,
    recommendations     TEXT,
    completed_in_window INTEGER
, profile_upload_id INTEGER, health_upload_id INTEGER, playbooks_upload_id INTEGER, notes_upload_id INTEGER) STRICT;

CREATE TABLE customer_heads (
    customer_id       INTEGER PRIMARY KEY,
    name              TEXT NOT NULL,
    change_id         INTEGER NOT NULL,
    recorded_at       INTEGER NOT NULL,
    digest            BLOB NOT NULL,
    scoring_config_id INTEGER,
    upload_id         INTEGER
) STRICT;

CREATE TABLE account_heads (
    account_id     INTEGER PRIMARY KEY,
    customer_id    INTEGER NOT NULL,
    name           TEXT NOT NULL,
    external_id    TEXT,
    archived       INTEGER NOT NULL DEFAULT 0,
    kpi_row_id     INTEGER,
    kpi_fact_id    INTEGER,
    kpis_change_id INTEGER,
    kpis_upload_id INTEGER,
    event_id       INTEGER,
    snapshot_id    INTEGER,
    content_id     INTEGER
, kpi_values_change_id INTEGER, profile_id INTEGER, profile_upload_id INTEGER, health_id INTEGER, health_month TEXT, health_row_id INTEGER, health_upload_id INTEGER, playbook_row_id INTEGER, playbooks_upload_id INTEGER, note_row_id INTEGER, notes_upload_id INTEGER) STRICT;

CREATE TABLE kpi_current (
    account_id        INTEGER PRIMARY KEY,
    observed_on       TEXT NOT NULL,
    upload_id         INTEGER NOT NULL,
    scoring_config_id INTEGER NOT NULL,
    weighting_id      INTEGER,
    vector            TEXT NOT NULL
) STRICT;

CREATE TABLE pending_events (
    event_id    INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    outcome     INTEGER NOT NULL,
    failures    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX pending_events_by_account ON pending_events (customer_id, account_id, event_id);

CREATE TABLE cooldowns (
    account_id    INTEGER NOT NULL,
    snapshot_type INTEGER NOT NULL CHECK (snapshot_type BETWEEN 1 AND 5),
    stamped_at    INTEGER NOT NULL,
    change_id     INTEGER NOT NULL,
    PRIMARY KEY (account_id, snapshot_type)
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_steps (
    version    INTEGER PRIMARY KEY,
    sha256     TEXT NOT NULL,
    applied_at INTEGER NOT NULL,
    program    TEXT NOT NULL
) STRICT;

CREATE VIEW v_events AS
SELECT
    c.name        AS customer,
    e.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    e.id          AS event_id,
    CASE e.event_type
        WHEN 1 THEN 'kpi_data_uploaded' WHEN 2 THEN 'account_data_changed' WHEN 3 THEN 'health_scores_updated'
        WHEN 4 THEN 'health_calculation_completed' WHEN 5 THEN 'rag_query_missing_snapshot' WHEN 6 THEN 'schedule'
    END             AS event_type,
    e.action        AS trigger_action,
    g.recorded_text AS occurred_at,
    e.upload_id     AS upload_id,
    CASE e.outcome
        WHEN 1 THEN 'created' WHEN 2 THEN 'covered' WHEN 3 THEN 'skipped' WHEN 4 THEN 'deferred' WHEN 5 THEN 'denied'
        WHEN 6 THEN 'failed'
    END             AS first_outcome,
    CASE coalesce(d.outcome, e.outcome)
        WHEN 1 THEN 'created' WHEN 2 THEN 'covered' WHEN 3 THEN 'skipped' WHEN 4 THEN 'deferred' WHEN 5 THEN 'denied'
        WHEN 6 THEN 'failed'
    END             AS outcome,
    coalesce(dg.recorded_text, g.recorded_text)                      AS decided_at,
    CASE WHEN d.id IS NULL THEN e.snapshot_id ELSE d.snapshot_id END AS snapshot_id,
    -- Milliseconds since 1970 as ISO text, innermost first; NULL beyond the years 0 to 9999. Days are counted from
    -- 0000-03-01, so that a leap day ends its year; the leap days that centuries lack are put back in; months 3 to 14
    -- begin on day (979 * month - 2919) >> 5 of their year. The digits have a leading 1 that keeps their zeros.
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
                                        SELECT
                                            CASE WHEN d.id IS NULL THEN e.due_at ELSE d.due_at END
                                            + 62162035200000 AS ms
                                    ) i
                                    WHERE i.ms BETWEEN 0 AND 315564335999999
                                ) t
                            ) s
                        ) l
                    ) q
                ) y
            ) m
        ) p
    )             AS due_at,
    CASE WHEN d.id IS NULL THEN e.error ELSE d.error END AS error
FROM events e
LEFT JOIN customer_heads c ON c.customer_id = e.customer_id
LEFT JOIN account_heads h ON h.account_id = e.account_id AND h.customer_id = e.customer_id
LEFT JOIN changes g ON g.id = e.change_id
LEFT JOIN decisions d ON d.id = (SELECT max(n.id) FROM decisions n WHERE n.event_id = e.id)
LEFT JOIN changes dg ON dg.id = d.change_id;

CREATE TRIGGER customers_refuse_UPDATE BEFORE UPDATE ON customers BEGIN SELECT RAISE(ABORT, 'customers: history is immutable'); END;

CREATE TRIGGER customers_refuse_DELETE BEFORE DELETE ON customers BEGIN SELECT RAISE(ABORT, 'customers: history is immutable'); END;

CREATE TRIGGER customers_refuse_replace BEFORE INSERT ON customers WHEN EXISTS (SELECT 1 FROM customers WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'customers: history is immutable'); END;

CREATE TRIGGER customer_names_refuse_UPDATE BEFORE UPDATE ON customer_names BEGIN SELECT RAISE(ABORT, 'customer_names: history is immutable'); END;

CREATE TRIGGER customer_names_refuse_DELETE BEFORE DELETE ON customer_names BEGIN SELECT RAISE(ABORT, 'customer_names: history is immutable'); END;

CREATE TRIGGER customer_names_refuse_replace BEFORE INSERT ON customer_names WHEN EXISTS (SELECT 1 FROM customer_names WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'customer_names: history is immutable'); END;

CREATE TRIGGER accounts_refuse_UPDATE BEFORE UPDATE ON accounts BEGIN SELECT RAISE(ABORT, 'accounts: history is immutable'); END;

CREATE TRIGGER accounts_refuse_DELETE BEFORE DELETE ON accounts BEGIN SELECT RAISE(ABORT, 'accounts: history is immutable'); END;

CREATE TRIGGER accounts_refuse_replace BEFORE INSERT ON accounts WHEN EXISTS (SELECT 1 FROM accounts WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'accounts: history is immutable'); END;

CREATE TRIGGER account_names_refuse_UPDATE BEFORE UPDATE ON account_names BEGIN SELECT RAISE(ABORT, 'account_names: history is immutable'); END;

CREATE TRIGGER account_names_refuse_DELETE BEFORE DELETE ON account_names BEGIN SELECT RAISE(ABORT, 'account_names: history is immutable'); END;

CREATE TRIGGER account_names_refuse_replace BEFORE INSERT ON account_names WHEN EXISTS (SELECT 1 FROM account_names WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'account_names: history is immutable'); END;

CREATE TRIGGER kpi_definitions_refuse_UPDATE BEFORE UPDATE ON kpi_definitions BEGIN SELECT RAISE(ABORT, 'kpi_definitions: history is immutable'); END;

CREATE TRIGGER kpi_definitions_refuse_DELETE BEFORE DELETE ON kpi_definitions BEGIN SELECT RAISE(ABORT, 'kpi_definitions: history is immutable'); END;

CREATE TRIGGER kpi_definitions_refuse_replace BEFORE INSERT ON kpi_definitions WHEN EXISTS (SELECT 1 FROM kpi_definitions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'kpi_definitions: history is immutable'); END;

CREATE TRIGGER scoring_configs_refuse_UPDATE BEFORE UPDATE ON scoring_configs BEGIN SELECT RAISE(ABORT, 'scoring_configs: history is immutable'); END;

CREATE TRIGGER scoring_configs_refuse_DELETE BEFORE DELETE ON scoring_configs BEGIN SELECT RAISE(ABORT, 'scoring_configs: history is immutable'); END;

CREATE TRIGGER scoring_configs_refuse_replace BEFORE INSERT ON scoring_configs WHEN EXISTS (SELECT 1 FROM scoring_configs WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'scoring_configs: history is immutable'); END;

CREATE TRIGGER kpi_series_refuse_UPDATE BEFORE UPDATE ON kpi_series BEGIN SELECT RAISE(ABORT, 'kpi_series: history is immutable'); END;

CREATE TRIGGER kpi_series_refuse_DELETE BEFORE DELETE ON kpi_series BEGIN SELECT RAISE(ABORT, 'kpi_series: history is immutable'); END;

CREATE TRIGGER kpi_series_refuse_replace BEFORE INSERT ON kpi_series WHEN EXISTS (SELECT 1 FROM kpi_series WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'kpi_series: history is immutable'); END;

CREATE TRIGGER uploads_refuse_UPDATE BEFORE UPDATE ON uploads BEGIN SELECT RAISE(ABORT, 'uploads: history is immutable'); END;

CREATE TRIGGER uploads_refuse_DELETE BEFORE DELETE ON uploads BEGIN SELECT RAISE(ABORT, 'uploads: history is immutable'); END;

CREATE TRIGGER uploads_refuse_replace BEFORE INSERT ON uploads WHEN EXISTS (SELECT 1 FROM uploads WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'uploads: history is immutable'); END;

CREATE TRIGGER sightings_refuse_UPDATE BEFORE UPDATE ON sightings BEGIN SELECT RAISE(ABORT, 'sightings: history is immutable'); END;

CREATE TRIGGER sightings_refuse_DELETE BEFORE DELETE ON sightings BEGIN SELECT RAISE(ABORT, 'sightings: history is immutable'); END;

CREATE TRIGGER sightings_refuse_replace BEFORE INSERT ON sightings WHEN EXISTS (SELECT 1 FROM sightings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'sightings: history is immutable'); END;

CREATE TRIGGER weightings_refuse_UPDATE BEFORE UPDATE ON weightings BEGIN SELECT RAISE(ABORT, 'weightings: history is immutable'); END;

CREATE TRIGGER weightings_refuse_DELETE BEFORE DELETE ON weightings BEGIN SELECT RAISE(ABORT, 'weightings: history is immutable'); END;

CREATE TRIGGER weightings_refuse_replace BEFORE INSERT ON weightings WHEN EXISTS (SELECT 1 FROM weightings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'weightings: history is immutable'); END;

CREATE TRIGGER kpi_changes_refuse_UPDATE BEFORE UPDATE ON kpi_changes BEGIN SELECT RAISE(ABORT, 'kpi_changes: history is immutable'); END;

CREATE TRIGGER kpi_changes_refuse_DELETE BEFORE DELETE ON kpi_changes BEGIN SELECT RAISE(ABORT, 'kpi_changes: history is immutable'); END;

CREATE TRIGGER kpi_changes_refuse_replace BEFORE INSERT ON kpi_changes WHEN EXISTS (SELECT 1 FROM kpi_changes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'kpi_changes: history is immutable'); END;

CREATE TRIGGER events_refuse_UPDATE BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events: history is immutable'); END;

CREATE TRIGGER events_refuse_DELETE BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events: history is immutable'); END;

CREATE TRIGGER events_refuse_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'events: history is immutable'); END;

CREATE TRIGGER decisions_refuse_UPDATE BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: history is immutable'); END;

CREATE TRIGGER decisions_refuse_DELETE BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: history is immutable'); END;

CREATE TRIGGER decisions_refuse_replace BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'decisions: history is immutable'); END;

CREATE TRIGGER snapshot_contents_refuse_UPDATE BEFORE UPDATE ON snapshot_contents BEGIN SELECT RAISE(ABORT, 'snapshot_contents: history is immutable'); END;

CREATE TRIGGER snapshot_contents_refuse_DELETE BEFORE DELETE ON snapshot_contents BEGIN SELECT RAISE(ABORT, 'snapshot_contents: history is immutable'); END;

CREATE TRIGGER snapshot_contents_refuse_replace BEFORE INSERT ON snapshot_contents WHEN EXISTS (SELECT 1 FROM snapshot_contents WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'snapshot_contents: history is immutable'); END;

CREATE TRIGGER snapshots_refuse_UPDATE BEFORE UPDATE ON snapshots BEGIN SELECT RAISE(ABORT, 'snapshots: history is immutable'); END;

CREATE TRIGGER snapshots_refuse_DELETE BEFORE DELETE ON snapshots BEGIN SELECT RAISE(ABORT, 'snapshots: history is immutable'); END;

CREATE TRIGGER snapshots_refuse_replace BEFORE INSERT ON snapshots WHEN EXISTS (SELECT 1 FROM snapshots WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'snapshots: history is immutable'); END;

CREATE TRIGGER changes_refuse_UPDATE BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'changes: history is immutable'); END;

CREATE TRIGGER changes_refuse_DELETE BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'changes: history is immutable'); END;

CREATE TRIGGER changes_refuse_replace BEFORE INSERT ON changes WHEN EXISTS (SELECT 1 FROM changes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'changes: history is immutable'); END;

CREATE TABLE profiles (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    upload_id   INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    previous_id INTEGER,
    said        TEXT NOT NULL CHECK (json_valid(said)),
    content     TEXT NOT NULL CHECK (json_valid(content)),
    salt        BLOB NOT NULL
, refolded INTEGER CHECK (refolded BETWEEN 1 AND 2)) STRICT;

CREATE TABLE health_scores (
    id                    INTEGER PRIMARY KEY,
    account_id            INTEGER NOT NULL REFERENCES accounts (id),
    upload_id             INTEGER,
    change_id             INTEGER NOT NULL,
    previous_id           INTEGER,
    replaces_id           INTEGER,
    source                INTEGER NOT NULL CHECK (source BETWEEN 1 AND 2),
    month                 TEXT NOT NULL CHECK (month LIKE '____-__'),
    said                  INTEGER NOT NULL CHECK (said BETWEEN 1 AND 63),
    overall               INTEGER CHECK (overall BETWEEN 0 AND 10000),
    product_usage         INTEGER CHECK (product_usage BETWEEN 0 AND 10000),
    support               INTEGER CHECK (support BETWEEN 0 AND 10000),
    customer_sentiment    INTEGER CHECK (customer_sentiment BETWEEN 0 AND 10000),
    business_outcomes     INTEGER CHECK (business_outcomes BETWEEN 0 AND 10000),
    relationship_strength INTEGER CHECK (relationship_strength BETWEEN 0 AND 10000),
    observed_on           TEXT,
    is_late               INTEGER CHECK (is_late = 1)
, refolded INTEGER CHECK (refolded BETWEEN 1 AND 2)) STRICT;

CREATE INDEX health_scores_by_month ON health_scores (account_id, month, id);

CREATE TABLE playbook_runs (
    id             INTEGER PRIMARY KEY,
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    upload_id      INTEGER NOT NULL,
    change_id      INTEGER NOT NULL,
    previous_id    INTEGER,
    replaces_id    INTEGER,
    execution_id   TEXT NOT NULL CHECK (execution_id <> ''),
    playbook_id    TEXT,
    status         INTEGER NOT NULL CHECK (status BETWEEN 1 AND 4),
    started_at     INTEGER,
    completed_at   INTEGER,
    current_step   TEXT,
    details        TEXT NOT NULL CHECK (json_valid(details)),
    said           TEXT NOT NULL,
    salt           BLOB NOT NULL,
    report         TEXT CHECK (report IS NULL OR json_valid(report)),
    started_text   TEXT,
    completed_text TEXT
, refolded INTEGER CHECK (refolded BETWEEN 1 AND 2), completed_change_id INTEGER) STRICT;

CREATE INDEX playbook_runs_by_execution ON playbook_runs (account_id, execution_id, id);

CREATE TABLE notes (
    id           INTEGER PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    upload_id    INTEGER NOT NULL,
    change_id    INTEGER NOT NULL,
    previous_id  INTEGER,
    replaces_id  INTEGER,
    note_id      TEXT NOT NULL CHECK (note_id <> ''),
    written_at   INTEGER,
    said         TEXT NOT NULL,
    salt         BLOB NOT NULL,
    note_type    TEXT,
    title        TEXT,
    content      TEXT,
    author       TEXT,
    written_text TEXT
, refolded INTEGER CHECK (refolded BETWEEN 1 AND 2)) STRICT;

CREATE INDEX notes_by_note ON notes (account_id, note_id, id);

CREATE INDEX notes_by_time ON notes (account_id, written_at, id);

CREATE TABLE confirmations (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    upload_id  INTEGER NOT NULL,
    change_id  INTEGER NOT NULL,
    row_ids    TEXT NOT NULL CHECK (json_valid(row_ids)),
    fields     TEXT
) STRICT;

CREATE INDEX confirmations_by_upload ON confirmations (upload_id, id);

CREATE TABLE account_archivings (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    change_id  INTEGER NOT NULL,
    archived   INTEGER NOT NULL CHECK (archived IN (0, 1)),
    reason     TEXT
) STRICT;

CREATE TABLE kpi_series_words (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    series_id   INTEGER NOT NULL REFERENCES kpi_series (id),
    kpi         TEXT NOT NULL CHECK (kpi <> ''),
    unit        TEXT,
    category    INTEGER CHECK (category BETWEEN 0 AND 4)
) STRICT;

CREATE INDEX kpi_series_words_by_series ON kpi_series_words (series_id, id);

CREATE VIEW v_accounts AS
SELECT
    c.name            AS customer,
    h.account_id      AS account_id,
    h.external_id     AS external_account_id,
    h.name            AS account_name,
    h.archived        AS archived,
    g.recorded_text   AS created_at,
    h.kpis_upload_id  AS kpis_upload_id,
    ug.recorded_text  AS kpis_ingested_at,
    h.snapshot_id     AS latest_snapshot_id,
    sg.recorded_text  AS latest_snapshot_timestamp,
    pug.recorded_text AS profile_ingested_at,
    hug.recorded_text AS health_ingested_at,
    bug.recorded_text AS playbooks_ingested_at,
    nug.recorded_text AS notes_ingested_at
FROM account_heads h
JOIN customer_heads c ON c.customer_id = h.customer_id
JOIN accounts a ON a.id = h.account_id
JOIN changes g ON g.id = a.change_id
LEFT JOIN uploads u ON u.id = h.kpis_upload_id
LEFT JOIN changes ug ON ug.id = u.change_id
LEFT JOIN uploads pu ON pu.id = h.profile_upload_id
LEFT JOIN changes pug ON pug.id = pu.change_id
LEFT JOIN uploads hu ON hu.id = h.health_upload_id
LEFT JOIN changes hug ON hug.id = hu.change_id
LEFT JOIN uploads bu ON bu.id = h.playbooks_upload_id
LEFT JOIN changes bug ON bug.id = bu.change_id
LEFT JOIN uploads nu ON nu.id = h.notes_upload_id
LEFT JOIN changes nug ON nug.id = nu.change_id
LEFT JOIN snapshots s ON s.id = h.snapshot_id
LEFT JOIN changes sg ON sg.id = s.change_id;

CREATE VIEW v_kpi_current AS
SELECT
    c.name        AS customer,
    k.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    coalesce(w.kpi, s.kpi) AS kpi,
    s.product     AS product,
    CAST(j.value ->> '$[0]' AS DOUBLE PRECISION) AS value,
    CASE WHEN w.id IS NULL THEN s.unit ELSE w.unit END AS unit,
    CASE CASE WHEN w.id IS NULL THEN s.category ELSE w.category END
        WHEN 0 THEN 'Product Usage' WHEN 1 THEN 'Support' WHEN 2 THEN 'Customer Sentiment'
        WHEN 3 THEN 'Business Outcomes' WHEN 4 THEN 'Relationship Strength'
    END           AS category,
    coalesce(CAST(j.value ->> '$[3]' AS TEXT), k.observed_on) AS observed_at,
    g.recorded_text AS ingested_at,
    u.id            AS upload_id,
    CAST(j.value ->> '$[1]' AS BIGINT) / 100.0 AS score,
    CASE CAST(j.value ->> '$[2]' AS BIGINT)
        WHEN 0 THEN 'critical' WHEN 1 THEN 'at_risk' WHEN 2 THEN 'healthy'
    END             AS health_status
FROM kpi_current k
CROSS JOIN json_each(k.vector) j
CROSS JOIN kpi_series s
LEFT JOIN kpi_series_words w ON w.id = (SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = s.id)
LEFT JOIN account_heads h ON h.account_id = k.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = coalesce(CAST(j.value ->> '$[4]' AS BIGINT), k.upload_id)
LEFT JOIN changes g ON g.id = u.change_id
WHERE s.id = CAST(j.key AS BIGINT);

CREATE TRIGGER profiles_refuse_UPDATE BEFORE UPDATE ON profiles BEGIN SELECT RAISE(ABORT, 'profiles: history is immutable'); END;

CREATE TRIGGER profiles_refuse_DELETE BEFORE DELETE ON profiles BEGIN SELECT RAISE(ABORT, 'profiles: history is immutable'); END;

CREATE TRIGGER profiles_refuse_replace BEFORE INSERT ON profiles WHEN EXISTS (SELECT 1 FROM profiles WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'profiles: history is immutable'); END;

CREATE TRIGGER health_scores_refuse_UPDATE BEFORE UPDATE ON health_scores BEGIN SELECT RAISE(ABORT, 'health_scores: history is immutable'); END;

CREATE TRIGGER health_scores_refuse_DELETE BEFORE DELETE ON health_scores BEGIN SELECT RAISE(ABORT, 'health_scores: history is immutable'); END;

CREATE TRIGGER health_scores_refuse_replace BEFORE INSERT ON health_scores WHEN EXISTS (SELECT 1 FROM health_scores WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'health_scores: history is immutable'); END;

CREATE TRIGGER playbook_runs_refuse_UPDATE BEFORE UPDATE ON playbook_runs BEGIN SELECT RAISE(ABORT, 'playbook_runs: history is immutable'); END;

CREATE TRIGGER playbook_runs_refuse_DELETE BEFORE DELETE ON playbook_runs BEGIN SELECT RAISE(ABORT, 'playbook_runs: history is immutable'); END;

CREATE TRIGGER playbook_runs_refuse_replace BEFORE INSERT ON playbook_runs WHEN EXISTS (SELECT 1 FROM playbook_runs WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'playbook_runs: history is immutable'); END;

CREATE TRIGGER notes_refuse_UPDATE BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'notes: history is immutable'); END;

CREATE TRIGGER notes_refuse_DELETE BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'notes: history is immutable'); END;

CREATE TRIGGER notes_refuse_replace BEFORE INSERT ON notes WHEN EXISTS (SELECT 1 FROM notes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'notes: history is immutable'); END;

CREATE TRIGGER confirmations_refuse_UPDATE BEFORE UPDATE ON confirmations BEGIN SELECT RAISE(ABORT, 'confirmations: history is immutable'); END;

CREATE TRIGGER confirmations_refuse_DELETE BEFORE DELETE ON confirmations BEGIN SELECT RAISE(ABORT, 'confirmations: history is immutable'); END;

CREATE TRIGGER confirmations_refuse_replace BEFORE INSERT ON confirmations WHEN EXISTS (SELECT 1 FROM confirmations WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'confirmations: history is immutable'); END;

CREATE TRIGGER account_archivings_refuse_UPDATE BEFORE UPDATE ON account_archivings BEGIN SELECT RAISE(ABORT, 'account_archivings: history is immutable'); END;

CREATE TRIGGER account_archivings_refuse_DELETE BEFORE DELETE ON account_archivings BEGIN SELECT RAISE(ABORT, 'account_archivings: history is immutable'); END;

CREATE TRIGGER account_archivings_refuse_replace BEFORE INSERT ON account_archivings WHEN EXISTS (SELECT 1 FROM account_archivings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'account_archivings: history is immutable'); END;

CREATE TRIGGER kpi_series_words_refuse_UPDATE BEFORE UPDATE ON kpi_series_words BEGIN SELECT RAISE(ABORT, 'kpi_series_words: history is immutable'); END;

CREATE TRIGGER kpi_series_words_refuse_DELETE BEFORE DELETE ON kpi_series_words BEGIN SELECT RAISE(ABORT, 'kpi_series_words: history is immutable'); END;

CREATE TRIGGER kpi_series_words_refuse_replace BEFORE INSERT ON kpi_series_words WHEN EXISTS (SELECT 1 FROM kpi_series_words WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'kpi_series_words: history is immutable'); END;

CREATE TABLE schedule_runs (
    id              INTEGER PRIMARY KEY,
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    change_id       INTEGER NOT NULL,
    previous_id     INTEGER,
    evaluated_at    INTEGER NOT NULL,
    due             INTEGER NOT NULL CHECK (due = created + failed),
    created         INTEGER NOT NULL CHECK (created >= 0),
    failed          INTEGER NOT NULL CHECK (failed >= 0),
    flushed         INTEGER NOT NULL CHECK (flushed >= 0),
    rules_hash      TEXT NOT NULL,
    evaluated_text  TEXT NOT NULL,
    failed_accounts TEXT CHECK (failed_accounts IS NULL OR json_valid(failed_accounts))
) STRICT;

CREATE INDEX schedule_runs_by_customer ON schedule_runs (customer_id, id);

CREATE TABLE slots (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    change_id   INTEGER NOT NULL,
    label       TEXT NOT NULL CHECK (label <> ''),
    cadence     INTEGER NOT NULL CHECK (cadence BETWEEN 1 AND 4),
    due_at      INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    rule        TEXT NOT NULL,
    due_text    TEXT NOT NULL,
    gap_from    TEXT,
    gap_to      TEXT,
    gap_count   INTEGER CHECK (gap_count > 0)
) STRICT;

CREATE UNIQUE INDEX slots_by_label ON slots (label, account_id);

CREATE TRIGGER slots_refuse_second BEFORE INSERT ON slots
WHEN EXISTS (SELECT 1 FROM slots WHERE label = NEW.label AND account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'slots: this slot of the account is filled'); END;

CREATE TABLE slot_heads (
    account_id INTEGER NOT NULL,
    cadence    INTEGER NOT NULL CHECK (cadence BETWEEN 1 AND 4),
    label      TEXT NOT NULL,
    due_at     INTEGER NOT NULL,
    PRIMARY KEY (account_id, cadence)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_schedule_runs AS
SELECT
    c.name               AS customer,
    CAST(NULL AS BIGINT) AS account_id,
    CAST(NULL AS TEXT)   AS external_account_id,
    CAST(NULL AS TEXT)   AS account_name,
    r.id                 AS schedule_run_id,
    r.evaluated_text     AS evaluated_at,
    g.recorded_text      AS recorded_at,
    g.actor              AS actor,
    r.due                AS due,
    r.created            AS created,
    r.failed             AS failed,
    r.flushed            AS flushed,
    r.failed_accounts    AS failed_accounts
FROM schedule_runs r
LEFT JOIN customer_heads c ON c.customer_id = r.customer_id
LEFT JOIN changes g ON g.id = r.change_id;

CREATE TRIGGER schedule_runs_refuse_UPDATE BEFORE UPDATE ON schedule_runs BEGIN SELECT RAISE(ABORT, 'schedule_runs: history is immutable'); END;

CREATE TRIGGER schedule_runs_refuse_DELETE BEFORE DELETE ON schedule_runs BEGIN SELECT RAISE(ABORT, 'schedule_runs: history is immutable'); END;

CREATE TRIGGER schedule_runs_refuse_replace BEFORE INSERT ON schedule_runs WHEN EXISTS (SELECT 1 FROM schedule_runs WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'schedule_runs: history is immutable'); END;

CREATE TRIGGER slots_refuse_UPDATE BEFORE UPDATE ON slots BEGIN SELECT RAISE(ABORT, 'slots: history is immutable'); END;

CREATE TRIGGER slots_refuse_DELETE BEFORE DELETE ON slots BEGIN SELECT RAISE(ABORT, 'slots: history is immutable'); END;

CREATE TRIGGER slots_refuse_replace BEFORE INSERT ON slots WHEN EXISTS (SELECT 1 FROM slots WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'slots: history is immutable'); END;

CREATE TABLE tags (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    change_id   INTEGER NOT NULL,
    snapshot_id INTEGER,
    name        TEXT NOT NULL CHECK (name <> ''),
    name_key    TEXT NOT NULL
) STRICT;

CREATE INDEX tags_by_name ON tags (name_key, account_id, id);

CREATE INDEX tags_by_snapshot ON tags (snapshot_id, id);

CREATE TABLE pins (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    change_id   INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    pinned      INTEGER NOT NULL CHECK (pinned IN (0, 1))
) STRICT;

CREATE INDEX pins_by_snapshot ON pins (snapshot_id, id);

CREATE TABLE retention_runs (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
    undoes_id   INTEGER,
    snapshots   INTEGER NOT NULL CHECK (snapshots >= 0),
    policy      TEXT CHECK (policy IS NULL OR json_valid(policy))
) STRICT;

CREATE INDEX retention_runs_by_customer ON retention_runs (customer_id, id);

CREATE TABLE tombstones (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    change_id   INTEGER NOT NULL,
    run_id      INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    hidden      INTEGER NOT NULL CHECK (hidden IN (0, 1))
) STRICT;

CREATE INDEX tombstones_by_snapshot ON tombstones (snapshot_id, id);

CREATE INDEX tombstones_by_run ON tombstones (run_id, id);

CREATE TABLE removed_rows (
    id            INTEGER PRIMARY KEY,
    customer_id   INTEGER NOT NULL,
    change_id     INTEGER NOT NULL,
    table_tag     INTEGER NOT NULL,
    row_id        INTEGER NOT NULL,
    row_change_id INTEGER NOT NULL,
    hash          BLOB NOT NULL CHECK (length(hash) = 32),
    redacted_hash BLOB CHECK (redacted_hash IS NULL OR length(redacted_hash) = 32)
) STRICT;

CREATE INDEX removed_rows_by_row ON removed_rows (table_tag, row_id, id);

CREATE INDEX removed_rows_by_change ON removed_rows (row_change_id, table_tag, row_id);

CREATE TABLE upload_undoings (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    upload_id   INTEGER NOT NULL REFERENCES uploads (id),
    undone      INTEGER NOT NULL CHECK (undone IN (0, 1))
) STRICT;

CREATE INDEX upload_undoings_by_upload ON upload_undoings (upload_id, id);

CREATE TABLE snapshot_bridges (
    snapshot_id INTEGER PRIMARY KEY,
    previous_id INTEGER NOT NULL
) STRICT;

CREATE TABLE retractions (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    change_id   INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    upload_id   INTEGER NOT NULL
) STRICT;

CREATE INDEX retractions_by_snapshot ON retractions (snapshot_id, upload_id);

CREATE TABLE account_merges (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    change_id  INTEGER NOT NULL,
    into_id    INTEGER NOT NULL
) STRICT;

CREATE INDEX account_merges_by_account ON account_merges (account_id, id);

CREATE INDEX account_merges_by_into ON account_merges (into_id, id);

CREATE INDEX kpi_changes_taken_in ON kpi_changes (upload_id, account_id) WHERE retold = 2;

CREATE INDEX notes_refolded ON notes (account_id) WHERE refolded IS NOT NULL;

CREATE VIEW v_snapshots AS
SELECT
    cu.name                                    AS customer,
    s.account_id                               AS account_id,
    h.external_id                              AS external_account_id,
    h.name                                     AS account_name,
    s.id                                       AS snapshot_id,
    g.recorded_text                            AS snapshot_timestamp,
    CASE s.snapshot_type
        WHEN 1 THEN 'manual' WHEN 2 THEN 'event_driven' WHEN 3 THEN 'rag_auto' WHEN 4 THEN 'scheduled'
        WHEN 5 THEN 'post_health_calc'
    END                                        AS snapshot_type,
    s.reason                                   AS snapshot_reason,
    CASE s.trigger_event
        WHEN 1 THEN 'kpi_data_uploaded' WHEN 2 THEN 'account_data_changed' WHEN 3 THEN 'health_scores_updated'
        WHEN 4 THEN 'health_calculation_completed' WHEN 5 THEN 'rag_query_missing_snapshot' WHEN 6 THEN 'schedule'
    END                                        AS trigger_event,
    s.trigger_action                           AS trigger_action,
    coalesce(s.created_by, 'acctsnap')         AS created_by,
    c.version                                  AS snapshot_version,
    s.sequence                                 AS snapshot_sequence_number,
    s.days_since_last                          AS days_since_last_snapshot,
    s.significant                              AS is_significant_change,
    coalesce(rg.recorded_text, g.recorded_text) AS unchanged_since,
    c.revenue_minor / CAST(c.revenue_scale AS DOUBLE PRECISION) AS revenue,
    c.currency                                 AS currency,
    CAST(p.content ->> '$.revenue.basis' AS TEXT) AS revenue_basis,
    s.revenue_change / CAST(c.revenue_scale AS DOUBLE PRECISION) AS revenue_change_from_last,
    CAST(s.revenue_change AS DOUBLE PRECISION) * 100 / nullif(abs(c.revenue_minor - s.revenue_change), 0)
                                               AS revenue_change_percent,
    c.overall_score / 100.0                    AS overall_health_score,
    CASE c.overall_band WHEN 0 THEN 'critical' WHEN 1 THEN 'at_risk' WHEN 2 THEN 'healthy' END
                                               AS overall_health_status,
    c.product_usage / 100.0                    AS product_usage_score,
    c.support / 100.0                          AS support_score,
    c.customer_sentiment / 100.0               AS customer_sentiment_score,
    c.business_outcomes / 100.0                AS business_outcomes_score,
    c.relationship_strength / 100.0            AS relationship_strength_score,
    CASE c.score_source WHEN 1 THEN 'ingested' WHEN 2 THEN 'calculated' END AS health_score_source,
    s.score_change / 100.0                     AS health_score_change_from_last,
    s.score_change_window / 100.0              AS health_score_change_30d,
    CASE s.trend WHEN -1 THEN 'declining' WHEN 0 THEN 'stable' WHEN 1 THEN 'improving' END AS health_score_trend,
    CAST(p.content ->> '$.account_status' AS TEXT) AS account_status,
    CAST(p.content ->> '$.industry' AS TEXT)   AS industry,
    CAST(p.content ->> '$.region' AS TEXT)     AS region,
    CAST(p.content ->> '$.account_tier' AS TEXT) AS account_tier,
    CAST(p.content ->> '$.contract_start_date' AS TEXT) AS contract_start_date,
    CAST(p.content ->> '$.contract_end_date' AS TEXT) AS contract_end_date,
    CAST(p.content ->> '$.renewal_date' AS TEXT) AS renewal_date,
    CAST(p.content ->> '$.assigned_csm' AS TEXT) AS assigned_csm,
    CAST(p.content ->> '$.csm_manager' AS TEXT) AS csm_manager,
    CAST(p.content ->> '$.account_owner' AS TEXT) AS account_owner,
    CAST(p.content ->> '$.executive_sponsor' AS TEXT) AS executive_sponsor,
    CAST(p.content ->> '$.products_used' AS TEXT) AS products_used,
    CAST(json_array_length(p.content ->> '$.products_used') AS BIGINT) AS product_count,
    CAST(p.content ->> '$.primary_product' AS TEXT) AS primary_product,
    CAST(c.playbooks ->> '$.running' AS TEXT)  AS playbooks_running,
    CAST(c.playbooks ->> '$.running_count' AS BIGINT) AS playbooks_running_count,
    CAST(c.playbooks ->> '$.completed' AS BIGINT) AS playbooks_completed_count,
    s.completed_in_window                      AS playbooks_completed_last_30_days,
    CAST(
        CASE WHEN c.playbooks ->> '$.last.execution_id' IS NOT NULL THEN
            json_object(
                'playbook_id', c.playbooks ->> '$.last.playbook_id',
                'execution_id', c.playbooks ->> '$.last.execution_id',
                'status', c.playbooks ->> '$.last.status', 'started_at', c.playbooks ->> '$.last.started_at'
            )
        END AS TEXT
    )                                          AS last_playbook_executed,
    s.recommendations                          AS playbook_recommendations_active,
    CAST(c.playbooks ->> '$.reports' AS TEXT)  AS recent_playbook_report_ids,
    c.account_level_kpis + c.product_level_kpis AS total_kpis,
    c.account_level_kpis                       AS account_level_kpis,
    c.product_level_kpis                       AS product_level_kpis,
    c.critical_kpis                            AS critical_kpis_count,
    c.at_risk_kpis                             AS at_risk_kpis_count,
    c.healthy_kpis                             AS healthy_kpis_count,
    c.account_level_kpis + c.product_level_kpis - c.critical_kpis - c.at_risk_kpis - c.healthy_kpis
                                               AS unscored_kpis_count,
    CAST(
        CASE
            WHEN k1.id IS NULL THEN json_array()
            WHEN k2.id IS NULL THEN json_array(coalesce(w1.kpi, k1.kpi))
            WHEN k3.id IS NULL THEN json_array(coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi))
            WHEN k4.id IS NULL THEN json_array(
                coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi), coalesce(w3.kpi, k3.kpi)
            )
            WHEN k5.id IS NULL THEN json_array(
                coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi), coalesce(w3.kpi, k3.kpi), coalesce(w4.kpi, k4.kpi)
            )
            ELSE json_array(
                coalesce(w1.kpi, k1.kpi), coalesce(w2.kpi, k2.kpi), coalesce(w3.kpi, k3.kpi),
                coalesce(w4.kpi, k4.kpi), coalesce(w5.kpi, k5.kpi)
            )
        END AS TEXT
    )                                          AS top_critical_kpis,
    CAST(p.content ->> '$.lifecycle_stage' AS TEXT) AS lifecycle_stage,
    CAST(p.content ->> '$.onboarding_status' AS TEXT) AS onboarding_status,
    CAST(p.content ->> '$.last_qbr_date' AS TEXT) AS last_qbr_date,
    CAST(p.content ->> '$.next_qbr_date' AS TEXT) AS next_qbr_date,
    CAST(p.content ->> '$.engagement_score' AS BIGINT) / 100.0 AS engagement_score,
    CAST(p.content ->> '$.primary_champion' AS TEXT) AS primary_champion,
    CAST(p.content ->> '$.champion_status' AS TEXT) AS champion_status,
    CAST(p.content ->> '$.stakeholder_count' AS BIGINT) AS stakeholder_count,
    CAST(c.notes ->> '$.ids' AS TEXT)          AS recent_csm_note_ids,
    coalesce(CAST(p.content ->> '$.attributes' AS TEXT), '{}') AS attributes,
    CAST(
        json_object(
            'kpis', CASE WHEN u.id IS NOT NULL THEN
                json_object('upload_id', u.id, 'file', u.file_name, 'ingested_at', ug.recorded_text)
            END,
            'profile', CASE WHEN pu.id IS NOT NULL THEN
                json_object('upload_id', pu.id, 'file', pu.file_name, 'ingested_at', pug.recorded_text)
            END,
            'health', CASE WHEN hu.id IS NOT NULL THEN
                json_object('upload_id', hu.id, 'file', hu.file_name, 'ingested_at', hug.recorded_text)
            END,
            'playbooks', CASE WHEN bu.id IS NOT NULL THEN
                json_object('upload_id', bu.id, 'file', bu.file_name, 'ingested_at', bug.recorded_text)
            END,
            'notes', CASE WHEN nu.id IS NOT NULL THEN
                json_object('upload_id', nu.id, 'file', nu.file_name, 'ingested_at', nug.recorded_text)
            END
        ) AS TEXT
    )                                          AS sources,
    f.hash                                     AS scoring_config_hash,
    lower(hex(c.hash))                         AS content_hash,
    lower(hex(g.digest))                       AS chain_hash
FROM snapshots s
LEFT JOIN account_heads h ON h.account_id = s.account_id
LEFT JOIN customer_heads cu ON cu.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = s.change_id
LEFT JOIN snapshot_contents c ON c.id = s.content_id
LEFT JOIN scoring_configs f ON f.id = s.scoring_config_id
-- The content was written by the first snapshot of its unbroken run, which itself may be gone.
LEFT JOIN changes rg ON rg.id = c.change_id
LEFT JOIN uploads u ON u.id = s.kpis_upload_id
LEFT JOIN changes ug ON ug.id = u.change_id
LEFT JOIN uploads pu ON pu.id = s.profile_upload_id
LEFT JOIN changes pug ON pug.id = pu.change_id
LEFT JOIN uploads hu ON hu.id = s.health_upload_id
LEFT JOIN changes hug ON hug.id = hu.change_id
LEFT JOIN uploads bu ON bu.id = s.playbooks_upload_id
LEFT JOIN changes bug ON bug.id = bu.change_id
LEFT JOIN uploads nu ON nu.id = s.notes_upload_id
LEFT JOIN changes nug ON nug.id = nu.change_id
LEFT JOIN profiles p ON p.id = c.profile_id
LEFT JOIN kpi_series k1 ON k1.id = CAST(c.top_critical ->> '$[0]' AS BIGINT)
LEFT JOIN kpi_series k2 ON k2.id = CAST(c.top_critical ->> '$[1]' AS BIGINT)
LEFT JOIN kpi_series k3 ON k3.id = CAST(c.top_critical ->> '$[2]' AS BIGINT)
LEFT JOIN kpi_series k4 ON k4.id = CAST(c.top_critical ->> '$[3]' AS BIGINT)
LEFT JOIN kpi_series k5 ON k5.id = CAST(c.top_critical ->> '$[4]' AS BIGINT)
-- A KPI is called as it was when the snapshot was taken.
LEFT JOIN kpi_series_words w1 ON w1.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k1.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w2 ON w2.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k2.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w3 ON w3.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k3.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w4 ON w4.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k4.id AND n.change_id <= s.change_id
)
LEFT JOIN kpi_series_words w5 ON w5.id = (
    SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = k5.id AND n.change_id <= s.change_id
)
-- What retention hid is passed over.
WHERE NOT EXISTS (
    SELECT 1 FROM tombstones t WHERE t.snapshot_id = s.id AND t.hidden = 1
    AND NOT EXISTS (SELECT 1 FROM tombstones n WHERE n.snapshot_id = t.snapshot_id AND n.id > t.id)
);

CREATE VIEW v_latest AS
WITH retracted AS (
    SELECT DISTINCT r.account_id, r.snapshot_id
    FROM retractions r
    JOIN upload_undoings z ON z.upload_id = r.upload_id
    WHERE z.undone = 1
    AND NOT EXISTS (SELECT 1 FROM upload_undoings y WHERE y.upload_id = z.upload_id AND y.id > z.id)
),
previous AS (
    SELECT r.account_id, coalesce(b.previous_id, s.previous_id) AS snapshot_id
    FROM retracted r
    JOIN snapshots s ON s.id = r.snapshot_id
    LEFT JOIN snapshot_bridges b ON b.snapshot_id = s.id
),
standing AS (
    SELECT p.account_id, max(p.snapshot_id) AS snapshot_id
    FROM previous p
    WHERE p.snapshot_id NOT IN (SELECT r.snapshot_id FROM retracted r)
    GROUP BY p.account_id
)
SELECT s.*
FROM (
    SELECT
        h.account_id,
        CASE WHEN h.snapshot_id IN (SELECT r.snapshot_id FROM retracted r)
            THEN (SELECT t.snapshot_id FROM standing t WHERE t.account_id = h.account_id)
            ELSE h.snapshot_id
        END AS snapshot_id
    FROM account_heads h
) n
JOIN v_snapshots s ON s.snapshot_id = n.snapshot_id AND s.account_id = n.account_id;

CREATE VIEW v_kpi_history AS
SELECT
    c.name        AS customer,
    k.account_id  AS account_id,
    h.external_id AS external_account_id,
    h.name        AS account_name,
    coalesce(w.kpi, s.kpi) AS kpi,
    s.product     AS product,
    CAST(j.value AS DOUBLE PRECISION) AS value,
    CASE WHEN w.id IS NULL THEN s.unit ELSE w.unit END AS unit,
    CASE CASE WHEN w.id IS NULL THEN s.category ELSE w.category END
        WHEN 0 THEN 'Product Usage' WHEN 1 THEN 'Support' WHEN 2 THEN 'Customer Sentiment'
        WHEN 3 THEN 'Business Outcomes' WHEN 4 THEN 'Relationship Strength'
    END             AS category,
    k.observed_on   AS observed_at,
    g.recorded_text AS ingested_at,
    k.upload_id     AS upload_id
FROM kpi_changes k
CROSS JOIN json_each(k.changed) j
CROSS JOIN kpi_series s
LEFT JOIN kpi_series_words w ON w.id = (SELECT max(n.id) FROM kpi_series_words n WHERE n.series_id = s.id)
LEFT JOIN account_heads h ON h.account_id = k.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN changes g ON g.id = k.change_id
WHERE s.id = CAST(j.key AS BIGINT)
AND (SELECT z.undone FROM upload_undoings z WHERE z.upload_id = k.upload_id ORDER BY z.id DESC LIMIT 1) IS NOT 1
AND NOT EXISTS (
    SELECT 1 FROM kpi_changes y
    WHERE k.retold = 2 AND y.retold = 2 AND y.account_id = k.account_id AND y.upload_id = k.upload_id
    AND y.observed_on = k.observed_on AND y.dated = k.dated AND y.id > k.id
);

CREATE VIEW v_playbooks AS
SELECT
    c.name           AS customer,
    r.account_id     AS account_id,
    h.external_id    AS external_account_id,
    h.name           AS account_name,
    r.execution_id   AS execution_id,
    r.playbook_id    AS playbook_id,
    CASE r.status
        WHEN 1 THEN 'in-progress' WHEN 2 THEN 'completed' WHEN 3 THEN 'failed' WHEN 4 THEN 'cancelled'
    END              AS status,
    r.started_text   AS started_at,
    r.completed_text AS completed_at,
    r.current_step   AS current_step,
    r.report         AS report,
    r.details        AS details,
    r.upload_id      AS upload_id,
    g.recorded_text  AS ingested_at
FROM playbook_runs r
LEFT JOIN account_heads h ON h.account_id = r.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = r.upload_id
LEFT JOIN changes g ON g.id = CASE WHEN r.refolded IS NULL THEN r.change_id ELSE u.change_id END
WHERE r.id = (
    SELECT max(n.id) FROM playbook_runs n WHERE n.account_id = r.account_id AND n.execution_id = r.execution_id
)
AND r.refolded IS NOT 2;

CREATE VIEW v_notes AS
SELECT
    c.name          AS customer,
    t.account_id    AS account_id,
    h.external_id   AS external_account_id,
    h.name          AS account_name,
    t.note_id       AS note_id,
    t.note_type     AS note_type,
    t.title         AS title,
    t.content       AS content,
    t.author        AS author,
    t.written_text  AS written_at,
    t.upload_id     AS upload_id,
    g.recorded_text AS ingested_at
FROM notes t
LEFT JOIN account_heads h ON h.account_id = t.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = t.upload_id
LEFT JOIN changes g ON g.id = CASE WHEN t.refolded IS NULL THEN t.change_id ELSE u.change_id END
WHERE t.id = (SELECT max(n.id) FROM notes n WHERE n.account_id = t.account_id AND n.note_id = t.note_id)
AND t.refolded IS NOT 2;

CREATE VIEW v_health_scores AS
SELECT
    c.name                          AS customer,
    s.account_id                    AS account_id,
    h.external_id                   AS external_account_id,
    h.name                          AS account_name,
    s.month                         AS month,
    s.observed_on                   AS observed_at,
    CASE s.source WHEN 1 THEN 'ingested' WHEN 2 THEN 'calculated' END AS health_score_source,
    CAST(CASE WHEN s.id = h.health_id THEN 1 ELSE 0 END AS BIGINT) AS is_current,
    s.overall / 100.0               AS overall_health_score,
    s.product_usage / 100.0         AS product_usage_score,
    s.support / 100.0               AS support_score,
    s.customer_sentiment / 100.0    AS customer_sentiment_score,
    s.business_outcomes / 100.0     AS business_outcomes_score,
    s.relationship_strength / 100.0 AS relationship_strength_score,
    s.upload_id                     AS upload_id,
    g.recorded_text                 AS ingested_at
FROM health_scores s
LEFT JOIN account_heads h ON h.account_id = s.account_id
LEFT JOIN customer_heads c ON c.customer_id = h.customer_id
LEFT JOIN uploads u ON u.id = s.upload_id
LEFT JOIN changes g ON g.id = CASE WHEN s.refolded IS NULL THEN s.change_id ELSE u.change_id END
WHERE s.id = (
    SELECT max(n.id) FROM health_scores n
    WHERE n.account_id = s.account_id AND n.month = s.month AND n.source = s.source AND n.is_late IS NULL
)
AND s.refolded IS NOT 2;

CREATE VIEW v_uploads AS
SELECT
    c.name               AS customer,
    CAST(NULL AS BIGINT) AS account_id,
    CAST(NULL AS TEXT)   AS external_account_id,
    CAST(NULL AS TEXT)   AS account_name,
    u.id                 AS upload_id,
    CASE u.kind
        WHEN 1 THEN 'kpis' WHEN 2 THEN 'profiles' WHEN 3 THEN 'playbooks' WHEN 4 THEN 'health' WHEN 5 THEN 'notes'
    END                  AS kind,
    u.file_name          AS file_name,
    lower(hex(u.sha256)) AS sha256,
    u.bytes              AS bytes,
    g.recorded_text      AS ingested_at,
    g.actor              AS actor,
    u.rows_read          AS rows_read,
    u.rows_inserted      AS rows_inserted,
    u.rows_updated       AS rows_updated,
    u.rows_unchanged     AS rows_unchanged,
    u.rows_rejected      AS rows_rejected,
    u.accounts_touched   AS accounts_touched,
    u.accounts_created   AS accounts_created,
    (
        SELECT CASE z.undone WHEN 1 THEN zg.recorded_text END
        FROM upload_undoings z JOIN changes zg ON zg.id = z.change_id
        WHERE z.upload_id = u.id ORDER BY z.id DESC LIMIT 1
    )                    AS undone_at
FROM uploads u
LEFT JOIN customer_heads c ON c.customer_id = u.customer_id
LEFT JOIN changes g ON g.id = u.change_id;

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

CREATE TRIGGER tags_refuse_UPDATE BEFORE UPDATE ON tags BEGIN SELECT RAISE(ABORT, 'tags: history is immutable'); END;

CREATE TRIGGER tags_refuse_DELETE BEFORE DELETE ON tags BEGIN SELECT RAISE(ABORT, 'tags: history is immutable'); END;

CREATE TRIGGER tags_refuse_replace BEFORE INSERT ON tags WHEN EXISTS (SELECT 1 FROM tags WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'tags: history is immutable'); END;

CREATE TRIGGER pins_refuse_UPDATE BEFORE UPDATE ON pins BEGIN SELECT RAISE(ABORT, 'pins: history is immutable'); END;

CREATE TRIGGER pins_refuse_DELETE BEFORE DELETE ON pins BEGIN SELECT RAISE(ABORT, 'pins: history is immutable'); END;

CREATE TRIGGER pins_refuse_replace BEFORE INSERT ON pins WHEN EXISTS (SELECT 1 FROM pins WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'pins: history is immutable'); END;

CREATE TRIGGER retention_runs_refuse_UPDATE BEFORE UPDATE ON retention_runs BEGIN SELECT RAISE(ABORT, 'retention_runs: history is immutable'); END;

CREATE TRIGGER retention_runs_refuse_DELETE BEFORE DELETE ON retention_runs BEGIN SELECT RAISE(ABORT, 'retention_runs: history is immutable'); END;

CREATE TRIGGER retention_runs_refuse_replace BEFORE INSERT ON retention_runs WHEN EXISTS (SELECT 1 FROM retention_runs WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'retention_runs: history is immutable'); END;

CREATE TRIGGER tombstones_refuse_UPDATE BEFORE UPDATE ON tombstones BEGIN SELECT RAISE(ABORT, 'tombstones: history is immutable'); END;

CREATE TRIGGER tombstones_refuse_DELETE BEFORE DELETE ON tombstones BEGIN SELECT RAISE(ABORT, 'tombstones: history is immutable'); END;

CREATE TRIGGER tombstones_refuse_replace BEFORE INSERT ON tombstones WHEN EXISTS (SELECT 1 FROM tombstones WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'tombstones: history is immutable'); END;

CREATE TRIGGER removed_rows_refuse_UPDATE BEFORE UPDATE ON removed_rows BEGIN SELECT RAISE(ABORT, 'removed_rows: history is immutable'); END;

CREATE TRIGGER removed_rows_refuse_DELETE BEFORE DELETE ON removed_rows BEGIN SELECT RAISE(ABORT, 'removed_rows: history is immutable'); END;

CREATE TRIGGER removed_rows_refuse_replace BEFORE INSERT ON removed_rows WHEN EXISTS (SELECT 1 FROM removed_rows WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'removed_rows: history is immutable'); END;

CREATE TRIGGER upload_undoings_refuse_UPDATE BEFORE UPDATE ON upload_undoings BEGIN SELECT RAISE(ABORT, 'upload_undoings: history is immutable'); END;

CREATE TRIGGER upload_undoings_refuse_DELETE BEFORE DELETE ON upload_undoings BEGIN SELECT RAISE(ABORT, 'upload_undoings: history is immutable'); END;

CREATE TRIGGER upload_undoings_refuse_replace BEFORE INSERT ON upload_undoings WHEN EXISTS (SELECT 1 FROM upload_undoings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'upload_undoings: history is immutable'); END;

CREATE TRIGGER retractions_refuse_UPDATE BEFORE UPDATE ON retractions BEGIN SELECT RAISE(ABORT, 'retractions: history is immutable'); END;

CREATE TRIGGER retractions_refuse_DELETE BEFORE DELETE ON retractions BEGIN SELECT RAISE(ABORT, 'retractions: history is immutable'); END;

CREATE TRIGGER retractions_refuse_replace BEFORE INSERT ON retractions WHEN EXISTS (SELECT 1 FROM retractions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'retractions: history is immutable'); END;

CREATE TRIGGER account_merges_refuse_UPDATE BEFORE UPDATE ON account_merges BEGIN SELECT RAISE(ABORT, 'account_merges: history is immutable'); END;

CREATE TRIGGER account_merges_refuse_DELETE BEFORE DELETE ON account_merges BEGIN SELECT RAISE(ABORT, 'account_merges: history is immutable'); END;

CREATE TRIGGER account_merges_refuse_replace BEFORE INSERT ON account_merges WHEN EXISTS (SELECT 1 FROM account_merges WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'account_merges: history is immutable'); END;
