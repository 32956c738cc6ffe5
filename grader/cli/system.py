"""Commands about this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from grader.cli.common import Plain, make_console

if TYPE_CHECKING:
    from grader.course.course import Course


def doctor(context: typer.Context, plain: Plain = False) -> None:
    """Show versions, limits and caches: what works here and what to install."""
    from grader.cli.doctor import examine
    from grader.render.upkeep.probes import render_probes

    course: Course = context.obj.course
    console = make_console(plain=plain)
    probes = list(examine(course))
    console.print(render_probes(probes, plain=plain))
    raise typer.Exit(0 if all(probe.held or not probe.needed for probe in probes) else 3)
