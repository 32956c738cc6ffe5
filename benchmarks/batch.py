"""Measure `dlgrade grade` as ratios to what an instructor would write, in one run.

    python benchmarks/batch.py [--rounds N] [--flat]

The yardstick is `baseline_conv.py`: for each submission one pytest process with Hypothesis and
torch, the same seven functions, the same number of cases. Both are taken in turn, so that a machine
whose speed drifts does not favour one; every figure is a median over the rounds. `--flat` also
grades 100 and 2,000 submissions and compares the time of each and the parent's memory.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "benchmarks" / "baseline_conv.py"
CLASS = ROOT / "examples" / "class"
RIGHT = [
    ROOT / "solutions" / "conv.py",
    *(CLASS / n / "conv.py" for n in ("right-loops", "right-einsum")),
]
WRONG = [CLASS / name / "conv.py" for name in ("flipped-kernel", "cropped-padding", "half-written")]
BROKEN = [CLASS / "syntax-error" / "conv.py"]
MIX = [*RIGHT * 2, *WRONG, BROKEN[0]]  # 60 % right, 30 % wrong, 10 % broken
CASES = "110"  # dlgrade asks 773 for the seven functions
SEVEN = [  # that the yardstick asks about: `conv` has more
    f"conv.{name}"
    for name in (
        *("conv_output_size", "zero_pad2d", "correlate2d", "im2col", "col2im"),
        *("conv2d_forward", "conv2d_backward"),
    )
]
BASELINE_EACH, OURS_EACH = 1, 3
SANDBOX = "bwrap" if shutil.which("bwrap") else "none"


def write_class(folder: Path, sources: list[Path], count: int) -> Path:
    """Write submissions that all differ, in turn from the sources."""
    for number in range(count):
        student = folder / f"s{number:04}"
        student.mkdir(parents=True)
        text = sources[number % len(sources)].read_text()
        (student / "conv.py").write_text(f"{text}\n# {folder.name} {number}\n")
    return folder


def seconds(command: list[str], **variables: str) -> float:
    """Return the wall time of one whole process; its own failures are part of the work."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    start = time.perf_counter()
    subprocess.run(command, env=environment, capture_output=True, check=False)
    return time.perf_counter() - start


def ours(folder: Path, book: Path, jobs: int = 1, only: Sequence[str] = SEVEN) -> float:
    """Return the seconds of a whole `dlgrade grade`, its bank there already."""
    command = [sys.executable, "-P", "-m", "grader", "grade", str(folder), "--gradebook", str(book)]
    command += ["--assignment", "a", "--jobs", str(jobs), "--sandbox", SANDBOX]
    command += [word for one in only for word in ("--only", one)]
    return seconds(command)


def baseline(sources: list[Path], scratch: Path) -> float:
    """Return the seconds of the instructor's script, one process for each submission."""
    total = 0.0
    for source in sources:
        student = scratch / "student"
        student.mkdir(exist_ok=True)
        shutil.copy(source, student / "conv.py")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(BASELINE)]
        total += seconds(command, SUBMISSION=str(student), CASES=CASES)
    return total


def throughput(name: str, sources: list[Path], rounds: int, scratch: Path, book: Path) -> None:
    """Print how many submissions are graded in the time of one by the instructor's script."""
    ratios, each, yardsticks = [], [], []
    for number in range(rounds):
        theirs = baseline(sources * BASELINE_EACH, scratch) / (len(sources) * BASELINE_EACH)
        count = 10 * OURS_EACH
        folder = write_class(scratch / f"{name}-{number}", sources, count)
        mine = ours(folder, book) / count
        yardsticks.append(mine / seconds([sys.executable, "-c", "import torch"]))
        ratios.append(theirs / mine)
        each.append(mine)
    print(f"{name:28} {statistics.median(ratios):6.1f} x the instructor's script, one job")
    print(f"{'':28} {statistics.median(yardsticks):6.2f} x import torch for a submission")


def scaling(rounds: int, scratch: Path, book: Path) -> None:
    """Print the speed-up of two jobs beside that of two bare loops of `import numpy`."""
    text = "import subprocess, sys\nfor _ in range(12):\n"
    text += "    subprocess.run([sys.executable, '-c', 'import numpy'])"
    loop = [sys.executable, "-c", text]
    gains, bare = [], []
    for number in range(rounds):
        pair = [write_class(scratch / f"jobs-{number}-{jobs}", RIGHT, 24) for jobs in (1, 2)]
        one, two = ours(pair[0], book, 1), ours(pair[1], book, 2)
        alone = seconds(loop) + seconds(loop)
        threads = [threading.Thread(target=seconds, args=(loop,)) for _ in range(2)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        bare.append(alone / (time.perf_counter() - start))
        gains.append(one / two)
    gain, other = statistics.median(gains), statistics.median(bare)
    print(f"{'two jobs':28} {gain:6.2f} x one job, where two numpy loops reach {other:.2f} x one:")
    print(f"{'':28} {gain / other:6.2f} of that")


def flat(scratch: Path, book: Path) -> None:
    """Print time for each submission and the parent's memory for a small and a large class."""
    for count in (100, 2000):
        folder = write_class(scratch / f"flat-{count}", [RIGHT[0]], count)
        command = [
            sys.executable,
            "-P",
            "-m",
            "grader",
            "grade",
            str(folder),
            "--gradebook",
            str(book),
        ]
        command += ["--assignment", "a", "--only", "conv.zero_pad2d", "--sandbox", SANDBOX]
        start, peak = time.perf_counter(), 0
        run = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
        )
        process = psutil.Process(run.pid)
        while run.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.05)
        each = (time.perf_counter() - start) / count
        print(
            f"{f'{count} submissions':28} {each * 1000:6.0f} ms each, parent {peak / 2**20:.0f} MiB"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flat", action="store_true")
    parser.add_argument("--part", choices=["right", "wrong", "mix", "jobs", "none"], default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        book = scratch / "gradebook.db"
        ours(write_class(scratch / "warm", [*RIGHT, *WRONG], 6), book)  # draws the bank
        if chosen.part in ("", "right"):
            throughput("right submissions", RIGHT, chosen.rounds, scratch, book)
        if chosen.part in ("", "wrong"):
            throughput("wrong submissions", WRONG, chosen.rounds, scratch, book)
        if chosen.part in ("", "mix"):
            throughput("60 % right, 30 % wrong", MIX, chosen.rounds, scratch, book)
        if chosen.part in ("", "jobs"):
            scaling(chosen.rounds, scratch, book)
        if chosen.flat:
            flat(scratch, book)


if __name__ == "__main__":
    main()
