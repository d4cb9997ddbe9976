-- Version 3: runs of the schedule, and the slots that they filled.

-- One run for one customer. evaluated_at: the instant by which it judged what was due, which is before the change's
-- own where the system's clock went back. due: accounts that were owed a snapshot; created and failed: what came of
-- it; flushed: snapshots of changes that were pending. rules_hash: of the rules and the time zone that decided.
-- failed_accounts: their ids as a JSON array. evaluated_text: the instant as ISO text, for the views.
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

-- A filled slot. cadence: 1 daily, 2 weekly, 3 monthly, 4 quarterly. gap_from to gap_to: the labels of the slots of
-- this cadence that became due before it while no run filled them, gap_count how many; NULL where there are none.
-- due_text: the instant as ISO text, for the views.
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

-- Label first, so that the inserts of one period lie together.
CREATE UNIQUE INDEX slots_by_label ON slots (label, account_id);

-- REPLACE would take the row that is there without a DELETE that a trigger sees.
CREATE TRIGGER slots_refuse_second BEFORE INSERT ON slots
WHEN EXISTS (SELECT 1 FROM slots WHERE label = NEW.label AND account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'slots: this slot of the account is filled'); END;

-- A cache: the slot of each cadence that was filled last.
CREATE TABLE slot_heads (
    account_id INTEGER NOT NULL,
    cadence    INTEGER NOT NULL CHECK (cadence BETWEEN 1 AND 4),
    label      TEXT NOT NULL,
    due_at     INTEGER NOT NULL,
    PRIMARY KEY (account_id, cadence)
) STRICT, WITHOUT ROWID;
