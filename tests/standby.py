"""Fork the workers of a test from one process that has imported numpy already.

Importing it is nearly all that the start of a worker computes. What is forked is as a worker that
was started: its own session, streams, folder and limits, and a child of the process that asked.
Where the start, the sandbox or the end of a worker is what is tested, workers are started.

Run as a script, this is that one process. It is a child of whoever asks and ends with a module of
tests, so that no other test finds it among its children.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import runpy
import socket
import subprocess
import sys
import threading
import time
import traceback
import types

SUBREAPER = 36  # of prctl: orphans below this process become its children
LOOK_S = 0.001


class Standby:
    """What workers are forked from; started when the first one is asked for.

    Parameters
    ----------
    environment
        That of a worker.
    """

    def __init__(self, environment):
        self._environment, self._socket, self._process = environment, None, None
        self._asking = threading.Lock()

    def fork(self, child, settings, folder):
        """Return a worker, as `subprocess.Popen` would.

        Parameters
        ----------
        child
            The script that a worker runs.
        settings
            Its one argument.
        folder
            Where it starts.
        """
        told = json.loads(settings)
        ends = [os.pipe(), os.pipe(), os.pipe()]
        theirs = [ends[0][0], ends[1][1], ends[2][1]]
        with self._asking:
            if self._socket is None:
                self._start(child, told["numpy"])
            order = json.dumps({"settings": told, "folder": str(folder)}).encode()
            _adopt(True)
            try:
                socket.send_fds(self._socket, [order], theirs)
                pid = int(self._socket.recv(100))
            finally:
                _adopt(False)
        for one in theirs:
            os.close(one)
        return Forked(pid, ends[0][1], ends[1][0], ends[2][0])

    def _start(self, child, numpy):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-S", __file__, child, numpy,
                 str(theirs.fileno())],
                env=self._environment, pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip

    def close(self):
        """End the process; what was forked goes on."""
        if self._socket is not None:
            self._socket.close()
            self._process.wait()


@contextlib.contextmanager
def forked_workers():
    """Fork the workers that this process starts meanwhile; those of a sandbox are started."""
    if sys.platform != "linux":
        yield
        return
    from grader.worker.command import CHILD, SCRIPT, clean_environment
    from grader.worker.launch import Launch

    standby, start = Standby(clean_environment()), Launch.start
    script = str(CHILD / SCRIPT)

    def fork(launch, folder):
        plain = Launch(launch.argv)
        if launch != plain or launch.argv[-2] != script:
            return start(launch, folder)
        return standby.fork(script, launch.argv[-1], folder)

    Launch.start = fork
    try:
        yield
    finally:
        Launch.start = start
        standby.close()


class Forked:
    """What a worker asks of the `subprocess.Popen` in whose place this is."""

    def __init__(self, pid, stdin, stdout, stderr):
        self.pid, self.returncode, self._asking = pid, None, threading.Lock()
        self.stdin = os.fdopen(stdin, "wb")
        self.stdout, self.stderr = os.fdopen(stdout, "rb"), os.fdopen(stderr, "rb")

    def poll(self):
        with self._asking:
            if self.returncode is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("a worker", timeout)
            time.sleep(LOOK_S)
        return self.returncode

    def kill(self):
        if self.poll() is None:
            os.kill(self.pid, 9)


def _adopt(yes):
    if ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, int(yes), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def serve(asked, become):
    """Fork a worker for each order, and leave it to whoever sent the order.

    Each is the child of a process that has ended before the answer is sent: whoever asked has
    adopted it by then.
    """
    while True:
        order, received, _, _ = socket.recv_fds(asked, 100_000, 3)
        if not order:
            return
        heard, told = os.pipe()
        between = os.fork()
        if between == 0:
            between = os.getpid()
            worker = os.fork()
            if worker == 0:
                while os.getppid() == between:
                    time.sleep(LOOK_S)
                become(json.loads(order), received)
            os.write(told, str(worker).encode())
            os._exit(0)
        for one in (*received, told):
            os.close(one)
        os.waitpid(between, 0)
        asked.send(os.read(heard, 100))
        os.close(heard)


def become_worker(order, received):
    """Be what the script of a worker is, to its end."""
    code = 1
    try:
        os.setsid()
        os.chdir(order["folder"])
        for number, file in enumerate(received):
            os.dup2(file, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        sys.modules["__main__"] = types.ModuleType("__main__")
        starting.main(order["settings"])
        code = 0
    except BaseException:  # noqa: BLE001 - as the interpreter ends
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    script, numpy, number = sys.argv[1:]
    gc.disable()
    runpy.run_path(script, run_name="child")["load_child"]()
    starting = sys.modules["grader.worker.child.starting"]

    starting.import_numpy(numpy)
    from grader.worker.child.conversation import Conversation  # noqa: F401 - imported next

    starting.import_numpy = lambda _folder: None
    serve(socket.socket(fileno=int(number)), become_worker)
