"""Stand-ins for Windows and macOS, on a Linux: what the code does where a part of it is absent."""

from __future__ import annotations

import builtins
import os
import signal
import sys
from pathlib import PureWindowsPath
from queue import SimpleQueue

import pytest

from grader import files, text
from grader.cli import grading
from grader.cli.doctor import _sandbox_probes
from grader.cli.typed import as_target
from grader.errors import SandboxError
from grader.gradebook.pages.feedback import file_name
from grader.model import Limits
from grader.quiz.memory import history
from grader.student.watching import keys
from grader.worker.child import walls
from grader.worker.client import Worker
from grader.worker.sandbox.kinds import make_sandbox, require_sandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage

POSIX_ONLY = ("fcntl", "resource", "termios", "tty", "pwd", "grp")


def without(monkeypatch, *names):
    """Let some modules not be there, as on Windows."""
    real = builtins.__import__

    def load(name, *rest):
        if name in names:
            raise ImportError(f"No module named {name!r}")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", load)


@pytest.mark.parametrize("kind", ["bwrap", "uid"])
@pytest.mark.parametrize(("system", "where"), [("win32", "WSL 2"), ("darwin", "Linux container")])
def test_where_there_is_no_linux_grade_says_in_one_line_where_to_grade(
    monkeypatch, kind, system, where
):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.delattr(os, "geteuid")
    with pytest.raises(SandboxError) as raised:
        require_sandbox(kind)
    line = str(raised.value)
    assert line.startswith(f"--sandbox {kind} needs Linux; ")
    assert where in line
    assert "--sandbox none" in line
    assert "\n" not in line


def test_without_a_root_a_trusted_class_has_its_folders_all_the_same(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "geteuid")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    scratch = make_scratch()
    assert make_stage(scratch).parent == scratch
    with make_sandbox("none", scratch) as sandbox:
        assert sandbox.new_uid() is None


def test_doctor_says_that_grading_needs_linux_and_tries_no_wall(monkeypatch, course):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "geteuid")
    (probe,) = _sandbox_probes(course)
    assert probe.held is False
    assert not probe.needed
    assert "needs Linux" in probe.detail
    assert "WSL 2" in probe.remedy


def test_a_worker_without_the_module_of_limits_sets_none_and_goes_on(monkeypatch):
    asked = []
    monkeypatch.setattr("resource.setrlimit", lambda *limit: asked.append(limit))
    walls.limit_resources(64, 1, {})
    assert asked
    asked.clear()
    without(monkeypatch, "resource")
    walls.limit_resources(64, 1, {})
    assert not asked


@pytest.mark.parametrize("gone", [ProcessLookupError, PermissionError, OSError])
def test_a_worker_that_has_gone_is_ended_without_process_groups(monkeypatch, tmp_path, gone):
    """Windows says of a process that has ended that a parameter is wrong."""
    (tmp_path / "a.py").write_text("", encoding="utf-8")
    told, really = [], os.kill

    def end(pid, number):
        told.append(number)
        really(pid, signal.SIGKILL)
        raise gone(22, "The parameter is incorrect")

    with Worker(tmp_path, Limits()) as worker:
        worker.require_answer()
        monkeypatch.delattr(os, "killpg")
        monkeypatch.setattr(os, "kill", end)
        worker.kill()
    assert told[0] == signal.SIGTERM


def test_the_history_is_written_byte_by_byte_and_without_locks(monkeypatch, tmp_path):
    """In the other way Windows would write two bytes for the end of each line."""
    binary, flags, real = 1 << 30, [], os.open

    def look(path, asked, mode=0o777):
        flags.append(asked)
        return real(path, asked & ~binary, mode)

    monkeypatch.setattr(os, "O_BINARY", binary, raising=False)
    monkeypatch.setattr(os, "open", look)
    without(monkeypatch, *POSIX_ONLY)
    with history._locked(tmp_path / "history.jsonl") as descriptor:
        history._write(descriptor, b"{}\n")
    assert all(asked & binary for asked in flags)
    assert flags
    assert (tmp_path / "history.jsonl").read_bytes() == b"{}\n"


@pytest.mark.parametrize("busy", [1, 3])
def test_a_file_that_somebody_is_reading_is_replaced_as_soon_as_they_are_done(
    monkeypatch, tmp_path, busy
):
    made, target = tmp_path / "made", tmp_path / "target"
    made.write_text("new", encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    refused = []
    real = type(made).replace

    def replace(path, other):
        if len(refused) < busy:
            refused.append(path)
            raise PermissionError(13, "The process cannot access the file")
        return real(path, other)

    monkeypatch.setattr(type(made), "replace", replace)
    monkeypatch.setattr(files, "BUSY_S", 0.1)
    monkeypatch.setattr(files.os, "name", "nt")
    files._put_in_place(made, target)
    monkeypatch.undo()
    assert target.read_text(encoding="utf-8") == "new"


def test_elsewhere_a_refused_rename_is_told_at_once(monkeypatch, tmp_path):
    def refuse(path, other):
        raise PermissionError(13, "refused")

    monkeypatch.setattr(type(tmp_path), "replace", refuse)
    with pytest.raises(PermissionError):
        files._put_in_place(tmp_path / "a", tmp_path / "b")


def test_whoever_waits_for_a_key_wakes_up_to_hear_ctrl_c(monkeypatch):
    events = SimpleQueue()
    monkeypatch.setattr(keys, "HEAR_S", 0.01)

    class Woken(Exception):  # noqa: N818 - stands for the interrupt
        pass

    looks = []

    class Queue:
        def get(self, timeout):
            looks.append(timeout)
            if len(looks) == 3:
                raise Woken
            return events.get(timeout=timeout)

    with pytest.raises(Woken):
        keys.next_event(Queue())
    assert looks == [0.01] * 3


def test_ctrl_break_ends_grading_in_order(monkeypatch):
    set_to = {}
    monkeypatch.setattr(signal, "SIGBREAK", 21, raising=False)
    monkeypatch.setattr(signal, "signal", set_to.__setitem__)
    monkeypatch.setattr(signal, "getsignal", lambda _: signal.SIG_DFL)
    monkeypatch.delattr(signal, "SIGHUP")
    grading._end_in_order()
    assert set(set_to) == {signal.SIGTERM, 21}
    with pytest.raises(SystemExit) as ended:
        set_to[21](21, None)
    assert ended.value.code == 128 + 21


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        (r"C:\Users\ada\work", r"C:\Users\ada\work"),
        (r"C:\Users\Ada Lovelace\work", r'"C:\Users\Ada Lovelace\work"'),
        ("a&b", '"a&b"'),
    ],
)
def test_a_command_that_is_shown_on_windows_can_be_typed_there(monkeypatch, word, typed):
    monkeypatch.setattr(text.os, "name", "nt")
    assert text.as_typed(word) == typed


def test_a_file_with_backslashes_names_its_module(monkeypatch, tmp_path):
    """As shells of Windows complete it."""
    monkeypatch.setattr("grader.cli.typed.Path", PureWindowsPath)
    assert PureWindowsPath(r"exercises\conv.py").stem == "conv"
    monkeypatch.undo()
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "conv.py").touch()
    monkeypatch.chdir(tmp_path)
    assert as_target(os.path.join("exercises", "conv.py")) == "conv"  # noqa: PTH118


@pytest.mark.parametrize(
    "student", ["CON", "con", "aux", "a:b", "a.", "a ", "aux.txt", "LPT1", "?*"]
)
def test_pages_have_names_that_windows_takes(student):
    name = PureWindowsPath(file_name(student))
    stem = name.name.partition(".")[0]
    assert stem.lower() not in {"con", "aux", "lpt1"}
    assert not set('<>:"/\\|?*') & set(name.name)
    assert stem == stem.strip(" .")
    assert name.suffix == ".html"


def test_names_that_windows_takes_for_one_are_two_pages():
    pages = [file_name(name).lower() for name in ("Ada", "ada", "ADA", "a.", "a", "a ")]
    assert len(set(pages)) == len(pages)
