"""The command line: parse, call one function, print, exit code.

One file for each kind of user: `student` checks, `looking/` holds, draws or reports a failing case,
`workspace` is about a student's folder and what helps in it, `live/` watches it and trains what is
in it; `grading` grades, `show` asks, `exporting` exports, `decisions` decides by hand, `term` ends
a term; `author` releases and audits; `system` and `doctor` are about this machine and its part in
a cluster. `common` is what they share, `typed` reads commands and targets. Nothing is imported at
the top that `dlgrade --help` does not need.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli import (
    author,
    decisions,
    exporting,
    grading,
    show,
    student,
    system,
    term,
    workspace,
)
from grader.cli.common import Plain, Settings, being_plain
from grader.cli.live import demo, quizzing, watching
from grader.cli.looking import debugging, drawing, reporting
from grader.cli.typed import CommandLine, Commands, take_plain
from grader.quiz.cli import app as quizzes

app = CommandLine(
    name="dlgrade",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="An auto-graded course in the building blocks of deep learning.\n\n"
    "Alone, it says where you stand and what is next.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def start(
    context: typer.Context,
    course: Annotated[
        Path | None, typer.Option(help="A folder with exercises/, checks/ and quizzes/.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Show the versions, and which course this is.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Check your own answers, or grade a class."""
    context.obj = Settings(course)
    if plain:
        context.with_resource(being_plain())
    if version:
        system.say_versions(context.obj)
        raise typer.Exit
    if context.invoked_subcommand is None:
        workspace.home(context.obj.course, plain=plain)


app.command()(workspace.init)
app.command()(watching.watch)
app.command()(student.check)
app.command()(debugging.debug)
app.command()(drawing.draw)
app.command()(reporting.report_bug)
app.command()(demo.demo)
app.command()(workspace.hint)
app.command()(workspace.explain)
app.command()(workspace.reset)
app.command()(workspace.solution)
app.command(name="list")(workspace.list_exercises)
app.command()(grading.grade)
app.command()(show.show)
app.command()(exporting.export)
app.command(cls=decisions.PointsCommand)(decisions.override)
app.command()(decisions.extend)
app.command()(decisions.excuse)
app.command()(term.feedback)
app.command()(term.report)
app.command()(author.release)
app.command()(system.doctor)
app.command()(system.node)
app.command()(author.audit)
app.command()(author.new_course)
app.command()(author.new_exercise)
app.command()(author.stubs)
quizzes.command()(quizzing.code)
app.add_typer(quizzes, name="quiz")
take_plain(app)
