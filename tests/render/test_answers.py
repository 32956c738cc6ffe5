"""A screen shows harmless text, whatever a gradebook holds and whoever wrote it."""

from __future__ import annotations

import collections.abc
import dataclasses
import io
import types
import typing

import pytest
from rich.console import Console

from grader.render.grades import asked, told
from grader.render.grades import inquiry as answers
from grader.render.grades import run as runs
from grader.text import ISOLATES

HOSTILE = "[red]a\x1b[2J\x9b1m\u202eb\u2066\r\x07\u05d0\n\tc"
HINTS = {**vars(asked), **vars(told)}
HINTS |= {"Mapping": typing.Mapping, "Sequence": typing.Sequence, "Entry": str}
SCREENS = [
    (answers.render_classes, [[asked.ClassAnswer], [asked.ClassAnswer] * 2]),
    (answers.render_stories, [[asked.Story]]),
    (answers.render_exercises, [[asked.ExerciseAnswer] * 2]),
    (answers.render_deliveries, [[asked.Arrived], [asked.Arrived] * 2]),
    (answers.render_decisions, [[asked.Decision] * 2]),
    (answers.render_output, [[asked.Story]]),
    (lambda some, **_: answers.render_changes(some), [[asked.ChangesAnswer]]),
    (lambda some, **_: answers.render_reproductions(some), [[asked.Reproduction]]),
    (lambda some, **how: runs.render_summary(some[0], **how), [[told.ClassSummary]]),
    (lambda some, **_: runs.render_done(some[0]), [[told.Done]]),
]


def fill(kind):
    """Return a value of a type in which every text, however deep, is hostile."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return fill_fields(kind)
    if origin is None:
        return {str: HOSTILE, int: 1, float: 1.0, bool: True}[kind]
    if origin in (dict, collections.abc.Mapping):
        return {HOSTILE: fill(args[1])}
    if origin in (typing.Union, types.UnionType):
        return fill(args[0])
    return tuple(map(fill, args if args[-1] is not Ellipsis and origin is tuple else args[:1] * 2))


def fill_fields(kind):
    hints = typing.get_type_hints(kind, HINTS)
    fields = {one.name: fill(hints[one.name]) for one in dataclasses.fields(kind)}
    if kind is told.Done:  # what was just found out is counted, and no text
        fields["facts"] = ()
    return kind(**fields)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("width", [40, 200])
@pytest.mark.parametrize(("render", "kinds"), SCREENS)
def test_nothing_that_a_gradebook_holds_steers_a_terminal(render, kinds, width, plain):
    for some in kinds:
        stream = io.StringIO()
        console = Console(file=stream, width=width, color_system=None, markup=False)
        console.print(render([fill(kind) for kind in some], plain=plain))
        shown = stream.getvalue()
        assert "red" in shown
        assert {c for c in shown if not c.isprintable()} <= {"\n", *ISOLATES}
