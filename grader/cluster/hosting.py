"""Where the nodes of a run are: started here, at a scheduler of their own, or in a batch system."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import dask
from distributed import Scheduler

from grader.cluster.certificates import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    load_security,
    make_certificates,
)
from grader.cluster.nodes.janitor import start_janitor
from grader.cluster.roll import PATIENCE_S
from grader.cluster.settings import NO_PAGES, set_up
from grader.errors import GraderError, UsageError
from grader.files.removing import remove_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.security import Security

    from grader.cluster.addresses import Where

    Tell = Callable[[str], None]

END_S = 8.0
FILE = "~/.config/dask/jobqueue.yaml"  # dask-jobqueue's own settings
ROOT = Path(__file__).resolve().parents[2]


class Host(Protocol):
    """Where the nodes of a run are."""

    is_remote: bool
    patience_s: float | None

    async def start(self) -> tuple[str, Security | None]:
        """Start what is to be started; return the scheduler's address, and how to talk to it."""

    async def end(self) -> None:
        """End what was started, in order."""

    def stop(self) -> None:
        """End at once whatever is left of it."""


class ElsewhereHost:
    """A scheduler that somebody else has started: it and its nodes stay."""

    is_remote = True
    patience_s: float | None = PATIENCE_S

    def __init__(self, address: str, certificates: Path) -> None:
        self._address = address
        is_open = address.startswith("tcp://")
        self._security = None if is_open else load_security(certificates)

    async def start(self) -> tuple[str, Security | None]:
        """Return where it is."""
        return self._address, self._security

    async def end(self) -> None:
        """Leave it as it is."""

    def stop(self) -> None:
        """Leave it as it is."""


class LocalHost:
    """Node processes of this machine, each with a folder of its own, for this run alone.

    Parameters
    ----------
    count
        How many nodes, each with one slot.
    course_dir
        The folder given with `--course`.
    """

    is_remote = False
    patience_s: float | None = PATIENCE_S

    def __init__(self, count: int, course_dir: Path | None) -> None:
        self._count, self._course_dir = count, course_dir
        self._folder: Path | None = None
        self._scheduler: Scheduler | None = None
        self._nodes: list[subprocess.Popen[bytes]] = []

    @property
    def pids(self) -> list[int]:
        """The processes of the nodes."""
        return [one.pid for one in self._nodes]

    async def start(self) -> tuple[str, Security | None]:
        """Start a scheduler in this process, and the nodes."""
        self._folder = Path(tempfile.mkdtemp(prefix="dlgrade-cluster-"))
        self._janitor = start_janitor(self._folder)
        certificates = self._folder / "certificates"
        await asyncio.to_thread(make_certificates, certificates, 7)
        security = load_security(certificates)
        self._scheduler = await start_scheduler("tls://127.0.0.1:0", security)
        for number in range(self._count):
            self._nodes.append(self._start_node(number, self._scheduler.address))
        return self._scheduler.address, security

    def _start_node(self, number: int, address: str) -> subprocess.Popen[bytes]:
        assert self._folder is not None  # noqa: S101 - `start` has made it
        own = self._folder / f"node-{number}"
        own.mkdir()
        own.chmod(0o711)
        self._folder.chmod(0o711)
        at = self._folder / "certificates"
        before = os.environ.get("PYTHONPATH", "")
        words = [
            sys.executable, "-P", "-m", "grader.cluster.nodes.node", address, "--with-parent",
            "--name", f"local-{number + 1}", "--slots", "1",
            *(["--course", str(self._course_dir.resolve())] if self._course_dir else []),
            "--tls-ca-file", str(at / AUTHORITY), "--tls-cert", str(at / CERTIFICATE),
            "--tls-key", str(at / KEY),
        ]  # fmt: skip
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("DLGRADE_TRACEBACK") else subprocess.DEVNULL,
            env={
                **os.environ,
                "TMPDIR": str(own),
                "PYTHONPATH": f"{ROOT}{os.pathsep}{before}" if before else str(ROOT),
            },
            start_new_session=True,  # an interrupt at the terminal is the parent's to handle
        )

    async def end(self) -> None:
        """End the nodes, then the scheduler."""
        await asyncio.to_thread(self.stop)
        if self._scheduler is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._scheduler.close(), 3)
            self._scheduler = None

    def stop(self) -> None:
        """End the nodes, and remove all of their folders."""
        for node in self._nodes:
            if node.stdin is not None:
                with contextlib.suppress(OSError):
                    node.stdin.close()
        for node in self._nodes:
            try:
                node.wait(END_S)
            except subprocess.TimeoutExpired:
                node.kill()
                node.wait()
        self._nodes.clear()
        if self._folder is not None:
            remove_tree(self._folder)
            self._folder = None
            self._janitor.close()


class BatchHost:
    """Jobs of a batch system, by dask-jobqueue and its own settings file.

    Parameters
    ----------
    system
        "slurm" or "pbs".
    jobs
        How many jobs are asked for.
    certificates
        A folder that every machine of the system sees.
    course_dir
        Likewise; the folder given with `--course`.

    Raises
    ------
    UsageError
        There are no certificates, or dask-jobqueue's settings do not say how large a job is.
    """

    is_remote = True
    patience_s: float | None = None  # a queue may take hours

    def __init__(self, system: str, jobs: int, certificates: Path, course_dir: Path | None) -> None:
        before = signal.getsignal(signal.SIGINT)
        import dask_jobqueue  # by the main thread: it takes Ctrl-C for itself

        signal.signal(signal.SIGINT, before)
        for name in ("cores", "memory"):
            if dask.config.get(f"jobqueue.{system}.{name}", None) is None:
                raise UsageError(f"--cluster {system}: jobqueue.{system}.{name} is not in {FILE}")
        self._kind = getattr(dask_jobqueue, f"{system.upper()}Cluster")
        self._system, self._jobs = system, jobs
        self._security = load_security(certificates)
        self._course_dir = course_dir
        self._cluster: Any = None

    async def start(self) -> tuple[str, Security | None]:
        """Start a scheduler here, and ask for the jobs."""
        set_up()
        more = ["--course", str(self._course_dir.resolve())] if self._course_dir else []
        try:
            self._cluster = await self._kind(
                worker_command="grader.cluster.nodes.node", worker_extra_args=more,
                asynchronous=True, security=self._security, protocol="tls://", processes=1,
                scheduler_options={"dashboard": False, "dashboard_address": NO_PAGES},
            )  # fmt: skip
            self._cluster.scale(jobs=self._jobs)
        except (ValueError, RuntimeError, OSError) as error:
            text = str(error).splitlines()[0]
            raise GraderError(f"--cluster {self._system}: {text} (see {FILE})") from error
        return str(self._cluster.scheduler_address), self._security

    async def end(self) -> None:
        """Give the jobs back."""
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(cluster.close(), END_S)

    def stop(self) -> None:
        """Nothing is left here: a job whose scheduler has gone ends by itself."""


async def start_scheduler(address: str, security: Security | None) -> Scheduler:
    """Start Dask's scheduler in this process.

    Raises
    ------
    GraderError
        The port is taken, or the host is not this one.
    """
    set_up()
    kind, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    try:
        return await Scheduler(
            host=host or None, port=int(port), protocol=f"{kind}://",
            security=security, dashboard=False, dashboard_address=NO_PAGES,
        )  # fmt: skip
    except (OSError, RuntimeError, ValueError) as error:
        why = error.__cause__ or error  # Dask says that it failed, and only beneath it why
        raise GraderError(f"a scheduler cannot be started at {address}: {why}") from error


async def serve_scheduler(address: str, security: Security | None, tell: Tell) -> None:
    """Be the scheduler of a cluster, until this process is told to end.

    Raises
    ------
    GraderError
        It cannot be started.
    """
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    folder = Path(tempfile.mkdtemp(prefix="dlgrade-scheduler-"))
    pipe = start_janitor(folder)
    set_up(folder / "dask")
    scheduler = await start_scheduler(address, security)
    tell(f"the scheduler is at {scheduler.address}; end it with Ctrl-C")
    await ended.wait()
    with contextlib.suppress(Exception):
        await asyncio.wait_for(scheduler.close(), END_S)
    remove_tree(folder)
    pipe.close()


def make_host(where: Where, certificates: Path, course_dir: Path | None, jobs: int | None) -> Host:
    """Return where a class is graded, by what was typed.

    Raises
    ------
    UsageError
        There are no certificates.
    """
    if where.kind == "local":
        return LocalHost(where.count, course_dir)
    if where.address:
        return ElsewhereHost(where.address, certificates)
    if jobs is None:
        raise UsageError(f"--cluster {where.kind}: say how many jobs with --jobs N")
    return BatchHost(where.kind, jobs, certificates, course_dir)
