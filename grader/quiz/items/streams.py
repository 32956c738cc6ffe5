"""Random streams that are the same for ever.

The standard library promises a stable sequence for `random.random()` alone, not for `randrange` or
`shuffle`, and a quiz of last year must be marked the same on next year's Python. So the numbers
here are SHA-256 digests of the key and a counter, and every draw is defined in this file.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Stream:
    """Draw numbers from a stream that a text alone determines.

    Parameters
    ----------
    key
        Whatever names the stream: two different keys give unrelated streams.

    Examples
    --------
    >>> [Stream("7/conv.stride-2").below(10) for _ in range(2)]
    [2, 2]
    >>> stream = Stream("7/conv.stride-2")
    >>> [stream.below(10) for _ in range(5)]
    [2, 5, 0, 1, 3]
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode("utf-8", "surrogatepass")
        self._count = 0

    def below(self, stop: int) -> int:
        """Draw an integer in [0, stop), each equally likely.

        Parameters
        ----------
        stop
            At least 1.

        Returns
        -------
        int
            64 bits of the digest modulo `stop`; the bias is below 2^-40 for every `stop` here.
        """
        digest = hashlib.sha256(b"%d/%s" % (self._count, self._key)).digest()
        self._count += 1
        return int.from_bytes(digest[:8], "big") % stop

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of the options.

        Parameters
        ----------
        options
            Not empty.

        Returns
        -------
        object
            One element of `options`.
        """
        return options[self.below(len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return the options in a random order.

        Parameters
        ----------
        options
            Left as it is.

        Returns
        -------
        list
            A permutation of `options`, by Fisher and Yates.

        Examples
        --------
        >>> sorted(Stream("any").shuffled("abc"))
        ['a', 'b', 'c']
        """
        mixed = list(options)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
