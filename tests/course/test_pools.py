"""The numbers of a case: ordinary ones, and those at which only some wrong functions are wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.course.pools import (
    CATCH,
    FAR,
    TINY,
    distinct,
    lay_out,
    mixed,
    nonzero,
    plain,
    real,
    tied,
    undrawn,
    wide,
)
from grader.course.strategies import array, between, strategy
from grader.engine.audit.drawn import WHAT_HOLDS
from grader.engine.cases.drawing import Recipe, Recorder, draw_cases
from grader.engine.naming.shrink import Shrinker
from grader.errors import CourseError

SEEDS = range(300)


def kinds_in(kind):
    """Return which kinds of numbers that catch some array of 3x4 holds."""
    arrays = [kind.fill(np.random.default_rng(seed), (3, 4)) for seed in SEEDS]
    return {
        name
        for name, holds in WHAT_HOLDS.items()
        if all(any(one(x) for x in arrays) for one in holds)
    }


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (real, {"huge", "below"}),
        (wide, set()),
        (nonzero, {"zero"}),
        (distinct, {"ties"}),
        (plain, {"zero", "tiny", "far", "huge", "ties", "near", "below"}),
    ],
)
def test_a_kind_of_elements_holds_the_numbers_that_it_says(kind, missing):
    rare = {"near"} if kind is plain else set()  # two of twelve ordinary numbers may be near
    assert kinds_in(kind) - rare == set(CATCH) - {"orders"} - missing


@given(st.integers(0, 2**32))
def test_what_is_to_hold_no_zeros_or_no_ties_holds_none(seed):
    assert (nonzero.fill(np.random.default_rng(seed), (30,)) != 0).all()
    assert len(set(distinct.fill(np.random.default_rng(seed), (30,)) - 1000.0)) == 30


@given(st.integers(0, 2**32))
def test_many_arrays_of_real_numbers_are_ordinary_and_many_are_not(seed):
    rng = np.random.default_rng(seed)
    arrays = [real.fill(rng, (20,)) for _ in range(120)]
    ordinary = sum(
        np.abs(x).max() < FAR[0] and np.abs(np.diff(np.sort(x))).min() > 2 * TINY for x in arrays
    )
    assert 15 < ordinary < 90


def test_a_mixture_holds_arrays_of_each_of_its_kinds():
    filled = [mixed(tied, wide).fill(np.random.default_rng(seed), (4,)) for seed in SEEDS]
    assert any(np.isin(x, [-1, -0.5, 0, 0.5, 1]).all() for x in filled)
    assert any(np.abs(x).max() >= 1000 for x in filled)
    assert mixed(tied, wide).small == tied.small


@given(npst.arrays(np.float64, npst.array_shapes(max_dims=4, max_side=4)), st.integers(0, 3))
def test_another_order_in_memory_changes_no_number(x, order):
    turned = lay_out(x, order)
    assert turned.shape == x.shape
    assert turned.tobytes() == x.tobytes()
    assert turned.flags.writeable


@strategy
def pictures(draw):
    height, width = draw(between(2, 4)), draw(between(2, 4))
    return draw(array(height, width)), [draw(array(height))], draw(between(0, 2))


def orders_of(case):
    (x, (y,), _), *_ = case.steps
    return x.strides, y.strides


def test_arguments_come_in_every_order_in_memory_and_a_recipe_rebuilds_it():
    drawn = draw_cases(pictures(), 60, seed=0)
    flags = [case.steps[0][0].flags for case, _ in drawn]
    assert any(f.c_contiguous for f in flags)
    assert any(f.f_contiguous for f in flags)
    strides = [orders_of(case) for case, _ in drawn]
    assert any(min(first) < 0 for first, _ in strides)
    assert any(second == (16,) for _, second in strides)
    assert [orders_of(pictures().build(Recorder(recipe))) for _, recipe in drawn] == strides


def test_the_smallest_failing_case_lies_in_memory_as_usual_where_that_does_not_matter():
    recipes = [recipe for _, recipe in draw_cases(pictures(), 30, seed=1)]
    assert len(recipes) == 30
    for recipe in recipes:
        case = Shrinker(pictures(), lambda _: True).smallest(recipe)
        assert case.steps[0][0].flags.c_contiguous


def test_a_failure_that_needs_another_order_in_memory_keeps_it():
    def fails(case):
        return not case.steps[0][0].flags.c_contiguous

    recipe = next(r for case, r in draw_cases(pictures(), 30, seed=1) if fails(case))
    assert fails(Shrinker(pictures(), fails).smallest(recipe))


def test_a_case_without_arrays_draws_nothing_for_them():
    @strategy
    def numbers(draw):
        return draw(between(0, 9)), draw(between(0, 9))

    recorder = Recorder(Recipe((3, 4), 0))
    assert numbers().build(recorder).steps == ((3, 4),)
    assert recorder._generator.random() == np.random.default_rng(0).random()


def test_a_reason_names_kinds_that_there_are():
    assert undrawn("far huge", "It saturates.", of="x y").excuses("x", "far")
    assert not undrawn("far huge", "It saturates.", of="x y").excuses("z", "far")
    assert not undrawn("far huge", "It saturates.").excuses("x", "ties")
    with pytest.raises(CourseError, match="'large' is no kind of number"):
        undrawn("large", "It saturates.")
