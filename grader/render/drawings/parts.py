"""What a drawing is made of: numbers, what each of them is there for, and words.

A picture is built once and painted twice, so that the terminal and the page show the same. A square
without a number shows a question mark: it is for the student to compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.render.drawings.figures import Chart, Graph, Plane, Plot, Tower
from grader.render.drawings.squares import Bars, Grid

if TYPE_CHECKING:
    from grader.render.drawings.squares import Role


@dataclass(frozen=True)
class Between:
    """A sign between two parts: `*`, `=`, an arrow."""

    sign: str


@dataclass(frozen=True)
class Pile:
    """Parts one below the other, where others stand beside each other."""

    parts: tuple[Grid | Bars, ...]


Part = Grid | Bars | Chart | Plot | Plane | Graph | Tower | Between | Pile


@dataclass(frozen=True, slots=True)
class Turn:
    """What can be turned besides the step.

    Parameters
    ----------
    name
        "stride" or "padding": which knob it is.
    says
        What it is here, and how it stands: "stride 1".
    now, low, high
        How it stands, and how far it goes; round again from there.
    """

    name: str
    says: str
    now: int
    low: int
    high: int


@dataclass(frozen=True)
class Picture:
    """A drawing, ready to be painted.

    Parameters
    ----------
    name, title
        What it is called on the command line, and above the drawing.
    says
        What is to be seen, for whoever cannot see it.
    rows
        Parts beside each other, row by row.
    words
        What this step is, in a line each.
    legend
        What the roles mean here.
    notes
        What is missing, and which command helps.
    step, steps
        Which of how many.
    turns
        What else can be turned.
    down
        How many steps on the place below this one is.
    tells_steps
        Whether it may be told how many steps there are: where that number is what the student has
        to compute, it may not.
    """

    name: str
    title: str
    says: str
    rows: tuple[tuple[Part, ...], ...]
    words: tuple[str, ...] = ()
    legend: tuple[tuple[Role, str], ...] = ()
    notes: tuple[str, ...] = ()
    step: int = 0
    steps: int = 1
    turns: tuple[Turn, ...] = ()
    down: int = 1
    tells_steps: bool = True


def is_any_wrong(picture: Picture) -> bool:
    """Tell whether the check says of any number of a picture that it is wrong."""
    for row in picture.rows:
        for part in row:
            for one in part.parts if isinstance(part, Pile) else (part,):
                if _has_wrong(one):
                    return True
    return False


def _has_wrong(part: Part) -> bool:
    if isinstance(part, Grid):
        return any(square.is_wrong for line in part.squares for square in line)
    if isinstance(part, Bars):
        return any(bar.is_wrong for bar in part.bars)
    if isinstance(part, Graph):
        return any(vertex.wrong for vertex in part.vertices)
    return isinstance(part, Tower) and any(storey.is_wrong for storey in part.storeys)
