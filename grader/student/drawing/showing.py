"""Draw an exercise as a check has just found it: its failing case, where it has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import UnknownTargetError
from grader.model.sourcemap import AS_IT_IS
from grader.student.drawing.builders import BUILDERS
from grader.student.drawing.calling import OwnCalls
from grader.student.drawing.held import hold
from grader.student.drawing.knobs import Knobs
from grader.student.drawing.states import state_of
from grader.student.drawing.table import find_drawing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.engine.engine import Engine
    from grader.model import ExerciseResult
    from grader.model.sourcemap import SourceMap
    from grader.render.drawings.parts import Picture

NOT_CHECKED = "not checked since it was edited"


@dataclass(frozen=True)
class CheckedNow:
    """What is known of a student's functions at this moment.

    Parameters
    ----------
    folder, sources
        Where the files are, and what the student calls them.
    states
        Of each exercise that was checked before: "" where it passes, else why it is not asked.
    results
        Of those that were checked just now.
    check
        What checks an exercise, where its id stands for the braces.
    knobs
        How the drawing is turned.
    """

    folder: Path
    states: Mapping[str, str]
    results: Mapping[str, ExerciseResult]
    sources: SourceMap = AS_IT_IS
    check: str = "dlgrade check {}"
    knobs: Knobs = field(default_factory=Knobs)


def asked_by(engine: Engine, exercise_id: str) -> list[str]:
    """Return the exercises whose functions the drawing of one asks, in this course.

    Raises
    ------
    UnknownTargetError
        There is no drawing of it.
    """
    drawing = find_drawing(exercise_id)
    if drawing is None:
        text = f"there is no drawing of {exercise_id}"
        raise UnknownTargetError(f"{text}; `dlgrade draw` lists what there is")
    return [one for one in (*drawing.exercises, *drawing.uses) if one in engine.course.ids]


def draw_found(engine: Engine, exercise_id: str, found: CheckedNow) -> Picture:
    """Return the drawing of an exercise.

    Parameters
    ----------
    engine
        Whose course, limits and command for a worker count.
    exercise_id
        Which.
    found
        What is known of the student's functions.

    Raises
    ------
    UnknownTargetError
        There is no drawing of it.
    """
    states = {one: found.states.get(one, NOT_CHECKED) for one in asked_by(engine, exercise_id)}
    states |= {one.id: state_of(one) for one in found.results.values() if one.id in states}
    result, held = found.results.get(exercise_id), None
    if result is not None and result.held is not None:
        held = hold(engine.course.exercise(exercise_id), result.held)
    drawing = find_drawing(exercise_id)
    assert drawing is not None  # noqa: S101 - `asked_by` has looked
    with OwnCalls(
        engine, found.folder, states, held, found.sources, found.check, exercise_id
    ) as functions:
        return BUILDERS[drawing.name](functions, found.knobs, exercise_id)
