"""Doctor says what holds, what does not, and what it could not tell, each with its reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli import doctor
from grader.errors import SandboxError
from grader.render.upkeep.probes import Probe, render_probes
from grader.worker.sandbox.probes import Attempted

ROOT = Path(__file__).resolve().parents[2]


def shown(*probes, plain=True):
    console = Console(width=100, record=True)
    console.print(render_probes(probes, plain=plain))
    return console.export_text()


@pytest.mark.parametrize("plain", [True, False])
def test_the_three_signs_are_three_words(plain):
    text = shown(
        Probe("a", "one"), Probe("b", "two", held=False), Probe("c", "three", held=None),
        plain=plain,
    )  # fmt: skip
    lines = text.splitlines()
    assert "not" not in lines[0]
    assert "held" in lines[0]
    assert "not held" in lines[1]
    assert "not told" in lines[2]


def test_a_wall_that_nobody_could_try_is_neither_held_nor_to_be_reported():
    probe = doctor._of_sandbox(Attempted("bwrap: x", "a wall", None, "OSError: disk\x1b[31m full"))
    assert probe.held is None
    assert "OSError: disk" in probe.detail
    assert "\x1b" not in probe.detail
    assert not probe.remedy


def test_a_wall_that_is_missing_is_to_be_reported():
    probe = doctor._of_sandbox(Attempted("bwrap: x", "a wall", False, "0"))
    assert probe.held is False
    assert probe.remedy == doctor.REPORT


FULL = """
mount -t tmpfs -o size=64k none "$0" || exit 77
head -c 200000 /dev/zero > "$0/filling" 2> /dev/null
XDG_CACHE_HOME="$0" XDG_DATA_HOME="$0" exec "$1" -c '
from grader.cli.doctor import _cache_probe, _history_probe
for probe in (_cache_probe(), _history_probe()):
    print(probe.held, probe.detail)
'
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="only root can mount")
def test_on_a_full_disk_neither_cache_nor_history_is_said_to_hold(tmp_path):
    command = ["unshare", "-m", "sh", "-c", FULL, str(tmp_path), sys.executable]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("mounts are refused here")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("False")
        assert "No space left" in line


def test_a_sandbox_that_is_refused_is_told_with_what_helps_and_the_other_one_is_tried(
    course, monkeypatch
):
    def refuse(kind):
        raise SandboxError("bwrap: setting up uid map: Permission denied", "do this")

    tried = []
    monkeypatch.setattr(doctor, "require_sandbox", refuse)
    monkeypatch.setattr(doctor, "probe_sandbox", lambda kind, _: tried.append(kind) or ())
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    first, *_ = doctor._sandbox_probes(course)
    assert first.held is False
    assert "bwrap: setting up uid map: Permission denied" in first.detail
    assert first.remedy == "do this"
    assert tried == ["uid"]


def test_a_temporary_folder_that_is_full_is_one_line(course, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(doctor.tempfile, "TemporaryDirectory", full)
    last = list(doctor.examine(course))[-1]
    assert last.held is False
    assert "No space left" in last.detail
    assert "TMPDIR" in last.remedy
