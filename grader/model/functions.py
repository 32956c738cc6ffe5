"""A function among the arguments of a case: a lambda of arithmetic that is known by its text."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError
from grader.parsing import parse_python

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = frozenset({"sum", "mean", "prod"})
PLAIN = (
    ast.Lambda, ast.arg, ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.Load
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function that a case hands to the student's: `lambda x: (x * x).sum()`.

    The worker makes it again from its text, and so does whoever pastes it. Nothing but arithmetic
    with its parameters is let in, so that it does the same for arrays, tensors and plain numbers.

    Parameters
    ----------
    text
        An expression in Python: operators, numbers, and the methods `sum`, `mean` and `prod`.

    Raises
    ------
    CourseError
        It is something else.

    Examples
    --------
    >>> square = Lambda("lambda x: x * x")
    >>> square(3.0)
    9.0
    >>> square
    lambda x: x * x
    """

    text: str

    def __post_init__(self) -> None:
        if not _is_arithmetic(self.text):
            said = f"{self.text!r} is no function of a case"
            raise CourseError(f"{said}: write arithmetic, such as 'lambda x: (x * x).sum()'")

    @property
    def made(self) -> Callable[..., Any]:
        """The function itself."""
        return _make(self.text)

    def __call__(self, *arguments: Any) -> Any:
        """Return what it gives for some arguments."""
        return self.made(*arguments)

    def __repr__(self) -> str:
        """Return its text, which makes it again."""
        return self.text


@cache
def _make(text: str) -> Callable[..., Any]:
    return eval(text, {})  # type: ignore[no-any-return]  # noqa: S307 - arithmetic alone


@cache
def _is_arithmetic(text: str) -> bool:
    try:
        body = parse_python(text).body
    except (SyntaxError, ValueError):
        return False
    found = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(found, ast.Lambda):
        return False
    names = {one.arg for one in found.args.args}
    called = [node.func for node in ast.walk(found) if isinstance(node, ast.Call)]
    return all(_is_allowed(node, names, called) for node in ast.walk(found))


def _is_allowed(node: ast.AST, names: set[str], called: list[ast.expr]) -> bool:
    """Tell whether a part of an expression is arithmetic with some names."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and not (node.args or node.keywords)
    if isinstance(node, ast.arguments):
        return not (node.defaults or node.kw_defaults or node.vararg or node.kwarg)
    if isinstance(node, ast.Attribute):
        return node.attr in METHODS and any(node is one for one in called)
    return isinstance(node, PLAIN)
