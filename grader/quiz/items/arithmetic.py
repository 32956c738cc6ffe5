"""Evaluate the arithmetic that a student types, safely and in bounded time.

`simpleeval` walks the syntax tree and never runs Python; what is added here are the limits that it
leaves wide (9**9**9 is stopped by the size of the *result*) and one error whatever went wrong.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from functools import lru_cache

from simpleeval import SimpleEval  # type: ignore[import-untyped]  # it ships no annotations

from grader.errors import FormulaError
from grader.quiz.items.spelling import CALLED, plain_number

MAX_CHARACTERS = 200
MAX_BITS = 4096
"""No intermediate result of a power may be longer: 9**9**9 would need a billion bits."""

Number = int | float

ALLOWED = re.compile(rf"(?:\s|[0-9._+\-*/%()]|(?<=[0-9.])[eE]|{CALLED}|(?<=[0-9.)]),)*")
TWO_NUMBERS = re.compile(r"[\d.)]\s+[\d.(]")


def limited_power(base: Number, exponent: Number) -> Number:
    """Raise to a power, unless the result would be absurdly long.

    Parameters
    ----------
    base, exponent
        Any real numbers.

    Returns
    -------
    int or float
        base ** exponent.

    Raises
    ------
    FormulaError
        The result would need over `MAX_BITS` bits, or is not real.

    Examples
    --------
    >>> limited_power(2, 16)
    65536
    """
    if isinstance(base, int) and isinstance(exponent, int) and base not in (-1, 0, 1):
        if abs(exponent) * base.bit_length() > MAX_BITS:
            raise FormulaError("the number is too large")
    elif max(abs(base), abs(exponent)) > 2.0**53:
        raise FormulaError("the number is too large")
    result = base**exponent
    if isinstance(result, complex):
        raise FormulaError("the result is not a real number")
    return result


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: limited_power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS = {
    "sqrt": math.sqrt,
    "ln": math.log,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "tanh": math.tanh,
    "floor": math.floor,
    "ceil": math.ceil,
    "max": max,
    "min": min,
}


@lru_cache(maxsize=1)
def _evaluator() -> SimpleEval:
    return SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names={})


def evaluate_number(text: str, *, whole: bool = True) -> Number:
    """Evaluate one number or a sum of numbers, as typed.

    Parameters
    ----------
    text
        Digits, `+ - * / // % ** ^ ( )`, `1_000` or `1,000`, sqrt, ln, log (natural), log2, log10,
        exp, tanh, floor, ceil, max and min, in the spellings of `plain_number`.
    whole
        Whether a whole number is asked for, so that a comma can only separate thousands.

    Returns
    -------
    int or float
        A finite number; a whole one below 2^53 is an int, so that `10/2` answers 5.

    Raises
    ------
    FormulaError
        It is no arithmetic, or its result is not a finite number of moderate size; an
        `AmbiguousNumberError` where it can mean two numbers.

    Examples
    --------
    >>> evaluate_number("5*5*3*10 + 10"), evaluate_number("2^16"), evaluate_number("65,536")
    (760, 65536, 65536)
    >>> evaluate_number("9**9**9")
    Traceback (most recent call last):
    ...
    grader.errors.FormulaError: the number is too large
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(f"longer than {MAX_CHARACTERS} characters")
    plain = plain_number(text, whole=whole)
    refusal = "not a number or a sum of numbers"
    if "," in text:
        refusal += " (write a point for decimals)"
    if not plain or not ALLOWED.fullmatch(plain) or TWO_NUMBERS.search(plain):
        raise FormulaError(refusal)
    try:
        return _finite(_evaluator().eval(plain))
    except FormulaError:
        raise
    except ZeroDivisionError:
        raise FormulaError("a division by zero") from None
    # simpleeval, the parser and float arithmetic raise a dozen types for a malformed sum, and
    # whichever it is, the student is told the same
    except Exception:  # noqa: BLE001
        raise FormulaError(refusal) from None


def _finite(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError("not a number")
    if isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise FormulaError("the number is too large")
        return value
    if not math.isfinite(value):
        raise FormulaError("the number is too large")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
