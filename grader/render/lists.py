"""The screens about the whole course: `dlgrade` alone and `list`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from rich.console import Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from grader.files import from_here
from grader.model import Status
from grader.model.results import UNWRITTEN
from grader.render.signs import QUIET, RIGHT, mark, points, style_for, words_for, worth
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from grader.render.shown import Deadline, Standing, Tonight

BAR = 12
BEFORE_IT_IS_WRITTEN = (UNWRITTEN, "no file")
STATUSES = dict.fromkeys((*BEFORE_IT_IS_WRITTEN, "written"), Status.UNIMPLEMENTED)
STATUSES["broken file"] = Status.MISSING
ENDLESS = 1000  # columns, to measure by
AROUND = 4  # lines of `render_around` beside its rows: heading, space, total, what shows all


def render_list(
    standings: Sequence[Standing], *, todo: bool = False, plain: bool = False
) -> RenderableType:
    """Return the table of exercises: sign, name, points earned and possible, how far it is.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    todo
        Leave out what passed; the total counts it all the same.
    plain
        Words for signs.
    """
    shown = [standing for standing in standings if not (todo and standing.passed)]
    return Group(_table(shown, plain=plain), Text(""), _total(standings))


def _table(standings: Sequence[Standing], *, plain: bool) -> RenderableType:
    """Return a row for each exercise; in plain output a line, without columns."""
    lines = Text("\n".join(map(_said, standings)))
    if plain:
        return lines
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("exercise", style="bold", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("progress")
    for standing in standings:
        word = standing.state.partition(",")[0]
        status = Status.PASSED if standing.passed else STATUSES.get(word) or Status(word)
        name, earned, words = _said(standing).split("  ", 2)
        state = Text.assemble(mark(status, plain=False), " ", (words, style_for(status)))
        table.add_row(name, earned, state)
    return _WhereItFits(table, lines)


def _said(standing: Standing) -> str:
    earned = f"{points(standing.earned)} / {points(standing.exercise.points)}"
    return f"{standing.exercise.id}  {earned}  {words_for(standing.state)}"


def render_around(
    standings: Sequence[Standing], module: str, *, rows: int = 22, plain: bool = False
) -> RenderableType:
    """Return a list that a small screen holds: the exercises of one module, and how far all are.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    module
        Whose exercises are shown.
    rows
        How many lines there are. Where bars need more, the other modules are numbers in a
        sentence.
    plain
        Words for signs, and numbers for bars.
    """
    here = [standing for standing in standings if standing.exercise.module == module]
    counts = count_modules(standings)
    bars = not plain and len(here) + (len(counts) + 1) // 2 + AROUND <= rows
    parts: list[RenderableType] = [_table(here, plain=plain)]
    if bars:
        parts += [Text(""), render_modules(standings, plain=False)]
    else:
        parts.append(Text(", ".join(say_numbers(counts))))
    return Group(*parts, _total(standings), Text("Every exercise: dlgrade list", QUIET))


def _total(standings: Sequence[Standing]) -> Text:
    earned = sum(standing.earned or 0.0 for standing in standings)
    possible = sum(standing.exercise.points for standing in standings)
    passed = sum(standing.passed for standing in standings)
    return Text.assemble(
        (f"{points(earned)} of {worth(possible)}", "bold"),
        f" · {passed} of {counted(len(standings), 'exercise')} passed",
    )


def render_home(
    standings: Sequence[Standing], folder: Path | None, tonight: Tonight, *, plain: bool = False
) -> RenderableType:
    """Return where a student stands, and what there is to do now: a screen of 80 by 24 holds it.

    Parameters
    ----------
    standings
        One for each exercise of the course, in order.
    folder
        The student's files; None when there are none here.
    tonight
        What there is to do now.
    plain
        Numbers for bars.
    """
    if folder is None:
        return Group(
            render_nothing_yet(),
            *_lines(tonight),
            Text.assemble("All commands: ", ("dlgrade --help", "bold")),
        )
    total = _total(standings)
    if tonight.streak > 1:
        total.append(f" · {tonight.streak} days in a row")
    parts: list[RenderableType] = [
        total,
        Text(f"in {from_here(folder)}", QUIET),
        render_modules(standings, plain=plain),
        Text(""),
        render_next(tonight.following),
    ]
    if tonight.following is not None:
        parts += _builds_on(tonight.following, tonight.passed, plain=plain)
    parts += _lines(tonight)
    if tonight.following is not None:
        name = tonight.following.exercise.id
        parts += [
            Text.assemble(
                (f"dlgrade watch {tonight.following.exercise.module}", "bold"),
                "  checks at every save · ",
                ("dlgrade hint", "bold"),
                "  helps",
            ),
            Text.assemble((f"dlgrade explain {name}", "bold"), "  says what it is"),
        ]
    return Group(*parts)


def render_nothing_yet() -> RenderableType:
    """Return what to do where there are no exercises in a folder."""
    return Group(
        Text("There are no exercises in this folder yet."),
        Text.assemble("Begin: ", ("dlgrade init", "bold"), " puts them into ./exercises."),
    )


def _builds_on(following: Standing, passed: Collection[str], *, plain: bool) -> list[Text]:
    """Return the line about what an exercise builds on, with a sign for what has passed of it."""
    text = Text("  builds on ")
    for place, name in enumerate(following.exercise.requires):
        status = Status.PASSED if name in passed else Status.UNIMPLEMENTED
        sign = mark(status, plain=plain)
        sign.rstrip()
        text.append(", " * (place > 0)).append_text(sign).append(f" {name}")
    return [text] if following.exercise.requires else []


def _lines(tonight: Tonight) -> list[Text]:
    """Return a line for each thing beside the exercises; nothing for what there is not."""
    found = []
    if tonight.deadline is not None:
        found.append(Text.assemble(("Due: ", "bold"), _deadline(tonight.deadline)))
    review = tonight.review
    if review.count:
        minutes = max(1, round(review.seconds / 60))
        be = "is" if review.count == 1 else "are"
        what = f"{counted(review.count, 'question')} {be} due"
        if review.asked < review.count:
            what += f", {review.asked} in one review"
        said = f"{what}, about {counted(minutes, 'minute')}: "
        found.append(Text.assemble(("Review: ", "bold"), said, ("dlgrade quiz review", "bold")))
    if tonight.demos:
        said = f"dlgrade demo {' · '.join(tonight.demos)}"  # of one line, where all are open
        found.append(Text.assemble(("Open now: ", "bold"), said))
    return found


def _deadline(deadline: Deadline) -> str:
    here = deadline.at.astimezone()
    parts = [f"{deadline.name}, {here:%a} {here.day} {here:%b %H:%M}"]
    if deadline.total:
        many = counted(deadline.total, "exercise")
        parts.append(f"{deadline.passed} of {many} passed")
    if deadline.exam:
        parts.append(f"exam {deadline.exam}")
    return "; ".join(parts)


def render_next(following: Standing | None) -> RenderableType:
    """Return what to do next: an exercise, its points and what it is; None when all passed."""
    if following is None:
        return Text("Everything here passes. Well done.", RIGHT)
    exercise = following.exercise
    line = Text.assemble(("Next: ", "bold"), (exercise.id, "bold"), f"  {worth(exercise.points)}")
    if following.state not in BEFORE_IT_IS_WRITTEN:
        line.append(f"  ({words_for(following.state)})", QUIET)
    return Group(line, Text(f"  {exercise.lesson}"))


def render_modules(standings: Sequence[Standing], *, plain: bool) -> RenderableType:
    """Return how much of each module has passed: two columns of bars, read down each.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    plain
        A line of numbers for each module.
    """
    counts = count_modules(standings)
    if plain:
        return Text("\n".join(f"{module}: {done} of {total}" for module, done, total in counts))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for is_bar in (False, True, False) * 2:
        table.add_column(no_wrap=not is_bar)  # so that of these the bars give way
    half = (len(counts) + 1) // 2
    for left, right in zip_longest(counts[:half], counts[half:]):
        cells: list[RenderableType] = []
        for module, done, total in filter(None, (left, right)):
            cells += [Text(module, "bold"), _Bar(done, total), Text(f"{done} of {total}")]
        table.add_row(*cells)
    return table


def count_modules(standings: Sequence[Standing]) -> list[tuple[str, int, int]]:
    """Return each module with how many of its exercises passed, and how many there are.

    Parameters
    ----------
    standings
        One for each exercise, in order.
    """
    groups = groupby(standings, key=lambda standing: standing.exercise.module)
    rows = [(module, [one.passed for one in group]) for module, group in groups]
    return [(module, sum(passed), len(passed)) for module, passed in rows]


def say_numbers(counts: Sequence[tuple[str, int, int]]) -> list[str]:
    """Return the same short, for a sentence; no module is parted from its numbers.

    Parameters
    ----------
    counts
        From `count_modules`.
    """
    return [f"{module}\u00a0{done}/{total}" for module, done, total in counts]


@dataclass(frozen=True)
class _WhereItFits:
    """A table, and what stands for it where a word of it would be cut off."""

    table: Table
    lines: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = console.measure(self.table, options=options.update(max_width=ENDLESS)).maximum
        yield self.table if wide <= options.max_width else self.lines


@dataclass(frozen=True)
class _Bar:
    """How much of a module has passed; on a narrow screen shorter, so that its name stays whole."""

    done: int
    total: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        length = min(BAR, options.max_width)
        filled = length * self.done // self.total if self.total else 0
        yield Text.assemble(("━" * filled, RIGHT), ("─" * (length - filled), QUIET))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, min(BAR, options.max_width))
