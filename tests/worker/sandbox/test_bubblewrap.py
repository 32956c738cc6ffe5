"""A worker in a sandbox computes; it reads, writes, reaches and outlives nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sandboxed import both, both_with_rules, bwrap_only, run

from grader.errors import SandboxError, WorkerError
from grader.model import Limits
from grader.worker.client import Worker
from grader.worker.sandbox.kinds import make_sandbox

ROOT = Path(__file__).resolve().parents[3]

READING = """
import os, pathlib
def f():
    seen = []
    for place in {places!r}:
        try:
            seen.append(str(os.listdir(place) if os.path.isdir(place) else open(place).read(20)))
        except OSError:
            pass
    return "; ".join(seen)
"""


@both
def test_what_reads_in_these_tests_does_read_what_may_be_read(box):
    assert "null" in run(*box, READING.format(places=["/nowhere", "/dev"]))


@both
def test_right_work_is_done_with_numpy_and_the_standard_library(box):
    source = "import numpy as np, ssl, sqlite3, ctypes, bz2, decimal\n"
    source += "def f(): return float(np.linalg.norm(np.ones(4)))"
    assert run(*box, source) == 2.0


@both_with_rules
def test_nothing_of_the_machine_is_there_but_python_numpy_and_the_submission(box, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    places = [
        "/etc", "/home", "/var", "/proc", "/sys", "/run", "/mnt", "/opt", "/etc/passwd",
        "/proc/1/environ", str(Path.home()), str(ROOT / "solutions"), str(ROOT / "grader"),
        str(secret),
    ]  # fmt: skip
    seen = run(*box, READING.format(places=places))
    allowed = repr(Path(sys.base_prefix).parts)  # folders on the way to Python itself
    assert all(name in allowed for name in seen.strip("[]").replace("'", "").split("; ") if name)
    assert "SECRET" not in seen
    assert "root:" not in seen


@both
def test_solutions_bank_gradebook_and_other_submissions_cannot_be_read(box, tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    for name in ("solutions.py", "x.bank", "gradebook.db", "bob.py"):
        (private / name).write_text("SECRET")
    places = [str(private), *(str(file) for file in private.iterdir())]
    assert run(*box, READING.format(places=places)) == ""


@both
def test_the_environment_holds_nothing_of_the_users(box, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "SECRET")
    source = "import os\ndef f(): return ' '.join(os.environ) + ' '.join(os.environ.values())"
    seen = run(*box, source)
    assert "SECRET" not in seen
    assert str(Path.home()) + "/" not in seen.replace(sys.base_prefix, "").replace(
        os.path.realpath(sys.base_prefix), ""
    )


@both
def test_nothing_is_written_or_deleted_outside_a_private_place(box, tmp_path):
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    (open_to_all / "theirs.txt").write_text("theirs")
    for folder in [open_to_all, *open_to_all.parents][:-2]:
        folder.chmod(folder.stat().st_mode | 0o755)
    (open_to_all / "theirs.txt").chmod(0o644)
    source = f"""
import os, glob
def f():
    done = []
    for place in ["/", "/submission", "/numpy/numpy", "/dev", {str(open_to_all)!r},
                  os.path.dirname(__file__), os.path.dirname(os.__file__), "/usr", "/etc", "/var",
                  "/home"]:
        for attempt in (lambda: open(place + "/x", "w").write("x"), lambda: os.mkdir(place + "/d"),
                        lambda: os.symlink("/", place + "/l"), lambda: os.chmod(place, 0o777),
                        lambda: os.unlink(place + "/theirs.txt"),
                        lambda: os.unlink(place + "/conv.py"),
                        lambda: os.rename(place + "/conv.py", place + "/pool.py")):
            try:
                attempt(); done.append(place)
            except OSError:
                pass
    return " ".join(done)
"""
    assert run(*box, source) == ""
    assert (box[1] / "conv.py").exists()
    assert (open_to_all / "theirs.txt").read_text() == "theirs"


@both
def test_no_network_neither_loopback_nor_outside_nor_sockets_of_the_machine(box):
    with socket.create_server(("127.0.0.1", 0)) as server:
        hidden = socket.socket(socket.AF_UNIX)
        hidden.bind("\0dlgrade-test")
        hidden.listen()
        source = f"""
import socket
def f():
    reached = []
    for family, address in [(socket.AF_INET, ("127.0.0.1", {server.getsockname()[1]})),
                            (socket.AF_INET, ("192.0.2.1", 80)),
                            (socket.AF_UNIX, "\\0dlgrade-test")]:
        try:
            with socket.socket(family) as s:
                s.settimeout(0.3)
                s.connect(address)
                reached.append(str(address))
        except OSError:
            pass
    return " ".join(reached)
"""
        assert run(*box, source) == ""
        hidden.close()


@both
def test_signals_reach_nobody_outside(box):
    victim = subprocess.Popen([shutil.which("sleep"), "60"])
    source = f"""
import os, signal
def f():
    for pid in [{os.getpid()}, {victim.pid}, os.getppid(), *range(2, 400)]:
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
            try:
                if pid != os.getpid(): os.kill(pid, number)
            except OSError:
                pass
    return 1
"""
    run(*box, source)
    assert victim.poll() is None
    stat = Path(f"/proc/{victim.pid}/stat")
    if stat.exists():
        assert stat.read_text().split()[2] == "S"
    victim.kill()
    victim.wait()


@both
def test_kill_minus_one_ends_at_most_its_own_exercise(box):
    victim = subprocess.Popen([shutil.which("sleep"), "60"])
    run(*box, "import os\ndef f():\n    os.kill(-1, 9)\n    return 1")
    assert victim.poll() is None
    victim.kill()
    victim.wait()


@both
def test_nobody_elses_memory_can_be_reached(box):
    on_intel = os.uname().machine == "x86_64"
    numbers = (29, 319, 272, 165, 250) if on_intel else (194, 279, 97, 40, 219)
    source = f"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def f():
    done = []
    for pid in (1, os.getppid(), {os.getpid()}):
        if libc.ptrace(16, pid, 0, 0) == 0: done.append(f"ptrace {{pid}}")
        try:
            open(f"/proc/{{pid}}/mem", "rb"); done.append(f"mem {{pid}}")
        except OSError: pass
        try:
            os.listdir(f"/proc/{{pid}}/fd"); done.append(f"fd {{pid}}")
        except OSError: pass
    for number in {numbers!r}:
        if libc.syscall(number, 0, 4096, 0o1666) >= 0: done.append(f"call {{number}}")
    return " ".join(done)
"""
    assert run(*box, source) == ""


@both_with_rules
def test_no_other_library_is_there_to_compute_the_answer(box):
    source = """
import sys, os, glob
def f():
    for folder in [os.path.dirname(os.__file__) + "/site-packages", "/numpy",
                   *glob.glob("/usr/lib/python3*/*-packages"),
                   *glob.glob("/usr/local/lib/python3*/*-packages")]:
        sys.path.append(folder)
    found = []
    for name in ("torch", "scipy", "hypothesis", "pip", "grader", "psutil"):
        try:
            __import__(name); found.append(name)
        except (ImportError, PermissionError):
            pass
    return " ".join(found)
"""
    assert run(*box, source) == ""


@both
def test_forged_frames_on_every_descriptor_end_the_worker_and_nothing_else(box):
    source = """
import os, struct
def f():
    body = b'{"r":[1],"d":[[]]}'
    frame = struct.pack("<16sIQ", b"0" * 16, len(body), 0) + body
    for descriptor in range(128):
        try: os.write(descriptor, frame)
        except OSError: pass
    return 1
"""
    assert run(*box, source).startswith("died: something wrote into the grader's private pipe")


@both
def test_privileges_cannot_be_won_back(box):
    source = """
import ctypes, os
libc = ctypes.CDLL(None)
def f():
    done = []
    for name, call in [("setuid", lambda: os.setuid(0)), ("setgid", lambda: os.setgid(0)),
                       ("chroot", lambda: os.chroot("/tmp")), ("groups", lambda: os.setgroups([0])),
                       ("nice", lambda: os.nice(-5))]:
        try: call(); done.append(name)
        except OSError: pass
    for name, number in (("nproc", 6), ("nofile", 7), ("fsize", 1)):
        import resource
        try:
            resource.setrlimit(number, (resource.RLIM_INFINITY,) * 2); done.append(name)
        except (OSError, ValueError): pass
    return " ".join(done) + str(os.getuid() == 0) * (os.getuid() == 0)
"""
    assert run(*box, source) == ""


def test_a_missing_bubblewrap_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match=r"apt install bubblewrap"):
        make_sandbox("bwrap", tmp_path)


@bwrap_only
def test_a_refused_bubblewrap_is_our_fault_and_nobodys_zero(box, tmp_path, monkeypatch):
    sandbox, stage = box
    refusing = tmp_path / "bwrap"
    complaint = "bwrap: setting up uid map: Permission denied"
    refusing.write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 1\n")
    for folder in [refusing, *refusing.parents][:-2]:
        folder.chmod(0o755)
    monkeypatch.setattr(sandbox, "_bwrap", str(refusing))
    worker = Worker(stage, Limits(), sandbox)
    with worker, pytest.raises(WorkerError, match="setting up uid map"):
        worker.load("conv", "f")
