"""Say at the end of a run who handed in nothing, and whose something may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.assignment import Assignment
from grader.gradebook.facts import Gradebook
from grader.gradebook.students import OUTDATED, Policy
from grader.render.grades.run import shorten
from grader.text import safe_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.grading.intake.submissions import Found
    from grader.grading.run import Plan


def tell_roster(plan: Plan, found: Found) -> tuple[list[str], bool]:
    """Return what is to be told of who is who, and whether nobody can say who handed in nothing.

    Parameters
    ----------
    plan
        What was asked for.
    found
        From `plan.find()`.
    """
    with Gradebook(plan.gradebook, read_only=True) as book:
        read = Assignment(book, plan.assignment, Policy())
        outdated = list(map(read.called, read.outdated))
    lines = list(found.notes)
    if outdated:
        some = ", ".join(shorten([safe_name(name) for name in outdated]))
        lines.append(f"{len(outdated)} {OUTDATED}: {some}")
    if plan.roster is not None:
        nothing = "handed in nothing, or in a team" if read.is_in_doubt else "handed in nothing"
        absent = [
            read.called(name)
            for name in read.absent
            if read.is_in_doubt or name not in read.perhaps
        ]
        for text, names in (
            ("twice on the roster", plan.roster.twice),
            (nothing, map(safe_name, absent)),
            ("not on the roster", map(safe_name, read.strangers)),
        ):
            lines += shorten([f"{text}: {name}" for name in names])
    if read.is_in_doubt:
        teams = ", ".join(shorten([safe_name(name) for name in read.unclaimed or read.strangers]))
        lines.append(
            f"nobody knows whose these are: {teams}; so nobody on the roster gets 0 for handing in "
            "nothing, and cells stay empty until `--groups CSV` says who is in which team, "
            "or the roster names them"
        )
    elif read.perhaps:
        lines += shorten([_perhaps(*item) for item in read.perhaps.items()])
    return lines, read.is_in_doubt or bool(read.perhaps)


def _perhaps(name: str, others: Sequence[str]) -> str:
    """Return whose work may be that of somebody of whom nothing else came in."""
    work = ", ".join(shorten([safe_name(one) for one in others]))
    return (
        f"nobody can tell whether {work}, not on the roster, is {safe_name(name)}, of whom nothing "
        "came in: that cell stays empty; write a number, login or address of both into the roster, "
        f"or decide with `dlgrade override` or `dlgrade excuse`"
    )
