"""Read `quizzes/<topic>.toml` into items, and refuse what is not as it must be."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import CourseError, UnknownTargetError
from grader.meant import did_you_mean
from grader.quiz.items.item import Item, ItemParameter, Topic
from grader.quiz.items.sources import read_places, read_titles, with_titles
from grader.quiz.kinds import load_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

REQUIRED = frozenset({"id", "kind", "question", "explanation", "deck"})
COMMON = REQUIRED | frozenset(
    {"practise", "parameters", "where", "let", "tables", "seconds", "torch", "without_torch"}
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Heading:
    """What the list of topics shows of one.

    Parameters
    ----------
    name, title
        As in `Topic`.
    place, count
        Its place in the course, and how many items it has.
    """

    name: str
    title: str
    place: int
    count: int


def topic_names(quizzes_dir: Path) -> tuple[str, ...]:
    """List the topics of a course.

    Parameters
    ----------
    quizzes_dir
        The folder with one file a topic.

    Returns
    -------
    tuple of str
        In alphabetical order.
    """
    return tuple(sorted(path.stem for path in quizzes_dir.glob("*.toml")))


def load_topic(quizzes_dir: Path, name: str) -> Topic:
    """Load one topic.

    Parameters
    ----------
    quizzes_dir
        The folder with one file a topic.
    name
        The topic, such as "conv".

    Returns
    -------
    Topic
        With its items in the order of the file.

    Raises
    ------
    UnknownTargetError
        There is no such topic; the message names the nearest ones.
    CourseError
        The file is not as it must be.
    """
    names = _some_topics(quizzes_dir)
    if name not in names:
        raise UnknownTargetError(unknown_topic(name, names))
    path = quizzes_dir / f"{name}.toml"
    return _topic(path, _parse(path, _read(path)))


def unknown_topic(name: str, topics: Sequence[str], commands: Sequence[str] = ()) -> str:
    """Say that there is no such topic, and what was probably meant.

    Parameters
    ----------
    name
        What was typed.
    topics
        What there is.
    commands
        What else may be typed in that place.
    """
    words = {word: word for word in (*topics, *commands)}
    help_ = did_you_mean(name, words, f"topics: {', '.join(topics)}")
    return f"no quiz topic is called {name!r}; {help_}"


def skim_topics(quizzes_dir: Path) -> tuple[Heading, ...]:
    """Read the heads of the topics' files alone: the list of topics needs no more.

    Parameters
    ----------
    quizzes_dir
        The folder with one file a topic.

    Returns
    -------
    tuple of Heading
        In the course's order: title, place and number of items, which are not checked.

    Raises
    ------
    CourseError
        There is no topic, or a head is not as it must be.
    """
    found = []
    for name in _some_topics(quizzes_dir):
        path = quizzes_dir / f"{name}.toml"
        head, *items = re.split(r"^\[\[item\]\]", _read(path), flags=re.MULTILINE)
        found.append(Heading(name, *_title(path, _parse(path, head)), len(items)))
    return tuple(sorted(found, key=lambda heading: (heading.place, heading.name)))


def load_topics(quizzes_dir: Path, only: Collection[str] | None = None) -> tuple[Topic, ...]:
    """Load every topic of a course, or those of some names.

    Parameters
    ----------
    quizzes_dir
        The folder with one file a topic.
    only
        None for all; names that there are not are left out.

    Returns
    -------
    tuple of Topic
        In the course's order.

    Raises
    ------
    CourseError
        A file is not as it must be.
    """
    names = [name for name in _some_topics(quizzes_dir) if only is None or name in only]
    topics = [load_topic(quizzes_dir, name) for name in names]
    return tuple(sorted(topics, key=lambda topic: (topic.place, topic.name)))


def _some_topics(quizzes_dir: Path) -> tuple[str, ...]:
    names = topic_names(quizzes_dir)
    if not names:
        raise CourseError(f"no quizzes in {quizzes_dir}: a topic is a file <topic>.toml")
    return names


def _title(path: Path, document: dict[str, object]) -> tuple[str, int]:
    title, place = document.get("title"), document.get("place", 99)
    if not isinstance(title, str) or not isinstance(place, int):
        raise CourseError(f"{path.name} needs a title and a place (a whole number)")
    return title, place


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CourseError(f"{path.name} cannot be read: {error}") from error


def _parse(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{path.name} cannot be read: {error}") from error


def _topic(path: Path, document: dict[str, object]) -> Topic:
    unknown = set(document) - {"title", "place", "item"}
    tables = document.get("item")
    if unknown:
        raise CourseError(f"{path.name} has an unknown key: {', '.join(sorted(unknown))}")
    title, place = _title(path, document)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CourseError(f"{path.name} needs at least one [[item]]")
    titles = read_titles(path.parent.parent / "exercises" / "course.toml")
    items = tuple(make_item(path, table, titles) for table in tables)
    ids = [item.id for item in items]
    for twice in {item_id for item_id in ids if ids.count(item_id) > 1}:
        raise CourseError(f"{path.name} has two items called {twice}")
    return Topic(path.stem, title, place, items)


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
