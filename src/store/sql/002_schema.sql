-- Version 2: profiles, health scores, playbook executions and notes; archived accounts; KPI names by hand.
--
-- Every row is one version, written only where it differs from the one before: previous_id leads to the account's
-- row before it, replaces_id to the earlier version of the same month, execution or note. `said` tells which of its
-- fields the upload named, so that an upload can be taken back; what an upload said again is a confirmation.

-- said: what the upload said, null empties; content: all that is known since. Both as JSON.
CREATE TABLE profiles (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    upload_id   INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    previous_id INTEGER,
    said        TEXT NOT NULL CHECK (json_valid(said)),
    content     TEXT NOT NULL CHECK (json_valid(content)),
    salt        BLOB NOT NULL
) STRICT;

-- source: 1 ingested, 2 calculated (then without an upload). is_late: an earlier day of its month was said after a
-- later one; such a row is history and counts nowhere. Scores in hundredths. said: bits 1 overall, 2 to 32 the
-- five categories.
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
) STRICT;
CREATE INDEX health_scores_by_month ON health_scores (account_id, month, id);

-- status: 1 in progress, 2 completed, 3 failed, 4 cancelled. said: the names of the fields, separated by commas.
-- *_text: the instant as ISO text, for the views.
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
) STRICT;
CREATE INDEX playbook_runs_by_execution ON playbook_runs (account_id, execution_id, id);

-- written_text: the instant as ISO text, for the views.
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
) STRICT;
CREATE INDEX notes_by_note ON notes (account_id, note_id, id);
CREATE INDEX notes_by_time ON notes (account_id, written_at, id);

-- What an upload said again of an account without a change. row_ids: the versions confirmed, as a JSON array in the
-- table of the upload's kind; fields: of a profile, the fields named, separated by line feeds.
CREATE TABLE confirmations (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    upload_id  INTEGER NOT NULL,
    change_id  INTEGER NOT NULL,
    row_ids    TEXT NOT NULL CHECK (json_valid(row_ids)),
    fields     TEXT
) STRICT;
CREATE INDEX confirmations_by_upload ON confirmations (upload_id, id);

-- The newest row of an account says whether it is archived.
CREATE TABLE account_archivings (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    change_id  INTEGER NOT NULL,
    archived   INTEGER NOT NULL CHECK (archived IN (0, 1)),
    reason     TEXT
) STRICT;

-- What a series is called from a change on, and its unit and category then. The newest row holds in place of the
-- series' own words; earlier names go on leading to it.
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

-- revenue_scale: how many minor units make one of the currency.
ALTER TABLE snapshot_contents ADD COLUMN currency TEXT;
ALTER TABLE snapshot_contents ADD COLUMN revenue_scale INTEGER;

-- The uploads that had last named each part of the account.
ALTER TABLE snapshots ADD COLUMN profile_upload_id INTEGER;
ALTER TABLE snapshots ADD COLUMN health_upload_id INTEGER;
ALTER TABLE snapshots ADD COLUMN playbooks_upload_id INTEGER;
ALTER TABLE snapshots ADD COLUMN notes_upload_id INTEGER;

-- kpi_values_change_id: the change that last changed a value, weights and impacts aside. health_id: the ingested row
-- of the newest month, health_month that month. The other rows: the account's newest of the kind. *_upload_id: the
-- upload that last named it.
ALTER TABLE account_heads ADD COLUMN kpi_values_change_id INTEGER;
ALTER TABLE account_heads ADD COLUMN profile_id INTEGER;
ALTER TABLE account_heads ADD COLUMN profile_upload_id INTEGER;
ALTER TABLE account_heads ADD COLUMN health_id INTEGER;
ALTER TABLE account_heads ADD COLUMN health_month TEXT;
ALTER TABLE account_heads ADD COLUMN health_row_id INTEGER;
ALTER TABLE account_heads ADD COLUMN health_upload_id INTEGER;
ALTER TABLE account_heads ADD COLUMN playbook_row_id INTEGER;
ALTER TABLE account_heads ADD COLUMN playbooks_upload_id INTEGER;
ALTER TABLE account_heads ADD COLUMN note_row_id INTEGER;
ALTER TABLE account_heads ADD COLUMN notes_upload_id INTEGER;
UPDATE account_heads SET kpi_values_change_id = k.change_id
FROM (SELECT account_id, max(change_id) AS change_id FROM kpi_changes WHERE changed <> '{}' GROUP BY account_id) k
WHERE k.account_id = account_heads.account_id;
