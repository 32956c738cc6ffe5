-- The gradebook of dlgrade, version 1. Facts only: what was found out about which content, when,
-- and under which limits. Every score is a view. Nothing is ever updated or deleted but the two
-- columns of `assignment` that say how the run goes on.
--
-- PRAGMA application_id marks the file as a gradebook, PRAGMA user_version is the version above;
-- both are written with this schema in one transaction.

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
-- Key: assignment, content, exercise, and the seed and course of its run.
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

-- What became of each level: the points are here and nowhere else.
CREATE TABLE level (
    fact     INTEGER NOT NULL REFERENCES fact (id),
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    status   TEXT NOT NULL,
    possible REAL NOT NULL,
    PRIMARY KEY (fact, position)
) WITHOUT ROWID;

-- The submission that counts for each name.
CREATE VIEW current_submission AS
SELECT * FROM submission
WHERE id IN (SELECT max(id) FROM submission GROUP BY assignment, name);

-- The fact that counts for each content and exercise.
CREATE VIEW current_fact AS
SELECT * FROM fact
WHERE id IN (SELECT max(id) FROM fact GROUP BY assignment, content, exercise);

-- Points of an exercise: those of the levels that passed; null when the grader could not tell.
CREATE VIEW exercise_score AS
SELECT s.assignment, s.name AS submission, a.exercise, a.position, a.possible, f.id AS fact,
       coalesce(f.status, 'ungraded') AS status,
       CASE WHEN f.id IS NULL OR f.status = 'ungraded' THEN NULL
            ELSE (SELECT total(l.possible) FROM level AS l
                  WHERE l.fact = f.id AND l.status = 'passed') END AS earned
FROM current_submission AS s
JOIN asked AS a ON a.assignment = s.assignment
LEFT JOIN current_fact AS f
       ON f.assignment = s.assignment AND f.content = s.content AND f.exercise = a.exercise;

-- Points of a submission, of all that the assignment has asked for so far.
CREATE VIEW submission_score AS
SELECT assignment, submission, total(earned) AS earned, total(possible) AS possible,
       min(earned IS NOT NULL) AS complete
FROM exercise_score GROUP BY assignment, submission;
