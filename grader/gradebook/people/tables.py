"""Read a table that somebody else wrote: a CSV file of any platform or spreadsheet.

How it is saved is read from the file and never guessed in silence: UTF-8, UTF-16, or what Excel
writes in western Europe and America, which is told.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_BYTES = 16 * 2**20
MAX_ROWS, MAX_CELLS, MAX_COLUMNS = 200_000, 2_000_000, 20_000
DELIMITERS = ",;\t"
SAID = re.compile(r'"?sep=([,;\t|])"?[\r\n]*', re.IGNORECASE)  # Excel's own first line
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
SAVE_AS = "save it as UTF-8 (in Excel: CSV UTF-8)"
WORD = re.compile(r"[^\W\d_]+")
SHOWN_WORD = 40


@dataclass(frozen=True)
class Table:
    """A table as it was read.

    Parameters
    ----------
    titles
        Of the columns.
    rows
        The number of each row's line, and its cells; empty rows are passed over.
    encoding
        How the file is saved, in words; where that may be wrong, with a word that shows it.
    """

    titles: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    encoding: str


def read_table(path: Path, option: str) -> Table:
    """Return a table with its titles.

    Parameters
    ----------
    path
        A CSV file; commas, semicolons or tabs between the cells.
    option
        By which it was named, for messages.

    Raises
    ------
    UsageError
        It cannot be read, is no table, or is larger than any class.
    """
    text, encoding = _load(path, option)
    said = SAID.match(text)
    start = said.end() if said else 0
    skipped = 1 if said else 0
    delimiter = said[1] if said else _delimiter(text)
    rows: list[tuple[int, Sequence[str]]] = []
    cells = 0
    try:
        for number, row in _rows(text, start, delimiter):
            if any(map(str.strip, row)):
                rows.append((number + skipped, row))
                cells += len(row)
            if len(rows) > MAX_ROWS or cells > MAX_CELLS:
                raise UsageError(f"{option}: {path} has more rows and cells than any class")
    except csv.Error as error:
        raise UsageError(f"{option}: {path} is no table: {error}") from error
    if not rows:
        raise UsageError(f"{option}: {path} is empty: a header and rows are needed")
    return Table([title.strip() for title in rows[0][1]], rows[1:], encoding)


def decode(data: bytes) -> tuple[str, str]:
    r"""Return the text of a file and how it is saved, in words.

    Parameters
    ----------
    data
        All of it.

    Raises
    ------
    ValueError
        It is neither UTF-8 nor UTF-16, and not certainly Windows-1252 either.

    Examples
    --------
    >>> decode("Zé".encode("utf-16")), decode(b"Z\xe9 Roe")
    (('Zé', 'UTF-16'), ('Zé Roe', "Windows-1252, by which a word in it is 'Zé'"))
    """
    for mark, codec in MARKS:
        if data.startswith(mark):
            text, words = data.decode(codec), codec.removesuffix("-sig").upper()
            break
    else:
        text, words = _without_mark(data)
    if "\0" in text:
        raise ValueError("it holds null characters")
    return text, words


def _without_mark(data: bytes) -> tuple[str, str]:
    head = data[:64]
    for codec, zeros, others in (("utf-16-le", head[1::2], head[::2]),
                                 ("utf-16-be", head[::2], head[1::2])):  # fmt: skip
        if len(zeros) > 1 and not any(zeros) and all(others):
            return data.decode(codec), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    odd = [word for word in WORD.findall(text) if not word.isascii()]
    for word in odd:  # a word of another script, or of an older code, is nearly all odd letters
        if sum(not c.isascii() for c in word) * 2 > max(len(word), 2):
            raise ValueError(f"by Windows-1252 a word in it would be {word[:SHOWN_WORD]!r}")
    shown = f", by which a word in it is {odd[0][:SHOWN_WORD]!r}" if odd else ""
    return text, f"Windows-1252{shown}"


def _load(path: Path, option: str) -> tuple[str, str]:
    try:
        if not path.is_file():  # a pipe would be waited for, a device never ends
            raise UsageError(f"{option}: {path} cannot be read: there is no such file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{option}: {path} cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        text = f"{option}: {path} is larger than {MAX_BYTES // 2**20} MiB"
        raise UsageError(f"{text}: larger than any class")
    try:
        return decode(data)
    except ValueError as error:
        text = f"{option}: {path} cannot be read as UTF-8, UTF-16 or Windows-1252 text"
        raise UsageError(f"{text} ({safe_text(str(error))}); {SAVE_AS}") from error


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n")[:MAX_COLUMNS]
    head = re.sub(r'"[^"]*"', "", re.split(r"[\r\n]", head, maxsplit=1)[0])
    return max(DELIMITERS, key=head.count)


def _rows(text: str, start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line where each row begins, and its cells; give up on a huge row."""
    stream = io.StringIO(text, newline="")
    stream.seek(start)
    seen = 0

    def lines() -> Iterator[str]:
        nonlocal seen
        for line in stream:
            seen += line.count(delimiter)
            if seen > MAX_COLUMNS:
                raise csv.Error(f"a row has more than {MAX_COLUMNS} cells")
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    begins = 1
    for row in reader:
        yield begins, row
        begins, seen = reader.line_num + 1, 0
