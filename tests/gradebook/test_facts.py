"""The gradebook keeps facts: whole or not at all, and it never touches what is not its own."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import grader.gradebook.exporters
from grader.errors import UsageError
from grader.gradebook.exporters import Options, find_formats, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import Delivery
from grader.gradebook.runs import Conditions
from grader.gradebook.store.lock import only_run
from grader.gradebook.store.migration import APPLICATION_ID, VERSION
from grader.gradebook.store.opening import GradebookError, GradebookFullError
from grader.gradebook.view import select_view
from grader.model import Limits

EXPORTERS = Path(grader.gradebook.exporters.__file__).parent
ASKED = [("conv.im2col", 3, 2.0), ("conv.col2im", 4, 2.0)]


def conditions(seed=7, course="c", **limits):
    return Conditions(seed, course, Limits(**limits), "bwrap", ["torch"], {"dlgrade": "0"})


def fact(exercise="conv.im2col", statuses=("passed", "failed"), **more):
    levels = [{"name": f"level {n}", "status": s, "possible": 1.0} for n, s in enumerate(statuses)]
    wrong = next((s for s in statuses if s != "passed"), "passed")
    return {
        "id": exercise, "status": wrong, "cases": 100, "seconds": 0.5, "message": "m",
        "levels": levels, "counterexample": None, "diagnosis": None, "details": {}, **more,
    }  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gradebook.db"


def documents(path, **chosen):
    with Gradebook(path, read_only=True) as book:
        return list(select_view(book, **chosen).documents())


def exported(path, form):
    stream = io.StringIO()
    with Gradebook(path, read_only=True) as book:
        load_exporter(form)(select_view(book), stream, Options())
    return stream.getvalue()


def test_what_was_recorded_is_read_back_as_a_result_document(path):
    shown = {"call": "im2col(x)", "arguments": {}, "expected": 1, "actual": 2, "shrunk": True}
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        named = {"id": "flipped", "message": "it is flipped"}
        run.record("alice", "d1", [fact(counterexample=shown, diagnosis=named)])
    (document,) = documents(path)
    assert (document["earned"], document["possible"], document["complete"]) == (1.0, 4.0, False)
    first, second = document["exercises"]
    assert (first["status"], first["earned"], first["possible"]) == ("failed", 1.0, 2.0)
    assert [level["earned"] for level in first["levels"]] == [1.0, 0.0]
    assert first["counterexample"] == shown
    assert first["diagnosis"] == named
    assert second["earned"] is None
    assert "not graded yet" in second["message"]


def test_an_ungraded_exercise_has_no_points_in_any_export(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED[:1])
        run.record("alice", "d1", [fact(statuses=("ungraded", "ungraded"))])
    (document,) = documents(path)
    assert document["exercises"][0]["earned"] is None
    assert not document["complete"]
    (row,) = csv.DictReader(io.StringIO(exported(path, "csv")))
    assert (row["conv.im2col"], row["ungraded"], row["complete"]) == ("", "conv.im2col", "no")


def test_facts_count_for_the_same_seed_course_and_content_only(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        run.record("alice", "d1", [fact()])
        ids = [exercise for exercise, _, _ in ASKED]
        assert run.pending("d1", ids) == ["conv.col2im"]
        assert run.pending("d2", ids) == ids
        for other in (conditions(seed=8), conditions(course="d")):
            assert book.begin_run("hw", other, ASKED).pending("d1", ids) == ids
        assert book.begin_run("hw2", conditions(), ASKED).pending("d1", ids) == ids


@pytest.mark.parametrize("status", ["timeout", "crashed"])
def test_what_ended_at_a_limit_runs_again_only_when_limits_rise(path, status):
    with Gradebook(path) as book:
        book.begin_run("hw", conditions(), ASKED).record(
            "a", "d", [fact(statuses=("passed", status))]
        )
        for limits, again in [
            ({}, False), ({"timeout_s": 20.0}, True), ({"memory_mib": 2048}, True),
            ({"timeout_s": 5.0}, False),
        ]:  # fmt: skip
            pending = book.begin_run("hw", conditions(**limits), ASKED).pending(
                "d", ["conv.im2col"]
            )
            assert bool(pending) is again


def test_what_nobody_could_grade_is_tried_again(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        run.record("a", "d", [fact(statuses=("ungraded",))])
        run.record("b", "e", [fact(statuses=("failed",))])
        assert run.pending("d", ["conv.im2col"]) == ["conv.im2col"]
        assert run.ungraded() == {"a"}
        run.record("a", "d", [fact(statuses=("passed",))])
        assert run.ungraded() == set()


def test_a_regrade_keeps_old_facts_as_history_and_can_be_interrupted(path):
    with Gradebook(path) as book:
        book.begin_run("hw", conditions(), ASKED).record("a", "d", [fact()])
        run = book.begin_run("hw", conditions(), ASKED, regrade=True)
        assert run.pending("d", ["conv.im2col"]) == ["conv.im2col"]
        later = book.begin_run("hw", conditions(), ASKED)  # the regrade was killed
        assert later.pending("d", ["conv.im2col"]) == ["conv.im2col"]
        assert documents(path)[0]["earned"] == 1.0  # meanwhile the old grade stands
        later.record("a", "d", [fact(statuses=("passed", "passed"))])
        assert documents(path)[0]["earned"] == 2.0
        assert len(book.query("SELECT * FROM fact")) == 2


def test_another_hand_in_counts_and_the_first_one_stays_as_history(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED[:1])
        run.record("a", "d1", [fact()])
        run.record("a", "d2", [fact(statuses=("passed", "passed"))])
        assert [d["earned"] for d in documents(path)] == [2.0]
        run.record("a", "d1")
        assert [d["earned"] for d in documents(path)] == [1.0]


def test_a_later_download_adds_and_forgets_nobody(path):
    stray = Delivery(files=("notes.py",), why_not="nobody's")
    older = Delivery(files=("ada.zip",), why_not="an older one")
    later = Delivery(files=("ada-1.zip",))
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        first = [(name, Delivery(files=(f"{name}.zip",))) for name in ("ada", "ben")]
        book.note_deliveries(run.assignment, run.number, [*first, ("", stray)])
        for name in ("ada", "ben"):
            run.record(name, name, [fact()])
        for _ in range(2):  # the same download once more says nothing new
            again = book.begin_run("hw", conditions(), ASKED)
            rows = [("ada", older), ("ada", later), ("", stray)]
            book.note_deliveries(again.assignment, again.number, rows)
        found = book.find_deliveries(run.assignment)
        assert {name: [one.files[0] for _, one in some] for name, some in found.items()} == {
            "ada": ["ada.zip", "ada.zip", "ada-1.zip"], "ben": ["ben.zip"], "": ["notes.py"],
        }  # fmt: skip
        (view,) = select_view(book).assignments
        assert [one.name for one in view.students] == ["ada", "ben"]
        assert view.students[0].newest == later


def test_a_submission_is_written_whole_or_not_at_all(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        with pytest.raises(KeyError):
            run.record("a", "d", [fact(), {"id": "broken"}])
        assert book.query("SELECT * FROM fact") == book.query("SELECT * FROM level") == []
        assert documents(path) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello, I am a diary" * 20, "not a gradebook"),
        (b"SQLite format 3\0" + b"\0" * 10, "not a gradebook"),
    ],
)
def test_a_file_of_something_else_is_left_as_it_is(path, content, said):
    path.write_bytes(content)
    with pytest.raises(GradebookError, match=said):
        Gradebook(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_is(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(GradebookError, match="another program"):
        Gradebook(path)
    assert path.read_bytes() == before


def test_a_newer_gradebook_is_left_as_it_is_and_says_upgrade(path):
    Gradebook(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(GradebookError, match="newer dlgrade"):
        Gradebook(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("keep", [5000, 20_000])
def test_a_damaged_gradebook_is_left_as_it_is(path, keep):
    with Gradebook(path) as book:
        book.begin_run("hw", conditions(), ASKED).record("a", "d", [fact()])
    path.write_bytes(path.read_bytes()[:keep])
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(GradebookError, match="left as it is"):
            Gradebook(path, read_only=read_only)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_gradebook_for_its_owner_alone(path):
    path.touch()
    Gradebook(path).close()
    head = path.read_bytes()[:100]
    assert int.from_bytes(head[68:72], "big") == APPLICATION_ID
    fresh = path.with_name("fresh.db")
    Gradebook(fresh).close()
    assert fresh.stat().st_mode & 0o077 == 0


def test_a_second_run_on_one_gradebook_is_refused_while_the_first_goes_on(path):
    with (
        only_run(path) as bank,
        pytest.raises(GradebookError, match="another run is grading"),
        only_run(path),
    ):
        pass
    assert bank.stat().st_mode & 0o077 == 0
    with only_run(path):
        pass


def test_a_killed_run_leaves_no_lock(path):
    code = "import sys, os\nfrom pathlib import Path\n"
    code += "from grader.gradebook.store.lock import only_run\n"
    code += f"with only_run(Path({str(path)!r})): print('in', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout.readline() == b"in\n"
    with pytest.raises(GradebookError, match="another run"), only_run(path):
        pass
    holder.kill()
    holder.communicate()
    with only_run(path):
        pass


def test_a_full_disk_says_so_and_keeps_what_was_there(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        run.record("a", "d", [fact()])
        book.query("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = book.query("PRAGMA page_count")[0]
        book.query(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(GradebookFullError, match="what was graded so far is kept"):
            run.record("b", "e", [fact(message="x" * 50_000)])
    assert [d["submission"] for d in documents(path)] == ["a"]


def test_the_same_facts_give_the_same_document_whatever_the_order_of_the_class(path, tmp_path):
    other = tmp_path / "other.db"
    for file, names in ((path, ["a", "b"]), (other, ["b", "a"])):
        with Gradebook(file) as book:
            run = book.begin_run("hw", conditions(), ASKED)
            for name in names:
                run.record(name, name, [fact()])
    assert documents(path) == documents(other)


def test_an_unknown_assignment_or_student_is_named(path):
    with Gradebook(path) as book:
        book.begin_run("hw", conditions(), ASKED).record("a", "d", [fact()])
        with pytest.raises(UsageError, match="no assignment 'hw9'; it has 'hw'"):
            select_view(book, ["hw9"])
        with pytest.raises(
            UsageError, match="nobody, or more than one, in 'hw' is called 'zoe': name the"
        ):
            select_view(book, student="zoe")
        assert [d["submission"] for d in select_view(book, ["hw"], "a").documents()] == ["a"]


def test_each_format_is_a_file_with_a_line_that_says_what_for():
    assert {"csv", "json"} <= set(find_formats())
    for name in find_formats():
        source = (EXPORTERS / f"{name}.py").read_text()
        assert source.startswith('"""')
        assert callable(load_exporter(name))
    with pytest.raises(UsageError, match="there is no format 'xls'"):
        load_exporter("xls")


def test_csv_is_exactly_this(path):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        done = [fact(), fact("conv.col2im", ("passed",), levels=[
            {"name": "l", "status": "passed", "possible": 2.0}])]  # fmt: skip
        run.record("bob", "d2", done)
        run.record("alice", "d1", [fact()])
    assert exported(path, "csv") == (
        "submission,assignment,earned,possible,complete,conv.im2col,conv.col2im,ungraded\n"
        "alice,hw,,4,no,1,,conv.col2im\n"
        "bob,hw,3,4,yes,1,2,\n"
    )


ODD = ["new\nline", "esc\x1b[31m", "<b>x", "q\"u'o,te", "=cmd()", "+1", "@x", "\\xff", "ünï", " "]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_odd_names_come_through_every_export_apart_and_harmless(path, form):
    with Gradebook(path) as book:
        run = book.begin_run("hw", conditions(), ASKED)
        for name in ODD:
            run.record(name, name, [fact()])
    text = exported(path, form)
    assert "\x1b" not in text
    if form == "json":
        names = [result["submission"] for result in json.loads(text)["results"]]
        assert sorted(names) == sorted(ODD)
    else:
        names = [row["submission"] for row in csv.DictReader(io.StringIO(text))]
        assert len(set(names)) == len(ODD)
        assert not any(name.startswith(("=", "+", "-", "@")) for name in names)
