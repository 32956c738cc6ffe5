"""Write requests for a worker, and read its replies without believing them.

Both sides share the encoding in `grader.worker.child`; what is added here is doubt. A reply that
is not exactly what a worker may send raises `ForgedFrameError`, whatever is wrong with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import ForgedFrameError
from grader.model import Carry, NarrowFloat, Opaque, Raised, Unsupported
from grader.text import safe_text
from grader.worker import child

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Case

child.import_numpy(None)

Frame = tuple[bytes, bytes]  # the JSON text of a reply, and its bytes
MAX_FRAMES = 20
WIDTHS = {2: "float16", 4: "float32", 8: "float64", 12: "longdouble", 16: "longdouble"}


@dataclass(frozen=True, slots=True)
class Request:
    """One case, ready to be sent: the JSON text of its steps and the bytes of its arguments.

    Parameters
    ----------
    text, data
        What the worker gets.
    """

    text: str
    data: bytes
    digests: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function answered to one case: a value or a `Raised` for each step it reached."""

    steps: tuple[Any, ...]
    changed: tuple[int, int] | None = None  # step and position of an argument that was changed


def pack_case(case: Case) -> Request:
    """Encode the arguments of a case."""
    encoder = child.Encoder(keep_tuples=True)
    steps = [[_carried(value) for value in arguments] for arguments in case.steps]
    tree = [[encoder.encode(value) for value in arguments] for arguments in steps]
    return Request(child.to_json(tree).decode(), b"".join(encoder.chunks), child.digests(steps))


def _carried(value: Any) -> Any:
    return child.Carried(value.index) if isinstance(value, Carry) else value


def pack_reply(steps: Sequence[Any], request: Request) -> tuple[bytes, bytes]:
    """Encode the reply of a worker that answers `steps` and changes no argument."""
    encoder = child.Encoder()
    trees = [encoder.encode(value) for value in steps]
    text = child.to_json({"r": trees, "d": request.digests})
    return text, b"".join(encoder.chunks)


def unpack_case(request: Request) -> tuple[tuple[Any, ...], ...]:
    """Return the arguments of each step of a packed case."""
    decoder = child.Decoder(request.data)
    steps = [decoder.decode(arguments) for arguments in json.loads(request.text)]
    return tuple(
        tuple(Carry(v.index) if type(v) is child.Carried else v for v in arguments)
        for arguments in steps
    )


def read_reply(text: bytes, data: bytes, request: Request) -> Answer:
    """Read what a worker says that a function answered.

    Raises
    ------
    ForgedFrameError
        The frame is not one that the child writes.
    """
    try:
        tree = json.loads(text)
        trees = tree["r"]
        decoder = _DoubtfulDecoder(data)
        steps = [decoder.decode(item) for item in trees]
        decoder.finish()
        if "x" in tree:
            steps.append(read_exception(tree["x"]))
        changed = _first_change(request.digests, tree["d"])
        if not trees and "x" not in tree:
            raise ForgedFrameError("an answer without a result")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise ForgedFrameError(f"an answer that cannot be read ({type(error).__name__})") from error
    return Answer(tuple(steps), changed)


def _first_change(before: list[list[Any]], after: Any) -> tuple[int, int] | None:
    for step, (sent, seen) in enumerate(zip(before, after, strict=True)):
        for position, (one, other) in enumerate(zip(sent, seen, strict=True)):
            if one != other:
                return step, position
    return None


def read_exception(tree: Any) -> Raised:
    """Read the description of an exception; every field is checked and cut to size."""
    frames = tuple(
        (printable(str(file)), int(line), printable(str(name)))
        for file, line, name in tree["frames"][:MAX_FRAMES]
    )
    return Raised(
        printable(str(tree["type"])),
        printable(anonymous(str(tree["message"]))),
        tree["value_error"] is True,
        tree["memory"] is True,
        tree["unwritten"] is True,
        frames,
    )


def anonymous(text: str) -> str:
    """Return a message without addresses and folders, which change from run to run.

    Examples
    --------
    >>> anonymous("<object at 0x7f3c> in '/home/me/code/conv.py'")
    "<object at 0x…> in 'conv.py'"
    """
    text = re.sub(r"0x[0-9a-fA-F]+", "0x…", text)
    return re.sub(
        r"(?:[A-Za-z]:)?(?:[/\\\\][^/\\\\\s'\":,;]+)*[/\\\\](?=[^/\\\\\s'\"]*\.py\b)", "", text
    )


def printable(text: str, limit: int = child.MAX_TEXT) -> str:
    r"""Return text on one line, cut, without the characters that steer a terminal.

    Examples
    --------
    >>> printable("a\x1b[31mb\nc")
    'a�[31mb c'
    """
    return safe_text(text[:limit], spelt_out=False)


class _DoubtfulDecoder(child.Decoder):
    """Read values that a student's function returned."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data, stand_in=_stand_in)

    def _node(self, tree: dict[str, Any], depth: int) -> Any:
        if "c" in tree:
            raise ValueError("a carried result in a reply")
        if "f" in tree and tree["f"] != 8:
            value = NarrowFloat(super()._node(tree, depth))
            value.dtype = WIDTHS[tree["f"]]
            return value
        return super()._node(tree, depth)


def _stand_in(kind: str, tree: dict[str, Any]) -> Any:
    if kind == "u":
        return Unsupported(printable(str(tree["u"]), 80))
    return Opaque(printable(str(tree["o"]), 80), tuple(int(n) for n in tree["s"]))
