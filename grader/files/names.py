"""Names of files that not every system can hold: what to say before one is written.

Windows takes `con` and `aux.txt` for devices, writes `a:b` into a stream behind `a`, and drops a
dot or a blank at the end; it and macOS take names for one that differ by capitals alone.
"""

from __future__ import annotations

import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable

DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{kind}{number}" for kind in ("com", "lpt") for number in "0123456789¹²³"}
)
NOT_IN_NAMES = frozenset('<>:"\\|?*') | {chr(code) for code in range(32)}
SYSTEMS = {"win32": "Windows", "darwin": "macOS"}  # whose disks are not as Linux's


def is_device(name: str) -> bool:
    """Tell whether Windows takes a name for a device, whatever comes after its first dot.

    Examples
    --------
    >>> is_device("CON"), is_device("aux.txt"), is_device("console.txt")
    (True, True, False)
    """
    return name.partition(".")[0].rstrip(" ").casefold() in DEVICES


def unfit(paths: Iterable[str], system: str = "Windows") -> str:
    """Return which of some paths a system cannot hold and why, the first; empty where it holds all.

    Parameters
    ----------
    paths
        All that are to lie in one folder, with slashes.
    system
        "Windows" or "macOS"; any other holds all.

    Examples
    --------
    >>> unfit(["conv.py", "data/aux.txt"])
    'data/aux.txt: Windows takes that name for a device'
    >>> unfit(["a.py", "A.py"], "macOS"), unfit(["a.py", "b:c"], "macOS")
    ('A.py and a.py: macOS takes them for one name', '')
    >>> unfit(["a.py", "A.py"], "Linux")
    ''
    """
    known: dict[str, str] = {}
    for path in paths if system in SYSTEMS.values() else ():
        for part in (PurePosixPath(path), *PurePosixPath(path).parents):
            before = known.setdefault(str(part).casefold(), str(part))
            if before != str(part):
                one, other = sorted(map(safe_text, (before, str(part))))
                return f"{one} and {other}: {system} takes them for one name"
        why = next(filter(None, map(_why, path.split("/"))), "") if system == "Windows" else ""
        if why:
            return f"{safe_text(path)}: Windows {why}"
    return ""


def unfit_here(paths: Iterable[str]) -> str:
    """Return the same of the system that this is."""
    return unfit(paths, SYSTEMS.get(sys.platform, ""))


def _why(name: str) -> str:
    if is_device(name):
        return "takes that name for a device"
    if odd := sorted(NOT_IN_NAMES & {*name}):
        return f"has no {safe_text(odd[0])} in names"
    if name.endswith((".", " ")):
        return f"drops the {'dot' if name[-1] == '.' else 'blank'} at the end of a name"
    return ""
