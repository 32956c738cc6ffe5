"""The edits of what the objects of a class keep, and which method is likely at fault."""

from __future__ import annotations

import ast
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.reading.expressions import called_name, is_attribute
from grader.model import Status
from grader.model.scripts import REF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.engine.judge import Trial
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.naming.mending.scope import FunctionScope

MAKES_NEW = (
    ast.Call, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Compare,
    ast.List, ast.ListComp, ast.Dict, ast.DictComp,
)  # fmt: skip
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow",
    ast.USub: "neg",
}  # fmt: skip
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp)
HELD = ("append", "list")  # calls after which an array is still the same one
SAME_ARRAY = ("asarray", "asanyarray", "ascontiguousarray", "asfortranarray")  # mostly, too


def edits_of_kept(scope: FunctionScope, block: Sequence[ast.stmt], index: int) -> Iterator[Edit]:
    """Yield the edits of a statement that are about what an object keeps.

    Parameters
    ----------
    scope
        A method.
    block, index
        Where the statement is.
    """
    if not scope.is_method:
        return
    statement = block[index]
    following = block[index + 1] if index + 1 < len(block) else None
    for find in (_rebound, _unstored, _added, _copied):
        found = list(find(scope, statement))
        yield from found
        others = list(find(scope, following)) if found and following else []
        for one, other in zip(found, others, strict=False):  # whoever does so once does so twice
            lines = (*one.lines, *other.lines)
            yield Edit(one.kind, one.cost, lines, (*one.splices, *other.splices))
    if isinstance(statement, ast.For) and not isinstance(statement.iter, ast.Call):
        turned = scope.wrap(statement.iter, "reversed(list(", "))")
        yield scope.edit("backwards", 2, statement.iter, *turned)
    if isinstance(statement, ast.Return) and index == len(block) - 1:
        yield from _stale(scope, statement)


def edits_of_called(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield a call of the method's own name in place of another one: `train` copied to `eval`."""
    name = scope.function.name
    if scope.is_method and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        names = {method.name for method in scope.own.methods}
        if node.func.attr in names - {name}:
            end = scope.own.span(node.func)[1]
            own = Splice(end - len(node.func.attr.encode()), end, name)
            yield scope.edit("call", 1, node, own)


def edits_of_lists(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield one object for each place of a list for one that stands n times in it: `[x] * n`."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    if not isinstance(node.left, ast.List) or len(node.left.elts) != 1:
        return
    text, count = scope.own.text(node.left.elts[0]), scope.own.text(node.right)
    if isinstance(node.left.elts[0], ast.Constant):
        return
    yield scope.edit(
        "one-for-all", 1, node, scope.replace(node, f"[{text} for _ in range({count})]")
    )
    every = count.removeprefix("len(").removesuffix(")")
    if called_name(node.right) == "len" and f"{every}[0]" in text:
        made = f"[{text.replace(f'{every}[0]', 'one')} for one in {every}]"
        yield scope.edit("one-for-all", 1, node, scope.replace(node, made))


def edits_of_class(scope: FunctionScope) -> Iterator[Edit]:
    """Yield the edits that give each object what the class has for all of them."""
    first = scope.function.body[0]
    if scope.function.name != "__init__":
        return
    for part in scope.own.class_of(scope.function).body:
        value = getattr(part, "value", None)
        if not isinstance(part, (ast.Assign, ast.AnnAssign)) or not isinstance(value, MUTABLE):
            continue
        target = part.targets[0] if isinstance(part, ast.Assign) else part.target
        if isinstance(target, ast.Name):
            at = scope.own.span(first)[0]
            text = f"self.{target.id} = {scope.own.text(value)}; "
            yield scope.edit("shared", 1, part, Splice(at, at, text))


def _copied(scope: FunctionScope, statement: ast.stmt) -> Iterator[Edit]:
    """Yield the edit that keeps a copy where the very array is kept."""
    values: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        if _is_kept(statement.targets[0]):
            value = statement.value
            values = value.elts if isinstance(value, ast.Tuple) else [value]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if getattr(call.func, "attr", "") in HELD:
            values = call.args
    held = [one for one in values if not isinstance(one, MAKES_NEW) or _is_list(one)
            or called_name(one) in SAME_ARRAY]  # fmt: skip
    if held:
        pieces = [scope.replace(one, _copy_of(scope, one)) for one in held]
        yield scope.edit("kept", 2, statement, *pieces)


def _added(scope: FunctionScope, node: ast.stmt) -> Iterator[Edit]:
    """Yield `self.grad += g` for `self.grad = g`, where what came before is to stay in it."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Attribute)):
        target = node.targets[0]
        start, end = scope.own.span(target)[1], scope.own.span(node.value)[0]
        between = scope.own.source[start:end].decode()
        named = isinstance(target, ast.Attribute) or is_attribute(target)
        if named and between.count("=") == 1 and scope.function.name != "__init__":
            at = start + between.index("=")
            yield scope.edit("assigns", 1, node, Splice(at, at, "+"))


def _stale(scope: FunctionScope, node: ast.Return) -> Iterator[Edit]:
    """Yield what forgets an attribute before an early return, where it is stored further down."""
    for later in ast.walk(scope.function):
        if isinstance(later, ast.Assign) and later.lineno > node.lineno:
            target = later.targets[0]
            if isinstance(target, ast.Name) and is_attribute(target):
                at = scope.own.span(node)[0]
                yield scope.edit("stale", 2, node, Splice(at, at, f"{target.id} = None; "))


def _copy_of(scope: FunctionScope, value: ast.expr) -> str:
    """Return what makes a copy of an array, or of each one in a list."""
    if isinstance(value, ast.Call) and value.args and _is_list(value):
        return f"[one.copy() for one in {scope.own.text(value.args[0])}]"
    return f"{scope.text(value)}.copy()"


def _is_list(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") in HELD


def _is_kept(target: ast.expr) -> bool:
    """Tell whether a target is an attribute, or in what one holds."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    if isinstance(target, ast.Tuple):
        return any(map(_is_kept, target.elts))
    return isinstance(target, ast.Name) and is_attribute(target)


def _rebound(scope: FunctionScope, node: ast.stmt) -> Iterator[Edit]:
    """Yield `p[...] = p - step` for `p = p - step`, which leaves the array as it was."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return
    target = node.targets[0]
    names = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
    if target.id in names and isinstance(node.value, ast.BinOp):
        end = scope.own.span(target)[1]
        yield scope.edit("rebinds", 1, node, Splice(end, end, "[...]"))


def _unstored(scope: FunctionScope, node: ast.stmt) -> Iterator[Edit]:
    """Yield `self.m[i] = m` after `m = … self.m[i] …`, where it is only a local name."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return
    target = node.targets[0]
    if is_attribute(target) or isinstance(node.value, (ast.Name, ast.Subscript)):
        return
    end = scope.own.span(node)[1]
    for held in _read_state(node.value):
        text = f"; {scope.own.text(held)} = {target.id}"
        yield scope.edit("unstored", 2, node, Splice(end, end, text))


def _read_state(value: ast.expr) -> list[ast.expr]:
    """Return the attributes, or their items, of which a new value is computed."""
    found: list[ast.expr] = []
    for node in ast.walk(value):
        inner: Any = node.value if isinstance(node, ast.Subscript) else node
        if isinstance(inner, ast.Name) and is_attribute(inner):
            found.append(node)  # type: ignore[arg-type]
    inside = {id(node.value) for node in found if isinstance(node, ast.Subscript)}
    return [node for node in found if id(node) not in inside][:3]


# ----------------------------------------------------------------------------- by what scripts use


def suspicion(own: OwnFunctions, trials: Sequence[Trial]) -> dict[str, float]:
    """Return how likely each method is at fault, from 0 to 1; nothing where that is not known.

    Ochiai's coefficient, as for the lines of a program and its tests (Abreu, Zoeteweij and van
    Gemund, "On the Accuracy of Spectrum-based Fault Localization", 2007): what all failing scripts
    use, and few of those that pass, comes first. Which methods a script uses is read from its steps
    and from the text of the class; nothing is run for it.

    Parameters
    ----------
    own
        A class.
    trials
        All that are looked at, passing and failing.
    """
    calls = {method.name: _called(method) for method in own.methods}
    failed: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    failing = 0
    for trial in trials:
        is_wrong = trial.verdict.status is not Status.PASSED
        failing += is_wrong
        mismatch = trial.verdict.mismatch
        steps = trial.arguments[: mismatch.step + 1] if mismatch else trial.arguments
        (failed if is_wrong else passed).update(_reached(_used_by(steps), calls))
    return {
        name: failed[name] / sqrt(failing * (failed[name] + passed[name]))
        for name in calls
        if failed[name] or passed[name]
    }


def _reached(first: Iterable[str], calls: Mapping[str, set[str]]) -> set[str]:
    """Return the methods that are called, and those that these call."""
    found: set[str] = set()
    waiting = [name for name in first if name in calls]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in calls[name] if other in calls]
    return found


def _called(method: ast.FunctionDef) -> set[str]:
    """Return all names that a method may call on its own objects."""
    names = {node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute)}
    words = (node.id for node in ast.walk(method) if isinstance(node, ast.Name))
    names |= {word.partition(".")[2] for word in words}
    for node in ast.walk(method):
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            parts = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.operand]
            name = OPERATORS.get(type(node.op))
            if name and any(isinstance(part, ast.Name) for part in parts):
                names |= {f"__{name}__", f"__r{name}__"}
    return names


def _used_by(steps: Sequence[tuple[Any, ...]]) -> set[str]:
    """Return the methods that the steps of a script call by themselves."""
    found: set[str] = set()
    for step in steps:
        verb, *rest = step[2:] if step[0] == "raises" else step
        if verb == "new":
            found.add("__init__")
        elif verb in ("call", "ask", "do", "get", "change"):
            found.add(rest[1])
        elif verb == "op":
            found |= _operator(rest[1], rest[2])
    return found


def _operator(name: str, given: Sequence[Any]) -> set[str]:
    """Return the methods that Python may call for an operator."""
    if name == "sum":
        return {"__add__", "__radd__"}
    if name == "neg":
        return {"__neg__"}
    if name not in OPERATORS.values():
        return {name}
    left = isinstance(given[0], dict) and REF in given[0]
    return {f"__{name}__"} if left else {f"__r{name}__"}
