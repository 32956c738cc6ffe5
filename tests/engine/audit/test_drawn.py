"""The audit says which numbers that catch are in no case."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from grader.course.pools import CATCH, undrawn
from grader.engine.audit.drawn import WHAT_HOLDS, audit_drawn
from grader.engine.cases.caseset import BankedLevel, CaseSet, bank_case
from grader.model import Case


@pytest.fixture
def exercise(course):
    return course.exercise("activations.relu_backward")


def cases(exercise, *x):
    """Return a case set of an exercise with these x, and an upstream gradient of ones."""
    made = [Case(((np.ones(np.shape(one)), np.asarray(one)),)) for one in x]
    banked = tuple(bank_case(exercise.check, case, (case.steps[0][1],)) for case in made)
    return CaseSet((BankedLevel("any", banked),))


def missing(exercise, *x):
    drawn = audit_drawn(exercise, cases(exercise, *x))
    return {gap.kind for gap in drawn.gaps if gap.parameter == "x"}


def test_there_is_a_test_for_each_kind():
    assert set(WHAT_HOLDS) == set(CATCH)


@pytest.mark.parametrize(
    ("kind", "x"),
    [
        ("zero", [[0.0]]),
        ("tiny", [[1e-7]]),
        ("far", [[5.0], [-20.0]]),
        ("huge", [[1000.0], [-1000.0]]),
        ("ties", [[2.0, 3.0, 2.0]]),
        ("near", [[2.0, 2.0 + 1e-7]]),
        ("below", [[-500.0, -700.0]]),
        ("orders", [np.ones((2, 3)).T]),
    ],
)
def test_a_kind_is_missing_until_some_case_holds_it(exercise, kind, x):
    ordinary = [[1.0, -2.0, 3.0]]
    assert missing(exercise, *ordinary) == set(CATCH)
    assert kind not in missing(exercise, *ordinary, *x)


def test_far_and_huge_numbers_are_wanted_with_both_signs(exercise):
    assert {"far", "huge"} <= missing(exercise, [7.0], [1000.0])


def test_a_zero_twice_is_no_tie_and_two_tiny_numbers_are_not_near(exercise):
    assert {"ties", "near"} <= missing(exercise, [0.0, 0.0, 1e-8, 2e-8])


def test_a_reason_excuses_what_is_missing_and_is_needless_where_it_is_not(exercise):
    def audited(*never):
        check = dataclasses.replace(exercise.check, never=never)
        check._equivalent = exercise.check.answer
        return audit_drawn(dataclasses.replace(exercise, check=check), cases(exercise, [1.0]))

    all_kinds = undrawn(" ".join(CATCH), "Nobody needs them.")
    assert not audited().is_whole
    assert audited(all_kinds).is_whole
    useless = undrawn("zero", "There is no such argument.", of="y")
    assert audited(all_kinds, useless).needless == (useless,)
    assert not audited(all_kinds, useless).is_whole


def test_lists_of_arrays_and_of_numbers_are_looked_into(course):
    exercise = course.exercise("losses.multi_task_loss")
    case = Case((([0.0, 1000.0, -1000.0], [1.0, 1.0, 1e-7]),))
    banked = bank_case(exercise.check, case, (1.0,))
    gaps = audit_drawn(exercise, CaseSet((BankedLevel("any", (banked,)),))).gaps
    assert {(gap.parameter, gap.kind) for gap in gaps} == {
        *(("losses", kind) for kind in ("tiny", "far", "ties", "near", "below", "orders")),
        *(("weights", kind) for kind in ("zero", "far", "huge", "near", "below", "orders")),
    }
