"""The sandboxes by their names on the command line."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from grader.errors import SandboxError, WorkerError, WorkerLostError
from grader.model import Limits
from grader.worker.client import Worker
from grader.worker.importing import try_libraries
from grader.worker.sandbox.bubblewrap import BubblewrapSandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage
from grader.worker.sandbox.none import NoSandbox
from grader.worker.sandbox.refusals import find_remedy
from grader.worker.sandbox.uid import UidSandbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.worker.libraries import Library
    from grader.worker.sandbox.base import Sandbox

KINDS: dict[str, type[Sandbox]] = {
    "bwrap": BubblewrapSandbox,
    "uid": UidSandbox,
    "none": NoSandbox,
}


def make_sandbox(kind: str, scratch: Path, libraries: Sequence[Library] = ()) -> Sandbox:
    """Return a sandbox by its name.

    Parameters
    ----------
    kind
        "bwrap", "uid" or "none".
    scratch
        See `grader.worker.sandbox.mounts.make_scratch`.
    libraries
        What a worker may import besides numpy.

    Raises
    ------
    SandboxError
        It cannot work here; the message says what helps.
    """
    return KINDS[kind](scratch, kind, tuple(libraries))


def require_sandbox(
    kind: str, limits: Limits | None = None, libraries: Sequence[Library] = ()
) -> None:
    """Start one worker with nothing to do, and end it: before a class, and first in `doctor`.

    Parameters
    ----------
    kind
        "bwrap", "uid" or "none".
    limits
        Of the run: less memory than Python and numpy need is found out too.
    libraries
        What the course allows besides numpy: each is imported.

    Raises
    ------
    SandboxError
        No worker starts here: the machine's own words, and what helps.
    GraderError
        A library cannot be imported.
    """
    scratch = make_scratch()
    try:
        with (
            make_sandbox(kind, scratch, libraries) as sandbox,
            Worker(stage := make_stage(scratch), limits or Limits(), sandbox) as worker,
        ):
            worker.require_answer()
            try_libraries(worker, stage, libraries)
    except (WorkerError, WorkerLostError, OSError) as error:
        raise SandboxError(str(error), find_remedy(kind)) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
