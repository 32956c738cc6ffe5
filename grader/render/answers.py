"""The arguments of a failing call, and the expected answer beside the one that was given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.columns import Columns
from rich.console import Group
from rich.text import Text

from grader.course.docstrings import axis_names, axis_sizes
from grader.course.windows import find_window
from grader.engine.wording import describe
from grader.model import Opaque, Raised
from grader.render.grids import LIT_SIGN, TOO_LARGE, Frame, render_array, shape_line
from grader.render.signs import QUIET, RIGHT, WRONG, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.course.course import Exercise
    from grader.course.windows import Window
    from grader.model import Counterexample


@dataclass(frozen=True)
class Names:
    """What one exercise calls its axes in one call."""

    exercise: Exercise
    shown: Counterexample
    is_plain: bool = False

    def frame(self, name: str) -> Frame:
        """Return what is known about the array of a parameter or a result."""
        text = self.exercise.stub.docstring
        sizes = axis_sizes(text, self.shown.arguments)
        lit = self.window.index if self.window and self.window.argument == name else None
        return Frame(
            axis_names(text).get(name, ()), sizes, self.shown.tolerance, self.shown.terms, lit,
            not self.is_plain,
        )  # fmt: skip

    @cached_property
    def wrong(self) -> tuple[str, tuple[int, ...]] | None:
        """The first wrong element: the name of its array, and its index."""
        found, returns = self.shown.mismatch, self.exercise.stub.returns
        if found is None or not found.index or len(found.path) > 1:
            return None
        place = found.path[0] if found.path else 0
        whole = len(returns) == 1 or bool(found.path)
        if not (isinstance(place, int) and whole and place < len(returns)):
            return None
        return returns[place], found.index

    @cached_property
    def window(self) -> Window | None:
        """What the first wrong element is made of, where that is a part of an argument."""
        if self.wrong is None:
            return None
        text, arguments = self.exercise.stub.docstring, self.shown.arguments
        found = find_window(text, arguments, *self.wrong)
        if found is None:
            return None
        whole = arguments[found.argument]
        part = whole[found.index]
        return found if 0 < part.size < whole.size else None


def render_arguments(
    shown: Counterexample, exercise: Exercise, *, plain: bool
) -> list[RenderableType]:
    """Return the arrays that the call takes, by name, side by side."""
    names = Names(exercise, shown, plain)
    blocks = [
        _block("", name, _body(value, names.frame(name), None, got=False))
        for name, value in shown.arguments.items()
        if has_array(value)
    ]
    if not blocks:
        return []
    lit: list[RenderableType] = []
    if names.window is not None and names.wrong is not None:
        result, index = names.wrong
        words = f"{result}[{', '.join(map(str, index))}], and what it is made of"
        lit = [Text(f"{LIT_SIGN} {words}", QUIET)]
    return [_beside(blocks, plain=plain), *lit]


def render_answers(
    shown: Counterexample, exercise: Exercise, *, plain: bool, all_parts: bool
) -> list[RenderableType]:
    """Return expected beside got: the part that is wrong, or all parts in the long form.

    Parameters
    ----------
    shown
        The counterexample.
    exercise
        Knows what the results are called.
    plain
        One below the other.
    all_parts
        Show the right parts of a tuple too.
    """
    names = Names(exercise, shown, plain)
    rows: list[RenderableType] = []
    for name, expected, actual in _parts(shown, exercise, all_parts=all_parts):
        frame = names.frame(name)
        want = _results(expected, names) or _body(expected, frame, actual, got=False)
        is_lit = names.window is not None and names.wrong is not None and names.wrong[0] == name
        marked = replace(frame, lit=names.wrong[1]) if is_lit and names.wrong else frame
        got = _results(actual, names) or _body(actual, marked, expected, got=True)
        title = name
        if want[0] and want[0] == got[0]:  # one shape for both is said once
            rows.append(Text.assemble((name, "bold"), (f" {want[0]}" if name else want[0], QUIET)))
            want, got, title = ("", want[1]), ("", got[1]), ""
        blocks = [_block("expected", title, want, RIGHT), _block("got", title, got, WRONG)]
        if not title and want[1].plain == TOO_LARGE != got[1].plain:  # the first wrong entries say
            blocks = blocks[1:]  # what was expected
        rows.append(_beside(blocks, plain=plain))
    return rows


def _parts(
    shown: Counterexample, exercise: Exercise, *, all_parts: bool
) -> list[tuple[str, Any, Any]]:
    """Return name, expected and actual of each part of a result that is to be shown."""
    returns = exercise.stub.returns
    expected, actual = shown.expected, shown.actual
    if exercise.stub.is_class and shown.steps and shown.steps[-1][0] == "raises":  # what, or not
        expected, actual = (Raised(v) if isinstance(v, str) else v for v in (expected, actual))
    both = (
        not shown.measured
        and isinstance(expected, (list, tuple))
        and isinstance(actual, (list, tuple))
    )
    if not both or len(expected) != len(actual) or not has_array(expected):
        name = returns[0] if len(returns) == 1 else ""
        return [(shown.measured or name, expected, actual)]
    named = len(returns) == len(expected) > 1
    base = returns[0] if returns else "result"
    parts = [
        (returns[i] if named else f"{base}[{i}]", want, got)
        for i, (want, got) in enumerate(zip(expected, actual, strict=True))
    ]
    first = shown.mismatch.path[0] if shown.mismatch and shown.mismatch.path else None
    return [parts[first]] if isinstance(first, int) and not all_parts else parts


def has_array(value: Any) -> bool:
    """Tell whether a value is an array or holds one."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(has_array(item) for item in value)
    return isinstance(value, np.ndarray)


Body = tuple[str, Text]  # what kind of thing, and its content


def _body(value: Any, frame: Frame, other: Any, *, got: bool) -> Body:
    if isinstance(value, np.ndarray):
        beside = other if isinstance(other, np.ndarray) else None
        usual = value.dtype == np.float64 if beside is None else value.dtype == beside.dtype
        dtype = "" if usual else f"{value.dtype.name} "
        head = f"{dtype}{shape_line(value, frame)}"
        return head, render_array(value, frame, beside, got=got)
    if isinstance(value, (list, tuple)) and has_array(value):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return f"a {kind} of {len(value)}", _items(value, other, frame, got=got)
    if isinstance(value, dict) and has_array(value):
        others = [other.get(key) for key in value] if isinstance(other, dict) else None
        texts = _items([*value.values()], others, frame, got=got, names=[*map(repr, value)])
        return f"a dict of {len(value)}", texts
    return "", _word(value, other)


def _results(values: Any, names: Names) -> Body | None:
    """Return several results that are shown as a whole, each under its name; None for others."""
    returns = names.exercise.stub.returns
    if len(returns) < 2 or not isinstance(values, (list, tuple)) or len(values) > len(returns):
        return None
    lines = []
    for name, value in zip(returns, values, strict=False):
        head, text = _body(value, names.frame(name), None, got=False)
        lines += [Text.assemble((name, "bold"), (f" {head}".rstrip(), QUIET)), text]
    return "", Text("\n").join(lines)


def _items(
    values: Sequence[Any], other: Any, frame: Frame, *, got: bool, names: Sequence[str] = ()
) -> Text:
    """Return the items of a list, or the values of a dict behind the `names` of their keys."""
    same = isinstance(other, (list, tuple)) and len(other) == len(values)
    lines = []
    for index, value in enumerate(values):
        plain_frame = replace(frame, axes=(), lit=None)
        head, text = _body(value, plain_frame, other[index] if same else None, got=got)
        name = names[index] if names else index
        lines += [Text.assemble((f"[{name}] {head}", QUIET)), text]
    return Text("\n").join(lines)


def _word(value: Any, other: Any) -> Text:
    if isinstance(value, Raised):  # what it said is in the message below
        return Text(value.type)
    if isinstance(value, float):
        digits = next(
            (d for d in (6, 10) if not isinstance(other, float)
             or number_text(value, d) != number_text(other, d)), 17
        )  # fmt: skip
        return Text(number_text(value, digits))
    if isinstance(value, Opaque) or not isinstance(value, (int, str, list, tuple, dict)):
        return Text(describe(value))
    text = repr(value)
    return Text(text if len(text) <= 200 else f"{text[:200]} …")


def _block(what: str, name: str, body: Body, style: str = "") -> Text:
    """Return a named block of lines: its head, then the content two columns further in."""
    head, content = body
    gap = " " if what and name else ""
    text = Text.assemble((what, f"bold {style}".strip()), gap, (name, "bold"))
    if head:
        text.append(f" {head}".rstrip(), QUIET)
    for line in content.split("\n"):
        text.append("\n  ").append_text(line)
    return text


def _beside(blocks: Sequence[Text], *, plain: bool) -> RenderableType:
    """Set blocks side by side, as many as the screen holds; below each other in plain output."""
    return Group(*blocks) if plain else Columns(blocks, padding=(0, 3))
