"""A probe fails where its wall is missing, holds where it stands, and else says what it lacked."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil

import pytest
from sandboxed import both

from grader.model import Limits
from grader.worker.command import child_arguments
from grader.worker.launch import Launch
from grader.worker.sandbox import probes
from grader.worker.sandbox.base import Sandbox
from grader.worker.sandbox.mounts import make_scratch
from grader.worker.sandbox.probes import NEEDED_MIB, WANTED, probe_sandbox, probe_walls

NAMES = [name for name, _ in WANTED]
OPEN = Limits(memory_mib=2**20)


class WithoutWalls(Sandbox):
    """A worker as the grader itself: no wall, no limit, and nobody who counts its memory."""

    def __call__(self, folder, _limits):
        return Launch(child_arguments(folder, OPEN), memory_is_counted=True)


@pytest.fixture
def scratch():
    made = make_scratch()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def solutions(tmp_path):
    (tmp_path / "solutions").mkdir(mode=0o700)
    return tmp_path / "solutions"


def only(monkeypatch, *names):
    monkeypatch.setattr(probes, "WANTED", [(name, name) for name in names])


@pytest.mark.skipif(os.geteuid() != 0, reason="what others may do here is not known")
@pytest.mark.skipif(probes._free_mib() < NEEDED_MIB, reason="too little memory is free")
@pytest.mark.parametrize("name", [name for name in NAMES if name != "numpy_works"])
def test_a_probe_fails_where_its_wall_is_missing(name, scratch, solutions, monkeypatch):
    only(monkeypatch, name)
    monkeypatch.setattr(probes, "GRACE_S", 0.5)
    (found,) = probe_walls(WithoutWalls(scratch, "none"), scratch, solutions)
    assert found.held is False, found.outcome


@both
def test_every_probe_holds_in_a_sandbox(kind, solutions):
    found = list(probe_sandbox(kind, solutions))
    assert len(found) == len(NAMES) + 1
    assert not [(one.name, one.outcome) for one in found if one.held is not True]


@both
def test_a_machine_that_fills_memory_slowly_is_given_its_time(kind, monkeypatch):
    slow = "time.sleep(2.5); keep = "
    monkeypatch.setattr(probes, "PROBES", probes.PROBES.replace("keep = b", f"{slow}b"))
    assert slow in probes.PROBES
    only(monkeypatch, "memory_together")
    held = [one.held for one in probe_sandbox(kind, None)]
    assert held == [True, True]


@both
def test_a_probe_whose_means_fail_tells_nothing_and_says_why(kind, monkeypatch):
    broken = probes.PROBES.replace("import errno, os", "import os").replace(
        "def few_files():", "def few_files():\n    raise RuntimeError('no means')"
    )
    monkeypatch.setattr(probes, "PROBES", broken)
    only(monkeypatch, "few_files")
    found = next(iter(probe_sandbox(kind, None)))
    assert found.held is None
    assert "no means" in found.outcome


@both
def test_a_worker_that_is_lost_tells_nothing_about_a_wall(kind, monkeypatch):
    dying = probes.PROBES.replace("def no_sockets():", "def no_sockets():\n    os._exit(7)")
    monkeypatch.setattr(probes, "PROBES", dying)
    only(monkeypatch, "no_sockets")
    found = next(iter(probe_sandbox(kind, None)))
    assert found.held is None
    assert "exit code 7" in found.outcome


def test_where_too_little_memory_is_free_the_memory_of_many_is_not_tried(scratch, monkeypatch):
    monkeypatch.setattr(probes, "_free_mib", lambda: 100)
    only(monkeypatch, "memory_together")
    (found,) = probe_walls(WithoutWalls(scratch, "none"), scratch)
    assert found.held is None
    assert "only 100 MiB are free" in found.outcome


def test_where_no_other_library_is_installed_none_can_be_missed(scratch, monkeypatch):
    monkeypatch.setattr(probes, "find_spec", lambda _: None)
    only(monkeypatch, "other_libraries")
    (found,) = probe_walls(WithoutWalls(scratch, "none"), scratch)
    assert found.held is None


# ----------------------------------------------------------------------------- a full disk


def functions(**replaced):
    """Return the functions of the probes, run here, with what they know replaced."""
    text = probes.PROBES.format(
        private=[], libraries=[], writable="/nowhere", processes=64, files=128, disk=70 * 2**20,
        grace=1,
    )  # fmt: skip
    names = {}
    exec(text, names)  # noqa: S102 - our own
    return names | {"names": names.update(replaced)}


class Full:
    """A file on a disk that is full."""

    def __init__(self, number):
        self._number = number

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def write(self, _):
        raise OSError(self._number, os.strerror(self._number))


class Disk:
    """What `os.statvfs` says of a disk."""

    def __init__(self, size):
        self.f_blocks, self.f_frsize = size, 1


@pytest.mark.parametrize(
    ("number", "size", "held"),
    [
        (errno.ENOSPC, 64 * 2**20, True),  # the private folder of a sandbox
        (errno.ENOSPC, 2**40, None),  # the machine's own disk is full
        (errno.EDQUOT, 2**40, None),
        (errno.EFBIG, 2**40, True),  # the limit for each file
        (errno.EACCES, 2**40, True),
    ],
)
def test_a_disk_that_is_full_already_is_no_wall(number, size, held, monkeypatch):
    little_disk = functions(open=lambda *_: Full(number))["little_disk"]
    monkeypatch.setattr(os, "statvfs", lambda _: Disk(size))
    if held is None:
        with pytest.raises(OSError, match=os.strerror(number)):
            little_disk()
    else:
        assert little_disk() == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_without_landlock_only_what_is_for_us_alone_must_not_be_read(solutions, monkeypatch):
    only(monkeypatch, "reads_nothing")
    monkeypatch.setattr(probes, "closed_packages", contextlib.nullcontext)
    for module in ("landlock", "probes"):
        monkeypatch.setattr(f"grader.worker.sandbox.{module}.landlock_version", lambda: 0)
    found = next(iter(probe_sandbox("uid", solutions)))
    assert found.held is True, found.outcome
