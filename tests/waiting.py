"""Wait for orders, and for each become `dlgrade` in a process of its own, torch in memory already.

Started by `started.run_dlgrade`, in its own process. An order is a line of JSON; the answer to it
is a line with the exit code. Grading processes that a command starts are forked from it in turn.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import threading
import time
import traceback
import warnings

PATIENCE_S = 300
LOOK_S = 0.01
NOT_OURS = ("grader.worker.child", "grader.pytest", "grader._course")  # of other processes
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
    if encoding := os.environ.get("PYTHONIOENCODING"):
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            stream.reconfigure(
                encoding=encoding, errors="backslashreplace" if stream is sys.stderr else "strict"
            )
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


class Forked:
    """A grading process as a fork of the command that wants one, torch in memory already.

    It has its own session, streams and environment, and ends for itself. This is what `JobProcess`
    asks of the `subprocess.Popen` in whose place it is. Where the start is what is tested, a test
    starts the command itself (`classes.command`), or an executor, which knows nothing of this.

    Parameters
    ----------
    main
        What the process does.
    """

    def __init__(self, main):
        told, self._told = os.pipe()
        self._heard, heard = os.pipe()
        with warnings.catch_warnings():  # the other threads only read and write pipes
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            _grade(main, told, heard)
        for one in (told, heard):
            os.close(one)
        self.stdin, self.stdout = os.fdopen(self._told, "wb"), os.fdopen(self._heard, "rb")
        self._code, self._asking = None, threading.Lock()

    def poll(self):
        with self._asking:
            if self._code is None and (status := os.waitpid(self.pid, os.WNOHANG))[0]:
                self._code = os.waitstatus_to_exitcode(status[1])
        return self._code

    def wait(self, timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            if self.poll() is not None:
                return self._code
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("a grading process", timeout)
            time.sleep(LOOK_S)

    def kill(self):
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)


def _grade(main, told, heard):
    """Be a process of its own from here on, to its end."""
    code = 1
    try:
        os.setsid()
        errors = 2 if os.environ.get("DLGRADE_TRACEBACK") else os.open(os.devnull, os.O_WRONLY)
        for number, file in enumerate((told, heard, errors)):
            os.dup2(file, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        streams = [os.fdopen(number, "w" if number else "r") for number in range(3)]
        sys.stdin, sys.stdout, sys.stderr = streams  # kept: who puts another there closes none
        sys.argv = ["job"]
        main()
        code = 0
    except BaseException:  # noqa: BLE001 - as the interpreter ends
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def import_all():
    """Import what any command may, once: a third of what most of them would compute."""
    for found in pkgutil.walk_packages(grader.__path__, "grader."):
        if not found.name.startswith(NOT_OURS) and not found.name.endswith(".__main__"):
            importlib.import_module(found.name)


if __name__ == "__main__":
    import grader
    import grader.grading.job
    import grader.grading.process
    from grader.engine.cases.drawing import load_hypothesis
    from grader.engine.cases.oracle import load_torch

    import_all()
    load_torch()
    load_hypothesis()
    grader.grading.process.start_job = lambda: Forked(grader.grading.job.main)
    gc.freeze()  # what is here already is nobody's garbage
    order = wait_for_orders()
    if order is not None:
        become(order)
        end(run(order["module"]))
