"""A student who knows nothing of the field, and picks the choice that looks right.

What coaches tell about tests with choices: take the longest, the first, the middle one of some
numbers, the most precise. Over a topic none of these may pay more than chance does.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from grader.errors import CourseError
from grader.quiz.items.item import LETTERS
from grader.quiz.items.variants import DECK, draw_variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.quiz.items.item import Topic, Variant

ALIKE = 0.9
"""Texts of this share of the longest one's length look as long as it does."""
DRAWN = 24
"""How many variants of an item are guessed."""


def find_cues(topic: Topic, seeds: int) -> Iterator[str]:
    """Say by which habit a topic's choices can be guessed.

    Parameters
    ----------
    topic
        With or without questions of one choice.
    seeds
        How many variants an author wants drawn.

    Yields
    ------
    str
        One line for each habit that pays.
    """
    try:
        variants = [
            [draw_variant(item, f"guess/{n}" if n else DECK) for n in range(min(seeds, DRAWN) + 1)]
            for item in topic.items
            if item.kind in ("single", "claim")
        ]
    except CourseError:
        return  # said of the item
    chance = sum(1 / len(drawn[0].posed.options) for drawn in variants)
    for name, habit in HABITS.items():
        hits = sum(sum(_credit(one, habit) for one in drawn) / len(drawn) for drawn in variants)
        # the order of the choices is drawn, so that a habit about places has a spread of its own
        spread = 3 * math.sqrt(sum(0.25 / len(drawn) for drawn in variants)) * (name == "first")
        if hits > chance + spread + 1e-9:
            yield (
                f"{name} of the choices: whoever picks it has {hits:.2f} of {len(variants)}"
                f" right, where guessing gives {chance:.2f}"
            )


def longest(texts: Sequence[str]) -> list[int]:
    """Pick the longest choices, those included that look as long."""
    top = max(map(len, texts))
    return [place for place, text in enumerate(texts) if len(text) >= ALIKE * top]


def first(texts: Sequence[str]) -> list[int]:
    """Pick what stands first."""
    return [0] if texts else []


def middle_number(texts: Sequence[str]) -> list[int]:
    """Pick the middle one of choices that are numbers; any where they are none."""
    sizes = [_numbers(text) for text in texts]
    if not all(sizes) or len({len(found) for found in sizes}) != 1:
        return list(range(len(texts)))
    order = sorted(range(len(texts)), key=lambda place: sizes[place])
    half = len(order) / 2
    return order[math.ceil(half) - 1 : math.floor(half) + 1]


def most_precise(texts: Sequence[str]) -> list[int]:
    """Pick the choices with the most digits; any where none has one."""
    digits = [len(re.findall(r"\d", text)) for text in texts]
    return [place for place, count in enumerate(digits) if count == max(digits)]


HABITS: dict[str, Callable[[Sequence[str]], list[int]]] = {
    "longest": longest,
    "first": first,
    "middle number": middle_number,
    "most precise": most_precise,
}


def _numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


def _credit(variant: Variant, habit: Callable[[Sequence[str]], list[int]]) -> float:
    """Return the chance that one of the picked choices, drawn by lot, is the right one."""
    picked = habit([option.text for option in variant.posed.options])
    key = variant.posed.key
    right = LETTERS.index(str(key[-1] if isinstance(key, tuple) else key))
    return (right in picked) / len(picked) if picked else 0.0
