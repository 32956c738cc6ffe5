"""Lines of a function, as questions about it show them: written by Python, without what is free."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 100  # characters of a line


def find_function(text: str, name: str) -> ast.FunctionDef | None:
    """Return the last function of a name in a file, or the method of a class: `Linear.forward`."""
    try:
        nodes = ast.parse(text).body
    except SyntaxError:
        return None
    made, _, name = name.rpartition(".")
    if made:
        classes = [one for one in nodes if isinstance(one, ast.ClassDef) and one.name == made]
        nodes = classes[-1].body if classes else []
    named = [one for one in nodes if isinstance(one, ast.FunctionDef) and one.name == name]
    return named[-1] if named else None


def shown_lines(node: ast.FunctionDef | None) -> list[str]:
    """Return the lines of a function without docstring, comments and types; the tree is used up.

    The words of an error are left out: they are long, and as free as a comment.
    """
    if node is None:
        return []
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        node.body = node.body[1:] or node.body
    return [line for line in ast.unparse(_Shortened().visit(node)).split("\n") if line.strip()]


class _Shortened(ast.NodeTransformer):
    """Take away what is not looked at for a mistake."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Take away the type of a parameter."""
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Take away decorators and the type of the result."""
        node.decorator_list, node.returns = [], None
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        """Take away the words of an error."""
        if isinstance(node.exc, ast.Call):
            node.exc = ast.Call(node.exc.func, [ast.Constant(...)], [])
        return node


def distinct_run(lines: Sequence[str], at: int) -> tuple[int, int]:
    """Return the widest run of lines around one in which no two read the same.

    Examples
    --------
    >>> distinct_run(["a", "b", "c", "A", "d"], 2)
    (1, 5)
    """
    low, high, seen = at, at + 1, {read_alike(lines[at])}
    grows = True
    while grows:
        grows = False
        for place in (high, low - 1):
            line = read_alike(lines[place]) if 0 <= place < len(lines) else None
            if line is not None and line not in seen and len(lines[place]) <= LONGEST:
                seen.add(line)
                low, high, grows = min(low, place), max(high, place + 1), True
    return low, high


def read_alike(line: str) -> str:
    """Return what two lines have in common that read the same."""
    return " ".join(line.casefold().split())
