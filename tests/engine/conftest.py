"""Workers of the engine's tests are forked from one process, where not they are what is tested."""

from __future__ import annotations

import sys

import pytest
from standby import Standby

from grader.worker.command import CHILD, SCRIPT, clean_environment
from grader.worker.launch import Launch

STARTED = ("test_hostile", "test_lost_workers", "test_pacing")
"""The modules that hold what the processes themselves do: theirs are started."""


@pytest.fixture(scope="module", autouse=True)
def _workers_are_forked(request):
    if sys.platform != "linux" or request.module.__name__.rpartition(".")[2] in STARTED:
        yield
        return
    standby, start = Standby(clean_environment()), Launch.start
    script = str(CHILD / SCRIPT)

    def fork(launch, folder):
        plain = Launch(launch.argv)
        if launch != plain or launch.argv[-2] != script:
            return start(launch, folder)
        return standby.fork(script, launch.argv[-1], folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Launch, "start", fork)
        yield
    standby.close()
