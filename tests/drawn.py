"""Draw for the tests: with right functions, with none, and a failing case of any exercise."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import torch

from grader.model import Raised
from grader.render.drawings.parts import Pile
from grader.render.drawings.squares import Grid, Role
from grader.student.drawing.builders import BUILDERS
from grader.student.drawing.calling import OwnCalls
from grader.student.drawing.held import HeldCase, complete
from grader.student.drawing.knobs import Knobs
from grader.student.drawing.table import DRAWINGS
from grader.worker.wire import unpack_case

UNWRITTEN = "not written yet"
TARGETS = [(one, exercise) for one in DRAWINGS for exercise in one.exercises or ("",)]
CASES = [(one, exercise) for one, exercise in TARGETS if one.draws_cases and exercise]


class Noted(OwnCalls):
    """The student's functions, with a note of every number that they answered."""

    def __init__(self, *known):
        super().__init__(*known)
        self.answers = []

    def ask(self, exercise_id, *arguments):
        answer = super().ask(exercise_id, *arguments)
        self.answers.append((exercise_id, answer))
        return answer


def tensor(array):
    """Return an array as torch's."""
    return torch.from_numpy(np.array(array))


def own(engine, *, held=None, but=(), none=False):
    """Return the reference's functions as somebody's own; none of them pass, or all but some."""
    ids = engine.course.ids
    states = {one: UNWRITTEN if none or one in but else "" for one in ids}
    return Noted(engine, engine.course.solutions_dir, states, held)


def picture(functions, name, exercise="", **knobs):
    return BUILDERS[name](functions, Knobs(**knobs), exercise)


def cases_of(engine, exercise_id, every=1):
    """Return arguments of cases of one call, by name, and the right answer to each."""
    exercise = engine.course.exercise(exercise_id)
    found = []
    for case in [one for one in engine.case_set(exercise).cases if not one.bad][::every]:
        steps = unpack_case(case.request)
        if len(steps) == 1:
            given = dict(zip(exercise.stub.names, steps[0], strict=False))
            found.append((complete(exercise, given), case.expected[0]))
    return found


def held_case(exercise_id, arguments, got=None, wrong=None):
    """Return a failing case; it raised, unless something else is said."""
    got = Raised("ValueError", "no") if got is None else got
    return HeldCase(exercise_id, f"{exercise_id}(...)", arguments, got, wrong)


def parts(picture):
    for row in picture.rows:
        for part in row:
            yield from part.parts if isinstance(part, Pile) else (part,)


def grid(picture, name):
    """Return the grid whose title begins so."""
    return next(
        one for one in parts(picture) if isinstance(one, Grid) and one.title.startswith(name)
    )


def numbers(grid):
    """Return the numbers of a grid as an array; nan for a question mark."""
    return np.array([[np.nan if s.value is None else s.value for s in row] for row in grid.squares])


def lit(grid, *roles):
    """Return the numbers whose squares play one of these parts, in reading order."""
    wanted = roles or (Role.LIT,)
    return [s.value for row in grid.squares for s in row if s.role in wanted]


def is_whole(grid):
    """Tell whether nothing was cut off a grid."""
    return "rows" not in grid.title and "columns" not in grid.title


def words(text):
    """Return the numbers in a text, as they are written."""
    return set(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]\d+)?", text))


def without_notes(picture):
    return replace(picture, notes=())
