-- The gradebook of dlgrade, version 9. Facts only: what was found out about which content, when, and
-- under which limits; who is in the class, when work came in, what was decided by hand. Every score
-- is a view. Nothing is ever updated or deleted but the two columns of `assignment` that say how the
-- run goes on, and what is damaged: it belongs to nobody any more, and is graded again.
--
-- PRAGMA application_id marks the file as a gradebook, PRAGMA user_version is the version above;
-- both are written with this schema in one transaction. An older file gets the tables that it lacks
-- and every view anew (`migration.migrate`), so a statement here begins with CREATE and its name.
--
-- Version 8 had views without the points by hand of those who handed in nothing. Version 7 did not know what students say of the hints that they have read. Version 6 paid what was graded when a check was worth more. Version 5 had no spares. Version 4 did not know what decided a verdict, so that any change to a course regraded all of it.
-- Version 3 knew neither whose word a time is, nor how a file was recognised, nor what is excused or
-- extended. Version 2 had no seals, and no ends of runs. Version 1 had views that cost the square of a class and
-- knew no decisions by hand; its first files had no roster, delivery and override.

-- One piece of homework: a name, and the seed that every run of it uses.
CREATE TABLE assignment (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    seed         INTEGER NOT NULL,            -- drawn for this assignment; students never see it
    redo_through INTEGER NOT NULL DEFAULT 0   -- facts up to this id do not count as done (--regrade)
);

-- Which exercises an assignment has asked for so far, and what they are worth.
CREATE TABLE asked (
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    exercise   TEXT NOT NULL,                 -- 'conv.im2col', later also 'quiz.conv'
    position   INTEGER NOT NULL,              -- its place in the course
    possible   REAL NOT NULL,
    PRIMARY KEY (assignment, exercise)
) WITHOUT ROWID;

-- One `dlgrade grade`: the conditions under which facts were found out.
CREATE TABLE run (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    started    TEXT NOT NULL,                 -- ISO 8601, UTC
    seed       INTEGER NOT NULL,
    course     TEXT NOT NULL,                 -- digest of stubs, checks and solutions
    timeout_s  REAL NOT NULL,                 -- CPU seconds for an exercise
    memory_mib INTEGER NOT NULL,
    sandbox    TEXT NOT NULL,                 -- 'bwrap', 'uid' or 'none'
    oracles    TEXT NOT NULL,                 -- JSON: ["reference", "torch"]
    versions   TEXT NOT NULL                  -- JSON: {"dlgrade": "…", "python": "…", …}
);

-- What decides the verdicts of a run, a fingerprint for each exercise whose cases it looked at, written
-- before the first fact that they decide: what was found out under the same one counts. A run of a version
-- that did not say so has no row.
-- Beside exercises, '*' stands for what draws their cases.
CREATE TABLE criterion (
    run      INTEGER NOT NULL REFERENCES run (id),
    exercise TEXT NOT NULL,                   -- '' for what asks and judges
    digest   TEXT NOT NULL,
    PRIMARY KEY (run, exercise)
) WITHOUT ROWID;

-- Where the submissions and the course of a run lay: to show a failing case there once more.
CREATE TABLE origin (
    run    INTEGER PRIMARY KEY REFERENCES run (id),
    folder TEXT NOT NULL,
    course TEXT NOT NULL                      -- '' for the built-in one
);

-- The end of each run that came to one. A run without a row is going on, or was cut short.
CREATE TABLE run_end (
    run   INTEGER PRIMARY KEY REFERENCES run (id),
    ended TEXT                                -- ISO 8601, UTC; null where a version did not say
);

-- What a student handed in: the newest row of a name counts, older ones are its history.
CREATE TABLE submission (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    name       TEXT NOT NULL,                 -- the student's, as the file was called
    content    TEXT NOT NULL,                 -- digest of what was handed in
    run        INTEGER NOT NULL REFERENCES run (id),
    warnings   TEXT NOT NULL DEFAULT '[]'     -- JSON: for the instructor
);
CREATE INDEX submission_by_name ON submission (assignment, name, id);

-- What became of one exercise of one content. The newest fact of a key counts.
-- Key: assignment, content, exercise, and the seed and criterion of its run.
CREATE TABLE fact (
    id             INTEGER PRIMARY KEY,
    assignment     INTEGER NOT NULL REFERENCES assignment (id),
    content        TEXT NOT NULL,
    exercise       TEXT NOT NULL,
    run            INTEGER NOT NULL REFERENCES run (id),
    status         TEXT NOT NULL,             -- 'passed', 'failed', 'error', …
    cases          INTEGER NOT NULL,
    seconds        REAL NOT NULL,
    message        TEXT NOT NULL,             -- one line for the student
    mistake        TEXT,                      -- id of the diagnosis
    diagnosis      TEXT,                      -- its message
    counterexample TEXT,                      -- JSON, as in the result document
    details        TEXT NOT NULL DEFAULT '{}' -- JSON: location, separation, notes, output
);
CREATE INDEX fact_by_key ON fact (assignment, content, exercise, id);

-- What became of each level: the points that were graded are here and nowhere else.
CREATE TABLE level (
    fact     INTEGER NOT NULL REFERENCES fact (id),
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    status   TEXT NOT NULL,
    possible REAL NOT NULL,
    PRIMARY KEY (fact, position)
) WITHOUT ROWID;

-- One reading of a roster; the newest of an assignment counts.
CREATE TABLE roster (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    read_at    TEXT NOT NULL                  -- ISO 8601, UTC
);

CREATE TABLE roster_entry (
    roster   INTEGER NOT NULL REFERENCES roster (id),
    position INTEGER NOT NULL,                -- the row of the file
    name     TEXT NOT NULL,
    ids      TEXT NOT NULL,                   -- JSON: every number and key the platform knows
    login    TEXT NOT NULL,
    email    TEXT NOT NULL,
    PRIMARY KEY (roster, position)
) WITHOUT ROWID;

-- How something came in; what is nobody's has no name of a submission. The newest row of a name says who
-- it is, and the newest one up to an attempt's run says when that attempt came in.
CREATE TABLE delivery (
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
CREATE INDEX delivery_by_name ON delivery (assignment, submission, id);

-- More about a delivery: whose word its time is, what it was made of, and why it is not what is
-- graded. Deliveries of a version that did not say so have no row.
CREATE TABLE arrival (
    delivery    INTEGER PRIMARY KEY REFERENCES delivery (id),
    time_source TEXT NOT NULL,                -- 'platform', 'name', 'times', 'file'; '' when unknown
    files       TEXT NOT NULL,                -- JSON: names in the download
    team        TEXT NOT NULL,                -- the team's name; '' for one person's own work
    why_not     TEXT NOT NULL                 -- '' for what is graded
);

-- How it was found out what the files of a submission are. A version that did not say so left no row.
CREATE TABLE reading (
    submission INTEGER PRIMARY KEY REFERENCES submission (id),
    recognised TEXT NOT NULL,                 -- 'name', 'content', 'unreadable'
    note       TEXT NOT NULL                  -- what was guessed, or why nothing can be read
);

-- What a student's own files say of the hints that were read: nobody has found that out, and it decides
-- nothing. A submission that says nothing has no row.
CREATE TABLE own_count (
    submission INTEGER PRIMARY KEY REFERENCES submission (id),
    hints      TEXT NOT NULL                  -- JSON: {"conv.im2col": 2}
);

-- Points given by hand: the newest row of a student and an exercise counts.
CREATE TABLE override (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    exercise   TEXT NOT NULL,
    points     REAL,                          -- null: as it was graded, again
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);
CREATE INDEX override_by_name ON override (assignment, submission, exercise, id);

-- Another deadline for somebody: the newest row of a student counts.
CREATE TABLE extension (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    due        TEXT,                          -- ISO 8601, UTC; null: as for everybody, again
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);

-- Who need not hand in: the newest row of a student counts.
CREATE TABLE excuse (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    excused    INTEGER NOT NULL,              -- 0: not any more
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);

-- A digest of rows, written in their transaction and compared when they are read (`seals`).
CREATE TABLE seal (
    source     TEXT NOT NULL,                 -- 'submission', 'fact', or the name of a whole table
    assignment INTEGER NOT NULL,
    owner      TEXT NOT NULL,                 -- a submission's name, the content of facts, or ''
    first      INTEGER NOT NULL,              -- ids of the rows; 0 for a whole table
    last       INTEGER NOT NULL,
    digest     TEXT NOT NULL,                 -- SHA-256; of facts with their levels
    PRIMARY KEY (source, assignment, owner, first)
) WITHOUT ROWID;

-- The rows of each whole table once more: what nobody could find out again is mended by them (`spares`).
CREATE TABLE spare (
    source TEXT PRIMARY KEY,                  -- the table's name
    rows   TEXT NOT NULL                      -- JSON
) WITHOUT ROWID;

-- Each subquery below asks an index for one newest row. `id IN (SELECT max(id) … GROUP BY …)` reads
-- nicer and costs the square of a class: SQLite evaluates it again for every row of a join.

-- The submission that counts for each name.
CREATE VIEW current_submission AS
SELECT * FROM submission AS s
WHERE id = (SELECT max(id) FROM submission WHERE assignment = s.assignment AND name = s.name);

-- The fact that counts for each content and exercise; a damaged one has no content.
CREATE VIEW current_fact AS
SELECT * FROM fact AS f
WHERE content != '' AND id = (SELECT max(id) FROM fact
            WHERE assignment = f.assignment AND content = f.content AND exercise = f.exercise);

-- Points of a level: all or none; null when the grader could not tell.
CREATE VIEW level_score AS
SELECT fact, position, name, status, possible,
       CASE status WHEN 'passed' THEN possible WHEN 'ungraded' THEN NULL ELSE 0.0 END AS earned
FROM level;

-- Points of a fact, of what its exercise was worth then: those of its levels together; null when the grader
-- could not tell about one.
CREATE VIEW fact_score AS
SELECT id AS fact, run, status,
       CASE WHEN status != 'ungraded' THEN
           (SELECT CASE WHEN count(earned) = count(*) THEN total(earned) END
            FROM level_score WHERE fact = f.id) END AS earned
FROM fact AS f;

-- The decision that counts for each name and exercise, where none has taken it back.
CREATE VIEW current_override AS
SELECT * FROM override AS o
WHERE points IS NOT NULL
AND id = (SELECT max(id) FROM override
          WHERE assignment = o.assignment AND submission = o.submission AND exercise = o.exercise);

-- What was graded of every exercise of every submission, older ones too, and what was decided by hand in
-- its place. Who was graded when an exercise was worth more has no more than it is worth now.
CREATE VIEW attempt_grade AS
SELECT s.assignment, s.id AS attempt, s.name AS submission, a.exercise, a.position, a.possible,
       f.id AS fact, coalesce(f.status, 'ungraded') AS status,
       min(a.possible, (SELECT earned FROM fact_score WHERE fact = f.id)) AS graded,
       o.points AS decided, o.why, o.decided_at,
       f.run, f.cases, f.seconds, f.message, f.mistake, f.diagnosis, f.counterexample, f.details
FROM submission AS s
JOIN asked AS a ON a.assignment = s.assignment
LEFT JOIN current_fact AS f
       ON f.assignment = s.assignment AND f.content = s.content AND f.exercise = a.exercise
LEFT JOIN current_override AS o
       ON o.assignment = s.assignment AND o.submission = s.name AND o.exercise = a.exercise;

-- The points that count: those decided by hand, else those graded. Everything that shows points reads
-- them here.
CREATE VIEW attempt_score AS
SELECT *, min(possible, coalesce(decided, graded)) AS earned FROM attempt_grade;

-- The same of those who have points by hand and no submission. What nobody decided is worth nothing; where
-- something came in all the same, which nobody could read, it is open.
CREATE VIEW absent_score AS
SELECT h.assignment, NULL AS attempt, h.submission, a.exercise, a.position, a.possible, NULL AS fact,
       CASE WHEN h.came_in THEN 'ungraded' ELSE 'missing' END AS status,
       CASE WHEN h.came_in THEN NULL ELSE 0.0 END AS graded,
       o.points AS decided, o.why, o.decided_at,
       NULL AS run, NULL AS cases, NULL AS seconds, NULL AS message, NULL AS mistake,
       NULL AS diagnosis, NULL AS counterexample, NULL AS details,
       min(a.possible, coalesce(o.points, CASE WHEN h.came_in THEN NULL ELSE 0.0 END)) AS earned
FROM (SELECT DISTINCT assignment, submission,
             EXISTS (SELECT 1 FROM delivery WHERE assignment = c.assignment
                     AND submission = c.submission) AS came_in
      FROM current_override AS c
      WHERE NOT EXISTS (SELECT 1 FROM submission
                        WHERE assignment = c.assignment AND name = c.submission)) AS h
JOIN asked AS a ON a.assignment = h.assignment
LEFT JOIN current_override AS o
       ON o.assignment = h.assignment AND o.submission = h.submission AND o.exercise = a.exercise;

-- The points of everybody who has any: by the submission that counts, or by hand alone.
CREATE VIEW exercise_score AS
SELECT * FROM attempt_score AS e
WHERE attempt = (SELECT max(id) FROM submission
                 WHERE assignment = e.assignment AND name = e.submission)
UNION ALL SELECT * FROM absent_score;

-- Points of everybody, of all that the assignment has asked for so far.
CREATE VIEW submission_score AS
SELECT assignment, submission, total(earned) AS earned, total(possible) AS possible,
       min(earned IS NOT NULL) AS complete
FROM exercise_score GROUP BY assignment, submission;
