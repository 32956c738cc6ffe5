"""Try every wall and every limit of a sandbox with code that a student could have written."""

from __future__ import annotations

import contextlib
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import WorkerLostError
from grader.model import Case, Limits, Raised
from grader.worker.client import Worker
from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage
from grader.worker.wire import pack_case, read_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.worker.sandbox.base import Sandbox

LIMITS = Limits(timeout_s=3.0, memory_mib=512, output_mib=1)

# Each function answers 1 where the wall holds.
PROBES = """
import os, socket, sys, time

def numpy_works():
    import numpy
    return int(numpy.ones(3).sum() == 3)

def reads_nothing():
    for place in ["/etc/passwd", "/proc/1/environ", *{private!r}]:
        try:
            os.listdir(place) if os.path.isdir(place) else open(place).read()
            return 0
        except OSError:
            pass
    return 1

def writes_nothing():
    for place in ("/", "/submission", os.path.dirname(os.__file__), "/dev", "/usr"):
        try:
            open(place + "/x", "w")
            return 0
        except OSError:
            pass
    return 1

def reaches_nobody():
    for address in (("127.0.0.1", {port}), ("192.0.2.1", 80)):
        try:
            with socket.socket() as one:
                one.settimeout(0.2)
                one.connect(address)
                return 0
        except OSError:
            pass
    return 1

def few_processes():
    for _ in range(200):
        try:
            if os.fork() == 0:
                time.sleep(5)
                os._exit(0)
        except OSError:
            return 1
    return 0

def little_memory():
    try:
        return int(len(bytearray(4 * 2**30)) < 0)
    except MemoryError:
        return 1

def memory_together():
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            keep = b"x" * (200 * 2**20)
            time.sleep(5)
            os._exit(0)
        children.append(child)
    time.sleep(1.5)
    ended = sum(os.waitpid(child, os.WNOHANG)[0] != 0 for child in children)
    return int(ended > 0)

def few_files():
    keep = []
    try:
        for _ in range(4000):
            keep.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        return 1
    return 0

def little_disk():
    written = 0
    try:
        for number in range(20):
            with open("/tmp/x%d" % number, "wb") as file:
                for _ in range(8):
                    written += file.write(bytes(2**20))
    except OSError:
        pass
    return int(written <= 70 * 2**20)

def no_tracing():
    import ctypes
    return int(ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) != 0)

def other_libraries():
    sys.path.append(os.path.dirname(os.__file__) + "/site-packages")
    try:
        __import__("torch")
        return 0
    except ImportError:
        return 1
"""

BY_MEMORY = ("few_processes", "memory_together")  # may end by this limit first
WANTED = (
    ("numpy_works", "a worker starts in it and numpy computes"),
    ("reads_nothing", "home, solutions, /etc and /proc cannot be read"),
    ("writes_nothing", "nothing can be written but a private /tmp"),
    ("reaches_nobody", "no network, neither loopback nor outside"),
    ("other_libraries", "no library but numpy is there"),
    ("no_tracing", "other processes cannot be traced"),
    ("few_processes", "a fork bomb ends at 64 processes"),
    ("little_memory", "one process cannot take too much memory"),
    ("memory_together", "many processes together cannot either"),
    ("few_files", "open files are limited"),
    ("little_disk", "files are small and few"),
)


def probe_sandbox(kind: str, solutions: Path | None) -> Iterator[tuple[str, str, bool, str]]:
    """Yield name, what is tried, whether it held, and how it ended.

    Parameters
    ----------
    kind
        "bwrap" or "uid".
    solutions
        A folder that must not be readable.

    Raises
    ------
    GraderError
        The sandbox does not work here at all; the message says what helps.
    """
    scratch = make_scratch()
    stage = make_stage(scratch)
    try:
        with (
            make_sandbox(kind, scratch) as sandbox,
            socket.create_server(("127.0.0.1", 0)) as server,
        ):
            port = server.getsockname()[1]
            text = PROBES.format(private=_private_places(solutions), port=port)
            (stage / "probe.py").write_text(text, encoding="utf-8")
            (stage / "probe.py").chmod(0o644)
            for function, words in WANTED:
                outcome = _try(sandbox, stage, function)
                held = outcome == "1" or (function in BY_MEMORY and "memory" in outcome)
                yield f"{kind}: {function.replace('_', ' ')}", words, held, outcome
            yield _groups(sandbox)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _private_places(solutions: Path | None) -> list[str]:
    """Return what must not be readable: the solutions, and some of what is in the user's home."""
    on_the_way = Path(sys.base_prefix).parents  # to Python itself; their names can be seen
    found = [str(solutions)] if solutions else []
    with contextlib.suppress(OSError):
        entries = [path for path in sorted(Path.home().iterdir()) if path not in on_the_way]
        found += [str(path) for path in entries if not path.is_symlink()][:8]
    return found


def _try(sandbox: Sandbox, stage: Path, function: str) -> str:
    request = pack_case(Case(((),)))
    with Worker(stage, LIMITS, sandbox) as worker:
        try:
            worker.load("probe", function)
            (frame,) = worker.call("probe", function, [request])
            last = read_reply(*frame, request).steps[-1]
        except WorkerLostError as error:
            return str(error)
    return last.type if isinstance(last, Raised) else str(last)


def _groups(sandbox: Sandbox) -> tuple[str, str, bool, str]:
    group = sandbox.group(LIMITS)
    found = ", ".join(sorted(group.controllers)) if group else "none"
    words = f"control groups: {found}"
    if not group:
        words += "; memory is watched from outside and processes are limited by RLIMIT_NPROC"
    return f"{sandbox.name}: control groups", words, True, found
