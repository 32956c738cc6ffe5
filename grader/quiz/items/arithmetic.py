"""Evaluate the arithmetic that a student types, safely and in bounded time.

`simpleeval` walks the syntax tree and never runs Python; what is added here are the limits that it
leaves wide (9**9**9 is stopped by the size of the *result*), the spellings people use (`65,536`,
`2^16`, a multiplication sign) and one error whatever went wrong.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from simpleeval import SimpleEval  # type: ignore[import-untyped]  # it ships no annotations

from grader.errors import FormulaError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CHARACTERS: Final = 200
MAX_BITS: Final = 4096
"""No intermediate result of a power may be longer: 9**9**9 would need a billion bits."""

Number = int | float

_SPELLINGS: Final = str.maketrans(
    {
        "\N{MULTIPLICATION SIGN}": "*",
        "\N{MIDDLE DOT}": "*",
        "\N{DIVISION SIGN}": "/",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "^": "**",
    }
)
_ALLOWED: Final = re.compile(r"(?:\s|[0-9._+\-*/%()]|(?<=[0-9.])[eE]|sqrt|ln|log2|log|exp)*")
_THOUSANDS: Final = re.compile(r"(?<![\d.,_])\d{1,3}(?:,\d{3})+(?![\d,_])")
_TWO_NUMBERS: Final = re.compile(r"[\d.)]\s+[\d.(]")


def limited_power(base: Number, exponent: Number) -> Number:
    """Raise to a power, unless the result would be absurdly long.

    Parameters
    ----------
    base, exponent : int or float
        Any real numbers.

    Returns
    -------
    int or float
        base ** exponent.

    Raises
    ------
    FormulaError
        When the result would need over `MAX_BITS` bits, or is not real.

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


OPERATORS: Final[dict[type, Callable[..., object]]] = {
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
FUNCTIONS: Final[dict[str, Callable[..., float]]] = {
    "sqrt": math.sqrt,
    "ln": math.log,
    "log": math.log,
    "log2": math.log2,
    "exp": math.exp,
}


@lru_cache(maxsize=1)
def _evaluator() -> SimpleEval:
    return SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names={})


def evaluate_number(text: str) -> Number:
    """Evaluate one number or a sum of numbers, as typed.

    Parameters
    ----------
    text : str
        Digits, `+ - * / // % ** ^ ( )`, `1_000` or `1,000`, and sqrt, ln, log (natural), log2, exp.

    Returns
    -------
    int or float
        A finite number; a whole one below 2^53 is an int, so that `10/2` answers 5.

    Raises
    ------
    FormulaError
        When it is no arithmetic, or its result is not a finite number of moderate size.

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
    plain = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text.translate(_SPELLINGS))
    plain = " ".join(plain.split())
    if not plain or not _ALLOWED.fullmatch(plain) or _TWO_NUMBERS.search(plain):
        raise FormulaError("not a number or a sum of numbers")
    try:
        return _finite(_evaluator().eval(plain))
    except FormulaError:
        raise
    except ZeroDivisionError:
        raise FormulaError("a division by zero") from None
    # simpleeval, the parser and float arithmetic raise a dozen types for a malformed sum, and
    # whichever it is, the student is told the same
    except Exception:  # noqa: BLE001
        raise FormulaError("not a number or a sum of numbers") from None


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
