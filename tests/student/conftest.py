"""Workers of these tests are forked from one process: what they are told is what is tested."""

from __future__ import annotations

import pytest
from standby import forked_workers


@pytest.fixture(scope="module", autouse=True)
def _workers_are_forked():
    with forked_workers():
        yield
