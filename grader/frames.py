"""Put a JSON tree and a run of bytes together, and take them apart again.

Packages, messages between processes of ours and the files of the bank have this one form: two
lengths, the JSON text, the bytes. The worker's frames are another form, which carries a token
(docs/engineer/worker.md): its process knows nothing of ours.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

from grader.errors import FrameError

HEAD = struct.Struct("<QQ")  # length of the JSON text, length of the bytes
MAX_BYTES = 2**30


def to_frame(tree: Any, data: bytes = b"") -> bytes:
    """Return a tree and bytes as one run of bytes.

    Examples
    --------
    >>> from_frame(to_frame({"n": 1}, b"abc"))
    ({'n': 1}, b'abc')
    """
    text = json.dumps(tree, separators=(",", ":")).encode()
    return HEAD.pack(len(text), len(data)) + text + data


def from_frame(frame: bytes) -> tuple[Any, bytes]:
    """Return the tree and the bytes that `to_frame` put together.

    Raises
    ------
    FrameError
        It did not make this.
    """
    text_size, data_size = _sizes(frame[: HEAD.size])
    if len(frame) != HEAD.size + text_size + data_size:
        raise FrameError("a frame of another length than it says")
    middle = HEAD.size + text_size
    return _tree(frame[HEAD.size : middle]), frame[middle:]


def write_frame(stream: IO[bytes], tree: Any, data: bytes = b"") -> None:
    """Write one frame, and push it out.

    Raises
    ------
    OSError
        The other side has gone.
    """
    stream.write(to_frame(tree, data))
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """Return the next frame's tree and bytes, or None when the other side has gone.

    Raises
    ------
    FrameError
        What comes is no frame, or larger than any of ours.
    """
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    text_size, data_size = _sizes(head)
    text, data = stream.read(text_size), stream.read(data_size)
    if len(text) < text_size or len(data) < data_size:
        return None
    return _tree(text), data


def _sizes(head: bytes) -> tuple[int, int]:
    """Return the two lengths; nothing is read, and no memory taken, for one out of bounds."""
    if len(head) < HEAD.size:
        raise FrameError("a frame without its lengths")
    text_size, data_size = HEAD.unpack(head)
    if text_size > MAX_BYTES or data_size > MAX_BYTES:
        raise FrameError(f"a frame of more than {MAX_BYTES // 2**20} MiB")
    return text_size, data_size


def _tree(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a frame whose tree cannot be read ({type(error).__name__})") from error
