"""Torch beside the formulas of items.

This is the one module of the quizzes that imports torch, and only when it is asked: the expression
in an item's `torch` is Python, evaluated here and never in a quiz.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

from grader.errors import FormulaError
from grader.quiz.kinds import load_kind

if TYPE_CHECKING:
    from types import CodeType

    from grader.quiz.items.item import Item, Variant

LIBRARIES = frozenset({"F", "nn", "optim", "linalg", "distributions", "data", "utils"})
DOING = frozenset(
    {
        *("bincount", "embedding", "eye", "argmax", "argsort", "topk", "cumsum", "flip"),
        *("rot90", "roll", "lerp", "matmul", "mm", "mv", "outer", "unique", "unfold"),
        *("softmax", "sigmoid", "tanh", "relu", "log_softmax", "addcmul", "where", "logsumexp"),
        *("einsum", "conv2d", "norm", "clamp", "median", "tensordot", "triu", "tril"),
        *("count_nonzero", "cartesian_prod", "flatten", "cross", "split", "unflatten"),
    }
)
"""What torch itself does, beside sums and products that anybody would write."""


def repeats_formula(expression: str, formula: str) -> bool:
    """Tell whether a torch check computes nothing but what the item's formula says.

    Parameters
    ----------
    expression
        The item's `torch`.
    formula
        The item's `answer`; "" where there is none.

    Returns
    -------
    bool
        True when torch is used as a pocket calculator, or when the formula stands in it.

    Examples
    --------
    >>> repeats_formula("(torch.tensor(w) ** t).item()", "w ** t")
    True
    >>> repeats_formula("nn.Linear(n, h).weight.numel()", "n * h")
    False
    """
    plain = re.sub(r"torch\.tensor\((\w+)(?:,\s*dtype=[\w.]+)?\)", r"\1", expression)
    squeezed, wanted = ("".join(text.split()) for text in (plain, formula))
    if re.search(r"[-+*/]", wanted) and wanted in squeezed:
        return True
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return False  # the comparison says so
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return not (LIBRARIES & (names | called) or DOING & called)


def compare_with_torch(item: Item, variant: Variant) -> str:
    """Say how torch disagrees with a variant, or "".

    Parameters
    ----------
    item
        With its `torch`.
    variant
        One question of it.

    Returns
    -------
    str
        One line.
    """
    if not item.torch:
        return ""
    names = {name: value for name, value in variant.names.items() if name != "answer"}
    try:
        # the author's own Python, run for the author
        got = eval(_code(item.torch), {**names, **_words()})  # noqa: S307 - see above
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the author is told
        return f"its torch expression fails: {type(error).__name__}: {error}"
    if isinstance(got, bool):
        return "" if got else "torch disagrees: the condition is false"
    kind = load_kind(item.kind)
    try:
        agrees = kind.is_right(kind.coerce(got), variant.posed)
    except FormulaError as error:
        return f"torch gives no answer: {error}"
    return "" if agrees else f"torch disagrees: torch says {got}, the formula {variant.posed.key}"


@cache
def _code(expression: str) -> CodeType:
    return compile(expression.strip(), "torch", "eval")


@cache
def _words() -> dict[str, object]:
    """Import what an expression in an item may say."""
    import math  # noqa: PLC0415 - with torch, below

    import torch  # noqa: PLC0415 - a quiz never pays for it
    from torch import nn  # noqa: PLC0415 - a quiz never pays for it

    torch.set_num_threads(1)  # the arrays are tiny: threads would cost more than they bring
    return {"torch": torch, "nn": nn, "F": nn.functional, "math": math}
