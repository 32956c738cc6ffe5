"""Try whether a worker can import what a course allows: else the machine is at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import GraderError, WorkerLostError
from grader.text import safe_text
from grader.worker.libraries import NAMED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.worker.client import Worker
    from grader.worker.libraries import Library


def try_libraries(worker: Worker, folder: Path, libraries: Sequence[Library]) -> None:
    """Let a worker that has seen nothing of a student's import libraries.

    Parameters
    ----------
    worker, folder
        The worker, and the empty folder that it was started on: a file for each is written there.
    libraries
        Which.

    Raises
    ------
    GraderError
        It cannot.
    """
    for one in libraries:
        file = folder / f"imports_{one.name}.py"
        file.write_text(f"import {one.name}\n", encoding="utf-8")
        file.chmod(0o640)
        try:
            worker.begin()
            raised = worker.load(file.stem, "")
        except WorkerLostError as error:
            why = str(error)
        else:
            if isinstance(raised, bool):
                continue
            why = f"{raised.type}: {raised.message}"
        text = f"{NAMED}: {one.name} is installed, and cannot be imported where submissions run"
        help_ = "a library that it needs has to be named there, too"
        raise GraderError(f"{text} ({safe_text(why)}); {help_}")
