"""Draw a function of a notebook: what `grader.draw` does."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from grader.course.course import find_course
from grader.errors import UsageError
from grader.render.drawings.svg import write_svg
from grader.render.drawings.terminal import render_picture
from grader.render.web import to_plain
from grader.student.checking import make_engine
from grader.student.drawing.knobs import require_knobs, require_step
from grader.student.drawing.showing import CheckedNow, asked_by, draw_found
from grader.student.drawing.table import choose_drawing
from grader.student.notebook.report import lay_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.render.drawings.parts import Picture
    from grader.student.drawing.knobs import Knobs

CHECK = 'grader.check("{}")'
UNWRITTEN = "no cell that was run defines it"
WIDTH = 80


@dataclass(frozen=True)
class Drawn:
    """A drawing; a cell that ends with it shows it.

    Parameters
    ----------
    picture
        What is drawn.
    """

    picture: Picture

    @property
    def svg(self) -> str:
        """The text of an SVG file."""
        return write_svg(self.picture)

    def _repr_html_(self) -> str:
        # as an image, so that its style touches nothing else on the page
        data = base64.b64encode(self.svg.encode()).decode()
        says = escape(" ".join((self.picture.title, *self.picture.words)))
        return f'<img alt="{says}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'

    def __repr__(self) -> str:
        return to_plain([render_picture(self.picture, WIDTH, coloured=False)])


def draw_function(
    target: str, knobs: Knobs, namespace: Mapping[str, Any] | None, caller: Mapping[str, Any]
) -> Drawn:
    """Draw what an exercise is about, or the case of it that fails.

    Parameters
    ----------
    target
        An exercise, a module or a drawing.
    knobs
        How it is turned.
    namespace
        Functions by name; None for the notebook's cells or, outside of one, the caller's globals.
    caller
        The globals of whoever asks.

    Raises
    ------
    UsageError
        The drawing is of no exercise, or has no such step.
    """
    course = find_course()
    drawing, exercise_id = choose_drawing(target, course.ids, course.modules)
    if not exercise_id:
        raise UsageError(f"{drawing.name} draws no function: dlgrade draw {drawing.name} shows it")
    require_knobs(drawing, knobs)
    engine = make_engine(course)
    asked = [course.exercise(one) for one in asked_by(engine, exercise_id)]
    defined = caller if namespace is None else namespace
    there = [one for one in asked if callable(defined.get(one.name))]
    states = {one.id: UNWRITTEN for one in asked}
    with lay_out(course, there, namespace, caller) as (folder, sources):
        result = engine.check(folder, there, sources=sources)
        results = {one.id: one for one in result.exercises}
        found = CheckedNow(folder, states, results, sources, CHECK, knobs)
        picture = draw_found(engine, exercise_id, found)
    require_step(picture, knobs)
    return Drawn(picture)
