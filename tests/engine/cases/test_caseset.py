"""What is read of a banked case is read once, for all who answer it, and nobody can change it."""

from __future__ import annotations

import numpy as np
import pytest

from grader.engine.judge import Trial, judge_trial
from grader.engine.naming.counterexample import make_counterexample
from grader.model import Case
from grader.worker.wire import Answer


@pytest.fixture
def exercise(course):
    return course.exercise("conv.zero_pad2d")


@pytest.fixture
def banked(engine, exercise):
    oracles = engine.answers(exercise)
    return oracles.right(Case(((np.ones((1, 1, 2, 2)), 1),)))


def test_arguments_and_right_answers_are_read_once_and_cannot_be_written_to(banked):
    (padded,) = banked.expected
    ((image, _),) = banked.arguments
    assert banked.expected[0] is padded
    assert banked.arguments[0][0] is image
    for array in (padded, image):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7.0


def test_what_is_shown_of_a_case_is_ones_own_to_write_to(exercise, banked):
    trial = Trial(exercise, banked, None)
    trial.answer = Answer((np.zeros((1, 1, 4, 4)),))
    judge_trial(trial)
    shown = make_counterexample(trial, shrunk=True)
    shown.expected[...] = shown.arguments["x"][...] = 7.0
    assert banked.expected[0].sum() == 4.0
    assert banked.arguments[0][0].sum() == 4.0


def test_how_large_the_terms_are_is_asked_of_the_check_once(course, engine):
    exercise = next(e for e in map(course.exercise, course.ids) if e.check.terms is not None)
    banked = engine.case_set(exercise).cases[0]
    assert banked.terms(exercise.check) == exercise.check.largest_term(banked.arguments)
    assert banked.terms(exercise.check) >= 1.0
