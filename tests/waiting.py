"""Wait for orders, and for each become `dlgrade` in a process of its own, torch in memory already.

Started by `started.run_dlgrade`, in its own process. An order is a line of JSON; the answer to it
is a line with the exit code.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import runpy
import signal
import sys
import threading
import traceback

PATIENCE_S = 300
STREAMS = (("input", os.O_RDONLY), ("output", os.O_WRONLY), ("errors", os.O_WRONLY))


def wait_for_orders():
    """Return the order that this process is to become; None where no more come."""
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            return json.loads(line)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return None


def become(order):
    """Take over the folder, the environment, the streams and the words of an order."""
    signal.alarm(PATIENCE_S)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, (name, flags) in enumerate(STREAMS):
        file = os.open(order[name], flags)
        os.dup2(file, number)  # beneath Python's own streams, which have nothing left over
        os.close(file)
    folders = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [one for one in folders if one and one not in sys.path]
    sys.argv = ["dlgrade", *order["words"]]


def run(module):
    """Run the command; return its exit code."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter ends
        traceback.print_exc()
        return 1
    return 0


def end(code):
    """End without tearing down what was imported: that would copy all of it first."""
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    import grader.cli
    import grader.engine.engine
    import grader.grading.run  # noqa: F401 - all of this is imported once
    from grader.engine.cases.drawing import load_hypothesis
    from grader.engine.cases.oracle import load_torch

    load_torch()
    load_hypothesis()
    gc.freeze()  # what is here already is nobody's garbage
    order = wait_for_orders()
    if order is not None:
        become(order)
        end(run(order["module"]))
