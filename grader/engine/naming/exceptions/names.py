"""Names that nothing has: NameError, and a value that is given on another way only."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import NAME, Rule
from grader.engine.reading.bindings import bound_names
from grader.engine.reading.sites import code_of
from grader.text.meant import nearest

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene
    from grader.engine.reading.sites import Function, Site

SPELLING = {"true": "True", "false": "False", "none": "None", "null": "None", "nil": "None"}
ENDS = "`{}()` ends a program: a function hands back its result with `return`."
SAID = {
    **{other: f"Python writes `{right}`, not `{other}`." for other, right in SPELLING.items()},
    **{name: ENDS.format(name) for name in ("exit", "quit")},
    "self": "`self` belongs to classes: this is a plain function, and its arguments need no `self.`"
    " before them.",
}

SHORTEST = 4  # letters of a name that a built-in one is meant by
ALIKE, LIKENESS = 0.8, 0.6  # of whole names, and of the words that they are made of


def _unknown(scene: Scene, found: re.Match[str]) -> str:  # noqa: PLR0911 - one line for each kind
    name, site = found["name"], scene.site
    if site is None or name not in site.names():
        return ""
    if name in SAID:
        return SAID[name]
    if name in ("np", "numpy") and not {"np", "numpy"} & _imported(site):
        return f"`{name}` is not imported in this file: `import numpy as np` belongs at its top."
    if name == "np":
        return "The file says `import numpy`: `import numpy as np` calls it `np`."
    if name in sys.stdlib_module_names:
        return f"`{name}` is not imported in this file: `import {name}` belongs at its top."
    function = {site.function.name} if site.function else set()  # hardly anybody means itself
    beside = {one for one in site.names() if _is_counterpart(one, name)}
    near = nearest(name, _visible(site) - {name} - function - beside)
    if near and _is_misspelt(name, near):
        return f"Nothing is called `{name}` here: did you mean `{near}`?"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    others = [one for one in site.tree.body if isinstance(one, kinds) and one is not site.function]
    for node in others:
        if name in local_names(node):
            text = f"`{name}` is a name inside of {node.name} ({site.name_line(node.lineno)}) and "
            return text + "known nowhere else: hand it on, as an argument or with `return`."
    if site.function is None:
        return f"Nothing gives `{name}` a value before this line."
    return f"Nothing gives `{name}` a value: neither this function nor the top of the file."


def _is_misspelt(name: str, near: str) -> bool:
    """Tell whether a name may stand for another one: `grad_query` is not meant for `grad_key`."""
    if hasattr(builtins, near) and len(name) < SHORTEST:
        return False
    words, others = name.strip("_").split("_"), near.strip("_").split("_")
    if len(words) != len(others):
        return bool(nearest("".join(words), ["".join(others)], ALIKE))
    return all(a == b or nearest(a, [b], LIKENESS) for a, b in zip(words, others, strict=True))


def _is_counterpart(one: str, other: str) -> bool:
    """Tell whether two names in one line stand for two things, as `m_hat` and `v_hat` do."""
    return len(one) == len(other) and sorted(one) != sorted(other)


def _imported(site: Site) -> set[str]:
    """Return the names that the imports at the top of the file bind."""
    kinds = (ast.Import, ast.ImportFrom)
    return {name for n in site.tree.body if isinstance(n, kinds) for name in bound_names(n)}


def _visible(site: Site) -> set[str]:
    """Return the names that may be meant in a line."""
    names = {name for node in site.tree.body for name in bound_names(node)}
    for one in site.around[:-1]:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names |= local_names(one)
    return names | {name for name in dir(builtins) if not name.startswith("_")}


def local_names(function: Function) -> set[str]:
    """Return the parameters of a function, and all names that are bound in it."""
    return {
        part.arg if isinstance(part, ast.arg) else part.id
        for part in ast.walk(function)
        if isinstance(part, ast.arg)
        or (isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    }


def _unassigned(scene: Scene, found: re.Match[str]) -> str:
    """Say why a name has no value yet: by what stands where it is given one."""
    name, site = found["name"], scene.site
    if site is None or site.function is None:
        return ""
    given = site.bindings(name)
    lines = [one.number for one in given]
    if not given:
        return ""
    elsewhere = {one for node in site.tree.body for one in bound_names(node)} | set(dir(builtins))
    if name in elsewhere:
        text = f"`{name}` is given a value in this function ({site.name_line(lines[0])}), and so "
        return text + "is a name of its own all through it: give that variable another name."
    first = given[0].statement
    if isinstance(first, ast.AugAssign):
        code = code_of(first) or name
        return f"`{code}` needs a value that is not there yet: give `{name}` its first one before."
    if min(lines) >= site.number:
        return f"`{name}` is used before {site.name_line(lines[0])} gives it a value."
    return _conditional(name, site, given)


def _conditional(name: str, site: Site, given: list[Site]) -> str:
    for one in given:
        for block in one.blocks:
            if block in site.blocks:
                continue
            if isinstance(block, ast.If):
                test = f"`if {code_of(block.test)}`".replace(" `", "`")
                text = f"`{name}` gets its value under {test} ({site.name_line(block.lineno)}) "
                text += "only; where that does not hold it has none. Give it one before, or in an "
                return text + "`else`."
            if isinstance(block, (ast.For, ast.While, ast.AsyncFor)):
                text = f"`{name}` gets its value inside the loop of "
                text += f"{site.name_line(block.lineno)} only, which "
                return text + "may not run once: give it one before."
    return ""


RULES = (
    Rule(
        "name-unknown", "NameError", rf"name '{NAME}' is not defined",
        "The line uses a name that nothing gives a value: is it misspelt, or is an import missing?",
        _unknown,
    ),
    Rule(
        "name-unassigned", "UnboundLocalError NameError",
        rf"(?:cannot access (?:local|free) variable '{NAME}'|local variable '(?P<old>\w{{1,80}})')",
        "The line uses a name that has no value on this way through the function, since it is "
        "given one only under an `if`, in a loop, or further down.",
        _unassigned, whole=False,
    ),
)  # fmt: skip
