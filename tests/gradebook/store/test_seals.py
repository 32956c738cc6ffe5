"""What is read is what was written, or its damage is told: never other grades."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from books import begin, hand_in, make_class, passed, wrong
from classes import command, dlgrade, environment
from damage import BY_HAND, EXERCISES, change, check, keep_class, read, read_mended, write

from grader.gradebook.assignment import DAMAGED
from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.store.opening import GradebookError
from grader.gradebook.students import Policy

FLIPS = 80
NOTHING_THERE = (
    "malformed", "is not a gradebook", "of another program", "newer dlgrade", "not a database",
)  # fmt: skip
VICTIM, TWIN = "roeric", "roetwin"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return a small class in a file, and what was read of it."""
    path = tmp_path_factory.mktemp("kept") / "gradebook.db"
    keep_class(path)
    return path.read_bytes(), read(path)


def flips(count, size, seed=20261126):
    generator = random.Random(seed)
    return [(generator.randrange(size), generator.randrange(1, 256)) for _ in range(count)]


def outcome(path, whole):
    """Return what came of reading a file, which is one of three things."""
    try:
        found = read(path)
    except GradebookError as error:
        line = str(error)
    else:
        check(found, whole)
        return "named" if found[2] else "same"
    assert str(path) in line
    assert "\n" not in line
    assert any(word in line for word in NOTHING_THERE), line
    return "refused"


@pytest.mark.parametrize("number", range(FLIPS))
def test_no_flipped_byte_gives_anybody_another_grade(kept, tmp_path, number):
    content, whole = kept
    at, flip = flips(FLIPS, len(content))[number]
    outcome(write(tmp_path / "g.db", content, at=at, flip=flip), whole)


def places_of(content, text):
    found, at = [], content.find(text)
    while at >= 0:
        found.append(at)
        at = content.find(text, at + 1)
    return found


def test_a_flipped_byte_in_a_content_costs_one_submission_also_in_an_index(kept, tmp_path):
    content, whole = kept
    mine = sha256(f"{VICTIM} {[wrong(), passed('pool.flatten')]}".encode()).hexdigest()
    places = places_of(content, mine.encode())
    assert len(places) >= 6  # a submission, two facts, their index, a seal, its index
    for at in places:
        path = write(tmp_path / "g.db", content, at=at + 20, flip=1)
        found = read(path)
        check(found, whole)
        assert found[2] <= {VICTIM}
        with Gradebook(path) as book:  # whoever writes makes the indexes anew
            assert book.query("PRAGMA integrity_check") == [("ok",)]
        path.unlink()


CHANGES = {
    "a status": "UPDATE fact SET status = 'passed' WHERE id = 3",
    "a level": "UPDATE level SET status = 'passed' WHERE fact = 3",
    "what a level is worth": "UPDATE level SET possible = 9.000000001 WHERE fact = 3",
    "a level less": "DELETE FROM level WHERE fact = 3 AND position = 1",
    "a level more": "INSERT INTO level VALUES (3, 2, 'more', 'passed', 1.0)",
    "a fact less": "DELETE FROM fact WHERE id = 3",
    "a fact more": "INSERT INTO fact SELECT 99, assignment, content, exercise, run, 'passed', "
    "cases, seconds, message, NULL, NULL, NULL, details FROM fact WHERE id = 3",
    "another's fact": "UPDATE fact SET content = 'nobody' WHERE id = 3",
    "another id": "UPDATE fact SET id = 77 WHERE id = 3",
    "no JSON": "UPDATE fact SET counterexample = '{' WHERE id = 3",
    "no text": "UPDATE fact SET message = CAST(x'ff41' AS TEXT) WHERE id = 3",
    "bytes": "UPDATE fact SET message = x'ff41' WHERE id = 3",
    "another content": "UPDATE submission SET content = 'x' WHERE name = 'roeric'",
    "another name": "UPDATE submission SET name = 'zoe' WHERE name = 'roeric'",
    "a submission less": "DELETE FROM submission WHERE name = 'roeric'",
    "a seal of facts": "UPDATE seal SET digest = 'f' || substr(digest, 2) WHERE first = 3 "
    "AND source = 'fact'",
    "a seal's content": "UPDATE seal SET owner = 'x' WHERE first = 3 AND source = 'fact'",
    "a seal's end": "UPDATE seal SET last = 9 WHERE first = 3 AND source = 'fact'",
    "no seal of facts": "DELETE FROM seal WHERE first = 3 AND source = 'fact'",
    "no seal of a submission": "DELETE FROM seal WHERE first = 2 AND source = 'submission'",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_a_damaged_submission_is_named_alone_and_graded_again(kept, tmp_path, statement):
    path = write(tmp_path / "g.db", kept[0])
    change(path, statement)
    found = read(path)
    check(found, kept[1])
    assert found[2] == {VICTIM}
    with Gradebook(path) as book:
        summary = summarise(book, "hw2", EXERCISES)
        told = [name for name, *rest in summary.worth_a_look if rest[2] == DAMAGED]
        assert len(told) == 1
        assert set(told) <= {VICTIM, "Roe, Eric"}
        assert {sum(one.counts.values()) for one in summary.exercises} == {11}  # one is excused
        run = begin(book)
        work = [wrong(), passed("pool.flatten")]
        content = sha256(f"{VICTIM} {work}".encode()).hexdigest()
        again = run.pending(content, EXERCISES)
        run.record(VICTIM, content, [one for one in work if one["id"] in again])
        run.finish()
        assert book.find_damaged(run.assignment) == []
    documents, rows, damaged = read(path)
    assert not damaged
    assert rows == kept[1][1]
    assert documents == kept[1][0]


def test_a_name_that_is_a_number_leaves_no_other_row_out(tmp_path):
    path = tmp_path / "g.db"
    with Gradebook(path) as book:
        run = begin(book)
        for name in ("ada", "3", "cid"):
            hand_in(run, name, [passed(), passed("pool.flatten")])
        run.finish()
    change(path, "UPDATE fact SET status = 'failed' "
                 "WHERE content = (SELECT content FROM submission WHERE name = '3')")  # fmt: skip
    with Gradebook(path, read_only=True) as book:
        for one in summarise(book, "hw2", EXERCISES).exercises:
            assert dict(one.counts) == {"passed": 2, "ungraded": 1}


def test_a_damaged_result_costs_whoever_handed_in_the_same(tmp_path):
    path = tmp_path / "g.db"
    book, run = make_class(path)
    with book:
        hand_in(run, TWIN, [], content=f"{VICTIM} {[wrong(), passed('pool.flatten')]}")
        hand_in(run, "other", [], content="other")
    change(path, CHANGES["a status"])
    assert read(path)[2] == {VICTIM, TWIN}


TABLES = {
    "what is asked": "UPDATE asked SET possible = 3.0",
    "a seed": "UPDATE assignment SET seed = 5",
    "conditions": "UPDATE run SET sandbox = 'none at all'",
    "an end": "DELETE FROM run_end",
    "a roster": "UPDATE roster_entry SET name = 'X' WHERE position = 1",
    "no roster": "DELETE FROM roster",
    "a delivery": "UPDATE delivery SET came_in = '2026-01-01T00:00:00+00:00' WHERE id = 2",
    "a delivery less": "DELETE FROM delivery WHERE id = 2",
    "a decision": "UPDATE override SET points = 2.0",
    "a seal": "UPDATE seal SET digest = 'x' WHERE source = 'override'",
}


@pytest.mark.parametrize("statement", TABLES.values(), ids=TABLES)
def test_damage_in_what_is_no_submissions_costs_nobody_anything_and_is_told(
    kept, tmp_path, statement
):
    path = write(tmp_path / "g.db", kept[0])
    change(path, statement)
    before = path.read_bytes()
    assert read(path) == kept[1]
    assert path.read_bytes() == before
    (line,) = read_mended(path)
    assert line.startswith(f"{path} is damaged (")
    assert line.endswith("the next `dlgrade grade` mends it")
    with Gradebook(path) as book:
        assert [one.partition(":")[0] for one in book.mended] == [line.partition(":")[0]]
    assert read_mended(path) == []
    assert read(path) == kept[1]


@pytest.mark.parametrize(
    ("statement", "whose"),
    [
        (TABLES["a delivery"], "roeric"),
        (TABLES["a decision"], BY_HAND),
        (TABLES["a roster"], "Absent, Ann"),
        ("UPDATE arrival SET time_source = 'name' WHERE delivery = 2", "roeric"),
        ("UPDATE delivery SET submission = 'zoe' WHERE id = 2", "roeric"),
    ],
)
def test_whose_row_it_is_is_told(kept, tmp_path, statement, whose):
    path = write(tmp_path / "g.db", kept[0])
    change(path, statement)
    assert f" ({whose})): " in read_mended(path)[0]


BEYOND = {
    "the table and its spare": "UPDATE spare SET rows = replace(rows, 'roeric', 'zoe')",
    "the table and its seal": "UPDATE seal SET digest = 'x' WHERE source = 'delivery'",
    "the table of an earlier version": "PRAGMA user_version = 5",
}


@pytest.mark.parametrize("more", BEYOND.values(), ids=BEYOND)
@pytest.mark.parametrize("read_only", [True, False])
def test_what_nobody_can_know_any_more_is_one_line_and_left_as_it_is(
    kept, tmp_path, more, read_only
):
    path = write(tmp_path / "g.db", kept[0])
    change(path, TABLES["a delivery"], more)
    if more == BEYOND["the table of an earlier version"]:
        change(path, "DROP TABLE spare")
    before = path.read_bytes()
    with pytest.raises(GradebookError, match=r"is damaged .its table delivery.*: restore"):
        Gradebook(path, read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("level_score", "'passed'", "'failed'"), ("level", "status   TEXT", "status   REAL")],
)
def test_a_view_or_a_table_that_was_made_otherwise_scores_nobody_otherwise(
    kept, tmp_path, name, before, after
):
    path = write(tmp_path / "g.db", kept[0])
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        text = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ?"
        assert connection.execute(text, (before, after, name)).rowcount == 1
    broken = path.read_bytes()
    assert read(path) == kept[1]
    assert f"(its {name} is not as it was made)" in read_mended(path)[0]
    assert path.read_bytes() == broken
    with Gradebook(path) as book:
        assert f"as it was it lies in {path}.damaged" in book.mended[0]
    assert path.with_name("g.db.damaged").read_bytes() == broken
    assert read_mended(path) == []
    assert read(path) == kept[1]


def test_what_others_add_to_the_file_is_no_damage(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    change(path, "CREATE TABLE mine (x)", "CREATE VIEW ours AS SELECT count(*) FROM fact")
    assert read(path) == kept[1]


def export(path, *words):
    return dlgrade("export", path, *words)


def test_an_export_with_a_damaged_result_is_whole_names_it_and_ends_with_3(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    whole = read(path, Policy())[0]
    change(path, CHANGES["no JSON"])
    done = export(path, "--format", "json")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == (
        f"dlgrade: hw2: the result of {VICTIM} is damaged: grade it again"
    )
    found = {one["submission"]: one for one in json.loads(done.stdout)["results"]}
    assert not found.pop(VICTIM)["complete"]
    assert found == {name: one for name, one in whole.items() if name != VICTIM}
    assert export(path, "--format", "json", "--student", "s1").returncode == 0


def test_what_an_earlier_version_left_is_written_whole_or_not_at_all(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    change(path, "DROP TABLE seal", "PRAGMA user_version = 2", CHANGES["no JSON"])
    done = export(path, "--format", "json")
    assert done.returncode == 3
    assert "earlier version, in which nobody can tell" in done.stderr
    assert f"the result of {VICTIM} is damaged" in done.stderr
    assert len(json.loads(done.stdout)["results"]) == len(kept[1][0])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_export_that_cannot_be_written_is_one_line(kept, tmp_path):
    path = write(tmp_path / "g.db", kept[0])
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("export", path, "--format", "csv"), stdout=full, stderr=subprocess.PIPE,
            text=True, env=environment(), check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("dlgrade: standard output, or ")
    assert "Traceback" not in done.stderr
