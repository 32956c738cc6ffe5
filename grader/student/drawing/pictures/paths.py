"""The ways of the optimisers on a loss that is steep one way and shallow the other.

What fails is one step: it is drawn as its numbers, before and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.figures import Plane, Trail
from grader.render.drawings.parts import Between, Picture
from grader.render.drawings.squares import Role, word_of
from grader.student.demo.networks.paths import SLOPES, START, WALKS, height
from grader.student.drawing.held import wrong_part
from grader.student.drawing.pictures.making import make_grid

if TYPE_CHECKING:
    from grader.student.demo.networks.paths import Walk
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.held import HeldCase
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

LONGEST = 40
HEIGHTS = (0.05, 0.25, 0.7, 1.4, 2.4)
SAYS = (
    "A loss that is steep vertically and shallow horizontally, seen from above. Plain gradient "
    "descent jumps from one side of the valley to the other and makes slow progress along it."
)
SAYS_STEP = (
    "One step of an optimiser, element by element: on the left what it was given, on the right "
    "what it made of that."
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
    held = functions.held
    if held is not None and any(how.part == held.exercise_id for how in WALKS):
        return _one_step(functions, held, knobs)
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


def _one_step(functions: OwnCalls, held: HeldCase, knobs: Knobs) -> Picture:
    """Return the step that fails: an element to a row, what is remembered beside the parameter."""
    given = {k: v for k, v in held.arguments.items() if isinstance(v, np.ndarray)}
    others = {k: v for k, v in held.arguments.items() if k not in given}
    shape, count = given["param"].shape, given["param"].size
    kept = [name for name in given if name != "grad"]  # the parameter, and what is remembered
    call = tuple(held.arguments.values())
    if len(kept) == 1:
        alone = functions.array(held.exercise_id, *call, shape=shape)
        found: tuple[Array, ...] | None = None if alone is None else (alone,)
        wrong: tuple[Any, ...] = (held.wrong,)
    else:
        found = functions.arrays(held.exercise_id, *call, shapes=(shape,) * len(kept))
        wrong = tuple(wrong_part(held.wrong, part) for part in range(len(kept)))
    marks = np.stack([_column_of(one, count) for one in wrong], axis=1)
    first = int(np.argmax(marks.any(axis=1)))
    step = (knobs.step if knobs.step is not None else first) % count

    def role(row: int, _column: int) -> Role:
        return Role.LIT if row == step else Role.PLAIN

    names = [", ".join(map(str, np.unravel_index(place, shape))) for place in range(count)]
    area = (step, step + 1, 0, 1)
    before = make_grid(
        "before", np.stack([one.ravel() for one in given.values()], axis=1), role, area=area,
        down=[f"[{name}]" for name in names], across=list(given),
    )  # fmt: skip
    after = make_grid(
        "after", None if found is None else np.stack([one.ravel() for one in found], axis=1), role,
        shape=(count, len(kept)), area=area, wrong=marks, across=kept,
    )  # fmt: skip
    told = ", ".join(f"{name} = {word_of(float(value), 6)}" for name, value in others.items())
    words = (f"element [{names[step]}] of one step with {told}",)
    return Picture(
        "paths", f"One step of {held.exercise_id.partition('.')[2]}", SAYS_STEP,
        ((before, Between("→"), after),), words, ((Role.LIT, "this element"),), functions.notes(),
        step, count,
    )  # fmt: skip


def _column_of(wrong: Any, count: int) -> Array:
    """Return which elements are wrong, in one column: all of them where the form is another."""
    marks = np.asarray(wrong, bool)
    return marks.ravel() if marks.size == count else np.full(count, bool(marks.any()))
