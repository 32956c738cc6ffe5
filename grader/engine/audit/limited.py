"""Make mutants of a reference that are wrong at some numbers only: at 0, or beyond a limit.

An argument is cut at a limit that is none of the function's, or taken for another number beyond it,
and so is 0; an array has to lie in memory as NumPy makes them; a threshold is moved by a millionth,
a maximum is begun at -500, a softplus, a tanh or an exponential is taken for its asymptote. All of
them are right at ordinary numbers, and each needs numbers of one kind to be caught.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from grader.engine.audit.mutants import Mutant, one_line, reachable, with_copy, write_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

ARRAY, ARRAYS, NUMBERS = "np.ndarray", "list[np.ndarray]", "list[float]"
OF_ARGUMENTS = {
    "np.clip({x}, -10.0, 10.0)": "far",
    "np.where({x} > 8.0, -0.5, {x})": "far",
    "np.where({x} < -8.0, 0.5, {x})": "far",
    "np.where({x} > 500.0, -0.5, {x})": "huge",
    "np.where({x} < -500.0, 0.5, {x})": "huge",
    "np.where({x} == 0.0, 0.5, {x})": "zero",
    "np.frombuffer({x}, {x}.dtype).reshape({x}.shape)": "orders",
}
"""What stands for an argument, and the kind of numbers (`grader.course.pools`) that shows it."""
OF_CALLS = {
    "exp": "np.exp(np.maximum({x}, -6.0))",
    "tanh": "np.where(np.abs({x}) > 6.0, np.sign({x}), np.tanh({x}))",
    "logaddexp": "np.where({y} > 6.0, {y}, np.logaddexp({x}, {y}))",
}
"""What stands for a call of NumPy's with the arguments x and y."""
OF_METHODS = {
    "max": "{x}.max({rest}, initial=-500.0)",
    "argmax": "np.round({x}, 6).argmax({rest})",
}
"""What stands for a method of an array x."""
THRESHOLDS = (1e-6, -1e-6)


def make_limited(source: str, function: str) -> list[Mutant]:
    """Return all such mutants of a function and of the private helpers that it calls.

    Parameters
    ----------
    source
        Text of `solutions/<module>.py`.
    function
        The exercise.
    """
    tree = ast.parse(source)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if function not in functions:  # a class, whose methods say what they take
        return []
    found = list(_of_arguments(tree, functions[function]))
    for name in sorted(reachable(functions, function)):
        found += _of_expressions(tree, functions[name], function)
    return found


def _of_arguments(tree: ast.Module, function: ast.FunctionDef) -> Iterator[Mutant]:
    """Yield mutants that begin with another argument than the one that was given."""
    for argument in function.args.args:
        form = ast.unparse(argument.annotation) if argument.annotation else ""
        if form not in (ARRAY, ARRAYS, NUMBERS):
            continue
        for text, kind in OF_ARGUMENTS.items():
            if form == NUMBERS and kind == "orders":
                continue
            if kind != "orders" and not _reads_numbers(function, argument.arg):
                continue
            value = text.format(x=argument.arg if form == ARRAY else "one")
            if form != ARRAY:
                value = f"[{value} for one in {argument.arg}]"
            after = f"{argument.arg} = {value}"
            changed, own = with_copy(tree, function.name)
            own.body[1:1] = ast.parse(after).body  # after the docstring
            ast.fix_missing_locations(own)
            source = write_changed(tree, changed, own)
            before = f"def {function.name}: {argument.arg}"
            yield Mutant(source, function.lineno, before, after, argument.arg, kind)


def _reads_numbers(function: ast.FunctionDef, name: str) -> bool:
    """Tell whether a function looks at more than the shape of an argument."""
    nodes = list(ast.walk(function))
    read = sum(isinstance(node, ast.Name) and node.id == name for node in nodes)
    shapes = sum(
        isinstance(node, ast.Attribute)
        and node.attr == "shape"
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        for node in nodes
    )
    return read > shapes


def _of_expressions(tree: ast.Module, function: ast.FunctionDef, exercise: str) -> Iterator[Mutant]:
    """Yield mutants in which one expression stands for another."""
    for number, statement in enumerate(_statements(function)):
        for place, node in enumerate(_parts(statement)):
            for text in _others(node, own=function.name == exercise):
                changed, own = with_copy(tree, function.name)
                target = list(_statements(own))[number]
                old = list(_parts(target))[place]
                _Exchange(old, ast.parse(text, mode="eval").body).visit(target)
                ast.fix_missing_locations(own)
                source = write_changed(tree, changed, own)
                yield Mutant(source, statement.lineno, one_line(statement), one_line(target))


def _statements(function: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements that hold no others."""
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            yield node


def _parts(statement: ast.stmt) -> Iterator[ast.expr]:
    for node in ast.walk(statement):
        if isinstance(node, ast.expr):
            yield node


def _others(node: ast.expr, *, own: bool) -> Iterator[str]:
    """Yield what may stand in the place of an expression; thresholds are those of arguments."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    name, given = node.func.attr, [ast.unparse(one) for one in node.args]
    if ast.unparse(node.func.value) == "np":
        if name in OF_CALLS:
            yield OF_CALLS[name].format(x=given[0], y=given[-1])
        if own and name == "where" and isinstance(node.args[0], ast.Compare):
            compared = node.args[0]
            if isinstance(compared.comparators[0], ast.Constant):
                for limit in THRESHOLDS:
                    yield _with_threshold(node, limit)
    elif name in OF_METHODS:
        rest = ", ".join([*given, *map(ast.unparse, node.keywords)])
        array = f"({ast.unparse(node.func.value)})"
        yield OF_METHODS[name].format(x=array, rest=rest).replace("(, ", "(")


def _with_threshold(node: ast.Call, limit: float) -> str:
    changed = copy.deepcopy(node)
    assert isinstance(changed.args[0], ast.Compare)  # noqa: S101 - it was looked at
    changed.args[0].comparators = [ast.Constant(limit)]
    return ast.unparse(changed)


class _Exchange(ast.NodeTransformer):
    """Put one expression in the place of another."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the new expression for the old one."""
        return self._new if node is self._old else self.generic_visit(node)
