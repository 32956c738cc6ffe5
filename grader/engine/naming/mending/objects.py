"""The edits of what is kept: by the objects of a class, and in an argument that a loop changes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.engine.naming.mending.own import Edit, Splice
from grader.engine.naming.mending.scope import BLOCKS
from grader.engine.reading.expressions import called_name, is_attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine.naming.mending.scope import FunctionScope

MAKES_NEW = (
    ast.Call, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Compare,
    ast.List, ast.ListComp, ast.Dict, ast.DictComp,
)  # fmt: skip
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp)
HELD = ("append", "list")  # calls after which an array is still the same one
NOTHING = ("None", "1.0")  # and the factor that changes nothing
MOST_STORED, MOST_OWNERS = 4, 2
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
    yield from _stale(scope, block, index)


def edits_of_turns(scope: FunctionScope, block: Sequence[ast.stmt], index: int) -> Iterator[Edit]:
    """Yield what puts an element of an argument back that a turn of a loop has changed."""
    first, last = block[index], block[-1]
    target = first.targets[0] if isinstance(first, ast.Assign) else getattr(first, "target", None)
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return
    place, text = scope.own.text(target.slice), scope.own.text(target)
    if target.value.id not in scope.params or ":" in place or block is scope.function.body:
        return
    same = [one for one in block if isinstance(one, (ast.Assign, ast.AugAssign))]
    same = [one for one in same if scope.own.text(one).startswith(text)]
    if not same or first is not same[0] or scope.own.before(last).strip():
        return
    if not isinstance(last, (ast.Return, ast.Continue, ast.Break)):
        start, end = scope.own.span(first)[0], scope.own.span(last)[1]
        before = Splice(start, start, f"_at, _old = ({place}), {text} + 0; ")
        after = f"\n{scope.own.before(last)}{target.value.id}[_at] = _old"
        yield scope.edit("not-put-back", 2, same[-1], before, Splice(end, end, after))


def edits_of_called(scope: FunctionScope, node: ast.AST) -> Iterator[Edit]:
    """Yield another method than the one that is meant, or another object: `train` in `eval`."""
    name = scope.function.name
    names = {method.name for method in scope.own.methods if scope.is_method} - {name}
    if isinstance(node, ast.Constant) and node.value in names:
        yield scope.edit("call", 1, node, scope.replace(node, repr(name)))
    func = node.func if isinstance(node, ast.Call) else None
    if isinstance(func, ast.Attribute) and func.attr in names:
        end = scope.own.span(func)[1]
        yield scope.edit("call", 1, node, Splice(end - len(func.attr.encode()), end, name))
    is_read = scope.is_method and isinstance(getattr(node, "ctx", None), ast.Load)
    for owned in _owned(scope, node) if is_read else ():
        yield scope.edit("name", 1, node, scope.replace(node, owned))


def _owned(scope: FunctionScope, node: ast.AST) -> list[str]:
    """Return an attribute of the object itself for that of another one, and the other way round."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        mine = [f"{one.arg}.{node.attr}" for one in scope.function.args.args[:1]]
        return [one for one in mine if one in scope.names]
    of = node.id.partition(".")[2] if isinstance(node, ast.Name) else ""
    parts = ast.walk(scope.function) if of else ()
    read = {scope.own.text(one) for one in parts if getattr(one, "attr", "") == of}
    return sorted(one for one in read if one.count(".") == 1)[:MOST_OWNERS]


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
    """Yield the edits of a method as one of its class: its mode, and what all objects share."""
    yield from _modes(scope)
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


def _stale(scope: FunctionScope, block: Sequence[ast.stmt], index: int) -> Iterator[Edit]:
    """Yield what forgets an attribute on a way through a method on which it is not stored anew."""
    statement = block[index]
    is_if = isinstance(statement, ast.If) and not statement.orelse and not _leaves(statement.body)
    is_end = index == len(block) - 1 and not hasattr(statement, "body")
    returns = isinstance(statement, ast.Return)
    if is_if or (is_end and (returns or block is not scope.function.body)):
        for name in _stored_elsewhere(scope, statement, later=returns):
            for nothing in NOTHING:
                made = _before(scope, statement, f"{name} = {nothing}")
                if not (is_if or returns):
                    end = scope.own.span(statement)[1]
                    made = Splice(end, end, f"; {name} = {nothing}")
                yield scope.edit("stale", 2, statement, *([made] if made else []))


def _leaves(block: Sequence[ast.stmt]) -> bool:
    """Tell whether a block ends the method, so that what follows it is its `else`."""
    return isinstance(block[-1], (ast.Return, ast.Raise))


def _before(scope: FunctionScope, statement: ast.stmt, text: str) -> Splice | None:
    """Return what puts another statement before one; None before an `elif`."""
    at = scope.own.span(statement)[0]
    if scope.own.source[at:].startswith(b"elif"):
        return None
    indent = scope.own.before(statement)
    between = f"\n{indent}" if hasattr(statement, "body") and not indent.strip() else "; "
    return Splice(at, at, text + between)


def _stored_elsewhere(scope: FunctionScope, statement: ast.stmt, *, later: bool) -> list[str]:
    """Return the attributes that a method stores in a branch without a statement, or behind it."""
    inner = [node for node in ast.walk(scope.function) if node is not scope.function]
    blocks = [block for node in inner for block in (getattr(node, name, 0) for name in BLOCKS)]
    ends = [(one[0].lineno, one[-1].end_lineno or 0) for one in blocks if isinstance(one, list)
            and one and isinstance(one[0], ast.stmt)]  # fmt: skip
    found = [
        target.id
        for node in inner
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and is_attribute(target)
        if (later and node.lineno > statement.lineno)
        or any(a <= node.lineno <= b and not a <= statement.lineno <= b for a, b in ends)
    ]
    return list(dict.fromkeys(found))[:MOST_STORED]


def _modes(scope: FunctionScope) -> Iterator[Edit]:
    """Yield the mode that an earlier call found, where a method looks at the one of now."""
    others = [one for one in scope.own.class_of(scope.function).body
              if isinstance(one, ast.FunctionDef) and one is not scope.function]  # fmt: skip
    modes = {method.name: _flags(method) for method in others}
    read: dict[str, list[ast.Name]] = {}
    for node in ast.walk(scope.function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.setdefault(node.id, []).append(node)
    for name in sorted(set[str]().union(*modes.values()) & {*read}):
        lines = tuple(sorted({node.lineno for node in read[name]}))
        then = f"{name}_then"
        for method in others if len(lines) == 1 else ():
            asks = {n.id for n in ast.walk(method) if isinstance(n, ast.Name)}
            made = _before(scope, method.body[0], f"{then} = {name}")
            if name in asks and name not in modes[method.name] and made:
                yield Edit(
                    "of-now", 1, lines, (made, *(scope.replace(n, then) for n in read[name]))
                )


def _flags(method: ast.FunctionDef) -> set[str]:
    """Return the attributes that a method sets to True or False."""
    return {
        target.id
        for node in ast.walk(method)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, bool)
        for target in node.targets
        if isinstance(target, ast.Name) and is_attribute(target)
    }


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
