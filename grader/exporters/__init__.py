"""Write a gradebook in the format of another program: one file for each format, found by name.

`exporters/<format>.py` has a docstring whose first line says what the format is for, and

    def export(records: Records, stream: TextIO, options: Options) -> None

which writes text and returns nothing. `records.documents()` yields the result documents one at a
time. There is nothing to register.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.records import Records


@dataclass(frozen=True)
class Options:
    """What some formats want to know.

    Parameters
    ----------
    into
        The other program's own file, which grades are filled into.
    """

    into: Path | None = None


class Exporter(Protocol):
    """A format."""

    def __call__(self, records: Records, stream: TextIO, options: Options) -> None:
        """Write records to a stream."""


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
    module = importlib.import_module(f"grader.exporters.{name}")
    return cast("Exporter", module.export)
