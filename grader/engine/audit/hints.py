"""Find hints that give the answer away: a line of the reference, in whatever names.

A hint may say what a step is for, and show its structure with gaps (`...`). What it may not hold is
the expression that a statement of the reference computes: then nothing is left to think about.
"""

from __future__ import annotations

import ast
import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.audit.mutants import definitions, reachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKEN = re.compile(
    r"\.\.\.|[A-Za-z_]\w*|\d+\.?\d*(?:e-?\d+)?|'[^'\n]*'|\"[^\"\n]*\"|\*\*|//|[<>=!]=|\S"
)
WORD = re.compile(r"[A-Za-z_]\w*")
KEYWORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "for", "lambda"})
OPENING, CLOSING = "([{", ")]}"
WRAPPERS = frozenset({"float", "int", "bool", "list", "tuple"})
WEIGHTY = (
    ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.BoolOp, ast.IfExp, ast.ListComp,
    ast.GeneratorExp, ast.DictComp,
)  # fmt: skip
MANY = 2  # operations, from which on an answer is one in whatever names
MOST_TOKENS = 60  # of one expression


@dataclass(frozen=True)
class GivenAway:
    """A line of the reference that stands in a hint.

    Parameters
    ----------
    hint
        Which, from 1.
    text
        The expression, as the reference has it.
    """

    hint: int
    text: str


def find_given_away(hints: Sequence[str], source: str, function: str) -> list[GivenAway]:
    r"""Return the lines of a reference that its exercise's hints hold.

    Parameters
    ----------
    hints
        In order.
    source
        Text of `solutions/<module>.py`.
    function
        The exercise.

    Examples
    --------
    >>> source = "def f(a, b):\n    return a * b + 1\n"
    >>> find_given_away(["Multiply, then add.", "Return x * y + 1."], source, "f")
    [GivenAway(hint=2, text='a * b + 1')]
    >>> find_given_away(["return a * ... + ..."], source, "f")
    []
    """
    lines = list(_lines(source, function))
    found = []
    for number, hint in enumerate(hints, 1):
        said = {_form(node) for node in _expressions(hint) if _weight(node)}
        found += [GivenAway(number, ast.unparse(line)) for line in lines if _form(line) in said]
    return found


def _lines(source: str, function: str) -> Iterator[ast.expr]:
    """Yield what each statement of a function computes, and those of its private helpers."""
    seen: set[str] = set()
    tree = ast.parse(source)
    functions = definitions(tree)
    bodies = [functions[name] for name in sorted(reachable(functions, function))]
    for node in ast.walk(ast.Module([*bodies], [])):
        for value in _values(node):
            bare = _bare(value)
            text = ast.unparse(bare)
            if _weight(bare) and text not in seen:
                seen.add(text)
                yield bare


def _values(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Return(value=ast.Tuple(elts=values)):
            yield from values
        case ast.Return(value=ast.expr() as value) | ast.Expr(value=value):
            yield value
        case ast.Assign(value=value) | ast.AugAssign(value=value):
            yield value
        case ast.AnnAssign(value=ast.expr() as value):
            yield value
        case ast.ListComp(elt=value) | ast.GeneratorExp(elt=value):
            yield value


def _bare(node: ast.expr) -> ast.expr:
    """Return an expression without `float(…)` around it."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in WRAPPERS:
            return _bare(inner)
    return node


def _weight(node: ast.expr) -> int:
    """Return how many operations an expression has; 0 for a name, or a call of one name."""
    match node:
        case ast.Call(args=[ast.Name() | ast.Constant()], keywords=[]):
            return 0
        case ast.Call(func=ast.Attribute(value=ast.Name()), args=[], keywords=[]):
            return 0
        case ast.Constant() | ast.JoinedStr():
            return 0
        case ast.Call(func=ast.Name(), args=arguments) if all(map(_is_plain, arguments)):
            return 0  # an earlier exercise, or a helper, is called
    return sum(isinstance(inner, WEIGHTY) for inner in ast.walk(node))


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Constant, ast.Attribute))


def _form(node: ast.expr) -> str:
    """Return an expression in a form that other names and blanks do not change.

    Where it is a single operation its names stay: a[b] is no answer by itself.
    """
    plain: ast.AST = _Plain().visit(copy.deepcopy(node))
    return ast.dump(plain if _weight(node) < MANY else _Renamed().visit(plain))


class _Plain(ast.NodeTransformer):
    """Writes 0.0 for 0, and a name wherever one is stored."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool):
            return ast.Constant(float(value))
        return ast.Constant(value)


class _Renamed(ast.NodeTransformer):
    """Writes names in the order in which they occur; NumPy and functions that are called stay."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id == "np":
            return node
        return ast.Name(self._names.setdefault(node.id, f"_{len(self._names)}"), node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        self.generic_visit(node)
        if isinstance(function, ast.Name):
            node.func = function
        return node


def _expressions(text: str) -> Iterator[ast.expr]:
    """Yield the Python in a sentence: every expression, also those inside of others."""
    tokens = [(found.start(), found.end(), found[0]) for found in TOKEN.finditer(text)]
    for first in range(len(tokens)):
        node = _longest(text, tokens, first)
        if node is not None:
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.expr))


def _longest(text: str, tokens: Sequence[tuple[int, int, str]], first: int) -> ast.expr | None:
    """Return the longest expression that begins with a token."""
    ends: list[int] = []
    depth, before = 0, ""
    for start, end, token in tokens[first : first + MOST_TOKENS]:
        if ends and depth == 0 and ("\n" in text[ends[-1] : start] or _are_prose(before, token)):
            break
        depth += (token in OPENING) - (token in CLOSING)
        if depth < 0:
            break
        if depth == 0:
            ends.append(end)
        before = token
    for end in reversed(ends):
        try:
            return ast.parse(text[tokens[first][0] : end], mode="eval").body
        except SyntaxError:
            continue
    return None


def _are_prose(before: str, token: str) -> bool:
    """Tell whether two words stand side by side as only a sentence has them."""
    words = WORD.fullmatch(before) and WORD.fullmatch(token)
    return bool(words) and not {before, token} & KEYWORDS
