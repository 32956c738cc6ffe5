"""Tell what an expression is by its text alone: what it calls, a shape, an attribute as a name.

An edit replaces text, so that `self.stride` can stand wherever a name can, and every edit of names
is one of attributes, too.
"""

from __future__ import annotations

import ast
import copy
import re

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


def is_shape(node: ast.AST) -> bool:
    """Tell whether an expression is a shape, or a part of one."""
    if isinstance(node, ast.Subscript):
        return is_shape(node.value)
    if isinstance(node, ast.Name):
        return SHAPE.search(node.id) is not None
    return isinstance(node, ast.Attribute) and node.attr == "shape"
