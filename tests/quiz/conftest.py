"""Fixtures of the quiz tests."""

from __future__ import annotations

import pytest
from quiz_helpers import Clock

from grader.quiz.history import History


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "data")
