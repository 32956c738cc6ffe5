"""Beside a smallest case that hides the pattern stands one that shows it."""

from __future__ import annotations

import numpy as np
import pytest

from grader.engine.audit.audit import answer_cases
from grader.engine.cases.oracle import Oracles, mistaken_answers
from grader.engine.naming.symptoms.recognition import find_symptom
from grader.engine.naming.telling import Pattern, find_pattern
from grader.model import Status
from grader.worker.client import Worker

CORRELATE = "conv.correlate2d"
HEAD = """import numpy as np


def correlate2d(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(ROWS):
        for j in range(COLUMNS):
            window = image[i:i + kernel.shape[0], j:j + kernel.shape[1]]
            out[i, j] = np.sum(window * kernel)
    return out
"""


@pytest.fixture
def check(engine, course, tmp_path):
    """Check a source, and return what is told about the exercise."""

    def check(source, exercise_id=CORRELATE):
        exercise = course.exercise(exercise_id)
        (tmp_path / f"{exercise.module}.py").write_text(source)
        (result,) = engine.check(tmp_path, [exercise]).exercises
        return result

    return check


def stops_early(rows, columns):
    return HEAD.replace("ROWS", rows).replace("COLUMNS", columns)


@pytest.mark.parametrize(
    ("rows", "columns", "words"),
    [
        ("rows - 1", "columns - 1", "last row and column are 0"),
        ("rows - 1", "columns", "last row is 0"),
        ("rows", "columns - 1", "last column is 0"),
    ],
)
def test_a_loop_that_ends_early_is_named_and_shown_where_it_can_be_seen(
    check, rows, columns, words
):
    found = check(stops_early(rows, columns))
    assert found.status is Status.FAILED
    assert 1 in found.counterexample.expected.shape
    assert found.diagnosis.id == "end-unwritten"
    assert words in found.diagnosis.message
    telling = found.telling
    assert telling.expected.shape == telling.actual.shape == (3, 3)
    wrong = telling.expected != telling.actual
    assert wrong.any()
    assert not wrong[:-1, :-1].any()
    assert (wrong == (telling.actual == 0)).all()


def test_no_case_is_shown_twice(check):
    source = """import numpy as np


def hinge_loss_backward(scores, targets):
    grad = np.zeros_like(scores)
    for i in range(len(scores)):
        for j in range(scores.shape[1]):
            if j != targets[i] and scores[i, j] - scores[i, targets[i]] + 1 > 0:
                grad[i, j] += 1
                grad[i, targets[i]] = -1
    return grad / len(scores)
"""
    found = check(source, "losses.hinge_loss_backward")
    assert found.status is Status.FAILED
    assert repr(found.telling and found.telling.arguments) != repr(found.counterexample.arguments)


def test_the_same_failure_has_the_same_telling_case(check):
    source = stops_early("rows - 1", "columns")
    first, second = check(source), check(source)
    assert repr(first.telling) == repr(second.telling)


def test_what_it_asks_is_bounded_and_right_work_pays_nothing(check, monkeypatch):
    calls = []
    ask = Worker.call

    def call(worker, module, function, cases, *more, **script):
        calls.append(len(cases))
        return ask(worker, module, function, cases, *more, **script)

    monkeypatch.setattr(Worker, "call", call)
    check(stops_early("rows", "columns"))
    assert 1 not in calls
    check(stops_early("rows - 1", "columns - 1"))
    assert 0 < calls.count(1) <= 400 + 2 + 1 + 60 + 4


def test_cases_whose_right_answer_is_too_small_to_show_it_are_not_asked(check, monkeypatch):
    calls = []
    ask = Worker.call

    def call(worker, module, function, cases, *more, **script):
        calls.append(len(cases))
        return ask(worker, module, function, cases, *more, **script)

    monkeypatch.setattr(Worker, "call", call)
    source = stops_early("rows - 1", "columns - 1")
    found, few = check(source), calls.count(1)
    monkeypatch.setattr(Pattern, "may_be_in", lambda *_: True)
    calls.clear()
    assert repr(check(source).telling) == repr(found.telling)
    assert 0 < few < calls.count(1) / 2


@pytest.mark.parametrize(
    "exercise_id", [CORRELATE, "linear.linear_backward", "conv.conv2d_backward"]
)
def test_whatever_shows_a_pattern_may_show_it_by_its_right_answer(course, engine, exercise_id):
    exercise = course.exercise(exercise_id)
    case_set = engine.case_set(exercise)
    mistake = next(iter(exercise.check.mistakes.values()))
    trials = answer_cases(exercise, case_set, lambda case: mistaken_answers(mistake, case))
    patterns = [Pattern((n, m), in_part) for n in (1, 2, 3) for m in (1, 3) for in_part in (0, 1)]
    shown = [(p, t) for p in patterns for t in trials if p.is_in(t)]
    assert shown
    assert all(pattern.may_be_in(trial.banked) for pattern, trial in shown)


def test_a_mistake_with_a_name_that_is_wrong_everywhere_needs_no_second_case(check):
    found = check(stops_early("rows", "columns").replace("return out", "return 2 * out"))
    assert found.diagnosis.id == "factor"
    assert found.telling is None


def test_where_nothing_has_a_name_all_that_is_wrong_is_shown_once_more(check):
    waves = "    return out + np.cos(np.arange(out.size)).reshape(out.shape)"
    found = check(stops_early("rows", "columns").replace("    return out", waves))
    assert found.diagnosis is None
    assert found.telling.expected.shape == (3, 3)
    assert (found.telling.actual != found.telling.expected).all()


def test_a_smallest_case_that_shows_it_is_enough(check):
    found = check(stops_early("rows", "columns").replace("    return out", BEYOND))
    assert found.status is Status.FAILED
    assert min(found.counterexample.expected.shape) > 1
    assert found.telling is None


BEYOND = "    out[1:, 1:] += 1\n    return out"


def answered(course, engine, exercise_id, change):
    """Judge answers to the cases of an exercise that are the right ones, changed."""
    exercise = course.exercise(exercise_id)
    oracles = Oracles(exercise.check, course.reference(exercise))
    answers = answer_cases(
        exercise,
        engine.case_set(exercise),
        lambda case: tuple(change(value) for value in oracles.expected(case)),
    )
    return [trial for trial in answers if trial.verdict.status is not Status.PASSED]


def test_of_numbers_and_wrong_shapes_there_is_no_pattern(course, engine):
    losses = answered(course, engine, "losses.mse_loss", lambda value: value + 1.0)
    assert losses
    assert find_pattern(losses[0], losses) is None
    shapes = answered(course, engine, CORRELATE, lambda out: out[None])
    assert shapes
    assert find_pattern(shapes[0], shapes) is None


def test_a_pattern_that_no_failing_case_shows_is_not_looked_for(course, engine):
    trials = answered(course, engine, CORRELATE, lambda out: out + 1.0)
    small = [trial for trial in trials if 1 in trial.expected[0].shape]
    assert small
    thin = [trial for trial in small if max(trial.expected[0].shape) == 1]
    assert find_pattern((thin or small)[0], thin) is None


def test_zeros_that_are_right_by_chance_do_not_make_an_unwritten_end(course, engine):
    def last_row_doubled(out):
        changed = out.copy()
        changed[..., -1, :] *= 2
        return changed

    found = find_symptom(answered(course, engine, CORRELATE, last_row_doubled))
    assert found is None or found.id != "end-unwritten"


def test_a_result_of_zeros_is_no_unwritten_end_however_narrow_it_is(course, engine):
    zero = answered(course, engine, CORRELATE, np.zeros_like)
    for trials in (zero, [one for one in zero if min(one.expected[0].shape) < 3]):
        assert trials
        found = find_symptom(trials)
        assert found is None or found.id != "end-unwritten"
