"""The text of a student's function or class, of what it reaches, and the same with an edit in it.

An edit is kept as pieces of the text that are replaced, so that an edited function is what the
student wrote but for them, and no tree is ever copied or written out as a whole.
"""

from __future__ import annotations

import ast
import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from grader.engine.reading.expressions import with_names
from grader.parsing import decode_source, split_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MAX_BYTES = 40_000
MAX_NODES = 6_000
MAX_FUNCTIONS = 12


@dataclass(frozen=True, slots=True)
class Splice:
    """A piece of a source that is replaced: from one byte to another."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a function.

    Parameters
    ----------
    kind
        A key of `telling.KINDS`.
    cost
        How far-fetched it is: 1 for the likeliest.
    lines
        The line of what it changes, or two.
    splices
        The pieces of the source that it replaces.
    """

    kind: str
    cost: int
    lines: tuple[int, ...]
    splices: tuple[Splice, ...]

    other: Edit | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Its kind, or those of both where it is two together, in the order of their lines."""
        if self.other is None:
            return (self.kind,)
        return (self.kind, self.other.kind)

    def joined(self, other: Edit) -> Edit:
        """Return this edit and another one as one."""
        one, two = sorted((self, other), key=lambda edit: edit.lines)
        lines = tuple(sorted({*one.lines, *two.lines}))
        cost, splices = one.cost + two.cost, (*one.splices, *two.splices)
        return Edit(one.kind, cost, lines, splices, two)


@dataclass(frozen=True)
class OwnFunctions:
    """A function or a class of a student's, and those of the same file that it reaches.

    Parameters
    ----------
    source
        The whole file, in UTF-8.
    name
        The function, or the class.
    defined
        It and the others at the left edge of the file, by name.
    around
        All else that the file does, as far as they may depend on it; None where that is more than
        is looked at.
    """

    source: bytes
    name: str
    defined: Mapping[str, ast.FunctionDef | ast.ClassDef]
    around: str | None = None
    _starts: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lines = split_lines(self.source.decode())
        starts = [0, *accumulate(len(line.encode()) for line in lines)]
        object.__setattr__(self, "_starts", starts)

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return isinstance(self.defined[self.name], ast.ClassDef)

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Each function at the left edge, by its name."""
        return {n: node for n, node in self.defined.items() if isinstance(node, ast.FunctionDef)}

    @cached_property
    def methods(self) -> list[ast.FunctionDef]:
        """Those of all the classes."""
        classes = [node for node in self.defined.values() if isinstance(node, ast.ClassDef)]
        return [part for one in classes for part in one.body if isinstance(part, ast.FunctionDef)]

    def class_of(self, method: ast.FunctionDef) -> ast.ClassDef:
        """Return the class that a method is of."""
        classes = (node for node in self.defined.values() if isinstance(node, ast.ClassDef))
        return next(one for one in classes if method in one.body)

    @property
    def bodies(self) -> list[ast.FunctionDef]:
        """All in which an edit may be made: the functions, and the methods of classes."""
        return [*self.functions.values(), *self.methods]

    @property
    def asked(self) -> list[ast.FunctionDef]:
        """What is called from outside: the function, or each method of the class."""
        node = self.defined[self.name]
        if isinstance(node, ast.FunctionDef):
            return [node]
        return [part for part in node.body if isinstance(part, ast.FunctionDef)]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends in the source."""
        start = self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return start, end

    def text(self, node: ast.AST) -> str:
        """Return a node as the student wrote it."""
        start, end = self.span(node)
        return self.source[start:end].decode()

    def line_start(self, line: int) -> int:
        """Return the byte with which a line begins; the end of the source after the last one."""
        return self._starts[min(line - 1, len(self._starts) - 1)]

    def before(self, node: ast.stmt) -> str:
        """Return what stands in a line before a statement: its indentation, if it is the first."""
        return self.source[self.line_start(node.lineno) : self.span(node)[0]].decode()

    def line(self, number: int) -> str:
        """Return a line without the white space around it."""
        return self.source[self.line_start(number) : self.line_start(number + 1)].decode().strip()

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Where each of what is defined begins, decorators included, and ends."""
        found = {}
        for name, node in self.defined.items():
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[name] = (self.line_start(first), self.span(node)[1])
        return found

    @cached_property
    def base(self) -> str:
        """All that is defined, as it is."""
        ordered = sorted(self.spans.values())
        return "\n".join(self.source[start:end].decode() for start, end in ordered) + "\n"

    def digest(self, asked: str, answers: Iterable[bytes]) -> str:
        """Return a fingerprint of the functions, of what is around them, and of what they answer.

        It is empty where what they depend on is more than is looked at.
        """
        if self.around is None:
            return ""
        state = hashlib.sha256()
        for part in (asked.encode(), self.around.encode(), self.base.encode(), *answers):
            state.update(b"%d " % len(part) + part)
        return state.hexdigest()

    def moved(self, edit: Edit, other: OwnFunctions) -> Edit:
        """Return an edit of the same functions as they stand in another file, as one of this."""

        def move(place: int) -> int:
            for name, (start, end) in other.spans.items():
                if start <= place <= end:
                    return place - start + self.spans[name][0]
            return place

        lines = tuple(bisect_right(self._starts, move(other.line_start(n))) for n in edit.lines)
        pieces = tuple(Splice(move(one.start), move(one.end), one.text) for one in edit.splices)
        second = edit.other and self.moved(edit.other, other)
        return replace(edit, lines=lines, splices=pieces, other=second)

    def edited(self, edit: Edit) -> str | None:
        """Return what an edit changes of it; None where its pieces are in each other."""
        texts = []
        for start, end in self.spans.values():
            inside = [s for s in edit.splices if start <= s.start and s.end <= end]
            if inside:
                text = self._spliced(start, end, inside)
                if text is None:
                    return None
                texts.append(text)
        return "\n".join(texts) + "\n"

    def whole(self, edit: Edit) -> str | None:
        """Return the whole file with an edit in it; None where its pieces are in each other."""
        return self._spliced(0, len(self.source), edit.splices)

    def _spliced(self, start: int, end: int, splices: Sequence[Splice]) -> str | None:
        parts, at = [], start
        for one in sorted(splices, key=lambda splice: (splice.start, splice.end)):
            if one.start < at:
                return None
            parts += [self.source[at : one.start], one.text.encode()]
            at = one.end
        parts.append(self.source[at:end])
        return b"".join(parts).decode()

    def shown(self, edit: Edit) -> tuple[tuple[str, str], ...]:
        """Return each changed piece of lines before and after, in one line each."""
        found = []
        for line in edit.lines:
            start, end = self.line_start(line), self.line_start(line + 1)
            inside = [s for s in edit.splices if start <= s.start and s.end <= end]
            inside = inside or [s for s in edit.splices if start <= s.start]
            end = max([end, *(splice.end for splice in inside)])
            after = self._spliced(start, end, inside) or ""
            before = self.source[start:end].decode()
            found.append((" ".join(before.split()), " ".join(after.split())))
        return tuple(found)


def find_own(
    data: bytes,
    defined: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef],
    name: str,
    tree: ast.Module | None = None,
) -> OwnFunctions | None:
    """Return what a function or a class reaches of its file; None where there is too much of it.

    Parameters
    ----------
    data
        The file.
    defined
        The last definition of each function and class at its top level.
    name
        The function, or the class.
    tree
        The whole file, where it imports no other one of the student's.
    """
    reached: dict[str, ast.FunctionDef | ast.ClassDef] = {}
    waiting, nodes = [name], 0
    while waiting:
        node = defined.get(waiting.pop(0))
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        reached[node.name] = with_names(node) if isinstance(node, ast.ClassDef) else node
        for part in ast.walk(node):
            nodes += 1
            if nodes > MAX_NODES:
                return None
            if isinstance(part, ast.Name) and part.id not in {*reached, *waiting}:
                waiting += [part.id] if part.id in defined else []
    if name not in reached or len(reached) > MAX_FUNCTIONS:
        return None
    around = _around(tree, reached) if tree else None
    own = OwnFunctions(decode_source(data).encode(), name, reached, around)
    return own if len(own.base) <= MAX_BYTES else None


def _around(tree: ast.Module, reached: Collection[str]) -> str | None:
    """Return what a file does beside its definitions; None where it does so with more of them."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    defined = {node.name for node in tree.body if isinstance(node, kinds)}
    rest = [node for node in tree.body if not isinstance(node, kinds)]
    used = {n.id for node in rest for n in ast.walk(node) if isinstance(n, ast.Name)}
    if defined & used - {*reached}:
        return None
    return "\n".join(map(ast.dump, rest))
