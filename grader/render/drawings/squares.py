"""Numbers in squares and bars, and what each of them is there for.

A square without a number shows a question mark: it is for the student to compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.render.signs import number_text

UNKNOWN = "?"
DIGITS = 3
LONGEST = 1e5  # from here on numbers are written by powers of ten


class Role(StrEnum):
    """What a number is there for; how it looks is said in `roles` alone."""

    PLAIN = "plain"
    QUIET = "quiet"
    LIT = "lit"
    FILTER = "filter"
    RESULT = "result"
    TIE = "tie"
    WINNER = "winner"
    FORWARD = "forward"
    GRADIENT = "gradient"
    OTHER = "other"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Square:
    """One number of a grid.

    Parameters
    ----------
    value
        The number; None where nobody knows it yet.
    role
        What it is there for.
    text
        What stands there in place of the number.
    shade
        How dark it is, from 0 to 1; None for no shade.
    is_wrong
        Whether the check says that the number is wrong.
    """

    value: float | None = None
    role: Role = Role.PLAIN
    text: str | None = None
    shade: float | None = None
    is_wrong: bool = False

    def word(self, digits: int = DIGITS) -> str:
        """Return the number as it is shown, with so many digits that count."""
        return self.text if self.text is not None else word_of(self.value, digits)


def word_of(value: float | None, digits: int = DIGITS) -> str:
    """Return a number as drawings show it; a question mark for none.

    Examples
    --------
    >>> word_of(0.73105), word_of(3.0), word_of(None), word_of(1234.4), word_of(-0.00001234)
    ('0.731', '3', '?', '1234', '-1.23e-05')
    """
    if value is None:
        return UNKNOWN
    if abs(value) < LONGEST and (value == round(value) or abs(value) >= 10**digits):
        return f"{value + 0.0:.0f}"  # whole numbers are whole, and no large one is a power of ten
    return number_text(value, digits)


@dataclass(frozen=True)
class Grid:
    """A matrix of squares.

    Parameters
    ----------
    title
        Its name and shape.
    squares
        Rows of equal length.
    down, across
        What rows and columns are called; empty for nothing.
    note
        A line below it, in small letters.
    """

    title: str
    squares: tuple[tuple[Square, ...], ...]
    down: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a number between two others.

    Parameters
    ----------
    name
        What it is.
    value
        The number; None where nobody knows it yet.
    low, high
        Where the bar begins to be empty, and where it is full.
    role
        See `Role`.
    formula
        How the number comes about.
    is_wrong
        Whether the check says that the number is wrong.
    """

    name: str
    value: float | None
    low: float = 0.0
    high: float = 1.0
    role: Role = Role.PLAIN
    formula: str = ""
    is_wrong: bool = False


@dataclass(frozen=True)
class Bars:
    """Bars below each other."""

    title: str
    bars: tuple[Bar, ...]
