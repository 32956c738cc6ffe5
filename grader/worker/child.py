"""Run a student's functions on arguments from a pipe; send back plain bytes.

This file is started as a script, alone: the standard library, numpy, and the student's files are
all it knows. It decides nothing. Its counterpart is `grader.worker.client`, which believes no
word of it; the two agree on the frames described in docs/worker.md and share the functions
`encode` and `decode`, which the client imports from here.

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
anything else         ``{"u": "type name"}``
array without bytes   ``{"o": "object", "s": [3]}`` (too large, too)
====================  ==============================================  ==========================
"""

from __future__ import annotations

import bisect
import contextlib
import faulthandler
import functools
import importlib.machinery
import importlib.util
import io
import json
import os
import struct
import sys
import threading
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types
    from collections.abc import Callable
    from typing import BinaryIO

    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[Any]

TOKEN_BYTES = 16
PREFIX = struct.Struct(f"<{TOKEN_BYTES}sIQ")  # token, length of the JSON text, length of the bytes
FLOAT = struct.Struct("<d")
MAX_ARRAY_BYTES = 32 * 2**20
MAX_NODES = 200_000
MAX_DEPTH = 40
MAX_INT_BITS = 256
MAX_TEXT = 2_000
MAX_NAME = 200
MAX_KEPT = 8 * 2**10  # bytes of what one call printed
CALL_MARK = b"\x1e"  # in what was printed: another call begins
PARENT_POLL_S = 0.5
NOTEBOOK_MARK = b"# made from a notebook\n"
CELL_MARK = b"# %% cell "

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

numpy: Any = None  # the module, once `import_numpy` has run


class Carried:
    """A place in the arguments of a later step: the previous result, or one item of it."""

    __slots__ = ("index",)

    def __init__(self, index: int | None) -> None:
        self.index = index


FIXED = (int, float, bool, str, type(None), Carried)


# ----------------------------------------------------------------------------- values


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
        if kind is numpy.ndarray:
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
        if kind.__module__ == "numpy" and issubclass(kind, numpy.generic):
            return self._number(numpy.ndarray.item(numpy.asarray(value)), value.dtype)
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
        if tree is None or isinstance(tree, (bool, int, str)):
            return tree
        if isinstance(tree, list):
            return [self.decode(item, depth + 1) for item in tree]
        if not isinstance(tree, dict):
            raise ValueError("a tree of an unknown kind")  # noqa: TRY004 - bad data, not a bad call
        return self._node(tree, depth)

    def _node(self, tree: dict[str, Any], depth: int) -> Any:
        if "a" in tree:
            return self._array(tree)
        if "f" in tree:
            return FLOAT.unpack(self._take(8))[0]
        if "t" in tree:
            return tuple(self.decode(item, depth + 1) for item in tree["t"])
        if "d" in tree:
            pairs = [(self.decode(k, depth + 1), self.decode(v, depth + 1)) for k, v in tree["d"]]
            return dict(pairs)
        if "c" in tree:
            return Carried(tree["c"])
        if self._stand_in is None:
            raise ValueError(f"a tree of an unknown kind: {sorted(tree)}")
        return self._stand_in("u" if "u" in tree else "o", tree)

    def _array(self, tree: dict[str, Any]) -> Array:
        shape = tuple(tree["s"])
        if tree["a"] not in DTYPES or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError("an array of an unknown kind")
        dtype = numpy.dtype(tree["a"])
        size = dtype.itemsize
        for length in shape:
            size *= length
        flat = numpy.frombuffer(self._take(size), dtype)
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
        return numpy.flip(numpy.flip(array).copy())  # type: ignore[no-any-return]
    raise ValueError("an order of an unknown kind")


def to_json(tree: Any) -> bytes:
    """Return the one JSON text that both sides write for a tree."""
    return JSON.encode(tree).encode()


def digests(steps: list[list[Any]]) -> list[list[Any]]:
    """Return a fingerprint of every argument that a function could change.

    Numbers, strings and tuples of them cannot change; their place holds null.
    """
    return [[_digest(value) for value in arguments] for arguments in steps]


def _digest(value: Any) -> str | None:
    if type(value) in FIXED or (type(value) is tuple and all(type(v) in FIXED for v in value)):
        return None
    if type(value) is numpy.ndarray:  # the usual case, without a tree of its own
        described = f"{value.dtype.str}{value.shape}".encode()
        return blake2b(described + value.tobytes(), digest_size=8).hexdigest()
    tree, data = encode(value)
    return blake2b(to_json(tree) + data, digest_size=8).hexdigest()


# ----------------------------------------------------------------------------- calls


def describe_exception(error: BaseException, folder: str) -> dict[str, Any]:
    """Return what a traceback says about the student's own files, as plain data."""
    frames: list[list[Any]] = []
    trace = error.__traceback__
    while trace is not None and len(frames) < 1000:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith(folder):
            name = os.path.basename(code.co_filename)
            frames.append([name[:MAX_NAME], trace.tb_lineno, code.co_name[:MAX_NAME]])
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and str(error.filename).startswith(folder):
        frames.append([os.path.basename(str(error.filename)), error.lineno or 0, "<module>"])
    try:
        message = str(error)[:MAX_TEXT]
    except BaseException:  # noqa: BLE001 - a student's __str__ may do anything
        message = ""
    return {
        "type": type(error).__name__[:80],
        "value_error": isinstance(error, ValueError),
        "memory": isinstance(error, MemoryError),
        "unwritten": isinstance(error, NotImplementedError),
        "message": message.encode("utf-8", "replace").decode(),
        "frames": frames[-20:],
    }


class Printing:
    """What becomes of what is printed: it is passed on, unless a call is looked at.

    Attributes
    ----------
    begun
        Whether something was passed on since the last mark.
    kept, lines
        The beginning of what the call printed that is looked at, and its lines in all.
    keeps
        Whether what is printed is kept now. None passes it on, False drops it.
    """

    def __init__(self) -> None:
        self.begun = False
        self.kept, self.lines = bytearray(), 0
        self.keeps: bool | None = None

    def mark(self) -> None:
        """Say that another call begins, where something was printed before."""
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        if self.begun:
            with contextlib.suppress(OSError):
                os.write(2, CALL_MARK)
            self.begun = False


PRINTING = Printing()


class PrintedFile(io.FileIO):
    """Where the student's code prints."""

    def write(self, data: Any) -> int:
        """Pass bytes on, or keep them."""
        if PRINTING.keeps is None:
            PRINTING.begun = True
            return super().write(data)
        piece = bytes(data)
        if PRINTING.keeps:
            PRINTING.lines += piece.count(b"\n")
            PRINTING.kept += piece[: MAX_KEPT - len(PRINTING.kept)]
        return len(piece)


class Look:
    """Look at one step of a case: what it prints, and with which line the function returns.

    Parameters
    ----------
    path, name
        The function's file, and what it is called there.
    step
        Which step; what the others print is dropped.
    """

    def __init__(self, path: str, name: str, step: int) -> None:
        self._path, self._name, self._step = path, name, step
        self._line: int | None = None
        PRINTING.kept, PRINTING.lines = bytearray(), 0

    def begin(self, step: int) -> None:
        """Look at a step if it is the one, until the next begins."""
        flush()
        PRINTING.keeps = step == self._step
        sys.settrace(self._enter if PRINTING.keeps else None)

    def end(self) -> dict[str, Any]:
        """Return what was seen, as a part of the reply."""
        sys.settrace(None)
        flush()
        PRINTING.keeps = None
        text = bytes(PRINTING.kept).decode("utf-8", "replace")
        return {"p": text, "n": PRINTING.lines, "l": self._line}

    def _enter(self, frame: Any, _event: str, _: Any) -> Any:
        if frame.f_code.co_name != self._name or frame.f_code.co_filename != self._path:
            return None
        frame.f_trace_lines = False  # its end alone is of interest
        return self._leave

    def _leave(self, frame: Any, event: str, _: Any) -> Any:
        if event == "return":
            self._line = frame.f_lineno
        return self._leave


def run_case(  # noqa: PLR0913 - what a request says, one by one
    function: Any, case: Any, data: bytes, folder: str, most: int, look: Look | None = None
) -> tuple[Any, list[bytes]]:
    """Call `function` for each step of a case; return the reply's tree and bytes."""
    decoder = Decoder(data)
    steps = [decoder.decode(arguments) for arguments in case]
    encoder = Encoder(most=most)
    reply: dict[str, Any] = {"r": []}
    result: Any = None
    for number, arguments in enumerate(steps):
        if look is not None:
            look.begin(number)
        try:
            filled = [carry(a, result) if type(a) is Carried else a for a in arguments]
            result = function(*filled)
        except BaseException as error:  # noqa: BLE001 - SystemExit is an answer like any other
            reply["x"] = describe_exception(error, folder)
            break
        reply["r"].append(encoder.encode(result))
    if look is not None:
        reply |= look.end()
    reply["d"] = digests(steps)
    return reply, encoder.chunks


def carry(carried: Carried, result: Any) -> Any:
    """Return the part of the previous result that a later step asks for."""
    return result if carried.index is None else result[carried.index]


class Absences:
    """What is not run of the student's files, and what follows from that.

    The trusted side names the parts: imports that nothing asked for needs, and statements that
    use them. A statement at the top level that misses them all the same, through a function of
    its own say, is passed over and noted. Nothing else is forgiven.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._gone: dict[str, set[tuple[int, ...]]] = {}
        self._absent: set[str] = set()
        self._names: set[str] = set()

    def add(self, told: dict[str, Any]) -> None:
        """Take in what is left out of some files (docs/worker.md)."""
        for file, parts in told["parts"].items():
            path = os.path.join(self._folder, *file.split("/"))
            self._gone.setdefault(path, set()).update(tuple(part) for part in parts)
        self._absent.update(told["absent"])
        self._names.update(told["names"])

    def read(self, source: bytes, path: str) -> list[Any]:
        """Return the statements of a file that are left, an import of several things as several."""
        import ast  # noqa: PLC0415 - only who leaves something out pays for it

        gone = self._gone.get(path, set())
        tree = ast.parse(source, path)
        waiting: list[Any] = [tree] if gone else []
        while waiting:
            node = waiting.pop()
            for block in ("body", "orelse", "finalbody", "handlers", "cases"):
                parts = getattr(node, block, None)
                if isinstance(parts, list) and parts:
                    kept = [part for part in parts if self._keeps(part, gone)]
                    empty = not kept and node is not tree
                    kept += [ast.copy_location(ast.Pass(), parts[0])] if empty else []
                    setattr(node, block, kept)
                    waiting += kept
        return [one for statement in tree.body for one in self._separate(statement)]

    def _keeps(self, part: Any, gone: set[tuple[int, ...]]) -> bool:
        """Tell whether a statement stays; take out of an import what does not."""
        import ast  # noqa: PLC0415

        if (getattr(part, "lineno", 0), getattr(part, "col_offset", 0)) in gone:
            self._names |= bound_names(part)
            return False
        if not isinstance(part, (ast.Import, ast.ImportFrom)):
            return True
        for alias in part.names:
            if (alias.lineno, alias.col_offset) in gone:
                self._names |= bound_names(alias)
        part.names = [one for one in part.names if (one.lineno, one.col_offset) not in gone]
        return bool(part.names)

    def _separate(self, statement: Any) -> list[Any]:
        import ast  # noqa: PLC0415

        if not isinstance(statement, ast.ImportFrom) or len(statement.names) == 1:
            return [statement]
        parts = [ast.ImportFrom(statement.module, [one], statement.level)
                 for one in statement.names]  # fmt: skip
        return [ast.copy_location(part, statement) for part in parts]

    def forgives(self, error: Exception, statement: Any) -> bool:
        """Tell whether a statement raised since something is left out; what it binds is, too."""
        name, kind = getattr(error, "name", None), type(error)
        if kind is ModuleNotFoundError:
            missed = str(name).partition(".")[0] in self._absent
        elif kind is ImportError:  # `from helper import plot`, when that is left out there
            names = getattr(statement, "names", [])
            missed = len(names) == 1 and names[0].name in self._names
        elif kind is AttributeError:
            missed = name in self._names and isinstance(error.obj, type(sys))  # type: ignore[attr-defined]
        else:
            missed = kind is NameError and (name in self._names or "*" in self._names)
        if missed:
            self._names |= bound_names(statement)
        return missed


def bound_names(node: Any) -> set[str]:
    """Return the names that a statement binds, or one thing of an import."""
    import ast  # noqa: PLC0415 - only who leaves something out pays for it

    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.alias):
            found.add(part.asname or part.name.partition(".")[0])
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
    return found


class LibraryFinder:
    """Finds the libraries that the course allows, each in the one place that is told.

    The folder around it, where others are installed, is not even listed.
    """

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return where a library is; None for anything else."""
        place = self._places.get(name) if path is None and target is None else None
        if place is None or not os.path.isdir(place):
            return place and importlib.util.spec_from_file_location(name, place)
        file = os.path.join(place, "__init__.py")
        return importlib.util.spec_from_file_location(
            name, file, submodule_search_locations=[place]
        )


class OwnFinder:
    """Find modules as Python does, and let those of the student's folder leave things out."""

    def __init__(self, left_out: Absences, folder: str) -> None:
        self._left_out, self._folder = left_out, folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return what `PathFinder` finds, with a loader of ours for the student's files."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        plain = importlib.machinery.SourceFileLoader
        is_own = spec is not None and str(spec.origin).startswith(self._folder)
        if spec is not None and is_own and type(spec.loader) is plain:
            spec.loader = OwnLoader(name, str(spec.origin), self._left_out)
        return spec


class OwnLoader(importlib.machinery.SourceFileLoader):
    """Run a file of the student's without what is left out of it."""

    def __init__(self, name: str, path: str, left_out: Absences) -> None:
        super().__init__(name, path)
        self._left_out = left_out

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the file."""
        run_statements(module, self.path, self._left_out)


def run_statements(module: types.ModuleType, path: str, left_out: Absences) -> None:
    """Run a file statement by statement, without what is left out of it."""
    import __future__  # noqa: PLC0415 - only who leaves something out pays for it

    import ast  # noqa: PLC0415

    with open(path, "rb") as file:
        statements = left_out.read(file.read(), path)
    flags = 0
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
        tree = ast.Module([statement], [])
        code = compile(tree, path, "exec", flags=flags, dont_inherit=True)
        run_statement(code, statement, module, left_out)


def run_statement(code: Any, statement: Any, module: types.ModuleType, left_out: Absences) -> None:
    """Run one statement; note it where it missed something that is left out."""
    try:
        exec(code, module.__dict__)  # noqa: S102 - the student's code is what we are here for
    except Exception as error:
        if not left_out.forgives(error, statement):
            raise
        name = os.path.basename(code.co_filename)
        where = f'File "{name}", line {statement.lineno}'
        print(f"{where} is left out: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201


def run_cells(module: types.ModuleType, path: str, left_out: Absences | None = None) -> bool:
    """Run a file that was made from a notebook, cell by cell; tell whether it is one.

    A cell that raises is noted on the standard error, and the next one runs, as in a notebook.
    """
    with open(path, "rb") as file:
        source = file.read()
    if not source.startswith(NOTEBOOK_MARK):
        return False
    import ast  # noqa: PLC0415 - only notebooks pay for it

    cells: dict[int, list[Any]] = {}
    starts = [n for n, line in enumerate(source.split(b"\n"), 1) if line.startswith(CELL_MARK)]
    body = ast.parse(source, path).body if left_out is None else left_out.read(source, path)
    for statement in body:
        first = getattr(statement, "decorator_list", None) or [statement]
        number = bisect.bisect_right(starts, first[0].lineno)
        cells.setdefault(number, []).append(statement)
    for number, statements in cells.items():
        try:
            if left_out is None:
                code = compile(ast.Module(statements, []), path, "exec")
                exec(code, module.__dict__)  # noqa: S102 - as above
                continue
            for statement in statements:
                code = compile(ast.Module([statement], []), path, "exec")
                run_statement(code, statement, module, left_out)
        except Exception as error:  # noqa: BLE001 - it may raise anything
            print(f"cell {number} raised {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
    return True


class Conversation:
    """Answer requests until the pipe closes."""

    def __init__(self, requests: BinaryIO, replies: int, folder: str) -> None:
        self._requests = requests
        self._replies = replies
        self._folder = folder
        self._modules: dict[str, types.ModuleType] = {}
        self._left_out: Absences | None = None

    def run(self) -> None:
        """Say that all is ready; then read, do, answer, until the parent closes its side."""
        self._send(bytes(TOKEN_BYTES), {"ready": time.process_time()})
        while prefix := self._requests.read(PREFIX.size):
            token, json_size, data_size = PREFIX.unpack(prefix)
            request = json.loads(self._requests.read(json_size))
            data = self._requests.read(data_size)
            if request["do"] == "load":
                self._leave_out(request.get("left_out"))
                self._send(token, self._load(request["module"], request["name"]))
            else:
                self._call(token, request, data)

    def _leave_out(self, told: dict[str, Any] | None) -> None:
        """From now on leave out what is told, of the files that are imported by others too."""
        if told is None:
            return
        if self._left_out is None:
            self._left_out = Absences(self._folder)
            finder = OwnFinder(self._left_out, self._folder)
            sys.meta_path.insert(sys.meta_path.index(importlib.machinery.PathFinder), finder)
        self._left_out.add(told)

    def _send(self, token: bytes, tree: Any, chunks: list[bytes] | None = None) -> None:
        text = to_json(tree)
        data = b"".join(chunks or [])
        frame = memoryview(PREFIX.pack(token, len(text), len(data)) + text + data)
        while frame:
            frame = frame[os.write(self._replies, frame) :]

    def _load(self, name: str, function: str) -> dict[str, Any]:
        if name not in self._modules:
            try:
                self._modules[name] = self._import(name)
            except BaseException as error:  # noqa: BLE001 - the file may raise anything
                return {"x": describe_exception(error, self._folder)}
            finally:
                flush()
        found = getattr(self._modules[name], function, None)
        return {"callable": callable(found)}

    def _import(self, name: str) -> types.ModuleType:
        path = os.path.join(self._folder, name + ".py")
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"cannot read {name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            if not run_cells(module, path, self._left_out):
                if self._left_out is not None:
                    run_statements(module, path, self._left_out)
                else:
                    spec.loader.exec_module(module)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module

    def _call(self, token: bytes, request: dict[str, Any], data: bytes) -> None:
        module = self._modules.get(request["module"])
        function = getattr(module, request["name"], None)
        at, last, look = 0, None, None
        if "look" in request:
            path = os.path.join(self._folder, request["module"] + ".py")
            look = Look(path, request["name"], request["look"])
        cases = zip(request["cases"], request["sizes"], request["most"], strict=True)
        for number, (case, size, most) in enumerate(cases):
            if "texts" in request and request["texts"][number] != last:
                last = request["texts"][number]
                function = rewritten(module, request, last)
            PRINTING.mark()
            part = data[at : at + size]
            reply, chunks = run_case(function, case, part, self._folder, most, look)
            self._send(token, reply, chunks)
            at += size
        flush()


def flush() -> None:
    """Pass on what the student printed; a closed or replaced stream is not our concern."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


# ----------------------------------------------------------------------------- other texts


class Overtime(BaseException):
    """A function that was made of another text takes too long."""


def rewritten(module: Any, request: dict[str, Any], text: str) -> Any:
    """Return a function as another text has it, in a copy of the names of the student's file.

    What the text defines is seen there alone, and so is what it does to the file's own lists,
    dicts and arrays: the next exercise finds the file as it was.
    """
    try:
        base = compiled(request["base"])
        names = {**module.__dict__, **own_copies(module.__dict__, names_in(base))}
        exec(base, names)  # noqa: S102 - the student's code is what we are here for
        exec(compiled(text), names)  # noqa: S102 - as above
        return limited(names[request["name"]], request["limit_s"])
    except BaseException as error:  # noqa: BLE001 - a decorator may raise anything
        failure = error

        def fails(*_: Any) -> None:
            raise failure

        return fails


@functools.lru_cache(4)
def compiled(text: str) -> Any:
    """Return the code of a text, whose annotations are looked at as little as anywhere."""
    import __future__  # noqa: PLC0415 - only who tries other texts pays for it

    flags = __future__.annotations.compiler_flag
    return compile(text, "<another text>", "exec", flags=flags, dont_inherit=True)


def names_in(code: Any) -> set[str]:
    """Return the names that a code looks up outside of its functions, those inside of it too."""
    inner = [names_in(const) for const in code.co_consts if type(const) is type(code)]
    return set(code.co_names).union(*inner)


def own_copies(names: dict[str, Any], used: set[str]) -> dict[str, Any]:
    """Return a copy of each value that a function could change."""
    import copy  # noqa: PLC0415 - as above

    found = {}
    for name in used & set(names):
        if isinstance(names[name], (list, dict, set, bytearray, numpy.ndarray)):
            with contextlib.suppress(Exception):  # an item may forbid it
                found[name] = copy.deepcopy(names[name])
    return found


def limited(function: Any, limit_s: float) -> Any:
    """Return a function that raises when it has computed for too long, where that can be told."""
    import signal  # noqa: PLC0415 - as above

    if not hasattr(signal, "setitimer"):
        return function  # the parent's limit holds
    running = False

    def interrupt(*_: Any) -> None:
        if running:
            raise Overtime

    def call(*arguments: Any) -> Any:
        nonlocal running
        signal.signal(signal.SIGPROF, interrupt)
        running = True
        signal.setitimer(signal.ITIMER_PROF, limit_s, limit_s / 10)
        try:
            return function(*arguments)
        finally:
            running = False
            signal.setitimer(signal.ITIMER_PROF, 0.0)

    return call


# ----------------------------------------------------------------------------- start


def import_numpy(folder: str | None) -> None:
    """Import numpy, from `folder` alone when one is given.

    The folder is never on `sys.path`, so that nothing else which is installed beside numpy can be
    imported by name.
    """
    global numpy  # noqa: PLW0603 - the one module that both halves of this file use
    if folder is not None and "numpy" not in sys.modules:
        spec = importlib.machinery.PathFinder.find_spec("numpy", [folder])
        if spec is None or spec.loader is None:
            raise ImportError(f"no numpy in {folder}")
        module = importlib.util.module_from_spec(spec)
        sys.modules["numpy"] = module
        spec.loader.exec_module(module)
    numpy = importlib.import_module("numpy")


def limit_resources(memory_mib: int, cpu_s: int, more: dict[str, int]) -> None:
    """Set the limits that this platform offers; the parent watches them as well."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    for name, value in [
        ("RLIMIT_AS", memory_mib * 2**20),
        ("RLIMIT_CPU", cpu_s),
        ("RLIMIT_CORE", 0),
        *more.items(),
    ]:
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))


def restrict_files(path: str, folder: str) -> None:
    """Keep this process and its children from all files that no rule names, for good (Linux).

    The rules are in a file, since a command line is too short for some; those of the student's
    own folder come to them.
    """
    import ctypes  # noqa: PLC0415 - only where no sandbox does it from outside

    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    libc = ctypes.CDLL(None, use_errno=True)
    create_ruleset, add_rule, restrict_self, path_beneath = 444, 445, 446, 1

    def call(number: int, *arguments: Any) -> int:
        result = int(libc.syscall(number, *arguments))
        if result < 0:
            raise OSError(ctypes.get_errno(), "the rules about files are refused")
        return result

    handled = struct.pack("<Q", given["handled"])
    ruleset = call(create_ruleset, handled, ctypes.c_size_t(8), 0)
    for place, rights in [*given["rules"], (folder, given["folder"])]:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
        call(add_rule, ruleset, path_beneath, struct.pack("<Qi", rights, opened), 0)
        os.close(opened)
    give_up_privileges(libc)
    call(restrict_self, ruleset, 0)
    os.close(ruleset)


def give_up_privileges(libc: Any) -> None:
    """Promise the kernel that nothing this process starts has more rights than it has."""
    import ctypes  # noqa: PLC0415 - only where no sandbox does it from outside

    no_new_privileges = 38
    if libc.prctl(no_new_privileges, ctypes.c_ulong(1), *[ctypes.c_ulong(0)] * 3) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs is refused")


def filter_calls(program: bytes) -> None:
    """Put this process and its children under a filter of system calls, for good (Linux)."""
    import ctypes  # noqa: PLC0415 - only where no sandbox does it from outside

    class Program(ctypes.Structure):
        _fields_ = (("count", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    settled = ctypes.byref(Program(len(program) // 8, program))
    set_seccomp, mode_filter = 22, 2
    give_up_privileges(libc)
    if libc.prctl(set_seccomp, ctypes.c_ulong(mode_filter), settled, ctypes.c_ulong(0)) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls is refused")


def wake_at_parents_end() -> None:
    """Let the kernel continue this process, if it is stopped, when whoever started it ends (Linux).

    A stopped process hears of nothing and would stay. One that runs does not notice: what it is
    sent comes at the end of the thread that started it, too, and that may be no end at all.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(Exception):
        import ctypes  # noqa: PLC0415 - numpy imports them anyway
        import signal  # noqa: PLC0415

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(
            ctypes.c_int(set_parent_death_signal), ctypes.c_ulong(signal.SIGCONT)
        )


def tell_where(replies: int) -> None:
    """Let the parent ask at any moment which line is being run, in a loop of C code, too.

    What is then written is no frame: whoever asks wants no other answer from this process.
    """
    with contextlib.suppress(Exception):
        import signal  # noqa: PLC0415 - as above

        faulthandler.register(signal.SIGUSR1, file=replies, all_threads=False)


def follow_parent() -> None:
    """End the whole process group soon after the parent has gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        with contextlib.suppress(Exception):
            os.killpg(0, 9)
        os._exit(1)

    if hasattr(os, "killpg"):
        threading.Thread(target=watch, daemon=True).start()


def take_pipes() -> tuple[BinaryIO, int]:
    """Move the private pipes away from descriptors 0 and 1; what is printed goes to the third."""
    requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    replies = os.dup(1)
    if os.name == "nt":  # pragma: no cover - Windows only
        import msvcrt  # noqa: PLC0415

        for descriptor in (replies, requests.fileno(), 2):
            msvcrt.setmode(descriptor, os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = io.TextIOWrapper(  # stays open for the life of the process
            io.BufferedWriter(PrintedFile(descriptor, "w", closefd=False)),
            encoding="utf-8", errors="backslashreplace", line_buffering=True,
        )  # fmt: skip
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    return requests, replies


def main(settings: dict[str, Any]) -> None:
    """Start a session with the settings of the command line (docs/worker.md)."""
    wake_at_parents_end()
    requests, replies = take_pipes()
    import_numpy(settings["numpy"])
    tell_where(replies)
    limit_resources(settings["memory_mib"], settings["cpu_s"], settings.get("resources", {}))
    if settings.get("files"):
        restrict_files(settings["files"], settings["folder"])
    if settings.get("seccomp"):
        filter_calls(bytes.fromhex(settings["seccomp"]))
    follow_parent()  # only now: rules and filter hold for one thread and for those that it starts
    if settings.get("libraries"):
        before = sys.meta_path.index(importlib.machinery.PathFinder)
        sys.meta_path.insert(before, LibraryFinder(settings["libraries"]))
    folder = os.path.join(settings["folder"], "")
    sys.path.append(settings["folder"])
    sys.dont_write_bytecode = True
    sys.argv = [""]
    Conversation(requests, replies, folder).run()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
