"""Workers of the engine's tests are forked from one process, where not they are what is tested."""

from __future__ import annotations

import pytest
from standby import forked_workers

STARTED = ("test_hostile", "test_lost_workers", "test_pacing")
"""The modules that hold what the processes themselves do: theirs are started."""


@pytest.fixture(scope="module", autouse=True)
def _workers_are_forked(request):
    if request.module.__name__.rpartition(".")[2] in STARTED:
        yield
        return
    with forked_workers():
        yield
