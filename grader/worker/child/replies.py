"""The text of a reply: what a function answered, and whether its arguments are what they were.

Both sides of the pipe share what is here, as they do `encoding`.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.worker.child.encoding import (
    Carried,
    Encoder,
    Written,
    listed,
    name_of,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

UNCHANGING = frozenset([int, float, bool, str, type(None), Carried, Written])
NOTHING = blake2b(digest_size=8)  # to copy it takes half the time of making another


def write_reply(
    results: Iterable[str], fingerprints: str, more: dict[str, Any] | None = None
) -> bytes:
    """Return the text of a reply: the result of each step, and whatever there is to say besides."""
    said = f"{to_json(more)[1:-1]}," if more else ""
    return f'{{"r":{listed(results)},{said}"d":{fingerprints}}}'.encode()


def write_fingerprints(steps: list[list[Any]], *, script: bool) -> str:
    """Return as JSON a digest of every argument of each step that a function could change.

    Numbers, strings and tuples of them cannot change; their place holds null. The steps of a script
    have none at all: what they give to a student's class is made anew for it.
    """
    if script:
        return listed(["[]"] * len(steps))
    return listed([listed(map(_fingerprint, arguments)) for arguments in steps])


def _fingerprint(value: Any) -> str:
    kind = type(value)
    if kind is np.ndarray:  # the usual case
        text, data = f"{name_of(value.dtype)}{value.shape}", value.tobytes()
    elif kind in UNCHANGING or _is_unchanging(value):
        return "null"
    else:
        encoder = Encoder()
        text, data = encoder.encode(value), b"".join(encoder.chunks)
    digest = NOTHING.copy()
    digest.update(text.encode() + data)
    return f'"{digest.hexdigest()}"'


def _is_unchanging(value: Any) -> bool:
    """Tell whether nobody can change a value."""
    kind = type(value)
    return kind in UNCHANGING or (kind is tuple and all(map(_is_unchanging, value)))
