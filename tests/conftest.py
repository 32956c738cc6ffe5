"""What the tests share: the course, a bank for the whole session, and interrupts that are heard."""

from __future__ import annotations

import gc
import shutil
import signal

import pytest
from classes import HALF, WRONG, grade, make_class
from hypothesis import HealthCheck, settings
from shared import shared_folder
from started import end_waiting

from grader.course.course import find_course
from grader.engine.cases.bank import Bank
from grader.engine.engine import Engine

# How fast a machine draws is no law of ours, and one with too much to do is slow: its first text
# alone may take the second that a health check allows for ten.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Leave what collecting makes out of every search for garbage: thousands of tests stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items):
    """Begin with what sleeps most, so that others compute beside it and nobody waits at the end."""
    items.sort(key=lambda item: "killed_at_random_moments" not in item.name)


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard():
    """Give every child the default action of SIGINT and SIGHUP.

    What a script starts in the background (`pytest &`, `nohup pytest`) ignores them, and so would
    whatever the tests start, until it asks for them itself.
    """
    before = [(signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))]
    if hasattr(signal, "SIGHUP"):
        before.append((signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL)))
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.fixture(scope="session", autouse=True)
def _cases_are_drawn_once(cache_home):
    """Let every command that is not told otherwise keep its cases where all tests keep theirs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):  # the second on Windows
            patch.setenv(name, str(cache_home))
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_ever():
    """End what waits to become a command when nobody asks for one any more."""
    yield
    end_waiting()


@pytest.fixture
def _stacks_are_waited_for(monkeypatch):
    """Wait as long as a busy machine needs for what a process says of the lines it is at."""
    monkeypatch.setattr("grader.worker.pipes.LOOKS", 1000)


@pytest.fixture(scope="session")
def course():
    return find_course()


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory):
    """Return a folder of the session for what the command keeps, its bank that of all tests."""
    return shared_folder(tmp_path_factory, "cache")


@pytest.fixture(scope="session")
def bank(cache_home):
    return Bank(cache_home / "dlgrade" / "bank")


@pytest.fixture(scope="session")
def shared_bank(tmp_path_factory):
    """Return a run's bank of seed 5: drawn once, with what its failures were made small by."""
    return shared_folder(tmp_path_factory, "run of seed 5", grade_once) / "g.db.bank"


def grade_once(folder):
    make_class(folder / "c", x=WRONG, y=HALF)
    done = grade(folder / "c", folder / "g.db", "--seed", 5)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def book(tmp_path, shared_bank):
    """Return a path for a gradebook whose bank of seed 5 is already drawn."""
    shutil.copytree(shared_bank, tmp_path / "g.db.bank")
    return tmp_path / "g.db"


@pytest.fixture(scope="session")
def engine(course, bank):
    return Engine(course, bank=bank)
