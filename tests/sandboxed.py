"""What the tests of sandboxes share: which ones can be had on this machine, and a way in."""

from __future__ import annotations

import os
import shutil

import pytest

from grader.errors import WorkerDiedError, WorkerTimeoutError
from grader.model import Case, Limits, Raised
from grader.worker.client import Worker
from grader.worker.sandbox.landlock import landlock_version
from grader.worker.wire import pack_case, read_reply

BWRAP = pytest.param(
    "bwrap",
    marks=[
        pytest.mark.bwrap,
        pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed"),
    ],
)
UID = pytest.param(
    "uid",
    marks=pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
    ),
)
WITH_RULES = pytest.param(
    "uid",
    marks=[*UID.marks, pytest.mark.skipif(not landlock_version(), reason="Landlock is missing")],
)
both = pytest.mark.parametrize("kind", [BWRAP, UID])
bwrap_only = pytest.mark.parametrize("kind", [BWRAP])
uid_only = pytest.mark.parametrize("kind", [UID])
both_with_rules = pytest.mark.parametrize("kind", [BWRAP, WITH_RULES])


def run(sandbox, folder, source, name="f", limits=None):
    """Return what `f()` of a student's file answers in a sandbox, or how the worker ended."""
    limits = limits or Limits(timeout_s=5.0, memory_mib=512)
    for file in folder.iterdir():
        file.unlink()
    (folder / "conv.py").write_text(source)
    (folder / "conv.py").chmod(0o640)
    request = pack_case(Case(((),)))
    with Worker(folder, limits, sandbox) as worker:
        try:
            loaded = worker.load("conv", name)
            assert loaded is True, loaded
            (frame,) = worker.call("conv", name, [request])
        except WorkerDiedError as error:
            return f"died: {error}"
        except WorkerTimeoutError as error:
            return f"timeout: {error}"
        answer = read_reply(*frame, request).steps[-1]
    return f"{answer.type}: {answer.message}" if isinstance(answer, Raised) else answer
