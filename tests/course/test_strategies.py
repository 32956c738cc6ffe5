"""Cases are drawn the same for a seed, rebuilt from their recipes, and shrunk to the smallest."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import pools, strategies
from grader.course.pools import below, dyadic, permutation_of, real, tied, uniform
from grader.course.strategies import (
    array,
    as_case,
    bad,
    between,
    either,
    one_of,
    steps,
    strategy,
)
from grader.engine.cases.drawing import Recipe, Recorder, draw_cases
from grader.engine.naming.shrink import Shrinker
from grader.model import Carry, Case


@strategy
def rectangles(draw, padding=between(0, 2)):
    height, width = draw(between(1, 5)), draw(between(1, 5))
    return draw(array(height, width)), draw(padding), draw(one_of("same", "valid"))


@strategy
def refusals(draw):
    return bad(draw(between(-3, -1)))


def same(one, other):
    return repr(one) == repr(other)


@pytest.mark.parametrize("family", [rectangles(), rectangles(padding=0), refusals()])
def test_a_seed_draws_the_same_cases_and_another_seed_others(family):
    first = draw_cases(family, 20, seed=3)
    assert same(first, draw_cases(family, 20, seed=3))
    if family != refusals():
        assert not same(first, draw_cases(family, 20, seed=4))


def test_modules_that_happen_to_be_loaded_do_not_change_the_draw(tmp_path):
    @strategy
    def numbers(draw):
        return (draw(between(0, 10**9)),)

    first = draw_cases(numbers(), 200, seed=0)
    file = tmp_path / "full_of_numbers.py"
    file.write_text("numbers = [" + ", ".join(map(str, range(1_000, 3_000, 7))) + "]\n")
    module = types.ModuleType("full_of_numbers")
    module.__file__ = str(file)
    sys.modules["full_of_numbers"] = module
    try:
        assert same(first, draw_cases(numbers(), 200, seed=0))
    finally:
        del sys.modules["full_of_numbers"]


def test_a_family_smaller_than_the_count_is_repeated():
    @strategy
    def coins(draw):
        return (draw(one_of("heads", "tails")),)

    drawn = draw_cases(coins(), 10, seed=0)
    assert len(drawn) == 10
    assert {case.steps for case, _ in drawn} == {(("heads",),), (("tails",),)}


def test_a_recipe_rebuilds_its_case_exactly():
    for case, recipe in draw_cases(rectangles(), 30, seed=1):
        recorder = Recorder(recipe)
        assert same(rectangles().build(recorder), case)
        assert recorder.recipe == recipe


@given(st.lists(st.integers(-10, 10), max_size=6), st.integers(0, 2**16 - 1))
def test_any_recipe_builds_a_case_within_the_bounds(integers, arrays):
    ((x, padding, mode),) = rectangles().build(Recorder(Recipe(tuple(integers), arrays))).steps
    assert x.ndim == 2
    assert all(1 <= n <= 5 for n in x.shape)
    assert 0 <= padding <= 2
    assert mode in ("same", "valid")


def test_options_can_be_fixed_by_value_or_by_another_description():
    drawn = draw_cases(rectangles(padding=between(7, 9)), 20, seed=0)
    assert {case.steps[0][1] for case, _ in drawn} <= {7, 8, 9}
    assert {case.steps[0][1] for case, _ in draw_cases(rectangles(padding=4), 5, seed=0)} == {4}


def test_either_draws_from_all_its_families():
    drawn = draw_cases(either(rectangles(), refusals()), 40, seed=0)
    assert {case.bad for case, _ in drawn} == {True, False}


@given(st.integers(0, 2**32))
def test_dyadic_sums_are_exact_in_every_order(seed):
    values = dyadic.fill(np.random.default_rng(seed), (50,))
    assert values.sum() == values[::-1].sum() == np.sort(values).sum()
    assert np.all(values * 8 == np.round(values * 8))


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [(uniform(0.5, 2.0), 0.5, 2.0), (below(4), 0, 3), (tied, -1, 1), (dyadic, -4, 4)],
)
def test_elements_and_their_small_values_stay_in_range(kind, low, high):
    values = kind.fill(np.random.default_rng(0), (100,))
    assert low <= values.min()
    assert values.max() <= high
    assert values.dtype == kind.dtype
    assert all(low <= value <= high or kind is dyadic or kind is tied for value in kind.small)


def test_a_permutation_holds_every_number_once():
    values = permutation_of(9).fill(np.random.default_rng(0), (9,))
    assert sorted(values) == list(range(9))


def test_real_numbers_show_single_precision():
    values = real.fill(np.random.default_rng(0), (10,))
    assert not np.allclose(values, values.astype(np.float32), rtol=1e-10, atol=0)


def test_a_plain_tuple_is_a_case_of_one_call():
    assert as_case((1, 2)) == Case(((1, 2),))
    assert steps([(1,), (Carry(),)]) == Case(((1,), (Carry(),)))
    assert as_case(bad(1)) == Case(((1,),), bad=True)


def test_strategies_are_described_without_hypothesis_and_numpy():
    for module in (strategies, pools):
        assert not {"np", "numpy", "hypothesis"} & set(vars(module))


def test_shrinking_finds_the_smallest_failing_shape_with_small_numbers():
    def fails(case):
        x, padding, _ = case.steps[0]
        return x.shape[0] >= 3 and padding >= 1 and np.abs(x).max() >= 1

    start = next(r for case, r in draw_cases(rectangles(), 60, seed=0) if fails(case))
    shrinker = Shrinker(rectangles(), fails)
    case = shrinker.smallest(start)
    x, padding, mode = case.steps[0]
    assert x.shape == (3, 1)
    assert (padding, mode) == (1, "same")
    assert sorted(np.abs(x).ravel()) == [0, 0, 1]
    assert shrinker.calls <= 400


def test_shrinking_counts_calls_and_repeats_itself():
    asked = []

    def fails(case):
        asked.append(repr(case))
        return case.steps[0][0].size > 4

    start = next(r for case, r in draw_cases(rectangles(), 60, seed=0) if fails(case))
    asked.clear()
    first = Shrinker(rectangles(), fails, max_calls=30).smallest(start)
    count = len(asked)
    assert count <= 30
    assert same(Shrinker(rectangles(), fails, max_calls=30).smallest(start), first)
    assert asked[:count] == asked[count:]


def test_a_failure_that_does_not_shrink_stays_as_it_was():
    _, recipe = draw_cases(rectangles(), 30, seed=2)[-1]
    wanted = repr(rectangles().build(Recorder(recipe)))
    case = Shrinker(rectangles(), lambda case: repr(case) == wanted).smallest(recipe)
    assert repr(case) == wanted
