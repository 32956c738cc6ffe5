"""Find numbers that no user and no group has, so that a worker shares nothing with anybody."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path

from grader.worker.family import processes_of

LARGE = (1_000_000_000, 2_000_000_000)
SMALL = (20_000, 60_000)
TRIES = 100


def is_root() -> bool:
    """Tell whether this process may become any user: never on Windows, which has no such one."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find_unused_id() -> int:
    """Return a number without an account, a group and a process, at random.

    Every worker draws its own as user, every stage as group; two runs at once therefore do not
    count each other's processes. A container that maps only the first 65,536 gets one of those.
    """
    low, high = LARGE if _maps(LARGE[1]) else SMALL
    generator = random.SystemRandom()
    for _ in range(TRIES):
        number = generator.randrange(low, high)
        if is_nobodys(number) and not processes_of(number):
            return number
    return generator.randrange(low, high)


def is_nobodys(number: int) -> bool:
    """Tell whether a number is neither a user's nor a group's, and one that could be drawn."""
    import grp  # noqa: PLC0415 - POSIX only
    import pwd  # noqa: PLC0415 - POSIX only

    if number < SMALL[0]:
        return False
    for look in (pwd.getpwuid, grp.getgrgid):
        with contextlib.suppress(KeyError):
            look(number)
            return False
    return True


def _maps(uid: int) -> bool:
    """Tell whether this user namespace knows an id as high as `uid`."""
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
        return any(
            int(first) <= uid < int(first) + int(count) for first, _, count in map(str.split, lines)
        )
    except (OSError, ValueError):
        return False
