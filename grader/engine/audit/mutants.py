"""Make one-line mutants of a reference: what a slip of the hand could have made of it.

A mutant differs from the reference in one place of one line: an operator, a number that is one
off, an axis, a swapped or dropped term, a bound left out of a slice, a statement forgotten.
"""

from __future__ import annotations

import ast
import copy
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Definition = ast.FunctionDef | ast.ClassDef

SWAPPED_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
SWAPPED_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
SWAPPED_NAMES = {
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "argmax": "argmin",
    "sum": "mean", "mean": "sum", "zeros": "ones", "zeros_like": "ones_like", "exp": "expm1",
    "ceil": "floor", "floor": "ceil", "any": "all", "all": "any", "sin": "cos", "tanh": "sin",
}  # fmt: skip
COMMUTATIVE = {"max", "min", "maximum", "minimum", "dot", "logaddexp"}


@dataclass(frozen=True)
class Mutant:
    """A reference with one change.

    Parameters
    ----------
    source
        The whole module.
    line
        Where the change is, in the reference's file.
    before, after
        The changed statement, in one line each.
    parameter, kind
        Which numbers of which argument show it, where it is wrong at such numbers alone.
    """

    source: str
    line: int
    before: str
    after: str
    parameter: str = ""
    kind: str = ""

    @property
    def diff(self) -> str:
        """The change as a diff shows it."""
        return f"line {self.line}\n- {self.before}\n+ {self.after}"


def make_mutants(source: str, function: str, most: int, seed: int = 0) -> list[Mutant]:
    """Return different mutants of a function and of the private helpers that it calls.

    Parameters
    ----------
    source
        Text of `solutions/<module>.py`.
    function
        The exercise.
    most
        How many; a random choice under `seed` when there are more.

    Returns
    -------
    list of Mutant
        In the order of the file.
    """
    tree = ast.parse(source)
    functions = definitions(tree)
    mutants: dict[str, Mutant] = {}
    for name in sorted(reachable(functions, function)):
        for number, _ in enumerate(_changes(functions[name])):
            changed, node = with_copy(tree, name)
            mutant = _apply(tree, changed, node, number)
            if mutant is not None:
                mutants.setdefault(mutant.source, mutant)
    mutants.pop(ast.unparse(tree), None)
    made = list(mutants.values())
    chosen = random.Random(f"{seed} {function}").sample(made, min(most, len(made)))  # noqa: S311
    return sorted(chosen, key=lambda mutant: mutant.line)


def definitions(tree: ast.Module) -> dict[str, Definition]:
    """Return the functions and classes of a solution by their names."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)}


def reachable(functions: Mapping[str, Definition], start: str) -> set[str]:
    """Return the function and the private helpers that it calls, directly or not."""
    found, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        found.add(name)
        names = {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
        waiting += [n for n in names & set(functions) if n.startswith("_") and n not in found]
    return found


def with_copy(tree: ast.Module, name: str) -> tuple[ast.Module, Definition]:
    """Return the module with a copy of one function in its place, and that copy.

    All else is shared: what is changed is inside of the copy.
    """
    place = next(n for n, node in enumerate(tree.body) if getattr(node, "name", "") == name)
    copied = copy.deepcopy(tree.body[place])
    assert isinstance(copied, (ast.FunctionDef, ast.ClassDef))  # noqa: S101 - it was found as one
    return ast.Module([*tree.body[:place], copied, *tree.body[place + 1 :]], []), copied


def write_changed(tree: ast.Module, changed: ast.Module, function: Definition) -> str:
    """Return the text of a module in which one function is another, and all else is shared."""
    around = _write_around(tree, changed.body.index(function))
    if around is None:
        return ast.unparse(changed)
    before, after = around
    return f"{before}{ast.unparse(function)}{after}"


@lru_cache(maxsize=4)
def _write_around(tree: ast.Module, place: int) -> tuple[str, str] | None:
    """Write what stands before and after a function, once for all its mutants.

    None where Python would write the whole in another way than its parts.
    """
    earlier, later = tree.body[:place], tree.body[place + 1 :]
    before = f"{ast.unparse(ast.Module(earlier, []))}\n\n" if earlier else ""
    after = ""
    if later:
        is_apart = isinstance(later[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        after = ("\n\n" if is_apart else "\n") + ast.unparse(ast.Module(later, []))
    whole = f"{before}{ast.unparse(tree.body[place])}{after}"
    return (before, after) if whole == ast.unparse(tree) else None


def _apply(
    tree: ast.Module, changed: ast.Module, function: Definition, wanted: int
) -> Mutant | None:
    """Carry out one change in a copied function."""
    for number, (block, index, change) in enumerate(_changes(function)):
        if number == wanted:
            line, before = block[index].lineno, one_line(block[index])
            change()
            after = one_line(block[index])
            try:
                ast.fix_missing_locations(function)
                source = write_changed(tree, changed, function)
            except (ValueError, AttributeError):  # a tree that is no program
                return None
            return Mutant(source, line, before, after)
    return None


def one_line(statement: ast.stmt) -> str:
    """Return the first line of a statement."""
    return ast.unparse(statement).partition("\n")[0]


def _changes(
    function: Definition,
) -> Iterator[tuple[list[ast.stmt], int, Callable[[], None]]]:
    """Yield each possible change with the block and the index of the statement that it is in."""
    for block in _blocks(function):
        for index, statement in enumerate(block):
            if isinstance(statement, ast.Raise):
                continue  # the words of an error are free
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue  # and so are those of a docstring
            yield from ((block, index, change) for change in _forgotten(block, index))
            for node in _own_nodes(statement):
                yield from ((block, index, change) for change in _changes_of(node))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for inner in ast.walk(node):
        for name in ("body", "orelse"):
            block = getattr(inner, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that are not in a block of its own."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting += [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt) and not _means_the_same(node, child)
        ]


def _means_the_same(node: ast.AST, child: ast.AST) -> bool:
    """Tell whether a change of `child` changes nothing: a type, any negative size, axes anyhow."""
    types = (getattr(node, "annotation", None), getattr(node, "returns", None))
    if child in types or (isinstance(child, ast.keyword) and child.arg == "strict"):
        return True  # `strict` guards against a fault that the arguments of a case never have
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "reshape":
        return isinstance(child, ast.UnaryOp)
    return isinstance(node, ast.keyword) and node.arg == "axis" and isinstance(child, ast.Tuple)


def _forgotten(block: list[ast.stmt], index: int) -> Iterator[Callable[[], None]]:
    """Forget a statement that is not needed for the program to be one."""
    statement = block[index]
    only_raises = isinstance(statement, ast.If) and isinstance(statement.body[0], ast.Raise)
    if isinstance(statement, ast.AugAssign) or only_raises:

        def forget() -> None:
            block[index] = ast.Pass(lineno=statement.lineno)

        yield forget
    if isinstance(statement, ast.AugAssign):

        def assign() -> None:
            block[index] = ast.Assign([statement.target], statement.value, lineno=statement.lineno)

        yield assign


def _changes_of(node: ast.AST) -> Iterator[Callable[[], None]]:  # noqa: C901, PLR0912 - one kind of node after another
    """Yield the changes of one node."""
    if isinstance(node, ast.BinOp):
        for operator in SWAPPED_OPERATORS.get(type(node.op), ()):
            yield _setter(node, "op", operator())
        yield from _dropped_terms(node)
    elif isinstance(node, ast.Compare):
        for comparison in SWAPPED_COMPARISONS.get(type(node.ops[0]), ()):
            yield _setter(node, "ops", [comparison(), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield _setter(node, "op", ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Attribute) and node.attr in SWAPPED_NAMES:
        yield _setter(node, "attr", SWAPPED_NAMES[node.attr])
    elif isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if len(node.args) >= 2 and called not in COMMUTATIVE:
            yield _setter(node, "args", [node.args[1], node.args[0], *node.args[2:]])
    elif isinstance(node, ast.Slice):
        for bound in ("lower", "upper", "step"):
            if getattr(node, bound) is not None:
                yield _setter(node, bound, None)
    elif isinstance(node, ast.Tuple) and len(node.elts) >= 2:
        yield _setter(node, "elts", [*node.elts[:-2], node.elts[-1], node.elts[-2]])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _setter(node, "op", ast.UAdd())


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def _dropped_terms(node: ast.BinOp) -> Iterator[Callable[[], None]]:
    """Drop one of two terms or factors: the other stays, with nothing added or times one."""
    neutral = {ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1}.get(type(node.op))
    if neutral is not None:
        yield _setter(node, "right", ast.Constant(neutral))
        if not isinstance(node.op, ast.Div):
            yield _setter(node, "left", ast.Constant(neutral))


def _other_constants(node: ast.Constant) -> Iterator[Callable[[], None]]:
    value = node.value
    if isinstance(value, bool):
        yield _setter(node, "value", not value)
    elif isinstance(value, int):
        yield _setter(node, "value", value + 1)
        yield _setter(node, "value", value - 1)
    elif isinstance(value, float):
        yield _setter(node, "value", value + 1.0)
        if value:
            yield _setter(node, "value", value / 2.0)
