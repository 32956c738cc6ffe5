"""Measure what a cluster costs and gives, as ratios, and simulate a large one.

    python benchmarks/cluster.py [--rounds N] [--submissions N] [--simulate]

`local:1` against plain `--jobs 1`, and `local:2` against `--jobs 2`, on one machine and in turn:
the seconds of a whole run, and the submissions a second from the first result to the last, since
a node has to start. `--simulate` grades a small class once, for the time that each submission
takes; then 100 nodes in this process answer 10,000 orders after such times and grade nothing,
through Dask's scheduler and the parent's own code, and what is told is the processor time that
these take for each submission.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import resource
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
NODES, SLOTS, ORDERS = 100, 4, 10_000


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


def cpu_s() -> float:
    """Return the processor time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def simulate(durations_s: list[float]) -> None:
    """Print what the scheduler and the parent take for each order, with nodes that only wait.

    Parameters
    ----------
    durations_s
        How long submissions took, of which each order is given one.
    """
    from distributed import Client, Worker

    from grader.cluster.admission import Admitted, ask_sealed
    from grader.cluster.hosting import start_scheduler
    from grader.cluster.sealing import Channel, make_key

    random.seed(1)
    scheduler = await start_scheduler("tcp://127.0.0.1:0", None)
    workers = await asyncio.gather(
        *(Worker(scheduler.address, nthreads=SLOTS, memory_limit=0, dashboard_address="127.0.0.1:0",
                 heartbeat_interval="5s") for _ in range(NODES))
    )  # fmt: skip
    client = await Client(scheduler.address, asynchronous=True, set_as_default=False)
    channel = Channel(make_key())
    members = [Admitted(one.address, "simulated", slots=SLOTS, channel=channel) for one in workers]
    free = asyncio.Queue[Admitted]()
    for member in members * SLOTS:
        free.put_nowait(member)
    package = os.urandom(20_000)
    import grader.cluster.admission as ours

    def wait_only(message: bytes) -> bytes:
        from grader.cluster.sealing import Channel
        from grader.frames import from_frame, to_frame

        time.sleep(random.choice(durations_s))
        head, _ = from_frame(message)
        label = f"{head['what']} {head['run']} {head['number']}"
        return to_frame({}, Channel(channel.key).seal(to_frame({"done": 1}), f"answer to {label}"))

    ours.answer = wait_only
    start, before = time.perf_counter(), cpu_s()

    async def one_order() -> None:
        member = await free.get()
        await ask_sealed(client, member, "run", "grade", {"exercises": ["conv"]}, package)
        free.put_nowait(member)

    await asyncio.gather(*(one_order() for _ in range(ORDERS)))
    took, used = time.perf_counter() - start, cpu_s() - before
    print(f"{NODES} nodes of {SLOTS} slots, {ORDERS} orders with recorded durations: {took:.0f} s")
    print(f"  {used / ORDERS * 1000:.1f} ms of processor time for each order, in which the parent,")
    print("  Dask's scheduler and the nodes' side of Dask are together; grading is none of it")
    print(
        f"  memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )
    await client.close()
    await asyncio.gather(*(one.close() for one in workers))
    await scheduler.close()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--simulate", action="store_true")
    given = parser.parse_args()
    if given.simulate:
        sys.path.insert(0, str(ROOT))
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o755)
            write_class(Path(name) / "hw", given.submissions)
            grade(Path(name), "--jobs", "1")  # draws the cases
            _, durations_s = grade(Path(name), "--jobs", "1")
        took = f"{statistics.median(durations_s):.2f} s, {max(durations_s):.2f} s at most"
        print(f"a submission takes {took}")
        asyncio.run(simulate(durations_s))
    else:
        compare(given.rounds, given.submissions)


if __name__ == "__main__":
    main()
