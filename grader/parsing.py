"""Parse Python of a bounded size and in an encoding that is read quickly, one thread at a time.

`dlgrade watch` reads files on two threads. CPython before 3.11.8 and 3.12.2 counts the depth of
syntax trees for all threads together and raises `SystemError` when two are made at once, and
`warnings.catch_warnings` changes filters that all threads share.
"""

from __future__ import annotations

import ast
import codecs
import re
import symtable
import threading
import warnings
from typing import TYPE_CHECKING, TypeVar

from grader.errors import UnparsedError

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")

PARSING = threading.RLock()
TRIES = 5
MAX_SOURCE_BYTES, MAX_KEPT_BYTES = 2**20, 2**16
TOO_LARGE = f"larger than {MAX_SOURCE_BYTES // 2**20} MiB"
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
TEXT_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
NO_CODE = re.compile(rb"[ \t\f]*(?:#|\r|\n|\Z)")
COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
# What editors write, and all of it decoded in one pass: punycode and idna take the square.
ENCODINGS = re.compile(
    r"utf-(?:8|8-sig|16|16-[bl]e|32|32-[bl]e)|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+"
    r"|(?:gb|big5|euc_|shift_jis|iso2022_)\w*|johab|hz|tis-620|kz1048|ptcp154|hp-roman8"
)

# Whose cell is Python all the same; all others have a language of their own.
PYTHON_MAGICS = ("time", "timeit", "capture", "prun")
# The longer marks first: that of UTF-16 begins one of UTF-32.
MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


NO_TREE = (b"", ast.Module([], []))
_newest: tuple[bytes, ast.Module] = NO_TREE


def parse_python(source: str | bytes) -> ast.Module:
    """Return the syntax tree of a source, without its warnings.

    A submission's file is read by several, one after another: the newest tree is kept for who asks
    for the same bytes again. Nobody changes a tree.

    Parameters
    ----------
    source
        Any text.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        It is not Python.
    UnparsedError
        It is not looked at.
    """
    if is_too_large(source):
        raise UnparsedError(TOO_LARGE)
    if not isinstance(source, bytes):
        return _alone(lambda: ast.parse(source))
    global _newest  # noqa: PLW0603 - one for all who read
    kept, tree = _newest
    if kept != source:
        source_encoding(source)
        tree = _alone(lambda: ast.parse(source))
        _newest = (source, tree) if len(source) <= MAX_KEPT_BYTES else NO_TREE
    return tree


def parse_symbols(source: str) -> symtable.SymbolTable:
    """Return the names of a source by the scopes that they are in.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        It is not Python, or cannot be compiled all the same.
    """
    return _alone(lambda: symtable.symtable(source, "source", "exec"))


def _alone(make: Callable[[], Made]) -> Made:
    """Parse on one thread at a time and without warnings."""
    with PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(TRIES - 1):
            try:
                return make()
            except SystemError:  # some library is parsing at this moment
                continue
        return make()


def is_too_large(source: str | bytes) -> bool:
    """Tell whether a source is longer than anything that is parsed: a file, or a notebook's code.

    A text is measured by the bytes that a file of it would have.
    """
    if len(source) > MAX_SOURCE_BYTES or isinstance(source, bytes):
        return len(source) > MAX_SOURCE_BYTES
    return len(source.encode("utf-8", "replace")) > MAX_SOURCE_BYTES


def named_encoding(source: bytes) -> str:
    """Return the encoding that a source names in its first two lines, as Python finds it.

    Parameters
    ----------
    source
        Any bytes.

    Returns
    -------
    str
        The name of a codec; empty where none is named, or one that Python does not know.

    Examples
    --------
    >>> named_encoding(b"# -*- coding: latin-1 -*-"), named_encoding(b"x = 'coding: latin-1'")
    ('iso8859-1', '')
    """
    first = LINE.match(source)
    second = LINE.match(source, first.end()) if first and NO_CODE.match(source) else None
    for line in filter(None, (first, second)):
        found = COOKIE.match(line[0])
        if found:
            try:
                return codecs.lookup(found[1].decode("ascii")).name
            except LookupError:  # the parser says so
                return ""
    return ""


def marked_encoding(source: bytes) -> str:
    """Return what a source is saved as by its first bytes, where no parser reads that.

    Examples
    --------
    >>> marked_encoding("x = 1".encode("utf-16")), marked_encoding(b"x = 1")
    ('UTF-16', '')
    """
    return next((name for mark, name in MARKS.items() if source.startswith(mark)), "")


def source_encoding(source: bytes) -> str:
    """Return the codec that a source is written in: the one that it names, else UTF-8.

    Raises
    ------
    UnparsedError
        It is in an encoding that is not read.
    """
    if mark := marked_encoding(source):
        raise UnparsedError(f"it is saved as {mark}; save it as UTF-8")
    named = named_encoding(source)
    if named and not ENCODINGS.fullmatch(named):
        raise UnparsedError(f"it says that it is in {named}; save it as UTF-8")
    if source.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return named or "utf-8"


def decode_source(source: bytes) -> str:
    r"""Return the text of a source as Python reads it; what is no text becomes a question mark.

    Raises
    ------
    UnparsedError
        It is in an encoding that is not read.

    Examples
    --------
    >>> decode_source("# coding: latin-1\n# é".encode("latin-1"))
    '# coding: latin-1\n# é'
    """
    return source.decode(source_encoding(source), "replace")


def split_lines(source: str) -> list[str]:
    r"""Return lines as Python counts them, with their ends: a form feed ends none.

    Examples
    --------
    >>> split_lines("a\x0cb\r\nc")
    ['a\x0cb\r\n', 'c']
    """
    return TEXT_LINES.findall(source)
