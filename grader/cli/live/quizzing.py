"""`dlgrade quiz code`: the student's own functions, each with one line made wrong."""

from __future__ import annotations

import random
import shlex
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Plain, find_work, say, say_aside
from grader.cli.typed import Targets
from grader.errors import UsageError
from grader.quiz.context import Browser, find_screen, find_surroundings
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.course import Course
    from grader.quiz.asking.terminal.screen import TerminalScreen
    from grader.student.helping.spoiling import SpoiltFunction

MOST_ASKED = 5
TRIED = 3  # functions for each question: some are too short to be asked about
TIMEOUT_S = 2.0  # of a function that passed, for all its cases


def code(
    context: typer.Context,
    targets: Targets = None,
    items: Annotated[int, typer.Option(min=1, help="Ask at most so many.")] = MOST_ASKED,
    folder: Folder = None,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="Of the course's own solutions: for authors.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE.toml", help="Write a topic, ask nothing.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="These lines again.")] = None,
    plain: Plain = False,
    browser: Browser = False,
) -> None:
    """Ask which line of a function of yours was made wrong.

    A line of a function that passes is changed so that its check fails, by a known mistake where
    one fits. Nothing of this is remembered, and your files stay as they are.
    """
    from grader.student.helping.hints import find_solutions

    course: Course = context.obj.course
    if output is not None and (not solutions or output.suffix != ".toml"):
        raise UsageError("-o writes the topic of `--solutions`, into a file that ends in .toml")
    ids: Sequence[str] = course.select(targets or [])
    where = find_solutions(course) if solutions else find_work(folder, course)
    ids = ids if solutions else _passed(course, ids, where, targets or [])
    drawn = random.SystemRandom().randrange(10**6) if seed is None else seed
    if output is not None:
        _write(course, ids, where, drawn, output)
        return
    chosen = random.Random(drawn).sample(ids, min(len(ids), TRIED * items))  # noqa: S311
    say_aside(f"making up to {counted(items, 'question')} of functions that pass ...")
    spoilt = list(islice(_spoil(course, chosen, where, drawn), items))
    if not spoilt:
        raise UsageError("no question can be made of these functions; name others")
    words = [*(targets or []), *(["--solutions"] if solutions else [])]
    words += ["--dir", str(folder)] if folder else []
    words += ["--items", str(items)] if items != MOST_ASKED else []
    again = shlex.join(["dlgrade", "quiz", "code", *words, "--seed", str(drawn)])
    _ask(context, spoilt, drawn, again, find_screen(context, plain=plain, browser=browser))


def _passed(course: Course, ids: Sequence[str], where: Path, targets: Sequence[str]) -> list[str]:
    """Return the exercises that pass as they are now, by what the last check noted.

    Raises
    ------
    UsageError
        There are none.
    """
    from grader.course.outline import read_outlines
    from grader.student.progress import ProgressFile
    from grader.student.standing import read_standings

    there = where if where.is_dir() else None
    progress = ProgressFile(there, say_aside).load()
    outlines = [one for one in read_outlines(course) if one.id in ids]
    standings = read_standings(there, outlines, progress)
    passed = [one.exercise.id for one in standings if one.passed]
    if not passed:
        what = f"nothing of {' '.join(targets)}" if targets else "nothing here"
        again = " ".join(["dlgrade check", *targets])
        text = f"{what} has passed as it is now, and these questions are about code that passes"
        raise UsageError(f"{text}: {again} finds out what does")
    return passed


def _spoil(course: Course, ids: Sequence[str], where: Path, seed: int) -> Iterator[SpoiltFunction]:
    """Yield a spoilt function of each exercise that has one."""
    from grader.grading.intake.own import read_own
    from grader.student.checking import make_engine
    from grader.student.helping.spoiling import spoil

    engine = make_engine(course, 0, TIMEOUT_S)
    exercises = [course.exercise(one) for one in ids]
    with read_own(where, exercises, course.modules) as own:
        for exercise in exercises:
            chance = random.Random(f"{seed} {exercise.id}")  # noqa: S311 - no secret
            made = spoil(engine, own.folder, exercise, chance, own.sources)
            if made is not None:
                yield made


def _ask(
    context: typer.Context,
    spoilt: Sequence[SpoiltFunction],
    seed: int,
    again: str,
    screen: TerminalScreen,
) -> None:
    """Ask about spoilt functions in a sitting of which nothing is remembered."""
    from grader.quiz.asking.holding import hold_and_sum_up
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.memory.history import History
    from grader.student.helping.spoilt import make_question

    around = find_surroundings(context)
    history = History(around.data_dir)
    history.give_up()
    many = counted(len(spoilt), "question")
    screen.say(f"{many} about your own code. The same again: {again}")
    screen.say(screen.manual(saves=False))
    sitting = Sitting(
        [make_question(one) for one in spoilt],
        history=history, clock=around.clock, warn=screen.warn, label="code", seed=seed,
    )  # fmt: skip
    ended = hold_and_sum_up(sitting, screen, again, saves=False)
    screen.close()
    if ended:
        raise typer.Exit(ended)


def _write(course: Course, ids: Sequence[str], where: Path, seed: int, output: Path) -> None:
    """Write a topic of all questions that there are about the solutions."""
    from grader.quiz.context import write_out
    from grader.student.helping.spoilt import write_topic

    spoilt = list(_spoil(course, ids, where, seed))
    write_out(write_topic(output.stem, "Which line is wrong?", spoilt), output)
    left = len(ids) - len(spoilt)
    none = f"; {left} of {counted(len(ids), 'exercise')} have none" if left else ""
    say(f"{counted(len(spoilt), 'question')} in {output}{none}")
    say_aside("it shows lines of the solutions: do not hand it out before the deadline")
