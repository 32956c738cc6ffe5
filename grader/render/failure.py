"""The message about one exercise that did not pass: what, expected before got, why, where, next.

It reads from the top like a conversation: what became of it, the smallest call that shows it, the
two answers side by side with the wrong entries marked, which cases fail, the mistake's likely
name, the line to open, the command to type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from grader.model import Status
from grader.render.answers import render_answers, render_arguments
from grader.render.explanation import render_explanation
from grader.render.signs import QUIET, TELLING, mark, points, style_for, word_for, worth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from grader.course.course import Exercise
    from grader.model import Counterexample, ExerciseResult
    from grader.render.shown import SourceLine

AS_IT_IS = ("changed", "again")  # the answer itself was right: there is nothing to set beside it


@dataclass(frozen=True)
class Manner:
    """How a message is told.

    Parameters
    ----------
    plain
        Words for signs, one thing below the other, no links.
    explain
        The long form: every part of both answers, the formula, the decks.
    decks
        The names of the lecture decks by their numbers.
    next_step
        What to say at the end in place of the commands of a terminal.
    """

    plain: bool = False
    explain: bool = False
    decks: Mapping[str, str] = field(default_factory=dict)
    next_step: str = ""


def render_failure(
    result: ExerciseResult,
    exercise: Exercise,
    line: SourceLine | None = None,
    manner: Manner | None = None,
) -> RenderableType:
    """Return the whole message about an exercise that did not pass.

    Parameters
    ----------
    result
        What became of it.
    exercise
        Knows the lesson, the docstring and the decks.
    line
        Where to look.
    manner
        How to tell it.
    """
    manner = manner or Manner()
    body: list[RenderableType] = []
    if len(result.levels) > 1:
        body.append(_levels(result, plain=manner.plain))
    body += [Text(note, "magenta") for note in result.notes]
    if result.counterexample is not None:
        answered = result.status not in (Status.TIMEOUT, Status.CRASHED)
        body += _counterexample(result.counterexample, exercise, manner, answered=answered)
    if result.message:
        body += [Text(""), _message(result)]
    reasons = _reasons(result)
    body += [Text(""), *reasons] if reasons else []
    if line is not None:
        body += [Text(""), *_where(line, plain=manner.plain)]
    if manner.explain:
        body += render_explanation(result, exercise, manner.decks)
    body += [*([] if line else [Text("")]), _next_step(result, exercise, manner)]
    return Group(Text(""), _title(result, plain=manner.plain), Padding(Group(*body), (0, 0, 0, 2)))


def _title(result: ExerciseResult, *, plain: bool) -> Text:
    style = style_for(result.status)
    title = Text.assemble(mark(result.status, plain=plain), " ", (result.id, "bold"), "  ")
    title.append(word_for(result.status), style)
    if result.earned is None:
        return title.append(f"  worth {worth(result.possible)}", QUIET)
    return title.append(f"  {points(result.earned)} of {points(result.possible)} points", QUIET)


def _levels(result: ExerciseResult, *, plain: bool) -> Text:
    """Return one line with a sign for each level; a screen reader gets one level a line."""
    levels = [
        Text.assemble(mark(level.status, plain=plain), f" {level.name}") for level in result.levels
    ]
    return Text("\n" if plain else "   ").join(levels)


def _counterexample(
    shown: Counterexample, exercise: Exercise, manner: Manner, *, answered: bool
) -> list[RenderableType]:
    """Return the call with its arguments and, where there was an answer, expected beside got."""
    found = shown.mismatch
    parts: list[RenderableType] = [Text("")]
    parts += [Text(f"after {call}", QUIET) for call in shown.earlier]
    parts.append(Text(shown.call, "bold"))
    parts += render_arguments(shown, exercise, plain=manner.plain)
    if answered and (found is None or found.kind not in AS_IT_IS or manner.explain):
        answers = render_answers(shown, exercise, plain=manner.plain, all_parts=manner.explain)
        parts += [Text(""), *answers]
    return parts


def _message(result: ExerciseResult) -> Text:
    text = Text(result.message, "bold")
    found = result.counterexample and result.counterexample.mismatch
    if found and found.total > 1:
        many = f"  ({found.wrong} of {found.total} elements are wrong)"
        text.append(many, "not bold")
    return text


def _reasons(result: ExerciseResult) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if result.separation:
        parts.append(Text(result.separation))
    if result.diagnosis is not None:
        parts.append(Text.assemble(("Likely: ", TELLING), result.diagnosis.message))
    if result.mending is not None:
        parts.append(Text(result.mending.message, TELLING))
    return parts


def _where(line: SourceLine, *, plain: bool) -> list[RenderableType]:
    style = Style() if plain or not line.link else Style(link=line.link, underline=True)
    parts: list[RenderableType] = [Text.assemble(("Where: ", "bold"), (line.text, style))]
    if line.code:
        parts.append(Text.assemble("  ", (f"{line.line} | ", QUIET), line.code))
    return parts


def _next_step(result: ExerciseResult, exercise: Exercise, manner: Manner) -> Text:
    if result.status is Status.UNGRADED:
        return Text("Nothing of yours is wrong: tell whoever runs the course.")
    text = Text.assemble(("Next: ", "bold"), f"{_first(result, manner)}, then ")
    if manner.next_step:
        return text.append(manner.next_step)
    text.append(f"dlgrade check {result.id}", "bold")
    if exercise.check.hints:
        text.append("\nStuck? ", "bold").append(f"dlgrade hint {result.id}")
    return text


def _first(result: ExerciseResult, manner: Manner) -> str:
    """Return what comes before the next check."""
    if result.status is Status.UNIMPLEMENTED:
        return "write it"
    gone = result.status is Status.MISSING and result.location is None
    if gone and not manner.next_step:
        return f"dlgrade reset {result.id} puts the stub there; write it"
    return "mend it"
