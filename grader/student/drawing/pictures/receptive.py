"""Which pixels of the picture one number behind several layers sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.render.drawings.parts import Between, Picture
from grader.render.drawings.squares import Grid, Role, Square
from grader.student.drawing.knobs import choice_turn
from grader.student.drawing.pictures.making import inside, places

if TYPE_CHECKING:
    from grader.render.drawings.parts import Part
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

SIDE = 7
STACKS = (
    (("3x3 filter", 3, 1), ("2x2 pooling", 2, 2)),
    (("3x3 filter", 3, 1), ("3x3 filter", 3, 1)),
    (("3x3 filter", 3, 1), ("3x3 filter", 3, 1), ("3x3 filter", 3, 1)),
)
"""Layers by name, window and stride; the first stack is deck 002's."""
SAYS = (
    "A picture and the maps behind it. One number of the last map is lit, and in every map before "
    "it what that number is made of."
)


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the maps of a stack of layers, with what one number sees lit in each.

    Parameters
    ----------
    functions
        Not asked: nobody has to compute which pixels are seen.
    knobs
        Which number of the last map, and as `stride` which stack.
    """
    which = min(knobs.stride or 1, len(STACKS))
    stack = STACKS[which - 1]
    sides = [SIDE]
    for _, window, stride in stack:
        sides.append(places(sides[-1], window, stride, 0))
    steps = sides[-1] ** 2
    step = (knobs.step or 0) % steps
    areas = seen_areas(stack, divmod(step, sides[-1]))
    parts: list[Part] = []
    for number, (side, area) in enumerate(zip(sides, areas, strict=True)):
        role = inside(area, Role.RESULT if number == len(stack) else Role.LIT)
        squares = tuple(
            tuple(Square(text="·", role=role(i, j)) for j in range(side)) for i in range(side)
        )
        name = "picture" if number == 0 else stack[number - 1][0]
        parts += [*([Between("→")] if number else []), Grid(f"{name} {side}x{side}", squares)]
    top, bottom, left, right = areas[0]
    pixels = (bottom - top) * (right - left)
    words = (f"this number is made of {bottom - top} x {right - left} = {pixels} pixels",)
    legend = ((Role.RESULT, "one number"), (Role.LIT, "what it is made of"))
    return Picture(
        "receptive", "What one number sees", SAYS, (tuple(parts),), words, legend,
        functions.notes(), step, steps, (choice_turn(f"stack {which}", which, len(STACKS)),),
        sides[-1],
    )  # fmt: skip


def seen_areas(
    stack: tuple[tuple[str, int, int], ...], at: tuple[int, int]
) -> list[tuple[int, int, int, int]]:
    """Return what one number of the last map is made of in each map, the picture first.

    Parameters
    ----------
    stack
        Layers by name, window and stride.
    at
        Row and column of the number.

    Examples
    --------
    >>> seen_areas((("conv", 3, 1), ("pool", 2, 2)), (0, 1))
    [(0, 4, 2, 6), (0, 2, 2, 4), (0, 1, 1, 2)]
    """
    areas = [(at[0], at[0] + 1, at[1], at[1] + 1)]
    for _, window, stride in reversed(stack):
        top, bottom, left, right = areas[0]
        areas.insert(0, (
            top * stride, (bottom - 1) * stride + window,
            left * stride, (right - 1) * stride + window,
        ))  # fmt: skip
    return areas
