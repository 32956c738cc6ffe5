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
from rich.table import Table
from rich.text import Text

from grader.model import Status
from grader.render.answers import render_answers, render_arguments
from grader.render.explaining.explanation import render_explanation
from grader.render.signs import (
    NOT_IMPORTED,
    QUIET,
    TELLING,
    WRONG,
    mark,
    points,
    style_for,
    word_of,
    worth,
)
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import RenderableType

    from grader.course.course import Exercise
    from grader.model import Counterexample, ExerciseResult
    from grader.model.printed import Printed
    from grader.render.shown import SourceLine

NO_FILE = "there is no file "  # as `engine.inspection` says it
NEVER_RUN = (Status.MISSING, Status.REJECTED, Status.ERROR)  # where no case was asked
PRINTED_LINES = 5
ANSWER_IS_RIGHT = ("changed", "again")  # there is nothing to set beside it


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


def tell_together(results: Iterable[ExerciseResult]) -> list[list[ExerciseResult]]:
    """Return results in groups that have one message: a file that does not import is told once.

    Parameters
    ----------
    results
        In order; each group stands where its first one does.
    """
    groups: dict[tuple[object, ...], list[ExerciseResult]] = {}
    for result in results:
        module = result.id.partition(".")[0]
        alike = result.status is Status.MISSING and NOT_IMPORTED in result.message
        key: tuple[object, ...] = (result.id,)
        if alike or is_gone(result):
            key = (module, NO_FILE if is_gone(result) else result.message, result.location)
        groups.setdefault(key, []).append(result)
    return list(groups.values())


def is_gone(result: ExerciseResult) -> bool:
    """Tell whether the file of an exercise is not there."""
    return result.status is Status.MISSING and result.message.startswith(NO_FILE)


def render_gone(results: Sequence[ExerciseResult]) -> Text:
    """Return one line about a file that is not there, for all that was asked of it."""
    module = results[0].id.partition(".")[0]
    said = results[0].message.removeprefix(NO_FILE)
    many = counted(len(results), "exercise")
    back = f"`dlgrade reset {module}` puts it there"
    return Text(f"{said} is not there: {many}; {back}" if "; " not in said else f"{NO_FILE}{said}")


def render_failure(
    result: ExerciseResult,
    exercise: Exercise,
    line: SourceLine | None = None,
    manner: Manner | None = None,
    others: Sequence[ExerciseResult] = (),
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
    others
        Further results of the same file of which the message is true.
    """
    manner = manner or Manner()
    body: list[RenderableType] = []
    if len(result.levels) > 1 and not others:
        body.append(_levels(result, plain=manner.plain))
    body += [Text(note, "magenta") for note in result.notes]
    if result.counterexample is not None:
        answered = result.status not in (Status.TIMEOUT, Status.CRASHED)
        body += _counterexample(result.counterexample, exercise, manner, answered=answered)
        body += _printed(result.printed, manner)
    if result.message == word_of(result) and not others:
        body += [Text(""), Text(exercise.lesson)]  # the title has said the rest
    elif result.message:
        body += [Text(""), _message(result)]
    if result.telling is not None:
        body += [Text(""), Text("The same where more of it can be seen:", TELLING)]
        body += _counterexample(result.telling, exercise, manner, answered=True)[1:]
    reasons = _reasons(result)
    body += [Text(""), *reasons] if reasons else []
    if line is not None:
        body += [Text(""), *_where(line, plain=manner.plain)]
    if manner.explain:
        body += render_explanation(result, exercise, manner.decks)
    what = exercise.module if others else result.id
    body += [*([] if line else [Text("")]), _next_step(result, exercise, manner, what)]
    title = _title(result, others, plain=manner.plain)
    return Group(Text(""), title, Padding(Group(*body), (0, 0, 0, 2)))


def _title(result: ExerciseResult, others: Sequence[ExerciseResult], *, plain: bool) -> Text:
    style = style_for(result.status)
    names = result.id
    if others:
        names = f"{result.id.partition('.')[0]}: {len(others) + 1} exercises"
    title = Text.assemble(mark(result.status, plain=plain), " ", (names, "bold"), "  ")
    title.append(word_of(result), style)
    if others:
        possible = sum(one.possible for one in (result, *others))
        return title.append(f"  0 of {points(possible)} points", QUIET)
    if result.earned is None:
        return title.append(f"  worth {worth(result.possible)}", QUIET)
    return title.append(f"  {points(result.earned)} of {worth(result.possible)}", QUIET)


def _levels(result: ExerciseResult, *, plain: bool) -> Text:
    """Return one line with a sign for each level; a screen reader gets one level a line.

    Where none was run, that is what the signs say.
    """
    unrun = not result.cases and result.counterexample is None and result.status in NEVER_RUN
    levels = [
        Text.assemble(
            mark(Status.NOT_RUN if unrun else level.status, plain=plain), f" {level.name}"
        )
        for level in result.levels
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
    if answered and (found is None or found.kind not in ANSWER_IS_RIGHT or manner.explain):
        answers = render_answers(shown, exercise, plain=manner.plain, all_parts=manner.explain)
        parts += [Text(""), *answers]
    return parts


def _printed(printed: Printed | None, manner: Manner) -> list[RenderableType]:
    """Return what the shown call printed: a few lines, then how many more."""
    if printed is None:
        return []
    told = printed if manner.explain else printed.cut(PRINTED_LINES)
    lines = [Text(f"  {line}", QUIET) for line in told.told]
    return [Text(""), Text("printed, last:" if printed.before else "printed:", "bold"), *lines]


def _message(result: ExerciseResult) -> Text:
    text = Text(result.message, "bold")
    found = result.counterexample and result.counterexample.mismatch
    if found and found.total > 1:
        are = "is" if found.wrong == 1 else "are"
        many = f"  ({found.wrong} of {found.total} elements {are} wrong)"
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
    why = f", {line.why}" if line.why else ""
    parts: list[RenderableType] = [Text.assemble(("Where: ", "bold"), (line.text, style), why)]
    if line.columns is not None:  # a mark below a line that was wrapped would point elsewhere
        first, last = line.columns
        number = f"{line.line} | "
        parts.append(Text.assemble("  ", (number, QUIET), line.code, no_wrap=True, overflow="crop"))
        mark_below = " " * (2 + len(number) + first) + "^" * (last - first)
        parts.append(Text(mark_below, WRONG, no_wrap=True, overflow="crop"))
        return parts
    shown = [] if line.beside is None else [line.beside]
    shown += [(line.line, line.code)] * bool(line.code)
    return [*parts, *(_numbered(n, code) for n, code in sorted(shown))]


def _numbered(number: int, code: str) -> RenderableType:
    """Return a line of code behind its number; what does not fit goes on below its beginning."""
    beside = Table.grid(padding=0, pad_edge=False)
    beside.add_column(no_wrap=True)
    beside.add_column(overflow="fold")
    beside.add_row(Text(f"  {number} | ", QUIET), Text(code))
    return beside


def _next_step(result: ExerciseResult, exercise: Exercise, manner: Manner, what: str) -> Text:
    if result.status is Status.UNGRADED:
        return Text("Nothing of yours is wrong: tell whoever runs the course.")
    first = _first(result, manner)
    if exercise.check.handed_in:
        first = "write it anew" if result.status is Status.REJECTED else "hand it in"
    text = Text.assemble(("Next: ", "bold"), f"{first}, then ")
    if manner.next_step:
        return text.append(manner.next_step)
    text.append(f"dlgrade check {what}", "bold")
    if exercise.check.hints and what == result.id:
        text.append("\nStuck? ", "bold").append(f"dlgrade hint {result.id}")
    return text


def _first(result: ExerciseResult, manner: Manner) -> str:
    """Return what comes before the next check."""
    if result.status is Status.UNIMPLEMENTED:
        return "mend it" if result.is_begun else "write it"
    gone = result.status is Status.MISSING and result.location is None
    if gone and not manner.next_step:
        return f"dlgrade reset {result.id} puts the stub there; write it"
    return "mend it"
