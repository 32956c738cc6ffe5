"""Make an item of a table as a topic's file has it, and refuse what is not as it must be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import CourseError
from grader.quiz.items.item import Item, ItemParameter
from grader.quiz.items.picturing import require_picture
from grader.quiz.items.sources import read_places, with_titles
from grader.quiz.kinds import load_kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REQUIRED = frozenset({"id", "kind", "question", "explanation", "deck"})
OTHERS = "practise parameters where let tables picture seconds torch without_torch"
COMMON = REQUIRED | frozenset(OTHERS.split())
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def make_item(path: Path, table: dict[str, object], titles: Mapping[str, str]) -> Item:
    """Make an item of its table.

    Parameters
    ----------
    path
        The topic's file, whose name begins the item's id.
    table
        As the file has it.
    titles
        The titles of the lectures by their numbers.

    Raises
    ------
    CourseError
        The table is not as it must be.
    """
    name = table.get("id")
    if not isinstance(name, str) or not re.fullmatch(rf"{re.escape(path.stem)}\.[a-z0-9-]+", name):
        raise CourseError(f"{path.name}: an item's id is {path.stem}.<name>, got {name!r}")
    if missing := REQUIRED - set(table):
        raise CourseError(f"{name} has no {', '.join(sorted(missing))}")
    kind = load_kind(str(table["kind"]))
    if missing := kind.required - set(table):
        raise CourseError(f"{name} has no {', '.join(sorted(missing))}")
    if unknown := set(table) - COMMON - kind.required - kind.optional:
        raise CourseError(f"{name} has an unknown key: {', '.join(sorted(unknown))}")
    places = read_places(name, table["deck"])
    shown = with_titles(places, titles)
    return Item(
        id=name,
        kind=str(table["kind"]),
        question=" ".join(_text(name, table, "question").split()),
        explanation=" ".join(_text(name, table, "explanation").split()),
        deck=", ".join(places),
        lectures=tuple(shown),
        sources=tuple(f"{title}: {where}" if where else title for title, where in shown.items()),
        practise=_text(name, table, "practise"),
        parameters=_parameters(name, table.get("parameters", {})),
        where=_conditions(name, table.get("where", [])),
        lets=_formulas(name, "let", table.get("let", {})),
        tables=_formulas(name, "tables", table.get("tables", {})),
        picture=require_picture(name, table.get("picture", {})),
        body={key: table[key] for key in kind.required | kind.optional if key in table},
        seconds=_seconds(name, table.get("seconds", kind.seconds)),
        torch=_text(name, table, "torch"),
        without_torch=_text(name, table, "without_torch"),
        source=path,
    )


def _text(name: str, table: dict[str, object], key: str) -> str:
    found = table.get(key, "")
    if not isinstance(found, str):
        raise CourseError(f"{name}: {key} must be a text")
    return found.strip()


def _seconds(name: str, found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or found <= 0:
        raise CourseError(f"{name}: seconds must be a positive number")
    return float(found)


def _conditions(name: str, found: object) -> tuple[str, ...]:
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        raise CourseError(f"{name}: where must be a condition, or a list of them")
    return tuple(listed)


def _formulas(name: str, key: str, found: object) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise CourseError(f"{name}: {key} must be a table of formulas")
    return found


def _parameters(name: str, found: object) -> tuple[ItemParameter, ...]:
    if not isinstance(found, dict):
        raise CourseError(f"{name}: parameters must be a table")
    return tuple(_parameter(name, key, table) for key, table in found.items())


def _parameter(name: str, key: str, table: object) -> ItemParameter:
    where = f"{name}: parameter {key}"
    if not NAME.fullmatch(key) or not isinstance(table, dict) or "deck" not in table:
        raise CourseError(f"{where} needs a name and a table with `deck`")
    if set(table) - {"deck", "range", "step", "among", "shape"} or len(table) < 2:
        raise CourseError(f"{where} has `deck`, `range` (with `step`) or `among`, and `shape`")
    shape = table.get("shape")
    if shape is not None and not (isinstance(shape, list) and 1 <= len(shape) <= 2):
        raise CourseError(f"{where}: shape is a list of one or two sizes")
    among = table["among"] if "among" in table else _span(where, table)
    if not isinstance(among, list) or len(among) < 2:
        raise CourseError(f"{where} has fewer than two values to draw from")
    return ItemParameter(key, table["deck"], among, tuple(shape) if shape else None)


def _span(where: str, table: dict[str, object]) -> list[int | float]:
    bounds, step = table.get("range"), table.get("step", 1)
    is_pair = isinstance(bounds, list) and len(bounds) == 2
    if not isinstance(bounds, list) or not is_pair or not isinstance(step, int | float):
        raise CourseError(f"{where}: range is [lowest, highest], step a positive number")
    low, high = bounds
    if not all(isinstance(bound, int | float) for bound in bounds) or step <= 0:
        raise CourseError(f"{where}: range is [lowest, highest], step a positive number")
    count = round((high - low) / step)
    if not 1 <= count <= 100_000:
        raise CourseError(f"{where}: the range is empty or too long")
    # rounding keeps 0.1 + 2 * 0.1 at 0.3; whole numbers stay whole
    return [
        low + k * step if isinstance(step, int) else round(low + k * step, 9)
        for k in range(count + 1)
    ]
