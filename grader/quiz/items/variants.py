"""Draw the numbers of a question: the deck's own, or fresh ones by a key."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from grader.errors import CoincidenceError, CourseError, FormulaError
from grader.quiz.items.formulas import Scope, show_value
from grader.quiz.items.item import Variant
from grader.quiz.items.picturing import draw_picture
from grader.quiz.items.streams import Stream
from grader.quiz.kinds import load_kind

if TYPE_CHECKING:
    from grader.quiz.items.formulas import Value
    from grader.quiz.items.item import Item, ItemParameter, Posed

DECK = ""
"""The key of the first variant: the numbers that the deck shows."""

MAX_DRAWS = 1000


def draw_variant(item: Item, key: str = DECK) -> Variant:
    """Make one question of an item.

    Parameters
    ----------
    item
        The question with its parameters.
    key
        Names the variant; the same key gives the same variant for ever, and the stream of one
        item tells nothing about another's.

    Returns
    -------
    Variant
        Its conditions hold, and no two of its options coincide.

    Raises
    ------
    CourseError
        A formula fails, or no draw out of a thousand meets the conditions.
    """
    stream = Stream(f"{key}/{item.id}")
    try:
        for _ in range(1 if key == DECK else MAX_DRAWS):
            found = _attempt(item, key, stream)
            if found is not None:
                return found
    except FormulaError as error:
        raise CourseError(f"{item.id}: {error}") from error
    which = "the deck's numbers do not meet" if key == DECK else "no draw meets"
    raise CourseError(f"{item.id}: {which} its conditions, or its options coincide")


def practice_key(seed: int, asked: int) -> str:
    """Name the variant of a practice sitting.

    Parameters
    ----------
    seed
        The sitting's seed.
    asked
        How often the item has been asked before.

    Returns
    -------
    str
        `DECK` for the first question of seed 0, else a key of its own.

    Examples
    --------
    >>> practice_key(0, 0), practice_key(0, 1), practice_key(5, 0)
    ('', '0/1', '5/0')
    """
    return DECK if seed == 0 and asked == 0 else f"{seed}/{asked}"


def answer_digest(item: Item) -> str:
    """Condense what decides the answer of an item.

    Parameters
    ----------
    item
        The question.

    Returns
    -------
    str
        12 hexadecimal digits. Wording, ranges and feedback do not enter: mending them keeps the
        history of the item, and changing its answer starts it anew.
    """
    identity = load_kind(item.kind).identity(item.body)
    facts = json.dumps([item.kind, dict(item.lets), identity], sort_keys=True, default=str)
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def _attempt(item: Item, key: str, stream: Stream) -> Variant | None:
    scope = Scope({p.name: _value(p, key, stream) for p in item.parameters})
    for name, formula in item.lets.items():
        scope.define(name, formula)
    if not all(scope.holds(condition) for condition in item.where):
        return None
    try:
        posed = load_kind(item.kind).pose(item.body, scope, stream)
    except CoincidenceError:
        return None
    return _variant(item, key, scope, posed)


def _variant(item: Item, key: str, scope: Scope, posed: Posed) -> Variant:
    return Variant(
        item=item,
        key=key,
        names=dict(scope.names),
        question=scope.fill(item.question),
        explanation=scope.fill(item.explanation),
        tables=tuple((t, _rows(scope.evaluate(f))) for t, f in item.tables.items()),
        posed=posed,
        picture=draw_picture(_called(item, key), item.picture, scope),
    )


def _called(item: Item, key: str) -> str:
    """Name a variant by letters, digits and hyphens alone."""
    return re.sub(r"[^\w]+", "-", f"{item.id}-{key}").strip("-")


def _value(parameter: ItemParameter, key: str, stream: Stream) -> Value:
    if key == DECK:
        return parameter.deck
    if parameter.shape is None:
        return stream.choice(parameter.among)
    *rows, columns = parameter.shape
    drawn: list[Value] = [
        [stream.choice(parameter.among) for _ in range(columns)]
        for _ in range(rows[0] if rows else 1)
    ]
    return drawn if rows else drawn[0]


def _rows(value: Value) -> tuple[tuple[str, ...], ...]:
    lines: list[Value] = value if isinstance(value, list) else [value]
    if not any(isinstance(line, list) for line in lines):
        lines = [lines]
    return tuple(
        tuple(show_value(cell) for cell in (line if isinstance(line, list) else [line]))
        for line in lines
    )
