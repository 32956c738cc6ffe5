"""Say whose each part of a demo is: the student's, or lent by torch, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.model.results import UNWRITTEN
from grader.render.demo.shown import DemoLine, DemoPart
from grader.render.signs import word_for
from grader.student.demo.catalogue import DEMOS, opened_demos

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from grader.render.shown import Standing
    from grader.student.demo.catalogue import Demo

LENT = {
    UNWRITTEN: UNWRITTEN,
    "no file": "no such file",
    "broken file": "its file does not import",
}
UNCHECKED = "not checked yet"
EDITED = "edited since its check"


def share_out(
    demo: Demo, standings: Iterable[Standing], *, failing_too: bool = False
) -> tuple[DemoPart, ...]:
    """Return whose the parts of a demo are, in its order.

    What passed is the student's; what failed, or is not there, is lent. What was never checked, or
    was edited since, is the student's too, and is watched beside torch's.

    Parameters
    ----------
    demo
        Which one.
    standings
        Of all exercises of the course.
    failing_too
        Whether what failed its check is called all the same: to see what it does.
    """
    known = {one.exercise.id: one for one in standings}
    parts = [_part(name, known, failing_too=failing_too) for name in demo.parts]
    extra = [_part(name, known, failing_too=failing_too) for name in demo.extra]
    return (*parts, *(extra if all(part.own for part in extra) else []))


def _part(name: str, known: Mapping[str, Standing], *, failing_too: bool) -> DemoPart:
    if name not in known:
        return DemoPart(name, own=False, why="not in this course")
    standing = known[name]
    if standing.passed:
        return DemoPart(name, own=True)
    if standing.state in LENT:
        return DemoPart(name, own=False, why=LENT[standing.state])
    word, _, since = standing.state.partition(", ")
    if word == "written" or since:
        return DemoPart(name, own=True, why=EDITED if since.startswith("edited") else UNCHECKED)
    return DemoPart(name, own=failing_too, why=word_for(word))


def list_demos(standings: Sequence[Standing]) -> tuple[DemoLine, ...]:
    """Return a line for each demo: how many of its parts have passed, and what it still needs."""
    passed = {one.exercise.id for one in standings if one.passed}
    opened = opened_demos(standings)
    return tuple(
        DemoLine(
            demo.name, demo.story, len(passed & {*demo.parts}), len(demo.parts),
            () if demo in opened else _missing(demo, passed),
        )
        for demo in DEMOS
    )  # fmt: skip


def _missing(demo: Demo, passed: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in demo.opening if name not in passed)
