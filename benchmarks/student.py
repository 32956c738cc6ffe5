"""Measure the student's commands as ratios to `python -c "import torch"` in the same run.

    python benchmarks/student.py [RUNS]

`list`, `--help` and `dlgrade` alone are whole processes. For `watch` one process runs throughout;
a save replaces conv.py, and the clock stops when the verdict (the exercise's line) arrives, and
again when the whole message has. Yardstick and measurement are taken in turn, RUNS times (7 by
default); each figure is a median, and needs a system with pseudo-terminals for `watch`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from grader.course.course import find_course
from grader.student.folder import function_text, lay_out, replace_function

YARDSTICK = [sys.executable, "-c", "import torch"]
DLGRADE = [sys.executable, "-m", "grader"]
WRONG = """def conv2d_forward(x, weight, bias, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.zeros((len(x), len(weight), oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, i : i + kh, j : j + kw]
            out[:, :, i, j] = np.einsum("nckl,fckl->nf", window, weight) + bias
    return out
"""


def seconds(command: list[str], folder: Path) -> float:
    """Return the seconds of one whole process."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - start


def processes(folder: Path, runs: int) -> dict[str, float]:
    """Return the median ratio of each quick command to the yardstick."""
    commands = {"--help": ["--help"], "list": ["list"], "dlgrade alone": []}
    ratios: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        yardstick = seconds(YARDSTICK, folder)
        for name, arguments in commands.items():
            ratios[name].append(seconds([*DLGRADE, *arguments], folder) / yardstick)
    return {name: statistics.median(found) for name, found in ratios.items()}


def saves(folder: Path, runs: int) -> dict[str, float]:
    """Return the median ratio of a save's verdict, and of its whole message, to the yardstick."""
    course = find_course()
    file = folder / "exercises" / "conv.py"
    stub = file.read_text(encoding="utf-8")
    answer = (Path(__file__).parent.parent / "solutions" / "conv.py").read_text(encoding="utf-8")
    needed = [exercise.name for exercise in course.find(["conv"])]
    right = stub
    for name in needed:
        right = replace_function(right, name, function_text(answer, name))
    texts = {"wrong": replace_function(right, "conv2d_forward", WRONG), "right": right}
    watch = pexpect.spawn(
        DLGRADE[0], [*DLGRADE[1:], "watch", "conv.conv2d_forward"], cwd=str(folder),
        encoding="utf-8", timeout=120, dimensions=(50, 100), env=os.environ | {"TERM": "xterm"},
    )  # fmt: skip
    watch.expect("q quit")
    found: dict[str, list[float]] = {}
    for number in range(runs + 1):
        yardstick = seconds(YARDSTICK, folder)
        for kind, text in texts.items():
            time.sleep(1.0)  # as between two saves of a person
            start = time.perf_counter()
            file.write_text(text, encoding="utf-8")
            watch.expect("/ 3")
            verdict = time.perf_counter() - start
            watch.expect("q quit")
            whole = time.perf_counter() - start
            if number:  # the first one pays for torch's own first calls
                found.setdefault(f"save to verdict, {kind}", []).append(verdict / yardstick)
                found.setdefault(f"save to message, {kind}", []).append(whole / yardstick)
    watch.send("q")
    watch.expect(pexpect.EOF)
    return {name: statistics.median(ratios) for name, ratios in found.items()}


def main(runs: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        lay_out(find_course(), folder / "exercises")
        for name, ratio in (processes(folder, runs) | saves(folder, runs)).items():
            print(f"{name:<28} {ratio:6.3f} x import torch")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
