"""Draw many variants of an item, and hold each to the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import CourseError, FormulaError, UnreadableAnswerError
from grader.quiz.items.bodies import tables
from grader.quiz.items.formulas import Scope
from grader.quiz.items.variants import DECK, draw_variant
from grader.quiz.kinds import load_kind
from grader.quiz.lint.oracle import compare_with_torch
from grader.quiz.lint.pictured import find_in_pictures
from grader.quiz.lint.shown import find_false_equations
from grader.quiz.lint.telling import find_in_variant, is_degenerate
from grader.quiz.lint.wording import COMPUTED, slip_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.quiz.items.item import Answer, Item, Posed, Variant
    from grader.quiz.kinds.base import QuestionKind

DEGENERATE = 1 / 8
"""The share of variants whose answer may be 0, negative or a number of the question."""
FEWEST = 8
"""Below so many variants, a share says nothing."""
LOOSE = 0.05
"""The share of an answer that an absolute tolerance may be."""


def find_in_variants(item: Item, seeds: int) -> Iterator[str]:
    """Say what is wrong with the variants of an item.

    Parameters
    ----------
    item
        The question.
    seeds
        How many variants, the deck's own apart.

    Yields
    ------
    str
        At most one line of each sort, with the variant's numbers.
    """
    seen: set[str] = set()
    slips: set[str] = set()
    drawn: list[Variant] = []
    for seed in range(seeds + 1):
        try:
            variant = draw_variant(item, f"lint/{seed}" if seed else DECK)
        except CourseError as error:
            yield str(error)
            return
        drawn.append(variant)
        slips |= {slip.name for slip in variant.posed.slips}
        for message in _of_one(variant):
            sort = message.partition(":")[0]
            if message and sort not in seen:
                seen.add(sort)
                yield f"{message} (variant '{variant.key}', {_values(variant)})"
        if not item.parameters and item.kind in COMPUTED | {"text"}:
            break
    for name in sorted(set(slip_names(item)) - slips):
        yield f"the slip '{name}' is never a wrong answer"
    yield from _of_all(drawn)
    yield from find_in_pictures(drawn)


def _of_one(variant: Variant) -> Iterator[str]:
    yield from find_in_variant(variant)
    yield from _slips_told_apart(variant)
    yield from find_false_equations(variant)
    yield compare_with_torch(variant.item, variant)


def _slips_told_apart(variant: Variant) -> Iterator[str]:
    """Name slips that are marked right: any in the first variant, unequal ones in the others."""
    if variant.item.kind not in COMPUTED:
        return
    kind, posed = load_kind(variant.item.kind), variant.posed
    scope = Scope(dict(variant.names))
    for table in tables(variant.item.body, "slips"):
        try:
            value = kind.coerce(scope.evaluate(str(table["value"])))
        except FormulaError:
            continue  # drawing the variant said so
        if not _can_be_typed(kind, value, posed):
            yield f"nobody can answer with the slip '{table['name']}': its form is refused"
        if not kind.is_right(value, posed):
            continue
        if variant.key == DECK:
            yield f"the first variant takes the slip '{table['name']}' for right"
        elif isinstance(value, int | float) and not _equal(value, posed.key):
            yield f"the tolerance takes the slip '{table['name']}' for right"
    if isinstance(posed.key, int | float) and posed.key and kind.is_right(0, posed):
        yield "the tolerance takes 0 for right"


def _can_be_typed(kind: QuestionKind, value: Answer, posed: Posed) -> bool:
    """Tell whether a wrong answer, as it is shown, is read as an answer to the question."""
    try:
        kind.read(kind.show(value, posed), posed)
    except UnreadableAnswerError:
        return False
    return True


def _equal(left: float, right: object) -> bool:
    return isinstance(right, int | float) and abs(left - right) <= 1e-9 * max(1.0, abs(right))


def _of_all(drawn: list[Variant]) -> Iterator[str]:
    if len({str(variant.names) for variant in drawn}) < FEWEST:
        return
    empty = [variant for variant in drawn if is_degenerate(variant)]
    if len(empty) > DEGENERATE * len(drawn):
        some = "; ".join(_values(variant) for variant in empty[:2])
        yield (
            f"{len(empty)} of {len(drawn)} variants answer 0, a negative number or one of the"
            f" question's: {some}"
        )
    keys = [abs(v.posed.key) for v in drawn if isinstance(v.posed.key, int | float)]
    keys = [key for key in keys if key]
    margin = drawn[0].posed.tolerance
    if keys and margin and not drawn[0].posed.relative and margin > LOOSE * min(keys):
        yield (
            f"its answers span from {min(keys):.3g} to {max(keys):.3g}: a tolerance of {margin:g}"
            " must be `relative`"
        )


def _values(variant: Variant) -> str:
    names = [parameter.name for parameter in variant.item.parameters]
    return ", ".join(f"{name} = {variant.names[name]}" for name in names) or "no parameters"
