"""Find a user id that nobody has, so that a worker shares nothing with anybody."""

from __future__ import annotations

import random
from pathlib import Path

from grader.worker.family import processes_of

LARGE = (1_000_000_000, 2_000_000_000)
SMALL = (20_000, 60_000)
TRIES = 100


def find_unused_uid() -> int:
    """Return an id without an account and without a process, at random.

    Each job of each run draws its own; two runs at once therefore do not count each other's
    processes. A container that maps only the first 65,536 ids gets one of those.
    """
    import pwd  # noqa: PLC0415 - POSIX only

    low, high = LARGE if _maps(LARGE[1]) else SMALL
    generator = random.SystemRandom()
    for _ in range(TRIES):
        uid = generator.randrange(low, high)
        try:
            pwd.getpwuid(uid)
        except KeyError:
            if not processes_of(uid):
                return uid
    return generator.randrange(low, high)


def _maps(uid: int) -> bool:
    """Tell whether this user namespace knows an id as high as `uid`."""
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
        return any(
            int(first) <= uid < int(first) + int(count) for first, _, count in map(str.split, lines)
        )
    except (OSError, ValueError):
        return False
