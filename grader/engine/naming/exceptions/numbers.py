"""Numbers of the wrong kind: floats as sizes, arrays where one number is wanted, bad divisions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import Rule, listed
from grader.engine.reading.sites import code_of

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene

MAKERS = frozenset(["zeros", "ones", "empty"])


def _zeros_arguments(scene: Scene, _: re.Match[str]) -> str | None:
    """Return the call as it is meant, where a shape or rows are handed over one by one."""
    for call in scene.site.find(ast.Call) if scene.site else ():
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        sizes = [code_of(one) for one in call.args]
        inner = ", ".join(sizes)
        if name in MAKERS and len(sizes) > 1 and all(sizes):
            text = f"np.{name} takes the whole shape as one tuple, in parentheses of its own: "
            return f"{text}`{code_of(call.func)}(({inner}))`."
        if name == "array" and len(sizes) > 1 and all(sizes):
            text = "np.array takes all rows as one list, in brackets of its own: "
            return f"{text}`{code_of(call.func)}([{inner}])`."
    return None if scene.site else ""


def _one_number(scene: Scene, _: re.Match[str]) -> str:
    for call in scene.site.find(ast.Call) if scene.site else ():
        owner = getattr(getattr(call.func, "value", None), "id", "")
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if owner == "math":
            return (
                f"`math.{name}` takes one number, and gets an array: np.{name} goes through the "
                "elements."
            )
        if not owner and name in ("float", "int"):
            code = code_of(call) or name
            text = (
                f"`{code}` makes one number of an array with several: choose an element, or sum; "
            )
            return text + f".astype({name}) turns all of them."
    return ""


def _not_whole(scene: Scene, found: re.Match[str]) -> str:
    kind = found["kind"]
    for call in scene.site.find(ast.Call) if scene.site else ():
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        code = code_of(call.args[0]) if len(call.args) == 1 else ""
        if name == "range" and code:
            wanted = f"range({code}[0])" if kind == "tuple" else f"range(len({code}))"
            return f"range wants a whole number, and `{code}` is a {kind}: `{wanted}`?"
        if name in ("rand", "randn", "eye") and kind == "tuple" and code:
            inner = code[1:-1] if code.startswith("(") else f"*{code}"
            return f"np's {name} takes the sizes one by one, not as a tuple: `{name}({inner})`."
    return ""


def _zero_division(scene: Scene, _: re.Match[str]) -> str:
    kinds = (ast.Div, ast.FloorDiv, ast.Mod)
    parts = scene.site.find(ast.BinOp) if scene.site else []
    under = [one.right for one in parts if isinstance(one.op, kinds)]
    names = [code_of(one) for one in under if not isinstance(one, ast.Constant)]
    if not names or not all(names):
        return ""
    what = listed([f"`{name}`" for name in dict.fromkeys(names)], "or")
    return f"{what} is 0 in this call, and nothing can be divided by 0."


RULES = (
    Rule(
        "shape-as-arguments", "TypeError",
        r"(?:Cannot interpret '.{1,60}' as a data type|Field elements must be 2- or 3-tuples)",
        "np.zeros, np.ones and np.empty take the whole shape as one tuple: np.zeros((rows, "
        "columns)).",
        _zeros_arguments,
    ),
    Rule(
        "no-whole-number", "TypeError",
        r"'(?P<kind>tuple|list|str|numpy\.ndarray)' object cannot be interpreted as an integer",
        "A tuple, a list or a text stands where one whole number is wanted, as in range(n).",
        _not_whole,
    ),
    Rule(
        "array-as-number", "TypeError ValueError",
        r"(?:only (?:length-1|size-1|0-dimensional) arrays can be converted"
        r"|can only convert an array of size 1)",
        "One number is wanted, and the line has an array of several: the functions of `math`, "
        "float() "
        "and int() take one number; those of NumPy go through the elements.",
        _one_number,
    ),
    Rule(
        "ragged-array", "ValueError",
        r"setting an array element with a sequence\. The requested array has an inhomogeneous",
        "The array is made of rows of different length, or of arrays and numbers together: all of "
        "them must have one shape.",
    ),
    Rule(
        "sequence-in-element", "ValueError", r"setting an array element with a sequence",
        "A whole array is assigned to one element: the place on the left must be as large as the "
        "value on the right.",
    ),
    Rule(
        "integer-in-place", "UFuncTypeError _UFuncOutputCastingError UFuncOutputCastingError "
        "TypeError",
        r"Cannot cast ufunc '\w{1,30}' output from dtype\('(?:float|complex)\d{1,3}'\) to "
        r"dtype\('(?:int|uint|bool)",
        "The array holds whole numbers, and `+=`, `-=`, `*=` or `/=` would put floats into it: "
        "make "
        "a new array (`x = x - …`), or one of floats from the start (dtype=float).",
    ),
    Rule(
        "read-only", "ValueError", r"(?:assignment destination|output array) is read-only",
        "The array may only be read, as a view from np.broadcast_to or sliding_window_view: write "
        "into a copy, .copy().",
    ),
    Rule(
        "complex-number", "TypeError",
        r"(?:can't convert complex to float|must be real number, not complex|float\(\) argument "
        r"must "
        r"be a string or a real number, not 'complex'|'[<>=]{1,2}' not supported between instances "
        r"of '(?:complex'|\w{1,20}' and 'complex'))",
        "A complex number stands here: a negative number was probably raised to a power such as "
        "0.5, whose root it does not have.",
    ),
    Rule(
        "zero-division", "ZeroDivisionError",
        r"(?:division by zero|float (?:floor )?division|integer (?:division|modulo)|float "
        r"modulo|.{0,40}by zero)",
        "Something is divided by 0 in this line.", _zero_division,
    ),
    Rule(
        "zero-step", "ValueError", r"(?:range\(\) arg 3 must not be zero|slice step cannot be "
        r"zero)",
        "A step of 0 never arrives: what is given to range() or a slice as its step is 0 here.",
    ),
    Rule(
        "overflow", "OverflowError",
        r"(?:math range error|\(34, |int too large to convert to float)",
        "The number becomes larger than a float can be, about 1e308: math.exp of more than 709 "
        "does, "
        "say. Rewrite the formula so that it never sees such numbers.",
    ),
    Rule(
        "not-a-number", "OverflowError ValueError",
        r"cannot convert float (?:NaN|infinity) to integer",
        "The number is nan or inf, of which no whole number can be made: look at what was divided "
        "by 0, or overflowed, before.",
    ),
    Rule(
        "math-domain", "ValueError", r"(?:math domain error|expected a (?:positive|nonneg))",
        "A function of `math` gets a number for which it has no value, as the root or the "
        "logarithm "
        "of a negative one, or log(0).",
    ),
    Rule(
        "array-too-large", "ValueError MemoryError _ArrayMemoryError",
        r"(?:Unable to allocate|array is too big|Maximum allowed dimension|maximum supported "
        r"dimension)",
        "An array of an impossible size is asked for: look at what its shape is computed from.",
    ),
)  # fmt: skip
