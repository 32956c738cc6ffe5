PRAGMA application_id = 1684825970;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE asked (
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    exercise   TEXT NOT NULL,                 -- 'conv.im2col', later also 'quiz.conv'
    position   INTEGER NOT NULL,              -- its place in the course
    possible   REAL NOT NULL,
    PRIMARY KEY (assignment, exercise)
) WITHOUT ROWID;
INSERT INTO "asked" VALUES(1,'conv.im2col',0,2.0);
INSERT INTO "asked" VALUES(1,'pool.flatten',1,1.0);
INSERT INTO "asked" VALUES(2,'conv.im2col',0,2.0);
CREATE TABLE assignment (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    seed         INTEGER NOT NULL,            -- drawn for this assignment; students never see it
    redo_through INTEGER NOT NULL DEFAULT 0   -- facts up to this id do not count as done (--regrade)
);
INSERT INTO "assignment" VALUES(1,'hw1',4711,0);
INSERT INTO "assignment" VALUES(2,'hw2',4711,0);
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
INSERT INTO "fact" VALUES(1,1,'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed','conv.im2col',1,'failed',100,0.25,'expected 0.5, got 0.25','window-transposed','Run along the rows first.','{"call": "im2col(x)", "arguments": {"x": [1, 2]}, "expected": 0.5, "actual": 0.25, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
INSERT INTO "fact" VALUES(2,1,'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed','pool.flatten',1,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(3,1,'3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3','conv.im2col',1,'failed',100,0.25,'expected 0.5, got 0.25','window-transposed','Run along the rows first.','{"call": "im2col(x)", "arguments": {"x": [1, 2]}, "expected": 0.5, "actual": 0.25, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
INSERT INTO "fact" VALUES(4,1,'8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f','conv.im2col',1,'ungraded',100,0.25,'the grader could not tell',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(5,1,'8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f','pool.flatten',1,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(6,1,'04efaf080f5a3e74e1c29d1ca6a48569382cbbcd324e8d59d2b83ef21c039f00','conv.im2col',2,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(7,1,'04efaf080f5a3e74e1c29d1ca6a48569382cbbcd324e8d59d2b83ef21c039f00','pool.flatten',2,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(8,2,'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed','conv.im2col',3,'failed',100,0.25,'expected 0.5, got 0.25','window-transposed','Run along the rows first.','{"call": "im2col(x)", "arguments": {"x": [1, 2]}, "expected": 0.5, "actual": 0.25, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
CREATE TABLE level (
    fact     INTEGER NOT NULL REFERENCES fact (id),
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    status   TEXT NOT NULL,
    possible REAL NOT NULL,
    PRIMARY KEY (fact, position)
) WITHOUT ROWID;
INSERT INTO "level" VALUES(1,0,'stride 1','passed',1.0);
INSERT INTO "level" VALUES(1,1,'any stride','failed',1.0);
INSERT INTO "level" VALUES(2,0,'all','passed',1.0);
INSERT INTO "level" VALUES(3,0,'stride 1','passed',1.0);
INSERT INTO "level" VALUES(3,1,'any stride','failed',1.0);
INSERT INTO "level" VALUES(4,0,'stride 1','ungraded',1.0);
INSERT INTO "level" VALUES(4,1,'any stride','ungraded',1.0);
INSERT INTO "level" VALUES(5,0,'all','passed',1.0);
INSERT INTO "level" VALUES(6,0,'stride 1','passed',1.0);
INSERT INTO "level" VALUES(6,1,'any stride','passed',1.0);
INSERT INTO "level" VALUES(7,0,'all','passed',1.0);
INSERT INTO "level" VALUES(8,0,'stride 1','passed',1.0);
INSERT INTO "level" VALUES(8,1,'any stride','failed',1.0);
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
INSERT INTO "run" VALUES(1,1,'2026-11-26T01:10:37+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(2,1,'2026-11-26T01:10:37+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(3,2,'2026-11-26T01:10:37+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
CREATE TABLE submission (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    name       TEXT NOT NULL,                 -- the student's, as the file was called
    content    TEXT NOT NULL,                 -- digest of what was handed in
    run        INTEGER NOT NULL REFERENCES run (id),
    warnings   TEXT NOT NULL DEFAULT '[]'     -- JSON: for the instructor
);
INSERT INTO "submission" VALUES(1,1,'abc','7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',1,'[]');
INSERT INTO "submission" VALUES(2,1,'half','3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3',1,'[]');
INSERT INTO "submission" VALUES(3,1,'lost','8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f',1,'["cell 2 is left out"]');
INSERT INTO "submission" VALUES(4,1,'abc','04efaf080f5a3e74e1c29d1ca6a48569382cbbcd324e8d59d2b83ef21c039f00',2,'[]');
INSERT INTO "submission" VALUES(5,2,'abc','7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',3,'[]');
CREATE INDEX submission_by_name ON submission (assignment, name, id);
CREATE INDEX fact_by_key ON fact (assignment, content, exercise, id);
CREATE VIEW current_submission AS
SELECT * FROM submission
WHERE id IN (SELECT max(id) FROM submission GROUP BY assignment, name);
CREATE VIEW current_fact AS
SELECT * FROM fact
WHERE id IN (SELECT max(id) FROM fact GROUP BY assignment, content, exercise);
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
CREATE VIEW submission_score AS
SELECT assignment, submission, total(earned) AS earned, total(possible) AS possible,
       min(earned IS NOT NULL) AS complete
FROM exercise_score GROUP BY assignment, submission;
COMMIT;
