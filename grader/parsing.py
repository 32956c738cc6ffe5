"""Parse Python of a bounded size, one thread at a time.

`dlgrade watch` reads files on two threads. CPython before 3.11.8 and 3.12.2 counts the depth of
syntax trees for all threads together and raises `SystemError` when two are made at once, and
`warnings.catch_warnings` changes filters that all threads share.
"""

from __future__ import annotations

import ast
import threading
import warnings

PARSING = threading.RLock()
TRIES = 5
MAX_SOURCE_BYTES = 2**20
TOO_LARGE = f"larger than {MAX_SOURCE_BYTES // 2**20} MiB"


def parse_python(source: str | bytes) -> ast.Module:
    """Return the syntax tree of a source, without its warnings.

    Parameters
    ----------
    source
        Any text.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        It is not Python, or too large to be looked at.
    """
    if is_too_large(source):
        raise ValueError(TOO_LARGE)
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


def _parse(source: str | bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
