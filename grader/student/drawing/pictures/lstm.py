"""One step of an LSTM cell: what is forgotten, what is written, what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Picture, Pile
from grader.render.drawings.squares import Bar, Bars, Role, word_of
from grader.student.drawing.held import wrong_part
from grader.student.drawing.pictures.making import make_grid, times

if TYPE_CHECKING:
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

CELL = "recurrent.lstm_cell"
MOST_UNITS = 2
ROWS = {"i": 0, "f": 1, "o": 2, "g": 3}  # the blocks of the weight
STEPS = (
    ("f", "the forget gate f says how much of the old memory stays"),
    ("ig", "the input gate i says how much of the candidate g is written"),
    ("c", "the new memory: c_next = f·c + i·g"),
    ("oh", "the output gate o says how much is shown: h_next = o·tanh(c_next)"),
)
LINES = (
    ("f", "f  forget", "sigmoid of rows H…2H"), ("i", "i  input", "sigmoid of rows 0…H"),
    ("g", "g  candidate", "tanh of rows 3H…4H"), ("c", "c' new memory", "f·c + i·g"),
    ("o", "o  output", "sigmoid of rows 2H…3H"), ("h", "h' new state", "o·tanh(c')"),
)  # fmt: skip
SAYS = (
    "One step of an LSTM cell in four moments: forget, write, the new memory, show. The gates are "
    "bars from 0 to 1, candidate and states bars from -1 to 1."
)


@dataclass(frozen=True)
class CellCase:
    """The arguments of one call, of one sample."""

    x: Array
    h: Array
    c: Array
    weight: Array
    bias: Array

    @property
    def call(self) -> tuple[Array, ...]:
        """The arguments in order."""
        return self.x, self.h, self.c, self.weight, self.bias

    @property
    def units(self) -> int:
        """How many numbers the memory has."""
        return int(self.h.shape[1])


def lecture() -> CellCase:
    """Return two units and two inputs, with weights that can be multiplied by hand."""
    weight = np.array(
        [
            [0.5, 0.0, 1.0, 0.5], [0.0, 0.5, -0.5, 1.0],
            [1.0, 0.5, 1.0, 0.0], [-0.5, 1.0, 0.0, -1.0],
            [0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 1.0, 0.0],
            [1.0, 0.0, 1.0, -0.5], [0.0, 1.0, -1.0, 0.5],
        ]
    )  # fmt: skip
    state = np.array([[0.5, -0.5]]), np.array([[1.0, -0.5]])
    return CellCase(np.array([[1.0, 0.5]]), *state, weight, np.array([0, 0, 1, 1, 0, 0, 0, 0.0]))


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the cell up to one of its four moments.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which moment.
    """
    case = lecture()
    held = functions.held
    if held is not None and held.exercise_id == CELL:
        case = CellCase(*(held.arguments[name] for name in ("x", "h", "c", "weight", "bias")))
    sample, first = _worst(functions, case)
    found = functions.arrays(CELL, *case.call, shapes=(case.h.shape, case.c.shape))
    step = (knobs.step if knobs.step is not None else len(STEPS) - 1) % len(STEPS)
    seen = "".join(letters for letters, _ in STEPS[: step + 1])
    lit = STEPS[step][0]
    known = _known(functions, case, sample, found)
    units = range(first, min(case.units, first + MOST_UNITS))
    bars = [_unit(functions, case, (sample, unit), known, (seen, lit)) for unit in units]
    joined = np.concatenate([case.h[sample], case.x[sample]])
    names = [f"h{i}" for i in range(case.units)] + [f"x{i}" for i in range(case.x.shape[1])]
    column = make_grid("[h, x]", joined[:, None], lambda _i, _j: Role.LIT, down=names, most=(12, 1))
    rows = ((column, Pile(tuple(bars))),)
    words = (STEPS[step][1], *_worked(case, (sample, first), known, lit))
    legend = ((Role.LIT, "what comes in"), (Role.WINNER, "this moment"))
    return Picture(
        "lstm", "One step of an LSTM cell", SAYS, rows, words, legend, functions.notes(), step,
        len(STEPS),
    )  # fmt: skip


def _worst(functions: OwnCalls, case: CellCase) -> tuple[int, int]:
    """Return the first sample and unit of which something is wrong, else the first of all."""
    held = functions.held
    for part in (1, 0):
        index = held.first_wrong(part) if held is not None else None
        if index is not None and len(index) == 2:
            return index[0], max(0, min(index[1], case.units - MOST_UNITS))
    return 0, 0


def _known(
    functions: OwnCalls, case: CellCase, sample: int, found: tuple[Array, ...] | None
) -> dict[str, Array]:
    """Return what is known of gates and states, by their letters: nothing of an unsolved cell.

    The states are what the student's cell returns. The gates of one that passes are worked out by
    the formula of its docstring: nothing that it returns says what they were.
    """
    if found is None:
        return {}
    states = {"h": found[0][sample], "c": found[1][sample]}
    if not functions.passes(CELL):
        return states
    joined = np.concatenate([case.h[sample], case.x[sample]])
    blocks = (case.weight @ joined + case.bias).reshape(4, -1)
    half = np.tanh(blocks[:3] / 2) / 2 + 0.5  # the sigmoid, which this way never overflows
    return states | {"i": half[0], "f": half[1], "o": half[2], "g": np.tanh(blocks[3])}


def _unit(
    functions: OwnCalls, case: CellCase, at: tuple[int, int], known: dict[str, Array],
    shown: tuple[str, str],
) -> Bars:  # fmt: skip
    """Return the bars of one unit: old memory, gates, new memory, new state."""
    seen, lit = shown
    wrong = functions.is_wrong(CELL, *case.call)
    bars = [Bar("c  old memory", float(case.c[at]), -1.0, 1.0, Role.LIT)]
    for letter, name, formula in LINES:
        is_seen = letter in seen
        value = float(known[letter][at[1]]) if letter in known and is_seen else None
        mark = wrong_part(wrong, "hc".index(letter)) if letter in "hc" else False
        is_wrong = bool(mark[at] if isinstance(mark, np.ndarray) else mark)
        role = Role.WINNER if letter in lit else Role.PLAIN
        low = 0.0 if letter in "ifo" else -1.0
        told = formula if is_seen else "later"
        bars.append(Bar(name, value, low, 1.0, role, told, is_wrong and value is not None))
    return Bars(f"unit {at[1]}" + f" of sample {at[0]}" * bool(at[0]), tuple(bars))


def _worked(case: CellCase, at: tuple[int, int], known: dict[str, Array], lit: str) -> list[str]:
    """Return how the numbers of this moment come about, for one unit."""
    sample, unit = at
    joined = np.concatenate([case.h[sample], case.x[sample]])
    lines = []
    for letter in lit:
        if letter not in ROWS:
            continue
        row = ROWS[letter] * case.units + unit
        name = "tanh" if letter == "g" else "sigmoid"
        value = word_of(float(known[letter][unit]) if letter in known else None)
        bias = word_of(float(case.bias[row]))
        products = times(case.weight[row], joined, most=6)
        lines.append(f"{letter}{unit} = {name}({products} + {bias}) = {value}")
    return lines
