"""Pairs of submissions that share more than the stub and the reference explain: never a verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two submissions that share text.

    Parameters
    ----------
    left, right
        Whose.
    file
        Which of their files.
    share
        How much of the shorter one is shared, 0 to 1.
    left_parts, right_parts
        The texts in pieces, each with whether the other one has it too.
    """

    left: str
    right: str
    file: str
    share: float
    left_parts: tuple[tuple[str, bool], ...]
    right_parts: tuple[tuple[str, bool], ...]
