"""The ways of the optimisers on a loss that is steep one way and shallow the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.figures import Plane, Trail
from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import Role, word_of
from grader.student.drawing.table import STEPS

if TYPE_CHECKING:
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

SHALLOW, STEEP = 0.04, 1.0
START = (-9.0, 1.8)
LONGEST = 40
HEIGHTS = (0.05, 0.25, 0.7, 1.4, 2.4)
SAYS = (
    "A loss that is steep vertically and shallow horizontally, seen from above. Plain gradient "
    "descent jumps from one side of the valley to the other and makes slow progress along it."
)
# How each is set, by name: learning rate and what else it takes, the letter and the role.
SETTINGS: dict[str, tuple[tuple[float, ...], str, Role]] = {
    "sgd": ((1.9,), "s", Role.OTHER),
    "momentum": ((0.3, 0.8), "m", Role.FORWARD),
    "nesterov": ((0.3, 0.8), "n", Role.LIT),
    "adagrad": ((1.5,), "g", Role.FILTER),
    "rmsprop": ((0.3, 0.9), "r", Role.TIE),
    "adam": ((0.5,), "a", Role.RESULT),
}
STATES = {"sgd": 0, "momentum": 1, "nesterov": 1, "adagrad": 1, "rmsprop": 1, "adam": 2}


def slope(point: Array) -> Array:
    """Return the gradient of the loss (0.04 x² + y²) / 2, shape (2,)."""
    return np.array([SHALLOW, STEEP]) * point


def height(point: Array) -> float:
    """Return the loss."""
    return float(point @ slope(point)) / 2


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
    meant = exercise_id.removeprefix("optim.").removesuffix("_step")
    for name in sorted(STEPS, key=lambda one: one != meant):
        points = walk(functions, name, step)
        if points is None:
            continue
        numbers, sign, role = SETTINGS[name]
        setting = f"lr {numbers[0]:g}" + "".join(f", {more:g}" for more in numbers[1:])
        after = word_of(height(np.array(points[-1])))
        trails.append(Trail(f"{name} ({setting}): loss {after}", sign, points, role))
    if not trails:
        words.append("no optimiser of yours passes yet: nobody has left the place (-9, 1.8)")
    words.append(
        f"{step} steps from (-9, 1.8), where the loss is {word_of(height(np.array(START)))}"
    )
    ellipses = tuple(
        (float(np.sqrt(2 * one / SHALLOW)), float(np.sqrt(2 * one / STEEP))) for one in HEIGHTS
    )
    plane = Plane("the valley from above", (-10.0, 4.0), (-2.4, 2.4), ellipses, tuple(trails))
    return Picture(
        "paths", "Steep one way, shallow the other", SAYS, ((plane,),), tuple(words), (),
        functions.notes(), step, LONGEST + 1,
    )  # fmt: skip


def walk(functions: OwnCalls, name: str, steps: int) -> tuple[tuple[float, float], ...] | None:
    """Return where an optimiser gets in so many steps; None where it cannot be asked.

    Parameters
    ----------
    functions
        The student's.
    name
        Of the optimiser: "adam".
    steps
        How many.
    """
    exercise_id = f"optim.{name}_step"
    point, states = np.array(START), [np.zeros(2)] * STATES[name]
    settings = SETTINGS[name][0]
    found = [START]
    if steps == 0:
        if not functions.passes(exercise_id):
            functions.ask(exercise_id, point)  # which says why it is not asked
            return None
        return (START,)
    for number in range(1, steps + 1):
        numbers = (number, *settings) if name == "adam" else settings
        call = (point, slope(point), *states, *numbers)
        if name == "sgd":
            alone = functions.array(exercise_id, *call, shape=(2,))
            answer: tuple[Array, ...] | None = None if alone is None else (alone,)
        else:
            shapes = ((2,),) * (1 + STATES[name])
            answer = functions.arrays(exercise_id, *call, shapes=shapes)
        if answer is None:
            return None
        point, states = answer[0], list(answer[1:])
        found.append((float(point[0]), float(point[1])))
    return tuple(found)
