"""Pack what is behind the cells of the class page: words, smallest case, lines of code.

Texts are kept once, compressed, and shown by the page's script when somebody asks. There is a limit
for all of them. Of each exercise and cause the first piece comes first, then the second of each, so
that what has no room is the hundredth of its kind; the page links to the student's page for it.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.gradebook.pages.markup import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_ALIKE = 200  # pieces of one exercise and cause that are looked at
BASE64 = 4 / 3
TAIL = 70_000  # bytes that the compressor may still hold back


@dataclass(frozen=True)
class Evidence:
    """What is shown behind a cell.

    Parameters
    ----------
    shown
        What the page's script reads: see `describe`.
    owners
        The students of whom it is true, by their places.
    """

    shown: list[Any]
    owners: list[int] = field(default_factory=list)


def describe(entry: Mapping[str, Any]) -> list[Any]:
    """Return an exercise of `works.prepare_work` as the page's script reads it.

    Parameters
    ----------
    entry
        The exercise.

    Returns
    -------
    list
        Points, message, what is likely, the case in blocks and what mends it, the code (file,
        number of the first line, failing line, text), why points were given by hand.
    """
    code = entry["code"]
    lines = "\n".join(text for _, text, _ in code["lines"]) if code else ""
    named, hand = entry["diagnosis"], entry["override"]
    edits = [f"- {before}\n+ {after}" for before, after in entry["edits"]]
    mended = [[entry["mended"]["message"], "\n".join(edits)]] if entry["mended"] else []
    return [
        entry["earned"],
        entry["message"],
        named["message"] if named else "",
        [*([title, "\n".join(block)] for title, block in entry["blocks"]), *mended],
        [code["file"], code["lines"][0][0], code["line"], lines] if code else None,
        hand["why"] if hand else "",
    ]


class EvidencePack:
    """Collects evidence, a student at a time, and writes as much of it as there is room for."""

    def __init__(self) -> None:
        self._groups: dict[tuple[int, int, str], dict[str, Evidence]] = {}
        self.total = 0
        self.kept = 0

    def add(self, group: tuple[int, int, str], student: int, shown: list[Any]) -> None:
        """Take what is behind a cell.

        Parameters
        ----------
        group
            The places of assignment and exercise, and the cause.
        student
            The place of whoever it is of.
        shown
            What `describe` returns.
        """
        self.total += 1
        some = self._groups.setdefault(group, {})
        key = json.dumps(shown)
        if key in some or len(some) < MOST_ALIKE:
            some.setdefault(key, Evidence(shown)).owners.append(student)

    def _in_turn(self) -> Iterator[tuple[int, int, Evidence]]:
        """Yield the first piece of every group, then the second of each."""
        waiting = [(group, list(some.values())) for group, some in sorted(self._groups.items())]
        for turn in range(MOST_ALIKE):
            waiting = [(group, some) for group, some in waiting if turn < len(some)]
            for (work, exercise, _), some in waiting:
                yield work, exercise, some[turn]

    def pack(self, room: float) -> str:
        """Return the evidence as base64 of deflated lines of JSON; what has no room is left out.

        Parameters
        ----------
        room
            For how many characters there is room.
        """
        packer = zlib.compressobj(9)
        known: dict[str, int] = {}
        parts: list[bytes] = []
        size = pending = 0
        for work, exercise, one in self._in_turn():
            line = _line(work, exercise, one, known)
            if (size + min(pending + len(line), TAIL)) * BASE64 > room:
                break
            parts.append(packer.compress(line))
            pending = pending + len(line) if not parts[-1] else len(line)
            size += len(parts[-1])
            self.kept += len(one.owners)
        parts.append(packer.flush())
        return base64.b64encode(b"".join(parts)).decode("ascii")


def _line(work: int, exercise: int, one: Evidence, known: dict[str, int]) -> bytes:
    """Return a piece as a line; a text that came before is the number that it has."""

    def told(text: str) -> str | int:
        if text in known:
            return known[text]
        known[text] = len(known)
        return text

    earned, message, likely, blocks, code, why = harmless(one.shown)
    cells = [earned, told(message), told(likely), [[title, told(text)] for title, text in blocks]]
    cells += [[*code[:3], told(code[3])] if code else None, told(why)]
    return json.dumps([work, exercise, one.owners, *cells], separators=(",", ":")).encode() + b"\n"
