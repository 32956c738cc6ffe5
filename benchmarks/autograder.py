"""Measure what a submission costs in Gradescope's autograder, with its cases and without.

    python benchmarks/autograder.py [RUNS]

The autograder of one assignment is released once, laid out as Gradescope does, and run RUNS times
(5 by default) with the cases that it carries and, in turn, without them. Beside it stands what one
submission of a batch of twenty costs. All figures are processor seconds of whole process trees as
ratios to `python -c "import torch"` in the same run, so that a busy machine changes little.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YARDSTICK = [sys.executable, "-c", "import torch"]
DLGRADE = [sys.executable, "-m", "grader"]
MODULE = "conv"
CLASS_SIZE = 20
HANDED_IN = ROOT / "examples" / "class" / "right-loops"


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the processor seconds of a process and of all that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def lay_out(folder: Path, environment: dict[str, str]) -> Path:
    """Release an autograder and put a submission before it; return its root."""
    words = ["release", str(folder / "out"), "--gradescope", "--only", MODULE]
    subprocess.run([*DLGRADE, *words], env=environment, capture_output=True, check=True)
    root = folder / "autograder"
    with zipfile.ZipFile(folder / "out" / "autograder.zip") as archive:
        archive.extractall(root / "source")
    shutil.copytree(HANDED_IN, root / "submission")
    tool = folder / "dlgrade"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m grader "$@"\n')
    tool.chmod(0o755)
    return root


def in_a_batch(folder: Path, environment: dict[str, str]) -> float:
    """Return the processor seconds that one more submission of a class costs."""
    spent = []
    for count in (1, CLASS_SIZE):
        for number in range(count):
            shutil.copytree(HANDED_IN, folder / f"class{count}" / f"s{number}")
            with (folder / f"class{count}" / f"s{number}" / "conv.py").open("a") as file:
                file.write(f"\n# {number}\n")  # the same content is graded once
        words = ["grade", str(folder / f"class{count}"), "--gradebook", str(folder / f"{count}.db")]
        line = [*DLGRADE, *words, "--only", MODULE, "--seed", "1"]
        spent.append(cpu_seconds(line, environment))
    return (spent[1] - spent[0]) / (CLASS_SIZE - 1)


def main(runs: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        root = lay_out(folder, environment)
        environment |= {"AUTOGRADER_ROOT": str(root), "DLGRADE": str(folder / "dlgrade")}
        cases, aside = root / "source" / "course" / "cases", folder / "cases aside"
        script = ["bash", str(root / "source" / "run_autograder")]
        ratios: dict[str, list[float]] = {"with its cases": [], "without them": []}
        for _ in range(runs):
            yardstick = cpu_seconds(YARDSTICK, environment)
            ratios["with its cases"].append(cpu_seconds(script, environment) / yardstick)
            cases.rename(aside)
            ratios["without them"].append(cpu_seconds(script, environment) / yardstick)
            aside.rename(cases)
        batch = in_a_batch(folder, environment) / cpu_seconds(YARDSTICK, environment)
    print(f"a submission of {MODULE} in the autograder, as multiples of `import torch`")
    for name, found in ratios.items():
        print(f"  {name:<40} {statistics.median(found):6.2f}")
    print(f"  {'one more in a batch':<40} {batch:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
