"""Tell what a student calls a line of a file that was made from a notebook.

A worker runs files; whoever wrote a notebook has none. A location is translated here as soon as it
is known, before words are made of it, so that message, location, output and page agree. What the
student's code said in words of its own, its tracebacks too, is told again with the same locations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from grader.model.results import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model.cases import Raised

NOTEBOOK = "the notebook"
# Each of the two forms takes a whole run of characters at once, so that the time grows with the
# text: a file as a traceback writes it, or a word as anybody else does.
WORDS = re.compile(
    r"""File\ "(?P<path>[^"\n]*)"(?:,\ line\ (?P<there>\d{1,9})(?!\w))?
      | (?P<word>[^\s"'()<>,;]+)(?:,\ line\ (?P<line>\d{1,9})(?!\w))?""",
    re.VERBOSE,
)


class FileLine(TypedDict):
    """A line of the student's own file."""

    file: str
    line: int
    function: str


class TraceLine(FileLine):
    """A line on the way to an exception, with what stands there."""

    code: str


class Excerpt(TypedDict):
    """A few lines of the student's code, the first by its number, and the one that fails."""

    file: str
    first: int
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of a made file that come from one cell without a gap.

    Parameters
    ----------
    first
        The line of the file with which they begin.
    cell
        What the student calls the cell.
    line
        The line of the cell that is the first of them.
    """

    first: int
    cell: str
    line: int = 1


@dataclass(frozen=True)
class SourceMap:
    """What lines of made files are called; any other file keeps its name.

    Parameters
    ----------
    files
        The pieces of each made file by its name, in order.
    names
        What the student calls a made file that is no notebook.

    Examples
    --------
    >>> pieces = [Piece(3, "cell 1"), Piece(31, "cell 2")]
    >>> sources = SourceMap({"conv.py": pieces})
    >>> print(sources.locate(Location("conv.py", 40)), "|", sources.name("conv.py"))
    cell 2, line 10 | the notebook
    >>> sources.retell('File "/tmp/stage/conv.py", line 4, in f; conv.py:31: a warning')
    'cell 1, line 2, in f; cell 2, line 1: a warning'
    """

    files: Mapping[str, Sequence[Piece]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, file: str) -> str:
        """Return what the student calls a file."""
        return self.names.get(file, NOTEBOOK) if file in self.files else file

    def name_line(self, file: str, line: int) -> str:
        """Return what the student calls a line in a sentence about that file."""
        told = self.locate(Location(file, line))
        return f"line {line}" if told.file == file else str(told)

    def locate(self, location: Location) -> Location:
        """Return a location as the student knows it."""
        pieces = self.files.get(location.file)
        if pieces is None:
            return location
        number = bisect_right(pieces, location.line, key=lambda piece: piece.first)
        if not pieces:
            return replace(location, file=self.name(location.file))
        piece = pieces[max(number - 1, 0)]
        return replace(location, file=piece.cell, line=location.line - piece.first + piece.line)

    def made_line(self, location: Location) -> tuple[str, int] | None:
        """Return the file and the line that a location in a cell comes from; None for another."""
        for file, pieces in self.files.items():
            for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
                line = location.line - piece.line + piece.first
                ends = following is None or line < following.first
                if piece.cell == location.file and piece.first <= line and ends:
                    return file, line
        return None

    def raised(self, raised: Raised) -> Raised:
        """Return an exception whose locations and words name no made file."""
        if not self.files:
            return raised
        locations = [self.locate(Location(*frame)) for frame in raised.frames]
        frames = tuple((at.file, at.line, at.function) for at in locations)
        return replace(raised, message=self.retell(raised.message), frames=frames)

    def retell(self, text: str) -> str:
        """Return what the student's code said, its lines named as the student knows them.

        Parameters
        ----------
        text
            A message, or what was printed. A folder in front of a made file goes, too.
        """
        return WORDS.sub(self._retold, text) if self.files else text

    @cached_property
    def _named(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name) for name in self.files)
        return re.compile(rf"(?<![\w.-])({names})(?!\.?\w)(?::(\d{{1,9}})(?!\d))?")

    def _retold(self, match: re.Match[str]) -> str:
        word = match["word"] if match["path"] is None else match["path"]
        line = match["there"] or match["line"]
        base = re.split(r"[/\\]", word)[-1]
        if base in self.files:
            return self._called(base, line)
        told = self._named.sub(lambda found: self._called(*found.groups()), base)
        if told != base:
            return f"{told}, line {line}" if line else told
        return self._named.sub(lambda found: self._called(*found.groups()), match[0])

    def _called(self, file: str, line: str | None) -> str:
        return str(self.locate(Location(file, int(line)))) if line else self.name(file)


AS_IT_IS = SourceMap()
