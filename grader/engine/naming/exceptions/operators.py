"""Operators between things that do not go together: texts, lists, masks, and `^` for a power."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import Rule
from grader.engine.reading.sites import code_of

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene


def _operator(scene: Scene, found: re.Match[str]) -> str:
    one, other = found["one"], found["other"]
    operator = found.groupdict().get("operator") or "+"
    kinds = {one, other}
    if "str" in kinds:
        return (
            f"`{operator}` has a text on one side and none on the other: str(…) makes a text of a "
            "number."
        )
    if operator in ("@", "@=") and kinds <= {"int", "float"}:
        return (
            "`@` multiplies matrices, and both sides are single numbers here: `*` multiplies "
            "numbers."
        )
    if kinds & {"list", "tuple"} and (text := _argument(scene)):
        return text
    if kinds & {"list", "tuple"}:
        kind = "list" if "list" in kinds else "tuple"
        text = f"`{operator}` does not compute with the elements of a {kind}: make an array of it "
        return text + "first, np.array(…), or take the element that is meant."
    if kinds & {"function", "builtin_function_or_method", "method"}:
        return f"One side of `{operator}` is a function: call it, with parentheses."
    return ""


def _unsupported_power(scene: Scene, _: re.Match[str]) -> str:
    parts = scene.site.find(ast.BinOp) if scene.site else []
    for one in parts:
        if isinstance(one.op, ast.BitXor):
            return f"`{code_of(one) or '^'}`: `^` is no power in Python; `**` is."
    return ""


def _minus(_: Scene, found: re.Match[str]) -> str:
    """Say it of a minus in front of a mask, which turns nothing around."""
    if found["sign"] != "negative":
        return ""
    return "A minus does not turn a mask of True and False around: `~` does."


def _sequence(scene: Scene, _: re.Match[str]) -> str:
    """Name the operand that is a list of arrays, or a tuple that is multiplied by itself."""
    if text := _argument(scene):
        return text
    parts = scene.site.find(ast.BinOp) if scene.site else []
    right = Counter(one.right.id for one in parts if isinstance(one.right, ast.Name))
    if "'tuple'" in scene.raised.message and right:
        name, times = right.most_common(1)[0]
        if times > 1:
            return f"`{name}` is a tuple here, and its items are numbers: `{name}[0]`, `{name}[1]`."
    return ""


def _argument(scene: Scene) -> str:
    """Say of an argument that it is a list of arrays, or a pair, where a line computes with it."""
    parts = scene.site.find(ast.BinOp) if scene.site else []
    sides = [side for one in parts for side in (one.left, one.right)]
    for name in [side.id for side in sides if isinstance(side, ast.Name)]:
        value = scene.arguments.get(name)
        if isinstance(value, (list, tuple)) and any(hasattr(item, "shape") for item in value):
            text = f"`{name}` is a list of arrays, and a list is not computed with: go through it, "
            return f"{text}`[… for one in {name}]`."
        if isinstance(value, (list, tuple)) and list(map(type, value)) == [int, int]:
            text = f"`{name}` is a pair, and its items are the numbers: "
            return f"{text}`{name}[0]`, `{name}[1]`."
    return ""


RULES = (
    Rule(
        "boolean-minus", "TypeError", r"(?:The )?numpy boolean (?P<sign>subtract|negative)",
        "Arrays of True and False are not subtracted: turn them into numbers first, "
        ".astype(float), or turn a mask around with `~`.", _minus,
    ),
    Rule(
        "caret-power", "TypeError",
        r"(?:ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for (?:\^|\^=|\*\* "
        r"or \^):)",
        "`^` is no power in Python; `**` is.", _unsupported_power,
    ),
    Rule(
        "mask-operator", "TypeError", r"ufunc '(?:bitwise_and|bitwise_or|invert|left_shift)' not "
        r"sup",
        "`&`, `|` and `~` combine masks of True and False, not floats, and they bind tighter than "
        "`<` and `==`: put each comparison in parentheses.",
    ),
    Rule(
        "operand-types", "TypeError",
        r"unsupported operand type\(s\) for (?P<operator>[^:\s]{1,3}): "
        r"'(?P<one>[\w.]{1,80})' and "
        r"'(?P<other>[\w.]{1,80})'",
        "An operator stands between two things that do not go together: a text and a number, or a "
        "list, of which np.array(…) makes something to compute with.", _operator,
    ),
    Rule(
        "operand-types", "TypeError",
        r"can only concatenate (?P<one>list|tuple|str) \(not \"(?P<other>[\w.]{1,80})\"\)",
        "An operator stands between two things that do not go together: a text and a number, or a "
        "list, of which np.array(…) makes something to compute with.", _operator,
    ),
    Rule(
        "sequence-as-number", "TypeError",
        r"(?:can't multiply sequence by non-int|bad operand type for (?:unary .|abs\(\)): "
        r"'(?:list|tuple|str)'"
        r"|'[<>=]{1,2}' not supported between instances of)",
        "A list, a tuple or a text is used as if it were a number: np.array(…) makes of a list "
        "something to compute with.", _sequence,
    ),
    Rule(
        "no-numbers", "UFuncTypeError _UFuncNoLoopError UFuncNoLoopError TypeError",
        r"(?:ufunc '\w{1,30}' did not contain a loop|loop of ufunc does not support"
        r"|ufunc '\w{1,30}' not supported for the input types)",
        "A function of NumPy gets something that holds no numbers: texts, None, or rows of "
        "different "
        "length.",
    ),
)  # fmt: skip
