"""Tell whether work grows with its input: a generous ratio of sizes and times, no threshold."""

from __future__ import annotations

import gc
import sys
import time

TIMES, MOST = 8, 32  # work that grows as the square costs 64 times as much
TRIES = 5


def _cost(work, size):
    """Return the processor seconds of some work, without those of the garbage collector.

    It looks at everything that the tests have made so far, each time that much was made anew.
    """
    gc.disable()
    try:
        start = time.process_time()
        work(size)
        return time.process_time() - start
    finally:
        gc.enable()


def assert_linear(prepare, work, size):
    """Make sure that eight times the input costs less than thirty-two times the work.

    Parameters
    ----------
    prepare
        Makes the input of a size.
    work
        What is measured; the input is made before.
    size
        Of the smaller input: large enough to be measured at all.
    """
    small, large = prepare(size), prepare(TIMES * size)
    ratios = []
    for _ in range(TRIES):
        least = min(_cost(work, small) for _ in range(3))
        ratios.append(_cost(work, large) / max(least, 1e-4))
        if ratios[-1] < MOST:
            return
    raise AssertionError(f"{TIMES} times the input costs {min(ratios):.0f} times the work")


def calls_of(work):
    """Return how many functions are called during some work, which no clock has a part in."""
    calls = 0

    def note(_frame, event, _value):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls
