"""Run a script under Python's debugger, in a process of its own, up to the student's function."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from grader.student.holding.script import Script


def stop_in(path: Path, script: Script) -> None:
    """Hand the terminal to pdb, which has stopped at the first line of the function.

    Parameters
    ----------
    path
        Where the script lies.
    script
        What it holds.

    Notes
    -----
    The student's code is imported there and nowhere else. `-P` keeps what lies in the current
    folder from hiding the debugger's own modules. Ctrl-C is for the debugger alone.
    """
    steps = (f"tbreak {script.line}", "continue", f"break {script.function}", "continue")
    commands = [word for step in steps for word in ("-c", step)]
    before = signal.signal(signal.SIGINT, _leave_it)
    try:
        subprocess.run([sys.executable, "-P", "-m", "pdb", *commands, str(path)], check=False)  # noqa: S603 - our own command line
    finally:
        signal.signal(signal.SIGINT, before)


def _leave_it(*_: object) -> None:
    """Do nothing: an ignored signal would be ignored by the debugger, too."""
