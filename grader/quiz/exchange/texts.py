"""The texts of other programs' questions as plain text and tables."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from grader.errors import UnheldError

MAX_CHARACTERS = 4000
SEEN = {
    "img": "a picture", "svg": "a picture", "video": "a film", "audio": "a sound",
    "iframe": "another page", "object": "an object", "embed": "an object", "math": "MathML",
}  # fmt: skip
UNSEEN = ("script", "style")
BREAKS = ("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table")
MARKS = {"sub": "_", "sup": "^"}
HINT = re.compile(r"\s*\(Type it as [^()]*\.\)$")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self.tables: list[tuple[str, list[list[str]]]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser's form
        if tag in SEEN:
            raise UnheldError(f"it has {SEEN[tag]}, which no item can hold")
        if tag in BREAKS:
            self.lines.append("")
        self.lines[-1] += MARKS.get(tag, "")
        if tag == "table":
            said = [line for line in self.lines if line.strip()]
            title = said[-1].strip() if len(said) > 1 else "Table"
            if len(said) > 1:
                last = max(i for i, line in enumerate(self.lines) if line.strip())
                self.lines[last] = ""
            self.tables.append((title, []))
        elif tag == "tr" and self.tables:
            self.tables[-1][1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1][1]:
            self.tables[-1][1][-1].append("")
        if tag in ("table", "pre", *UNSEEN):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)
        if tag in BREAKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if any(tag in self.inside for tag in UNSEEN):
            return
        if "pre" in self.inside and "\n" in data.strip():
            raise UnheldError("it has several lines of code, which an item would run together")
        if "table" in self.inside:
            rows = self.tables[-1][1]
            if rows and rows[-1]:
                rows[-1][-1] += data
        else:
            self.lines[-1] += data


def plain_text(text: str) -> str:
    """Join the words of a text, without what a terminal would not print.

    Parameters
    ----------
    text
        As it was read.

    Returns
    -------
    str
        One line.

    Raises
    ------
    UnheldError
        It is too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnheldError(f"a text in it has more than {MAX_CHARACTERS} characters")
    words = " ".join(text.split())
    return "".join(letter for letter in words if letter.isprintable())


def read_html(text: str) -> tuple[str, tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]]:
    """Read HTML as plain text and tables; the line above a table is its title.

    Parameters
    ----------
    text
        HTML, as good as it is.

    Returns
    -------
    tuple
        The text, and the title and rows of each table.

    Raises
    ------
    UnheldError
        It has pictures, lines of code or more characters than an item can hold.

    Examples
    --------
    >>> read_html("<p>2<sup>3</sup> &lt; x?</p><p>A</p><table><tr><td>1</td></tr></table>")
    ('2^3 < x?', (('A', (('1',),)),))
    """
    plain_text(text)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    tables = []
    for title, rows in reader.tables:
        cells = tuple(tuple(plain_text(cell) for cell in row) for row in rows if row)
        tables += [(plain_text(title), cells)] if cells else []
    return HINT.sub("", plain_text(" ".join(reader.lines))), tuple(tables)


def line_of(text: str, *, rich: bool) -> str:
    """Read a choice, a side or a feedback as one line, its inset kept.

    Parameters
    ----------
    text
        Plain, or HTML.
    rich
        Whether it is HTML.

    Returns
    -------
    str
        One line.

    Raises
    ------
    UnheldError
        As `read_html` does; or it has a table.
    """
    if not rich:
        return plain_text(text)
    said, tables = read_html(text)
    if tables:
        raise UnheldError("an answer of it has a table, which no item can hold")
    inset = re.match(r"(?:<p>)?((?:&nbsp;|\N{NO-BREAK SPACE})*)", text.strip(" \t\n"))
    count = len(re.findall(r"&nbsp;|\N{NO-BREAK SPACE}", inset[1])) if inset else 0
    return " " * count + said
