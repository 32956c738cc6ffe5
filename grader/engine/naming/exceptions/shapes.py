"""Shapes that do not fit: broadcasting, products, reshape, joining, einsum."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

from grader.engine.naming.exceptions.scene import SHAPE, Rule, listed, shape_of
from grader.engine.reading.sites import code_of

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene

ONE, OTHER = SHAPE.format("one"), SHAPE.format("other")
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.Mod)
FROM_THE_END = ("last axes", "second axes from the end", "third axes from the end")
RULE = "each pair must be equal, or one of the two 1"


def _broadcast(scene: Scene, found: re.Match[str]) -> str:
    """Say which axes do not fit, and what keepdims would do."""
    one, other = shape_of(found["one"]), shape_of(found["other"])
    pairs = zip(reversed(one), reversed(other), strict=False)
    clashes = [(at, a, b) for at, (a, b) in enumerate(pairs) if a != b and 1 not in (a, b)]
    if not clashes:
        return f"{_whose(scene, one, other)} do not fit together."
    at, a, b = clashes[0]
    axes = FROM_THE_END[at] if at < len(FROM_THE_END) else f"axes number {at + 1} from the end"
    text = (
        f"{_whose(scene, one, other)} do not fit together: their {axes} have {a} and {b} entries, "
    )
    text += "and neither is 1."
    long, short = sorted((one, other), key=len, reverse=True)
    if len(long) == len(short) + 1 and len(short) and short == long[:-1]:
        text += " A sum, mean or maximum over the last axis keeps it with keepdims=True: "
        text += f"{(*short, 1)}."
    return text


def _whose(scene: Scene, one: tuple[int, ...], other: tuple[int, ...]) -> str:
    """Return two shapes, with what has them where the line leaves no doubt."""
    parts = list(scene.site.parts()) if scene.site else []
    inner = {id(p) for s in parts if isinstance(s, ast.Subscript) for p in ast.walk(s.slice)}
    found = [
        part
        for part in parts
        if isinstance(part, ast.BinOp) and isinstance(part.op, ARITHMETIC) and id(part) not in inner
    ]
    statement = scene.site.statement if scene.site else None
    if any(isinstance(part, ast.Call) and len(part.args) > 1 for part in parts):
        found = []  # that function may have met the two
        statement = None
    sides: tuple[ast.expr, ast.expr] | None = None
    if len(found) == 1:
        sides = (found[0].left, found[0].right)
    elif isinstance(statement, ast.AugAssign) and not found:
        sides = (statement.target, statement.value)
    if sides and (left := code_of(sides[0])) and (right := code_of(sides[1])):
        return f"`{left}` of shape {one} and `{right}` of shape {other}"
    return f"Shapes {one} and {other}"


def _assigned(scene: Scene, found: re.Match[str]) -> str:
    value, place = shape_of(found["one"]), shape_of(found["other"])
    parts = scene.site.find(ast.Subscript) if scene.site else []
    stored = [one for one in parts if isinstance(one.ctx, ast.Store)]
    code = code_of(stored[0]) if stored else ""
    what = f"`{code}`" if code else "the place on the left"
    if 0 in place and 0 not in value:
        text = f"{_capital(what)} is empty here, of shape {place}"
        ends = [getattr(part, "upper", None) for one in stored for part in ast.walk(one.slice)]
        if any(isinstance(one, ast.UnaryOp) for one in ends):
            text += ": a slice that ends at -P ends at once where P is 0. Say where it ends: P + H."
            return text
        return f"{text}, and the value has shape {value}."
    return f"The value has shape {value}, and {what} has {place}: the two must fit."


def _capital(text: str) -> str:
    return text if text.startswith("`") else f"{text[0].upper()}{text[1:]}"


def _matmul(scene: Scene, found: re.Match[str]) -> str:
    second, first = int(found["second"]), int(found["first"])
    text = f"The matrix product does not fit: the last axis of the left side has length {first}, "
    text += (
        f"the {'last axis but one' if found['core'] == '0' else 'last axis'} of the right side "
        f"{second}."
    )
    return text + _product_shapes(scene, first)


def _aligned(scene: Scene, found: re.Match[str]) -> str:
    one, other = shape_of(found["one"]), shape_of(found["other"])
    first, second = int(found["first"]), int(found["second"])
    text = f"The product of shapes {one} and {other} does not fit: axis {found['at']} of the left "
    text += f"side has length {first}, axis {found['to']} of the right side {second}."
    return text + _product_shapes(scene, first)


def _product_shapes(scene: Scene, wanted: int) -> str:
    """Return the shapes of two arguments that are multiplied, and whether a transpose would fit."""
    site = scene.site
    if site is None:
        return ""
    products = [one for one in site.find(ast.BinOp) if isinstance(one.op, ast.MatMult)]
    pairs = [(one.left, one.right) for one in products]
    calls = [one for one in site.find(ast.Call) if len(one.args) == 2]
    named = [one for one in calls if getattr(one.func, "attr", "") in ("dot", "matmul")]
    pairs += [(one.args[0], one.args[1]) for one in named]
    if len(pairs) != 1:
        return ""
    told: list[str] = []
    last: tuple[int, ...] = ()
    for side in pairs[0]:
        name = side.id if isinstance(side, ast.Name) else ""
        value: Any = scene.arguments.get(name)
        if not hasattr(value, "shape") or site.bindings(name):
            return ""
        told.append(f"`{name}` has shape {value.shape}")
        last = value.shape
    fits = len(last) == 2 and last[-1] == wanted != last[0]
    more = f", so that `{code_of(pairs[0][1])}.T` would fit" if fits else ""
    return f" {listed(told)}{more}."


def _reshape(_: Scene, found: re.Match[str]) -> str:
    size, shape = int(found["size"]), shape_of(found["one"])
    text = f"An array of {size} elements cannot get shape {shape}"
    if -1 in shape or not shape:
        return f"{text}: {size} is no multiple of the sizes that are given."
    product = " * ".join(map(str, shape))
    total = f" = {math.prod(shape)}" if len(shape) > 1 else ""
    return f"{text}, which holds {product}{total}."


def _joined(_: Scene, found: re.Match[str]) -> str:
    text = (
        "Arrays that are joined must be alike in all axes but the one that they are joined along, "
    )
    return text + (
        f"and axis {found['axis']} has length {found['first']} here and {found['second']} there."
    )


def _out_of_axes(_: Scene, found: re.Match[str]) -> str:
    axis, rank = int(found["axis"]), int(found["rank"])
    if rank == 0:
        return f"There is no axis {axis}: the array is a single number and has no axes."
    if rank == 1:
        return f"There is no axis {axis}: the array has one axis, which is 0 (or -1)."
    return f"There is no axis {axis}: the array has axes 0 to {rank - 1}, and -1 is the last one."


def _kept(scene: Scene, found: re.Match[str]) -> str:
    out, whole = shape_of(found["out"]), shape_of(found["whole"])
    if scene.site and isinstance(getattr(scene.site.statement, "target", None), ast.Subscript):
        text = f"The place that is added to has shape {out}, and what is added does not fit into "
        return text + f"it: together they have {whole}. Look at where the place begins and ends."
    line = scene.site.statement if scene.site else None
    code = (code_of(line) if isinstance(line, ast.AugAssign) else "") or "x += y"
    sides, _, added = code.partition("= ")
    name = sides.rpartition(" ")[0]
    text = f"`{code}` keeps the shape of {name}, {out}, and the whole has shape {whole}: "
    anew = "" if len(whole) <= len(out) or scene.step else f"write {name} = {sides} {added}, or "
    return f"{text}{anew}look at the shapes of both."


RULES = (
    Rule(
        "shapes-differ", "ValueError",
        rf"(?:operands could not be broadcast together with shapes? {ONE} {OTHER}"
        rf"|non-broadcastable output operand with shape {SHAPE.format('out')} doesn't match the "
        rf"broadcast shape {SHAPE.format('whole')})",
        "Two arrays do not fit together: counted from the last axis, each pair of sizes must be "
        "equal, "
        "or one of the two 1.",
        lambda scene, found: _broadcast(scene, found) if found["one"] is not None else
        _kept(scene, found),
        whole=False,
    ),
    Rule(
        "shapes-differ", "ValueError IndexError",
        rf"shape mismatch: (?:indexing arrays could not be broadcast together with shapes {ONE} "
        rf"{OTHER}"
        r"|objects cannot be broadcast|value array of shape)",
        "Two arrays do not fit together: counted from the last axis, each pair of sizes must be "
        "equal, "
        "or one of the two 1.",
        lambda scene, found: _broadcast(scene, found) if found["one"] is not None else "",
        whole=False,
    ),
    Rule(
        "assigned-shape", "ValueError",
        rf"could not broadcast input array from shape {ONE} into shape {OTHER}",
        "What is assigned has another shape than the place on the left, which may be empty: a "
        "slice "
        "that ends at -P ends at once where P is 0.", _assigned, whole=False,
    ),
    Rule(
        "product-shapes", "ValueError",
        r"matmul: Input operand 1 has a mismatch in its core dimension (?P<core>[01]), with gufunc "
        r"signature [^ ]{1,60} \(size (?P<second>\d{1,18}) is different from (?P<first>\d{1,18})\)",
        "A matrix product does not fit: the last axis of the left side must be as long as the "
        "last but "
        "one of the right side.", _matmul, whole=False,
    ),
    Rule(
        "product-shapes", "ValueError",
        rf"shapes {ONE} and {OTHER} not aligned: (?P<first>\d{{1,18}}) \(dim (?P<at>\d{{1,2}})\) "
        rf"!= "
        r"(?P<second>\d{1,18}) \(dim (?P<to>\d{1,2})\)",
        "A matrix product does not fit: the last axis of the left side must be as long as the "
        "last but "
        "one of the right side.", _aligned, whole=False,
    ),
    Rule(
        "product-of-number", "ValueError",
        r"matmul: Input operand [01] does not have enough dimensions",
        "`@` multiplies matrices, and one side is a single number: `*` multiplies by a number.",
    ),
    Rule(
        "reshape-size", "ValueError",
        rf"cannot reshape array of size (?P<size>\d{{1,18}}) into shape "
        rf"{SHAPE.format('one').replace('[', '[-')}",
        "A reshape keeps all elements: the sizes of the new shape, multiplied, must be as many as "
        "there "
        "are.", _reshape, whole=False,
    ),
    Rule(
        "reshape-unknown", "ValueError", r"can only specify one unknown dimension",
        "Only one size of a new shape may be -1: it is worked out from the others.",
    ),
    Rule(
        "axis-bounds", "AxisError ValueError IndexError",
        r"(?:\w{1,20}: )?axis (?P<axis>-?\d{1,9}) is out of bounds for array of dimension "
        r"(?P<rank>\d{1,3})",
        "The line names an axis that the array does not have: axes are counted from 0, and -1 is "
        "the "
        "last.", _out_of_axes, whole=False,
    ),
    Rule(
        "axes-order", "ValueError", r"(?:axes don't match array|repeated axis in transpose)",
        "A transpose names every axis of the array once, counted from 0.",
    ),
    Rule(
        "joined-shapes", "ValueError",
        r"all the input array dimensions except for the concatenation axis must match exactly, "
        r"but along "
        r"dimension (?P<axis>\d{1,3}), the array at index \d{1,9} has size (?P<first>\d{1,18}) "
        r"and the "
        r"array at index \d{1,9} has size (?P<second>\d{1,18})",
        "Arrays that are joined must be alike in all axes but the one that they are joined along.",
        _joined, whole=False,
    ),
    Rule(
        "joined-ranks", "ValueError",
        r"(?:all the input arrays must have same number|all input arrays must have the same shape"
        r"|zero-dimensional arrays cannot be conc)",
        "Arrays that are joined must have the same number of axes, and stacked ones the same "
        "shape.",
        whole=False,
    ),
    Rule(
        "nothing-joined", "ValueError", r"need at least one array to",
        "The list of arrays that are joined is empty: is the loop that fills it ever run?",
    ),
    Rule(
        "einsum-letters", "ValueError",
        r"(?:einstein sum subscripts|operand has more dimensions than subscripts|(?:more|fewer) "
        r"operands "
        r"provided to einstein|invalid subscript)",
        "einsum wants one letter for each axis of each array, with a comma between the arrays, "
        "and each "
        "letter of the result among them.",
    ),
    Rule(
        "remapped-shapes", "ValueError",
        r"operands could not be broadcast together with remapped shapes",
        "The sizes do not agree: an einsum gives one letter to axes of different length, a "
        "product of "
        "stacks of matrices has stacks of different length, or np.pad wants (before, after) for "
        "each axis.",
        whole=False,
    ),
    Rule(
        "window-size", "ValueError", r"(?:window shape cannot be larger than input|Since axis is "
        r"`None`)",
        "sliding_window_view wants one size for each axis that it slides along (axis=…), and none "
        "larger "
        "than the array.", whole=False,
    ),
    Rule(
        "squeezed-axis", "ValueError", r"cannot select an axis to squeeze out",
        "Only an axis of length 1 can be squeezed out.", whole=False,
    ),
)  # fmt: skip
