"""Simulate a cluster of 100 nodes: what the parent and the scheduler take, each measured alone.

    python benchmarks/many_nodes.py [--orders 10000] [--nodes N] [--slots N] [--at-once]

First some submissions of the example class are graded in earnest on this machine, for the time
that each takes and for what is answered. Then three processes: Dask's scheduler as
`dlgrade node --scheduler` starts it; the parent, which grades a class with the code of
`dlgrade grade`; and the nodes, all in one process, which let themselves be admitted, wait for as
long as one of those gradings took (`--at-once`: not at all) and answer what it said. They grade
nothing.

Told after every thousand orders is the processor time of the scheduler and of the parent since the
first result, at which all nodes are waited for, and the most memory that the parent had so far.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from batch import MIX, SANDBOX, write_class  # noqa: E402 - beside, not installed

from grader.course.course import find_course  # noqa: E402

if TYPE_CHECKING:
    from grader.cluster.executor import ClusterExecutor
    from grader.grading.messages import Setup
    from grader.render.grades.told import Done

RECORDED, SEED, MODULE = 40, 7, "conv"
EVERY, PATIENCE_S = 1_000, 60.0


def record(folder: Path) -> None:
    """Grade some submissions in earnest; write down what was answered, and in which time."""
    from grader.grading.executor import DRAW, LocalExecutor, Order
    from grader.grading.intake.layouts import find_all
    from grader.grading.intake.packages import read_package
    from grader.grading.messages import Setup

    ids = tuple(one.id for one in find_course().find([MODULE]))
    (folder / "bank").mkdir()
    (folder / "scratch").mkdir()
    setup = Setup(
        None, SEED, 10.0, 1024, SANDBOX, str(folder / "bank"), str(folder / "scratch"), asked=ids
    )
    executor = LocalExecutor(setup, 1)
    executor.submit(Order(DRAW, ids)).result()
    rows = []
    for one in find_all(write_class(folder / "recorded", MIX, RECORDED)).submissions:
        order = Order(read_package(one).to_bytes(), ids, one.name)
        begun = time.perf_counter()
        graded = executor.submit(order).result()
        rows.append((time.perf_counter() - begun, graded))
    executor.close()
    (folder / "recorded.json").write_text(json.dumps(rows))
    times = [seconds for seconds, _ in rows]
    print(
        f"{RECORDED} submissions of {MODULE}, sandbox {SANDBOX}: "
        f"{statistics.median(times):.2f} s each, {min(times):.2f} to {max(times):.2f} s"
    )


async def be_nodes(address: str, folder: Path, nodes: int, slots: int, at_once: bool) -> None:
    """Be all nodes, until standard input is closed."""
    from distributed import Worker, get_worker

    import grader.cluster.nodes.node as real
    from grader.cluster.here import describe_here
    from grader.cluster.sealing import Channel, Handshake
    from grader.cluster.settings import NO_PAGES, set_up
    from grader.frames import from_frame, to_frame

    set_up(folder / "dask")
    recorded = json.loads((folder / "recorded.json").read_text())
    here, channels = describe_here(find_course()), dict[str, Channel]()

    def answer(message: bytes) -> bytes:
        head, data = from_frame(message)
        what, run, number = head["what"], head["run"], head["number"]
        me = get_worker().address
        if what == "hello":
            handshake = Handshake()
            channels[me] = handshake.agree(head["public"], run)
            said = {**here, "slots": slots, "public": handshake.public, "ready": False}
            return to_frame({**said, "identity": me[-12:]})
        label = f"{what} {run} {number}"
        channels[me].unseal(data, label)
        inner: dict[str, Any] = {}
        if what == "grade":
            seconds, graded = random.choice(recorded)
            time.sleep(0 if at_once else seconds)
            inner = {"graded": graded}
        sealed = channels[me].seal(to_frame(inner), f"answer to {label}")
        return to_frame({"number": number}, sealed)

    real.answer = answer
    workers = [
        await Worker(address, nthreads=slots + 1, memory_limit=0, name=f"node-{number}",
                     dashboard=False, dashboard_address=NO_PAGES, host="127.0.0.1",
                     local_directory=str(folder / "dask"))
        for number in range(nodes)
    ]  # fmt: skip
    print(f"{len(workers)} nodes", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)


def be_parent(address: str, folder: Path, count: int, nodes: int) -> None:
    """Have a class graded; say when the first result and the last one are there."""
    from grader.cluster.executor import ClusterExecutor
    from grader.cluster.hosting import ElsewhereHost
    from grader.grading.run import Plan, grade_class

    course = find_course()
    plan = Plan(
        course, None, folder / f"class-{count}", folder / f"{count}.db", course.find([MODULE]),
        "a", seed=SEED, sandbox="none",
    )  # fmt: skip
    number = 0
    executors: list[ClusterExecutor] = []

    def begin(setup: Setup, jobs: int) -> ClusterExecutor:
        host = ElsewhereHost(address, Path())
        executors.append(ClusterExecutor(setup, jobs, host, tell_of_nodes))
        return executors[0]

    def tell_of_nodes(line: str) -> None:
        if not line.endswith("slots"):
            print(line, file=sys.stderr)

    def tell(_: Done) -> None:
        nonlocal number
        number += 1
        if number == 1:
            wait_for_nodes(executors[0], nodes)
        if number == 1 or number % EVERY == 0 or number == count:
            peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(number, executors[0].nodes, peak_mib, flush=True)
            input()

    grade_class(plan, plan.find(), tell, begin)


def wait_for_nodes(executor: ClusterExecutor, nodes: int) -> None:
    """Wait until all are admitted, or no more come."""
    last, since = 0, time.monotonic()
    while executor.nodes < nodes and time.monotonic() - since < PATIENCE_S:
        if executor.nodes != last:
            last, since = executor.nodes, time.monotonic()
        time.sleep(0.1)


def start(*words: object) -> subprocess.Popen[str]:
    """Start a part of the simulation."""
    return subprocess.Popen(
        [sys.executable, "-P", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def cpu_s(process: subprocess.Popen[str]) -> float:
    """Return the processor time of a process so far."""
    used = psutil.Process(process.pid).cpu_times()
    return used.user + used.system


def simulate(folder: Path, count: int, given: argparse.Namespace) -> None:
    """Print what one class takes of the parent and of the scheduler."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{one.getsockname()[1]}"
    write_class(folder / f"class-{count}", MIX, count)
    bank = folder / f"{count}.db.bank"
    bank.mkdir()
    for file in (folder / "bank").iterdir():
        (bank / file.name).write_bytes(file.read_bytes())
    scheduler = start("-m", "grader", "node", "--scheduler", address)
    nodes = start(__file__, "--be", "nodes", "--at", address, "--folder", folder, "--nodes",
                  given.nodes, "--slots", given.slots, *["--at-once"] * given.at_once)  # fmt: skip
    assert nodes.stdout is not None
    nodes.stdout.readline()
    parent = start(__file__, "--be", "parent", "--at", address, "--folder", folder, "--orders",
                   count, "--nodes", given.nodes)  # fmt: skip
    assert parent.stdout is not None
    assert parent.stdin is not None
    parts = {"parent": parent, "scheduler": scheduler, "nodes' side": nodes}
    first: tuple[float, dict[str, float]] | None = None
    for line in parent.stdout:
        number, there, peak_mib = map(int, line.split())
        used = {name: cpu_s(process) for name, process in parts.items()}
        now = time.perf_counter()
        first = first or (now, used)
        seconds, orders = now - first[0], number - 1
        print(f"{number} of {count}, {there} nodes of {given.slots} slots, {seconds:.0f} s; "
              f"the parent's memory {peak_mib} MiB at most", flush=True)  # fmt: skip
        for name in parts:
            took = used[name] - first[1][name]
            if orders:
                print(f"  {name:12} {1000 * took / orders:5.2f} ms of processor time an order, "
                      f"{took / seconds:.0%} of a processor", flush=True)  # fmt: skip
            else:
                print(f"  {name:12} {used[name]:.1f} s before the first", flush=True)
        parent.stdin.write("\n")
        parent.stdin.flush()
    for process in (parent, nodes, scheduler):
        assert process.stdin is not None
        process.stdin.close()
        if process is scheduler:
            process.terminate()
        process.wait()


def main() -> None:
    """Print the table, or be a part of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000])
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--at-once", action="store_true")
    parser.add_argument("--be", choices=["nodes", "parent"], help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.be == "nodes":
        at_once = given.at_once
        asyncio.run(be_nodes(given.at, given.folder, given.nodes, given.slots, at_once))
    elif given.be == "parent":
        be_parent(given.at, given.folder, given.orders[0], given.nodes)
    else:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            folder.chmod(0o755)
            record(folder)
            for count in given.orders:
                simulate(folder, count, given)


if __name__ == "__main__":
    main()
