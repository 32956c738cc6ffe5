"""Evaluate the formulas of items, and fill them into texts.

A formula is a small expression over the item's parameters and the words of `vocabulary`, walked by
`simpleeval`: a quiz file holds no code that could do anything else.
"""

from __future__ import annotations

import ast
import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from simpleeval import EvalWithCompoundTypes  # type: ignore[import-untyped]  # no annotations

from grader.errors import FormulaError
from grader.quiz.items import arithmetic, words

if TYPE_CHECKING:
    from collections.abc import Mapping

Value: TypeAlias = "int | float | str | list[Value]"

_OPERATORS = {
    **arithmetic.OPERATORS,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Not: operator.not_,
}
LAZY = (range, zip, reversed, tuple)
BLANK = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
BRACE = {"brace": "'{'"}
"""What an item derives whose texts are `escaped`."""


def escaped(text: str) -> str:
    """Return a text as a template that says the same, for an item that derives `BRACE`.

    Examples
    --------
    >>> escaped("d = {1: 2}")
    'd = {brace}1: 2}'
    """
    return text.replace("{", "{brace}")


@lru_cache(maxsize=4096)
def _parsed(formula: str) -> ast.AST:
    """Parse once: lint evaluates every formula in hundreds of variants."""
    tree: ast.AST = EvalWithCompoundTypes.parse(formula.strip())
    return tree


class Scope:
    """The names that one variant's formulas see.

    Parameters
    ----------
    names
        The parameters of the variant; `define` adds derived ones.

    Examples
    --------
    >>> scope = Scope({"n": 7, "f": 3})
    >>> scope.evaluate("conv_out(n, f, 2)")
    3
    >>> scope.fill("({n} - {f}) / 2 + 1 = {conv_out(n, f, 2)}, {n * 1000:,}")
    '(7 - 3) / 2 + 1 = 3, 7,000'
    """

    def __init__(self, names: Mapping[str, Value]) -> None:
        self.names: dict[str, Value] = dict(names)
        self._evaluator = EvalWithCompoundTypes(
            operators=_OPERATORS,
            functions={**words.FUNCTIONS, **SHOWING},
            names={**self.names, "True": True, "False": False},
        )

    def define(self, name: str, formula: str) -> None:
        """Give a name to the value of a formula.

        Parameters
        ----------
        name
            The name later formulas and texts use.
        formula
            Its expression.

        Raises
        ------
        FormulaError
            The formula cannot be evaluated.
        """
        self.bind(name, self.evaluate(formula))

    def bind(self, name: str, value: Value) -> None:
        """Give a name to a value.

        Parameters
        ----------
        name
            The name later formulas and texts use.
        value
            Any value.
        """
        self.names[name] = value
        self._evaluator.names[name] = value

    def evaluate(self, formula: str) -> Value:
        """Evaluate one formula.

        Parameters
        ----------
        formula
            An expression over the names and the words.

        Returns
        -------
        value
            A number, a text or a list; a generator becomes a list.

        Raises
        ------
        FormulaError
            It uses an unknown word, or cannot be computed.
        """
        try:
            found = self._evaluator.eval(formula, previously_parsed=_parsed(formula))
            value: Value = list(found) if isinstance(found, LAZY) else found
        # a formula is data: whatever is wrong with it, the author is told which one it was
        except Exception as error:
            raise FormulaError(f"the formula `{formula.strip()}` fails: {error}") from error
        return value

    def holds(self, formula: str) -> bool:
        """Tell whether a condition is true.

        Parameters
        ----------
        formula
            A condition over the names.

        Returns
        -------
        bool
            Its truth.

        Raises
        ------
        FormulaError
            It cannot be evaluated.
        """
        return bool(self.evaluate(formula))

    def fill(self, template: str) -> str:
        """Replace every `{formula}` or `{formula:format}` of a text by its value.

        Parameters
        ----------
        template
            The text of a question, a choice or an explanation.

        Returns
        -------
        str
            The text in this variant's numbers.

        Raises
        ------
        FormulaError
            A formula or a format of the text is wrong.
        """

        def filled(found: re.Match[str]) -> str:
            value = self.evaluate(found[1])
            try:
                return format(value, found[2]) if found[2] else show_value(value)
            except (TypeError, ValueError) as error:
                raise FormulaError(f"the text `{found[0]}` fails: {error}") from error

        return BLANK.sub(filled, template)


def show_value(value: Value) -> str:
    """Write a value as a person would.

    Parameters
    ----------
    value
        A number, a text or a list of them.

    Returns
    -------
    str
        Whole numbers in full, others to six significant digits.

    Examples
    --------
    >>> show_value(0.1 + 0.2), show_value(5.0), show_value([1, 0.25]), show_value(65536)
    ('0.3', '5', '[1, 0.25]', '65536')
    """
    if isinstance(value, list):
        return "[" + ", ".join(show_value(element) for element in value) + "]"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return str(value)


def show_term(value: Value) -> str:
    """Write a number as a part of a sum or a product: a negative one in brackets.

    Parameters
    ----------
    value
        A number.

    Returns
    -------
    str
        As `show_value` writes it.

    Examples
    --------
    >>> show_term(3), show_term(-0.5)
    ('3', '(-0.5)')
    """
    shown = show_value(value)
    return f"({shown})" if shown.startswith("-") else shown


def show_with_article(number: int) -> str:
    """Write a number behind the article that it is spoken with.

    Parameters
    ----------
    number
        A whole number, 0 or more.

    Returns
    -------
    str
        With a small letter; `An` is the same with a capital one.

    Examples
    --------
    >>> show_with_article(7), show_with_article(8), show_with_article(11), show_with_article(110)
    ('a 7', 'an 8', 'an 11', 'a 110')
    """
    leading = number
    while leading >= 1000:
        leading //= 1000
    spoken_vowel = str(leading).startswith("8") or leading in (11, 18)
    return f"{'an' if spoken_vowel else 'a'} {number}"


def show_count(number: int, noun: str, plural: str = "") -> str:
    """Write how many there are of something.

    Parameters
    ----------
    number
        How many.
    noun
        One of them.
    plural
        Several of them, where an s will not do.

    Returns
    -------
    str
        With a comma before each three digits.

    Examples
    --------
    >>> show_count(1, "image"), show_count(60000, "image"), show_count(3, "batch", "batches")
    ('1 image', '60,000 images', '3 batches')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


SHOWING = {
    "term": show_term,
    "an": show_with_article,
    "An": lambda number: show_with_article(number).capitalize(),
    "many": show_count,
}
"""What texts may use beside the words of the vocabulary."""
