"""Compute what is said about a class in numbers: where it stands, and what an exercise tells.

Whoever handed in nothing stands apart and is in no figure; neither is who is excused, nor whose
points are not all known.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.render.grades.told import ClassFigures

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 10  # students from whom a correlation is told: of fewer it is chance


@dataclass(frozen=True)
class ExerciseFigures:
    """What an exercise was for the class.

    Parameters
    ----------
    place, exercise, possible
        Which one it is, and what it is worth.
    counts
        How many have which status, in the order of `model.Status`.
    share
        The mean share of its points, in percent; None of nobody.
    tells
        The correlation of its share with the other points: whether who is good at the rest is
        good at it. None where that cannot be told.
    """

    place: int
    exercise: str
    possible: float
    counts: tuple[tuple[str, int], ...]
    share: float | None
    tells: float | None

    @property
    def total(self) -> int:
        """How many are counted."""
        return sum(count for _, count in self.counts)


def figures_of(numbers: Sequence[float]) -> ClassFigures | None:
    """Return the figures of some numbers; None of none.

    Examples
    --------
    >>> found = figures_of([40, 50, 60, 90])
    >>> found.mean, found.low, found.median, found.high
    (60.0, 47.5, 55.0, 67.5)
    """
    if not numbers:
        return None
    if len(numbers) == 1:
        low = median = high = float(numbers[0])
    else:
        low, median, high = statistics.quantiles(numbers, n=4, method="inclusive")
    deviation = statistics.stdev(numbers) if len(numbers) > 1 else 0.0
    return ClassFigures(
        len(numbers), math.fsum(numbers) / len(numbers), deviation, low, median, high,
        min(numbers), max(numbers),
    )  # fmt: skip


def correlate(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Return Pearson's coefficient; None of fewer than ten, or where one side is all the same.

    Between an exercise that is all or nothing and the other points this is the point-biserial
    coefficient; where an exercise has levels it is the same thing for shares.

    Examples
    --------
    >>> round(correlate([0, 1] * 6, [2, 3] * 6), 6), correlate([0, 1], [2, 3])
    (1.0, None)
    """
    if len(left) < FEWEST or len(set(left)) == 1 or len(set(right)) == 1:
        return None
    try:
        return statistics.correlation(left, right)
    except statistics.StatisticsError:  # so near to each other that no difference is left
        return None
