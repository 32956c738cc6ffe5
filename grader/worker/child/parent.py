"""How a worker lives with the process that started it: seen by it, and never longer than it."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import threading
import time

PARENT_POLL_S = 0.5


def wake_at_parents_end() -> None:
    """Let the kernel continue this process, if it is stopped, when whoever started it ends (Linux).

    A stopped process hears of nothing and would stay. One that runs does not notice: what it is
    sent comes at the end of the thread that started it, too, and that may be no end at all.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(Exception):
        import ctypes  # noqa: PLC0415 - numpy imports them anyway
        import signal  # noqa: PLC0415

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(
            ctypes.c_int(set_parent_death_signal), ctypes.c_ulong(signal.SIGCONT)
        )


def tell_where(replies: int) -> None:
    """Let the parent ask at any moment which line is being run, in a loop of C code, too.

    What is then written is no frame: whoever asks wants no other answer from this process.
    """
    with contextlib.suppress(Exception):
        import signal  # noqa: PLC0415 - as above

        faulthandler.register(signal.SIGUSR1, file=replies, all_threads=False)


def follow_parent() -> None:
    """End the whole process group soon after the parent has gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        with contextlib.suppress(Exception):
            os.killpg(0, 9)
        os._exit(1)

    if hasattr(os, "killpg"):
        threading.Thread(target=watch, daemon=True).start()
