"""What the tests of `dlgrade grade` share: small classes, the command, and what came of it."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import started
from started import run_dlgrade

from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.facts import Gradebook
from grader.gradebook.view import select_view

ROOT = Path(__file__).resolve().parents[1]
SANDBOX = "bwrap" if shutil.which("bwrap") else "none"
ONLY = "conv.zero_pad2d"

RIGHT = """
import numpy as np
def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding")
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
"""
WRONG = """
import numpy as np
def zero_pad2d(x, padding):
    if padding < 0:
        raise ValueError("padding")
    return np.pad(x, padding)
"""
HALF = RIGHT.replace('raise ValueError("padding")', "return x")  # one of two levels
CRASHING = "import os\ndef zero_pad2d(x, padding):\n    os._exit(7)\n"
ENDLESS = "def zero_pad2d(x, padding):\n    while True: pass\n"
TORCH = "import torch\ndef zero_pad2d(x, padding):\n    return torch.tensor(x)\n"


def make_class(folder, **students):
    """Write a class: a file's text, or the bytes of a file, for each name."""
    for name, content in students.items():
        if isinstance(content, bytes):
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        else:
            (folder / name).mkdir(parents=True)
            (folder / name / "conv.py").write_text(content)
    return folder


def command(*words):
    return [sys.executable, "-P", "-m", "grader", *map(str, words)]


def environment(**more):
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1", **more}


def dlgrade(*words, folder=".", variables=None, **more):
    """Run a command to its end; return how it ended and what it wrote.

    Parameters
    ----------
    words
        What follows `dlgrade` on its line.
    folder
        Where it runs.
    variables
        Its whole environment, where the usual one will not do.
    more
        What `run_dlgrade` takes besides: what is typed, and the encoding of what is written.
    """
    variables = environment() if variables is None else variables
    return run_dlgrade(*words, folder=Path(folder).resolve(), variables=variables, **more)


def grade(folder, gradebook, *words, only=ONLY, sandbox=SANDBOX):
    """Run `dlgrade grade` to its end, in one grading process where nothing else is said."""
    if "--jobs" not in words:
        words = (*words, "--jobs", 1)
    chosen = [word for target in only.split() for word in ("--only", target)]
    return dlgrade("grade", folder, "--gradebook", gradebook, "--sandbox", sandbox, *chosen, *words)


def results(gradebook, *words):
    """Return the result documents by submission, as an export has them.

    Without more words they are read here: starting the command costs as much as grading one.
    """
    if words:
        done = dlgrade("export", gradebook, "--format", "json", *words)
        assert done.returncode == 0, done.stderr
        text = done.stdout
    else:
        stream = io.StringIO()
        with Gradebook(Path(gradebook), read_only=True) as book:
            load_exporter("json")(select_view(book), stream, Options())
        text = stream.getvalue()
    return {r["submission"]: r for r in json.loads(text)["results"]}


def graded(gradebook):
    """Return the documents of which every exercise has been graded."""
    return {name: one for name, one in results(gradebook).items() if one["complete"]}


def statuses(gradebook):
    """Return {submission: {exercise: status}}."""
    return {
        name: {e["id"]: e["status"] for e in result["exercises"]}
        for name, result in results(gradebook).items()
    }


def without_times(gradebook):
    """Return the documents without what differs from run to run."""
    found = results(gradebook)
    for result in found.values():
        for exercise in result["exercises"]:
            exercise["seconds"] = None
    return found


def children_of(pid):
    """Return the ids of all descendants of a process, but for what waits for orders of tests."""
    from grader.worker.family import find_family

    waiting = {one for process in started.waiting for one in find_family(process.pid)}
    return [one for one in find_family(pid)[1:] if one not in waiting]


def is_alive(pid):
    """Tell whether a process is there that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
