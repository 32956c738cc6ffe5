"""Calls and uses that do not suit a value: arguments, parentheses, brackets, loops, `+`."""

from __future__ import annotations

import ast
import builtins
import inspect
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.names import local_names
from grader.engine.naming.exceptions.scene import Rule
from grader.engine.reading.sites import code_of
from grader.text.meant import nearest

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from grader.engine.naming.exceptions.scene import Scene
    from grader.engine.reading.sites import Function, Site

KIND = r"'(?P<kind>[\w.]{1,80})'"
AFTER_NAME = r"(?:[\w.<>]{0,80}\.)?(?P<name>\w{1,80})\(\)"
PLAIN = ("shape", "size", "ndim", "T")  # attributes of an array that are no functions
OPTIONS = ("axis", "keepdims", "dtype", "out", "where", "initial", "ddof", "order", "copy")
OTHER_OPTIONS = {"dim": "axis", "keepdim": "keepdims", "axes": "axis"}
MAX_SIGNATURE = 120


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _calls_of(site: Site | None, name: str) -> list[ast.Call]:
    calls = site.find(ast.Call) if site else []
    return [one for one in calls if _called(one) == name]


def _own(site: Site | None, name: str) -> Function | None:
    nodes = list(ast.walk(site.tree)) if site else []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return next((one for one in nodes if isinstance(one, kinds) and one.name == name), None)


def _signature(scene: Scene, name: str) -> str:
    """Return how a function is called: an own one by its file, one of NumPy as it is installed."""
    function = _own(scene.site, name)
    if function is not None:
        text = f"{name}({ast.unparse(function.args)})" if len(function.args.args) < 20 else ""
        return text if len(text) <= MAX_SIGNATURE else ""
    calls = _calls_of(scene.site, name)
    if calls and getattr(getattr(calls[0].func, "value", None), "id", "") in ("np", "numpy"):
        import numpy as np  # noqa: PLC0415 - who reads what was told needs none of it

        try:
            names = list(inspect.signature(vars(np)[name]).parameters.values())
        except (KeyError, TypeError, ValueError):
            return ""
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        wanted = [p.name for p in names if p.kind in kinds and p.default is inspect.Parameter.empty]
        return f"np.{name}({', '.join([*wanted, '…'])})" if wanted else ""
    return ""


def _missing(scene: Scene, found: re.Match[str]) -> str:
    name, signature = found["name"], _signature(scene, found["name"])
    more = f": {signature}" if signature else ""
    if not _calls_of(scene.site, name):
        return f"{name} is called without an argument that it needs{more}."
    return f"{name} is called in this line without an argument that it needs{more}."


def _many(scene: Scene, found: re.Match[str]) -> str:
    name, signature = found["name"], _signature(scene, found["name"])
    if name in ("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"):
        return _stacked(scene, found) or ""
    more = f": {signature}" if signature else ""
    return f"{name} is called with another number of arguments than it takes{more}."


def _keyword(scene: Scene, found: re.Match[str]) -> str:
    name, option = found["name"], found["option"]
    function = _own(scene.site, name.lstrip("_"))
    if function is not None:
        names = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
        near = nearest(option, names)
        meant = f"did you mean `{near}`?" if near else f"it takes {', '.join(names) or 'none'}."
        return f"{name} has no argument `{option}`: {meant}"
    near = OTHER_OPTIONS.get(option) or nearest(option, OPTIONS)
    calls = [one for one in _all_calls(scene) if option in [k.arg for k in one.keywords]]
    called = (_called(calls[0]) if calls else "") or name.lstrip("_")
    meant = f"did you mean `{near}`?" if near and near != option else "leave it out."
    return f"{called} takes no argument `{option}`: {meant}"


def _all_calls(scene: Scene) -> list[ast.Call]:
    return scene.site.find(ast.Call) if scene.site else []


def _twice(_: Scene, found: re.Match[str]) -> str:
    text = (
        f"{found['name']} gets `{found['option']}` twice, once by its place and once by its name: "
    )
    return text + "leave one out."


def _not_callable(scene: Scene, found: re.Match[str]) -> str:
    kind, site = found["kind"], scene.site
    own = local_names(site.function) if site and site.function else set[str]()
    for call in _all_calls(scene):
        code = code_of(call.func)
        if isinstance(call.func, ast.Attribute) and call.func.attr in PLAIN:
            how = f"`{code}[0]`, say" if call.func.attr == "shape" else f"`{code}`"
            return f"`{code}` is no function and is not called: {how}."
        if isinstance(call.func, ast.Constant):
            return f"`{code}(…)` calls a number: is a `*` missing?"
        if isinstance(call.func, ast.Name) and code in own and site is not None:
            return _value_called(site, code, kind)
    return ""


def _value_called(site: Site, name: str, kind: str) -> str:
    given = [one.number for one in site.bindings(name)]
    if given and (hasattr(builtins, name) or _own(site, name)):
        text = f"`{name}` was given a value in {site.name_line(given[0])} and is no function any "
        return text + "more: give that variable another name."
    if kind in ("int", "float"):
        return f"`{name}(…)` calls a number: is a `*` missing?"
    text = f"`{name}(…)` calls a value ({kind}): square brackets take an element, "
    return text + f"`{name}[…]`."


def _not_subscriptable(scene: Scene, found: re.Match[str]) -> str:
    kind, site = found["kind"], scene.site
    values = [one.value for one in site.find(ast.Subscript)] if site else []
    if kind in ("function", "builtin_function_or_method", "method", "type", "numpy.ufunc"):
        own = local_names(site.function) if site and site.function else set[str]()
        values = [
            one
            for one in values
            if (isinstance(one, ast.Attribute) and one.attr not in PLAIN)
            or (isinstance(one, ast.Name) and one.id not in own)
        ]
        code = _only(values)
        return f"`{code}` is a function: round parentheses call it, `{code}(…)`." if code else ""
    code = _only(values)
    text = f"`{code}` is a single number here ({kind}), which brackets have nothing to take from."
    return text if code else ""


def _only(nodes: Sequence[ast.AST]) -> str:
    """Return the code of some nodes if it is one and the same."""
    codes = {code_of(one) for one in nodes}
    return codes.pop() if len(codes) == 1 else ""


def _not_iterable(scene: Scene, found: re.Match[str]) -> str:
    """Say what is a single number: what a loop goes through, or what is unpacked."""
    site, kind = scene.site, found["kind"]
    if site is None:
        return ""
    statement = site.statement
    loops = [one for one in site.heads if isinstance(one, (ast.For, ast.AsyncFor))]
    through = [one.iter for one in (*loops, *site.find(ast.comprehension))]
    code = _only(through)
    if found[0].startswith("cannot unpack"):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if loops and code:
            return (
                f"Each value of `{code}` is a single number ({kind}): the loop gives it one name."
            )
        if isinstance(target, ast.Tuple) and (code := code_of(getattr(statement, "value", None))):
            text = f"`{code}` is a single number here ({kind}), and this line wants "
            return text + f"{len(target.elts)} values of it."
    elif code and not any(isinstance(one, ast.Call) for one in through):
        return f"`{code}` is a single number ({kind}), and a loop wants several: `range({code})`."
    return ""


def _assignment(scene: Scene, found: re.Match[str]) -> str:
    kind = found["kind"]
    parts = scene.site.find(ast.Subscript) if scene.site else []
    codes = [code_of(one.value) for one in parts if isinstance(one.ctx, ast.Store)]
    what = f"`{codes[0]}`" if codes and codes[0] else "It"
    if kind in ("tuple", "str", "range"):
        return f"{what} is a {kind}, which never changes: make a list of it, list(…), or a new one."
    return f"{what} is a single value here ({kind}), which has no elements to assign to."


def _stacked(scene: Scene, _: re.Match[str]) -> str | None:
    names = ("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack", "append")
    for call in _all_calls(scene):
        sizes = [code_of(one) for one in call.args]
        if _called(call) in names and len(sizes) > 1:
            made = f"{code_of(call.func) or _called(call)}(({', '.join(sizes)}))"
            inner = f": `{made}`" if all(sizes) else ""
            return (
                f"np.{_called(call)} takes the arrays as one tuple, in parentheses of its "
                f"own{inner}."
            )
        if _called(call) == "range" and len(sizes) == 1 and sizes[0]:
            return (
                f"range wants a whole number, and `{sizes[0]}` is an array: "
                f"`range(len({sizes[0]}))`?"
            )
        if _called(call) in ("max", "min") and len(sizes) == 2 and not call.keywords:
            return (
                f"np.{_called(call)} takes its second argument for an axis: np.{_called(call)}imum "
                "compares two arrays element by element."
            )
    return ""


RULES = (
    Rule(
        "argument-missing", "TypeError",
        rf"{AFTER_NAME} (?:missing (?:\d{{1,3}} )?required|takes from \d{{1,3}} to \d{{1,3}} "
        rf"positional "
        r"arguments but [01] w)",
        "A function is called without an argument that it needs.", _missing,
    ),
    Rule(
        "arguments-many", "TypeError",
        rf"{AFTER_NAME} takes (?:from|exactly|no|at most|at least|\d{{1,3}})",
        "A function is called with another number of arguments than it takes.", _many,
    ),
    Rule(
        "keyword-unknown", "TypeError",
        rf"{AFTER_NAME} got an unexpected keyword argument '(?P<option>\w{{1,80}})'",
        "A function is called with a keyword that it does not have: is it misspelt (axis, "
        "keepdims)?",
        _keyword,
    ),
    Rule(
        "keyword-unknown", "TypeError",
        r"'(?P<option>\w{1,80})' is an invalid keyword argument for (?P<name>\w{1,80})\(\)",
        "A function is called with a keyword that it does not have: is it misspelt (axis, "
        "keepdims)?",
        lambda _, found: f"Python's {found['name']} takes no argument `{found['option']}`: "
        f"np.{found['name']} has such options.",
    ),
    Rule(
        "argument-twice", "TypeError",
        rf"{AFTER_NAME} got multiple values for argument '(?P<option>\w{{1,80}})'",
        "A function gets one argument twice, by its place and by its name.", _twice,
    ),
    Rule(
        "not-callable", "TypeError", rf"{KIND} object is not callable",
        "Something is called with parentheses that is no function: a number before a parenthesis "
        "wants a `*`, elements are taken with square brackets, and a shape is not called.",
        _not_callable,
    ),
    Rule(
        "not-subscriptable", "TypeError", rf"{KIND} object is not subscriptable",
        "Square brackets stand after something that has no elements: a single number, or a "
        "function "
        "that wants round parentheses.", _not_subscriptable,
    ),
    Rule(
        "not-iterable", "TypeError",
        r"(?:cannot unpack non-iterable |')(?P<kind>int|float|bool|numpy\.\w{1,20})"
        r"(?: object|' object is not iterable)",
        "A single number stands where several values are wanted: a loop counts with range(n), and "
        "one number is not unpacked into several names.", _not_iterable,
    ),
    Rule(
        "no-length", "TypeError", rf"(?:object of type {KIND} has no len|len\(\) of "
        rf"unsized|iteration over a 0-d)",
        "A single number stands where several values are wanted: it has no length, and no "
        "elements.",
    ),
    Rule(
        "item-assignment", "TypeError", rf"{KIND} object does not support item assignment",
        "An element is assigned to in something that never changes, as a tuple, or has no "
        "elements.",
        _assignment,
    ),
    Rule(
        "arrays-as-arguments", "TypeError", r"only integer scalar arrays can be converted to a "
        r"scalar",
        "An array stands where one whole number is wanted: np.concatenate and np.stack take the "
        "arrays "
        "as one tuple, range() a number, and a list is not indexed by an array.", _stacked,
    ),
    Rule(
        "list-index", "TypeError", r"(?:list|tuple) indices must be integers or slices, not "
        r"(?:tuple|\w{1,9})",
        "A list takes one whole number as its index: x[i][j], or make an array of it first, "
        "np.array(x).",
    ),
)  # fmt: skip
