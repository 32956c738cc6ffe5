"""Installed packages are closed to others only where nothing else keeps a worker from them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import grader
from grader.errors import SandboxError
from grader.worker.sandbox import closing
from grader.worker.sandbox.closing import close_for_good, closed_packages, find_packages

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Put three packages where those of this machine would be closed."""
    (tmp_path / "torch").mkdir(mode=0o755)
    (tmp_path / "six.py").touch()
    (tmp_path / "six.py").chmod(0o644)
    (tmp_path / "private").mkdir(mode=0o700)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    home = tmp_path.with_name(f"{tmp_path.name}-numpy")
    (home / "numpy").mkdir(parents=True)
    monkeypatch.setattr(closing, "numpy_folder", lambda: str(home))
    monkeypatch.setattr(closing, "find_packages", lambda: sorted(tmp_path.iterdir()))
    monkeypatch.setattr(closing, "landlock_version", lambda: 0)
    return tmp_path


def test_packages_are_closed_while_they_must_be_and_then_as_they_were(packages):
    with closed_packages():
        assert [mode(packages / n) for n in ("torch", "six.py", "private")] == [0o700, 0o600, 0o700]
    assert [mode(packages / n) for n in ("torch", "six.py", "private")] == [0o755, 0o644, 0o700]


def test_packages_are_as_they_were_after_a_fault_too(packages):
    with pytest.raises(ZeroDivisionError), closed_packages():
        raise ZeroDivisionError
    assert mode(packages / "torch") == 0o755


def test_where_the_kernel_keeps_workers_from_files_nothing_is_changed(packages, monkeypatch):
    monkeypatch.setattr(closing, "landlock_version", lambda: 1)
    with closed_packages():
        assert mode(packages / "torch") == 0o755


CLOSING = """
import sys, time
from pathlib import Path
from grader.worker.sandbox import closing
closing.landlock_version = lambda: 0
closing.numpy_folder = lambda: {home!r}
closing.find_packages = lambda: [Path({package!r})]
with closing.closed_packages():
    print("closed", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(packages):
    """Start another run that closes the same."""
    code = CLOSING.format(home=closing.numpy_folder(), package=str(packages / "torch"))
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout.readline() == b"closed\n"
    yield process
    process.kill()
    process.communicate(timeout=PATIENCE_S)


def test_what_another_run_still_needs_closed_is_opened_by_the_last_one(packages, other):
    with closed_packages():
        pass
    assert mode(packages / "torch") == 0o700
    other.communicate(timeout=PATIENCE_S)
    assert mode(packages / "torch") == 0o755
    assert not (Path(closing.numpy_folder()) / closing.NOTES).exists()


def test_what_a_killed_run_left_closed_is_opened_by_the_next_one(packages, other):
    other.kill()
    other.wait()
    assert mode(packages / "torch") == 0o700
    with closed_packages():
        assert mode(packages / "torch") == 0o700
    assert mode(packages / "torch") == 0o755


def test_what_cannot_be_closed_is_refused_in_one_line_with_what_helps(packages, monkeypatch):
    def refuse(self, mode):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "chmod", refuse)
    wanted = r"others can read .*\(Read-only"
    with pytest.raises(SandboxError, match=wanted) as caught, closed_packages():
        pass
    assert "--sandbox bwrap" in caught.value.remedy
    assert "\n" not in str(caught.value)


def test_what_is_not_there_is_as_closed_as_can_be(tmp_path):
    close_for_good(tmp_path / "nothing")
    assert not list(tmp_path.iterdir())


def test_every_package_but_numpy_is_found_and_this_one_wherever_it_is():
    found = find_packages()
    names = {path.name for path in found}
    for name in ("hypothesis", "typer", "torch"):
        if find_spec(name):
            assert name in names
    assert not [name for name in names if name.startswith("numpy")]
    assert Path(grader.__file__).resolve().parent in found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_package_that_is_closed_is_read_by_no_worker(packages, monkeypatch):
    from sandboxed import run

    from grader.worker.sandbox.kinds import make_sandbox
    from grader.worker.sandbox.mounts import make_scratch, make_stage

    monkeypatch.setattr("grader.worker.sandbox.landlock.landlock_version", lambda: 0)
    (packages / "torch" / "__init__.py").write_text("answer = 42")
    for folder in [packages, *packages.parents][:-2]:
        folder.chmod(0o755)
    source = f"""
import sys
sys.path.append({str(packages)!r})
def f():
    return __import__("torch").answer
"""
    scratch = make_scratch()
    with make_sandbox("uid", scratch) as sandbox:
        assert run(sandbox, make_stage(scratch), source) == 42
        with closed_packages():
            assert "Error" in run(sandbox, make_stage(scratch), source)
