"""Take Python apart into the statements at its top level: what each binds, uses and imports.

The rule about imports and the check of a notebook's cells both ask this module what a function
needs, so that they cannot disagree.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import (
    NAMED_SCOPES,
    STAR,
    Import,
    bound_names,
    changed_names,
    find_imports,
    needed_names,
    one_import,
    own_parts,
    read_attributes,
    reused_names,
)
from grader.parsing import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


Seen = set[tuple[str, int, int | None]]
WHOLE = (*NAMED_SCOPES, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
LAZY = "from __future__ import annotations\n"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement at the top level; an import of several things is several.

    Parameters
    ----------
    text
        Its source.
    line, column
        Where it begins.
    binds, uses
        The names that it binds, wholly or in part, and the names that it reads.
    whole
        Whether what it binds no longer depends on what was bound before.
    now, later
        When the names that it uses are looked up: as it is run, when what it defines is called.
    attributes
        Which attributes of modules it reads, where it does nothing else with them.
    imports
        What is imported in it, at any depth.
    changes_python
        Whether it is an import from `__future__`, which holds for all that follows.
    cell
        The number of the cell's execution, in a notebook.
    """

    text: str
    line: int
    column: int
    binds: frozenset[str]
    uses: frozenset[str]
    whole: bool
    now: bool
    later: bool
    attributes: Mapping[str, frozenset[str]]
    imports: tuple[Import, ...]
    changes_python: bool = False
    cell: int = 0


def read_statements(tree: ast.Module, source: str, cell: int = 0) -> Iterator[Statement]:
    """Yield the statements of a source.

    Parameters
    ----------
    tree
        Of the source.
    source
        As text, without a mark in front.
    cell
        The number of the cell that it is, if it is one.
    """
    lines = [line.encode("utf-8", "replace") for line in split_lines(source)]
    modules = {one.binds for one in find_imports(tree) if not one.name}
    lazy = any(_is_lazy(node) for node in tree.body)
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (_imported(node, alias, cell) for alias in node.names)
            continue
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        text = _text(node, first, lines)
        uses = needed_names(LAZY + text if lazy else text) | set(reused_names(node))
        yield _statement(node, text, first, cell, uses, modules)


def _imported(node: ast.Import | ast.ImportFrom, alias: ast.alias, cell: int) -> Statement:
    """Return one thing of an import as a statement: only what is needed comes along."""
    found = one_import(node, alias)
    alone: ast.stmt = ast.Import([alias])
    if isinstance(node, ast.ImportFrom):
        alone = ast.ImportFrom(node.module, [alias], node.level)
    return Statement(
        ast.unparse(alone) + "\n", node.lineno, node.col_offset, frozenset([found.binds]),
        frozenset(), whole=True, now=True, later=False, attributes={}, imports=(found,),
        changes_python=found.module == "__future__", cell=cell,
    )  # fmt: skip


def _statement(  # noqa: PLR0913 - what was found out about it
    node: ast.stmt, text: str, line: int, cell: int, uses: set[str], modules: set[str]
) -> Statement:
    imports = tuple(find_imports(node))
    if _never_runs(node):
        binds, uses = frozenset[str](), set()
    else:
        parts = changed_names(node)
        binds = frozenset([*bound_names(node), *parts])
    defines = isinstance(node, NAMED_SCOPES)
    scopes = (*NAMED_SCOPES, ast.Lambda)
    return Statement(
        text, line, node.col_offset, binds, frozenset(uses),
        whole=isinstance(node, WHOLE) and not changed_names(node),
        now=not defines,
        later=any(isinstance(part, scopes) for part in own_parts(node)),
        attributes=read_attributes(node, modules & uses) if modules & uses else {},
        imports=imports, cell=cell,
    )  # fmt: skip


def _is_lazy(node: ast.stmt) -> bool:
    """Tell whether a statement makes annotations mere text."""
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
    )


def _never_runs(node: ast.stmt) -> bool:
    """Tell whether a statement is a main guard, which no import of the file runs."""
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    found = {getattr(side, "id", getattr(side, "value", "")) for side in sides}
    is_equal = len(sides) == 2 and isinstance(node.test.ops[0], ast.Eq)
    return is_equal and found == {"__name__", "__main__"}


def _text(node: ast.stmt, first: int, lines: Sequence[bytes]) -> str:
    """Return the source of a statement alone, whatever else stands in its lines."""
    last, end = node.end_lineno or node.lineno, node.end_col_offset
    if first != node.lineno:  # decorators come before it
        parts = list(lines[first - 1 : last])
    else:
        parts = [lines[first - 1][node.col_offset :], *lines[first:last]]
        end = (end or 0) - (node.col_offset if last == first else 0)
    parts[-1] = parts[-1][:end]
    text = b"".join(parts).decode("utf-8", "replace")
    return text.rstrip("\r\n") + "\n"


@dataclass
class NameTable:
    """Which statements of a source give its names their values.

    Parameters
    ----------
    statements
        In the order in which they are run.

    Attributes
    ----------
    imports
        What a statement, by its place, imports under a name.
    modules
        The modules that have a name.
    stars
        The imports of everything.
    """

    statements: Sequence[Statement]
    imports: dict[tuple[int, str], list[Import]] = field(init=False)
    modules: dict[str, list[Import]] = field(init=False)
    stars: list[Import] = field(init=False)
    _places: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._places, self.imports = defaultdict(list), defaultdict(list)
        modules, stars = defaultdict[str, dict[tuple[str, int], Import]](dict), {}
        for place, statement in enumerate(self.statements):
            for name in statement.binds:
                self._places[name].append(place)
            for one in statement.imports:
                if one.inner:
                    continue
                self.imports[place, one.binds].append(one)
                if not one.name:
                    modules[one.binds][one.module, one.level] = one
                elif one.name == STAR:
                    stars[one.module, one.level] = one
        self.modules = {name: list(found.values()) for name, found in modules.items()}
        self.stars = list(stars.values())

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def givers(self, name: str, before: int | None, seen: Seen) -> list[int]:
        """Return the last statement that binds a name wholly, and the later ones that add to it.

        Parameters
        ----------
        name
            Any name.
        before
            The place of a statement that is run: only what was run before it counts, if anything
            did. None for the end.
        seen
            What was returned before and is not again; it grows.
        """
        places = self._places.get(name, [])
        end = bisect_left(places, before) if before is not None else 0
        found = []
        for index in reversed(range(end or len(places))):
            place = places[index]
            key = (name, place, before if self.statements[place].later else None)
            if key in seen:  # and all that it adds to
                break
            seen.add(key)
            found.append(place)
            if self.statements[place].whole:
                break
        return found

    def uses(self, place: int, before: int | None) -> Iterator[tuple[str, int | None]]:
        """Yield the names that a statement uses, and before which place each is looked up.

        What it defines may be called by the statement that wants it, and at the end.
        """
        statement = self.statements[place]
        limits = {place} if statement.now else set[int | None]()
        if statement.later:
            limits |= {before, None}
        for name in statement.uses:
            for limit in limits:
                yield name, limit

    def needed(self, names: Iterable[str]) -> set[int]:
        """Return the places of all statements that give these names their values now.

        Parameters
        ----------
        names
            What is wanted; what nothing binds may be a builtin, or come from elsewhere.
        """
        seen, visited = Seen(), set[tuple[int, int | None]]()
        waiting: list[tuple[str, int | None]] = [(name, None) for name in names]
        done = set(waiting)
        while waiting:
            name, before = waiting.pop()
            for place in self.givers(name, before, seen):
                if (place, before) in visited:
                    continue
                visited.add((place, before))
                binds = ((name, None) for name in self.statements[place].binds)
                new = {*self.uses(place, before), *binds} - done
                done |= new
                waiting += new
        return {place for place, _ in visited}
