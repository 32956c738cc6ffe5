"""Read how hard each question was in earlier exams, and sort questions into groups by it.

A student draws an exam without the gradebook. So what a gradebook knows is written into a file that
lies beside the quizzes and is handed out with them: `dlgrade export --format items`.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FILE_NAME = "difficulty.json"


def read_shares(quizzes_dir: Path) -> dict[str, float]:
    """Return which share of the points was earned for each item, in earlier exams.

    Parameters
    ----------
    quizzes_dir
        The folder with the quizzes, and `difficulty.json` where there is a history.

    Returns
    -------
    dict
        From 0 (nobody had it right) to 1, by the item's id; empty without a history.

    Raises
    ------
    CourseError
        The file is not as `dlgrade export --format items` writes it.
    """
    path = quizzes_dir / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(f"{path} cannot be read ({type(error).__name__}): {HELP}") from error
    shares = found.get("shares") if isinstance(found, dict) else None
    if not isinstance(shares, dict) or not all(map(_is_share, shares.values())):
        raise CourseError(f"{path} needs `shares`, an item's id and a number from 0 to 1: {HELP}")
    return {name: float(share) for name, share in shares.items()}


HELP = "write it anew with `dlgrade export GRADEBOOK --format items`, or delete it"


def group(ids: Sequence[str], shares: Mapping[str, float], count: int) -> list[list[str]]:
    """Sort items by their difficulty into groups of nearly the same size.

    An exam takes one of each. So the mean difficulties of two exams differ by at most the span
    between the easiest and the hardest question, divided by the number of questions.

    Parameters
    ----------
    ids
        The items of a topic, in the order of its file.
    shares
        What was earned for them before. An item without a history counts as the mean of the others.
    count
        How many groups, at most as many as there are items.

    Returns
    -------
    list of list of str
        The hardest first; no group is empty.

    Examples
    --------
    >>> group(["a", "b", "c", "d"], {"a": 0.9, "b": 0.2, "c": 0.4, "d": 0.8}, 2)
    [['b', 'c'], ['d', 'a']]
    """
    known = [shares[one] for one in ids if one in shares]
    mean = sum(known) / len(known) if known else 0.0
    hardest = sorted(ids, key=lambda one: shares.get(one, mean))
    bounds = [len(ids) * place // count for place in range(count + 1)]
    return [hardest[low:high] for low, high in pairwise(bounds)]


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
