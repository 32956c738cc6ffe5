"""Ask the system about a process and everything that it started.

On Linux straight from /proc, which takes a tenth of a millisecond; elsewhere through psutil.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CPU_CLOCK = 2  # Linux's clock of all threads of a process, by the number of that process
PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "task" / str(os.getpid()) / "children").exists()
TICKS_PER_S = os.sysconf("SC_CLK_TCK") if HAS_PROC else 100
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if HAS_PROC else 4096


def find_family(pid: int) -> list[int]:
    """Return the ids of a process and of all its descendants, the process first.

    Parameters
    ----------
    pid
        The process; an empty list when it has gone.
    """
    if not HAS_PROC:
        return _psutil_family(pid)
    found: list[int] = []
    waiting = [pid]
    while waiting:
        process = waiting.pop()
        with contextlib.suppress(OSError, ValueError):
            for task in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 - names are all we need
                text = Path(f"/proc/{process}/task/{task}/children").read_bytes()
                waiting += [int(number) for number in text.split()]
            found.append(process)
    return found


def first_child(pid: int) -> int | None:
    """Return the process that another one started first and that lives; None where none is seen."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_bytes().split()[0])
    return None


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU seconds of processes and of the children that they have waited for.

    It is the system's own count, read from outside: nothing in a process can turn it back. On Linux
    it is exact to the microsecond, but for ended children: these are counted in hundredths.
    """
    if not HAS_PROC:
        return _psutil_cpu(pids)
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            # the name is in brackets and may hold anything; the numbers come after the last one
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            ticks = [int(number) for number in fields[11:15]]
            total += sum(ticks[2:]) / TICKS_PER_S
            try:
                total += time.clock_gettime((~pid << 3) | CPU_CLOCK)
            except OSError:  # a kernel without such clocks
                total += sum(ticks[:2]) / TICKS_PER_S
    return total


def memory_mib(pids: Iterable[int]) -> float:
    """Return the resident memory of processes in MiB; what they share counts for each."""
    if not HAS_PROC:
        return _psutil_memory(pids)
    pages = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages += int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    return pages * PAGE_BYTES / 2**20


def processes_of(uid: int) -> list[int]:
    """Return the ids of all processes of a user that have not ended."""
    found = []
    for name in os.listdir(PROC):  # noqa: PTH208 - names are all we need
        with contextlib.suppress(OSError):
            if not name.isdigit() or os.stat(f"/proc/{name}").st_uid != uid:  # noqa: PTH116 - a hundred
                continue
            if not _has_ended(name):
                found.append(int(name))
    return found


def _has_ended(name: str) -> bool:
    """Tell whether a process only waits for its parent to hear of its end."""
    return (PROC / name / "stat").read_bytes().rpartition(b")")[2].split()[:1] in ([b"Z"], [b"X"])


def start_of(pid: int) -> int | None:
    """Return when a process started, in ticks since the machine did; None when it has gone.

    A number is given again to another process, which then has another start.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[19])
    return None


def _psutil_family(pid: int) -> list[int]:
    import psutil  # noqa: PLC0415 - not on Linux

    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        return [pid, *(child.pid for child in top.children(recursive=True))]
    return []


def _psutil_cpu(pids: Iterable[int]) -> float:
    import psutil  # noqa: PLC0415 - not on Linux

    total = 0.0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(pid).cpu_times()
            total += times.user + times.system
            total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def _psutil_memory(pids: Iterable[int]) -> float:
    import psutil  # noqa: PLC0415 - not on Linux

    total = 0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            total += psutil.Process(pid).memory_info().rss
    return total / 2**20
