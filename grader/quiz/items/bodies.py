"""Steps that several kinds of questions share: reading an item's keys, computing its slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import CoincidenceError, FormulaError
from grader.quiz.items.item import Slip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope, Value
    from grader.quiz.items.item import Posed
    from grader.quiz.kinds.base import QuestionKind


def tables(body: Mapping[str, object], key: str) -> list[dict[str, object]]:
    """Read a list of tables from an item's body.

    Parameters
    ----------
    body
        The keys of the item.
    key
        Which list.

    Returns
    -------
    list of dict
        Empty when the key is absent.

    Raises
    ------
    FormulaError
        It is no list of tables.
    """
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise FormulaError(f"`{key}` must be a list of tables")
    return found


def texts(body: Mapping[str, object], key: str) -> list[str]:
    """Read a list of texts from an item's body.

    Parameters
    ----------
    body
        The keys of the item.
    key
        Which list.

    Returns
    -------
    list of str
        Empty when the key is absent.

    Raises
    ------
    FormulaError
        It is no list of texts.
    """
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise FormulaError(f"`{key}` must be a list of texts")
    return found


def number_of(value: Value) -> int | float:
    """Insist on a number.

    Parameters
    ----------
    value
        What a formula gave.

    Returns
    -------
    int or float
        A float without a fraction becomes an int, as in typed answers.

    Raises
    ------
    FormulaError
        It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError(f"expected a number, got {value!r}")
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def require_distinct(labels: list[str]) -> None:
    """Refuse options that read the same.

    Parameters
    ----------
    labels
        The texts of the options.

    Raises
    ------
    CoincidenceError
        Two are the same but for capitals and blanks.
    """
    if len({" ".join(label.casefold().split()) for label in labels}) < len(labels):
        raise CoincidenceError(", ".join(labels))


def build_slips(
    kind: QuestionKind, body: Mapping[str, object], scope: Scope, key: Posed
) -> tuple[Slip, ...]:
    """Compute the wrong answers of a variant, without those that happen to be right in it.

    Parameters
    ----------
    kind
        Whose `read` brings a computed value into the form of an answer.
    body
        The keys of the item, with `slips`.
    scope
        The names of the variant.
    key
        The question with its key.

    Returns
    -------
    tuple of Slip
        In the order of the file; of two with one value, the first.

    Raises
    ------
    FormulaError
        A slip lacks a key or its formula fails.
    """
    slips: list[Slip] = []
    for table in tables(body, "slips"):
        if set(table) != {"name", "value", "says"}:
            raise FormulaError("a slip needs `name`, `value` and `says`, and nothing else")
        value = kind.coerce(scope.evaluate(str(table["value"])))
        repeated = any(kind.same(value, slip.value) for slip in slips)
        if not repeated and not kind.is_right(value, key):
            slips.append(Slip(str(table["name"]), value, scope.fill(str(table["says"]))))
    return tuple(slips)
