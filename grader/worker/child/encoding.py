"""Values as plain bytes; both sides of the pipe share what is here.

A value is a JSON tree beside one run of bytes. The tree is written as the text that it is in the
frame, and read from what `json` makes of that. Numbers that must stay exact travel in the bytes:

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
from functools import cache, lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.worker.child.agreed import MAX_INT_BITS, MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    Array = npt.NDArray[Any]

FLOAT = struct.Struct("<d")
FLOATS = np.dtype("<f8")
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

JSON = json.JSONEncoder(  # made once: `dumps` makes one a call
    separators=(",", ":"), allow_nan=False, check_circular=False
)
to_json = JSON.encode  # the one text that both sides write for a tree


def listed(texts: Iterable[str]) -> str:
    """Return the text of a list of trees."""
    return f"[{','.join(texts)}]"


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


class Encoder:
    """Write values as JSON, collecting their bytes in order.

    Only exact built-in and numpy types are read, through the methods of those types, so that no
    code of the value's own class ever runs here. Arrays for which `most` bytes are not enough are
    described instead.
    """

    def __init__(self, *, keep_tuples: bool = False, most: int = MAX_ARRAY_BYTES) -> None:
        self.chunks: list[bytes] = []
        self._keep_tuples = keep_tuples
        self._nodes = 0
        self._left = min(most, MAX_ARRAY_BYTES)

    def encode(self, value: Any, depth: int = 0) -> str:  # noqa: PLR0911 - one line for each type
        """Return the tree of `value` as text, and append its bytes to `chunks`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            return foreign("nested too deeply" if depth > MAX_DEPTH else "too many items")
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value)
        if value is None:
            return "null"
        if kind is bool:
            return "true" if value else "false"
        if kind is float:
            return self._float(value, 8)
        if kind is int:
            small = int.bit_length(value) <= MAX_INT_BITS
            return int.__repr__(value) if small else foreign("a huge int")
        if kind is str:
            return to_json(value[:MAX_TEXT])
        return self._other(value, kind, depth)

    def _other(self, value: Any, kind: type, depth: int) -> str:
        # `issubclass` on the real type and the base class's own iterator: a subclass that lies
        # about its items is read as what it really stores.
        if issubclass(kind, (list, tuple)):
            items = list.__iter__(value) if issubclass(kind, list) else tuple.__iter__(value)
            text = listed([self.encode(item, depth + 1) for item in items])
            return f'{{"t":{text}}}' if self._keep_tuples and issubclass(kind, tuple) else text
        if issubclass(kind, dict):
            return self._dict(value, depth)
        if kind is Carried:
            return to_json({"c": value.index})
        if kind is Written:
            return to_json({"l": value.text})
        if kind.__module__ == "numpy" and issubclass(kind, np.generic):
            return self._number(np.ndarray.item(np.asarray(value)), value.dtype)
        return foreign(kind.__name__[:80] if type(kind) is type else "object")

    def _dict(self, value: dict[Any, Any], depth: int) -> str:
        if type(value) is dict and len(value) == 1 and type(value.get(REF)) is str:
            return to_json({"n": value[REF][:MAX_TEXT]})
        pairs = [[self.encode(one, depth + 1) for one in pair] for pair in dict.items(value)]
        return f'{{"d":{listed(map(listed, pairs))}}}'

    def _array(self, array: Array) -> str:
        dtype, shape = name_of(array.dtype), array.shape
        if dtype not in DTYPES or array.nbytes > self._left:
            return to_json({"o": array.dtype.name, "s": shape})
        if not shape:
            return self._number(array.item(), array.dtype)
        self._left -= array.nbytes
        self.chunks.append(array.tobytes())
        if self._keep_tuples and not array.flags.c_contiguous:
            return f'{describe(dtype, shape)[:-1]},"m":"{memory_order(array)}"}}'
        return describe(dtype, shape)

    def _number(self, value: Any, dtype: np.dtype[Any]) -> str:
        if dtype.kind == "f":
            return self._float(float(value), dtype.itemsize)
        return to_json(value) if dtype.kind in "biuU" else foreign(dtype.name)

    def _float(self, value: float, width: int) -> str:
        self.chunks.append(FLOAT.pack(value))
        return f'{{"f":{width}}}'


def foreign(name: str) -> str:
    """Return the text that stands for a value of which nothing but this is sent."""
    return to_json({"u": name})


@lru_cache(4096)
def describe(dtype: str, shape: tuple[int, ...]) -> str:
    """Return the text of an array."""
    return to_json({"a": dtype, "s": shape})


def name_of(dtype: np.dtype[Any]) -> str:
    """Return what `dtype.str` is, which takes a while to be put together."""
    return "<f8" if dtype is FLOATS else dtype.str


@cache
def dtype_of(name: str) -> np.dtype[Any]:
    """Return a type of arrays that may cross the pipe.

    Raises
    ------
    ValueError
        None of that name may.
    """
    if name not in DTYPES:
        raise ValueError("an array of an unknown kind")
    return np.dtype(name)


class Decoder:
    """Turn trees back into values, taking their bytes in order.

    Raises
    ------
    ValueError
        The tree is not one that `Encoder` writes, or the bytes do not fit it.
    """

    def __init__(self, data: bytes, *, stand_in: Callable[[str, Any], Any] | None = None) -> None:
        self.leaves_open = False  # whether something stands for what only the worker can know
        self._data = data
        self._at = 0
        self._stand_in = stand_in

    def decode(self, tree: Any, depth: int = 0) -> Any:
        """Return the value of `tree`: fresh, writable arrays, and no two share memory."""
        if depth > MAX_DEPTH + 1:  # the encoder's own word for "too deep" stands one deeper
            raise ValueError("nested too deeply")
        kind = type(tree)
        if kind is dict:
            return self._node(tree, depth)
        if kind is list:
            return [item if type(item) in ATOMS else self.decode(item, depth + 1) for item in tree]
        if kind in ATOMS:
            return tree
        raise ValueError("a tree of an unknown kind")

    def _node(self, tree: dict[str, Any], depth: int) -> Any:  # noqa: PLR0911 - one line for each
        if "a" in tree:
            return self._array(tree)
        if "f" in tree:
            return FLOAT.unpack_from(self._data, self._skip(FLOAT.size))[0]
        if "t" in tree:
            return tuple(self.decode(tree["t"], depth))
        if "d" in tree:
            pairs = [(self.decode(k, depth + 1), self.decode(v, depth + 1)) for k, v in tree["d"]]
            return dict(pairs)
        if "c" in tree or "l" in tree:
            self.leaves_open = True
            return Carried(tree["c"]) if "c" in tree else Written(tree["l"])
        if "n" in tree:
            return {REF: tree["n"]}
        if self._stand_in is None:
            raise ValueError(f"a tree of an unknown kind: {sorted(tree)}")
        return self._stand_in("u" if "u" in tree else "o", tree)

    def _array(self, tree: dict[str, Any]) -> Array:
        dtype, shape = dtype_of(tree["a"]), tree["s"]
        start = self._skip(dtype.itemsize * prod(shape))
        array = np.ndarray(shape, dtype, self._data, start).copy()
        return lay_out(array, tree["m"]) if "m" in tree else array

    def _skip(self, size: int) -> int:
        """Return where the next bytes begin, and go on behind them."""
        start = self._at
        self._at += size
        if self._at > len(self._data):
            raise ValueError("fewer bytes than the tree describes")
        return start

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
