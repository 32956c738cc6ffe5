"""Whatever the tests start hears an interrupt, however they themselves were started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SHOW = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"


def test_a_child_hears_interrupts():
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is missing")
@pytest.mark.parametrize("workers", [0, 1])
def test_a_child_hears_them_when_pytest_itself_was_started_to_ignore_them(tmp_path, workers):
    chosen = f"{__file__}::{test_a_child_hears_interrupts.__name__}"
    words = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "-p", "no:cacheprovider"]
    line = ["bash", "-c", "trap '' INT; exec \"$@\"", "bash", *words]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [*line, f"--basetemp={tmp_path / 'inner'}", chosen],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def ignores_interrupts(pid):
    """Tell whether a process ignores SIGINT at this moment."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(status.partition("SigIgn:")[2].split()[0], 16)
    return bool(mask & 1 << signal.SIGINT - 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc is missing")
def test_the_first_interrupt_ends_watch_also_where_a_script_had_it_ignored(tmp_path, course):
    shutil.copy(course.exercises_dir / "conv.py", tmp_path)
    words = [sys.executable, "-m", "grader", "watch", "conv"]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a script leaves it to `watch &`
    try:
        watch = subprocess.Popen(
            words, cwd=tmp_path, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    end = time.monotonic() + 60
    while watch.poll() is None and ignores_interrupts(watch.pid):
        assert time.monotonic() < end
        time.sleep(0.02)
    watch.send_signal(signal.SIGINT)
    said, _ = watch.communicate(timeout=60)
    assert watch.returncode == 130, said
    assert "Traceback" not in said


def test_an_interrupt_while_a_dataclass_is_made_ends_with_130_too(tmp_path):
    """Python notes it inside of exec, and would end a module by the signal, whatever its code."""
    text = """from grader import __main__ as started

started._run = lambda: exec("raise KeyboardInterrupt")
started.main()
"""
    (tmp_path / "interrupted.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "dlgrade: interrupted\n")
