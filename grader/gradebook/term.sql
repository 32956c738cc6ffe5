-- What a term adds to a gradebook: who is in the class, when work came in, what was decided by hand.
-- Facts only, added to and never changed; every view of them (late, best, by hand) is computed.
--
-- Every statement may run again on a file that has these tables, and an older dlgrade leaves them
-- alone: that is why they need no new version of the file.

-- One reading of a roster; the newest of an assignment counts.
CREATE TABLE IF NOT EXISTS roster (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    read_at    TEXT NOT NULL                  -- ISO 8601, UTC
);

CREATE TABLE IF NOT EXISTS roster_entry (
    roster   INTEGER NOT NULL REFERENCES roster (id),
    position INTEGER NOT NULL,                -- the row of the file
    name     TEXT NOT NULL,
    ids      TEXT NOT NULL,                   -- JSON: every number and key the platform knows
    login    TEXT NOT NULL,
    email    TEXT NOT NULL,
    PRIMARY KEY (roster, position)
) WITHOUT ROWID;

-- How a submission came in: the newest row of a name says who it is, and the newest one up to an
-- attempt's run says when that attempt came in.
CREATE TABLE IF NOT EXISTS delivery (
    id          INTEGER PRIMARY KEY,
    assignment  INTEGER NOT NULL REFERENCES assignment (id),
    submission  TEXT NOT NULL,                -- its name in `submission`
    run         INTEGER NOT NULL REFERENCES run (id),
    layout      TEXT NOT NULL,                -- 'folders', 'canvas', 'moodle', …
    platform_id TEXT NOT NULL,                -- as the platform names the student; '' when unknown
    full_name   TEXT NOT NULL,
    login       TEXT NOT NULL,
    email       TEXT NOT NULL,
    came_in     TEXT,                         -- ISO 8601, UTC; null when unknown
    marked_late INTEGER NOT NULL              -- by the platform
);
CREATE INDEX IF NOT EXISTS delivery_by_name ON delivery (assignment, submission, id);

-- Points given by hand: the newest row of a student and an exercise counts.
CREATE TABLE IF NOT EXISTS override (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    exercise   TEXT NOT NULL,
    points     REAL,                          -- null: as it was graded, again
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);
CREATE INDEX IF NOT EXISTS override_by_name ON override (assignment, submission, exercise, id);
