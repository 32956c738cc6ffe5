"""What a student's own progress file says of the hints that were read: a claim, nothing found out.

The file lies in the student's folder and may say anything. Whoever reads it here believes nothing
of it, shows it as the student's own count, and gives no points by it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = ".dlgrade.json"
MAX_BYTES = 2**20
MOST_EXERCISES, MOST_HINTS = 1_000, 99
EXERCISE = re.compile(r"[A-Za-z_]\w{0,60}\.[A-Za-z_]\w{0,60}", re.ASCII)


def read_own_count(text: bytes) -> dict[str, int]:
    """Return how many hints of each exercise were read, as far as a file says so in its own form.

    Parameters
    ----------
    text
        Of a progress file, whatever it is.

    Returns
    -------
    dict
        By the exercise's id, in order; nothing where the file is damaged, or says anything else.

    Examples
    --------
    >>> read_own_count(b'{"exercises": {"conv.im2col": {"hints": 2}, "conv.col2im": {"hints": 0}}}')
    {'conv.im2col': 2}
    >>> read_own_count(b"[")
    {}
    """
    try:
        rows = json.loads(text)["exercises"] if len(text) <= MAX_BYTES else {}
        counts = {name: row["hints"] for name, row in rows.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    said = {name: count for name, count in counts.items() if _is_one(name, count)}
    return dict(sorted(said.items())) if len(said) <= MOST_EXERCISES else {}


def _is_one(name: str, count: object) -> bool:
    return type(count) is int and 0 < count <= MOST_HINTS and bool(EXERCISE.fullmatch(name))


def own_count_line(counts: Mapping[str, int]) -> str:
    """Return a count in one line, with whose word it is.

    Examples
    --------
    >>> own_count_line({"conv.im2col": 2, "pool.flatten": 1})
    "3 hints read, by the student's own count: conv.im2col 2, pool.flatten 1"
    """
    total = sum(counts.values())
    each = ", ".join(f"{name} {count}" for name, count in counts.items())
    return f"{total} hint{'s' * (total != 1)} read, by the student's own count: {each}"
