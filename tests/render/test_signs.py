"""A status has one word and a number one form, wherever they are shown."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest
from books import at, begin, fact, from_canvas, hand_in
from rich.console import Console

from grader.files import PACKAGE
from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.exporters.back.comments import comment_text
from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.standing import describe_class
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.pages.tally import NOTED, ClassTally
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view
from grader.model import ExerciseResult, LevelResult, Status
from grader.model.results import UNWRITTEN
from grader.render.grades.inquiry import render_classes
from grader.render.grades.run import render_done, render_summary
from grader.render.grades.told import Done
from grader.render.signs import (
    PARTLY,
    WORDS,
    Checking,
    count_words,
    mark,
    render_line,
    sign_of_class,
    word_for,
    words_for,
)

WRONG = [status for status in Status if status is not Status.PASSED]
ASKED = [("conv.im2col", 0, 1.0)]


def seen(renderable):
    console = Console(file=io.StringIO(), width=200)
    console.print(renderable)
    return console.file.getvalue()


@pytest.fixture
def graded(tmp_path):
    """Return a gradebook with one exercise of a status, and the fact."""

    def make(status, **delivery):
        book = Gradebook(tmp_path / f"{status}.db")
        one = fact("conv.im2col", str(status), levels=[("all of it", str(status), 1.0)])
        one |= {"earned": None if status is Status.UNGRADED else 0.0, "possible": 1.0}
        hand_in(begin(book, asked=ASKED), "abc", [one], from_canvas(1, **delivery))
        return book, one

    return make


def test_every_status_has_words_of_its_own():
    assert set(WORDS) == set(Status)
    assert len(set(WORDS.values())) == len(WORDS)


def test_a_class_sees_the_signs_of_the_terminal_but_for_what_could_not_be_loaded():
    others = {one for one in Status if sign_of_class(one) != mark(one, plain=False).plain}
    assert others == {Status.MISSING}
    assert sign_of_class(Status.MISSING) not in {sign_of_class(one) for one in set(Status) - others}


def test_no_template_spells_the_sign_or_the_words_of_a_status():
    names = [word for word in WORDS.values() if " " in word]
    signs = {mark(status, plain=False).plain for status in (Status.PASSED, Status.FAILED)}
    spelled = re.compile("|".join(map(re.escape, [*names, *signs, *PARTLY])))
    files = sorted((PACKAGE / "gradebook" / "pages" / "templates").iterdir())
    assert {file.suffix for file in files} >= {".j2", ".js"}
    found = {file.name: spelled.findall(file.read_text(encoding="utf-8")) for file in files}
    assert not any(found.values()), found


def test_a_stub_has_one_name_and_one_module_owns_it():
    """Where a text of ours says it in letters of its own, the next one will say it otherwise."""
    said = re.compile(rf"{UNWRITTEN}|^to do\b|\bunimplemented\b")
    found = []
    for file in PACKAGE.rglob("*.py"):
        if "checks" in file.relative_to(PACKAGE).parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docs]
        found += [(file.name, n.value) for n in texts if said.search(str(n.value))]
    assert (UNWRITTEN, word_for(Status.UNIMPLEMENTED)) == ("not written yet", UNWRITTEN)
    assert words_for("unimplemented, edited since") == f"{UNWRITTEN}, edited since"
    assert sorted(found) == [
        ("own.py", f"A function that is called here is {UNWRITTEN}."),  # the name of a rule
        ("results.py", UNWRITTEN),
        ("results.py", "unimplemented"),
    ]


def exported(book, form, policy=None):
    stream = io.StringIO()
    load_exporter(form)(select_view(book, policy=policy), stream, Options())
    return stream.getvalue()


@pytest.mark.parametrize("status", WRONG)
def test_a_status_has_the_same_word_on_every_screen_page_and_export(
    graded, status, course, tmp_path
):
    word = word_for(status)
    result = ExerciseResult("conv.im2col", (LevelResult("all of it", status, 1.0),))
    assert word in seen(render_line(result))
    book, one = graded(status)
    with book:
        assert f"1 x {word}" in seen(render_done(Done("abc", [one])))
        assert f"1 x {word}" in seen(render_summary(summarise(book, "hw2", ["conv.im2col"])))
        test = json.loads(exported(book, "gradescope"))["tests"][0]
        assert test["output"].splitlines()[0].startswith(f"all of it: {word}")
        assert test["output"].splitlines()[1] == word
        (case,) = ET.fromstring(exported(book, "junit")).iter("testcase")  # noqa: S314 - our own text
        assert [(child.get("type"), child.get("message")) for child in case] == [(status, word)]
        (file,) = write_feedback(select_view(book), course, tmp_path / "pages").values()
        page = unescape((tmp_path / "pages" / file).read_text(encoding="utf-8"))
        assert re.search(rf'all of it</td><td class="\w+">{word}</td>', page)
        ((_, works),) = select_view(book).by_student()
        tally = ClassTally("hw2")
        tally.add(works[0], file)
        assert tally.rows[0].notes == ((f"1 x {word}",) if status in NOTED else ())


def test_what_needs_a_look_is_said_in_the_same_words(graded):
    book, _ = graded(Status.CRASHED)
    with book:
        summary = summarise(book, "hw2", ["conv.im2col"])
    assert f"abc  conv.im2col  {word_for('crashed')}" in seen(render_summary(summary))


def test_an_unknown_status_is_shown_as_it_is():
    assert count_words({"later": 2}) == "2 x later"


@pytest.mark.parametrize(
    ("came_in", "started"),
    [("2026-11-01T00:00:01", "1 day"), ("2026-11-02T00:00:01", "2 days")],
)
def test_how_late_something_is_reads_the_same_everywhere(
    graded, came_in, started, course, tmp_path
):
    policy = Policy(read_rule("2026-11-01 00:00Z: 12.5%/day, at most 50%"))
    book, _ = graded(Status.FAILED, came_in=at(came_in))
    with book:
        assert f",{started}," in exported(book, "csv", policy)
        said = json.loads(exported(book, "gradescope", policy))["output"].splitlines()[1]
        assert said.startswith(f"{started} late: ")
        view = select_view(book, policy=policy)
        (file,) = write_feedback(view, course, tmp_path / "pages").values()
        assert f"{said}." in (tmp_path / "pages" / file).read_text(encoding="utf-8")
        ((_, works),) = view.by_student()
        tally = ClassTally("hw2")
        tally.add(works[0], file)
        assert f"{started} late" in tally.rows[0].notes


@pytest.mark.parametrize(
    ("came_in", "how_late", "counts"),
    [
        ("2026-10-31", (), ("0.3333", "0.3333333333")),
        ("2026-11-01T12:00", ("1 day late: 20% taken off, 0.2667 points count",),
         ("0.2667 (0.3333)", "0.266667")),
    ],
)  # fmt: skip
def test_points_have_one_spelling_in_every_sentence_and_are_exact_in_a_table(
    course, tmp_path, came_in, how_late, counts
):
    policy = Policy(read_rule("2026-11-01 00:00Z: 20%/day"))
    levels = [("easy", "passed", 1 / 3), ("hard", "failed", 2 / 3)]
    with Gradebook(tmp_path / "g.db") as book:
        run, one = begin(book, asked=ASKED), fact("conv.im2col", "failed", levels=levels)
        hand_in(run, "abc", [one], from_canvas(1, came_in=at(came_in)))
        view = select_view(book, policy=policy)
        tree = json.loads(exported(book, "gradescope", policy))
        assert tuple(tree["output"].splitlines()[:-1]) == ("0.3333 of 1 point", *how_late)
        assert tree["tests"][0]["output"].startswith("easy: passed, 0.3333 of 0.3333\n")
        (file,) = write_feedback(view, course, tmp_path / "pages").values()
        page = (tmp_path / "pages" / file).read_text(encoding="utf-8")
        comment = comment_text(next(view.documents()), show_cases=True)
        assert "hw2: 0.3333 of 1 point</h2>" in page
        assert "hw2: 0.3333 of 1 point</p>" in comment
        assert "conv.im2col: 0.3333 of 1, wrong answer" in comment
        for line in how_late:
            assert f"{line}." in page
            assert f"<p>{line}</p>" in comment
        shown, exact = counts
        screen = seen(render_classes(describe_class(view)))
        assert f" {shown} " in screen
        assert ("(0.3333)" in screen) == bool(how_late)
        (row,) = csv.DictReader(io.StringIO(exported(book, "csv", policy)))
        assert (row["earned"], row["after_late"]) == ("0.3333333333", exact)


def test_what_is_being_checked_is_said_at_once_and_the_seconds_after_one(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("grader.render.signs.time.monotonic", lambda: now[0])
    checking = Checking()
    assert checking.begin("conv.im2col") == ""
    assert checking.__rich__().plain == "  checking conv.im2col …"
    now[0] += 3.9
    assert checking.__rich__().plain == "  checking conv.im2col …  3 s"
    checking.begin("conv.col2im")
    assert checking.__rich__().plain == "  checking conv.col2im …"
