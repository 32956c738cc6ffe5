"""Curves, ways, graphs and towers, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from grader.render.drawings.squares import Role


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
    steps
        How many there are.
    at
        The step that is lit; None for none.
    """

    title: str
    across: str
    ticks: tuple[str, str]
    curves: tuple[Curve, ...]
    steps: int
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
class Plot:
    """Curves and points over two axes with even steps.

    Parameters
    ----------
    title, across, up
        Of the whole, and of the two axes.
    x_ticks, y_ticks
        The numbers that stand at the axes, evenly apart; the first and the last are their ends.
    trails
        The curves; one with a single point is a point, with its name beside it.
    """

    title: str
    across: str
    up: str
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]
    trails: tuple[Trail, ...]


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
