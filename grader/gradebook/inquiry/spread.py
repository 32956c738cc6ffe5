"""How the points of many are spread: what `show` and the end of a run say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.pages.figures import figures_of
from grader.render.grades.told import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread_of(points: Sequence[float], possible: float) -> Spread:
    """Return how points are spread; zeros where there are none.

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
    figures = figures_of(points)
    if figures is None:
        return Spread(0, possible)
    return Spread(figures.count, possible, figures.mean, figures.median, figures.low, figures.high)
