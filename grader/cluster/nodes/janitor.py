"""Remove a node's folder when the node has ended, however it did.

A process of its own, started with a pipe that only the node holds: whatever ends the node, a kill
included, closes it. Then the grading processes, which end by themselves with the node, are given
time, and the folder goes: nothing of a class stays on a machine that only lent a hand.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from grader.files.removing import remove_tree

TRIES, PAUSE_S = 40, 0.25


def start_janitor(folder: Path) -> IO[bytes]:
    """Start what removes a folder once this process has ended; return the pipe to keep open."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.cluster.nodes.janitor", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    return process.stdin


def main() -> None:
    """Wait for the end of whoever holds the other end of standard input; then clear up."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    folder = Path(sys.argv[1])
    while os.read(0, 1):
        pass
    for _ in range(TRIES):
        with contextlib.suppress(OSError):
            remove_tree(folder)
        time.sleep(PAUSE_S)
        if not folder.exists():
            break


if __name__ == "__main__":
    main()
