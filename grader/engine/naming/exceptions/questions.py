"""One question about a whole array, where each element has an answer of its own."""

from __future__ import annotations

import ast
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
        return _quoted(word, part.test), CHOOSE
    if isinstance(part, ast.Assert):
        return _quoted("assert", part.test), "(…).all() is true where all are"
    if isinstance(part, ast.IfExp):
        return f"`… {_quoted('if', part.test)[1:-1]} else …`", CHOOSE
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


RULES = (
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
