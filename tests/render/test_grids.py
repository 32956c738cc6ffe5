"""Arrays as grids and as shades: what is wrong has a sign, and what it is made of another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grader.render.grids import MAX_ROWS, MAX_SHADED, Frame, render_array
from grader.render.signs import SHADES

SHADED = Frame(is_shaded=True)


def lines(array, frame=SHADED, other=None, *, got=True):
    return render_array(array, frame, other, got=got).plain.split("\n")


def test_a_large_array_is_shades_from_the_least_to_the_greatest_number():
    shown = lines(np.arange(20.0).reshape(1, 20), got=False)
    assert shown == ["".join(SHADES[n] * 2 for n in np.rint(np.arange(20) / 19 * 4).astype(int)),
                     "0 (·) to 19 (█)"]  # fmt: skip


def test_its_wrong_numbers_have_the_sign_and_the_first_are_listed():
    expected = np.zeros((20, 20))
    expected[3, 4] = expected[19, 19] = 1.0
    shown = lines(np.zeros((20, 20)), other=expected)
    assert "[3, 4] = 0* expected 1" in shown
    assert "[19, 19] = 0* expected 1" in shown
    cells = [line for line in shown if set(line) <= set("·*")]
    assert len(cells) == 10  # two rows in one
    assert cells[1] == "··" * 4 + "·*" + "··" * 15
    assert cells[9].endswith("·*")
    assert "0 (·) to 1 (█), 2x1 numbers a cell" in shown


def test_expected_and_got_have_the_same_shades_for_the_same_numbers():
    expected = np.arange(40.0).reshape(1, 40)
    got = expected.copy()
    got[0, 39] = 1e9
    want, have = lines(expected, other=got, got=False), lines(got, other=expected)
    assert want[0][:-2] == have[0][:-2]
    assert have[0].endswith("*")


def test_of_several_blocks_the_one_with_the_first_wrong_number_is_shown_by_its_name():
    expected = np.zeros((4, 5, 3, 3))
    got = expected.copy()
    got[2, 1, 0, 0] = 1.0
    frame = Frame(("N", "C", "H", "W"), is_shaded=True)
    shown = lines(got, frame, expected)
    assert shown[0] == "N=2 C=1, one of 20"
    assert shown[1].startswith("·*") or shown[1].startswith("█*")


def test_what_is_no_number_has_a_sign_of_its_own():
    array = np.zeros((1, 20))
    array[0, 3], array[0, 5] = np.nan, np.inf
    assert lines(array)[0] == "··" * 3 + "!!" + "··" + "!!" + "··" * 14


def test_a_number_as_large_as_there_is_has_the_shade_of_the_greatest_or_least():
    expected = np.arange(400.0).reshape(20, 20) / 400
    got = expected.copy()
    got[0, 0], got[0, 1] = 1.7e308, -1.7e308
    assert lines(got, SHADED, expected, got=True)[0].startswith("█*·*")


def test_without_shades_it_is_too_large():
    assert lines(np.zeros((1, 40)), Frame()) == ["(too large to show)"]


def test_a_part_that_is_lit_has_a_sign_in_a_grid_and_in_shades():
    index = (slice(0, 1), slice(1, 3))
    grid = lines(np.arange(8.0).reshape(2, 4), Frame(lit=index), got=False)
    assert [row.split() for row in grid] == [["0", "1'", "2'", "3"], ["4", "5", "6", "7"]]
    shades = lines(np.zeros((1, 20)), Frame(lit=index, is_shaded=True), got=False)
    assert shades[0] == "··" + "·'" * 2 + "··" * 17


NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-3, 3).map(float)


@given(arrays(np.float64, array_shapes(max_dims=4, max_side=45), elements=NUMBERS), st.data())
def test_whatever_the_numbers_are_it_fits_and_each_wrong_array_shows_a_sign(array, data):
    other = array.copy()
    place = data.draw(st.integers(0, array.size - 1))
    other.flat[place] = 0.0 if np.isnan(other.flat[place]) else np.nan
    shown = lines(other, SHADED, array)
    assert max(map(len, shown)) <= 80
    assert len(shown) <= 6 * (MAX_ROWS + 1) + 8
    assert any("*" in line for line in shown)
    shades = [line for line in lines(array, got=False) if set(line) <= set(SHADES + "!")]
    assert all(len(line) <= 2 * MAX_SHADED for line in shades)


@pytest.mark.parametrize("kind", ["int64", "bool", "complex128", "datetime64[s]"])
def test_large_arrays_of_any_kind_can_be_shown(kind):
    array = np.zeros((1, 40), kind)
    assert lines(array)
    assert lines(array, other=np.ones((1, 40)))
