"""Whatever the tests start hears an interrupt, however they themselves were started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

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
