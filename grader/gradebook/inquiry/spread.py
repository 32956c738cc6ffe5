"""How the points of many are spread: what a class page, `show` and the end of a run all say."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from grader.render.grades.told import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread_of(points: Sequence[float], possible: float) -> Spread:
    """Return how points are spread; zeros where there are none.

    The quartiles are those of the values as they are, by linear interpolation between them (R's
    type 7, NumPy's default).

    Parameters
    ----------
    points
        Of everybody who counts.
    possible
        What everybody could have had.

    Examples
    --------
    >>> spread_of([1.0, 2.0, 3.0, 6.0], 7.0)
    Spread(count=4, possible=7.0, mean=3.0, median=2.5, lower=1.75, upper=3.75)
    """
    if not points:
        return Spread(0, possible)
    if len(points) == 1:
        return Spread(1, possible, points[0], points[0], points[0], points[0])
    lower, median, upper = statistics.quantiles(points, n=4, method="inclusive")
    return Spread(len(points), possible, statistics.fmean(points), median, lower, upper)
