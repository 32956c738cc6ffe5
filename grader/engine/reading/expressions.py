"""Tell what an expression is by its text alone: what it calls, a shape, an attribute as a name.

An edit replaces text, so that `self.stride` can stand wherever a name can, and every edit of names
is one of attributes, too.
"""

from __future__ import annotations

import ast
import copy
import re

FRESH = frozenset([
    "zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full_like", "list", "dict",
])  # fmt: skip
PLAIN_CALLS = frozenset(["len", "asarray", "array", "copy", "enumerate", "zip", "range", "type"])
SHAPE = re.compile(r"(?i)shape|size")


def is_attribute(name: ast.Name) -> bool:
    """Tell whether a name is an attribute of the object."""
    return "." in name.id


class _AsNames(ast.NodeTransformer):
    """Make one name of each attribute of a method's first parameter, but of what is called."""

    def __init__(self, first: str) -> None:
        self._first = first

    def visit_Call(self, node: ast.Call) -> ast.AST:
        func = node.func
        node.func = ast.Name("", ast.Load())
        self.generic_visit(node)
        inner = func.value if isinstance(func, ast.Attribute) else None
        if isinstance(inner, ast.Name) and inner.id == self._first:
            node.func = func
        else:
            node.func = self.visit(func)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == self._first:
            return ast.copy_location(ast.Name(f"{self._first}.{node.attr}", node.ctx), node)
        return self.generic_visit(node)


def with_names(node: ast.ClassDef) -> ast.ClassDef:
    """Return a class whose methods have one name for each attribute of their object."""
    node = copy.deepcopy(node)
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.args.args:
            _AsNames(part.args.args[0].arg).visit(part)
    return node


def called_name(node: ast.AST | None) -> str:
    """Return the last name of what is called; empty where nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def is_mean(node: ast.expr) -> bool:
    """Tell whether a value is a mean, as a sum that is divided: it has no term of its own.

    Examples
    --------
    >>> [is_mean(ast.parse(text, mode="eval").body) for text in ("float(s / n)", "x.mean()", "x")]
    [True, True, False]
    """
    if called_name(node) == "float" and node.args:  # type: ignore[attr-defined]
        return is_mean(node.args[0])  # type: ignore[attr-defined]
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return divides or called_name(node) == "mean"


def is_shape(node: ast.AST) -> bool:
    """Tell whether an expression is a shape, or a part of one."""
    if isinstance(node, ast.Subscript):
        return is_shape(node.value)
    if isinstance(node, ast.Name):
        return SHAPE.search(node.id) is not None
    return isinstance(node, ast.Attribute) and node.attr == "shape"


def is_plain(node: ast.expr) -> bool:
    """Tell whether there is nothing in a value that could be wrong: sizes, nothing yet, a name.

    Examples
    --------
    >>> [is_plain(ast.parse(text).body[0].value) for text in ("x.shape[0]", "np.zeros(3)", "x")]
    [True, True, True]
    >>> is_plain(ast.parse("x * 2").body[0].value)
    False
    """
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(is_plain(one) for one in node.elts)
    if isinstance(node, ast.Call):
        called = called_name(node)
        return called in FRESH or (called in PLAIN_CALLS and all(map(is_plain, node.args)))
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "size", "ndim", "dtype", "T") and is_plain(node.value)
    if isinstance(node, ast.Subscript):
        return is_shape(node)
    if isinstance(node, ast.Dict):
        return all(map(is_plain, node.values))
    return isinstance(node, (ast.Name, ast.Constant))


def is_plain_iteration(node: ast.expr, given: frozenset[str]) -> bool:
    """Tell whether a loop goes over all there is: of a size, or of an array, from the first on.

    An argument that is counted to may be negative, or not what is to be counted to.
    """
    if called_name(node) == "range":
        args = node.args  # type: ignore[attr-defined]
        return len(args) == 1 and is_plain(args[0]) and getattr(args[0], "id", "") not in given
    return is_plain(node)
