"""Change cells of somebody else's CSV file and nothing else: not a quote, not a line end.

A platform takes back what it wrote. So the file is cut into cells as they are written, quotes and
all, and put together again from the same pieces; a byte-order mark is one of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.exporters import find_encoding
from grader.gradebook.people.tables import DELIMITERS, MAX_BYTES, SAVE_AS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
BEFORE_QUOTE = " \ufeff"


@dataclass
class GradeSheet:
    """A CSV file, cut into cells as they are written.

    Parameters
    ----------
    rows
        The raw cells of each row; a row's last piece is its line end.
    delimiter
        Between cells.
    """

    rows: list[list[str]]
    delimiter: str
    _values: dict[tuple[int, int], str] = field(default_factory=dict)

    def value(self, row: int, column: int) -> str:
        """Return what a cell says; empty beyond the end of its row."""
        raw = self.rows[row][column] if column < len(self.rows[row]) - 1 else ""
        text = raw.strip()
        if len(text) >= 2 and text[0] == text[-1] == '"':
            return text[1:-1].replace('""', '"')
        return raw

    def values(self, row: int) -> list[str]:
        """Return what the cells of a row say."""
        return [self.value(row, column) for column in range(len(self.rows[row]) - 1)]

    def set(self, row: int, column: int, text: str) -> None:
        """Change a cell; it keeps its quotes, and gets some where the text needs them."""
        cells = self.rows[row]
        while column >= len(cells) - 1:
            cells.insert(len(cells) - 1, "")
        quoted = cells[column].strip().startswith('"')
        if quoted or any(sign in text for sign in (self.delimiter, '"', "\n", "\r")):
            text = '"' + text.replace('"', '""') + '"'
        cells[column] = text

    def need_titles(self) -> None:
        """Make sure that every cell stands below the title that it belongs to.

        Raises
        ------
        UsageError
            A row has more cells than there are titles, so that nobody can tell which are which.
        """
        line = 1
        for row, cells in enumerate(self.rows):
            if any(map(str.strip, self.values(row)[len(self.rows[0]) - 1 :])):
                text = f"--into: line {line} has more cells than there are titles"
                raise UsageError(f"{text}; put what has a {NAMES[self.delimiter]} between quotes")
            line += max(1, sum(cell.count("\n") for cell in cells))

    def from_column(self, first: int) -> Iterator[str]:
        """Yield what the cells below the titles say, those right of a column and its own."""
        for row in range(1, len(self.rows)):
            for column in range(first, len(self.rows[row]) - 1):
                yield self.value(row, column)

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(self.delimiter.join(row[:-1]) + row[-1] for row in self.rows)


def load_sheet(path: Path) -> GradeSheet:
    """Read a CSV file.

    Parameters
    ----------
    path
        UTF-8, or UTF-16 with a byte-order mark; commas, semicolons or tabs between cells.

    Raises
    ------
    UsageError
        It cannot be read, or is no table.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode(find_encoding(path))
    except (OSError, UnicodeDecodeError) as error:
        wanted = "UTF-8 text, or UTF-16 with a byte-order mark"
        text = f"--into: {path} cannot be read as {wanted}: {error}"
        how = "" if isinstance(error, OSError) else f"; {SAVE_AS}"
        raise UsageError(text + how) from error
    if len(data) > MAX_BYTES:
        raise UsageError(f"--into: {path} is larger than {MAX_BYTES // 2**20} MiB")
    head = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    delimiter = max(DELIMITERS, key=head.count)
    if delimiter not in head:
        raise UsageError(f"--into: {path} is no table: its first line has one cell")
    return GradeSheet(_cut(text, delimiter), delimiter)


def _cut(text: str, delimiter: str) -> list[list[str]]:
    """Return the cells of each row and its line end; a quote opens only where a cell begins."""
    rows: list[list[str]] = []
    row: list[str] = []
    start = 0
    quoted = False
    mark = re.compile(f'["\r\n{delimiter}]')
    at = 0
    while found := mark.search(text, at):
        at = found.end()
        sign = found[0]
        if sign == '"':
            if quoted and text[at : at + 1] == '"':
                at += 1  # one that is part of the cell
            else:
                quoted = not quoted and not text[start : found.start()].strip(BEFORE_QUOTE)
        elif quoted:
            continue
        elif sign == delimiter:
            row.append(text[start : found.start()])
            start = at
        else:
            if sign == "\r" and text[at : at + 1] == "\n":
                at += 1
            rows.append([*row, text[start : found.start()], text[found.start() : at]])
            row, start = [], at
    if row or start < len(text):
        rows.append([*row, text[start:], ""])
    return rows
