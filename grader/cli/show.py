"""`dlgrade show`: ask a gradebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.common import (
    Assignments,
    Best,
    Book,
    Late,
    LateDays,
    Plain,
    make_console,
    make_policy,
    paged,
    say,
    tell_damage,
    tell_remarks,
)
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.gradebook.view import ClassView

SCHEMA = 1


def show(
    gradebook: Book,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[STUDENT|EXERCISE]", help="Whose story, or which exercise."),
    ] = None,
    student: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose story, where an exercise is called so, too."),
    ] = None,
    exercise: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Which exercise, where a student is called so, too."),
    ] = None,
    assignment: Assignments = None,
    mistake: Annotated[
        str | None, typer.Option(metavar="ID", help="Who made this mistake.")
    ] = None,
    deliveries: Annotated[
        bool, typer.Option("--deliveries", help="What came in, and how it was read.")
    ] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="Whose grade the last run changed, and why.")
    ] = False,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="What was decided by hand, with its reasons.")
    ] = False,
    questions: Annotated[
        bool, typer.Option("--questions", help="How hard each question of the exams was.")
    ] = False,
    output: Annotated[
        bool, typer.Option("--output", help="What the student's submission printed.")
    ] = False,
    reproduce: Annotated[
        bool, typer.Option("--reproduce", help="What to type to see the failing cases here.")
    ] = False,
    late: Late = None,
    late_days: LateDays = None,
    best: Best = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    plain: Plain = False,
) -> None:
    """Ask a gradebook about the class, a student, an exercise.

    With options, about a mistake and what changed.
    """
    asked = {"mistake": mistake is not None, "deliveries": deliveries, "changes": changes,
             "decisions": decisions, "questions": questions, "output": output,
             "reproduce": reproduce}  # fmt: skip
    chosen = [name for name, is_asked in asked.items() if is_asked]
    if len(chosen) > 1:
        raise UsageError(f"one question at a time: --{chosen[0]} or --{chosen[1]}")
    from grader.gradebook.facts import Gradebook
    from grader.gradebook.inquiry.standing import find_meant
    from grader.gradebook.view import select_view

    with Gradebook(gradebook, read_only=True) as book:
        policy = make_policy(late, best=best, late_days=late_days)
        view = select_view(book, assignment or [], None, policy, brief=True)
        tell_remarks(view)
        meant = find_meant(view, what, student, exercise)
        kind, answers, rendered = _answer(view, meant, "".join(chosen), mistake, plain=plain)
        _print(kind, answers, rendered, as_json=as_json, plain=plain)
        tell_damage(view)


def _answer(
    view: ClassView,
    meant: tuple[str | None, str | None],
    question: str,
    mistake: str | None,
    *,
    plain: bool,
) -> tuple[str, Sequence[Any], RenderableType]:
    """Return what was asked for, the answers to it, and how they look."""
    from grader.gradebook.inquiry import standing
    from grader.render.grades import inquiry as render

    if mistake is not None:
        rows = standing.find_mistake(view, mistake)
        return "mistake", rows, render.render_exercises(rows, plain=plain)
    exercise, student = meant
    if exercise is not None:
        if question:
            raise UsageError(f"--{question} is asked of a student or the class, not of an exercise")
        rows = standing.describe_exercise(view, exercise)
        return "exercise", rows, render.render_exercises(rows, plain=plain)
    if student is not None:
        return _of_student(view.of(student), question, plain=plain)
    if question in ("output", "reproduce"):
        raise UsageError(f"--{question}: whose? `dlgrade show GRADEBOOK STUDENT --{question}`")
    if question:
        return _of_anybody(view, question, plain=plain)
    classes = standing.describe_class(view)
    return "class", classes, render.render_classes(classes, plain=plain)


def _of_student(
    view: ClassView, question: str, *, plain: bool
) -> tuple[str, Sequence[Any], RenderableType]:
    """Answer what is asked of one student."""
    from grader.gradebook.inquiry import story
    from grader.render.grades import inquiry as render

    if question == "reproduce":
        from grader.grading.unchanged import is_unchanged

        lines = story.reproduce_all(view, is_unchanged)
        return question, lines, render.render_reproductions(lines)
    if question not in ("", "output"):
        return _of_anybody(view, question, plain=plain)
    stories = story.tell_story(view)
    show = render.render_output if question else render.render_stories
    return question or "student", stories, show(stories, plain=plain)


def _of_anybody(
    view: ClassView, question: str, *, plain: bool
) -> tuple[str, Sequence[Any], RenderableType]:
    """Answer what is asked of one student or of all of them."""
    from grader.gradebook.inquiry import changes, standing, story
    from grader.render.grades import inquiry as render

    if question == "changes":
        found = changes.describe_changes(view)
        return question, found, render.render_changes(found)
    if question == "deliveries":
        came = [one for each in view.assignments for one in story.list_deliveries(view, each)]
        return question, came, render.render_deliveries(came, plain=plain)
    if question == "questions":
        exams = standing.describe_exams(view)
        return question, exams, render.render_exercises(exams, plain=plain)
    made = [one for each in view.assignments for one in story.list_decisions(view, each)]
    return question, made, render.render_decisions(made, plain=plain, whose=True)


def _print(
    kind: str, answers: Sequence[Any], rendered: RenderableType, *, as_json: bool, plain: bool
) -> None:
    if as_json:
        import json
        from dataclasses import asdict

        document = {"schema": SCHEMA, "asked": kind, "answers": [asdict(one) for one in answers]}
        say(json.dumps(document, indent=1))
        return
    console = make_console(plain=plain)
    try:
        with paged(console, plain=plain):
            console.print(rendered, soft_wrap=kind in ("changes", "reproduce"))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"standard output cannot be written ({error.strerror})") from error
