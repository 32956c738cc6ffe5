"""The commands about graded quizzes: take one, and write its key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import INTERRUPTED, UsageError
from grader.quiz.context import Plain, find_screen, find_surroundings, write_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exams.paper import Paper
    from grader.quiz.surroundings import Surroundings


def exam(  # noqa: PLR0913 - its options are the contract's
    ctx: typer.Context,
    topics: Annotated[list[str], typer.Argument(metavar="TOPIC ...", help="What it is about.")],
    student: Annotated[str, typer.Option(help="Your id: the name of the folder you hand in.")],
    seed: Annotated[int, typer.Option(help="The seed of the exam, from your instructor.")],
    items: Annotated[
        int | None, typer.Option(min=1, help="So many questions of each topic (default: all).")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="The time you have; nothing ends after.")
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help="Your exercises' folder (default: here, or ./exercises)."),
    ] = None,
    plain: Plain = False,
) -> None:
    """Take a graded quiz: your own numbers, and no feedback.

    The answers are kept in quiz-answers.toml.
    """
    from grader.quiz.asking.answers_file import FILE_NAME
    from grader.quiz.asking.exam import take_exam

    around, screen = find_surroundings(ctx), find_screen(ctx, plain=plain)
    papers = _papers(around, topics, seed, items)
    path = _exercises_dir(directory) / FILE_NAME
    again = f"dlgrade quiz exam {' '.join(topics)} --student {student} --seed {seed}"
    again += f" --items {items}" if items else ""
    again += f" --minutes {minutes}" if minutes else ""
    count = sum(paper.count for paper in papers)
    if minutes:
        time = f"You have {minutes} minutes for {count} questions, from when you first began."
        screen.say(f"{time} Nothing ends after them: each answer is saved with its time.")
    try:
        left = take_exam(papers, student=student, path=path, screen=screen, minutes=minutes,
                         clock=around.clock)  # fmt: skip
    except KeyboardInterrupt:
        screen.say(f"\nStopped; the answers so far are in {path}. Go on with: {again}")
        raise typer.Exit(INTERRUPTED) from None
    done = f"All {count} questions are answered" if not left else f"{left} open"
    screen.say(f"\n{done}; the answers are in {path}.{f' Go on with: {again}' if left else ''}")


def key(  # noqa: PLR0913 - as for `exam`
    ctx: typer.Context,
    topics: Annotated[list[str], typer.Argument(metavar="TOPIC ...", help="What it is about.")],
    student: Annotated[list[str], typer.Option(metavar="NAME", help="Whose exam; repeatable.")],
    seed: Annotated[int, typer.Option(help="The seed of the exam.")],
    items: Annotated[
        int | None, typer.Option(min=1, help="So many questions of each topic (default: all).")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Default: stdout.")] = None,
) -> None:
    """Write students' exams with their answers, for instructors."""
    from grader.quiz.exams.key import write_key

    around = find_surroundings(ctx)
    if not (around.quizzes_dir.parent / "solutions").is_dir():
        text = "the key of an exam is for instructors, and this course has no solutions/"
        raise UsageError(f"{text}: --course names a course that has")
    papers = _papers(around, topics, seed, items)
    write_out("\n".join(write_key(papers, one) for one in student), output)


def _papers(
    around: Surroundings, topics: Sequence[str], seed: int, items: int | None
) -> list[Paper]:
    """Return what an exam asks about each of its topics."""
    from grader.quiz.exams.paper import load_paper

    for topic in topics:
        if topics.count(topic) > 1:
            raise UsageError(f"the topic {topic} comes twice")
    return [load_paper(around.quizzes_dir, topic, seed, items) for topic in topics]


def _exercises_dir(directory: Path | None) -> Path:
    if directory is not None:
        if not directory.is_dir():
            raise UsageError(f"--dir {directory}: there is no such folder")
        return directory
    inside = Path("exercises")
    return inside if inside.is_dir() else Path()
