-- Version 1. Frozen: a later version is a later file.
--
-- Facts, events, decisions and snapshots are append-only; triggers (made in Rust, one set per table of the
-- ledger) refuse UPDATE, DELETE and a second INSERT under a taken id. Caches and counters may change.
-- Instants are INTEGER milliseconds UTC, days TEXT YYYY-MM-DD, scores INTEGER hundredths.
-- A column added later comes last and is nullable: trailing NULLs do not enter a row's hash.

CREATE TABLE counters (
    kind  TEXT PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT, WITHOUT ROWID;

-- The ledger: one write transaction of one customer.
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

-- The newest row of a customer is its name; every key goes on leading to it.
CREATE TABLE customer_names (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    name        TEXT NOT NULL CHECK (name <> ''),
    name_key    TEXT NOT NULL,
    salt        BLOB NOT NULL
) STRICT;
CREATE INDEX customer_names_by_key ON customer_names (name_key, id);

-- The salt also keys the hashes of the account's rows that hold no text of their own.
CREATE TABLE accounts (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    salt        BLOB NOT NULL
) STRICT;
CREATE INDEX accounts_by_customer ON accounts (customer_id, id);

-- kind: 1 name, 2 alias, 3 external id (its key is the id itself). The newest row of a key leads.
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

-- category: 0 to 4 in the order of HEALTH.md.
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

-- kind: 1 kpis, 2 profiles, 3 playbooks, 4 health, 5 notes. rows_from to rows_to: the ids of the rows that it
-- wrote into its kind's table of facts.
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

-- Weights and impacts by series, kept once per text: {"d": day, "w": {"series": [weight, impact, day, day]}}.
CREATE TABLE weightings (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    change_id   INTEGER NOT NULL,
    text_hash   INTEGER NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE INDEX weightings_by_text ON weightings (customer_id, text_hash);

-- What one upload said of one account's KPIs at one day. changed: {"series": number, or null: withdrawn};
-- named: the series it named, as ranges ("1-59,71"); dated: whether the file gave the day. That the JSON is valid is
-- not checked here: it is written by Rust alone, and checking it took a twentieth of an ingest.
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
) STRICT;

-- outcome: 1 created, 2 covered, 3 skipped, 4 deferred, 5 denied, 6 failed.
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

-- The state itself. top_critical: at most five series, worst first.
-- score_source: 1 ingested, 2 calculated; bands: 0 critical, 1 at risk, 2 healthy.
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
) STRICT;

-- The header. created_by is NULL for automatic ones; run_start_id names the snapshot in which this content first
-- appeared in its unbroken run, NULL where that is this one.
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
) STRICT;

-- Caches, refolded from the history by verify.

CREATE TABLE customer_heads (
    customer_id       INTEGER PRIMARY KEY,
    name              TEXT NOT NULL,
    change_id         INTEGER NOT NULL,
    recorded_at       INTEGER NOT NULL,
    digest            BLOB NOT NULL,
    scoring_config_id INTEGER,
    upload_id         INTEGER
) STRICT;

-- kpi_fact_id: the newest kpi_changes row that changed something; kpi_row_id: the newest one of all.
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
) STRICT;

-- vector: {"series": [value, score in hundredths, band, day, upload]}; day and upload only where they differ
-- from the row's own.
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
