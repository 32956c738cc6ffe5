"""`dlgrade draw`: a picture of what an exercise is about."""

from __future__ import annotations

import contextlib
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import Folder, Plain, Seed, Timeout, find_work, make_console, say_aside
from grader.cli.exporting import open_output, require_picture
from grader.cli.student import DEFAULTS, remember
from grader.cli.typed import as_target, complete_target
from grader.errors import UsageError
from grader.student.drawing.table import choose_drawing, complete_drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from grader.course.course import Course, Exercise
    from grader.engine.engine import Engine
    from grader.grading.intake.own import Own
    from grader.model import ExerciseResult, SubmissionResult
    from grader.render.drawings.parts import Picture
    from grader.render.shown import Standing
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.held import HeldCase
    from grader.student.drawing.knobs import Knobs
    from grader.student.drawing.table import Drawing

MOST_STRIDE, MOST_PADDING = 99, 9


class CaseWanted(StrEnum):
    """Which numbers are wanted."""

    SMALLEST = "smallest"
    TELLING = "telling"
    LECTURE = "lecture"


def complete_shown(incomplete: str) -> list[str]:
    """Return the drawings, modules and exercises that begin so."""
    return [*complete_drawing(incomplete), *complete_target(incomplete)]


def draw(
    context: typer.Context,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[TARGET]", parser=as_target, autocompletion=complete_shown,
            help="A drawing, an exercise or a module; nothing lists them.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="Where to write it: .svg or .html.")
    ] = None,
    step: Annotated[int | None, typer.Option(min=0, help="Which step, from 0.")] = None,
    stride: Annotated[
        int | None, typer.Option(min=1, max=MOST_STRIDE, help="How far the window moves.")
    ] = None,
    padding: Annotated[
        int | None, typer.Option(min=0, max=MOST_PADDING, help="How wide the frame of zeros is.")
    ] = None,
    case: Annotated[
        CaseWanted, typer.Option(help="The failing case, one that tells more, or the lecture's.")
    ] = CaseWanted.SMALLEST,
    folder: Folder = None,
    seed: Seed = 0,
    timeout: Timeout = DEFAULTS.timeout_s,
    plain: Plain = False,
) -> None:  # fmt: skip
    """Draw what an exercise is about, or the case that fails.

    Your own function is asked for the numbers where it passes its check; what you have still to
    write has question marks. At a terminal keys move the drawing on.
    """
    from grader.student.drawing.knobs import Knobs, require_knobs

    course: Course = context.obj.course
    console = make_console(plain=plain)
    if target is None:
        _list(console, course, plain=plain)
        return
    drawing, exercise_id = choose_drawing(target, course.ids, course.modules)
    knobs = Knobs(step, stride, padding)
    require_knobs(drawing, knobs, "--")
    if output is not None:
        require_picture(output)

    from grader.student.checking import make_engine
    from grader.student.drawing.builders import BUILDERS

    engine = make_engine(course, seed, timeout)
    with _ask(engine, (drawing, exercise_id), folder, case) as functions:
        build = partial(_build, BUILDERS[drawing.name], functions, exercise_id)
        if output is not None:
            _write(build(knobs), output)
        elif _is_live(console, knobs, plain=plain):
            from grader.student.drawing.session import DrawingSession

            DrawingSession(build, console).run()
        else:
            from grader.render.drawings.terminal import render_picture
            from grader.render.signs import has_colours

            coloured, picture = has_colours(console), build(knobs)
            console.print(render_picture(picture, console.width, plain=plain, coloured=coloured))


def _build(
    builder: Callable[[OwnCalls, Knobs, str], Picture], functions: OwnCalls, exercise_id: str,
    knobs: Knobs,
) -> Picture:  # fmt: skip
    from grader.student.drawing.knobs import require_step

    picture = builder(functions, knobs, exercise_id)
    require_step(picture, knobs, "--")
    return picture


def _is_live(console: Console, knobs: Knobs, *, plain: bool) -> bool:
    """Tell whether keys can be pressed, and no place was asked for."""
    asked = any(one is not None for one in (knobs.step, knobs.stride, knobs.padding))
    at_terminal = console.is_terminal and not console.is_dumb_terminal
    return at_terminal and not plain and not asked and sys.stdin is not None and sys.stdin.isatty()


def _list(console: Console, course: Course, *, plain: bool) -> None:
    from grader.render.drawings.listing import render_drawings
    from grader.student.drawing.table import DRAWINGS

    there = [
        (one.name, one.shows, [exercise for exercise in one.exercises if exercise in course.ids])
        for one in DRAWINGS
    ]
    console.print(render_drawings(there, plain=plain))


def _write(picture: Picture, output: Path) -> None:
    from grader.render.drawings.svg import write_html, write_svg

    text = write_html(picture) if output.suffix.lower() == ".html" else write_svg(picture)
    with open_output(output) as stream:
        stream.write(text)
    for note in picture.notes:
        say_aside(note)
    say_aside(f"saved in {output}")


# ----------------------------------------------------------------------------- whose numbers


@contextlib.contextmanager
def _ask(
    engine: Engine, wanted: tuple[Drawing, str], folder: Path | None, case: CaseWanted
) -> Iterator[OwnCalls]:
    """Yield the functions that a drawing may ask, those checked first of which nobody knows."""
    from grader.grading.intake.own import read_own
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.states import ABSENT

    course = engine.course
    drawing, exercise_id = wanted
    ids = [one for one in (*drawing.exercises, *drawing.uses) if one in course.ids]
    try:
        where = find_work(folder, course)
    except UsageError:
        if folder is not None:
            raise
        states = dict.fromkeys(ids, ABSENT["no file"])
        with OwnCalls(engine, Path.cwd(), states, about=exercise_id) as functions:
            yield functions
        return
    exercises = [course.exercise(one) for one in ids]
    with read_own(where, exercises, course.modules) as own:
        for line in own.notes:
            say_aside(line)
        states, held = _look(
            engine, own, where, exercises, (exercise_id, case), given=folder is not None
        )
        with OwnCalls(
            engine, own.folder, states, held, own.sources, about=exercise_id
        ) as functions:
            yield functions


def _look(
    engine: Engine, own: Own, where: Path, exercises: Sequence[Exercise],
    wanted: tuple[str, CaseWanted], *, given: bool,
) -> tuple[dict[str, str], HeldCase | None]:  # fmt: skip
    """Return which functions pass, and the failing case of the one that is meant."""
    from grader.student.drawing.states import sort_out, state_of

    exercise_id, case = wanted
    remembered = where if own.folder == where else None
    states, unknown = sort_out(_standings(remembered, exercises), exercise_id)
    if not unknown:
        return states, None
    say_aside(f"checking {', '.join(unknown)} first ...")
    result = own.check(engine, [one for one in exercises if one.id in unknown])
    if not where.is_file():
        remember(engine.course, where, result, given=given)
    states |= {one.id: state_of(one) for one in result.exercises}
    return states, _hold(engine.course, result, exercise_id, case)


def _standings(where: Path | None, exercises: Sequence[Exercise]) -> Sequence[Standing]:
    """Return how far each is; nothing is remembered of files that lie under other names."""
    from grader.course.outline import outline_of
    from grader.render.shown import Standing
    from grader.student.progress import ProgressFile
    from grader.student.standing import read_standings

    outlines = [outline_of(one) for one in exercises]
    if where is None:
        return [Standing(one, "laid out, not checked") for one in outlines]
    return read_standings(where, outlines, ProgressFile(where, say_aside).load())


def _hold(
    course: Course, result: SubmissionResult, exercise_id: str, case: CaseWanted
) -> HeldCase | None:
    """Return the failing case of the exercise that is meant, where it is to be drawn."""
    from grader.student.drawing.held import hold

    found: ExerciseResult | None = next(
        (one for one in result.exercises if one.id == exercise_id), None
    )
    if found is None or found.counterexample is None or case is CaseWanted.LECTURE:
        return None
    shown = found.counterexample
    if case is CaseWanted.TELLING and found.telling is not None:
        shown = found.telling
    elif case is CaseWanted.TELLING:
        say_aside("no case tells more than the smallest: it is drawn")
    held = hold(course.exercise(exercise_id), shown)
    if held is None:
        say_aside("the failing case cannot be drawn: here are the lecture's numbers")
    return held
