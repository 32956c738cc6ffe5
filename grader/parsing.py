"""Parse Python of a bounded size and in an encoding that is read quickly, one thread at a time.

`dlgrade watch` reads files on two threads. CPython before 3.11.8 and 3.12.2 counts the depth of
syntax trees for all threads together and raises `SystemError` when two are made at once, and
`warnings.catch_warnings` changes filters that all threads share.
"""

from __future__ import annotations

import ast
import codecs
import re
import threading
import warnings

from grader.errors import UnparsedError

PARSING = threading.RLock()
TRIES = 5
MAX_SOURCE_BYTES = 2**20
TOO_LARGE = f"larger than {MAX_SOURCE_BYTES // 2**20} MiB"
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
NO_CODE = re.compile(rb"[ \t\f]*(?:#|\r|\n|\Z)")
COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
# What editors write, and all of it decoded in one pass: punycode and idna take the square.
ENCODINGS = re.compile(
    r"utf-(?:8|8-sig|16|16-[bl]e|32|32-[bl]e)|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+"
    r"|(?:gb|big5|euc_|shift_jis|iso2022_)\w*|johab|hz|tis-620|kz1048|ptcp154|hp-roman8"
)


def parse_python(source: str | bytes) -> ast.Module:
    """Return the syntax tree of a source, without its warnings.

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
    encoding = named_encoding(source) if isinstance(source, bytes) else ""
    if encoding and not ENCODINGS.fullmatch(encoding):
        raise UnparsedError(f"it says that it is in {encoding}; save it as UTF-8")
    with PARSING:
        for _ in range(TRIES - 1):
            try:
                return _parse(source)
            except SystemError:  # some library is parsing at this moment
                continue
        return _parse(source)


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


def _parse(source: str | bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
