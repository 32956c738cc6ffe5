"""Late days that cost nothing: so many for each student, over all assignments of a term.

They go to assignments in the order of the deadlines, and what is late beyond them is charged. So
more of them never cost anybody points: each assignment gets as many as before, or more.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from grader.gradebook.policy.lateness import PER_DAY, Lateness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.engine.document import FreeDays, Late
    from grader.gradebook.policy.lateness import LateRule


def spend(days: int, needs: Sequence[int]) -> list[int]:
    """Return how many of some days go to each need, the first one first.

    Examples
    --------
    >>> spend(5, [2, 4, 1])
    [2, 3, 0]
    """
    used = []
    for need in needs:
        used.append(min(need, days))
        days -= used[-1]
    return used


def share_out(days: int, lates: Mapping[str, Late]) -> dict[str, FreeDays]:
    """Return how many late days one student uses for each assignment, and has left after it.

    Parameters
    ----------
    days
        How many there are.
    lates
        What the plain rules say, by the assignment's name. What the platform marks as late by an
        unknown amount uses none: nobody knows how many.
    """
    order = sorted(lates, key=lambda name: (datetime.fromisoformat(lates[name]["due"]), name))
    needs = [math.ceil(lates[name]["units"] / PER_DAY[lates[name]["unit"]]) for name in order]
    found: dict[str, FreeDays] = {}
    left = days
    for name, used in zip(order, spend(days, needs), strict=True):
        left -= used
        found[name] = {"of": days, "used": used, "left": left}
    return found


def forgive(late: Late, rule: LateRule, days: FreeDays, earned: float) -> Late:
    """Return what being late costs beyond the days that are free.

    Parameters
    ----------
    late
        By the plain rule.
    rule
        That rule.
    days
        Of this assignment.
    earned
        The points before anything is taken off.
    """
    percent = late["percent"]
    if days["used"]:
        percent = rule.charge(late["units"] - days["used"] * PER_DAY[rule.unit])
    left = Lateness(late["units"], late["unit"], percent).after(earned)
    return {**late, "percent": percent, "earned": left, "days": days}
