"""Try every wall and every limit of a sandbox with code that a student could have written."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import WorkerLostError
from grader.model import Case, Limits, Raised
from grader.worker.client import Worker
from grader.worker.sandbox.base import MAX_OPEN_FILES, MAX_PROCESSES
from grader.worker.sandbox.closing import closed_packages
from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.sandbox.landlock import landlock_version
from grader.worker.sandbox.mounts import is_open_to_all, make_scratch, make_stage
from grader.worker.wire import pack_case, read_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.worker.sandbox.base import Sandbox

LIMITS = Limits(timeout_s=60.0, memory_mib=512, output_mib=1)
ROOMY = replace(LIMITS, memory_mib=16_384)  # so that no fork bomb ends by memory first
GRACE_S = 20.0  # how long whoever watches memory may take; only a wall that is not there takes it
NEEDED_MIB = 2_048  # what must be free, so that it is not the machine that ends a process

# Each function answers 1 where the wall holds and 0 where it does not. Whatever it raises says why
# it could not be tried: a probe whose means fail tells nothing about the wall.
PROBES = """
import errno, os, socket, sys, time

def numpy_works():
    import numpy
    return int(numpy.ones(3).sum() == 3)

def readable(paths):
    for path in paths:
        try:
            os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
            return True
        except OSError:
            pass
    return False

def reads_nothing():
    return int(not readable({private!r}))

def other_libraries():
    return int(not readable({libraries!r}))

def writes_nothing():
    for path in [{writable!r}, os.path.dirname(__file__), os.path.dirname(os.__file__), "/"]:
        try:
            with open(path + "/x", "w") as file:
                file.write("x")
            return 0
        except OSError:
            pass
    return 1

def no_sockets():
    for family in (1, 2, 10, 16, 17, 38, 40):  # unix, inet, inet6, netlink, packet, alg, vsock
        for kind in (socket.SOCK_STREAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
                return 0
            except OSError:
                pass
    return 1

def no_tracing():
    import ctypes
    child = os.fork()
    if child == 0:
        time.sleep(3600)
        os._exit(0)
    attached = ctypes.CDLL(None, use_errno=True).ptrace(16, child, 0, 0)
    os.kill(child, 9)
    return int(attached != 0)

def few_processes():
    count = 0
    try:
        while count < 300:
            if os.fork() == 0:
                time.sleep(3600)
                os._exit(0)
            count += 1
    except OSError as error:
        if error.errno != errno.EAGAIN:
            raise
    return int(count <= {processes})

def little_memory():
    import mmap
    try:  # address space alone: how much memory the machine has does not matter
        mmap.mmap(-1, 64 * 2**30, flags=mmap.MAP_PRIVATE | 0x4000, prot=mmap.PROT_READ).close()
        return 0
    except OSError as error:
        if error.errno != errno.ENOMEM:
            raise
        return 1

def memory_together():
    reading, writing = os.pipe()
    for _ in range(6):
        child = os.fork()
        if child == 0:
            os.close(reading)
            keep = b"x" * (200 * 2**20)
            os.write(writing, b"f")
            time.sleep(3600)
            os._exit(0)
    os.close(writing)
    os.set_blocking(reading, False)
    filled, end = 0, None
    while end is None or time.monotonic() < end:
        try:
            filled += len(os.read(reading, 6))
        except BlockingIOError:
            pass
        if filled == 6 and end is None:
            end = time.monotonic() + {grace}
        child, status = os.waitpid(-1, os.WNOHANG)
        if child and os.WIFSIGNALED(status):
            return 1
        if child:
            raise OSError("a child could not fill its memory")
        time.sleep(0.02)
    return 0

def few_files():
    keep = []
    try:
        while len(keep) < 4000:
            keep.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        if error.errno != errno.EMFILE:
            raise
    return int(len(keep) <= {files})

def little_disk():
    written, made = 0, []
    try:
        for number in range(20):
            made.append("/tmp/dlgrade-probe-%d-%d" % (os.getpid(), number))
            with open(made[-1], "wb") as file:
                for _ in range(8):
                    written += file.write(bytes(2**20))
    except OSError as error:
        room = os.statvfs("/tmp")
        small = room.f_blocks * room.f_frsize <= {disk}
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and not small:
            raise  # the machine's own disk is full, or this user's part of it
    finally:
        for path in filter(os.path.exists, made):
            os.unlink(path)
    return int(written <= {disk})
"""

BY_MEMORY = ("memory_together",)  # the whole worker may be ended by it
WANTED = (
    ("numpy_works", "a worker starts in it and numpy computes"),
    ("reads_nothing", "home, solutions, /etc and /proc cannot be read"),
    ("writes_nothing", "nothing can be written but a private /tmp"),
    ("no_sockets", "no network: no socket of any family can be made"),
    ("other_libraries", "no library but numpy is there"),
    ("no_tracing", "no process can be traced"),
    ("few_processes", f"a fork bomb ends at {MAX_PROCESSES} processes"),
    ("little_memory", "one process cannot take too much memory"),
    ("memory_together", "many processes together cannot either"),
    ("few_files", "open files are limited"),
    ("little_disk", "files are small and few"),
)


@dataclass(frozen=True)
class Attempted:
    """What became of one probe: whether the wall held, or None and `outcome` says why."""

    name: str
    words: str
    held: bool | None
    outcome: str


def probe_sandbox(kind: str, solutions: Path | None) -> Iterator[Attempted]:
    """Yield what became of each probe of a sandbox: "bwrap" or "uid".

    Raises
    ------
    GraderError
        The sandbox does not work here at all; the message says what helps.
    """
    with contextlib.ExitStack() as stack:
        scratch = make_scratch()
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        if kind == "uid":
            stack.enter_context(closed_packages())
        sandbox = stack.enter_context(make_sandbox(kind, scratch))
        yield from probe_walls(sandbox, scratch, solutions)
        yield _groups(sandbox)


def probe_walls(
    sandbox: Sandbox, scratch: Path, solutions: Path | None = None
) -> Iterator[Attempted]:
    """Yield what became of each probe in a sandbox that is ready."""
    stage, writable = make_stage(scratch), scratch / "writable"
    writable.mkdir()
    writable.chmod(0o777)
    closed = sandbox.name != "uid" or bool(landlock_version())
    private = [path for path in _places(solutions) if closed or not is_open_to_all(Path(path))]
    libraries = _libraries()
    text = PROBES.format(
        private=private, libraries=libraries, writable=str(writable), processes=MAX_PROCESSES,
        files=MAX_OPEN_FILES, disk=70 * 2**20, grace=GRACE_S,
    )  # fmt: skip
    (stage / "probe.py").write_text(text, encoding="utf-8")
    (stage / "probe.py").chmod(0o640)
    free = _free_mib()
    missing = {
        "reads_nothing": "" if private else "there is nothing here that others may not read",
        "other_libraries": "" if libraries else "no other library is installed here",
        "memory_together": f"only {free} MiB are free here" if free < NEEDED_MIB else "",
    }
    for function, words in WANTED:
        limits = ROOMY if function == "few_processes" else LIMITS
        outcome = missing.get(function) or _try(sandbox, stage, function, limits)
        held = {"1": True, "0": False}.get(outcome)
        if function in BY_MEMORY and "MiB of memory" in outcome:
            held = True
        yield Attempted(f"{sandbox.name}: {function.replace('_', ' ')}", words, held, outcome)


def _places(solutions: Path | None) -> list[str]:
    """Return what must not be readable inside, and can be read by us, else it tells nothing."""
    on_the_way = Path(sys.base_prefix).parents  # to Python itself; their names can be seen
    found = [Path("/etc/passwd"), Path("/proc/self/status"), *([solutions] if solutions else [])]
    with contextlib.suppress(OSError):
        entries = [path for path in sorted(Path.home().iterdir()) if path not in on_the_way]
        found += [path for path in entries if not path.is_symlink()][:8]
    return [str(path) for path in found if os.access(path, os.R_OK)]


def _libraries() -> list[str]:
    """Return a file of each of some installed packages, as far as they are here."""
    specs = [find_spec(name) for name in ("torch", "hypothesis", "typer", "rich")]
    found = [spec.origin for spec in specs if spec and spec.origin]
    return [path for path in found if os.access(path, os.R_OK)]


def _free_mib() -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) // 1024
    return NEEDED_MIB


def _try(sandbox: Sandbox, stage: Path, function: str, limits: Limits) -> str:
    request = pack_case(Case(((),)))
    with Worker(stage, limits, sandbox) as worker:
        try:
            worker.load("probe", function)
            worker.begin()
            (frame,) = worker.call("probe", function, [request])
            last = read_reply(*frame, request).steps[-1]
        except WorkerLostError as error:
            return str(error)
    return f"{last.type}: {last.message}" if isinstance(last, Raised) else str(last)


def _groups(sandbox: Sandbox) -> Attempted:
    group = sandbox.take_group(LIMITS)
    found = ", ".join(sorted(group.controllers)) if group else "none"
    if group:
        sandbox.give_back(group, LIMITS)
    words = f"control groups: {found}"
    if not group:
        words += "; memory is watched from outside and processes are limited by RLIMIT_NPROC"
    return Attempted(f"{sandbox.name}: control groups", words, True, found)
