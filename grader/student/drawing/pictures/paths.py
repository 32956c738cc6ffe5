"""The ways of the optimisers on a loss that is steep one way and shallow the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.figures import Plane, Trail
from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import Role, word_of
from grader.student.demo.networks.paths import SLOPES, START, WALKS, height

if TYPE_CHECKING:
    from grader.student.demo.networks.paths import Walk
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

LONGEST = 40
HEIGHTS = (0.05, 0.25, 0.7, 1.4, 2.4)
SAYS = (
    "A loss that is steep vertically and shallow horizontally, seen from above. Plain gradient "
    "descent jumps from one side of the valley to the other and makes slow progress along it."
)
LOOKS = {
    "SGD": ("s", Role.OTHER), "Momentum": ("m", Role.FORWARD), "Nesterov": ("n", Role.LIT),
    "Adagrad": ("g", Role.FILTER), "RMSprop": ("r", Role.TIE), "Adam": ("a", Role.STRONG),
}  # fmt: skip


def build(functions: OwnCalls, knobs: Knobs, exercise_id: str = "") -> Picture:
    """Return the ways up to a step, each by the student's own function.

    Parameters
    ----------
    functions
        The student's.
    knobs
        How many steps are taken.
    exercise_id
        The optimiser that is meant: its name comes first.
    """
    step = (knobs.step if knobs.step is not None else LONGEST) % (LONGEST + 1)
    trails, words = [], []
    for how in sorted(WALKS, key=lambda one: one.part != exercise_id):
        points = walk(functions, how, step)
        if points is not None:
            sign, role = LOOKS[how.name]
            after = word_of(height(np.array(points[-1])))
            name = f"{how.name} ({how.settings}): loss {after}"
            trails.append(Trail(name, sign, points, role))
    first = f"({START[0]:g}, {START[1]:g})"
    if not trails:
        words.append(f"no optimiser of yours passes yet: nobody has left the place {first}")
    words.append(f"{step} steps from {first}, where the loss is {word_of(height(START))}")
    halves = [np.sqrt(2 * one / SLOPES) for one in HEIGHTS]
    ellipses = tuple((float(x), float(y)) for x, y in halves)
    plane = Plane("the valley from above", (-10.0, 4.0), (-2.4, 2.4), ellipses, tuple(trails))
    return Picture(
        "paths", "Steep one way, shallow the other", SAYS, ((plane,),), tuple(words), (),
        functions.notes(), step, LONGEST + 1,
    )  # fmt: skip


def walk(functions: OwnCalls, how: Walk, steps: int) -> tuple[tuple[float, float], ...] | None:
    """Return where an optimiser gets in so many steps; None where it cannot be asked.

    Parameters
    ----------
    functions
        The student's.
    how
        Which optimiser, and how it is asked.
    steps
        How many.
    """
    if not functions.passes(how.part):
        functions.ask(how.part)  # which says why it is not asked
        return None
    point, states = START, [np.zeros(2)] * how.kept
    found = [point]
    for number in range(1, steps + 1):
        call = (point, SLOPES * point, *states, *how.rates(number))
        if how.kept == 0:
            alone = functions.array(how.part, *call, shape=(2,))
            answer: tuple[Array, ...] | None = None if alone is None else (alone,)
        else:
            answer = functions.arrays(how.part, *call, shapes=((2,),) * (1 + how.kept))
        if answer is None:
            return None
        point, states = answer[0], list(answer[1:])
        found.append(point)
    return tuple((float(x), float(y)) for x, y in found)
