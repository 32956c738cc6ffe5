"""What a drawing is made of: numbers, what each of them is there for, and words.

A picture is built once and painted twice, so that the terminal and the page show the same. A square
without a number shows a question mark: it is for the student to compute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from grader.render.grids import number_text

UNKNOWN = "?"
DIGITS = 3


class Role(StrEnum):
    """What a number is there for; how it looks is said in `roles` alone."""

    PLAIN = "plain"
    QUIET = "quiet"
    LIT = "lit"
    FILTER = "filter"
    RESULT = "result"
    TIE = "tie"
    WINNER = "winner"
    FORWARD = "forward"
    GRADIENT = "gradient"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Square:
    """One number of a grid.

    Parameters
    ----------
    value
        The number; None where nobody knows it yet.
    role
        What it is there for.
    text
        What stands there in place of the number.
    shade
        How dark it is, from 0 to 1; None for no shade.
    is_wrong
        Whether the check says that the number is wrong.
    """

    value: float | None = None
    role: Role = Role.PLAIN
    text: str | None = None
    shade: float | None = None
    is_wrong: bool = False

    @property
    def word(self) -> str:
        """The number as it is shown."""
        return self.text if self.text is not None else word_of(self.value)


def word_of(value: float | None, digits: int = DIGITS) -> str:
    """Return a number as drawings show it; a question mark for none.

    Examples
    --------
    >>> word_of(0.73105), word_of(3.0), word_of(None), word_of(1234.0)
    ('0.731', '3', '?', '1234')
    """
    if value is None:
        return UNKNOWN
    is_whole = value == round(value) if abs(value) < 10**digits * 100 else False
    return number_text(value, 6 if is_whole else digits)


@dataclass(frozen=True)
class Grid:
    """A matrix of squares.

    Parameters
    ----------
    title
        Its name and shape.
    squares
        Rows of equal length.
    down, across
        What rows and columns are called; empty for nothing.
    note
        A line below it, in small letters.
    """

    title: str
    squares: tuple[tuple[Square, ...], ...]
    down: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a number between two others.

    Parameters
    ----------
    name
        What it is.
    value
        The number; None where nobody knows it yet.
    low, high
        Where the bar begins to be empty, and where it is full.
    role
        See `Role`.
    formula
        How the number comes about.
    is_wrong
        Whether the check says that the number is wrong.
    """

    name: str
    value: float | None
    low: float = 0.0
    high: float = 1.0
    role: Role = Role.PLAIN
    formula: str = ""
    is_wrong: bool = False


@dataclass(frozen=True)
class Bars:
    """Bars below each other."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Curve:
    """A line of numbers, one a step.

    Parameters
    ----------
    name, sign
        What it is, and the letter that stands for it where there are no lines.
    values
        One for each step, the first on the left.
    role
        See `Role`.
    """

    name: str
    sign: str
    values: tuple[float, ...]
    role: Role = Role.PLAIN


@dataclass(frozen=True)
class Chart:
    """Curves over one axis, their heights by powers of ten.

    Parameters
    ----------
    title, across
        Of the whole, and of the axis.
    ticks
        What the first and the last step are called.
    curves
        The lines.
    at
        The step that is lit; None for none.
    """

    title: str
    across: str
    ticks: tuple[str, str]
    curves: tuple[Curve, ...]
    at: int | None = None


@dataclass(frozen=True)
class Trail:
    """The way of one point.

    Parameters
    ----------
    name, sign
        What it is, and the letter that stands for it where there are no lines.
    points
        Where it was, (x, y) each, from the beginning.
    role
        See `Role`.
    """

    name: str
    sign: str
    points: tuple[tuple[float, float], ...]
    role: Role = Role.PLAIN


@dataclass(frozen=True)
class Plane:
    """Ways through a valley whose lines of equal height are ellipses around (0, 0).

    Parameters
    ----------
    title
        What is seen.
    x_range, y_range
        What is seen of the two axes.
    ellipses
        Half axes of the lines of equal height.
    trails
        The ways.
    """

    title: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    ellipses: tuple[tuple[float, float], ...]
    trails: tuple[Trail, ...]


Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Vertex:
    """A value of a computational graph.

    Parameters
    ----------
    name, formula
        What it is called, and how it is made.
    forward, gradient
        Its numbers, and what the loss makes of them; None where nobody knows them yet, and no rows
        where there is none.
    column, row
        Where it stands.
    comes_from
        The names of what it is made of.
    is_lit
        Whether this step is about it.
    wrong
        Which of its two the check says is wrong: "forward", "gradient" or nothing.
    """

    name: str
    formula: str
    forward: Matrix | None
    gradient: Matrix | None
    column: int
    row: int
    comes_from: tuple[str, ...] = ()
    is_lit: bool = False
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Values, and what each is made of."""

    title: str
    vertices: tuple[Vertex, ...]


@dataclass(frozen=True)
class Storey:
    """One layer of a network.

    Parameters
    ----------
    name
        The layer and its options.
    shape
        Of what it hands on; None where nobody knows it yet.
    parameters
        How many numbers it learns; None where nobody knows yet.
    is_lit, is_wrong
        Whether this step is about it, and whether the check says that the shape is wrong.
    """

    name: str
    shape: tuple[int, ...] | None
    parameters: int | None
    is_lit: bool = False
    is_wrong: bool = False


@dataclass(frozen=True)
class Tower:
    """Layers, the first at the top."""

    title: str
    storeys: tuple[Storey, ...]


@dataclass(frozen=True)
class Between:
    """A sign between two parts: `*`, `=`, an arrow."""

    sign: str


@dataclass(frozen=True)
class Pile:
    """Parts one below the other, where others stand beside each other."""

    parts: tuple[Grid | Bars, ...]


Part = Grid | Bars | Chart | Plane | Graph | Tower | Between | Pile


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
    keys
        What can be changed: words such as "s stride 1".
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
    keys: tuple[str, ...] = field(default=())


def grids_of(picture: Picture) -> dict[str, Grid]:
    """Return the grids of a picture by the first word of their titles."""
    found: dict[str, Grid] = {}
    for row in picture.rows:
        for part in row:
            for one in part.parts if isinstance(part, Pile) else (part,):
                if isinstance(one, Grid):
                    found.setdefault(one.title.partition(" ")[0], one)
    return found


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
