"""Write a gradebook in the format of another program: one file for each format, found by name.

`exporters/<format>.py` has a docstring whose first line says what the format is for, and

    def export(view: ClassView, stream: TextIO, options: Options) -> None

which writes text and returns nothing. `view.documents()` yields the result documents one at a time,
typed by `grader.engine.document`. There is nothing to register.
"""

from __future__ import annotations

import codecs
import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.view import ClassView

MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _say_nothing(_: str) -> None:
    """Keep quiet: nobody listens."""


@dataclass(frozen=True)
class Options:
    """What some formats want to know.

    Parameters
    ----------
    into
        The other program's own file, which grades are filled into.
    column
        Title of its column for the grades, where it cannot be told.
    scale
        Write points as a share of the maximum that the other program has.
    show_cases
        Show the arguments of hidden cases to students.
    tell
        Called with each line that the instructor should read: who was not matched, and why.
    is_alone
        Only one student was asked for, so that nothing is said about others in the file.
    """

    into: Path | None = None
    column: str | None = None
    scale: bool = False
    show_cases: bool = False
    tell: Callable[[str], None] = _say_nothing
    is_alone: bool = False


class Exporter(Protocol):
    """A format."""

    def __call__(self, view: ClassView, stream: TextIO, options: Options) -> None:
        """Write what was asked for of a gradebook to a stream."""


def find_encoding(into: Path | None) -> str:
    """Return how another program's file is encoded, and is written again.

    Its byte-order mark is a part of its text: what is decoded and encoded with this is the same.

    Parameters
    ----------
    into
        The file; None, or one that cannot be read, stands for UTF-8.
    """
    try:
        if into is not None:
            with into.open("rb") as file:
                head = file.read(2)
            return next((codec for mark, codec in MARKS if head == mark), "utf-8")
    except OSError:
        pass
    return "utf-8"


def find_formats() -> tuple[str, ...]:
    """Return the names of all formats."""
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


def load_exporter(name: str) -> Exporter:
    """Return the function that writes a format.

    Raises
    ------
    UsageError
        There is no such format.
    """
    known = find_formats()
    if name not in known:
        raise UsageError(f"--format: there is no format {name!r}; there are {', '.join(known)}")
    module = importlib.import_module(f"grader.gradebook.exporters.{name}")
    return cast("Exporter", module.export)
