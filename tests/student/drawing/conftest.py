"""The course's own functions, for drawings in which everything is right."""

from __future__ import annotations

import pytest
from drawn import own


@pytest.fixture(scope="module")
def functions(engine):
    with own(engine) as found:
        yield found
