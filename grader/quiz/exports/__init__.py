"""Quizzes for other programs: one file a format, found by name.

A format is one new module here with a function `export(topic, variants) -> Exported`, and with
`VARIANTS`, how many of each item it usually has, and `SEVERAL`, whether it can have more, where
that is not one and true.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.quiz.items.item import Topic, Variant


@dataclass(frozen=True, slots=True)
class Exported:
    """A quiz in another program's format.

    Parameters
    ----------
    content
        What the file holds: text, or the bytes of an archive.
    lost
        What the format cannot carry, one line each.
    left_out
        The items that it cannot hold, one line each: the id and why.
    """

    content: str | bytes
    lost: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizFormat:
    """How a topic is written in one format.

    Parameters
    ----------
    export
        Takes the topic and its variants, those of one item after each other.
    variants
        How many of each item there usually are.
    several
        Whether there may be more.
    """

    export: Callable[[Topic, Sequence[Variant]], Exported]
    variants: int
    several: bool


def format_names() -> tuple[str, ...]:
    """List the formats there are.

    Returns
    -------
    tuple of str
        In alphabetical order.

    Examples
    --------
    >>> format_names()
    ('anki', 'canvas', 'gift', 'html', 'moodle')
    """
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if file.stem != "__init__"))


def load_exporter(name: str) -> QuizFormat:
    """Load the exporter of a format.

    Parameters
    ----------
    name
        The format, such as "gift".

    Returns
    -------
    QuizFormat
        With its usual number of variants.

    Raises
    ------
    UsageError
        There is no such format.
    """
    *others, last = format_names()
    if name not in (*others, last):
        raise UsageError(f"--format {name}: there are {', '.join(others)} and {last}")
    module = importlib.import_module(f"{__name__}.{name}")
    return QuizFormat(
        module.export, getattr(module, "VARIANTS", 1), getattr(module, "SEVERAL", True)
    )
