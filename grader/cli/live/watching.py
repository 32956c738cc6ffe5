"""`dlgrade watch`: a verdict at every save."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

import typer

from grader.cli.common import Folder, Plain, Timeout, find_folder, make_console, say_aside
from grader.cli.student import DEFAULTS
from grader.cli.typed import MaybeTarget
from grader.errors import INTERRUPTED

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.student.watching.session import WatchSession

GRACE_S = 6.0  # after Ctrl-C; an ordinary end takes a tenth of it


def watch(
    context: typer.Context,
    target: MaybeTarget = None,
    folder: Folder = None,
    timeout: Timeout = DEFAULTS.timeout_s,
    plain: Plain = False,
) -> None:
    """Check again at every save.

    Keys: h hint, n next, l list, e explain, d draw, r again, q quit.
    """
    from grader.student.checking import make_engine
    from grader.student.folder import is_part_of
    from grader.student.progress import ProgressFile
    from grader.student.watching.session import WatchSession

    course: Course = context.obj.course
    exercises = course.find([target] if target else [])
    where = find_folder(folder, course)
    store = ProgressFile(None if is_part_of(course, where) else where, say_aside)
    engine = make_engine(course, timeout_s=timeout)
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _end)  # so that the terminal gets its own ways back
    console = make_console(plain=plain)
    session = WatchSession(engine, where, exercises, console, store, plain=plain, given=folder)
    _leave(_run(session))


def _run(session: WatchSession) -> int:
    """Return the exit code of an evening, however it ends."""
    try:
        session.run()
    except KeyboardInterrupt:
        say_aside("interrupted")
        return INTERRUPTED
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _leave(code: int) -> NoReturn:
    """End this process at once.

    torch may be in the middle of being imported on another thread: an ordinary exit takes that
    thread's interpreter away and can hang for ever. Everything of ours is closed by now.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _interrupt(*_: object) -> NoReturn:
    """Raise KeyboardInterrupt, and end all the same should that be lost or the closing hang.

    An import on another thread can hold what this one waits for.
    """
    threading.Timer(GRACE_S, os._exit, (INTERRUPTED,)).start()
    raise KeyboardInterrupt


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)
