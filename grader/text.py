r"""Show names that others chose without letting them do anything.

A submission's name comes from whoever named a file: it may hold newlines, sequences that steer a
terminal, or bytes that are no text at all. `name_of` makes text of it without losing anything;
`safe_text` makes that harmless to look at.
"""

from __future__ import annotations

import os


def name_of(file_name: str) -> str:
    r"""Return a file's name as text that any format can carry; odd bytes become `\xff`.

    Parameters
    ----------
    file_name
        As the system gave it, odd bytes as lone surrogates.

    Examples
    --------
    >>> name_of("zo\udcff") == "zo" + chr(92) + "xff"
    True
    """
    return os.fsencode(file_name).decode("utf-8", "backslashreplace")


def safe_text(text: str) -> str:
    r"""Return text in which everything that is not printable is spelt out.

    Examples
    --------
    >>> print(safe_text("a" + chr(10) + "b" + chr(27) + "[31m" + chr(0x202E)))
    a\nb\x1b[31m\u202e
    """
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )
