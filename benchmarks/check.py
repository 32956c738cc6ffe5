"""Measure `dlgrade check` as ratios to `python -c "import torch"` in the same run.

    python benchmarks/check.py [RUNS]

Every figure is the median of RUNS whole processes (5 by default), taken in turn with the
yardstick, so that a machine whose speed drifts does not favour one. A wrong answer is told to its
end, and up to the line that says so; the first time with what others left in the bank, and again.
The last two compare one small call with a child process that only decodes the arguments and sends
them back.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from grader.model import Case, Limits
from grader.worker.client import Worker
from grader.worker.wire import pack_case

ROOT = Path(__file__).resolve().parent.parent
YARDSTICK = [sys.executable, "-c", "import torch"]
DLGRADE = [sys.executable, "-m", "grader"]

# What any child must do: read a frame, turn it into arrays, turn them into a frame, write it.
ECHO = """
import json, os, sys
from grader.worker.child import encoding
from grader.worker.child.agreed import PREFIX
requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
os.write(1, PREFIX.pack(bytes(16), 11, 0) + b'{"ready":0}')
while head := requests.read(PREFIX.size):
    token, text_size, data_size = PREFIX.unpack(head)
    request = json.loads(requests.read(text_size))
    data, at = requests.read(data_size), 0
    for case, size in zip(request["cases"], request["sizes"]):
        decoder, encoder = encoding.Decoder(data[at:at + size]), encoding.Encoder()
        texts = [encoder.encode(value) for value in decoder.decode(case[0])]
        text, body = encoding.listed(texts).encode(), b"".join(encoder.chunks)
        os.write(1, PREFIX.pack(token, len(text), len(body)) + text + body)
        at += size
"""


def run_once(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds of one whole process."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)
    return time.perf_counter() - start


def until_verdict(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds until a process has said that an answer is wrong."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        said = any(b"wrong answer" in line for line in process.stdout or ())
        seconds = time.perf_counter() - start
        process.communicate()
    if not said:
        raise SystemExit(f"nothing was wrong: {' '.join(command)}")
    return seconds


def wrong_ratios(command: list[str], others: list[list[str]], runs: int) -> list[float]:
    """Return what a wrong answer costs to its end and to its verdict, the first time and again.

    The bank is the one that other commands leave.
    """
    found: list[list[float]] = [[], [], [], []]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs):
            used = [Path(folder, f"{number}-{kind}") for kind in ("end", "verdict")]
            measures = (run_once, until_verdict)
            for place, (cache, measure) in enumerate(zip(used, measures, strict=True)):
                own = os.environ | {"XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache)}
                if number == place == 0:
                    for other in others:
                        run_once(other, own)
                    shutil.copytree(cache, Path(folder, "left"))
                else:
                    shutil.copytree(Path(folder, "left"), cache)
                for again in (0, 2):
                    found[place + again].append(measure(command, own) / run_once(YARDSTICK, own))
    return [statistics.median(ratios) for ratios in found]


def ratio(command: list[str], runs: int, *, empty_bank: bool = False) -> float:
    """Return the median ratio of a command's time to the yardstick's, taken in turn."""
    ratios = []
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"XDG_CACHE_HOME": cache, "LOCALAPPDATA": cache}
        if not empty_bank:
            run_once(command, environment)
        for number in range(runs):
            folder = f"{cache}/{number}" if empty_bank else cache
            own = environment | {"XDG_CACHE_HOME": folder, "LOCALAPPDATA": folder}
            ratios.append(run_once(command, own) / run_once(YARDSTICK, environment))
    return statistics.median(ratios)


def call_seconds(worker: Worker, count: int, rounds: int) -> float:
    """Return the seconds of one call of `f`, asked `count` at a time."""
    request = pack_case(Case(((np.ones((2, 3)), (1, 2), 1, 0),)))
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in worker.call("m", "f", [request] * count):
            pass
        times.append((time.perf_counter() - start) / count)
    return statistics.median(times)


def call_ratios(folder: Path) -> tuple[float, float]:
    """Return the cost of a small call in a batch and alone, beside the echo child's."""
    (folder / "m.py").write_text("def f(x, kernel_size, stride=1, padding=0):\n    return x\n")
    (folder / "echo.py").write_text(ECHO)
    start = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; exec(open('echo.py').read())"
    command = [sys.executable, "-c", start]
    with Worker(folder, Limits()) as worker, Worker(folder, Limits(), lambda *_: command) as echo:
        worker.load("m", "f")
        pairs = []
        for count, rounds in ((200, 30), (1, 600)):
            found = [
                call_seconds(worker, count, rounds) / call_seconds(echo, count, rounds)
                for _ in range(5)
            ]
            pairs.append(statistics.median(found))
    return pairs[0], pairs[1]


def exercise_ratios() -> list[tuple[str, float, float]]:
    """Return for each exercise what it costs with an empty and with a warm bank, dearest first."""
    with tempfile.TemporaryDirectory() as cache:
        own = os.environ | {"XDG_CACHE_HOME": cache, "LOCALAPPDATA": cache}
        yardstick = statistics.median(run_once(YARDSTICK, own) for _ in range(3))
        command = [*DLGRADE, "check", "--json", "--dir", "solutions"]
        found = []
        for _ in range(2):
            done = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, check=True)
            exercises = json.loads(done.stdout)["exercises"]
            found.append({e["id"]: e["seconds"] / yardstick for e in exercises})
    rows = [(name, cold, found[1][name]) for name, cold in found[0].items()]
    # The first exercise of a cold run pays for importing torch and Hypothesis.
    return sorted(rows[1:], key=lambda row: -row[1])


def module_ratios(runs: int) -> list[tuple[str, float]]:
    """Return for each module what a check of right answers costs with a warm bank, dearest first.

    All modules are checked in each round, beside one yardstick.
    """
    modules = [path.stem for path in sorted((ROOT / "solutions").glob("*.py"))]
    commands = {name: [*DLGRADE, "check", name, "--dir", "solutions"] for name in modules}
    found: dict[str, list[float]] = {name: [] for name in modules}
    with tempfile.TemporaryDirectory() as cache:
        own = os.environ | {"XDG_CACHE_HOME": cache, "LOCALAPPDATA": cache}
        run_once([*DLGRADE, "check", "--dir", "solutions"], own)
        for _ in range(runs):
            yardstick = run_once(YARDSTICK, own)
            for name, command in commands.items():
                found[name].append(run_once(command, own) / yardstick)
    rows = [(name, statistics.median(ratios)) for name, ratios in found.items()]
    return sorted(rows, key=lambda row: -row[1])


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    conv = [*DLGRADE, "check", "conv", "--dir", "solutions"]
    wrong = [*DLGRADE, "check", "conv", "--dir", "examples/class/cropped-padding"]
    other = [*DLGRADE, "check", "conv", "--dir", "examples/class/flipped-kernel"]
    after_right = wrong_ratios(wrong, [conv], runs)
    after_wrong = wrong_ratios(wrong, [conv, other], runs)
    everything = [*DLGRADE, "check", "--dir", "solutions"]
    rows = [
        ("check of a right conv, empty bank", 2.2, ratio(conv, runs, empty_bank=True)),
        ("check of a right conv, warm bank", 0.3, ratio(conv, runs)),
        ("a wrong conv after a right one", 0.7, after_right[0]),
        ("    its verdict", 0.35, after_right[1]),
        ("a wrong conv after another wrong one", 0.7, after_wrong[0]),
        ("    its verdict", 0.35, after_wrong[1]),
        ("a wrong conv, told before", 0.7, after_wrong[2]),
        ("    its verdict", 0.35, after_wrong[3]),
        ("the whole course, right, empty bank", 6.0, ratio(everything, runs, empty_bank=True)),
        ("the whole course, right, warm bank", 2.0, ratio(everything, runs)),
        ("dlgrade --help", 0.2, ratio([*DLGRADE, "--help"], runs)),
        ("dlgrade list", 0.2, ratio([*DLGRADE, "list"], runs)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        batch, alone = call_ratios(Path(folder))
    print(f"{'ratio to `import torch`':44} {'goal':>6} {'found':>6}")
    for name, goal, found in rows:
        print(f"{name:44} {goal:6.2f} {found:6.2f}")
    print(f"{'ratio to a child that echoes arguments':44}")
    print(f"{'a small call in a batch of 200':44} {1.5:6.2f} {batch:6.2f}")
    print(f"{'a small call alone':44} {1.5:6.2f} {alone:6.2f}")
    print(f"{'ratio to `import torch`, by module, warm':44} {'goal':>6} {'found':>6}")
    for name, warm in module_ratios(runs):
        print(f"{name:44} {0.5:6.2f} {warm:6.2f}")
    print(f"{'ratio to `import torch`, by exercise':44} {'empty':>6} {'warm':>6}")
    for name, cold, warm in exercise_ratios():
        print(f"{name:44} {cold:6.3f} {warm:6.3f}")


if __name__ == "__main__":
    main()
