"""Streams: numbers that come one after the other, too many to keep them."""

from __future__ import annotations

import numpy as np


class RunningMoments:
    """The mean and the variance of rows that come one after the other, none of which is kept.

    Parameters
    ----------
    size : int
        How many numbers a row has, D.

    Attributes
    ----------
    count : int
        How many rows have come.

    Notes
    -----
    With the n-th row x, ``d = x - mean`` and then

        mean = mean + d / n
        squares = squares + d * (x - mean)    # the new mean
        variance = squares / n

    The mean of the squares less the square of the mean is the same on paper; far from 0 it is the
    difference of two large numbers, and loses its digits.

    References
    ----------
    Welford 1962, "Note on a method for calculating corrected sums of squares and products".

    Examples
    --------
    >>> moments = RunningMoments(1)
    >>> for x in (3.0, 5.0, 10.0):
    ...     moments.push(np.array([x]))
    >>> moments.mean()  # of squares 9, 1 and 16 from it
    array([6.])
    >>> moments.variance().round(4)
    array([8.6667])
    """

    def __init__(self, size: int) -> None:
        """Begin with no rows."""
        self.count = 0
        self._mean = np.zeros(size)
        self._squares = np.zeros(size)

    def push(self, x: np.ndarray) -> None:
        """Take one more row, of shape (D,)."""
        self.count += 1
        before = x - self._mean
        self._mean = self._mean + before / self.count
        self._squares = self._squares + before * (x - self._mean)

    def mean(self) -> np.ndarray:
        """Return the mean of each of the D numbers.

        Raises
        ------
        ValueError
            No row has come.
        """
        if self.count == 0:
            raise ValueError("there is no mean of nothing")
        return self._mean

    def variance(self) -> np.ndarray:
        """Return the mean square of the distance from the mean, of each of the D numbers.

        Raises
        ------
        ValueError
            No row has come.
        """
        if self.count == 0:
            raise ValueError("there is no variance of nothing")
        return self._squares / self.count


class MovingAverage:
    """The average of the last numbers of a stream.

    Parameters
    ----------
    window : int
        How many numbers count, 1 or more; while fewer have come, all of them.

    Examples
    --------
    >>> average = MovingAverage(2)
    >>> [average.push(x) for x in (4.0, 6.0, 9.0)]
    [4.0, 5.0, 7.5]
    """

    def __init__(self, window: int) -> None:
        """Begin with no numbers."""
        self._window = window
        self._last: list[float] = []

    def push(self, x: float) -> float:
        """Take one more number, and return the average of the last ones."""
        self._last = [*self._last, x][-self._window :]
        return sum(self._last) / len(self._last)
