"""Write requests for a worker, and read its replies without believing them.

Both sides share `grader.worker.child.encoding`; what is added here is doubt. A reply that is not
exactly what a worker may send raises `ForgedFrameError`, whatever is wrong with it, and whatever is
read from one is a value that the rest of the grader can handle: no infinite number, no whole number
beyond what a float can be compared with, no text that is longer than an honest one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from grader.errors import ForgedFrameError
from grader.model import Carry, NarrowFloat, Opaque, Raised, Unsupported
from grader.model.functions import Lambda
from grader.text import safe_text
from grader.worker.child import encoding
from grader.worker.child.agreed import MAX_TEXT
from grader.worker.child.replies import write_fingerprints, write_reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Case

DTYPE_NAME = re.compile(r"[a-z]{1,12}\d{0,8}(?:\[\d{0,4}[a-zA-Z]{1,2}\])?")
ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
# Folders with a name below them. Each character can be matched in one way only, and nothing that
# comes after can fail, so that the time grows with the text.
FOLDERS = re.compile(r"""(?:[A-Za-z]:)?(?:[/\\][^/\\\s'":,;]+)+""")
PYTHON_FILE = re.compile(r"[/\\](?=[^/\\]*\.py\b)")

Frame = tuple[bytes, bytes]  # the JSON text of a reply, and its bytes
MAX_FRAMES = 20
MAX_LINE = 2**31
MAX_AXES = 64
MAX_LENGTH = 2**60  # of an axis
MAX_DIGITS = 78  # of a whole number of `agreed.MAX_INT_BITS` bits
SAME_HASHES = 8  # keys of a dict with the hash of another one: -1 and -2 have one, few others do
TIMES, MORE_BYTES = 16, 64 * 2**10
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
    encoder = encoding.Encoder(keep_tuples=True)
    steps = [[_sent(value) for value in arguments] for arguments in case.steps]
    text = encoding.listed([encoding.listed(map(encoder.encode, step)) for step in steps])
    digests = json.loads(write_fingerprints(steps, script=case.script))
    return Request(text, b"".join(encoder.chunks), digests)


def _sent(value: Any) -> Any:
    if isinstance(value, Carry):
        return encoding.Carried(value.index)
    return encoding.Written(value.text) if isinstance(value, Lambda) else value


def _meant(value: Any) -> Any:
    if type(value) is encoding.Carried:
        return Carry(value.index)
    return Lambda(value.text) if type(value) is encoding.Written else value


def pack_reply(steps: Sequence[Any], request: Request) -> tuple[bytes, bytes]:
    """Encode the reply of a worker that answers `steps` and changes no argument."""
    encoder = encoding.Encoder()
    digests = encoding.to_json(request.digests)
    text = write_reply(map(encoder.encode, steps), digests)
    return text, b"".join(encoder.chunks)


def unpack_case(request: Request) -> tuple[tuple[Any, ...], ...]:
    """Return the arguments of each step of a packed case."""
    decoder = encoding.Decoder(request.data)
    steps = [decoder.decode(arguments) for arguments in json.loads(request.text)]
    return tuple(tuple(map(_meant, arguments)) for arguments in steps)


def most_bytes(text: bytes, data: bytes) -> int:
    """Return how long the text of an answer, and its bytes, may be where this is the right one.

    A wrong answer may well be longer than the right one, and an exception says a few thousand
    characters. What is much longer than both costs the grader more than it can be worth.
    """
    return TIMES * (len(text) + len(data)) + MORE_BYTES


def read_reply(text: bytes, data: bytes, request: Request) -> Answer:
    """Read what a worker says that a function answered.

    Raises
    ------
    ForgedFrameError
        The frame is not one that the child writes.
    """
    try:
        tree = read_tree(text)
        steps = _read_steps(tree, data)
        asked, raised = len(request.digests), "x" in tree
        if len(steps) + raised > asked or (len(steps) < asked and not raised):
            raise ValueError("another number of results than of steps")  # noqa: TRY301 - one way out
        if raised:
            steps.append(read_exception(tree["x"]))
        changed = _first_change(request.digests, tree["d"])
    except Exception as error:  # whatever a reply makes us raise is the reply's fault
        raise ForgedFrameError(f"an answer that cannot be read ({type(error).__name__})") from error
    return Answer(tuple(steps), changed)


def read_steps(text: bytes, data: bytes) -> tuple[Any, ...]:
    """Return the results in a reply of our own making, however many."""
    return tuple(_read_steps(read_tree(text), data))


def _read_steps(tree: Any, data: bytes) -> list[Any]:
    decoder = _DoubtfulDecoder(data)
    steps = [decoder.decode(item) for item in tree["r"]]
    decoder.finish()
    return steps


def read_tree(text: bytes) -> Any:
    """Return the JSON tree of a reply: ASCII, and no number that a worker has no reason to send.

    Raises
    ------
    ValueError, RecursionError
        It is something else.
    """
    return READER.decode(text.decode("ascii"))


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS + 1:  # and a sign
        raise ValueError("a whole number that is too large")
    return int(digits)


def _refuse(_: str) -> NoReturn:
    raise ValueError("a number that is not whole: floats travel as bytes")


READER = json.JSONDecoder(parse_int=_whole, parse_float=_refuse, parse_constant=_refuse)


def _first_change(before: list[list[Any]], after: Any) -> tuple[int, int] | None:
    for step, (sent, seen) in enumerate(zip(before, after, strict=True)):
        for position, (one, other) in enumerate(zip(sent, seen, strict=True)):
            if one != other:
                return step, position
    return None


def read_exception(tree: Any) -> Raised:
    """Read the description of an exception; every field is checked and cut to size.

    Raises
    ------
    ValueError, KeyError, TypeError
        It is not one that the child writes.
    """
    frames = tuple(
        (_file_name(file), _number(line, MAX_LINE), _said(name))
        for file, line, name in tree["frames"][:MAX_FRAMES]
    )
    return Raised(
        _said(tree["type"]),
        anonymous(_said(tree["message"])),
        tree["value_error"] is True,
        tree["memory"] is True,
        tree["unwritten"] is True,
        frames,
    )


def _said(text: Any, limit: int = MAX_TEXT) -> str:
    if type(text) is not str:
        raise ValueError("something that is no text")
    return printable(text, limit)


def _file_name(text: Any) -> str:
    """Return the name of a file without folders: somebody may go and look for it."""
    return _said(text).replace("\\", "/").rpartition("/")[2]


def _number(number: Any, limit: int) -> int:
    if type(number) is not int or not 0 <= number < limit:
        raise ValueError("a number out of bounds")
    return number


def anonymous(text: str) -> str:
    """Return a message without addresses and folders, which change from run to run.

    Parameters
    ----------
    text
        Whatever it is; the time taken grows as its length does.

    Examples
    --------
    >>> anonymous("<object at 0x7f3c> in '/home/me/code/conv.py'")
    "<object at 0x…> in 'conv.py'"
    """
    return FOLDERS.sub(_without_folder, ADDRESS.sub("0x…", text))


def _without_folder(path: re.Match[str]) -> str:
    found = list(PYTHON_FILE.finditer(path[0]))
    return path[0][found[-1].end() :] if found else path[0]


def printable(text: str, limit: int = MAX_TEXT) -> str:
    r"""Return text on one line, cut, without the characters that steer a terminal.

    Examples
    --------
    >>> printable("a\x1b[31mb\nc")
    'a�[31mb c'
    """
    return safe_text(text[:limit], spelt_out=False)


class _DoubtfulDecoder(encoding.Decoder):
    """Read values that a student's function returned."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data, stand_in=_stand_in)

    def _node(self, tree: dict[str, Any], depth: int) -> Any:
        if "c" in tree or "l" in tree:
            raise ValueError("what stands for an argument, in a reply")
        if "a" in tree:
            _shape(tree["s"])
            if "m" in tree:
                raise ValueError("an order in memory in a reply")
        elif "d" in tree:
            return self._dict(tree["d"], depth)
        elif "f" in tree and tree["f"] != 8:
            value = NarrowFloat(super()._node(tree, depth))
            value.dtype = WIDTHS[tree["f"]]
            return value
        return super()._node(tree, depth)

    def _dict(self, pairs: Any, depth: int) -> dict[Any, Any]:
        """Return a dict; looking up keys that all have one hash would take the square of them."""
        read = [(self.decode(key, depth + 1), self.decode(v, depth + 1)) for key, v in pairs]
        if len(read) - len({hash(key) for key, _ in read}) > SAME_HASHES:
            raise ValueError("keys that cannot be told apart")
        return dict(read)


def _shape(lengths: Any) -> tuple[int, ...]:
    if type(lengths) is not list or len(lengths) > MAX_AXES:
        raise ValueError("something that is no shape")
    return tuple(_number(length, MAX_LENGTH) for length in lengths)


def _stand_in(kind: str, tree: dict[str, Any]) -> Any:
    if kind == "u":
        return Unsupported(_said(tree["u"], 80))
    name = _said(tree["o"], 80)
    return Opaque(name if DTYPE_NAME.fullmatch(name) else "foreign", _shape(tree["s"]))
