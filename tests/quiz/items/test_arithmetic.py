"""Typed arithmetic: read as people write it, and never more than arithmetic."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import FormulaError
from grader.quiz.items.arithmetic import MAX_CHARACTERS, evaluate_number, limited_power


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5*5*3*10 + 10", 760),
        ("1_000", 1000),
        ("2**16", 65536),
        ("2^16", 65536),
        ("65,536", 65536),
        ("1,073,741,824", 2**30),
        ("3 \N{MULTIPLICATION SIGN} 4", 12),
        ("\N{MINUS SIGN}2", -2),
        ("10/2", 5),
        ("7 // 2", 3),
        ("7 % 4", 3),
        ("1/3", 1 / 3),
        (".5", 0.5),
        ("1e3", 1000),
        ("1e-3", 0.001),
        ("-(3 - 5)", 2),
        ("sqrt(16)", 4),
        ("ln(1)", 0),
        ("  12 \n", 12),
        ("2**-1", 0.5),
    ],
)
def test_numbers_are_read_as_people_write_them(text, value):
    """Sums, separators and signs of every keyboard give the number that was meant."""
    assert evaluate_number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["10/2", "1000/4", "(2**53 - 2)/2", "-(2**53 - 1)/1"])
def test_a_whole_result_is_an_int(text):
    """10/2 answers 5 exactly, so that whole numbers can be compared exactly."""
    assert isinstance(evaluate_number(text), int)


@pytest.mark.parametrize("text", ["2**53/1", "-(2**53)/1", "1e300", "7/2"])
def test_a_result_that_may_have_been_rounded_stays_a_float(text):
    """From 2^53 on, a float no longer says which whole number was meant."""
    assert isinstance(evaluate_number(text), float)


@pytest.mark.parametrize("text", ["(-8)**0.5", "(-8)**(1/3)", "(-0.5)**-1.5"])
def test_a_power_that_is_not_real_is_refused_as_that(text):
    """Python would go on with a complex number."""
    with pytest.raises(FormulaError, match="not a real number"):
        evaluate_number(text)


def test_what_is_no_number_though_its_signs_are_allowed_is_refused_as_that():
    """Three points are Python's Ellipsis, a value that is no number."""
    with pytest.raises(FormulaError, match=r"^not a number$"):
        evaluate_number("...")


@pytest.mark.parametrize(("base", "exponent"), [(2.0**53, 1), (1, 2.0**53), (-(2.0**53), 1.0)])
def test_floats_to_a_power_are_bounded_at_2_to_the_53(base, exponent):
    """The bound itself is a power like another; the next float is too large."""
    assert limited_power(base, exponent) == base
    with pytest.raises(FormulaError, match="too large"):
        limited_power(base * 1.5 if abs(base) > 1 else base, exponent * 1.5)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "five", "5 5", "1 000", "12,34", "1,00", "x", "a+1", "5x5", "__import__('os')"),
        *("print(1)", "(1).real", "[1]", "1; 2", "1 if 1 else 2", "'a'*9", "lambda: 1", "1 == 1"),
        *("True", "1j", "0x10", "1/0", "5 % 0", "(-1)**0.5", "ln(0)", "sqrt(-1)", "1e999", "nan"),
        *("-1e999", "1e999-1e999", "exp(1000)", "1__0", "1_", "()", "1+", "**2", "5(3)", "exp"),
        *("2 e 5", "\x00", "0/0", "inf"),
    ],
)
def test_what_is_no_number_is_refused(text):
    """Neither code nor a half-written sum is evaluated; each is one error."""
    with pytest.raises(FormulaError):
        evaluate_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9", "9**9**9**9", "99999999**99999999", "(9**999)**999", "2**2**2**2**2**2",
        "9^9^9", "exp(9**9)", "10**-99999999", "1.5**1e300", "(1e300*1e300)**9", "1e5**1e5",
        "(" * 99 + "1" + ")" * 99, "-" * 199 + "1", "(" * 200, "9" * 200, "9" * 100_000,
        "*".join(["9**999"] * 28), "((((9**300)**3)))*" * 10 + "1", "0**-1", "2**0.5**-9999",
    ],
)  # fmt: skip
def test_arithmetic_bombs_are_harmless(text):
    """What would fill the memory or take for ever ends at once, as a number or as an error."""
    start = time.thread_time()  # whatever else goes on in the machine
    try:
        value = evaluate_number(text)
    except FormulaError:
        value = 0
    assert time.thread_time() - start < 0.5
    assert abs(value) < 10**1300


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_one_error(text):
    """Whatever is typed, no other exception comes out."""
    with contextlib.suppress(FormulaError):
        assert isinstance(evaluate_number(text), int | float)


@given(st.text(alphabet="0123456789+-*/%().,_ eE^sqrtlogexp2", max_size=40))
def test_any_soup_of_allowed_signs_is_a_number_or_one_error(text):
    """The characters of arithmetic in any order raise nothing else either."""
    with contextlib.suppress(FormulaError):
        assert isinstance(evaluate_number(text), int | float)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_survive_writing_and_reading(number):
    """Plain, with underscores and with commas, a whole number reads back."""
    assert evaluate_number(str(number)) == number
    assert evaluate_number(f"{number:_}") == number
    assert evaluate_number(f"{number:,}") == number


@given(st.lists(st.integers(0, 999), min_size=2, max_size=12), st.data())
def test_sums_and_products_are_pythons(numbers, data):
    """A typed sum has the value that Python gives it."""
    signs = data.draw(
        st.lists(st.sampled_from("+-*"), min_size=len(numbers), max_size=len(numbers))
    )
    text = str(numbers[0]) + "".join(f" {s} {n}" for s, n in zip(signs, numbers[1:], strict=False))
    assert evaluate_number(text) == eval(text)  # noqa: S307 - our own digits and signs


def test_the_length_is_bounded():
    """One character more than the limit is refused unread."""
    assert evaluate_number("1" * MAX_CHARACTERS) > 0
    with pytest.raises(FormulaError, match="longer"):
        evaluate_number("1" * (MAX_CHARACTERS + 1))
