"""Nothing that a submission starts outlives its worker, and no worker outlives the grader."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from sandboxed import both, bwrap_only, run

from grader.model import Limits
from grader.worker.client import Worker

ROOT = Path(__file__).resolve().parents[3]


@both
def test_a_process_in_the_background_does_not_outlive_the_worker(box):
    mark = f"dlgrade-mark-{os.getpid()}"
    source = f"""
import os, sys
def f():
    begun, end = os.pipe()  # its end is closed where another program is begun
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            sleeping = [sys.executable, "-c", "import time; time.sleep(60)", {mark!r}]
            os.execv(sys.executable, sleeping)
        os._exit(0)
    os.close(end)
    os.read(begun, 1)
    return 1
"""
    assert run(*box, source) == 1
    _until(lambda: not _running(mark))


def _running(mark):
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in file.read_bytes():
                found.append(file)
        except OSError:
            pass
    return found


@both
def test_a_worker_that_is_not_used_is_ended_without_delay_or_remains(box):
    sandbox, stage = box
    (stage / "conv.py").write_text("")
    worker = Worker(stage, Limits(), sandbox)
    pid = worker._process.pid
    worker.close()
    assert not Path(f"/proc/{pid}").exists()


@bwrap_only
def test_the_grader_that_is_killed_takes_its_workers_with_it(box, tmp_path):
    _, stage = box
    mark = f"dlgrade-orphan-{os.getpid()}"
    (stage / "conv.py").write_text(
        "import os, sys\ndef f():\n"
        f"    sleeping = [sys.executable, '-c', 'import time; time.sleep(60)', {mark!r}]\n"
        "    os.execv(sys.executable, sleeping)\n"
    )
    code = f"""
from pathlib import Path
from grader.model import Case, Limits
from grader.worker.client import Worker
from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.wire import pack_case
worker = Worker(Path({str(stage)!r}), Limits(), make_sandbox("bwrap", Path({str(stage.parent)!r})))
worker.load("conv", "f")
list(worker.call("conv", "f", [pack_case(Case(((),)))]))
"""
    grader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    _until(lambda: _running(mark))
    grader.kill()
    grader.wait()
    _until(lambda: not _running(mark))


def _until(holds, timeout_s=50.0):
    end = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
