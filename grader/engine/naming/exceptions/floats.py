"""A float where a whole number is wanted: as a size, an index or a number of steps."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import Rule
from grader.engine.reading.sites import code_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from grader.engine.naming.exceptions.scene import Scene
    from grader.engine.reading.sites import Site

SIZED = frozenset(
    ["zeros", "ones", "empty", "full", "range", "reshape", "eye", "repeat", "tile",
     "rand", "randn", "randint", "resize", "identity", "broadcast_to", "roll", "pad",
     "sliding_window_view"]
)  # fmt: skip
WHOLE = frozenset(["int", "len", "round", "divmod"])
ROUNDING = frozenset(["floor", "ceil", "sqrt", "round", "rint", "trunc", "mean", "around"])
KEEPING = ("max", "min", "abs")  # floats stay floats
WANT = "sizes and indices are whole numbers"
MAX_NAMES = 20  # from a size back to the division that made it


def _float_as_index(scene: Scene, _: re.Match[str]) -> str:
    """Find the division that made a float: in the line's indices and sizes, or behind a name."""
    site = scene.site
    if site is None:
        return ""
    for part in _sized_parts(site):
        if made := _maker(part):
            return _float_here(made)
    for part in _sized_parts(site):
        for name in _names_in(part):
            if found := _float_behind(site, name):
                made, line = found
                how = "`/`" if isinstance(made, ast.BinOp) else f"`{code_of(made.func) or 'floor'}`"
                text = f"`{name}` is a float, made by {how} in {site.name_line(line)}: {WANT}, and "
                return text + ("`//` divides to one." if how == "`/`" else "int(…) makes one.")
    return ""


def _names_in(node: ast.AST) -> list[str]:
    """Return the first names of an expression that may hand a float on."""
    names = dict.fromkeys(one.id for one in _outside_int(node) if isinstance(one, ast.Name))
    return list(names)[:MAX_NAMES]


def _float_here(made: ast.BinOp | ast.Call) -> str:
    if isinstance(made, ast.Call):
        code = code_of(made) or "np.floor(…)"
        return f"`{code}` is a float, rounded or not: {WANT}, and int(…) makes one."
    code = code_of(made) or "/"
    return f"`{code}` is a float, even where nothing is left over: {WANT}, and `//` divides to one."


def _sized_parts(site: Site) -> Iterator[ast.AST]:
    """Yield the parts of the statement in which a whole number is wanted."""
    for part in site.parts():
        if isinstance(part, ast.Subscript):
            yield part.slice
        elif isinstance(part, ast.Call):
            name = getattr(part.func, "attr", getattr(part.func, "id", ""))
            if name in SIZED:
                yield from part.args[:1] if name == "full" else part.args


def _outside_int(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of an expression that are in no int(…), len(…) or index of their own."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        inner = list(ast.iter_child_nodes(part))
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") in WHOLE:
            continue
        if isinstance(part, ast.Call):  # of any other function nobody knows what it makes
            inner = [*part.args] if getattr(part.func, "id", "") in KEEPING else []
        if isinstance(part, (ast.Subscript, ast.Compare)):
            inner = []
        waiting += reversed(inner)


def _maker(node: ast.AST) -> ast.BinOp | ast.Call | None:
    """Return what makes a float in an expression, if something does."""
    for part in _outside_int(node):
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div):
            return part
        if isinstance(part, ast.Call) and getattr(part.func, "attr", "") in ROUNDING:
            owner = getattr(getattr(part.func, "value", None), "id", "")
            if owner != "math":  # whose floor and ceil are whole
                return part
    return None


def _float_behind(site: Site, name: str) -> tuple[ast.BinOp | ast.Call, int] | None:
    """Return what makes a float of the value that a name has, and in which line."""
    waiting, seen = [name], {name}
    while waiting and len(seen) <= MAX_NAMES:
        wanted = waiting.pop(0)
        for given in site.bindings(wanted):
            value = _value_for(given.statement, wanted)
            if value is None:
                continue
            if made := _maker(value):
                return made, getattr(made, "lineno", given.number)
            new = [one for one in _names_in(value) if one not in seen]
            seen.update(new)
            waiting += new
    return None


def _value_for(node: ast.stmt, name: str) -> ast.expr | None:
    """Return the value that an assignment gives a name: of two tuples, the part that belongs."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
        return ast.copy_location(ast.BinOp(node.target, ast.Div(), node.value), node)
    targets = node.targets if isinstance(node, ast.Assign) else []
    for target in targets:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, other in zip(target.elts, value.elts, strict=False):
                if isinstance(one, ast.Name) and one.id == name:
                    return other
    return value if isinstance(value, ast.expr) else None


RULES = (
    Rule(
        "float-as-index", "TypeError IndexError",
        r"(?:'(?:float|numpy\.float\d{1,3})' object cannot be interpreted as an integer"
        r"|slice indices must be integers|list indices must be integers or slices, not float"
        r"|tuple indices must be integers or slices, not float|`pad_width` must be of integral"
        r"|arrays used as indices must be of integer|`indices` must be an integer array"
        r"|expected a sequence of integers or a single integer, got '(?:np\.float64\(|-?\d)"
        r"|only integers, slices \(`:`\))",
        "A float, or something else that is no whole number, stands where an index, a size or a "
        "number of steps is wanted: `/` always makes a float, `//` divides to a whole number.",
        _float_as_index,
    ),
)  # fmt: skip
