"""The sandboxes by their names on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.worker.sandbox.bubblewrap import BubblewrapSandbox
from grader.worker.sandbox.none import NoSandbox
from grader.worker.sandbox.uid import UidSandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.worker.sandbox.base import Sandbox

KINDS: dict[str, Callable[[Path], Sandbox]] = {
    "bwrap": BubblewrapSandbox,
    "uid": UidSandbox,
    "none": NoSandbox,
}


def make_sandbox(kind: str, scratch: Path) -> Sandbox:
    """Return a sandbox by its name.

    Parameters
    ----------
    kind
        "bwrap", "uid" or "none".
    scratch
        See `grader.worker.sandbox.mounts.make_scratch`.

    Raises
    ------
    SandboxError
        It cannot work here; the message says what helps.
    """
    return KINDS[kind](scratch)
