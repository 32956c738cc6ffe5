"""What the tests of walls are given."""

from __future__ import annotations

import shutil

import pytest

from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage


@pytest.fixture
def box(kind):
    """Yield a sandbox and a stage."""
    scratch = make_scratch()
    with make_sandbox(kind, scratch) as sandbox:
        yield sandbox, make_stage(scratch)
    shutil.rmtree(scratch)
