"""Commands about this machine."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import typer

from grader._version import __version__
from grader.cli.common import Plain, Settings, make_console, say
from grader.errors import DlgradeError
from grader.text import safe_message

if TYPE_CHECKING:
    from grader.course.course import Course


def say_versions(settings: Settings) -> None:
    """Say which dlgrade this is, which course, and what the answers hang on; import none of it.

    It is asked where something is broken, so that whatever cannot be told is a line of its own.
    """
    from importlib.metadata import PackageNotFoundError

    from grader.course.outline import course_name
    from grader.engine.cases.key import version

    say(f"dlgrade {__version__}")
    try:
        say(f"course {course_name(settings.course)}")
    except (DlgradeError, OSError) as error:
        say(f"course not told: {safe_message(str(error))}")
    say(f"python {platform.python_version()}")
    for library in ("numpy", "torch"):
        try:
            say(f"{library} {version(library)}")
        except PackageNotFoundError:
            say(f"{library} is not installed here")


def doctor(context: typer.Context, plain: Plain = False) -> None:
    """Show versions, limits and caches: what works here and what to install."""
    from grader.cli.doctor import examine
    from grader.render.upkeep.probes import render_probes

    course: Course = context.obj.course
    console = make_console(plain=plain)
    probes = list(examine(course))
    console.print(render_probes(probes, plain=plain))
    raise typer.Exit(0 if all(probe.held or not probe.needed for probe in probes) else 3)
