"""Lay out the charts of the class page as plain shapes: no library, no script, in print as well.

Every shape stands beside its number, and what it is of can be opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.gradebook.pages.tally import LETTERS, NOT_ASKED
from grader.model import Status
from grader.render.signs import OPEN, PARTLY, sign_of_class, word_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.gradebook.pages.figures import ExerciseFigures
    from grader.gradebook.pages.tally import ClassTally

QUIET = (Status.UNIMPLEMENTED, Status.MISSING)  # nothing was handed in that could be wrong


def color_of(status: str) -> str:
    """Return the class that colours a status on the class page."""
    if status == Status.PASSED:
        return "passed"
    return "open" if status in OPEN else "quiet" if status in QUIET else "wrong"


def letters() -> dict[str, list[str]]:
    """Return the sign, the word and the class of each letter that stands for a status."""
    told = {}
    for status, letter in LETTERS.items():
        word = word_for(status)
        told[letter] = [sign_of_class(status), word, color_of(status)]
        told[letter.upper()] = [PARTLY[0], f"{word}, {PARTLY[1]}", "partly"]
    return told | {NOT_ASKED: ["", "not asked", "quiet"]}


def lay_legend() -> list[tuple[str, str, str]]:
    """Return each sign of a cell once: with all that it may mean, and the class of the first.

    Examples
    --------
    >>> lay_legend()[:2]
    [('✔', 'passed', 'passed'), ('◐', 'a part of the points', 'partly')]
    """
    meant: dict[str, list[str]] = {}
    for status in LETTERS:
        meant.setdefault(sign_of_class(status), []).append(status)
    signs = [
        (sign, ", ".join(map(word_for, statuses)), color_of(statuses[0]))
        for sign, statuses in meant.items()
    ]
    return [signs[0], (*PARTLY, "partly"), *signs[1:]]


def lay_bars(bins: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return the bars of a distribution, each with its height in percent of the tallest.

    Examples
    --------
    >>> [bar["height"] for bar in lay_bars([("0-10%", 1), ("10-20%", 4)])]
    [25.0, 100.0]
    """
    most = max((count for _, count in bins), default=0) or 1
    return [
        {"label": label, "count": count, "height": round(100 * count / most, 2)}
        for label, count in bins
    ]


def lay_stack(figures: ExerciseFigures) -> list[dict[str, Any]]:
    """Return the parts of an exercise's bar: what became of it, from left to right, in percent."""
    parts, at = [], 0.0
    for status, count in figures.counts:
        width = 100 * count / figures.total
        parts.append({
            "letter": LETTERS[status], "word": word_for(status), "color": color_of(status),
            "count": count, "at": round(at, 3), "width": round(width, 3),
        })  # fmt: skip
        at += width
    return parts


def lay_trend(tallies: Mapping[str, ClassTally]) -> list[dict[str, Any]]:
    """Return each assignment's figures, in the order in which they were given."""
    return [
        {"name": tally.name, "place": place, "figures": tally.figures, "tally": tally}
        for place, tally in enumerate(tallies.values())
    ]
