"""Operators between things that do not go together, and questions about a whole array.

Texts, lists, masks, `^` for a power; and one yes or no where each element has an answer.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import Rule, listed
from grader.engine.reading.sites import code_of

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene

ASKS = "asks one question about a whole array, and each element has an answer of its own"
CHOOSE = "np.where(condition, a, b), or a mask, chooses element by element"
OF_TWO = {"max": "np.maximum", "min": "np.minimum"}
COMBINE = {"and": "`&`", "or": "`|`"}
MAX_NAMED = 3


def _truth_value(scene: Scene, _: re.Match[str]) -> str:
    """Say which of the things that ask for a yes or no stands in the line."""
    if scene.site is None:
        return ""
    parts = [(part, told) for part in scene.site.parts() if (told := _asks(part))]
    tested = [getattr(part, "test", None) for part, _ in parts]
    known = [part for part, _ in parts]
    # `if a and b` is what `a and b` is: that is nearer to what asks.
    nearest = [told for (_, told), test in zip(parts, tested, strict=True) if test not in known]
    if len(nearest) == 1:
        code, instead = nearest[0]
        return f"{code} {ASKS}: {instead}."
    if 1 < len(nearest) <= MAX_NAMED:
        codes = listed([code for code, _ in nearest], "or")
        return f"{codes} {ASKS}: np.where, np.maximum or a mask goes through the elements."
    return ""


def _asks(part: ast.AST) -> tuple[str, str] | None:  # noqa: PLR0911 - one line for each that asks
    """Return what asks for a yes or no, as it stands there, and what to write instead."""
    if isinstance(part, (ast.If, ast.While)):
        word = "while" if isinstance(part, ast.While) else "if"
        return _quoted(word, part.test), _instead_of(part.test)
    if isinstance(part, ast.Assert):
        return _quoted("assert", part.test), "(…).all() is true where all are"
    if isinstance(part, ast.IfExp):
        return f"`… {_quoted('if', part.test)[1:-1]} else …`", _instead_of(part.test)
    if isinstance(part, ast.BoolOp):
        word = "and" if isinstance(part.op, ast.And) else "or"
        instead = (
            f"{COMBINE[word]} combines two arrays element by element, each side in parentheses"
        )
        return f"`{code_of(part) or word}`", instead
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
        return f"`{code_of(part) or 'not'}`", "`~` turns a mask around"
    if isinstance(part, ast.Compare):
        return _comparison(part)
    if isinstance(part, ast.comprehension) and part.ifs:
        return _quoted("if", part.ifs[0]), CHOOSE
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
        return _call(part, part.func.id)
    return None


def _instead_of(test: ast.expr) -> str:
    """Return what to write instead of a test: of a name alone perhaps whether it is there."""
    if not isinstance(test, ast.Name):
        return CHOOSE
    return f"`{test.id} is not None` asks whether it is there, and {CHOOSE}"


def _quoted(word: str, node: ast.AST) -> str:
    return f"`{f'{word} {code_of(node)}'.rstrip()}`"


def _comparison(node: ast.Compare) -> tuple[str, str] | None:
    code = code_of(node)
    if len(node.ops) > 1:
        return f"`{code or 'a < x < b'}`", "write (a < x) & (x < b)"
    if isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return f"`{code or 'in'}`", "np.isin, or (x == y).any()"
    return None


def _call(node: ast.Call, name: str) -> tuple[str, str] | None:
    if name not in {*OF_TWO, "sorted", "bool"}:
        return None
    code = f"Python's `{code_of(node) or name}`"
    if name == "sorted":
        return code, "np.sort sorts an array"
    if name == "bool":
        return code, ".any() or .all() makes one of them"
    if len(node.args) > 1:
        return code, f"{OF_TWO[name]} compares two arrays element by element"
    return code, f"np.{name} finds the {'largest' if name == 'max' else 'smallest'} element"


QUESTIONS = (
    Rule(
        "truth-value", "ValueError", r"The truth value of an array with more than one element",
        f"The line {ASKS}: np.where, np.maximum or a mask goes through the elements; `if`, `and`, "
        "`not`, `in`, max() and min() do not.", _truth_value,
    ),
    Rule(
        "truth-value-empty", "ValueError", r"The truth value of an empty array",
        "The line asks whether an array is true that has no elements: ask for its .size, and look "
        "at why it is empty.",
    ),
)  # fmt: skip


TURNED = {"+": "__radd__", "-": "__rsub__", "*": "__rmul__", "/": "__rtruediv__"}


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
    if scene.made and one in ("int", "float") and other != "NoneType" and operator in TURNED:
        return (
            f"`{operator}` has a number on its left and a {other} on its right: a number knows no "
            f"{other}, so that Python asks the one on the right for `{TURNED[operator]}`."
        )
    if kinds & {"list", "tuple"}:
        kind = "list" if "list" in kinds else "tuple"
        text = f"`{operator}` does not compute with the elements of a {kind}: make an array of it "
        text += "first, np.array(…), or take the element that is meant."
        return _argument(scene) or text
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
