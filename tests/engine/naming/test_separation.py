"""One sentence on which cases fail."""

from __future__ import annotations

import numpy as np
import pytest

from grader.course.pools import lay_out
from grader.engine.cases.caseset import bank_case
from grader.engine.judge import Trial
from grader.engine.naming.separation import separate
from grader.model import Case, Status


@pytest.fixture
def exercise(course):
    return course.exercise("losses.l1_penalty")


def trials(exercise, *orders):
    """Return trials whose weight lies in memory in these orders."""
    weight = np.arange(6.0).reshape(2, 3) - 1.0
    cases = [Case(((lay_out(weight, order),),)) for order in orders]
    return [Trial(exercise, bank_case(exercise.check, case, (9.0,)), None) for case in cases]


def test_failures_in_another_order_in_memory_alone_are_said_to_be_that(exercise):
    said = separate(exercise, trials(exercise, 1, 2, 3), trials(exercise, 0, 0, 0))
    assert said == (
        "Every failing case has weight as a view or in Fortran's order: "
        "weight.copy() lies in memory as usual."
    )


def test_orders_in_memory_that_do_not_tell_cases_apart_are_not_named(exercise):
    assert not separate(exercise, trials(exercise, 1, 2), trials(exercise, 3, 1, 0))
    assert not separate(exercise, trials(exercise, 1, 0), trials(exercise, 0, 0, 0))


def test_every_case_fails_only_where_every_case_was_answered(exercise):
    failing = trials(exercise, 0, 0)
    assert separate(exercise, failing, []) == "Every case fails."
    assert not separate(exercise, failing, [], is_all=False)


DYING = """import os

def minibatches(num_samples, batch_size, order):
    if len(order) > 6:
        os._exit(3)
    return []
"""


def test_where_a_case_ended_the_process_it_is_not_said_that_every_case_fails(engine, tmp_path):
    (tmp_path / "optim.py").write_text(DYING)
    exercise = engine.course.exercise("optim.minibatches")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    assert result.status is Status.FAILED
    assert not result.separation
