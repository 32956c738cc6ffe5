"""Read how hard each question was in earlier exams, and sort questions into groups by it.

A student draws an exam without the gradebook. So what a gradebook knows is written into a file that
lies beside the quizzes and is handed out with them: what `dlgrade show --questions --json` prints.
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
HELP = "write it anew with `dlgrade show GRADEBOOK --questions --json`, or delete it"


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
        The file is not as `dlgrade show --questions --json` prints it.
    """
    path = quizzes_dir / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(f"{path} cannot be read ({type(error).__name__}): {HELP}") from error
    totals: dict[str, list[float]] = {}
    try:
        for exam in found["answers"]:
            for one in exam["questions"]:
                asked, share = _number(one["asked"], 1e9), _number(one["share"], 100)
                total = totals.setdefault(str(one["item"]), [0.0, 0.0])
                total[0] += asked * share / 100
                total[1] += asked
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"{path} is not what tells of questions: {HELP}") from error
    return {item: earned / asked for item, (earned, asked) in totals.items() if asked}


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


def _number(value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError
    return float(value)
