"""What mends a function: the lines, of what kind, and the edit itself, as plain facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


class MendedLine(TypedDict):
    """Where a function can be mended, as a result document says it: nothing of the edit itself."""

    file: str
    line: int
    lines: list[int]
    kind: str
    message: str


class KeptMending(MendedLine):
    """The same with the edit, for an instructor: each changed statement before and after."""

    edits: list[list[str]]


@dataclass(frozen=True, slots=True)
class Mending:
    """The one edit of a student's function after which it answers right.

    Parameters
    ----------
    kind
        Of what kind the edit is: a word that no edit's text follows from.
    message
        One sentence for the student: the line and the kind.
    at
        Where it is: file (or a notebook's cell) and line, once or twice.
    edits
        The changed statements before and after, for an instructor alone.
    """

    kind: str
    message: str
    at: tuple[tuple[str, int], ...]
    edits: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> MendedLine:
        """What a result document has."""
        file, line = self.at[0]
        return {
            "file": file,
            "line": line,
            "lines": [line for _, line in self.at],
            "kind": self.kind,
            "message": self.message,
        }

    @property
    def kept(self) -> KeptMending:
        """What a gradebook has."""
        return {**self.told, "edits": [list(pair) for pair in self.edits]}


def without_edits(kept: KeptMending) -> MendedLine:
    """Return what a result document has of what a gradebook keeps."""
    names = ("file", "line", "lines", "kind", "message")
    return {name: kept[name] for name in names}  # type: ignore[return-value,literal-required]
