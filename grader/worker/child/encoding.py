"""Values as plain bytes; both sides of the pipe share what is here.

A value is a JSON tree beside one run of bytes. Numbers that must stay exact travel in the bytes:

====================  ==============================================  ==========================
value                 tree                                            bytes
====================  ==============================================  ==========================
None, bool, int, str  itself
float                 ``{"f": 8}`` (the width it came with)           8, little-endian float64
ndarray               ``{"a": "<f8", "s": [2, 3]}``                   its elements in C order
an argument's order   ``{..., "m": "F"}``, ``"S"`` or ``"R"``
list                  ``[...]``                                       those of its items
tuple                 ``{"t": [...]}``, a list in results             those of its items
dict                  ``{"d": [[key, value], ...]}``                  those of keys and values
carried result        ``{"c": null}`` or ``{"c": 1}``
a function            ``{"l": "lambda x: x * x"}``
anything else         ``{"u": "type name"}``
array without bytes   ``{"o": "object", "s": [3]}`` (too large, too)
====================  ==============================================  ==========================
"""

from __future__ import annotations

import json
import struct
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.worker.child.agreed import MAX_INT_BITS, MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Array = npt.NDArray[Any]

FLOAT = struct.Struct("<d")
MAX_ARRAY_BYTES = 32 * 2**20
MAX_NODES = 200_000
MAX_DEPTH = 40

DTYPES = frozenset(
    [
        "|b1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<f16",
        "<c8",
        "<c16",
        "<c32",
    ]
)

JSON = json.JSONEncoder(
    separators=(",", ":"), allow_nan=False
)  # made once: `dumps` makes one a call


class Carried:
    """A place in the arguments of a later step: the previous result, or one item of it."""

    __slots__ = ("index",)

    def __init__(self, index: int | None) -> None:
        self.index = index


class Written:
    """A function among the arguments, by its text; the worker makes it when it is called with."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


REF = "ref"  # the only key of what stands for a name in a script (`grader.model.scripts`)
ATOMS = frozenset([int, bool, str, type(None)])
UNCHANGING = (int, float, bool, str, type(None), Carried, Written)


class Encoder:
    """Turn values into JSON trees, collecting their bytes in order.

    Only exact built-in and numpy types are read, through the methods of those types, so that no
    code of the value's own class ever runs here. Arrays for which `most` bytes are not enough are
    described instead.
    """

    def __init__(self, *, keep_tuples: bool = False, most: int = MAX_ARRAY_BYTES) -> None:
        self.chunks: list[bytes] = []
        self._keep_tuples = keep_tuples
        self._nodes = 0
        self._left = min(most, MAX_ARRAY_BYTES)

    def encode(self, value: Any, depth: int = 0) -> Any:  # noqa: PLR0911 - one line for each type
        """Return the tree of `value` and append its bytes to `chunks`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            return {"u": "nested too deeply" if depth > MAX_DEPTH else "too many items"}
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is dict and len(value) == 1 and type(value.get(REF)) is str:
            return {"n": value[REF][:MAX_TEXT]}
        if kind is np.ndarray:
            return self._array(value)
        if kind is float:
            return self._float(value, 8)
        if kind is int:
            return value if int.bit_length(value) <= MAX_INT_BITS else {"u": "a huge int"}
        if kind is str:
            return value[:MAX_TEXT]
        return self._other(value, kind, depth)

    def _other(self, value: Any, kind: type, depth: int) -> Any:
        # `issubclass` on the real type and the base class's own iterator: a subclass that lies
        # about its items is read as what it really stores.
        if issubclass(kind, (list, tuple)):
            items = list.__iter__(value) if issubclass(kind, list) else tuple.__iter__(value)
            trees = [self.encode(item, depth + 1) for item in items]
            return {"t": trees} if self._keep_tuples and issubclass(kind, tuple) else trees
        if issubclass(kind, dict):
            pairs = list(dict.items(value))
            return {"d": [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in pairs]}
        if kind is Carried:
            return {"c": value.index}
        if kind is Written:
            return {"l": value.text}
        if kind.__module__ == "numpy" and issubclass(kind, np.generic):
            return self._number(np.ndarray.item(np.asarray(value)), value.dtype)
        return {"u": kind.__name__[:80] if type(kind) is type else "object"}

    def _array(self, array: Array) -> Any:
        dtype = array.dtype
        if dtype.str not in DTYPES or array.nbytes > self._left:
            return {"o": dtype.name, "s": list(array.shape)}
        if array.ndim == 0:
            return self._number(array.item(), dtype)
        self._left -= array.nbytes
        self.chunks.append(array.tobytes())
        tree = {"a": dtype.str, "s": list(array.shape)}
        if self._keep_tuples and not array.flags.c_contiguous:
            tree["m"] = memory_order(array)
        return tree

    def _number(self, value: Any, dtype: np.dtype[Any]) -> Any:
        if dtype.kind == "f":
            return self._float(float(value), dtype.itemsize)
        if dtype.kind in "biuU":
            return value
        return {"u": dtype.name}

    def _float(self, value: float, width: int) -> Any:
        self.chunks.append(FLOAT.pack(value))
        return {"f": width}


def encode(value: Any, *, keep_tuples: bool = False) -> tuple[Any, bytes]:
    """Return the tree and the bytes of one value."""
    encoder = Encoder(keep_tuples=keep_tuples)
    return encoder.encode(value), b"".join(encoder.chunks)


class Decoder:
    """Turn trees back into values, taking their bytes in order.

    Raises
    ------
    ValueError
        The tree is not one that `Encoder` writes, or the bytes do not fit it.
    """

    def __init__(self, data: bytes, *, stand_in: Callable[[str, Any], Any] | None = None) -> None:
        self._data = data
        self._at = 0
        self._stand_in = stand_in

    def decode(self, tree: Any, depth: int = 0) -> Any:
        """Return the value of `tree`: fresh, writable arrays, and no two share memory."""
        if depth > MAX_DEPTH + 1:  # the encoder's own word for "too deep" stands one deeper
            raise ValueError("nested too deeply")
        if type(tree) in ATOMS:
            return tree
        if type(tree) is list:
            return [item if type(item) in ATOMS else self.decode(item, depth + 1) for item in tree]
        if not isinstance(tree, dict):
            raise ValueError("a tree of an unknown kind")  # noqa: TRY004 - bad data, not a bad call
        return self._node(tree, depth)

    def _node(self, tree: dict[str, Any], depth: int) -> Any:  # noqa: PLR0911 - one line for each
        if "a" in tree:
            return self._array(tree)
        if "f" in tree:
            return FLOAT.unpack(self._take(8))[0]
        if "t" in tree:
            return tuple(self.decode(tree["t"], depth))
        if "d" in tree:
            pairs = [(self.decode(k, depth + 1), self.decode(v, depth + 1)) for k, v in tree["d"]]
            return dict(pairs)
        if "c" in tree:
            return Carried(tree["c"])
        if "l" in tree:
            return Written(tree["l"])
        if "n" in tree:
            return {REF: tree["n"]}
        if self._stand_in is None:
            raise ValueError(f"a tree of an unknown kind: {sorted(tree)}")
        return self._stand_in("u" if "u" in tree else "o", tree)

    def _array(self, tree: dict[str, Any]) -> Array:
        shape = tuple(tree["s"])
        if tree["a"] not in DTYPES or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError("an array of an unknown kind")
        dtype = np.dtype(tree["a"])
        size = dtype.itemsize
        for length in shape:
            size *= length
        flat = np.frombuffer(self._take(size), dtype)
        array = flat.reshape(shape).copy()
        return lay_out(array, tree["m"]) if "m" in tree else array

    def _take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise ValueError("fewer bytes than the tree describes")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def finish(self) -> None:
        """Check that every byte was used."""
        if self._at != len(self._data):
            raise ValueError("more bytes than the tree describes")


def memory_order(array: Array) -> str:
    """Say how an array lies in memory where it is not as NumPy makes them: see `lay_out`."""
    if array.flags.f_contiguous:
        return "F"
    return "R" if any(step < 0 for step in array.strides) else "S"


def lay_out(array: Array, order: str) -> Array:
    """Return an array in another order in memory: columns first, with steps, or from the end."""
    if order == "F":
        return array.copy(order="F")
    if order == "S":
        return array.repeat(2, -1)[..., ::2]
    if order == "R":
        return np.flip(np.flip(array).copy())
    raise ValueError("an order of an unknown kind")


def to_json(tree: Any) -> bytes:
    """Return the one JSON text that both sides write for a tree."""
    return JSON.encode(tree).encode()


def digests(steps: list[list[Any]], *, script: bool) -> list[list[Any]]:
    """Return a fingerprint of every argument that a function could change.

    Numbers, strings and tuples of them cannot change; their place holds null. The steps of a script
    have none at all: what they give to a student's class is made anew for it.
    """
    if script:
        return [[] for _ in steps]
    return [
        [None if type(value) in UNCHANGING else _digest(value) for value in arguments]
        for arguments in steps
    ]


def _digest(value: Any) -> str | None:
    if type(value) is np.ndarray:  # the usual case, without a tree of its own
        described = f"{value.dtype.str}{value.shape}".encode()
        return blake2b(described + value.tobytes(), digest_size=8).hexdigest()
    if _is_unchanging(value):
        return None
    tree, data = encode(value)
    return blake2b(to_json(tree) + data, digest_size=8).hexdigest()


def _is_unchanging(value: Any) -> bool:
    """Tell whether nobody can change a value."""
    if type(value) is tuple:
        return all(map(_is_unchanging, value))
    return type(value) in UNCHANGING
