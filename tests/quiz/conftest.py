"""Fixtures of the quiz tests."""

from __future__ import annotations

import pytest
from hypothesis import settings
from quiz_helpers import Clock

from grader.quiz.memory.history import History

# a busy machine is no failure
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "data")
