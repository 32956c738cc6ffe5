"""Say which files a worker may open, where the kernel can hold it to that without any namespace.

Landlock (Linux 5.13) takes rules from the process itself, for good and for all its children: any
user may do so, in most containers too. Whatever no rule names cannot be opened, listed, made or
removed, whoever owns it and whatever its mode is. It says nothing about what a path tells without
being opened: whether it exists, its size and its times.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, TypedDict

from grader.worker.sandbox.visible import DEVICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CREATE_RULESET, ASK_VERSION = 444, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
FIRST_RIGHTS = (1 << 13) - 1  # those of the first version, all that make and remove included
LATER_RIGHTS = {2: 1 << 13, 3: TRUNCATE, 5: 1 << 15}


def landlock_version() -> int:
    """Return the version that this kernel knows and this container allows; 0 for none."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)))
    except (OSError, AttributeError):  # not Linux
        return 0


class FileRules(TypedDict):
    """What the child needs to keep itself from all other files: rights by path, and which rights.

    Whatever is among `handled` and given by no rule is refused; `folder` are the rights to the
    folder of the student's files, which the child knows.
    """

    handled: int
    folder: int
    rules: list[tuple[str, int]]


def file_rules(readable: Sequence[Path], hidden: Sequence[Path]) -> FileRules | None:
    """Return the rules that let a worker read what it needs; None without Landlock.

    Parameters
    ----------
    readable
        Files and folders that a worker may read, with all that is in them.
    hidden
        Folders inside of those that it may not.
    """
    version = landlock_version()
    if not version:
        return None
    handled = FIRST_RIGHTS
    for since, right in LATER_RIGHTS.items():
        handled |= right if version >= since else 0
    rules = [rule for path in readable for rule in _rules(path, frozenset(hidden))]
    rules.append(("/dev", READ_DIR))
    rules += [(f"/dev/{name}", READ_FILE | WRITE_FILE) for name in DEVICES]
    return {"handled": handled, "folder": READ_FILE | READ_DIR, "rules": rules}


def _rules(path: Path, hidden: frozenset[Path]) -> Iterator[tuple[str, int]]:
    """Yield rules for one path: around what is hidden in it, whose names alone may be listed."""
    if path in hidden:
        return
    if not path.is_dir():
        yield str(path), READ_FILE | EXECUTE
    elif any(path in folder.parents for folder in hidden):
        yield str(path), READ_DIR  # Python lists a folder before it imports anything from it
        for inner in path.iterdir():
            if inner.exists():
                yield from _rules(inner, hidden)
    else:
        yield str(path), READ_FILE | READ_DIR | EXECUTE
