"""A function as another text has it, in a copy of the names of the student's file."""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import numpy as np


class Overtime(BaseException):
    """A function that was made of another text takes too long."""


def rewritten(module: Any, request: dict[str, Any], text: str) -> Any:
    """Return what another text defines, in a copy of the names of the student's file.

    What the text defines is seen there alone, and so is what it does to the file's own lists,
    dicts and arrays: the next exercise finds the file as it was.
    """
    try:
        base = compiled(request["base"])
        names = {**module.__dict__, **own_copies(module.__dict__, names_in(base))}
        exec(base, names)  # noqa: S102 - the student's code is what we are here for
        exec(compiled(text), names)  # noqa: S102 - as above
        return names[request["name"]]
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
        if isinstance(names[name], (list, dict, set, bytearray, np.ndarray)):
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
