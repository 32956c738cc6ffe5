"""While cases are hidden, nothing that a student's code writes comes back to the student."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from remembered import remembered

from grader.engine.document import entry_of
from grader.engine.judge import Trial, Verdict, judge
from grader.engine.naming.phrases import UNREFUSED, WITHOUT_PARTICULARS
from grader.engine.naming.words import Words
from grader.model import ExerciseResult, LevelResult, Mismatch, Raised, Status, Unsupported
from grader.render.hidden import own_line, shared_feature, without_words
from grader.worker.wire import Answer

WORD, NUMBER = "SECRET", 424242.125
WIDE = np.arange(27.0).reshape(3, 3, 3)
FRAMES = ((f"{WORD}.py", 424242, WORD),)
ANSWERS = [
    WORD, [WORD], {WORD: 1}, {0: WORD}, NUMBER, int(NUMBER), [NUMBER] * 3, Unsupported(WORD),
    np.full((1, 2, 1), NUMBER), np.full(1500, NUMBER), [[WORD, NUMBER]], {0: NUMBER},
    Raised(WORD, WORD, frames=FRAMES), Raised("KeyError", WORD, frames=FRAMES),
    Raised("KeyError", f"), expected {WORD}"), Raised("ValueError", WORD, value_error=True),
    Raised(f"KeyError), expected {WORD}", ""), Raised("E", WORD, memory=True, frames=FRAMES),
    Raised("NotImplementedError", WORD, unwritten=True, frames=FRAMES),
    f", expected {WORD} = {WORD}", [f" = {WORD}, expected {WORD}"],
]  # fmt: skip
EXPECTED = [
    np.zeros(2), np.zeros((1, 2, 1)), np.zeros(1500), 0.5, 3, None, True, "a", ["a"], [1, 2, 3],
    [0.5, np.zeros(2)], {"a": 1}, {0: 1}, {0: 0.5, 1: 2}, Raised("ValueError", value_error=True),
]  # fmt: skip


@pytest.fixture(scope="module")
def told(course, engine):
    """Return the entry of a wrong answer, as a run would keep it."""
    exercise = course.exercise("conv.im2col")
    banked = replace(engine.case_set(exercise).cases[0])  # a case of these tests' own

    def tell(actual, expected, again=False):
        trial = Trial(exercise, banked, None)
        trial.answer, vars(banked)["expected"] = Answer((actual,)), (expected,)
        trial.verdict = judge(exercise, trial.answer, trial.expected)
        if again and trial.verdict.mismatch:
            text = f"the same call again gives another answer: {trial.verdict.mismatch.message}"
            trial.verdict = Verdict(trial.verdict.status, Mismatch("again", text))
        level = LevelResult("all", trial.verdict.status, 1.0)
        result = ExerciseResult(exercise.id, (level,))
        answers = remembered(exercise)  # what known mistakes answer to the one case there is
        return entry_of(Words(exercise).tell(result, [trial], (trial, False), None, answers))

    return tell


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("expected", EXPECTED, ids=repr)
def test_no_text_and_no_number_of_an_answer_is_in_what_a_student_reads(told, expected, again):
    for actual in ANSWERS:
        entry = told(actual, expected, again)
        text = json.dumps(without_words(entry))
        assert WORD not in text, entry["message"]
        assert "424242" not in text, entry["message"]
        assert entry["status"] == "passed" or without_words(entry)["message"]


def test_neither_what_a_call_printed_nor_a_case_that_tells_more_is_shown(told):
    entry = told(np.zeros(2) + NUMBER, np.zeros(2))
    entry |= {"output": WORD, "telling": {**entry["counterexample"], "call": WORD}}
    shown = without_words(entry)
    assert not {"output", "telling"} & set(shown)
    assert WORD not in json.dumps(shown)
    assert "output" in entry


MESSAGES = [
    ("failed", "cols[0, 1] = 7, expected 2", "cols is wrong"),
    ("failed", "result[1][0] = 7, expected 2", "result is wrong"),
    ("failed", "result[] = 7, expected 2", "result is wrong"),
    ("failed", "result['a'] = 7, expected 2", "result['a'] is wrong, expected 2"),
    ("failed", "loss = 0.1, expected 0.33333333333333331", "loss is wrong, expected 0.333333"),
    ("failed", "count = 1, expected 12345678", "count is wrong, expected 12345678"),
    ("failed", "cols.dtype = datetime64[1011s], expected float64",
     "cols.dtype is wrong, expected float64"),
    ("failed", "cols.shape = (1, 2), expected (2, 1)", "cols.shape is wrong, expected (2, 1)"),
    ("failed", "result has 3 items, expected 2", "result is wrong, expected 2"),
    ("failed", "result has 'x', which is not expected",
     "the result holds something that is not expected"),
    ("failed", "it changes its argument x; work on a copy (x.copy())",
     "it changes its argument x; work on a copy (x.copy())"),
    ("failed", "cols is too large to be the answer", "the result is too large"),
    ("error", "it raised IndexError: 3 is out of bounds", "it raised IndexError"),
    ("error", "it raised KeyError, expected ValueError", "it raised KeyError, expected ValueError"),
    ("error", "it raised Mine: a, b", "it raised an exception of its own"),
    ("error", "it calls x, which is not written yet",
     "it calls something that is not written yet"),
    ("error", "it calls x, which raised NotImplementedError: a, b",
     "it calls something that refuses"),
    ("unimplemented", "not written yet: it raised NotImplementedError: a", "not written yet"),
    ("unimplemented", "it returns None: not written yet", "it returns None: not written yet"),
    ("error", "the parameters of f were changed; they must be f(x)",
     "the parameters of f were changed; they must be f(x)"),
    ("missing", "there is no file conv.py", "there is no file conv.py"),
    ("missing", "conv.py has no function f", "conv.py has no function f"),
    ("missing", "conv.py has no function f; it has F: is that it?",
     "conv.py has no function f; it has F: is that it?"),
    ("missing", "conv.py does not import, line 3: SyntaxError: invalid syntax: def f(",
     "conv.py does not import, line 3: SyntaxError: invalid syntax: def f("),
    ("missing", "conv.py does not import (conv.py, line 3): NameError: name 'x' is not defined",
     "conv.py does not import: NameError"),
    ("missing", "the notebook does not import (cell 3, line 1): Mine: x",
     "the notebook does not import: an exception of its own"),
    ("error", "conv.py does not import: ModuleNotFoundError: x",
     "conv.py does not import: ModuleNotFoundError"),
    ("rejected", "conv.py, line 1 imports torch: not allowed",
     "conv.py, line 1 imports torch: not allowed"),
    ("crashed", "it ran out of memory", "it ran out of memory"),
    ("crashed", "importing conv.py ran out of memory (x, line 1)",
     "importing it ran out of memory"),
    ("crashed", "the process ended itself with exit code 107", "the process ended itself"),
    ("crashed", "the process was ended by signal SIGUSR2", "the process was ended by a signal"),
    ("crashed", "the process was ended by signal 42", "the process was ended by a signal"),
    ("crashed", "importing conv.py ended the process: the process ended itself with exit code -3",
     "importing conv.py ended the process: the process ended itself"),
    ("crashed", "an answer that cannot be judged (KeyError)", "an answer that cannot be judged"),
    ("crashed", "it printed more than 16 MiB", "it printed more than 16 MiB"),
    ("timeout", "no answer after 10 s of computing", "no answer after 10 s of computing"),
    ("timeout", "it is 1,318 times as slow as the course's own, and at most 10 times are allowed",
     "it is slower than the course's own, and at most 10 times are allowed"),
    ("ungraded", "the grader could not tell: KeyError: x", "the grader could not tell"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "message", "shown"), MESSAGES)
def test_what_a_message_says_of_ours_is_kept(told, status, message, shown):
    entry = {**told(1, np.zeros(2)), "status": status, "message": message}
    assert without_words(entry)["message"] == shown


@given(st.sampled_from(list(Status)), st.text())
def test_a_message_of_any_text_is_told_in_a_line(told, status, text):
    entry = {**told(1, np.zeros(2)), "status": str(status), "message": f"it raised {text}"}
    assert without_words(entry)["message"]


def test_a_quiz_runs_nothing_and_keeps_its_words(told):
    entry = {**told(1, np.zeros(2)), "id": "quiz.conv", "message": "3 of 5 questions are right"}
    assert without_words(entry) is entry


@pytest.mark.parametrize(
    ("file", "line", "known"),
    [
        ("conv.py", 3, True),
        ("cell 12", 3, True),
        ("SECRET.py", 3, False),
        ("conv.py", 10**9, False),
        ("cell SECRET", 1, False),
    ],
)
def test_only_lines_of_files_that_are_known_are_shown(file, line, known):
    where = {"file": file, "line": line, "function": "SECRET"}
    assert (own_line("conv.im2col", where) is not None) is known
    assert own_line("conv.im2col", None) is None


ONES = np.ones((1, 2, 3))
ALIKE = {
    "dtype": [np.zeros(3, "datetime64[1011s]"), np.zeros(3, "c16"), np.zeros(3, np.float16)],
    "keepdims": [ONES[None], ONES[..., None], ONES[0]],
    "factor": [ONES * 2, ONES / 2],
    "swapped-axes": [np.transpose(WIDE, order) for order in ((0, 2, 1), (2, 1, 0))],
}


@pytest.mark.parametrize("symptom", ALIKE)
def test_a_symptom_is_told_in_the_same_words_whatever_the_answer_chose(told, symptom):
    expected = WIDE if symptom == "swapped-axes" else ONES
    named = [told(actual, expected)["diagnosis"] for actual in ALIKE[symptom]]
    assert {one["id"] for one in named} == {symptom}
    assert len({one["message"] for one in named}) > 1
    shown = [without_words(told(actual, expected))["diagnosis"] for actual in ALIKE[symptom]]
    assert {one["message"] for one in shown} == {WITHOUT_PARTICULARS[symptom]}


def test_what_is_said_beside_a_symptom_and_a_mistake_of_the_course_are_kept(told):
    for named, kept in (
        ({"id": "factor", "message": f"It is 17 times x. {UNREFUSED}"},
         f"{WITHOUT_PARTICULARS['factor']} {UNREFUSED}"),
        ({"id": "rows_first", "message": "Run along the rows first."}, "Run along the rows first."),
    ):  # fmt: skip
        assert without_words({**told(1, ONES), "diagnosis": named})["diagnosis"]["message"] == kept


def test_no_mistake_of_the_course_is_called_as_a_symptom_is(course):
    for name in course.ids:
        assert not course.exercise(name).check.mistakes.keys() & WITHOUT_PARTICULARS.keys()


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Only cases with a stride above 1 fail.", True),
        ("Only cases without a stride above 1 fail.", True),
        ("Only cases with a stride above 1 pass.", True),
        ("Every failing case has a stride above 1.", True),
        ("Only cases with padding = 0 fail.", True),
        ("Only cases with padding = 3 fail.", False),
        ("Only cases with padding = 3 pass.", False),
        ("It passes padding = 0 and 1 and fails padding = 2 and 3.", False),
    ],
)
def test_what_separates_the_cases_is_told_in_the_words_of_the_course_alone(sentence, kept):
    shown = shared_feature(sentence, {"a stride above 1", "padding = 0"})
    assert shown == (sentence if kept else "")
