"""What a class and its objects are asked for: `self`, attributes, methods, a refusal."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import NAME, Rule, listed
from grader.text.meant import nearest

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene
    from grader.engine.reading.sites import Site

ANYTHING = r""
MAKER = "__init__"
MAX_LISTED = 5
LIKENESS = 0.8  # `weight` is not meant by `grad_weight`
CALLS = ("call", "ask", "do", "change")


@dataclass(frozen=True)
class OwnClass:
    """A class of the student's file, by what its methods write.

    Parameters
    ----------
    node
        The class.
    site
        A place in the same file, which names lines.
    """

    node: ast.ClassDef
    site: Site

    @property
    def methods(self) -> list[ast.FunctionDef]:
        """Its methods, in order."""
        return [one for one in self.node.body if isinstance(one, ast.FunctionDef)]

    @cached_property
    def kept(self) -> dict[str, tuple[str, int]]:
        """The attributes that methods write to `self`: in which method, and line.

        `self.x += 1` is left out: it wants a value that is there already.
        """
        found: dict[str, tuple[str, int]] = {}
        for method in self.methods:
            parts = list(ast.walk(method))
            changed = [part.target for part in parts if isinstance(part, ast.AugAssign)]
            for part in parts:
                is_written = is_of_self(part) and isinstance(part.ctx, ast.Store)  # type: ignore[attr-defined]
                if is_written and part not in changed:
                    found.setdefault(part.attr, (method.name, part.lineno))  # type: ignore[attr-defined]
        return found

    @property
    def named(self) -> set[str]:
        """All that an object is known to have."""
        return {*self.kept, *(method.name for method in self.methods)}

    def local(self, name: str) -> tuple[str, int] | None:
        """Return where a method writes to a name of its own, and not to `self`."""
        for method in self.methods:
            for part in ast.walk(method):
                is_written = isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
                if is_written and part.id == name:  # type: ignore[attr-defined]
                    return method.name, part.lineno  # type: ignore[attr-defined]
        return None

    def uncalled(self, method: str) -> int | None:
        """Return the line of a statement that names a method and does not call it."""
        for part in ast.walk(self.node):
            if isinstance(part, ast.Expr) and is_of_self(part.value) and part.value.attr == method:  # type: ignore[attr-defined]
                return part.lineno
        return None

    def line(self, number: int) -> str:
        """Return what the student calls a line."""
        return self.site.name_line(number)


def is_of_self(node: ast.AST) -> bool:
    """Tell whether a node is `self.x`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def class_around(site: Site | None) -> OwnClass | None:
    """Return the class that a line is in."""
    found = [one for one in site.around if isinstance(one, ast.ClassDef)] if site else []
    return OwnClass(found[-1], site) if site and found else None


def _class_of(scene: Scene, name: str) -> OwnClass | None:
    """Return the class of a name in the student's file, if it inherits from nothing."""
    site = scene.site or scene.made
    nodes = site.tree.body if site else []
    found = [one for one in nodes if isinstance(one, ast.ClassDef) and one.name == name]
    return OwnClass(found[-1], site) if site and found and not found[-1].bases else None


def _refusal(scene: Scene, _: re.Match[str]) -> str | None:
    """Tell of a call that has to raise something, and raises something else."""
    if scene.step[:1] != ("raises",) or scene.raised.type == "NotImplementedError":
        return None
    wanted, got, site = scene.step[1], scene.raised.type, scene.site
    if site is not None and isinstance(site.statement, (ast.Raise, ast.Assert)):
        return f"This call has to raise {wanted}: {site.name_line(site.number)} raises {got}."
    if told := _asked_too_soon(site):
        return f"This call has to raise {wanted}, and the question for that raises {got}: {told}"
    return (
        f"This call has to raise {wanted}, and the method goes on until Python raises {got}: ask "
        "first whether it can do its work, and `raise`."
    )


def _asked_too_soon(site: Site | None) -> str:
    """Return which attribute a condition asks about, where no object has it at first."""
    own = class_around(site)
    if own is None or site is None or not isinstance(site.statement, ast.If):
        return ""
    asked = [one.attr for one in ast.walk(site.statement.test) if is_of_self(one)]  # type: ignore[attr-defined]
    missing = [name for name in asked if own.kept.get(name, (MAKER,))[0] != MAKER]
    return _not_yet(own, missing[0]) if missing else ""


def _no_such_name(scene: Scene, found: re.Match[str]) -> str | None:
    """Tell of a name that is an attribute, or of `self` that is no parameter."""
    name, own, site = found["name"], class_around(scene.site), scene.site
    if own is None or site is None or site.function is None or name not in site.names():
        return None
    method = site.function.name
    if name == "self":
        names = ", ".join(["self", *(one.arg for one in site.function.args.args)])
        return f"A method has its object as its first parameter: `def {method}({names})`."
    if name in own.kept:
        line = own.line(own.kept[name][1])
        return f"`{name}` is no name in {method}: the object keeps `self.{name}` ({line})."
    if name in own.named:
        return f"`{name}` is a method of the class: `self.{name}(…)` calls it."
    return None


def _not_kept(scene: Scene, found: re.Match[str]) -> str | None:
    """Tell of an attribute that an object of an own class does not have."""
    owner, name = found["owner"], found["name"]
    own = _class_of(scene, owner)
    if own is None:
        return _no_class(scene, owner)
    if name in own.kept:
        return _not_yet(own, name)
    local, near = own.local(name), nearest(name, own.named, LIKENESS)
    if local is not None:
        method, line = local
        return (
            f"{method} gives a value to a name `{name}` of its own ({own.line(line)}), which is "
            f"gone when it ends: `self.{name} = …` keeps it."
        )
    wanted = f"Nothing in {owner} gives `self.{name}` a value"
    if name.startswith("__") and scene.site is None:
        wanted = f"{owner} has no method `{name}`, which the exercise calls: write it"
    elif near:
        there = f", or is it misspelt in {own.line(own.kept[near][1])}" if near in own.kept else ""
        return f"{wanted}: did you mean `self.{near}`{there}?"
    if scene.step[:1] == ("get",) and own.kept:
        has = listed([f"`{one}`" for one in sorted(own.kept)[:MAX_LISTED]])
        return f"{wanted}, which is what the exercise reads. What it keeps is {has}."
    return f"{wanted}."


def _not_yet(own: OwnClass, name: str) -> str:
    """Tell why an attribute that some method writes is not there."""
    method, line = own.kept[name]
    told = f"`self.{name}` gets its value in {method} ({own.line(line)})"
    if method == MAKER:
        return f"{told}, which comes later, or is not reached every time."
    uncalled = own.uncalled(method)
    if uncalled is not None:
        return (
            f"{told}, which was never called: {own.line(uncalled)} names `self.{method}` without "
            "the parentheses, `()`."
        )
    return f"{told}, which was not called before: give it its first value in {MAKER}."


def _no_class(scene: Scene, owner: str) -> str | None:
    """Tell of a function that stands where a class is asked for."""
    node = scene.made.statement if scene.made else None
    if scene.site is not None or not isinstance(node, ast.FunctionDef):
        return None
    return (
        f"{node.name} is a function here, and what it returns ({owner}) is no object with methods: "
        f"the exercise asks for `class {node.name}:`."
    )


def _takes_none(scene: Scene, found: re.Match[str]) -> str | None:
    """Tell of a class whose `__init__` is called otherwise."""
    name = found["name"]
    own = _class_of(scene, name)
    if own is None or MAKER in own.named:
        return None
    for method in own.methods:
        if nearest(method.name.strip("_"), ["init"]) or method.name.strip("_") == "init":
            return (
                f"`{method.name}` ({own.line(method.lineno)}) is a method as any other: an object "
                "is made by `__init__`, with two underscores on either side."
            )
    return f"{name} has no `__init__`, which takes what an object is made of."


def _no_method(scene: Scene, found: re.Match[str]) -> str | None:
    """Tell of an attribute that stands where a method is called."""
    if scene.site is not None or scene.step[:1] not in {(verb,) for verb in CALLS}:
        return None
    method = scene.step[2]
    return (
        f"`{method}` is called, {method}(…), and is no method here but a value ({found['kind']}): "
        "a property, or an attribute of the same name."
    )


def none_kept(scene: Scene) -> str:
    """Return what is None in a line of a method: an attribute, or what the call hands over."""
    own, site = class_around(scene.site), scene.site
    if own is None or site is None or site.function is None:
        return ""
    for part in site.find(ast.Attribute):
        line = _given_none(own, part.attr) if is_of_self(part) else None
        if line is not None:
            return f"`self.{part.attr}` is None still: {own.line(line)} begins with that."
    names = [one.arg for one in site.function.args.args[1:]]
    given = scene.step[3] if scene.step[:1] in {(verb,) for verb in CALLS[:3]} else ()
    for name, value in zip(names, given, strict=False):
        if value is None or (isinstance(value, (list, tuple)) and None in _plain(value)):
            what = f"`{name}` is None" if value is None else f"One of `{name}` is None"
            return f"{what} in this call: ask with `is None` before you compute with it."
    return ""


def _plain(values: list[object] | tuple[object, ...]) -> list[object]:
    """Return what is None among values: an array compares element by element."""
    return [value for value in values if value is None]


def _given_none(own: OwnClass, name: str) -> int | None:
    """Return the line that makes an attribute None."""
    for part in ast.walk(own.node):
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant):
            targets = [one for target in part.targets for one in ast.walk(target)]
            kept = [one.attr for one in targets if is_of_self(one)]  # type: ignore[attr-defined]
            if part.value.value is None and name in kept:
                return part.lineno
    return None


RULES = (
    Rule(
        "refusal-of-another-kind", "", ANYTHING,
        "The call has to raise an exception, and raises another one.", _refusal,
    ),
    Rule(
        "name-of-an-object", "NameError", rf"name '{NAME}' is not defined",
        "The line uses a name that only the object has: `self.` stands before it.", _no_such_name,
    ),
    Rule(
        "attribute-not-kept", "AttributeError",
        rf"'(?P<owner>\w{{1,80}})' object has no attribute '{NAME}'",
        "The object has no such attribute: a method writes it to `self` first.", _not_kept,
    ),
    Rule(
        "made-with-nothing", "TypeError", rf"{NAME}\(\) takes no arguments",
        "The class takes no arguments: `__init__` does, with two underscores on either side.",
        _takes_none,
    ),
    Rule(
        "value-for-a-method", "TypeError", r"'(?P<kind>[\w.]{1,80})' object is not callable",
        "A method is called, and a value of the same name stands there.", _no_method,
    ),
)  # fmt: skip
