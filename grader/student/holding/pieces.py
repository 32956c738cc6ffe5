"""The parts of a script that are the same for every case: plain Python that knows numpy alone."""

from __future__ import annotations

LOAD = """\
import sys

sys.dont_write_bytecode = True
FOLDER = {folder!r}
sys.path = [path for path in sys.path if path != FOLDER] + [FOLDER]  # last: it hides nothing

import importlib.util

import numpy as np

spec = importlib.util.spec_from_file_location({module!r}, {file!r})
{module} = sys.modules[{module!r}] = importlib.util.module_from_spec(spec)
"""
RUN = "spec.loader.exec_module({module})\n"
RUN_IN_PARTS = '''\


def run_in_parts(module, file):
    """Run a file statement by statement and pass over what raises: the grader does so here."""
    import ast

    with open(file, "rb") as stream:
        tree = ast.parse(stream.read(), file)
    for statement in tree.body:
        try:
            exec(compile(ast.Module([statement], []), file, "exec"), vars(module))
        except Exception as error:
            print(f"passed over, line {{statement.lineno}}: {{error}}", file=sys.stderr)


run_in_parts({module}, {file!r})
'''
COMPARE = '''\


def first_wrong(expected, got, name):
    """Say what differs first: type, dtype, shape, then the numbers; nothing where none does."""
    if isinstance(expected, (list, tuple, dict)):
        is_dict = isinstance(expected, dict)
        if not isinstance(got, dict if is_dict else (list, tuple)) or len(got) != len(expected):
            return f"{name} = {got!r}, expected {len(expected)} items"
        for key in expected if is_dict else range(len(expected)):
            if is_dict and key not in got:
                return f"{name} has no {key!r}"
            found = first_wrong(expected[key], got[key], f"{name}[{key!r}]")
            if found:
                return found
        return ""
    if isinstance(got, np.generic) or (type(got) is np.ndarray and got.ndim == 0):
        if got.dtype.kind == "f" and got.dtype != float:
            return f"{name} is {got.dtype}, expected float64"
        got = got.item()
    if type(expected) is np.ndarray:
        if type(got) is not np.ndarray:
            return f"{name} is a {type(got).__name__}, expected an array"
        if got.dtype != expected.dtype and not {got.dtype.kind, expected.dtype.kind} <= set("iu"):
            return f"{name}.dtype = {got.dtype}, expected {expected.dtype}"
        if got.shape != expected.shape:
            return f"{name}.shape = {got.shape}, expected {expected.shape}"
    elif type(got) is not type(expected) and (type(expected), type(got)) != (float, int):
        return f"{name} = {got!r}, expected {expected!r}"
    elif type(expected) is not float:
        return "" if got == expected else f"{name} = {got!r}, expected {expected!r}"
    want, have = np.asarray(expected), np.asarray(got)
    wrong = want != have
    if want.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            largest = np.abs(want[np.isfinite(want)]).max(initial=0.0)
            wrong &= ~(np.abs(have - want) <= TOLERANCE * largest + ROUNDED)
    if not wrong.any():
        return ""
    at = tuple(np.argwhere(wrong)[0].tolist())
    where = f"{name}[{', '.join(map(str, at))}]" if at else name
    pair = f"{have[at].item()!r}, expected {want[at].item()!r}"
    return f"{where} = {pair} ({wrong.sum()} of {wrong.size} wrong)"


'''
SHOW = """\
print("expected:", expected, sep="\\n")
print("got:", got, sep="\\n")
wrong = first_wrong(expected, got, "got")
print("first wrong: " + wrong if wrong else "nothing is wrong here")
"""
SHOW_ONCE = """\
if not wrong:
    print("what is kept between calls must come from other calls than these two")
"""
SHOW_CHANGE = """\
if {changed}:
    print("it changes its argument {name}:", {name}, "before:", before, sep="\\n")
"""
MAY_END = """\
print("the call comes now: where nothing is said below, the process ended in it", flush=True)

"""
REFUSAL = """\
except ValueError as error:
    print("expected: ValueError", "got:", repr(error), "nothing is wrong here", sep="\\n")
else:
    print("expected: ValueError", "got:", got, "first wrong: it raised nothing", sep="\\n")
"""
