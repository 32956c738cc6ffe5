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


def entries(body: Mapping[str, object], key: str) -> list[dict[str, object]]:
    """Read a list of tables from an item's body.

    Parameters
    ----------
    body : mapping
        The keys of the item.
    key : str
        Which list.

    Returns
    -------
    list of dict
        Empty when the key is absent.

    Raises
    ------
    FormulaError
        When it is no list of tables.
    """
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise FormulaError(f"`{key}` must be a list of tables")
    return found


def texts(body: Mapping[str, object], key: str) -> list[str]:
    """Read a list of texts from an item's body.

    Parameters
    ----------
    body : mapping
        The keys of the item.
    key : str
        Which list.

    Returns
    -------
    list of str
        Empty when the key is absent.

    Raises
    ------
    FormulaError
        When it is no list of texts.
    """
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
        raise FormulaError(f"`{key}` must be a list of texts")
    return found


def number_of(value: Value) -> int | float:
    """Insist on a number.

    Parameters
    ----------
    value : value
        What a formula gave.

    Returns
    -------
    int or float
        A float without a fraction becomes an int, as in typed answers.

    Raises
    ------
    FormulaError
        When it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormulaError(f"expected a number, got {value!r}")
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def require_distinct(labels: list[str]) -> None:
    """Refuse options that read the same.

    Parameters
    ----------
    labels : list of str
        The texts of the options.

    Raises
    ------
    CoincidenceError
        When two are the same but for capitals and blanks.
    """
    if len({" ".join(label.casefold().split()) for label in labels}) < len(labels):
        raise CoincidenceError(", ".join(labels))


def build_slips(
    kind: QuestionKind, body: Mapping[str, object], scope: Scope, key: Posed
) -> tuple[Slip, ...]:
    """Compute the wrong answers of a variant, without those that happen to be right in it.

    Parameters
    ----------
    kind : QuestionKind
        Whose `read` brings a computed value into the form of an answer.
    body : mapping
        The keys of the item, with `slips`.
    scope : Scope
        The names of the variant.
    key : Posed
        The question with its key.

    Returns
    -------
    tuple of Slip
        In the order of the file; of two with one value, the first.

    Raises
    ------
    FormulaError
        When a slip lacks a key or its formula fails.
    """
    slips: list[Slip] = []
    for entry in entries(body, "slips"):
        if set(entry) != {"name", "value", "says"}:
            raise FormulaError("a slip needs `name`, `value` and `says`, and nothing else")
        value = kind.coerce(scope.evaluate(str(entry["value"])))
        known = any(kind.same(value, slip.value) for slip in slips)
        if not known and not kind.is_right(value, key):
            slips.append(Slip(str(entry["name"]), value, scope.fill(str(entry["says"]))))
    return tuple(slips)
