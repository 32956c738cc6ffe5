"""Compute the formulas of an explanation as they stand there.

A student who types the left side of `3*4 + 1 = 13` must be right, so it must be 13 to the reader of
answers, signs, brackets and rounding included.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.errors import FormulaError
from grader.quiz.items.arithmetic import evaluate_number
from grader.quiz.items.spelling import CALLED
from grader.quiz.kinds import load_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.quiz.items.item import Variant

SIGN = rf"(?:\d[\d,]*\.?\d*(?:e[-+]?\d+)?|[-+*/^() ]|(?:{CALLED})(?=\()|(?<=[\d.)]),(?= ))"
BEFORE = re.compile(rf"(?:^|(?<=[\s:;(]))({SIGN}+)$")
BEHIND = re.compile(rf"^({SIGN}+)")
WORD_BEFORE = re.compile(r"[\w\])}][ ]*$")
ROUNDED = 0.004
"""The share by which a left side of rounded numbers may miss its right side."""


def find_false_equations(variant: Variant) -> Iterator[str]:
    """Name each `left = right` of a variant's explanation that does not hold as it is typed.

    Parameters
    ----------
    variant
        The question.

    Yields
    ------
    str
        With the equation; what cannot be computed, since it has letters, is no matter.
    """
    for left, right in equations(variant.explanation):
        try:
            got, shown = evaluate_number(left, whole=False), evaluate_number(right, whole=False)
        except FormulaError:
            continue
        margin = max(_last_place(right), ROUNDED * abs(shown))
        if abs(got - shown) > margin + 1e-9:
            yield f"a formula does not hold as it stands: {left} = {right}, which is {got:g}"
        elif _is_answer(shown, right, variant) and not _is_right(got, variant):
            yield f"the formula that gives the answer is marked wrong: {left} = {right}"


def equations(text: str) -> list[tuple[str, str]]:
    """Find the sums on both sides of each sign of equality.

    Parameters
    ----------
    text
        An explanation.

    Returns
    -------
    list of (str, str)
        As far as they reach without letters, functions apart; a lone number on the left is none.

    Examples
    --------
    >>> equations("So W = 7 - 3 + 1 = 5, and each side is floor(5 / 2) = 2.")
    [('7 - 3 + 1', '5'), ('floor(5 / 2)', '2')]
    >>> equations("n - 2 = 5")
    []
    """
    found = []
    for before, behind in pairwise(re.split(r"(?<![<>=!])=(?!=)", text)):
        left, right = _left_of(before), _right_of(behind)
        if left and right and re.search(r"[-+*/^(]", left.lstrip("-")):
            found.append((left, right))
    return found


def _left_of(text: str) -> str:
    found = BEFORE.search(text.rstrip())
    if not found:
        return ""
    left, ahead = _clauses(found[1])[-1], text.rstrip()[: found.start(1)]
    while left.count(")") < left.count("("):  # a bracket of the sentence
        left, ahead = left.partition("(")[2], "("
    is_joined = WORD_BEFORE.search(ahead) and re.match(r"\s*(?:[*/^+]|-\s)", left)
    return "" if is_joined or left.count(")") != left.count("(") else left.strip()


def _right_of(text: str) -> str:
    found = BEHIND.match(text.lstrip())
    if not found:
        return ""
    right, rest = _clauses(found[1])[0], text.lstrip()[found.end() :]
    if re.match(r"[\w\[]", rest) and found[1][-1] != " ":
        return ""
    right = right.strip().rstrip(",.").strip()
    while right.count(")") > right.count("("):
        right = right.rpartition(")")[0].strip()
    is_open = re.search(r"[-+*/^(]$", right) or right.count("(") != right.count(")")
    return "" if is_open else right


def _clauses(text: str) -> list[str]:
    """Cut at the commas of the sentence; those of a function stand in its brackets."""
    return re.split(r",\s(?![^()]*\))", text)


def _last_place(right: str) -> float:
    """Return half a unit of the last place that a shown number has."""
    if re.search(r"[+*/^(]|.-", right):
        return 0.0
    digits = right.replace(",", "").lstrip("-")
    if "e" in digits:
        return 0.51 * abs(float(digits)) * 10.0 ** -len(digits.partition("e")[0].replace(".", ""))
    return 0.51 * 10.0 ** -len(digits.partition(".")[2]) if "." in digits else 0.0


def _is_answer(shown: float, right: str, variant: Variant) -> bool:
    key, margin = variant.posed.key, min(_last_place(right), 0.5 * ROUNDED * abs(shown))
    return isinstance(key, int | float) and abs(shown - key) <= margin + 1e-9


def _is_right(got: float, variant: Variant) -> bool:
    return load_kind(variant.item.kind).is_right(got, variant.posed)
