"""Turn results into Rich renderables; nothing here prints, and no student's text is markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.columns import Columns
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.grids import WRONG, grid, number_text
from grader.model import Raised, Status
from grader.wording import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.course import Task
    from grader.doctor import Probe
    from grader.model import Counterexample, ExerciseResult, SubmissionResult

MARKS = {
    Status.PASSED: ("✔", "ok", "green"),
    Status.UNIMPLEMENTED: ("·", "todo", "dim"),
    Status.UNGRADED: ("?", "????", "magenta"),
    Status.NOT_RUN: ("·", "----", "dim"),
}
WRONG_MARK = ("✘", "FAIL", "red")
WORDS = {
    Status.UNIMPLEMENTED: "not written yet",
    Status.FAILED: "wrong answer",
    Status.ERROR: "it raised an error",
    Status.UNGRADED: "could not be graded",
    Status.NOT_RUN: "not run",
}


def points(number: float | None) -> str:
    """Return points without a useless fraction.

    Examples
    --------
    >>> points(1.0), points(0.5), points(None)
    ('1', '0.5', '-')
    """
    return "-" if number is None else f"{number:g}"


def mark(status: Status, *, plain: bool) -> Text:
    """Return the sign of a status: a word in plain output, so that it can be heard."""
    sign, word, style = MARKS.get(status, WRONG_MARK)
    return Text(word.ljust(4) if plain else sign, style)


def render_line(result: ExerciseResult, *, plain: bool = False) -> RenderableType:
    """Return the one line of an exercise: sign, name, points, what became of it."""
    line = Text.assemble(
        "  ", mark(result.status, plain=plain), " ", (result.id.ljust(34), "bold"),
        f"{points(result.earned):>4} / {points(result.possible):<4}",
    )  # fmt: skip
    if result.status is not Status.PASSED:
        word = WORDS.get(result.status, str(result.status))
        line.append(f" {word}", MARKS.get(result.status, WRONG_MARK)[2])
    return line


def render_total(result: SubmissionResult) -> RenderableType:
    """Return the last line: points, and which oracles served when it was not both."""
    total = f"{points(result.earned)} of {points(result.possible)} points"
    passed = sum(exercise.status is Status.PASSED for exercise in result.exercises)
    text = Text.assemble(
        "\n", (total, "bold"), f" · {passed} of {len(result.exercises)} exercises passed"
    )
    text.append(f" · seed {result.seed} · checked against {' and '.join(result.oracles)}", "dim")
    return text


def render_failure(
    result: ExerciseResult, task: Task, *, plain: bool = False, explain: bool = False
) -> RenderableType:
    """Return the whole message about an exercise that did not pass.

    Parameters
    ----------
    result
        What became of it.
    task
        Knows the lesson, the docstring and the decks.
    plain
        Words for signs, and one thing below the other.
    explain
        Add the docstring with its formula, and where it is taught.
    """
    title = Text.assemble("\n", mark(result.status, plain=plain), " ", (result.id, "bold"))
    title.append(f"  {WORDS.get(result.status, str(result.status))}")
    title.append(f"  {points(result.earned)} of {points(result.possible)} points", "dim")
    parts: list[RenderableType] = [title]
    body: list[RenderableType] = []
    if len(result.levels) > 1:
        body.append(_levels(result, plain=plain))
    body += [Text(note, "yellow") for note in result.notes]
    if result.counterexample is not None:
        body += _counterexample(result.counterexample, plain=plain, everything=explain)
    if result.message:
        body.append(_message(result))
    if result.separation:
        body.append(Text(result.separation))
    if result.diagnosis is not None:
        body.append(Text.assemble(("Likely: ", "bold yellow"), result.diagnosis.message))
    if result.location is not None:
        body.append(Text.assemble(("Where: ", "bold"), str(result.location)))
    if explain:
        body += _explanation(result, task)
    body.append(_next_step(result))
    return Group(*parts, Padding(Group(*body), (0, 0, 0, 2)))


def _levels(result: ExerciseResult, *, plain: bool) -> Text:
    text = Text()
    for level in result.levels:
        text.append_text(mark(level.status, plain=plain)).append(f" {level.name}   ")
    return text


def _message(result: ExerciseResult) -> Text:
    text = Text(result.message, "bold")
    found = result.counterexample and result.counterexample.mismatch
    if found and found.total > 1:
        text.append(f"  ({found.wrong} of {found.total} elements are wrong)", "not bold")
    return text


def _counterexample(
    shown: Counterexample, *, plain: bool, everything: bool
) -> list[RenderableType]:
    parts: list[RenderableType] = [
        *[Text(f"after {call}", "dim") for call in shown.earlier],
        Text(shown.call, "cyan"),
    ]
    named = [(n, v) for n, v in shown.arguments.items() if _has_array(v)]
    parts.append(_beside([(n, _lines(v)) for n, v in named], plain=plain))
    pairs = _wrong_parts(shown) if not everything else [("", shown.expected, shown.actual)]
    for name, expected, actual in pairs:
        what = f" {name}" if name else ""
        blocks = [
            (f"expected{what}", _lines(expected)),
            (f"got{what}", _lines(actual, expected)),
        ]
        parts.append(_beside(blocks, plain=plain))
    return parts


def _wrong_parts(shown: Counterexample) -> list[tuple[str, Any, Any]]:
    """Return the one item of a result that is wrong, when it has several."""
    path = shown.mismatch.path if shown.mismatch else ()
    first = path[0] if path else None
    several = isinstance(shown.expected, (list, tuple)) and isinstance(shown.actual, (list, tuple))
    if several and isinstance(first, int) and first < min(len(shown.expected), len(shown.actual)):
        return [(f"result[{first}]", shown.expected[first], shown.actual[first])]
    return [("", shown.expected, shown.actual)]


def _has_array(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_has_array(item) for item in value)
    return isinstance(value, np.ndarray)


def _lines(value: Any, beside: Any = None) -> list[str]:
    """Return a value as lines of text: a grid, or a word on what it is."""
    if isinstance(value, np.ndarray):
        other = beside if isinstance(beside, np.ndarray) else None
        lines = grid(value, other)
        return [f"shape {value.shape}", *(lines or ["(too large to show)"])]
    if isinstance(value, (list, tuple)) and _has_array(value):
        inner = beside if isinstance(beside, (list, tuple)) and len(beside) == len(value) else None
        return [
            line
            for place, item in enumerate(value)
            for line in (f"[{place}]", *_lines(item, inner[place] if inner else None))
        ]
    if isinstance(value, Raised):
        return ["ValueError" if not value.frames and not value.message else value.type]
    if isinstance(value, float):
        return [number_text(value)]
    return [repr(value) if isinstance(value, (int, str, list, tuple, dict)) else describe(value)]


def _beside(blocks: Sequence[tuple[str, list[str]]], *, plain: bool) -> RenderableType:
    """Set blocks of lines side by side, as many as the screen holds."""
    made = []
    for name, lines in blocks:
        text = Text(f"{name} ", "bold")
        text.append(lines[0] + "\n" if lines[0].startswith("shape") else "\n", "not bold dim")
        rest = lines[1:] if lines[0].startswith("shape") else lines
        text.append_text(_marked("\n".join(f"  {line}" for line in rest)))
        made.append(text)
    if plain:
        return Group(*made)
    return Columns(made, padding=(0, 4))


def _marked(text: str) -> Text:
    """Colour the entries that carry the sign of a wrong one."""
    made = Text(text, "not bold")
    made.highlight_regex(rf"\S+{chr(92)}{WRONG}", "bold red")
    return made


def _explanation(result: ExerciseResult, task: Task) -> list[RenderableType]:
    parts: list[RenderableType] = [
        Text(""),
        Text(task.lesson, "italic"),
        Text(f"Decks: {', '.join(task.check.decks)}"),
        Text(task.stub.docstring),
    ]
    if result.output:
        parts.append(Text.assemble(("Your code printed:\n", "bold"), _tame(result.output)))
    return parts


def _tame(text: str) -> str:
    """Return printed text without what steers a terminal, cut to a screenful."""
    lines = ["".join(c if c.isprintable() else "�" for c in line) for line in text.splitlines()]
    return "\n".join(lines[:20]) + ("\n…" if len(lines) > 20 else "")


def render_probes(probes: Sequence[Probe], *, plain: bool = False) -> RenderableType:
    """Return the table of what was probed: held or not held, and what helps."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for probe in probes:
        sign, style = ("held", "green") if probe.held else ("not held", "red")
        if not plain:
            sign = ("✔ " if probe.held else "✘ ") + sign
        table.add_row(Text(sign, style), Text(probe.name, "bold"), Text(probe.detail))
        if not probe.held and probe.remedy:
            table.add_row("", "", Text(probe.remedy, "yellow"))
    return table


def _next_step(result: ExerciseResult) -> Text:
    command = f"dlgrade check {result.id}"
    verb = "Write it, then" if result.status is Status.UNIMPLEMENTED else "Mend it, then"
    if result.status is Status.UNGRADED:
        return Text("Nothing of yours is wrong: tell whoever runs the course.")
    return Text.assemble((f"{verb}: ", "dim"), (command, "bold"))


def render_list(rows: Sequence[tuple[Task, str]], *, plain: bool = False) -> RenderableType:
    """Return the table of exercises: name, points, what it is, how far it is."""
    del plain
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("exercise", style="bold", no_wrap=True)
    table.add_column("points", justify="right")
    table.add_column("state", no_wrap=True)
    table.add_column("what it is")
    for task, state in rows:
        style = "green" if state == "written" else "dim"
        table.add_row(task.id, points(task.check.points), Text(state, style), task.lesson)
    total = sum(task.check.points for task, _ in rows)
    summary = f"{len(rows)} exercises, {points(total)} points: a plain sum, no level counts twice"
    return Group(table, Text(f"\n{summary}"))
