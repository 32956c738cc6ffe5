"""Tell which names a piece of Python binds, needs and imports, without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.parsing import parse_symbols

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SCOPES = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
NAMED_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
MISSING_MODULE = frozenset(["ImportError", "ModuleNotFoundError", "Exception", "BaseException"])
STAR = "*"


@dataclass(frozen=True, slots=True)
class Import:
    """One thing that is imported.

    Parameters
    ----------
    module
        The module as it is written, without the dots in front.
    name
        What is taken from it; empty for the module itself.
    level
        How many dots stand in front.
    binds
        The name that it gets.
    line
        The line in which its statement begins.
    at
        The line and the column in which it begins itself.
    inner
        Whether it is inside of a function or class.
    guarded
        Whether it is tried, and its absence seen to.
    """

    module: str
    name: str
    level: int
    binds: str
    line: int
    at: tuple[int, int]
    inner: bool = False
    guarded: bool = False

    @property
    def top(self) -> str:
        """The package that the module is in, or the module."""
        return self.module.partition(".")[0]


def bound_names(node: ast.stmt) -> list[str]:
    """Return the names that a statement at the top level binds, in order.

    Examples
    --------
    >>> [bound_names(node) for node in ast.parse("import a.b, c as d; x = y, z = 1, 2; f()").body]
    [['a', 'd'], ['x', 'y', 'z'], []]
    """
    names: list[str] = []
    for part in own_parts(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.append(part.id)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            names += [alias.asname or alias.name.partition(".")[0] for alias in part.names]
        elif isinstance(part, NAMED_SCOPES):
            names.append(part.name)
    return list(dict.fromkeys(names))


def changed_names(node: ast.stmt) -> list[str]:
    """Return the names of which a statement changes a part.

    Examples
    --------
    >>> changed_names(ast.parse("TABLE[0].size = 1").body[0])
    ['TABLE']
    """
    names = []
    for part in own_parts(node):
        if isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, ast.Store):
            inner: ast.AST = part
            while isinstance(inner, (ast.Subscript, ast.Attribute)):
                inner = inner.value
            names += [inner.id] if isinstance(inner, ast.Name) else []
    return names


def reused_names(node: ast.stmt) -> list[str]:
    """Return the names that a statement must find, though it does not read them.

    Examples
    --------
    >>> [reused_names(node) for node in ast.parse("K += 1; del T; x = y").body]
    [['K'], ['T'], []]
    """
    names = []
    for part in own_parts(node):
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            names.append(part.target.id)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del):
            names.append(part.id)
    return names


def read_attributes(node: ast.AST, names: Collection[str]) -> dict[str, frozenset[str]]:
    """Return which attributes of modules are read, where nothing else is done with a module.

    Parameters
    ----------
    node
        Any part of a tree.
    names
        What the modules are called.

    Examples
    --------
    >>> read_attributes(ast.parse("a.f(a.g.h) + b.f(b)"), {"a", "b"})["a"] == {"f", "g"}
    True
    >>> read_attributes(ast.parse("a.f(a.g.h) + b.f(b)"), {"a", "b"}).keys()
    dict_keys(['a'])
    """
    found: dict[str, set[str]] = {}
    plain: dict[str, int] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            plain[part.id] = plain.get(part.id, 0) + 1
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            name = part.value.id
            if name in names:
                found.setdefault(name, set()).add(part.attr)
                plain[name] = plain.get(name, 0) - 1
    return {name: frozenset(parts) for name, parts in found.items() if not plain[name]}


def own_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a statement in order, without the insides of what has its own scope."""
    waiting = [node]
    while waiting:  # a tree may be deeper than functions can call one another
        part = waiting.pop()
        yield part
        if not isinstance(part, SCOPES):
            waiting += reversed(list(ast.iter_child_nodes(part)))


def code_text(node: ast.AST) -> str:
    """Return a text that two pieces of code share when they differ in layout alone.

    A tree that is deeper than functions can call one another has one, too.
    """
    try:
        return ast.dump(node)
    except RecursionError:
        return " ".join(_words(node))


def _words(node: ast.AST) -> Iterator[str]:
    waiting: list[Any] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.AST):
            yield type(part).__name__
            waiting += [value for _, value in reversed(list(ast.iter_fields(part)))]
        elif isinstance(part, list):
            yield f"{len(part)}:"
            waiting += reversed(part)
        else:
            yield repr(part)


def mentioned_words(node: ast.AST) -> set[str]:
    """Return every name, attribute and text in a piece of code.

    Examples
    --------
    >>> sorted(mentioned_words(ast.parse("def f(x): return x.g('h')")))
    ['f', 'g', 'h', 'x']
    """
    found = set()
    for part in ast.walk(node):
        for _, value in ast.iter_fields(part):
            values = value if isinstance(value, list) else [value]
            found |= {one for one in values if isinstance(one, str)}
    return found


def needed_names(source: str) -> set[str]:
    r"""Return the names that a source reads from around it; those of its own functions are not.

    Parameters
    ----------
    source
        What `parse_python` parses; nothing is needed by what cannot be compiled all the same.

    Examples
    --------
    >>> sorted(needed_names("def f(x):\n    y = K * x\n    return [g(z) for z in y]"))
    ['K', 'g']
    """
    try:
        top = parse_symbols(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    tables = list(top.get_children())
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return found


def find_imports(node: ast.AST) -> Iterator[Import]:
    """Yield what is imported in a part of a tree, at any depth; statements alone are looked at."""
    waiting = [(node, False, False)]
    while waiting:
        part, inner, guarded = waiting.pop()
        if isinstance(part, (ast.Import, ast.ImportFrom)):
            yield from (
                one_import(part, alias, inner=inner, guarded=guarded) for alias in part.names
            )
            continue
        inside = inner or isinstance(part, NAMED_SCOPES)
        for block in BLOCKS:
            tried = block == "body" and _sees_to_absence(part)
            parts = getattr(part, block, None)
            if isinstance(parts, list):
                waiting += [(one, inside, guarded or tried) for one in reversed(parts)]


def one_import(
    node: ast.Import | ast.ImportFrom,
    alias: ast.alias,
    *,
    inner: bool = False,
    guarded: bool = False,
) -> Import:
    """Return one thing of an import statement."""
    where = (node.lineno, (alias.lineno, alias.col_offset), inner, guarded)
    if isinstance(node, ast.Import):
        return Import(alias.name, "", 0, alias.asname or alias.name.partition(".")[0], *where)
    binds = alias.asname or alias.name
    if node.module is None:  # `from . import helper` is a module, too
        return Import(alias.name, "", node.level, binds, *where)
    return Import(node.module, alias.name, node.level, binds, *where)


def _sees_to_absence(node: ast.AST) -> bool:
    """Tell whether a statement catches what an import raises where there is no such module."""
    for handler in getattr(node, "handlers", ()):
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(kind is None or getattr(kind, "id", "") in MISSING_MODULE for kind in kinds):
            return True
    return False
