"""A student who knows nothing of the field, and picks the choice that looks right.

What coaches tell about tests with choices: take the longest, the shortest, the first, the middle
one of some numbers, the most precise. Over a topic none of these may pay more than chance does; nor
may, over all topics, the place of a wrong line, or one verdict on every claim.
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
FEWEST = 3
"""Of fewer questions the short choices tell little: a name or a line of code may well be short."""
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
        if name == "shortest" and len(variants) < FEWEST:
            continue
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


def shortest(texts: Sequence[str]) -> list[int]:
    """Pick the shortest choices, those included that look as short."""
    least = min(map(len, texts))
    return [place for place, text in enumerate(texts) if ALIKE * len(text) <= least]


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
    "shortest": shortest,
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


def find_cues_of_code(topics: Sequence[Topic], fewest: int = 6) -> Iterator[str]:
    """Say where wrong lines of code can be guessed, over all topics: each has one or two of them.

    Parameters
    ----------
    topics
        Of a course.
    fewest
        Below so many questions of code, a share says nothing.

    Yields
    ------
    str
        One line for each habit that pays.
    """
    try:
        variants = [
            draw_variant(item) for topic in topics for item in topic.items if item.kind == "code"
        ]
    except CourseError:
        return  # said of the item
    chance = sum(1 / len(one.posed.options) for one in variants)
    for name, habit in LINES.items():
        hits = sum(_credit(one, habit) for one in variants)
        if len(variants) >= fewest and hits > chance + 1e-9:
            yield (
                f"{name} of the lines: whoever picks it has {hits:.2f} of {len(variants)} right,"
                f" where guessing gives {chance:.2f}"
            )


def find_leaning(topics: Sequence[Topic], fewest: int = 6) -> Iterator[str]:
    """Say whether most claims of a course hold, or most do not.

    Parameters
    ----------
    topics
        Of a course.
    fewest
        Below so many claims, a share says nothing.

    Yields
    ------
    str
        One line at most.
    """
    try:
        words = [
            str(draw_variant(item).posed.key[0])  # type: ignore[index]  # a word and a letter
            for topic in topics
            for item in topic.items
            if item.kind == "claim"
        ]
    except CourseError:
        return  # said of the item
    for word in ("true", "false"):
        if len(words) >= fewest and words.count(word) > 0.6 * len(words):
            yield f"{words.count(word)} of {len(words)} claims are {word}: whoever says so is right"


def middle_place(texts: Sequence[str]) -> list[int]:
    """Pick the line in the middle, or one of the two."""
    return list(range((len(texts) - 1) // 2, len(texts) // 2 + 1))


def last(texts: Sequence[str]) -> list[int]:
    """Pick what stands last."""
    return [len(texts) - 1]


LINES: dict[str, Callable[[Sequence[str]], list[int]]] = {
    "longest": longest,
    "shortest": shortest,
    "first": first,
    "middle": middle_place,
    "last": last,
}
