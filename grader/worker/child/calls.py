"""One case: the function is called with its arguments, and what it answers becomes a reply.

The case of a class is a script of calls on its objects (`grader.model.scripts`).
"""

from __future__ import annotations

import contextlib
import operator
import os
import sys
from typing import Any

from grader.worker.child.agreed import MAX_TEXT
from grader.worker.child.encoding import REF, Carried, Decoder, Encoder, Written
from grader.worker.child.printing import PRINTING, flush
from grader.worker.child.replies import write_fingerprints, write_reply

MAX_NAME = 200
RESERVE = [bytes(4 * 2**20)]  # of memory, to say that there is no more


def run_case(  # noqa: PLR0913 - what a request says, one by one
    function: Any,
    case: Any,
    data: bytes,
    folder: str,
    most: int,
    look: Look | None = None,
    *,
    script: bool = False,
) -> tuple[bytes, bytes]:
    """Call `function` for each step of a case; return the reply's text and bytes."""
    decoder = Decoder(data)
    steps = list(map(decoder.decode, case))
    encoder = Encoder(most=most)
    results, more = [], {}
    result: Any = None
    for number, arguments in enumerate(steps):
        if look is not None:
            look.begin(number)
        try:
            if decoder.leaves_open:
                result = function(*[fill(one, result) for one in arguments])
            else:
                result = function(*arguments)
        except BaseException as error:  # noqa: BLE001 - SystemExit is an answer like any other
            more["x"] = describe_exception(error, folder)
            break
        results.append(encoder.encode(result))
    if look is not None:
        more |= look.end()
    text = write_reply(results, write_fingerprints(steps, script=script), more)
    return text, b"".join(encoder.chunks)


NOTHING_RAISED = "nothing was raised"
OPERATIONS = {
    name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "pow", "neg")
} | {"sum": lambda *given: sum(given)}
COMPILED: dict[str, Any] = {}  # what classes are lent by, for all scripts that lend them
MAY_RAISE = {"ValueError": ValueError, "RuntimeError": RuntimeError}


class ScriptRunner:
    """Run the steps of a script on objects of one class, by the names that the script gives.

    What a script gives is made anew for it, so that the arguments of a case stay what they are.

    Parameters
    ----------
    made
        The class.
    """

    def __init__(self, made: Any) -> None:
        self._made = made
        self._things: dict[str, Any] = {}
        self._results: list[Any] = []

    def __call__(self, verb: str, *rest: Any) -> Any:
        """Run one step; return what it shows, None where it shows nothing."""
        return getattr(self, f"_{verb}")(*rest)

    def _read(self, value: Any) -> Any:
        """Return an argument, with what it names."""
        kind = type(value)
        if kind is dict:
            if len(value) == 1 and REF in value:
                return self._things[value[REF]]
            return {key: self._read(item) for key, item in value.items()}
        if kind is list or kind is tuple:
            return kind([self._read(item) for item in value])
        return value

    def _named(self, options: Any) -> dict[str, Any]:
        """Return arguments with names, with what they name."""
        return {name: self._read(value) for name, value in options.items()} if options else {}

    def _let(self, name: str, value: Any) -> None:
        if type(value) in (list, tuple, dict):
            self._things[name] = self._read(value)
        else:
            copied = getattr(value, "clone", None) or getattr(value, "copy", None)
            self._things[name] = copied() if copied else value

    def _new(self, name: str, arguments: Any, options: Any = ()) -> None:
        self._things[name] = self._made(*self._read(arguments), **self._named(options))

    def _lend(self, name: str, source: str) -> None:
        made: dict[str, Any] = {}
        if source not in COMPILED:
            COMPILED[source] = compile(source, f"<{name}>", "exec")
        exec(COMPILED[source], made)  # noqa: S102 - the parent's text; a new class for each script
        self._things[name] = made[name]

    def _make(self, name: str, lent: str, arguments: Any, options: Any = ()) -> None:
        self._things[name] = self._things[lent](*self._read(arguments), **self._named(options))

    def _ask(self, name: str, method: str, arguments: Any, options: Any = ()) -> Any:
        function = getattr(self._things[name], method)
        return function(*self._read(arguments), **self._named(options))

    def _call(self, *rest: Any) -> Any:
        result = self._ask(*rest)
        self._results.append(result)
        return result

    def _do(self, *rest: Any) -> None:
        self._ask(*rest)

    def _get(self, name: str, attribute: str) -> Any:
        return getattr(self._things[name], attribute)

    def _set(self, name: str, attribute: str, value: Any) -> None:
        setattr(self._things[name], attribute, self._read(value))

    def _change(self, name: str, attribute: str, amount: float) -> None:
        target = getattr(self._things[name], attribute)
        if callable(target):
            target = target()[0]
        target[...] -= amount

    def _op(self, name: str, operation: str, arguments: Any) -> Any:
        given = self._read(list(arguments))
        if operation in OPERATIONS:
            made = OPERATIONS[operation](*given)
        else:
            made = getattr(given[0], operation)(*given[1:])
        self._things[name] = made
        return made.data

    def _see(self, name: str) -> Any:
        return self._things[name]

    def _again(self) -> Any:
        return list(self._results)

    def _raises(self, kind: str, *step: Any) -> str:
        try:
            self(*step)
        except MAY_RAISE[kind] as error:
            if isinstance(error, NotImplementedError):
                raise
            return kind
        return NOTHING_RAISED


def fill(argument: Any, result: Any) -> Any:
    """Return an argument, or what it stands for: of the previous result, or a new function."""
    if type(argument) is Carried:
        return result if argument.index is None else result[argument.index]
    if type(argument) is Written:
        return eval(argument.text, {})  # noqa: S307 - the parent's text
    return argument


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


def let_go(error: MemoryError) -> None:
    """Free what there is no memory beside: a reserve, and what the functions that raised hold."""
    RESERVE.clear()
    trace = error.__traceback__
    while trace is not None:
        with contextlib.suppress(RuntimeError):  # of ours, which are running
            trace.tb_frame.clear()
        trace = trace.tb_next
    with contextlib.suppress(MemoryError):
        RESERVE.append(bytes(4 * 2**20))


def describe_exception(error: BaseException, folder: str) -> dict[str, Any]:
    """Return what a traceback says about the student's own files, as plain data."""
    if isinstance(error, MemoryError):
        let_go(error)
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
