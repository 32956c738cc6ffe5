"""Find what stands in a line of a student's file: the statement, and what it is in."""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from grader.engine.reading.bindings import BLOCKS, bound_names
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Function = ast.FunctionDef | ast.AsyncFunctionDef

Kind = TypeVar("Kind", bound=ast.AST)
MAX_CODE = 60
MAX_PARTS = 5_000  # of a statement: a list of numbers may fill a file


@dataclass(frozen=True)
class Site:
    """A statement of a student's, by its line.

    Parameters
    ----------
    number
        The line of the file.
    tree
        The whole file.
    around
        The statements that it is in, outermost first, and itself at the end.
    name_line
        Returns what the student calls a line of the file.
    """

    number: int
    tree: ast.Module
    around: tuple[ast.stmt, ...]
    name_line: Callable[[int], str] = "line {}".format

    @property
    def statement(self) -> ast.stmt:
        """The innermost statement: of a compound one its head is meant."""
        return self.around[-1]

    @property
    def shared(self) -> tuple[ast.stmt, ...]:
        """The statements around it that begin in the line as well: `if x > 0: return x`."""
        return tuple(one for one in self.around[:-1] if one.lineno == self.number)

    @property
    def is_alone(self) -> bool:
        """Whether no other statement begins in the line but those that it is in: no `a; b`."""
        parts = ast.walk(self.around[0])
        begin = sum(isinstance(one, ast.stmt) and one.lineno == self.number for one in parts)
        return begin <= len(self.heads)

    @property
    def function(self) -> Function | None:
        """The innermost function that the line is in."""
        found = [one for one in self.around[:-1] if _is_function(one)]
        return found[-1] if found else None  # type: ignore[return-value]

    @property
    def blocks(self) -> tuple[ast.stmt, ...]:
        """The statements around it that are in the same function, outermost first."""
        inside = list(self.around[:-1])
        for at in range(len(inside) - 1, -1, -1):
            if _is_function(inside[at]):
                return tuple(inside[at + 1 :])
        return tuple(inside)

    @property
    def heads(self) -> tuple[ast.stmt, ...]:
        """All statements that stand in the line, outermost first."""
        return (*self.shared, self.statement)

    def parts(self) -> Iterator[ast.AST]:
        """Yield the parts of what stands in the line from outside inwards, no block of others."""
        heads = self.heads
        waiting = deque[ast.AST](heads)
        for _ in range(MAX_PARTS):
            if not waiting:
                return
            part = waiting.popleft()
            yield part
            waiting += head_parts(part) if part in heads else ast.iter_child_nodes(part)

    def find(self, *kinds: type[Kind]) -> list[Kind]:
        """Return the parts of some kinds, from outside inwards."""
        return [part for part in self.parts() if isinstance(part, kinds)]

    def names(self) -> set[str]:
        """Return the names that the statement mentions."""
        return {part.id for part in self.find(ast.Name)}

    def bindings(self, name: str) -> list[Site]:
        """Return where the function that the line is in gives a name a value, in order."""
        inside: tuple[ast.stmt, ...] = ()
        if self.function is not None:
            inside = self.around[: self.around.index(self.function) + 1]
        return [
            replace(self, number=around[-1].lineno, around=around)
            for around in _statements(self.tree, inside)
            if name in bound_heads(around[-1])
        ]


def find_site(
    tree: ast.Module, number: int, name_line: Callable[[int], str] = "line {}".format
) -> Site | None:
    r"""Return the statement in a line; None where none is.

    Parameters
    ----------
    tree
        Of the file.
    number
        The line, from 1.
    name_line
        Returns what the student calls a line.

    Examples
    --------
    >>> site = find_site(ast.parse("def f(x):\n    if x:\n        return -x\n"), 3)
    >>> ast.unparse(site.statement), site.function.name, len(site.blocks)
    ('return -x', 'f', 1)
    """
    around: list[ast.stmt] = []
    body: list[ast.stmt] = tree.body
    while True:
        inside = [one for one in body if _first(one) <= number <= (one.end_lineno or one.lineno)]
        if not inside:
            break
        around.append(inside[0])
        body = inner_statements(inside[0])
    return Site(number, tree, tuple(around), name_line) if around else None


def inner_statements(node: ast.AST) -> list[ast.stmt]:
    """Return the statements of all blocks of a statement."""
    found: list[ast.stmt] = []
    for block in BLOCKS:
        for one in getattr(node, block, None) or ():
            if isinstance(one, ast.stmt):
                found.append(one)
            elif isinstance(one, ast.AST):  # a handler, or a case
                found += inner_statements(one)
    return found


def bound_heads(node: ast.stmt) -> list[str]:
    """Return the names that a statement binds itself, not what is in its blocks."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if not inner_statements(node):
        return bound_names(node)
    names = [
        part.id
        for head in head_parts(node)
        for part in ast.walk(head)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    ]
    return list(dict.fromkeys(names))


def code_of(node: ast.AST | None) -> str:
    """Return a piece of code as it may be quoted in a sentence; nothing where it is too long.

    Examples
    --------
    >>> code_of(ast.parse("x [ 0 ]").body[0].value)
    'x[0]'
    """
    first, last = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", MAX_CODE)
    one_line = getattr(node, "lineno", 0) == getattr(node, "end_lineno", 1)
    if node is None or not one_line or last - first > MAX_CODE:
        return ""
    return safe_text(ast.unparse(node), spelt_out=False)


def _statements(tree: ast.Module, inside: tuple[ast.stmt, ...]) -> Iterator[tuple[ast.stmt, ...]]:
    """Yield the statements of a function, or of a file, in order, none of inner functions.

    Each comes behind those that it is in.
    """
    start: ast.AST = inside[-1] if inside else tree
    waiting = [(one, (*inside, one)) for one in reversed(inner_statements(start))]
    while waiting:
        node, around = waiting.pop()
        yield around
        if not (_is_function(node) or isinstance(node, ast.ClassDef)):
            waiting += [(one, (*around, one)) for one in reversed(inner_statements(node))]


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def head_parts(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a statement that are in no block of it."""
    found: list[ast.AST] = []
    for name, value in ast.iter_fields(node):
        if name not in BLOCKS:
            values = value if isinstance(value, list) else [value]
            found += [one for one in values if isinstance(one, ast.AST)]
    return found
