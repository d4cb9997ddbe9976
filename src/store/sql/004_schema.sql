-- Version 4: tags and pins; what retention hides and purge or erasure removes; uploads that were taken back.
--
-- Marks are rows of the history too: the newest of its key says how things stand, and what was known at an earlier
-- moment is answered from the rows until then.

-- A tag names at most one snapshot of each account. snapshot_id: the snapshot that it names from this row on, NULL
-- where it was taken away.
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

-- kind: 1 apply, 2 undo, 3 purge. undoes_id: the apply that an undo takes back. policy: the rules that decided, as
-- JSON. snapshots: how many were hidden, shown again or removed.
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

-- The newest row of a snapshot says whether it is hidden.
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

-- What purge or erasure took: the hash with which the row stands in the digest of its own change (row_change_id), so
-- that the ledger goes on verifying. table_tag: the table's number in the ledger. redacted_hash: of the row as it
-- stands now, where it stays with its personal text taken out; NULL where it is gone.
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

-- The newest row of an upload says whether it is taken back.
CREATE TABLE upload_undoings (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    change_id   INTEGER NOT NULL,
    upload_id   INTEGER NOT NULL REFERENCES uploads (id),
    undone      INTEGER NOT NULL CHECK (undone IN (0, 1))
) STRICT;
CREATE INDEX upload_undoings_by_upload ON upload_undoings (upload_id, id);

-- A cache, refolded by verify: of a snapshot whose predecessor was removed, the nearest one before it that is still there.
CREATE TABLE snapshot_bridges (
    snapshot_id INTEGER PRIMARY KEY,
    previous_id INTEGER NOT NULL
) STRICT;

-- The snapshots that were made from an upload that was taken back, while it is.
CREATE TABLE retractions (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    change_id   INTEGER NOT NULL,
    snapshot_id INTEGER NOT NULL,
    upload_id   INTEGER NOT NULL
) STRICT;
CREATE INDEX retractions_by_snapshot ON retractions (snapshot_id, upload_id);

-- account_id was merged into into_id: its names and ids lead there from this row's change on. The first row of an account
-- says whose facts took its own in, the newest where its names lead, be it that the other was merged in its turn.
CREATE TABLE account_merges (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    change_id  INTEGER NOT NULL,
    into_id    INTEGER NOT NULL
) STRICT;
CREATE INDEX account_merges_by_account ON account_merges (account_id, id);
CREATE INDEX account_merges_by_into ON account_merges (into_id, id);

-- Rows that a taking back or a merge wrote, not an upload. Of kpi_changes: what another upload had said too, and what had gone
-- without saying while the one taken back stood; or, without any value, a mark that the fold is another from here on.
-- 2: what an upload said of an account that was merged into this one and of KPIs of which nothing else was known; it stands
-- in the place of an earlier such row of the same upload and day, and may be empty.
ALTER TABLE kpi_changes ADD COLUMN retold INTEGER CHECK (retold BETWEEN 1 AND 2);
CREATE INDEX kpi_changes_taken_in ON kpi_changes (upload_id, account_id) WHERE retold = 2;
-- The weights and impacts that an upload named and that were known: they stand where what made them known is taken back.
ALTER TABLE kpi_changes ADD COLUMN confirmed_weighting_id INTEGER;
-- Of the others: 1, the thing as the remaining uploads said it, in the name of the last one that changed it, from whose
-- change it counts; 2, none of them speaks of it.
ALTER TABLE profiles ADD COLUMN refolded INTEGER CHECK (refolded BETWEEN 1 AND 2);
ALTER TABLE health_scores ADD COLUMN refolded INTEGER CHECK (refolded BETWEEN 1 AND 2);
ALTER TABLE playbook_runs ADD COLUMN refolded INTEGER CHECK (refolded BETWEEN 1 AND 2);
ALTER TABLE notes ADD COLUMN refolded INTEGER CHECK (refolded BETWEEN 1 AND 2);
-- Of such a row: the change of the remaining upload that first completed the execution.
ALTER TABLE playbook_runs ADD COLUMN completed_change_id INTEGER;
CREATE INDEX notes_refolded ON notes (account_id) WHERE refolded IS NOT NULL;
