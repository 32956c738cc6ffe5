"""Parse Python, one thread at a time.

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
    """
    with PARSING:
        for _ in range(TRIES - 1):
            try:
                return _parse(source)
            except SystemError:  # some library is parsing at this moment
                continue
        return _parse(source)


def _parse(source: str | bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
