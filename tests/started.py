"""Run `dlgrade` as a process of its own, without paying for its imports each time.

It has its own folder, environment, streams and exit code, as a start from a shell has. What the
start itself costs or imports, what the interpreter is told (`PYTHON…` in the environment, but for
more folders in PYTHONPATH and the encoding of the streams) and what interrupts do is seen only
where a test starts the interpreter: `classes.command`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WAITING = Path(__file__).with_name("waiting.py")
waiting = []  # the process that gets the orders, once there is one


def run_dlgrade(*words, folder, variables, typed="", encoding="utf-8", module="grader"):
    """Return how a command ended, and what it wrote.

    Parameters
    ----------
    words
        What follows `dlgrade` on its line.
    folder, variables
        Where it runs, and all of its environment.
    typed
        What it reads.
    encoding
        Of what it wrote; None leaves bytes.
    module
        What `python -m` would be told.
    """
    if not hasattr(os, "fork"):
        return subprocess.run(
            [sys.executable, "-P", "-m", module, *map(str, words)], cwd=folder, env=variables,
            input=typed, capture_output=True, encoding=encoding, check=False,
        )  # fmt: skip
    if not waiting:
        waiting.append(_start())
    process = waiting[0]
    with tempfile.TemporaryDirectory(prefix="dlgrade-test-") as beside:
        files = {name: Path(beside, name) for name in ("input", "output", "errors")}
        for file in files.values():
            file.write_text(typed if file.name == "input" else "", encoding="utf-8")
        order = {name: str(file) for name, file in files.items()}
        order |= {"words": list(map(str, words)), "folder": str(folder), "environment": variables}
        order["module"] = module
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        code = int(process.stdout.readline())
        wrote = [files[name].read_bytes() for name in ("output", "errors")]
    if encoding is not None:
        wrote = [text.decode(encoding).replace("\r\n", "\n") for text in wrote]
    return subprocess.CompletedProcess(["dlgrade", *map(str, words)], code, *wrote)


def _start():
    line = [sys.executable, "-P", str(WAITING)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables)


def end_waiting():
    """End the process that gets the orders, if there is one."""
    while waiting:
        process = waiting.pop()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait()
