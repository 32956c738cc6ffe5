PRAGMA application_id = 1684825970;
PRAGMA user_version = 8;
BEGIN TRANSACTION;
CREATE TABLE arrival (
    delivery    INTEGER PRIMARY KEY REFERENCES delivery (id),
    time_source TEXT NOT NULL,                -- 'platform', 'name', 'times', 'file'; '' when unknown
    files       TEXT NOT NULL,                -- JSON: names in the download
    team        TEXT NOT NULL,                -- the team's name; '' for one person's own work
    why_not     TEXT NOT NULL                 -- '' for what is graded
);
INSERT INTO "arrival" VALUES(6,'platform','["Guess_201_file_"]','','');
INSERT INTO "arrival" VALUES(7,'','["notes.pdf"]','','nobody''s');
INSERT INTO "arrival" VALUES(8,'','["u.rar"]','Red','');
INSERT INTO "arrival" VALUES(9,'','[]','','');
INSERT INTO "arrival" VALUES(10,'','[]','','');
INSERT INTO "arrival" VALUES(11,'','["conv.py"]','','');
INSERT INTO "arrival" VALUES(12,'','["u.rar"]','','nothing in it can be read');
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
INSERT INTO "asked" VALUES(2,'pool.flatten',1,1.0);
INSERT INTO "asked" VALUES(3,'conv.im2col',0,2.0);
INSERT INTO "asked" VALUES(3,'pool.flatten',1,1.0);
INSERT INTO "asked" VALUES(4,'conv.im2col',0,2.0);
INSERT INTO "asked" VALUES(4,'pool.flatten',1,1.0);
INSERT INTO "asked" VALUES(5,'conv.im2col',0,2.0);
INSERT INTO "asked" VALUES(5,'pool.flatten',1,1.0);
CREATE TABLE assignment (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    seed         INTEGER NOT NULL,            -- drawn for this assignment; students never see it
    redo_through INTEGER NOT NULL DEFAULT 0   -- facts up to this id do not count as done (--regrade)
);
INSERT INTO "assignment" VALUES(1,'hw1',4711,0);
INSERT INTO "assignment" VALUES(2,'hw2',4711,0);
INSERT INTO "assignment" VALUES(3,'hw3',4711,0);
INSERT INTO "assignment" VALUES(4,'hw4',4711,0);
INSERT INTO "assignment" VALUES(5,'hw5',4711,0);
CREATE TABLE criterion (
    run      INTEGER NOT NULL REFERENCES run (id),
    exercise TEXT NOT NULL,                   -- '' for what asks and judges
    digest   TEXT NOT NULL,
    PRIMARY KEY (run, exercise)
) WITHOUT ROWID;
INSERT INTO "criterion" VALUES(6,'','engine');
INSERT INTO "criterion" VALUES(6,'conv.im2col','a');
INSERT INTO "criterion" VALUES(6,'pool.flatten','b');
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
INSERT INTO "delivery" VALUES(1,1,'abc',1,'canvas','101','Example, Given','','','2026-10-30T00:00:00+00:00',0);
INSERT INTO "delivery" VALUES(2,1,'half',1,'canvas','102','Samename, Another','same','same@example.org','2026-11-02T00:00:00+00:00',1);
INSERT INTO "delivery" VALUES(3,1,'lost',1,'canvas','104','','','',NULL,0);
INSERT INTO "delivery" VALUES(4,1,'abc',2,'canvas','101','Example, Given','','','2026-11-03T00:00:00+00:00',0);
INSERT INTO "delivery" VALUES(5,2,'late',4,'canvas','7','Late One','','',NULL,0);
INSERT INTO "delivery" VALUES(6,3,'guess',5,'moodle','201','Guess, Given','','','2026-11-02T10:00:00+00:00',0);
INSERT INTO "delivery" VALUES(7,3,'',5,'folders','','','','',NULL,0);
INSERT INTO "delivery" VALUES(8,3,'unread',5,'moodle','202','Un Read','','',NULL,0);
INSERT INTO "delivery" VALUES(9,4,'roeric',6,'canvas','102','Roe, Eric','','',NULL,0);
INSERT INTO "delivery" VALUES(10,4,'examplegiven',6,'canvas','101','','','',NULL,0);
INSERT INTO "delivery" VALUES(11,5,'counted',7,'canvas','201','Count, Given','','',NULL,0);
INSERT INTO "delivery" VALUES(12,5,'unread',7,'canvas','202','Un Read','','',NULL,0);
CREATE TABLE excuse (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    excused    INTEGER NOT NULL,              -- 0: not any more
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);
INSERT INTO "excuse" VALUES(1,3,'Absent, One',1,'ill','2026-11-26T11:43:44+00:00');
CREATE TABLE extension (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    due        TEXT,                          -- ISO 8601, UTC; null: as for everybody, again
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);
INSERT INTO "extension" VALUES(1,3,'guess','2026-11-05T00:00:00+00:00','moved house','2026-11-26T11:43:44+00:00');
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
INSERT INTO "fact" VALUES(9,2,'6a805128cbc955abf2201362922c634ac9bfda3d1c77cfe34286f45812cdfa50','conv.im2col',4,'failed',100,0.25,'expected 0.5 at [0, 0, 0], got 0.25','window-transposed','Run along the rows first.','{"call": "im2col(x, (1, 2), stride=1, padding=0)", "arguments": {"x": {"shape": [1, 1, 1, 2], "dtype": "float64", "data": [[[[0.5, 0.25]]]]}, "kernel_size": [1, 2], "stride": 1, "padding": 0}, "expected": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.5], [0.25]]]}, "actual": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.25], [0.5]]]}, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
INSERT INTO "fact" VALUES(10,2,'6a805128cbc955abf2201362922c634ac9bfda3d1c77cfe34286f45812cdfa50','pool.flatten',4,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(11,3,'cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29','conv.im2col',5,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(12,3,'cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29','pool.flatten',5,'failed',100,0.25,'cols[0, 0, 0] = 0.25, expected 0.5','window-transposed','Run along the rows first.','{"call": "im2col(x, (1, 2), stride=1, padding=0)", "arguments": {"x": {"shape": [1, 1, 1, 2], "dtype": "float64", "data": [[[[0.5, 0.25]]]]}, "kernel_size": [1, 2], "stride": 1, "padding": 0}, "expected": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.5], [0.25]]]}, "actual": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.25], [0.5]]]}, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
INSERT INTO "fact" VALUES(13,3,'0bfe935e70c321c7ca3afc75ce0d0ca2f98b5422e008bb31c00c6d7f1f1c0ad6','conv.im2col',5,'ungraded',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(14,3,'0bfe935e70c321c7ca3afc75ce0d0ca2f98b5422e008bb31c00c6d7f1f1c0ad6','pool.flatten',5,'ungraded',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(15,4,'b59deffca2d4878199bc08ff00f78879fd45c6f459b45ef3761673854b980fff','conv.im2col',6,'failed',100,0.25,'cols[0, 0, 0] = 0.25, expected 0.5','window-transposed','Run along the rows first.','{"call": "im2col(x, (1, 2), stride=1, padding=0)", "arguments": {"x": {"shape": [1, 1, 1, 2], "dtype": "float64", "data": [[[[0.5, 0.25]]]]}, "kernel_size": [1, 2], "stride": 1, "padding": 0}, "expected": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.5], [0.25]]]}, "actual": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.25], [0.5]]]}, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
INSERT INTO "fact" VALUES(16,4,'b59deffca2d4878199bc08ff00f78879fd45c6f459b45ef3761673854b980fff','pool.flatten',6,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(17,4,'efb874d1f0672ed059ea72b7e46c68ba7dcb12fdd112dc3f5ab88cc1a6d24163','conv.im2col',6,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(18,4,'efb874d1f0672ed059ea72b7e46c68ba7dcb12fdd112dc3f5ab88cc1a6d24163','pool.flatten',6,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
INSERT INTO "fact" VALUES(19,5,'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','conv.im2col',7,'failed',100,0.25,'cols[0, 0, 0] = 0.25, expected 0.5','window-transposed','Run along the rows first.','{"call": "im2col(x, (1, 2), stride=1, padding=0)", "arguments": {"x": {"shape": [1, 1, 1, 2], "dtype": "float64", "data": [[[[0.5, 0.25]]]]}, "kernel_size": [1, 2], "stride": 1, "padding": 0}, "expected": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.5], [0.25]]]}, "actual": {"shape": [1, 2, 1], "dtype": "float64", "data": [[[0.25], [0.5]]]}, "shrunk": true}','{"location": {"file": "conv.py", "line": 7, "function": "im2col"}}');
INSERT INTO "fact" VALUES(20,5,'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','pool.flatten',7,'passed',100,0.25,'',NULL,NULL,NULL,'{}');
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
INSERT INTO "level" VALUES(9,0,'stride 1, no padding','passed',1.0);
INSERT INTO "level" VALUES(9,1,'any stride','failed',1.0);
INSERT INTO "level" VALUES(10,0,'all','passed',1.0);
INSERT INTO "level" VALUES(11,0,'all','passed',2.0);
INSERT INTO "level" VALUES(12,0,'stride 1, no padding','passed',1.0);
INSERT INTO "level" VALUES(12,1,'any stride','failed',1.0);
INSERT INTO "level" VALUES(13,0,'all','ungraded',2.0);
INSERT INTO "level" VALUES(14,0,'all','ungraded',1.0);
INSERT INTO "level" VALUES(15,0,'stride 1, no padding','passed',1.0);
INSERT INTO "level" VALUES(15,1,'any stride','failed',1.0);
INSERT INTO "level" VALUES(16,0,'all','passed',1.0);
INSERT INTO "level" VALUES(17,0,'all','passed',2.0);
INSERT INTO "level" VALUES(18,0,'all','passed',1.0);
INSERT INTO "level" VALUES(19,0,'stride 1, no padding','passed',1.0);
INSERT INTO "level" VALUES(19,1,'any stride','failed',1.0);
INSERT INTO "level" VALUES(20,0,'all','passed',1.0);
CREATE TABLE origin (
    run    INTEGER PRIMARY KEY REFERENCES run (id),
    folder TEXT NOT NULL,
    course TEXT NOT NULL                      -- '' for the built-in one
);
INSERT INTO "origin" VALUES(6,'/class/hw4','');
CREATE TABLE override (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    submission TEXT NOT NULL,
    exercise   TEXT NOT NULL,
    points     REAL,                          -- null: as it was graded, again
    why        TEXT NOT NULL,
    decided_at TEXT NOT NULL                  -- ISO 8601, UTC
);
INSERT INTO "override" VALUES(1,1,'half','conv.im2col',0.5,'a first look','2026-11-26T01:10:38+00:00');
INSERT INTO "override" VALUES(2,1,'half','conv.im2col',2.0,'read by hand','2026-11-26T01:10:38+00:00');
INSERT INTO "override" VALUES(3,1,'abc','pool.flatten',0.0,'a slip','2026-11-26T01:10:38+00:00');
INSERT INTO "override" VALUES(4,1,'abc','pool.flatten',NULL,'taken back','2026-11-26T01:10:38+00:00');
INSERT INTO "override" VALUES(5,1,'here','pool.flatten',1.0,'shown in class','2026-11-26T01:10:38+00:00');
INSERT INTO "override" VALUES(6,1,'half','conv.im2col',1.5,'seen by hand','2026-11-26T04:07:34+00:00');
INSERT INTO "override" VALUES(7,1,'abc','conv.im2col',1.5,'a third look','2026-11-26T09:06:04+00:00');
INSERT INTO "override" VALUES(8,4,'examplegiven','conv.im2col',1.5,'read by hand','2026-11-26T18:54:22+00:00');
INSERT INTO "override" VALUES(9,5,'unread','conv.im2col',1.5,'shown in class','2026-11-29T10:38:35+00:00');
INSERT INTO "override" VALUES(10,5,'absent','conv.im2col',1.5,'shown in class','2026-11-29T10:38:35+00:00');
CREATE TABLE own_count (
    submission INTEGER PRIMARY KEY REFERENCES submission (id),
    hints      TEXT NOT NULL                  -- JSON: {"conv.im2col": 2}
);
INSERT INTO "own_count" VALUES(11,'{"conv.im2col": 2}');
CREATE TABLE reading (
    submission INTEGER PRIMARY KEY REFERENCES submission (id),
    recognised TEXT NOT NULL,                 -- 'name', 'content', 'unreadable'
    note       TEXT NOT NULL                  -- what was guessed, or why nothing can be read
);
INSERT INTO "reading" VALUES(7,'content','graded conv (1).py as conv.py');
INSERT INTO "reading" VALUES(8,'unreadable','u.rar is a RAR archive');
INSERT INTO "reading" VALUES(11,'name','');
CREATE TABLE roster (
    id         INTEGER PRIMARY KEY,
    assignment INTEGER NOT NULL REFERENCES assignment (id),
    read_at    TEXT NOT NULL                  -- ISO 8601, UTC
);
INSERT INTO "roster" VALUES(1,1,'2026-11-26T01:10:38+00:00');
INSERT INTO "roster" VALUES(2,3,'2026-11-26T11:43:44+00:00');
INSERT INTO "roster" VALUES(3,5,'2026-11-29T10:38:35+00:00');
CREATE TABLE roster_entry (
    roster   INTEGER NOT NULL REFERENCES roster (id),
    position INTEGER NOT NULL,                -- the row of the file
    name     TEXT NOT NULL,
    ids      TEXT NOT NULL,                   -- JSON: every number and key the platform knows
    login    TEXT NOT NULL,
    email    TEXT NOT NULL,
    PRIMARY KEY (roster, position)
) WITHOUT ROWID;
INSERT INTO "roster_entry" VALUES(1,0,'Example, Given','["101"]','given','');
INSERT INTO "roster_entry" VALUES(1,1,'Not, Here','["105"]','here','here@example.org');
INSERT INTO "roster_entry" VALUES(2,0,'Guess, Given','["201"]','','');
INSERT INTO "roster_entry" VALUES(2,1,'Absent, One','["203"]','','');
INSERT INTO "roster_entry" VALUES(2,2,'Un Read','["202"]','','');
INSERT INTO "roster_entry" VALUES(3,0,'Count, Given','["201"]','','');
INSERT INTO "roster_entry" VALUES(3,1,'Un Read','["202"]','','');
INSERT INTO "roster_entry" VALUES(3,2,'Absent, One','["203"]','absent','');
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
INSERT INTO "run" VALUES(1,1,'2026-11-26T01:10:38+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(2,1,'2026-11-26T01:10:38+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(3,2,'2026-11-26T01:10:38+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(4,2,'2026-11-26T04:07:34+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(5,3,'2026-11-26T11:43:44+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(6,4,'2026-11-26T15:15:17+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
INSERT INTO "run" VALUES(7,5,'2026-11-29T10:38:35+00:00',4711,'course',10.0,1024,'none','["reference", "torch"]','{"dlgrade": "1", "python": "3", "numpy": "2", "torch": "2", "hypothesis": "6"}');
CREATE TABLE run_end (
    run   INTEGER PRIMARY KEY REFERENCES run (id),
    ended TEXT                                -- ISO 8601, UTC; null where a version did not say
);
INSERT INTO "run_end" VALUES(1,NULL);
INSERT INTO "run_end" VALUES(2,NULL);
INSERT INTO "run_end" VALUES(3,NULL);
INSERT INTO "run_end" VALUES(4,NULL);
INSERT INTO "run_end" VALUES(5,'2026-11-26T11:43:44+00:00');
INSERT INTO "run_end" VALUES(6,'2026-11-26T15:15:17+00:00');
INSERT INTO "run_end" VALUES(7,'2026-11-29T10:38:35+00:00');
CREATE TABLE seal (
    source     TEXT NOT NULL,                 -- 'submission', 'fact', or the name of a whole table
    assignment INTEGER NOT NULL,
    owner      TEXT NOT NULL,                 -- a submission's name, the content of facts, or ''
    first      INTEGER NOT NULL,              -- ids of the rows; 0 for a whole table
    last       INTEGER NOT NULL,
    digest     TEXT NOT NULL,                 -- SHA-256; of facts with their levels
    PRIMARY KEY (source, assignment, owner, first)
) WITHOUT ROWID;
INSERT INTO "seal" VALUES('arrival',0,'',0,0,'1040821b9c057d55107cb5afb931337609bbd8561f7ae40fb85e3649c17fca46');
INSERT INTO "seal" VALUES('asked',0,'',0,0,'dd2a69437ab70e8102e2011af21761398c910aba4bf5c94cffa68064b531f353');
INSERT INTO "seal" VALUES('assignment',0,'',0,0,'bf8e541eb51e95273abde6f69516d5fbb7dbb56f0f2baa0511f91dd5610dedfc');
INSERT INTO "seal" VALUES('criterion',0,'',0,0,'74bd2b4b52d5d0ff60a0294836df4f35601b9d77faf7300e8a42c574c470c89b');
INSERT INTO "seal" VALUES('delivery',0,'',0,0,'07ec7a52fd0ebc859498c0f1bac54aab03ae672bcc6e083593a12890c9e8b83e');
INSERT INTO "seal" VALUES('excuse',0,'',0,0,'560307b6dd433322d81744b31a5cb5ef47f8626f56420cde24fc9ec1b9983bcc');
INSERT INTO "seal" VALUES('extension',0,'',0,0,'57557abd36dc41cfd09264f3c96b0a7e6c2bfbc56bacbef46edce63774c8930b');
INSERT INTO "seal" VALUES('fact',1,'04efaf080f5a3e74e1c29d1ca6a48569382cbbcd324e8d59d2b83ef21c039f00',6,7,'fc33c50cc8b2b952c50ff268b173158c73f80b3baa5061abdf57ebd0f8bbfd30');
INSERT INTO "seal" VALUES('fact',1,'3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3',3,3,'a313338a48026c4f02960a14c3655f1f5239a8cff222c5c051ce6a1ead210b18');
INSERT INTO "seal" VALUES('fact',1,'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',1,2,'a00492f84a72d38c92778564e8dbd781d16be21f779889ad3eec32974960a287');
INSERT INTO "seal" VALUES('fact',1,'8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f',4,5,'c680a1fabae53f94cfd5f3550f47b121bd382043cca422f2a03e77f1f5aec285');
INSERT INTO "seal" VALUES('fact',2,'6a805128cbc955abf2201362922c634ac9bfda3d1c77cfe34286f45812cdfa50',9,10,'e0203178a515e59b92c3fc520829208077df592a205fdfd48b8b510a05348705');
INSERT INTO "seal" VALUES('fact',2,'7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',8,8,'0f765d4578aae4b4ba36477eedd3678267eb7ea397680551526fbab670a93513');
INSERT INTO "seal" VALUES('fact',3,'0bfe935e70c321c7ca3afc75ce0d0ca2f98b5422e008bb31c00c6d7f1f1c0ad6',13,14,'761f1d775d97f9c048dc029570542191d2c78e54f0f8f6deac2ab733ce48649c');
INSERT INTO "seal" VALUES('fact',3,'cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29',11,12,'29919b4cc16e606f94520b810cff19128cecabdcd1bafc84ed1b7944cef66803');
INSERT INTO "seal" VALUES('fact',4,'b59deffca2d4878199bc08ff00f78879fd45c6f459b45ef3761673854b980fff',15,16,'0c20327e87504fb4035796e6fd410846a94569530bb94630dd39ee12e80dc456');
INSERT INTO "seal" VALUES('fact',4,'efb874d1f0672ed059ea72b7e46c68ba7dcb12fdd112dc3f5ab88cc1a6d24163',17,18,'d800a6411f8c982e70c57a9fd6c7a0d5d81ebb993bb3c368d7b6527b7d2e83c0');
INSERT INTO "seal" VALUES('fact',5,'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',19,20,'4658d3883bd32f20ec37fe783fd80dc784578fd92ab0623800fe4e09f0c4dab8');
INSERT INTO "seal" VALUES('origin',0,'',0,0,'9dfdcc0dddae0003b761b7cfde7b0cf8b72708114be3f7fff34ecf14c5474e8e');
INSERT INTO "seal" VALUES('override',0,'',0,0,'fc834ef0ef43ae292f9e10fd34bb677bafe20ce423ea9117ef8f6a48128f88e3');
INSERT INTO "seal" VALUES('roster',0,'',0,0,'0ef57dce17c3b27bc92e278a86d371f6cfad8d0d8f545e1bdda7cac9eab8a948');
INSERT INTO "seal" VALUES('roster_entry',0,'',0,0,'f545fea0d245cd8dfc7df6516d041928238623cd73edba5f5442927068931393');
INSERT INTO "seal" VALUES('run',0,'',0,0,'4e6e1f2ce9aefe46af922bed868deef379b2ef0aa4d2246df5124388d90e1a50');
INSERT INTO "seal" VALUES('run_end',0,'',0,0,'c2cd7a5ee61b483c138ff96e61e7755e0c345e65137e6ff5958c042ffc7059c7');
INSERT INTO "seal" VALUES('submission',1,'abc',1,1,'3c01f3d5d81f35129828f7096c4b4d9705f14f6e650ff7639cde16d21a262316');
INSERT INTO "seal" VALUES('submission',1,'abc',4,4,'f980d081c2bc76e204c06c66ac9af2166fffe72fa5a0f3f33049c2975d46690a');
INSERT INTO "seal" VALUES('submission',1,'half',2,2,'a6173ae92ef49c14f13dc4d8f5c13825e750bef5b3e4ba6469332a52947b1859');
INSERT INTO "seal" VALUES('submission',1,'lost',3,3,'de68059e647c2e2dfe091044ac2f6162bce89fd6d0321b169401d95da2c3a552');
INSERT INTO "seal" VALUES('submission',2,'abc',5,5,'26d4ca024fcaa67b4eeb92af919502ad643e9908f4594dc978f58406e4395090');
INSERT INTO "seal" VALUES('submission',2,'late',6,6,'95fe74e10c5a0b6f283f0b00e18fad6c8370db356ab9b050943d93eca68f4c9d');
INSERT INTO "seal" VALUES('submission',3,'guess',7,7,'9b684b04ae8ca6fc5b5bf277d75025dad20f8a2725927359ddbc92459c61a610');
INSERT INTO "seal" VALUES('submission',3,'unread',8,8,'724a7d09daac29ebd11d5eff5ff6c2d1a64e85134027ffb097eb4fa23ba92dee');
INSERT INTO "seal" VALUES('submission',4,'examplegiven',10,10,'7438aca49f3a3616244ccfa263f69a98e523f1c724265858b556cbb1802f1949');
INSERT INTO "seal" VALUES('submission',4,'roeric',9,9,'8c1c4ad0b1e040abd6f0cc4c3f41340b8940f478fd3484cc8d4f1656ce438e65');
INSERT INTO "seal" VALUES('submission',5,'counted',11,11,'cc10d3f43e8bbf7010e179357f771db992a6974891b7c10710ee480493826601');
CREATE TABLE spare (
    source TEXT PRIMARY KEY,                  -- the table's name
    rows   TEXT NOT NULL                      -- JSON
) WITHOUT ROWID;
INSERT INTO "spare" VALUES('arrival','[[6, "platform", "[\"Guess_201_file_\"]", "", ""], [7, "", "[\"notes.pdf\"]", "", "nobody''s"], [8, "", "[\"u.rar\"]", "Red", ""], [9, "", "[]", "", ""], [10, "", "[]", "", ""], [11, "", "[\"conv.py\"]", "", ""], [12, "", "[\"u.rar\"]", "", "nothing in it can be read"]]');
INSERT INTO "spare" VALUES('asked','[[1, "conv.im2col", 0, 2.0], [1, "pool.flatten", 1, 1.0], [2, "conv.im2col", 0, 2.0], [2, "pool.flatten", 1, 1.0], [3, "conv.im2col", 0, 2.0], [3, "pool.flatten", 1, 1.0], [4, "conv.im2col", 0, 2.0], [4, "pool.flatten", 1, 1.0], [5, "conv.im2col", 0, 2.0], [5, "pool.flatten", 1, 1.0]]');
INSERT INTO "spare" VALUES('assignment','[[1, "hw1", 4711, 0], [2, "hw2", 4711, 0], [3, "hw3", 4711, 0], [4, "hw4", 4711, 0], [5, "hw5", 4711, 0]]');
INSERT INTO "spare" VALUES('criterion','[[6, "", "engine"], [6, "conv.im2col", "a"], [6, "pool.flatten", "b"]]');
INSERT INTO "spare" VALUES('delivery','[[1, 1, "abc", 1, "canvas", "101", "Example, Given", "", "", "2026-10-30T00:00:00+00:00", 0], [2, 1, "half", 1, "canvas", "102", "Samename, Another", "same", "same@example.org", "2026-11-02T00:00:00+00:00", 1], [3, 1, "lost", 1, "canvas", "104", "", "", "", null, 0], [4, 1, "abc", 2, "canvas", "101", "Example, Given", "", "", "2026-11-03T00:00:00+00:00", 0], [5, 2, "late", 4, "canvas", "7", "Late One", "", "", null, 0], [6, 3, "guess", 5, "moodle", "201", "Guess, Given", "", "", "2026-11-02T10:00:00+00:00", 0], [7, 3, "", 5, "folders", "", "", "", "", null, 0], [8, 3, "unread", 5, "moodle", "202", "Un Read", "", "", null, 0], [9, 4, "roeric", 6, "canvas", "102", "Roe, Eric", "", "", null, 0], [10, 4, "examplegiven", 6, "canvas", "101", "", "", "", null, 0], [11, 5, "counted", 7, "canvas", "201", "Count, Given", "", "", null, 0], [12, 5, "unread", 7, "canvas", "202", "Un Read", "", "", null, 0]]');
INSERT INTO "spare" VALUES('excuse','[[1, 3, "Absent, One", 1, "ill", "2026-11-26T11:43:44+00:00"]]');
INSERT INTO "spare" VALUES('extension','[[1, 3, "guess", "2026-11-05T00:00:00+00:00", "moved house", "2026-11-26T11:43:44+00:00"]]');
INSERT INTO "spare" VALUES('origin','[[6, "/class/hw4", ""]]');
INSERT INTO "spare" VALUES('override','[[1, 1, "half", "conv.im2col", 0.5, "a first look", "2026-11-26T01:10:38+00:00"], [2, 1, "half", "conv.im2col", 2.0, "read by hand", "2026-11-26T01:10:38+00:00"], [3, 1, "abc", "pool.flatten", 0.0, "a slip", "2026-11-26T01:10:38+00:00"], [4, 1, "abc", "pool.flatten", null, "taken back", "2026-11-26T01:10:38+00:00"], [5, 1, "here", "pool.flatten", 1.0, "shown in class", "2026-11-26T01:10:38+00:00"], [6, 1, "half", "conv.im2col", 1.5, "seen by hand", "2026-11-26T04:07:34+00:00"], [7, 1, "abc", "conv.im2col", 1.5, "a third look", "2026-11-26T09:06:04+00:00"], [8, 4, "examplegiven", "conv.im2col", 1.5, "read by hand", "2026-11-26T18:54:22+00:00"], [9, 5, "unread", "conv.im2col", 1.5, "shown in class", "2026-11-29T10:38:35+00:00"], [10, 5, "absent", "conv.im2col", 1.5, "shown in class", "2026-11-29T10:38:35+00:00"]]');
INSERT INTO "spare" VALUES('roster','[[1, 1, "2026-11-26T01:10:38+00:00"], [2, 3, "2026-11-26T11:43:44+00:00"], [3, 5, "2026-11-29T10:38:35+00:00"]]');
INSERT INTO "spare" VALUES('roster_entry','[[1, 0, "Example, Given", "[\"101\"]", "given", ""], [1, 1, "Not, Here", "[\"105\"]", "here", "here@example.org"], [2, 0, "Guess, Given", "[\"201\"]", "", ""], [2, 1, "Absent, One", "[\"203\"]", "", ""], [2, 2, "Un Read", "[\"202\"]", "", ""], [3, 0, "Count, Given", "[\"201\"]", "", ""], [3, 1, "Un Read", "[\"202\"]", "", ""], [3, 2, "Absent, One", "[\"203\"]", "absent", ""]]');
INSERT INTO "spare" VALUES('run','[[1, 1, "2026-11-26T01:10:38+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"], [2, 1, "2026-11-26T01:10:38+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"], [3, 2, "2026-11-26T01:10:38+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"], [4, 2, "2026-11-26T04:07:34+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"], [5, 3, "2026-11-26T11:43:44+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"], [6, 4, "2026-11-26T15:15:17+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"], [7, 5, "2026-11-29T10:38:35+00:00", 4711, "course", 10.0, 1024, "none", "[\"reference\", \"torch\"]", "{\"dlgrade\": \"1\", \"python\": \"3\", \"numpy\": \"2\", \"torch\": \"2\", \"hypothesis\": \"6\"}"]]');
INSERT INTO "spare" VALUES('run_end','[[1, null], [2, null], [3, null], [4, null], [5, "2026-11-26T11:43:44+00:00"], [6, "2026-11-26T15:15:17+00:00"], [7, "2026-11-29T10:38:35+00:00"]]');
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
INSERT INTO "submission" VALUES(6,2,'late','6a805128cbc955abf2201362922c634ac9bfda3d1c77cfe34286f45812cdfa50',4,'[]');
INSERT INTO "submission" VALUES(7,3,'guess','cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29',5,'["a warning"]');
INSERT INTO "submission" VALUES(8,3,'unread','0bfe935e70c321c7ca3afc75ce0d0ca2f98b5422e008bb31c00c6d7f1f1c0ad6',5,'[]');
INSERT INTO "submission" VALUES(9,4,'roeric','b59deffca2d4878199bc08ff00f78879fd45c6f459b45ef3761673854b980fff',6,'[]');
INSERT INTO "submission" VALUES(10,4,'examplegiven','efb874d1f0672ed059ea72b7e46c68ba7dcb12fdd112dc3f5ab88cc1a6d24163',6,'[]');
INSERT INTO "submission" VALUES(11,5,'counted','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',7,'[]');
CREATE INDEX submission_by_name ON submission (assignment, name, id);
CREATE INDEX fact_by_key ON fact (assignment, content, exercise, id);
CREATE INDEX delivery_by_name ON delivery (assignment, submission, id);
CREATE INDEX override_by_name ON override (assignment, submission, exercise, id);
CREATE VIEW current_submission AS
SELECT * FROM submission AS s
WHERE id = (SELECT max(id) FROM submission WHERE assignment = s.assignment AND name = s.name);
CREATE VIEW current_fact AS
SELECT * FROM fact AS f
WHERE content != '' AND id = (SELECT max(id) FROM fact
            WHERE assignment = f.assignment AND content = f.content AND exercise = f.exercise);
CREATE VIEW level_score AS
SELECT fact, position, name, status, possible,
       CASE status WHEN 'passed' THEN possible WHEN 'ungraded' THEN NULL ELSE 0.0 END AS earned
FROM level;
CREATE VIEW current_override AS
SELECT * FROM override AS o
WHERE points IS NOT NULL
AND id = (SELECT max(id) FROM override
          WHERE assignment = o.assignment AND submission = o.submission AND exercise = o.exercise);
CREATE VIEW attempt_grade AS
SELECT s.assignment, s.id AS attempt, s.name AS submission, a.exercise, a.position, a.possible,
       f.id AS fact, coalesce(f.status, 'ungraded') AS status,
       CASE WHEN f.status != 'ungraded' THEN
           (SELECT CASE WHEN count(earned) = count(*) THEN min(a.possible, total(earned)) END
            FROM level_score WHERE fact = f.id) END AS graded,
       o.points AS decided, o.why, o.decided_at,
       f.run, f.cases, f.seconds, f.message, f.mistake, f.diagnosis, f.counterexample, f.details
FROM submission AS s
JOIN asked AS a ON a.assignment = s.assignment
LEFT JOIN current_fact AS f
       ON f.assignment = s.assignment AND f.content = s.content AND f.exercise = a.exercise
LEFT JOIN current_override AS o
       ON o.assignment = s.assignment AND o.submission = s.name AND o.exercise = a.exercise;
CREATE VIEW attempt_score AS
SELECT *, min(possible, coalesce(decided, graded)) AS earned FROM attempt_grade;
CREATE VIEW exercise_score AS
SELECT * FROM attempt_score AS e
WHERE attempt = (SELECT max(id) FROM submission
                 WHERE assignment = e.assignment AND name = e.submission);
CREATE VIEW submission_score AS
SELECT assignment, submission, total(earned) AS earned, total(possible) AS possible,
       min(earned IS NOT NULL) AS complete
FROM exercise_score GROUP BY assignment, submission;
COMMIT;
