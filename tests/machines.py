"""A scheduler and nodes as processes of their own, each as if on a machine of its own."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
from classes import ROOT
from small_course import write_course

from grader.cluster.certificates import AUTHORITY, CERTIFICATE, KEY, make_certificates
from grader.course.course import find_course
from grader.grading.run import Plan, grade_class

NODE = "grader.cluster.nodes.node"
MARK = "DLGRADE_MACHINES"
PATIENCE_S = 90


def wait_until(holds):
    """Wait until something holds, on a busy machine as well."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


class Machines:
    """A scheduler, and nodes of which each has a TMPDIR, a HOME and a copy of the course.

    Parameters
    ----------
    folder
        Where all of them are.
    """

    def __init__(self, folder):
        self.folder, self.nodes, self.ever = folder, [], 0
        self.certificates = folder / "certificates"
        make_certificates(self.certificates)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.address = f"tls://127.0.0.1:{one.getsockname()[1]}"
        self.scheduler = self.start_scheduler()

    def start(self, name, *words, **variables):
        own = self.folder / name
        for part in ("tmp", "home"):
            (own / part).mkdir(parents=True, exist_ok=True)
        (own / "home" / "diary").touch()  # a sandbox is asked whether it hides what is there
        own_variables = {"HOME": str(own / "home"), "TMPDIR": str(own / "tmp"),
                         MARK: str(self.folder), "PYTHONPATH": str(ROOT)}  # fmt: skip
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": own}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", *map(str, words)],
            env={**os.environ, **own_variables, **variables}, **quiet,
        )  # fmt: skip

    def start_scheduler(self):
        words = ("node", "--scheduler", self.address, "--certificates", self.certificates)
        return self.start("scheduler", "grader", *words)

    def join(self, name="", *more, changes=(), certificates=None, module=NODE, **variables):
        """Start a node; return its process.

        Parameters
        ----------
        name, more, module
            Of the node, its further words, and what is run.
        changes
            In its copy of the course, see `write_course`.
        certificates
            That it has in place of the right ones.
        variables
            Of its environment.
        """
        self.ever += 1
        name = name or f"node-{self.ever}"
        course = write_course(self.folder / name / "course", *changes)
        at = certificates or self.certificates
        files = {"ca-file": AUTHORITY, "cert": CERTIFICATE, "key": KEY}
        tls = [word for one, file in files.items() for word in (f"--tls-{one}", at / file)]
        words = (self.address, "--name", name, "--slots", 1, "--course", course, *tls, *more)
        self.nodes.append(self.start(name, module, *words, **variables))
        return self.nodes[-1]

    def kill(self, number=signal.SIGKILL):
        node = self.nodes.pop(random.randrange(len(self.nodes)))
        node.send_signal(number)
        node.wait(60)

    def pause(self, seconds):
        node = random.choice(self.nodes)
        node.send_signal(signal.SIGSTOP)

        def go_on():
            time.sleep(seconds)
            node.send_signal(signal.SIGCONT)

        threading.Thread(target=go_on).start()

    def restart_scheduler(self):
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = self.start_scheduler()

    def end_nodes(self):
        _end(self.nodes)
        self.nodes.clear()

    def end(self):
        _end([*self.nodes, self.scheduler])

    def processes(self):
        """Return every process that was started for these machines, by its environment."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == str(self.folder):
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found

    def left(self):
        """Return what lies in the temporary folders."""
        return [one for folder in self.folder.glob("*/tmp") for one in folder.rglob("*")]

    def require_nothing_left(self, patience_s=60):
        """Wait until no process and no file is left of nodes that have ended."""
        end = time.monotonic() + patience_s
        while self.processes() or self.left():
            assert time.monotonic() < end, (self.processes(), self.left())
            time.sleep(0.2)


def grade_with(start, course, hw, book, sandbox="none", done=None):
    """Grade a class in this process; return what was told of each, which `done` gets at once."""
    done = [] if done is None else done
    plan = Plan(
        find_course(course), course, hw, book, find_course(course).find([]), "hw", seed=5,
        sandbox=sandbox, jobs=2,
    )  # fmt: skip
    grade_class(plan, plan.find(), done.append, start)
    return done


def _end(processes):
    for one in processes:
        one.send_signal(signal.SIGCONT)
        one.send_signal(signal.SIGTERM)
    for one in processes:
        one.wait(60)
