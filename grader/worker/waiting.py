"""Count how long was waited, without the time in which whoever waits was itself not running."""

from __future__ import annotations

import time

LONGEST_S = 1.0


class Waiting:
    """A stopwatch that is looked at again and again.

    A look that comes much later than it was meant to says that this process was paused or starved.
    How long the other side could run meanwhile is not known, and whatever it did may be lying in a
    pipe: of such a gap only `LONGEST_S` count.

    Parameters
    ----------
    before_s
        Seconds that were waited earlier.

    Examples
    --------
    >>> Waiting(before_s=2.0).look() < 2.5
    True
    """

    def __init__(self, before_s: float = 0.0) -> None:
        self._waited_s = before_s
        self._looked_at = time.monotonic()

    def look(self) -> float:
        """Return the seconds that were waited so far."""
        now = time.monotonic()
        self._waited_s += min(now - self._looked_at, LONGEST_S)
        self._looked_at = now
        return self._waited_s
