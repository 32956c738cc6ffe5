"""Whoever reads a result is told the line and the kind; the edit itself is the instructor's."""

from __future__ import annotations

import io
import json

import pytest
from books import begin, fact
from rich.console import Console

from grader.engine.document import as_document, entry_of
from grader.gradebook.exporters.back.comments import _line
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.evidence import describe
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.view import select_view
from grader.grading.facts import exercise_fact
from grader.model import ExerciseResult, LevelResult, Status, SubmissionResult
from grader.model.mended import Mending, without_edits
from grader.render.failure import Manner, render_failure
from grader.render.hidden import without_words

EDIT = ("dw[f] = g * x", "dw[f] += SECRET")
SAID = "Line 41 assigns; what comes to one place more than once must add up."
MENDING = Mending("assigns", SAID, (("conv.py", 41),), (EDIT,))
RESULT = ExerciseResult(
    "conv.im2col", (LevelResult("all", Status.FAILED, 2.0),), message="wrong", mending=MENDING
)


def test_the_document_has_line_and_kind_and_no_edit():
    document = as_document(SubmissionResult((RESULT,), 0, {}, (), "none"))
    assert "SECRET" not in json.dumps(document)
    assert document["exercises"][0]["mending"] == {
        "file": "conv.py",
        "line": 41,
        "lines": [41],
        "kind": "assigns",
        "message": SAID,
    }


def test_a_result_that_nothing_mends_has_no_such_key():
    plain = ExerciseResult("conv.im2col", RESULT.levels)
    assert "mending" not in entry_of(plain)
    assert "mending" not in exercise_fact(plain)["details"]


def test_the_gradebook_keeps_the_edit_beside_what_the_document_says():
    kept = exercise_fact(RESULT)["details"]["mending"]
    assert kept["edits"] == [list(EDIT)]
    assert without_edits(kept) == entry_of(RESULT)["mending"]


def test_hidden_cases_leave_line_and_kind():
    told = without_words(entry_of(RESULT))
    assert told["mending"]["lines"] == [41]
    assert "SECRET" not in json.dumps(told)


@pytest.mark.parametrize("plain", [False, True])
def test_the_screen_says_the_line_and_not_the_edit(course, plain):
    console = Console(file=io.StringIO(), width=200, color_system=None)
    exercise = course.exercise("conv.im2col")
    console.print(render_failure(RESULT, exercise, manner=Manner(plain=plain, explain=True)))
    shown = console.file.getvalue()
    assert SAID in shown
    assert "SECRET" not in shown


def test_pages_tell_the_student_the_line_and_the_instructor_the_edit(tmp_path, course):
    with Gradebook(tmp_path / "g.db") as book:
        kept = fact("conv.im2col", "failed", message="wrong")
        kept["details"] = exercise_fact(RESULT)["details"]
        begin(book).record("alice", "a" * 64, [kept])
        view = select_view(book)
        (file,) = write_feedback(view, course, tmp_path / "pages").values()
        page = (tmp_path / "pages" / file).read_text()
        assert SAID in page
        assert "SECRET" not in page
        ((_, (result,)),) = view.by_student()
        assert result.document["exercises"][0]["mending"]["line"] == 41
        assert SAID in _line(result.document["exercises"][0])


def test_the_class_page_shows_the_statement_before_and_after():
    entry = {
        "earned": 0.0, "message": "wrong", "diagnosis": None, "override": None, "code": None,
        "blocks": [], "mended": MENDING.told, "edits": [list(EDIT)],
    }  # fmt: skip
    assert describe(entry)[3] == [[SAID, f"- {EDIT[0]}\n+ {EDIT[1]}"]]
