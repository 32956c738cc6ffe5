"""Read `quizzes/<topic>.toml` into items, and refuse what is not as it must be."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import CourseError, UnknownTargetError
from grader.quiz.items.item import Topic
from grader.quiz.items.making import make_item
from grader.quiz.items.sources import read_titles
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


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
