"""The course author's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Plain, Targets, make_console

if TYPE_CHECKING:
    from grader.course.course import Course


def audit(
    context: typer.Context,
    targets: Targets = None,
    mutants: Annotated[
        int, typer.Option(min=0, help="How many mutants of each reference to try.")
    ] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the cases and of the mutants.")] = 0,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table as Markdown.")] = False,
    plain: Plain = False,
) -> None:
    """Count how many wrong implementations the checks catch and name."""
    from grader.engine.audit.audit import audit_exercise
    from grader.engine.cases.bank import Bank, user_folder
    from grader.engine.engine import Engine
    from grader.render.audit import render_audit, render_survivors

    course: Course = context.obj.course
    engine = Engine(course, seed, bank=Bank(user_folder()))
    console = make_console(plain=plain)
    audits = []
    for exercise in course.find(targets or []):
        audits.append(audit_exercise(engine, exercise, mutants, seed))
        if not markdown:
            console.print(render_survivors(audits[-1]))
    console.print(render_audit(audits, markdown=markdown))
    raise typer.Exit(0 if all(audit.is_sharp for audit in audits) else 1)
