"""What ships to learn from: handwritten digits, a rhyme, and pictures of X and O.

`data/SOURCES.md` says where the files come from, and under which licence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

FOLDER = Path(__file__).with_name("data")
UNSEEN = 360  # digits that are never trained on
INK = 16.0  # the darkest pixel
HELLO = "hello "
SIDE = 9


def load_digits() -> tuple[Array, Array]:
    """Return the images, (1797, 8, 8) from 0 to 1, and which digits they are, (1797,) int64."""
    with np.load(FOLDER / "digits.npz", allow_pickle=False) as held:
        return held["images"] / INK, held["labels"].astype(np.int64)


def load_rhyme() -> str:
    """Return the text that `letters` learns to write."""
    return (FOLDER / "house.txt").read_text(encoding="utf-8")


def draw_crosses(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return pictures of X (0) and O (1) in turn, moved a little and with specks.

    Parameters
    ----------
    count
        How many.
    rng
        Moves them and sets the specks.

    Returns
    -------
    pictures
        (count, 9, 9) of 1 where there is ink and -1 elsewhere, as in deck 004.
    targets
        (count,) int64.
    """
    pictures, targets = np.full((count, SIDE, SIDE), -1.0), np.arange(count) % 2
    for picture, target in zip(pictures, targets, strict=True):
        size = int(rng.integers(5, 8))
        top, left = rng.integers(0, SIDE - size + 1, 2)
        part = picture[top : top + size, left : left + size]
        _draw_ring(part) if target else _draw_cross(part)
        for row, column in rng.integers(0, SIDE, (2, 2)):
            picture[row, column] *= -1.0
    return pictures, targets.astype(np.int64)


def _draw_cross(part: Array) -> None:
    size = len(part)
    for place in range(size):
        part[place, place] = part[place, size - 1 - place] = 1.0


def _draw_ring(part: Array) -> None:
    part[0, 1:-1] = part[-1, 1:-1] = 1.0
    part[1:-1, 0] = part[1:-1, -1] = 1.0


FALLING = np.eye(3) * 2.0 - 1.0
RISING = FALLING[:, ::-1].copy()
CROSS = np.maximum(FALLING, RISING)
FEATURES = (FALLING, CROSS, RISING)
"""The three of deck 004: two diagonals and where they meet, of 1 and -1."""
