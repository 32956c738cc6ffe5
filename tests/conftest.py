"""What the tests share: the course, and a bank that lasts as long as the session."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.course import find_course
from grader.engine.cases.bank import Bank
from grader.engine.engine import Engine

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def course():
    return find_course()


@pytest.fixture(scope="session")
def bank(tmp_path_factory):
    return Bank(tmp_path_factory.getbasetemp() / "bank")


@pytest.fixture(scope="session")
def engine(course, bank):
    return Engine(course, bank=bank)
