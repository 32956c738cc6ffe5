"""Fifty steps of a gradient on its way back: an RNN beside an LSTM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import Raised
from grader.render.drawings.figures import Chart, Curve
from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import Role, word_of
from grader.student.drawing.knobs import choice_turn

if TYPE_CHECKING:
    from grader.render.drawings.parts import Turn
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

SIGNAL, CELL, CELL_BACK = (
    "recurrent.backprop_signal", "recurrent.lstm_cell", "recurrent.lstm_cell_backward",
)  # fmt: skip
STEPS, UNITS = 50, 5
SIZES = (0.125, 0.25, 0.5)
WEIGHTS = np.array(
    [
        [-1, -3, -4, 2, -4],
        [1, -4, -3, 4, 4],
        [2, 3, -3, -4, 3],
        [-3, 4, 1, -3, -2],
        [4, 1, 3, -1, 0],
    ],
    float,
)
"""Five units whose ReLUs never die all at once, shape (5, 5)."""
GRADIENT = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
FORGET = 4.0  # the LSTM's bias of its forget gate: f = 0.982
SAYS = (
    "The size of a gradient at each of fifty steps on its way back through time, by powers of ten. "
    "In a plain RNN it shrinks or grows by about the same factor at every step; through an LSTM's "
    "state it passes nearly unchanged."
)


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return both curves, with one step lit.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which step, and as `stride` which of three sizes of the weights.
    """
    which = min(knobs.stride or 1, len(SIZES))
    case, title, turns = _case(functions, knobs, which)
    _, states, gradient = case
    steps = states.shape[0]
    norms = functions.array(SIGNAL, *case, shape=(steps,))
    wrong = functions.is_wrong(SIGNAL, *case)
    curves = []
    words = []
    step = (knobs.step if knobs.step is not None else _first(wrong, steps)) % steps
    if norms is not None:
        sign = " (some are wrong)" if np.any(wrong) else ""
        curves.append(Curve(f"RNN{sign}", "R", tuple(map(float, norms)), Role.OTHER))
        back = f"{step} steps back" if step != 1 else "1 step back"
        words.append(f"{back} the RNN's gradient is {word_of(float(norms[step]), 4)}")
    else:
        words.append(f"a gradient of {gradient.size} numbers goes back {steps - 1} steps: ?")
    if steps == STEPS:
        memory = _memory(functions)
        if memory is not None:
            curves.append(Curve("LSTM, its state h and c together", "L", memory, Role.FORWARD))
            words[-1] += f", the LSTM's {word_of(memory[step], 4)}"
    chart = Chart(
        f"size of the gradient, {title}",
        "steps back",
        ("0", str(steps - 1)),
        tuple(curves),
        steps,
        step,
    )
    legend = tuple((curve.role, curve.name) for curve in curves)
    return Picture(
        "signal", "A signal that vanishes", SAYS, ((chart,),), tuple(words), legend,
        functions.notes(), step, steps, turns,
    )  # fmt: skip


def _case(
    functions: OwnCalls, knobs: Knobs, which: int
) -> tuple[tuple[Array, Array, Array], str, tuple[Turn, ...]]:
    """Return weights, states and gradient of the failing case, or of the lecture's fifty steps."""
    held = functions.held
    if held is not None and held.exercise_id == SIGNAL and knobs.stride is None:
        given = held.arguments
        case = given["w_hh"], given["hidden_states"], given["grad_last"]
        turns = (choice_turn("other weights", 0, len(SIZES)),)
        return case, f"{case[1].shape[1]} units over {case[1].shape[0]} steps", turns
    size = SIZES[which - 1]
    states = [np.ones(UNITS)]
    for _ in range(STEPS - 1):
        states.append(np.maximum(0.0, size * WEIGHTS @ states[-1]))
    case = size * WEIGHTS, np.array(states), GRADIENT
    turns = (choice_turn(f"size {size:g}", which, len(SIZES)),)
    return case, f"{UNITS} units with ReLU, weights of size {size:g}", turns


def _first(wrong: Any, steps: int) -> int:
    if isinstance(wrong, np.ndarray) and wrong.any():
        return int(np.argwhere(wrong)[0][0])
    return steps - 1


def lstm_arguments() -> tuple[Array, Array]:
    """Return weight (8, 3) and bias (8,) of two units that remember."""
    weight = np.array([[1, 0, 1], [0, 1, -1], [0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 1],
                       [1, 0, -1]], float) / 8  # fmt: skip
    return weight, np.array([0, 0, FORGET, FORGET, 0, 0, 0, 0], float)


def _memory(functions: OwnCalls) -> tuple[float, ...] | None:
    """Return the size of the gradient of an LSTM's state (h and c), step by step back.

    Both passes are the student's own: fifty calls of the cell, then fifty of its backward pass.
    """
    missing = [name for name in (CELL, CELL_BACK) if not functions.passes(name)]
    if missing:
        for name in missing:
            functions.ask(name)  # which says why it is not asked
        return None
    weight, bias = lstm_arguments()
    h = c = np.zeros((1, 2))
    inputs = np.sin(np.arange(STEPS, dtype=float)).reshape(STEPS, 1, 1)
    before = []
    for x in inputs:
        before.append((x, h, c))
        found = functions.arrays(CELL, x, h, c, weight, bias, shapes=((1, 2), (1, 2)))
        if found is None:
            return None
        h, c = found
    grad_h, grad_c = np.zeros((1, 2)), np.ones((1, 2))
    norms = [_size_of(grad_h, grad_c)]
    for x, h, c in before[:0:-1]:
        answer = functions.ask(CELL_BACK, grad_h, grad_c, x, h, c, weight, bias)
        if answer is None or isinstance(answer, Raised) or len(answer) < 3:
            return None
        grad_h, grad_c = np.asarray(answer[1], float), np.asarray(answer[2], float)
        norms.append(_size_of(grad_h, grad_c))
    return tuple(norms)


def _size_of(*gradients: Array) -> float:
    return float(np.sqrt(sum(float((one**2).sum()) for one in gradients)))
