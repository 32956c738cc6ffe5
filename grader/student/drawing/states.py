"""Say which functions a drawing may ask: those that pass as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.model import Status
from grader.model.results import UNWRITTEN
from grader.render.signs import word_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import ExerciseResult
    from grader.render.shown import Standing

ABSENT = {
    UNWRITTEN: UNWRITTEN,
    "no file": "its file is not here",
    "broken file": "its file is no Python",
}
PASSES = ""


def sort_out(standings: Sequence[Standing], target: str) -> tuple[dict[str, str], list[str]]:
    """Return what is known without a check, and what has to be checked first.

    Parameters
    ----------
    standings
        Of all exercises that a drawing may ask.
    target
        Whose drawing is wanted: where it failed, the failing case has to be found again.

    Returns
    -------
    states : dict
        Of each exercise that is known: "" where it passes, else why it is not asked.
    unknown : list
        Ids of those that are not: written and not checked, or edited since.
    """
    states, unknown = {}, []
    for standing in standings:
        exercise_id, state = standing.exercise.id, standing.state
        if standing.passed:
            states[exercise_id] = PASSES
        elif state in ABSENT:
            states[exercise_id] = ABSENT[state]
        elif state == Status.UNIMPLEMENTED:
            states[exercise_id] = UNWRITTEN
        elif exercise_id == target or state not in set(Status):
            unknown.append(exercise_id)
        else:
            states[exercise_id] = f"does not pass ({word_for(state)})"
    return states, unknown


def state_of(result: ExerciseResult) -> str:
    """Return what a check says: "" where the function passes, else why it is not asked."""
    if result.status is Status.PASSED:
        return PASSES
    if result.status is Status.UNIMPLEMENTED:
        return UNWRITTEN
    return f"does not pass ({word_for(result.status)})"
