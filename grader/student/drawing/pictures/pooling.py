"""What a pooling window keeps, and who gets the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Between, Picture
from grader.render.drawings.squares import Role, word_of
from grader.student.drawing.knobs import stride_turn
from grader.student.drawing.pictures.making import inside, make_grid, places

if TYPE_CHECKING:
    from grader.render.drawings.parts import Part
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs
    from grader.student.drawing.pictures.making import RoleOf

    Array = np.ndarray[Any, Any]

EDGE_MAP = np.array(
    [[0, 1, 3, 1, 0], [1, 1, 1, 3, 3], [0, 0, 0, 0, 0], [1, 1, 1, 3, 3], [0, 1, 3, 1, 0]], float
)
"""Deck 002's picture after the edge filter and ReLU, shape (5, 5)."""
SAYS = (
    "A window lies over a picture; what it keeps is one number of the smaller picture. On the way "
    "back that number's gradient goes to the pixels of the window."
)


@dataclass(frozen=True)
class PoolCase:
    """What is pooled, and the gradient that comes back.

    Parameters
    ----------
    x, grad_out
        Shape (N, C, H, W) and (N, C, OH, OW).
    size, stride
        Of the window; None for a stride as large as the window.
    """

    x: Array
    grad_out: Array
    size: tuple[int, int]
    stride: int | None

    @property
    def strides(self) -> tuple[int, int]:
        """How far the window moves, downwards and to the right."""
        return self.size if self.stride is None else (self.stride, self.stride)

    @property
    def counts(self) -> tuple[int, ...]:
        """Shape of the result."""
        return (*self.x.shape[:2], *counts_of(self.x, self.size, self.strides))


def counts_of(x: Array, size: tuple[int, int], strides: tuple[int, int]) -> tuple[int, int]:
    """Return how often a window fits, downwards and to the right."""
    return (
        places(x.shape[2], size[0], strides[0], 0), places(x.shape[3], size[1], strides[1], 0)
    )  # fmt: skip


def build(functions: OwnCalls, knobs: Knobs, exercise_id: str = "") -> Picture:
    """Return the picture of one window, forward and back.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which window, and its stride.
    exercise_id
        Largest or mean, forward or back.
    """
    kind = "avg" if "avg" in exercise_id else "max"
    case = _case(functions, knobs)
    forward, backward = f"pool.{kind}_pool2d_forward", f"pool.{kind}_pool2d_backward"
    steps = int(np.prod(case.counts))
    step = (knobs.step if knobs.step is not None else _first(functions, case)) % steps
    at = tuple(int(i) for i in np.unravel_index(step, case.counts))
    call, back = (case.x, case.size, case.stride), (case.grad_out, case.x, case.size, case.stride)
    out = functions.array(forward, *call, shape=case.counts)
    grad = functions.array(backward, *back, shape=case.x.shape)
    share = _share(functions, backward, case, at)
    x_role = _roles(case, at, out, share, kind)
    n, c, i, j = at
    area, spot = _area(case, at), (i, i + 1, j, j + 1)
    one, wrong = inside(spot, Role.RESULT), functions.is_wrong(forward, *call)
    bad = functions.is_wrong(backward, *back)
    shape = case.counts[2], case.counts[3]
    parts: list[Part] = [
        make_grid(f"x[{n}, {c}]", case.x[n, c], x_role, area=area),
        Between("→"),
        make_grid(
            "out", None if out is None else out[n, c], one, shape=shape, area=spot,
            wrong=_of(wrong, n, c),
        ),
        make_grid("grad_out", case.grad_out[n, c], inside(spot, Role.GRADIENT), area=spot),
        Between("→"),
        make_grid(
            "grad_x", None if grad is None else grad[n, c], x_role, shape=case.x.shape[2:],
            area=area, wrong=_of(bad, n, c),
        ),
    ]  # fmt: skip
    turns = (stride_turn(case.stride or 0, f"stride {case.stride or 'as the window'}"),)
    name = "The largest number of a window" if kind == "max" else "The mean of a window"
    words = _words(case, at, out, share, kind)
    return Picture(
        "pool", name, SAYS, (tuple(parts),), words, _legend(x_role, case, kind), functions.notes(),
        step, steps, turns, case.counts[3],
    )  # fmt: skip


def _of(wrong: Any, n: int, c: int) -> Any:
    return wrong[n, c] if isinstance(wrong, np.ndarray) and wrong.ndim == 4 else bool(np.any(wrong))


def _case(functions: OwnCalls, knobs: Knobs) -> PoolCase:
    """Return the failing case, or the lecture's edge map, as far as the knob leaves it."""
    x, size, stride = EDGE_MAP[None, None], (2, 2), None
    grad_out = None
    if functions.held is not None and functions.held.exercise_id.startswith("pool."):
        given = functions.held.arguments
        x, size = given["x"], tuple(given["kernel_size"])
        stride, grad_out = given.get("stride"), given.get("grad_out")
    if knobs.stride is not None and knobs.stride != stride:
        stride, grad_out = knobs.stride, None
    strides = size if stride is None else (stride, stride)
    shape = (*x.shape[:2], *counts_of(x, size, strides))
    if grad_out is None:
        grad_out = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    return PoolCase(x, grad_out, size, stride)


def _first(functions: OwnCalls, case: PoolCase) -> int:
    """Return the window to begin with: the first that is wrong, or covers a wrong pixel."""
    held = functions.held
    index = held.first_wrong() if held is not None else None
    if held is None or index is None or len(index) != 4:
        return 0
    if "backward" in held.exercise_id:
        down, right = (
            min(
                max(0, (index[2 + i] - case.size[i]) // case.strides[i] + 1), case.counts[2 + i] - 1
            )
            for i in range(2)
        )
        index = (index[0], index[1], down, right)
    if any(i >= size for i, size in zip(index, case.counts, strict=True)):
        return 0
    return int(np.ravel_multi_index(index, case.counts))


def _area(case: PoolCase, at: tuple[int, ...]) -> tuple[int, int, int, int]:
    top, left = at[2] * case.strides[0], at[3] * case.strides[1]
    return top, top + case.size[0], left, left + case.size[1]


def _share(functions: OwnCalls, backward: str, case: PoolCase, at: tuple[int, ...]) -> Array | None:
    """Return what each pixel gets of a gradient of 1 of this window alone, shape (H, W)."""
    if not functions.passes(backward):
        return None
    alone = np.zeros(case.counts)
    alone[at] = 1.0
    found = functions.array(backward, alone, case.x, case.size, case.stride, shape=case.x.shape)
    return None if found is None else found[at[0], at[1]]


def _roles(
    case: PoolCase, at: tuple[int, ...], out: Array | None, share: Array | None, kind: str
) -> RoleOf:
    """Return what each pixel is: in the window, equal to the largest, the one that is paid.

    Who is equal to the largest number is known where the student's own forward pass says it, and
    who is paid where the backward pass does.
    """
    lit = inside(_area(case, at), Role.LIT)
    x = case.x[at[0], at[1]]

    def role(row: int, column: int) -> Role:
        if lit(row, column) is not Role.LIT or kind != "max":
            return lit(row, column)
        if share is not None and share[row, column]:
            return Role.WINNER
        if out is not None and x[row, column] == out[at]:
            return Role.TIE
        return Role.LIT

    return role


def _words(
    case: PoolCase, at: tuple[int, ...], out: Array | None, share: Array | None, kind: str
) -> tuple[str, ...]:
    top, bottom, left, right = _area(case, at)
    numbers = case.x[at[0], at[1], top:bottom, left:right]
    kept = word_of(None if out is None else float(out[at]), 4)
    listed = ", ".join(word_of(float(v)) for v in numbers.flat[:9]) + ", …" * (numbers.size > 9)
    what = "largest" if kind == "max" else "mean"
    words = [f"the {what} of {listed} is {kept}"]
    given = word_of(float(case.grad_out[at]))
    if share is None:
        words.append(f"the gradient {given} of this window goes to: ?")
    else:
        paid = [(int(i), int(j)) for i, j in np.argwhere(share)]
        each = f"{word_of(float(share[paid[0]]))} of it to each of " if len(paid) > 1 else "to "
        shown = ", ".join(f"x[{i}, {j}]" for i, j in paid[:4]) + ", …" * (len(paid) > 4)
        words.append(f"the gradient {given} of this window goes {each}{shown}")
    return tuple(words)


def _legend(role: RoleOf, case: PoolCase, kind: str) -> tuple[tuple[Role, str], ...]:
    """Return the roles that are there: question marks have no winner."""
    high, wide = case.x.shape[2:]
    there = {role(i, j) for i in range(high) for j in range(wide)}
    means = [(Role.LIT, "in the window")]
    if kind == "max":
        means += [(Role.WINNER, "takes the gradient"), (Role.TIE, "equal to the largest")]
    return tuple(pair for pair in means if pair[0] in there)
