"""Ask how long an answer takes, in CPU time beside that of the course's own.

The worker is not asked: the operating system counts, outside of it. Chance makes an answer slower
and never quicker, so that one that is quick enough settles it, and one that is too slow is asked
again with other arguments of the same size before it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.asking.yardstick import right_seconds
from grader.engine.judge import judge_level
from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.engine.asking.calls import Caller
    from grader.engine.cases.caseset import BankedLevel
    from grader.engine.cases.oracle import Oracles
    from grader.engine.judge import Reading, Trial
    from grader.model.sourcemap import SourceMap

TOO_SLOW = (
    "it is {:,.0f} times as slow as the course's own, and at most {:g} times are allowed: let "
    "NumPy work on whole arrays, without a Python loop over their elements"
)


def time_level(
    caller: Caller,
    level: BankedLevel,
    find_oracles: Callable[[], Oracles],
    sources: SourceMap,
    reading: Reading,
) -> tuple[list[Trial], tuple[Status, str] | None]:
    """Ask the cases of a level until one is answered in time; wrong answers end it, too.

    Parameters
    ----------
    caller
        The student's function.
    level
        What is asked.
    find_oracles
        Returns whose time is the yardstick.
    sources, reading
        As for any answer (`judge.Trial`).

    Returns
    -------
    trials : list of Trial
        What was answered, judged as ever.
    slow : (Status, str) or None
        What became of the level where every answer took too long.

    Raises
    ------
    WorkerLostError
        No answer came; or what came is none.
    """
    exercise, trials, ratios = caller.exercise, [], []
    times = exercise.check.levels[level.name].times or 0.0
    for banked in level.cases:
        frame, used_s = caller.time(banked)
        trials += judge_level(exercise, [banked], [frame], sources, reading)
        if trials[-1].verdict.status is not Status.PASSED:
            return trials, None
        ratio = float("inf")
        for right_s in right_seconds(find_oracles(), banked):
            ratio = min(ratio, used_s / right_s)
            if ratio <= times:
                return trials, None
        ratios.append(ratio)
    return trials, (Status.TIMEOUT, TOO_SLOW.format(min(ratios), times))
