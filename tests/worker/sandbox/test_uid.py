"""What a user of its own cannot do: outlive its worker, read what is not for it, leave anything."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from sandboxed import UID, WITH_RULES, run

from grader.model import Limits
from grader.worker.client import Worker
from grader.worker.command import CHILD
from grader.worker.family import processes_of
from grader.worker.sandbox.kinds import make_sandbox, require_sandbox
from grader.worker.sandbox.mounts import make_scratch
from grader.worker.sandbox.users import find_unused_id

uid_only = pytest.mark.parametrize("kind", [UID])
with_rules = pytest.mark.parametrize("kind", [WITH_RULES])

# A process that forks and ends at once, for ever, in a session of its own: no list is ever true.
RUNNING_AWAY = """
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        while True:
            try:
                if os.fork() != 0:
                    os._exit(0)
            except OSError:  # at the limit for a moment
                pass
    time.sleep(0.5)
    return os.getuid()
"""
STRIKING_BACK = """
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 128)
        while True:
            try: os.kill(-1, 9)
            except OSError: pass
    time.sleep(600)
"""


@uid_only
def test_what_forks_faster_than_anybody_can_read_a_list_does_not_outlive_the_worker(box):
    user = run(*box, RUNNING_AWAY)
    assert isinstance(user, int)
    assert user > 0
    assert not processes_of(user)
    time.sleep(0.2)
    assert not processes_of(user)


@uid_only
def test_what_kills_everybody_of_its_user_ends_with_the_worker_too(box, monkeypatch):
    user = find_unused_id()
    monkeypatch.setattr("grader.worker.sandbox.uid.find_unused_id", lambda: user)
    answer = run(*box, STRIKING_BACK)
    assert str(answer).startswith("died")  # its own worker was the first that it could kill
    assert not processes_of(user)


@uid_only
def test_workers_that_nobody_closed_end_with_their_sandbox(box):
    sandbox, stage = box
    (stage / "conv.py").write_text(
        "import os, time\npid = os.fork()\nif pid == 0:\n    os.setsid(); time.sleep(600)\n"
        "def f(): return os.getuid()\n"
    )
    worker = Worker(stage, Limits(), sandbox)
    assert worker.load("conv", "f") is True
    (user,) = sandbox._users
    assert len(processes_of(user)) >= 2
    sandbox.close()
    assert not processes_of(user)
    worker.close()


@uid_only
def test_every_worker_is_another_user_and_the_sandbox_forgets_those_that_ended(box):
    sandbox, _ = box
    seen = {run(*box, "import os\ndef f(): return os.getuid()") for _ in range(3)}
    assert len(seen) == 3
    assert not sandbox._users


@uid_only
def test_what_is_just_being_compiled_is_not_copied_for_the_worker(kind, monkeypatch, tmp_path):
    copy = shutil.copytree(CHILD, tmp_path / CHILD.name)
    unfinished = copy / "__pycache__" / "wire.cpython-311.pyc.140234567890"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half of")
    monkeypatch.setattr("grader.worker.sandbox.uid.CHILD", copy)
    scratch = make_scratch()
    with make_sandbox(kind, scratch) as sandbox:
        copied = {path.name for path in sandbox._child.rglob("*")}
    shutil.rmtree(scratch)
    assert unfinished.name not in copied
    assert {path.name for path in copy.glob("*.py")} <= copied


@with_rules
def test_nothing_is_made_or_emptied_anywhere(box, tmp_path):
    theirs = tmp_path / "open" / "theirs.txt"
    theirs.parent.mkdir()
    theirs.write_text("theirs")
    for folder in [theirs, *theirs.parents][:-2]:
        folder.chmod(0o777)
    source = f"""
import os
def f():
    done = []
    for place in ("/tmp", "/dev/shm", "/var/tmp", {str(theirs.parent)!r}):
        for attempt in (lambda: open(place + "/dlgrade-x", "x"),
                        lambda: os.mkdir(place + "/dlgrade-d"),
                        lambda: os.mkfifo(place + "/dlgrade-f"),
                        lambda: os.symlink("/", place + "/dlgrade-l"),
                        lambda: open(place + "/theirs.txt", "w"),
                        lambda: os.unlink(place + "/theirs.txt")):
            try:
                attempt(); done.append(place)
            except OSError:
                pass
    return " ".join(done)
"""
    assert run(*box, source) == ""
    assert theirs.read_text() == "theirs"
    assert not list(Path("/dev/shm").glob("dlgrade-*"))  # noqa: S108


@with_rules
def test_no_other_process_can_be_seen(box):
    source = """
import os
def f():
    seen = []
    for place in ("/proc", "/proc/self/status", "/proc/1/cmdline", f"/proc/{os.getppid()}/cmdline"):
        try: seen.append(str(os.listdir(place) if os.path.isdir(place) else open(place).read()))
        except OSError: pass
    return " ".join(seen)
"""
    assert run(*box, source) == ""


@uid_only
@pytest.mark.parametrize("rules", [True, False])
def test_only_the_pipes_are_inherited_and_the_grader_cannot_be_asked(box, rules, monkeypatch):
    if not rules:
        monkeypatch.setattr("grader.worker.sandbox.landlock.landlock_version", lambda: 0)
    source = """
import os, stat
def f():
    kinds = []
    for number in range(3, 128):
        try: kinds.append(stat.S_ISFIFO(os.fstat(number).st_mode))
        except OSError: pass
    for place in ("environ", "mem", "maps", "fd"):
        try:
            path = f"/proc/{os.getppid()}/{place}"
            os.listdir(path) if place == "fd" else open(path, "rb").read(1)
            kinds.append(place)
        except OSError: pass
    return kinds
"""
    kinds = run(*box, source)
    assert kinds
    assert set(kinds) == {True}


@with_rules
def test_what_may_be_opened_is_what_an_ordinary_file_needs(box):
    source = """
import os, subprocess, sys
import ssl, sqlite3, ctypes, decimal, unittest, concurrent.futures, zoneinfo, statistics
import numpy.fft, numpy.random, numpy.polynomial
def f():
    with open(os.devnull, "w") as nothing:
        print("quiet", file=nothing)
    done = subprocess.run([sys.executable, "-S", "-c", "print(6 * 7)"], capture_output=True)
    return [done.stdout.decode().strip(), len(os.urandom(3)), open(__file__).read(10)]
"""
    assert run(*box, source) == ["42", 3, source[:10]]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_without_landlock_a_worker_still_starts_and_computes(monkeypatch):
    monkeypatch.setattr("grader.worker.sandbox.landlock.landlock_version", lambda: 0)
    require_sandbox("uid")
