"""Draw the picture of a variant: what its item says of curves, grids and bars, in its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import CourseError, FormulaError
from grader.quiz.items.bodies import number_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.quiz.items.formulas import Scope, Value
    from grader.render.drawings.figures import Plot, Trail
    from grader.render.drawings.parts import Part, Picture
    from grader.render.drawings.squares import Bars, Grid, Role, Square

WHOLE = frozenset({"title", "says", "legend"})
PLOT = frozenset({"x", "x_ticks", "y_ticks", "across", "up", "curves", "points"})
KEYS = {
    "curves": frozenset({"name", "values", "x"}),
    "points": frozenset({"name", "at"}),
    "grids": frozenset({"title", "rows", "marks"}),
    "marks": frozenset({"role", "at"}),
    "bars": frozenset({"title", "names", "values", "low", "high"}),
}
COLOURS = ("lit", "other", "forward", "gradient")


def require_picture(name: str, found: object) -> dict[str, object]:
    """Refuse an item's picture that is not as it must be; its formulas are not evaluated yet.

    Parameters
    ----------
    name
        The item, for messages.
    found
        What its `picture` says; nothing for no picture.

    Raises
    ------
    CourseError
        It has no words, an unknown key, or nothing to draw.
    """
    if not isinstance(found, dict):
        raise CourseError(f"{name}: picture must be a table")
    if not found:
        return {}
    if unknown := set(found) - WHOLE - PLOT - {"grids", "bars"}:
        raise CourseError(f"{name}: its picture has an unknown key: {', '.join(sorted(unknown))}")
    if not all(isinstance(found.get(key), str) for key in ("title", "says")):
        raise CourseError(f"{name}: a picture needs a `title`, and `says` for who cannot see it")
    if not set(found) & {"curves", "points", "grids", "bars"}:
        raise CourseError(f"{name}: a picture has `curves`, `points`, `grids` or `bars`")
    _require_keys(name, found)
    return found


def _require_keys(name: str, table: Mapping[str, object]) -> None:
    for key, known in KEYS.items():
        found = table.get(key, [])
        for one in found if isinstance(found, list) else [found]:
            if not isinstance(one, dict) or set(one) - known:
                words = ", ".join(sorted(known))
                raise CourseError(f"{name}: `{key}` of its picture are tables of {words}")
            if key == "grids":
                _require_keys(name, one)


def draw_picture(name: str, told: Mapping[str, object], scope: Scope) -> Picture | None:
    """Draw an item's picture in the numbers of a variant.

    Parameters
    ----------
    name
        What the picture is called, among all that one page may hold.
    told
        What `require_picture` has let through.
    scope
        The names of the variant.

    Returns
    -------
    Picture or None
        What it says holds every number that is drawn; None where the item has no picture.

    Raises
    ------
    FormulaError
        A formula fails, or gives what cannot be drawn.
    """
    if not told:
        return None
    # paid for by questions with a picture alone
    from grader.quiz.items.describing import describe  # noqa: PLC0415
    from grader.render.drawings.parts import Picture  # noqa: PLC0415
    from grader.render.drawings.squares import Role  # noqa: PLC0415

    try:
        parts: list[Part] = [_grid(table, scope) for table in tables(told, "grids")]
        parts += [_bars(table, scope) for table in tables(told, "bars")]
        rows = [tuple(parts)] if parts else []
        if "curves" in told or "points" in told:
            rows.append((_plot(told, scope),))
        said = told.get("legend", {})
        legend = tuple((Role(role), scope.fill(str(text))) for role, text in dict(said).items())  # type: ignore[call-overload]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise FormulaError(f"its picture cannot be drawn: {error!r}") from error
    words = describe(rows, legend)
    title, says = scope.fill(str(told["title"])), scope.fill(str(told["says"]))
    return Picture(name, title, f"{says} {words}", tuple(rows), legend=legend)


def _plot(told: Mapping[str, object], scope: Scope) -> Plot:
    from grader.render.drawings.figures import Plot  # noqa: PLC0415 - see `draw_picture`

    x_ticks, y_ticks = (_numbers(scope, told[f"{axis}_ticks"]) for axis in "xy")
    if any(len(ticks) < 2 or ticks[0] >= ticks[-1] for ticks in (x_ticks, y_ticks)):
        raise FormulaError("the ticks of an axis are two numbers or more, the smallest first")
    trails = [
        _curve(table, told, place, scope) for place, table in enumerate(tables(told, "curves"))
    ]
    trails += [_point(table, scope) for table in tables(told, "points")]
    across, up = (scope.fill(str(told.get(key, ""))) for key in ("across", "up"))
    return Plot("", across, up, x_ticks, y_ticks, tuple(trails))


def _curve(
    table: Mapping[str, object], told: Mapping[str, object], place: int, scope: Scope
) -> Trail:
    xs, ys = _numbers(scope, table.get("x", told.get("x"))), _numbers(scope, table["values"])
    if len(xs) != len(ys) or len(xs) < 2:
        raise FormulaError(f"the curve '{table['name']}' has {len(xs)} places, {len(ys)} values")
    colour = COLOURS[place % len(COLOURS)]
    return _trail(str(table["name"]), tuple(zip(xs, ys, strict=True)), colour, scope)


def _point(table: Mapping[str, object], scope: Scope) -> Trail:
    x, y = _numbers(scope, table["at"])
    return _trail(str(table["name"]), ((x, y),), "strong", scope)


def _trail(name: str, points: tuple[tuple[float, float], ...], role: str, scope: Scope) -> Trail:
    from grader.render.drawings.figures import Trail  # noqa: PLC0415 - see `draw_picture`
    from grader.render.drawings.squares import Role  # noqa: PLC0415

    filled = scope.fill(name)
    return Trail(filled, filled[0], points, Role(role))


def _grid(table: Mapping[str, object], scope: Scope) -> Grid:
    from grader.render.drawings.squares import Grid, Role  # noqa: PLC0415 - see `draw_picture`

    roles: dict[tuple[float, ...], Role] = {}
    for one in tables(table, "marks"):
        for place in _listed(scope, one["at"]):
            row, column = _whole_row(place)
            roles[float(number_of(row)), float(number_of(column))] = Role(str(one["role"]))
    squares = tuple(
        tuple(
            _square(cell, roles.pop((number, place), Role.PLAIN))
            for place, cell in enumerate(_whole_row(row))
        )
        for number, row in enumerate(_listed(scope, table["rows"]))
    )
    if roles or not squares or len({len(row) for row in squares}) != 1:
        raise FormulaError("a grid has rows of one length, and marks on its squares alone")
    return Grid(scope.fill(str(table["title"])), squares)


def _whole_row(row: Value) -> list[Value]:
    return row if isinstance(row, list) else [row]


def _square(cell: Value, role: Role) -> Square:
    from grader.render.drawings.squares import Square  # noqa: PLC0415 - see `draw_picture`

    if isinstance(cell, str):
        return Square(role=role, text=cell)
    return Square(float(number_of(cell)), role)


def _bars(table: Mapping[str, object], scope: Scope) -> Bars:
    from grader.render.drawings.squares import Bar, Bars, Role  # noqa: PLC0415

    names, values = _listed(scope, table["names"]), _numbers(scope, table["values"])
    low, high = float(str(table.get("low", 0))), float(str(table.get("high", 1)))
    rows = [
        Bar(str(name), value, low, high, Role.FORWARD)
        for name, value in zip(names, values, strict=True)
    ]
    return Bars(scope.fill(str(table.get("title", ""))), tuple(rows))


def _listed(scope: Scope, formula: object) -> list[Value]:
    found = scope.evaluate(str(formula))
    if not isinstance(found, list):
        raise FormulaError(f"the formula `{formula}` of its picture gives no list")
    return found


def _numbers(scope: Scope, formula: object) -> tuple[float, ...]:
    return tuple(float(number_of(value)) for value in _listed(scope, formula))
