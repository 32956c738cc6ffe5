"""What a node answers: it says what it is, takes a run's bank, grades orders, and forgets all.

Every message is a frame: what is asked, of which run, and sealed bytes. It is read as JSON and
bytes, whoever sent it; an answer is the same. A run that is heard of no more is ended.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cluster.here import describe_here
from grader.cluster.nodes.canary import try_canary
from grader.cluster.sealing import Channel, Handshake, UnsealedError
from grader.course.course import find_course
from grader.errors import (
    DlgradeError,
    FrameError,
    HopelessError,
    LostError,
    OverwhelmedError,
    SandboxError,
)
from grader.files import OWNER_ONLY
from grader.files.removing import remove_tree
from grader.frames import from_frame, to_frame
from grader.grading.executor import LocalExecutor, Order
from grader.grading.messages import Setup
from grader.model import Limits
from grader.worker.libraries import find_libraries
from grader.worker.sandbox.kinds import require_sandbox
from grader.worker.sandbox.probes import probe_sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.course.course import Course

LEASE_S = 90.0  # a run that is not heard of for so long has lost its parent
LOOK_S = 5.0


class StrangerError(DlgradeError):
    """A message about a run that this node does not know, or knows no more."""


@dataclass
class Engagement:
    """A run that this node grades for: its key, its folder, and its grading processes."""

    channel: Channel
    folder: Path
    greeting: int = 0
    setup: Setup | None = None
    executor: LocalExecutor | None = None
    heard: float = field(default_factory=time.monotonic)

    def end(self) -> None:
        """End its processes, and leave nothing of it behind."""
        if self.executor is not None:
            self.executor.close()
        remove_tree(self.folder)


class Desk:
    """Answer messages of parents.

    Parameters
    ----------
    course_dir
        The course here, or None for the built-in one.
    folder
        Of the node, for its owner alone; each run gets one in it.
    slots
        How many submissions may be graded at once.
    """

    def __init__(self, course_dir: Path | None, folder: Path, slots: int) -> None:
        self._course_dir = course_dir
        self._folder = folder
        self._slots = slots
        self._runs: dict[str, Engagement] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._expire, daemon=True).start()

    def answer(self, message: bytes) -> bytes:
        """Return the answer to one message, which is a frame whatever happens."""
        try:
            tree, data = from_frame(message)
            what, run, number = (str(tree[name]) for name in ("what", "run", "number"))
            if what == "hello":
                return to_frame(self._hello(run, tree))
            engagement = self._find(run)
            label = f"{what} {run} {number}"
            said = self._do(what, engagement, run, data, label)
            sealed = engagement.channel.seal(to_frame(said), f"answer to {label}")
            return to_frame({"number": number}, sealed)
        except StrangerError:
            return to_frame({"unknown": True})
        except (DlgradeError, UnsealedError, FrameError, KeyError, TypeError) as error:
            return to_frame({"error": f"{error}"})
        except Exception as error:  # noqa: BLE001 - told to the instructor by the parent
            text = f"a fault of dlgrade itself: {type(error).__name__}: {error}"
            return to_frame({"error": text})

    def _course(self) -> Course:
        return find_course(self._course_dir)

    def _hello(self, run: str, tree: Mapping[str, Any]) -> dict[str, Any]:
        """Say what this machine is, and agree on a key; a run that was known keeps its bank."""
        handshake = Handshake()
        channel, greeting = handshake.agree(str(tree["public"]), run), int(tree["number"])
        with self._lock:
            known = self._runs.get(run)
            if known is None:
                folder = self._folder / f"run-{secrets.token_hex(8)}"
                folder.mkdir(mode=0o711)
                self._runs[run] = Engagement(channel, folder, greeting)
            elif greeting >= known.greeting:  # else the parent has asked anew since, with others
                known.channel, known.greeting = channel, greeting
                known.heard = time.monotonic()
        ready = known is not None and known.executor is not None
        said = describe_here(self._course())
        return {**said, "slots": self._slots, "public": handshake.public, "ready": ready}

    def _find(self, run: str) -> Engagement:
        with self._lock:
            if run not in self._runs:
                raise StrangerError(run)
            self._runs[run].heard = time.monotonic()
            return self._runs[run]

    def _do(
        self, what: str, engagement: Engagement, run: str, data: bytes, label: str
    ) -> dict[str, Any]:
        tree, data = from_frame(engagement.channel.unseal(data, label))
        if what == "open":
            return self._open(engagement, tree)
        if what == "bank":
            channel = Channel(bytes.fromhex(tree["key"]))
            _lay_out(engagement.folder / "bank", channel, data, tree["label"])
        if what == "begin":
            return self._begin(engagement)
        if what == "grade":
            return _grade(engagement, tree, data)
        if what == "finish":
            self._finish(run)
        return {}

    def _open(self, engagement: Engagement, tree: Mapping[str, Any]) -> dict[str, Any]:
        """Find out whether a sandbox holds on this machine, before it is sent a bank."""
        setup, course = Setup(**tree["setup"]), self._course()
        remedy = ""
        try:
            limits = Limits(setup.timeout_s, setup.memory_mib)
            require_sandbox(setup.sandbox, limits, find_libraries(course.imports))
            if tree["probes"] and setup.sandbox != "none":
                tried = probe_sandbox(setup.sandbox, course.solutions_dir)
                remedy = "; ".join(one.words for one in tried if one.held is False)
        except DlgradeError as error:
            return {"refused": f"its sandbox: {error}"}
        if remedy:
            return {"refused": f"its sandbox does not hold: {remedy}"}
        engagement.setup = replace(
            setup,
            course=str(self._course_dir.resolve()) if self._course_dir else None,
            bank=str(engagement.folder / "bank"),
            scratch=str(engagement.folder),
        )
        return {}

    def _begin(self, engagement: Engagement) -> dict[str, Any]:
        """Grade from here on, unless the references answer otherwise on this machine."""
        setup = engagement.setup
        if setup is None:
            raise StrangerError
        try:
            deviating = try_canary(setup)
        except SandboxError as error:
            return {"refused": str(error)}
        if deviating:
            text = f"the reference of {', '.join(deviating)} gives other bytes on this machine"
            return {"refused": text}
        if engagement.executor is None:
            engagement.executor = LocalExecutor(setup, self._slots)
        return {}

    def _finish(self, run: str) -> None:
        with self._lock:
            engagement = self._runs.pop(run, None)
        if engagement is not None:
            engagement.end()

    def _expire(self) -> None:
        """End runs that nobody has asked about for long."""
        while not self._closed.wait(LOOK_S):
            with self._lock:
                last = time.monotonic() - LEASE_S
                old = [run for run, one in self._runs.items() if one.heard < last]
            for run in old:
                self._finish(run)

    def close(self) -> None:
        """End all runs."""
        self._closed.set()
        for run in list(self._runs):
            self._finish(run)


def _grade(engagement: Engagement, tree: Mapping[str, Any], package: bytes) -> dict[str, Any]:
    """Have one order graded, and say what came of it."""
    executor = engagement.executor
    if executor is None:
        raise StrangerError
    order = Order(package, tuple(map(str, tree["exercises"])), str(tree["student"]))
    try:
        return {"graded": executor.submit(order).result()}
    except LostError as error:
        return {"lost": str(error)}
    except OverwhelmedError as error:
        return {"overwhelmed": str(error)}
    except HopelessError as error:
        return {"hopeless": str(error)}
    except DlgradeError as error:
        return {"error": str(error), "code": error.exit_code}


def _lay_out(folder: Path, channel: Channel, sealed: bytes, label: str) -> None:
    """Write the files of a sealed bank, for their owner alone."""
    sizes, data = from_frame(channel.unseal(sealed, label))
    folder.mkdir(mode=0o700, exist_ok=True)
    start = 0
    for name, size in sizes:
        if Path(name).name != name:
            raise FrameError("a bank with a file that is not in it")
        with contextlib.suppress(FileNotFoundError):
            (folder / name).unlink()
        path = folder / name
        path.touch(mode=OWNER_ONLY)
        path.write_bytes(data[start : start + size])
        start += size
