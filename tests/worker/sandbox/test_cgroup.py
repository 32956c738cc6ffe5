"""Control groups count, and leave nothing behind: neither a group of a dead grader nor a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.worker.family import start_of
from grader.worker.sandbox import cgroup
from grader.worker.sandbox.cgroup import PREFIX, make_group

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30
MAKING = """
import os, subprocess, sys, time
from grader.worker.sandbox.cgroup import make_group
group = make_group(512, 64)
if group is not None:
    sleeping = subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL)
    group.confine(sleeping.pid)
    print(sleeping.pid, *map(str, set(group.folders.values())), flush=True)
else:
    print("none", flush=True)
time.sleep(600)
"""


@pytest.fixture
def other():
    """Start another grader with a group and somebody in it."""
    process = subprocess.Popen([sys.executable, "-c", MAKING], stdout=subprocess.PIPE, cwd=ROOT)
    words = process.stdout.readline().decode().split()
    if words == ["none"]:
        _end(process)
        pytest.skip("no control group can be made here")
    yield process, int(words[0]), [Path(word) for word in words[1:]]
    _end(process)
    make_group(512, 64).close()


def _end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_group_whose_grader_was_killed_goes_with_the_next_one_that_is_made(other):
    process, sleeping, folders = other
    process.kill()
    process.wait()
    assert all(folder.is_dir() for folder in folders)
    make_group(512, 64).close()
    assert not [folder for folder in folders if folder.exists()]
    end = time.monotonic() + PATIENCE_S
    while start_of(sleeping) is not None and not _is_dead(sleeping):
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_dead(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def test_a_group_whose_grader_lives_stays_with_whoever_is_in_it(other):
    _, sleeping, folders = other
    make_group(512, 64).close()
    assert all(folder.is_dir() for folder in folders)
    assert not _is_dead(sleeping)
    assert start_of(sleeping)


def test_a_group_is_removed_with_its_sandbox():
    group = make_group(512, 64)
    if group is None:
        pytest.skip("no control group can be made here")
    folders = set(group.folders.values())
    assert all(folder.is_dir() for folder in folders)
    group.close()
    assert not [folder for folder in folders if folder.exists()]


def test_where_no_group_can_be_made_no_file_is_made_either(tmp_path, monkeypatch):
    """Where version 1 is mounted, the folder that version 2 would have is an ordinary one."""
    monkeypatch.setattr(cgroup, "ROOT", tmp_path)
    assert make_group(512, 64) is None
    assert not list(tmp_path.rglob("*"))


def named(namespace, pid, start):
    return f"{PREFIX}{namespace}-{pid}-{start}-abc123"


def test_only_what_a_dead_grader_of_this_namespace_left_is_tidied_up(tmp_path):
    here, me = cgroup._namespace(), os.getpid()
    kept = [
        named(here, me, start_of(me)), named(here + 1, 4_000_000, 5), f"{PREFIX}something",
        "theirs", f"{PREFIX}{me}-abc123",
    ]  # fmt: skip
    dead = [named(here, 4_000_000, 5), named(here, me, start_of(me) + 1)]
    for name in [*kept, *dead]:
        (tmp_path / name).mkdir()
    cgroup._tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_a_process_that_cannot_be_seen_from_here_is_never_signalled(tmp_path):
    (tmp_path / "cgroup.procs").write_text("0\n12\n0\n")
    assert cgroup._members(tmp_path) == [12]
