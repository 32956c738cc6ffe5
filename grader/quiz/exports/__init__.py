"""Quizzes for other programs: one file a format, found by name.

A format is one new module here with a function `export(topic, variants) -> Exported`.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.quiz.items.item import Topic, Variant


@dataclass(frozen=True, slots=True)
class Exported:
    """A quiz in another program's format.

    Parameters
    ----------
    text
        The content of the file.
    lost
        What the format cannot carry, one line each.
    """

    text: str
    lost: tuple[str, ...]


def format_names() -> tuple[str, ...]:
    """List the formats there are.

    Returns
    -------
    tuple of str
        In alphabetical order.

    Examples
    --------
    >>> format_names()
    ('anki', 'gift')
    """
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if file.stem != "__init__"))


def load_exporter(name: str) -> Callable[[Topic, Sequence[Variant]], Exported]:
    """Load the exporter of a format.

    Parameters
    ----------
    name
        The format, such as "gift".

    Returns
    -------
    callable
        Takes the topic and its variants.

    Raises
    ------
    UsageError
        There is no such format.
    """
    if name not in format_names():
        raise UsageError(f"--format {name}: there are {' and '.join(format_names())}")
    module = importlib.import_module(f"{__name__}.{name}")
    return cast("Callable[[Topic, Sequence[Variant]], Exported]", module.export)
