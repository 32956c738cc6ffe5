"""Measure what a cluster of this machine costs and gives, as ratios; `many_nodes.py` has more.

    python benchmarks/cluster.py [--rounds N] [--submissions N]

`local:1` against plain `--jobs 1`, and `local:2` against `--jobs 2`, on one machine and in turn:
the seconds of a whole run, and the submissions a second from the first result to the last, since
a node has to start.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SANDBOX = "bwrap" if shutil.which("bwrap") else "none"


def write_class(folder: Path, count: int) -> Path:
    """Write submissions that all differ; two of three are right."""
    right = (ROOT / "solutions" / "conv.py").read_text()
    wrong = (ROOT / "examples" / "class" / "flipped-kernel" / "conv.py").read_text()
    for number in range(count):
        (folder / f"s{number:04}").mkdir(parents=True)
        text = wrong if number % 3 == 2 else right
        (folder / f"s{number:04}" / "conv.py").write_text(f"{text}\n# {number}\n")
    return folder


def grade(folder: Path, *words: str) -> tuple[float, list[float]]:
    """Return the seconds of a run, and those from each result to the next."""
    book = folder / "g.db"
    line = [sys.executable, "-P", "-m", "grader", "grade", str(folder / "hw"), "--gradebook",
            str(book), "--sandbox", SANDBOX, "--only", "conv", "--seed", "7",
            "--plain"]  # fmt: skip
    book.unlink(missing_ok=True)
    start = time.perf_counter()
    with subprocess.Popen(
        [*line, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = (told for told in process.stdout if re.match(r"\[\d+/\d+\]", told))
        times = [time.perf_counter() for _ in lines]
    if process.returncode:
        sys.exit(f"{' '.join(words)} ended with {process.returncode}")
    return time.perf_counter() - start, [b - a for a, b in pairwise(times)]


def compare(rounds: int, count: int) -> None:
    """Print seconds and throughput of both kinds, and their ratios."""
    kinds = {"--jobs 1": ("--jobs", "1"), "local:1": ("--cluster", "local:1"),
             "--jobs 2": ("--jobs", "2"), "local:2": ("--cluster", "local:2")}  # fmt: skip
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_class(folder / "hw", count)
        grade(folder, "--jobs", "2")  # draws the cases
        for _ in range(rounds):
            for kind, words in kinds.items():
                whole_s, between = grade(folder, *words)
                found[kind].append((whole_s, len(between) / sum(between)))
    middle = {
        kind: tuple(statistics.median(one[at] for one in some) for at in (0, 1))
        for kind, some in found.items()
    }
    print(f"{count} submissions of conv, {rounds} rounds, sandbox {SANDBOX}")
    for kind, (whole_s, rate) in middle.items():
        print(f"  {kind:9}  {whole_s:6.1f} s in all  {rate:5.2f} submissions a second")
    for number in (1, 2):
        ratio = middle[f"local:{number}"][1] / middle[f"--jobs {number}"][1]
        print(f"  throughput of local:{number} to --jobs {number}: {ratio:.2f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--submissions", type=int, default=60)
    given = parser.parse_args()
    compare(given.rounds, given.submissions)


if __name__ == "__main__":
    main()
