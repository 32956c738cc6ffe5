"""A student's story, what came in and what was decided say what a reader has to know."""

from __future__ import annotations

import csv
import io
import json
import time
from hashlib import sha256

import pytest
from books import at, begin, fact, from_canvas, hand_in, passed, wrong
from typer.testing import CliRunner

from grader.cli import app
from grader.course.course import find_course
from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.people.delivery import TimeSource
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.view import select_view

FLATTEN = "pool.flatten"
WARNINGS = ("conv.py is saved as UTF-16; save it as UTF-8", "left out: torch <b>\x1b[31m (line 1)")


@pytest.fixture
def ask(tmp_path):
    """Ask the gradebook `g.db` with the command: what it prints, and how it ends."""

    def ask(*words):
        environment = {"COLUMNS": "160", "NO_COLOR": "1"}
        words = ["show", str(tmp_path / "g.db"), *words]
        return CliRunner().invoke(app, words, env=environment)

    return ask


@pytest.fixture
def in_vienna(monkeypatch):
    """Be on a machine that is an hour ahead."""
    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_story_names_the_levels_that_did_not_pass(tmp_path, ask):
    rows = [("easy", "passed", 1.0), ("any stride", "failed", 0.5), ("large", "not_run", 0.5)]
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        hand_in(run, "ann", [wrong() | {"levels": fact("x", levels=rows)["levels"]}])
        both = [("easy", "failed", 1.0), ("hard", "failed", 1.0)]
        hand_in(run, "bob", [fact("conv.im2col", "failed", levels=both), passed(FLATTEN)])
    assert "  any stride, large (not run)\n" in ask("ann").stdout
    assert "  all 2\n" in ask("bob").stdout
    (story,) = json.loads(ask("ann", "--json").stdout)["answers"]
    assert story["exercises"][0]["levels"] == [[name, status] for name, status, _ in rows]


@pytest.mark.parametrize("source", TimeSource)
def test_a_table_a_document_and_the_screen_say_the_same_time_and_none_where_none_is_known(
    tmp_path, ask, source
):
    when = {"came_in": at("2026-11-02T10:00:00"), "time_source": source, "files": ("conv.py",)}
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        hand_in(run, "ann", [passed(), passed(FLATTEN)], from_canvas(1, **when))
        unread = from_canvas(2, **when, why_not="nobody can read conv.docx")
        book.note_deliveries(run.assignment, run.number, [("bob", unread)])
        stream = io.StringIO()
        load_exporter("csv")(select_view(book), stream, Options())
        documents = list(select_view(book).documents())
    told = ("2026-11-02T10:00:00+00:00", str(source))
    told = told if source in {"platform", "name", "times"} else ("", "")
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert [(row["came_in"], row.get("time_source", "")) for row in rows] == [told, told]
    answers = json.loads(ask("--deliveries", "--json").stdout)["answers"]
    shown = {one["student"]: one for one in answers}
    for one in documents:
        term, delivery = one["term"], one["delivery"]
        assert (term["came_in"] or "", term["time_source"]) == told
        for same in (delivery, shown[one["submission"]]):
            assert (same["time"], same["time_source"]) == (term["came_in"], term["time_source"])
    assert ask("--deliveries").stdout.count("not known") == (0 if told[0] else 2)


@pytest.mark.usefixtures("in_vienna")
def test_every_time_is_of_this_machine_and_says_its_zone(tmp_path, ask):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        came = from_canvas(1, came_in=at("2026-11-02T23:30:00"), files=("conv.py",))
        hand_in(run, "ann", [passed(), passed(FLATTEN)], came)
        hand_in(begin(book), "ann", [wrong(), passed(FLATTEN)], None)
        book.note_overrides(run.assignment, [("ann", FLATTEN, 0.5, "copied")])
    assert "2026-11-03 00:30 +0100 (platform)" in ask("--deliveries").stdout
    story = ask("ann").stdout
    assert story.count("+0100") == 4  # handed in, read, until, decided
    assert "read on 20" in story
    assert "+0100: " in ask("--changes").stdout
    assert ask("--decisions").stdout.count("+0100") == 1


def test_what_the_platform_marks_as_late_is_marked_among_the_deliveries(tmp_path, ask):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        for number, name in enumerate(("ann", "bob")):
            came = from_canvas(number, name, files=(f"{name}.py",), marked_late=name == "ann")
            hand_in(run, name, [passed(), passed(FLATTEN)], came)
    late, other = [line for line in ask("--deliveries").stdout.splitlines() if ".py" in line]
    assert "not known, marked late" in late
    assert "late" not in other
    rows = json.loads(ask("--deliveries", "--json").stdout)["answers"]
    assert [row["marked_late"] for row in rows] == [True, False]


def test_of_several_assignments_each_delivery_and_decision_says_of_which_it_is(tmp_path, ask):
    with Gradebook(tmp_path / "g.db") as book:
        for name in ("hw1", "hw2"):
            run = begin(book, name)
            came = from_canvas(1001, "Roe, Ann", files=(f"in_{name}.py",))
            hand_in(run, "ann", [passed(), passed(FLATTEN)], came)
            book.note_overrides(run.assignment, [("ann", FLATTEN, 0.5, f"about {name}")])
            note_excuses(book, run.assignment, [("ann", Excuse(True, "ill"))])
    for question, told in (("--deliveries", "in_{}.py"), ("--decisions", "about {}")):
        lines = ask(question).stdout.splitlines()
        for name in ("hw1", "hw2"):
            (line,) = [line for line in lines if told.format(name) in line]
            assert line.split()[:3] == ["Roe,", "Ann", name]
        answers = json.loads(ask(question, "--json").stdout)["answers"]
        assert {(row["assignment"], row["student"]) for row in answers} == {
            ("hw1", "ann"), ("hw2", "ann"),
        }  # fmt: skip
        alone = ask(question, "--assignment", "hw1").stdout
        assert "assignment" not in alone.splitlines()[0]


def test_a_warning_about_the_files_is_told_wherever_the_work_is_shown(tmp_path, ask):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        digest = sha256(b"a").hexdigest()
        run.record("ann", digest, [passed(), passed(FLATTEN)], WARNINGS)
        hand_in(run, "bob", [passed(), passed(FLATTEN)])
    with Gradebook(tmp_path / "g.db", read_only=True) as book:
        view = select_view(book)
        ann, bob = view.documents()
        write_feedback(view, find_course(), tmp_path / "pages")
        stream = io.StringIO(newline="")
        load_exporter("csv")(view, stream, Options())
    assert ann["delivery"]["warnings"] == list(WARNINGS)
    assert "warnings" not in bob.get("delivery", {})
    said = ask("ann").stdout
    assert f"warning: {WARNINGS[0]}\n" in said
    assert r"warning: left out: torch <b>\x1b[31m (line 1)" in said
    assert "warning" not in ask("bob").stdout
    (story,) = json.loads(ask("ann", "--json").stdout)["answers"]
    assert story["warnings"] == list(WARNINGS)
    cells = [row["warnings"] for row in csv.DictReader(io.StringIO(stream.getvalue()))]
    assert cells == [rf"{WARNINGS[0]}; left out: torch <b>\x1b[31m (line 1)", ""]
    pages = {page.name: page.read_text() for page in (tmp_path / "pages").glob("*.html")}
    (told,) = [name for name, text in pages.items() if WARNINGS[0] in text]
    assert told.startswith("ann")
    assert r"left out: torch &lt;b&gt;\x1b[31m (line 1)" in pages[told]


def test_what_nobody_can_read_at_a_glance_is_cut_and_whole_in_the_document(tmp_path, ask):
    long = "x" * 1_000_000
    trace = {"file": "conv.py", "line": 7, "function": "f", "code": long}
    loud = fact("conv.im2col", "error", message=long, details={"location": None, "trace": [trace]})
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book), "ann", [loud, passed(FLATTEN)])
    for words in ((), ("--output",)):
        said = ask("ann", *words).stdout
        assert len(said) < 10_000
        assert "more characters)" in " ".join(said.split())
        assert long in ask("ann", "--json", *words).stdout
