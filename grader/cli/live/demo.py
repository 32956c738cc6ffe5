"""`dlgrade demo`: the student's own functions train a small network."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Plain, find_work, make_console, say_aside
from grader.cli.exporting import open_output, require_picture
from grader.cli.student import DEFAULTS
from grader.errors import INTERRUPTED, UsageError
from grader.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType

    from grader.course.course import Course
    from grader.render.demo.shown import DemoEnd, DemoPart, DemoView
    from grader.render.shown import Standing
    from grader.student.demo.catalogue import Demo
    from grader.student.demo.training import Training

STEP_S = 0.05  # a walk of fifty steps is over before anybody has seen it


def demo(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="digits, letters, xo or paths.", show_default=False),
    ] = None,
    folder: Folder = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", metavar="FILE", help="Save the last picture: .svg or .html."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the start and the order.")] = 0,
    seconds: Annotated[
        float, typer.Option(min=1.0, help="How long it may take, more or less.")
    ] = 30.0,
    failing_too: Annotated[
        bool, typer.Option("--failing-too", help="Call what failed its check, too.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="CPU seconds for each call.")
    ] = DEFAULTS.timeout_s,
    plain: Plain = False,
) -> None:
    """Train a network out of your own functions, beside torch's.

    It is the same network in torch, from the same start. Parts that have not passed are lent by
    torch, and named. Without a name all demos are listed, and the first that is open runs.
    """
    from grader.student.demo.catalogue import find_demo, opened_demos

    course: Course = context.obj.course
    wanted = find_demo(name) if name is not None else None
    if output is not None:
        require_picture(output)
    where = find_work(folder, course)
    console = make_console(plain=plain)
    if wanted is None:
        standings = _standings(course, where, where)
        wanted = next(iter(opened_demos(standings)), None)
        _list(console, standings, wanted, plain=plain)
        if wanted is None:
            return

    from grader.grading.intake.own import read_own
    from grader.student.checking import make_engine
    from grader.student.demo.lending import share_out
    from grader.student.demo.training import Training
    from grader.worker.seat import WorkerSeat

    names = [one for one in (*wanted.parts, *wanted.extra) if one in course.ids]
    if not names:
        raise UsageError(f"this course has no part of {wanted.name}: {', '.join(wanted.parts)}")
    engine = make_engine(course, seed, timeout)
    with (
        read_own(where, [course.exercise(one) for one in names], course.modules) as own,
        WorkerSeat(own.folder.resolve(), engine.limits, engine.command) as seat,
    ):
        for note in own.notes:
            console.print(note)
        live = _can_draw(console, plain=plain)
        shares = share_out(wanted, _standings(course, own.folder, where), failing_too=failing_too)
        training = Training(
            course, own.folder.resolve(), seat, _command(folder), seed, seconds, own.sources, live
        )
        end = _train(console, training, wanted, shares)
    note_as_seen(course, where, wanted, given=folder is not None)
    _finish(console, end, output, plain=plain, live=live)
    raise typer.Exit(INTERRUPTED if end.interrupted else 0 if end.is_well else 1)


def _can_draw(console: Console, *, plain: bool) -> bool:
    """Tell whether this is a terminal that a picture fits into; say so where it nearly is."""
    from grader.render.demo.screens import HEIGHT, WIDTH

    if not console.is_terminal or plain or console.is_dumb_terminal:
        return False
    fits = console.width >= WIDTH and console.height >= HEIGHT
    if not fits:
        say_aside(f"the pictures need {WIDTH} columns and {HEIGHT} lines: here are lines instead")
    return fits


def _command(folder: Path | None) -> str:
    """Return what to type about an exercise, whose name takes the place of the braces."""
    named = as_typed(str(folder)).replace("{", "{{").replace("}", "}}") if folder else ""
    return "dlgrade check {}" + f" --dir {named}" * bool(named)


def _standings(course: Course, folder: Path, where: Path) -> Sequence[Standing]:
    """Return how far each exercise is, by the files in a folder and the checks noted in another."""
    from grader.course.outline import read_outlines
    from grader.student.progress import ProgressFile
    from grader.student.standing import read_standings

    progress = ProgressFile(where if where.is_dir() else None, say_aside).load()
    return read_standings(folder if folder.is_dir() else None, read_outlines(course), progress)


def note_as_seen(course: Course, where: Path, wanted: Demo, *, given: bool) -> None:
    """Remember in one's own folder that a demo was run: `dlgrade` alone need not tell of it."""
    from grader.student.folder import is_part_of
    from grader.student.progress import ProgressFile

    store = ProgressFile(where if where.is_dir() else None, say_aside)
    if not is_part_of(course, where) and (store.exists or not given):
        store.change(lambda progress: progress.with_seen(wanted.name))


def _list(
    console: Console, standings: Sequence[Standing], running: Demo | None, *, plain: bool
) -> None:
    """Print all demos, and which of them runs now."""
    from grader.render.demo.words import render_demos
    from grader.student.demo.lending import list_demos

    console.print(render_demos(list_demos(standings), plain=plain))
    if running is not None:
        console.print(f"\ndlgrade demo {running.name}, since you named none:\n")


def _train(
    console: Console, training: Training, wanted: Demo, shares: Sequence[DemoPart]
) -> DemoEnd:
    """Run a demo: live on a screen that can be rewritten, else with a line now and then."""
    from grader.render.demo.screens import has_greys, render_view
    from grader.render.demo.words import render_parts, render_story

    parts, inspector = training.look_at(shares)
    if not training.is_live:
        console.print(render_story(wanted.name, wanted.story))
        console.print(render_parts(parts))

        def tell(view: DemoView) -> None:
            if view.milestone:
                console.print(view.milestone)

        return training.run(wanted, parts, inspector, tell)

    if any(part.why for part in parts):
        console.print(render_parts(parts))

    from rich.live import Live
    from rich.text import Text

    waiting = Text(f"{wanted.name}: torch is imported …", "dim")
    with Live(waiting, console=console, transient=True, auto_refresh=False) as live:
        live.refresh()
        in_greys = has_greys(console)

        def show(view: DemoView) -> None:
            live.update(render_view(view, in_greys=in_greys), refresh=True)
            if view.name == "paths":
                time.sleep(STEP_S)

        return training.run(wanted, parts, inspector, show)


def _finish(
    console: Console, end: DemoEnd, output: Path | None, *, plain: bool, live: bool
) -> None:
    """Print the last picture and what came of it, and save both."""
    from rich.console import Group

    from grader.render.demo.screens import has_greys, render_view
    from grader.render.demo.words import render_end, render_following

    told, following = render_end(end, plain=plain), render_following(end)
    if end.view is not None and live:
        console.print(render_view(end.view, in_greys=has_greys(console)))
    console.print(told)
    console.print(following, soft_wrap=True)  # a command can be copied as a whole
    if output is None:
        return
    if end.view is None:
        say_aside(f"there is no picture to save in {output}")
        return
    picture = Group(render_view(end.view, in_greys=True), render_end(end), following)
    with open_output(output) as stream:
        stream.write(_as_page(picture, output.suffix.lower(), f"dlgrade demo {end.view.name}"))
    say_aside(f"saved in {output}")


def _as_page(picture: RenderableType, kind: str, title: str) -> str:
    """Return a picture as a file of that kind."""
    from rich.console import Console

    from grader.render.web import to_svg

    console = Console(
        record=True, width=80, file=io.StringIO(), force_terminal=True, color_system="truecolor",
        markup=False, highlight=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    console.print(picture)
    if kind == ".html":
        return console.export_html(inline_styles=True)
    return to_svg(console, title, title.replace(" ", "-"))
