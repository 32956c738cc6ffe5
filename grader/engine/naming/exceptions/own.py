"""What a student's code raises on purpose, or does that no function should: assert, input."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.objects import MAKER, class_around, is_of_self
from grader.engine.naming.exceptions.scene import Rule
from grader.engine.reading.conditions import unset_attribute
from grader.engine.reading.sites import code_of
from grader.engine.source import is_unwritten
from grader.model.results import UNWRITTEN

if TYPE_CHECKING:
    import re

    from grader.engine.naming.exceptions.scene import Scene
    from grader.engine.reading.sites import Site

ANYTHING = r""
MISTAKEN = ("NameError", "UnboundLocalError", "AttributeError", "TypeError")


def _raised(scene: Scene, _: re.Match[str]) -> str | None:
    """Tell under what condition the `raise` in the line stands."""
    site = scene.site
    if site is None or not isinstance(site.statement, ast.Raise) or scene.bad:
        return None
    made = site.statement.exc
    name = getattr(made.func if isinstance(made, ast.Call) else made, "id", "")
    if scene.raised.type in MISTAKEN and name != scene.raised.type:
        return None  # the `raise` itself went wrong
    if site.shared and not _says(made, scene.raised.message):
        return None  # `if x > 0: raise …`, where the question may have gone wrong
    return (
        f"The `raise` in {site.name_line(site.number)} is your own, and this call has to be "
        f"answered{_reason(site)}."
    )


def _says(made: ast.expr | None, message: str) -> bool:
    """Tell whether a message is the one that is written behind a `raise`."""
    said = made.args[0] if isinstance(made, ast.Call) and made.args else None
    return message == (said.value if isinstance(said, ast.Constant) else "")


def _reason(site: Site) -> str:
    """Return the condition under which a statement is reached, as far as one is near."""
    if not site.blocks:
        return ""
    block = site.blocks[-1]
    if isinstance(block, ast.If):
        code = code_of(block.test)
        if kept := _not_kept_before(site, unset_attribute(block.test)):
            return kept
        if site.statement in block.body:
            what = f"`if {code}:`" if code else f"the `if` of {site.name_line(block.lineno)}"
            return f": look at {what}"
        return f": it is in the `else` of {site.name_line(block.lineno)}"
    if isinstance(block, ast.Try):
        return f": look at what the `try` of {site.name_line(block.lineno)} catches"
    return ""


def _not_kept_before(site: Site, name: str) -> str:
    """Return what to say where a condition asks whether the object keeps something yet."""
    own = class_around(site)
    if not name or own is None:
        return ""
    writers = [
        (method.name, part.lineno)
        for method in own.methods
        if method.name != MAKER
        for part in ast.walk(method)
        if isinstance(part, ast.Attribute) and is_of_self(part) and part.attr == name
        if isinstance(part.ctx, ast.Store)
    ]
    if not writers:
        return (
            f": no method but {MAKER} gives `self.{name}` a value; keep it in the one that is "
            "called before"
        )
    method, line = writers[0]
    return (
        f": {method} gives `self.{name}` its value ({site.name_line(line)}), and has not done so "
        "before"
    )


def _unwritten(scene: Scene, _: re.Match[str]) -> str | None:
    site = scene.site
    if site is None or site.function is None or not is_unwritten(site.function):
        return None
    return (
        f"{site.function.name} is {UNWRITTEN} ({site.name_line(site.function.lineno)}): write "
        "it first."
    )


def _asserted(scene: Scene, _: re.Match[str]) -> str:
    site = scene.site
    if site is None or not isinstance(site.statement, ast.Assert):
        return ""
    code = code_of(site.statement.test)
    what = f"`assert {code}`" if code else "The `assert`"
    return f"{what} in {site.name_line(site.number)} does not hold for this call."


def _recursion(scene: Scene, _: re.Match[str]) -> str:
    site, name = scene.site, scene.function
    if site is None or not name:
        return ""
    calls = {getattr(call.func, "id", "") for call in site.find(ast.Call)}
    if name in calls:
        return (
            f"{name} calls itself in {site.name_line(site.number)}, again and again: nothing ends "
            "that."
        )
    return f"{name} is called again and again by what it calls itself: nothing ends that."


# What these say is all there is: a mistake that is left where the `raise` is avoided is none that
# was made.
REFUSAL = "own-refusal"
SAY_ALL = frozenset(["not-written", REFUSAL, "assertion-fails"])

RULES = (
    Rule(
        "not-written", "NotImplementedError", ANYTHING,
        "A function that is called here is not written yet.", _unwritten,
    ),
    Rule(
        REFUSAL, "", ANYTHING,
        "A `raise` of the function's own refuses a call that has to be answered: look at the "
        "condition "
        "above it.", _raised, whole=False,
    ),
    Rule(
        "assertion-fails", "AssertionError", ANYTHING,
        "An `assert` of the function's own does not hold for this call.", _asserted, whole=False,
    ),
    Rule(
        "recursion", "RecursionError", ANYTHING,
        "A function calls itself again and again: nothing ends that.", _recursion,
    ),
    Rule(
        "input", "EOFError", r"EOF when reading",
        "input() waits for somebody to type, and nobody is there: a function gets all that it "
        "needs as "
        "its arguments.",
    ),
    Rule(
        "input", "OSError RuntimeError", r"(?:reading from stdin|input\(\): lost "
        r"sys\.stdin|.{0,20}stdin)",
        "input() waits for somebody to type, and nobody is there: a function gets all that it "
        "needs as "
        "its arguments.",
    ),
    Rule(
        "file-missing", "FileNotFoundError", ANYTHING,
        "A file is opened that is not there where exercises are checked: a function gets all that "
        "it "
        "needs as its arguments.",
    ),
    Rule(
        "program-ended", "SystemExit", ANYTHING,
        "exit() or sys.exit() ends the program: a function hands back its result with `return`.",
    ),
    Rule(
        "raised-nothing", "TypeError", r"exceptions must derive from BaseException",
        "Only exceptions can be raised: raise ValueError('…'), and not a text.",
    ),
)  # fmt: skip
