"""The process of a node: a Dask worker that answers from a desk, until it is told to end.

`python -m grader.cluster.nodes.node tls://host:8786 --tls-ca-file … --tls-cert … --tls-key …`: the
options are those that dask-jobqueue starts a job with; what is unknown is passed over.
When its scheduler goes it waits for the next one at the same address.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import platform
import secrets
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import Worker

from grader.cluster.addresses import find_own_loopback
from grader.cluster.certificates import security_of
from grader.cluster.nodes.desk import Desk
from grader.cluster.nodes.janitor import start_janitor
from grader.cluster.settings import NO_PAGES, set_up
from grader.files.removing import remove_tree
from grader.worker.sandbox.mounts import make_scratch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from distributed.security import Security

SPARE = 3  # threads for short questions while all slots grade
AGAIN_S = 1.0
_desks: list[Desk] = []  # the one of this process


def answer(message: bytes) -> bytes:
    """Answer a message of a parent; this is all that a parent ever asks Dask to run."""
    return _desks[0].answer(message)


@dataclass(frozen=True)
class NodeOptions:
    """How a node is to be.

    Parameters
    ----------
    address, security
        Of the scheduler, and the certificates.
    slots
        How many submissions at once.
    course_dir
        The course here.
    name
        What it is called; by default its host and a number.
    patience_s
        How long a scheduler is waited for; None for ever.
    tell
        Told in a line whether a scheduler has let it in.
    """

    address: str
    security: Security | None
    slots: int
    course_dir: Path | None
    name: str = ""
    patience_s: float | None = None
    tell: Callable[[str], None] = lambda _: None


def run_node(options: NodeOptions) -> None:
    """Grade for whoever asks by way of a scheduler, until this process is told to end."""
    folder = make_scratch()
    set_up(folder / "dask")
    pipe = start_janitor(folder)
    _keep_below(folder)
    desk = Desk(options.course_dir, folder, options.slots)
    _desks[:] = [desk]
    try:
        asyncio.run(_serve(options, folder))
    finally:
        desk.close()
        remove_tree(folder)
        with contextlib.suppress(OSError):
            pipe.close()


def _keep_below(folder: Path) -> None:
    """Let whatever this process and its children lay down go with the node's folder."""
    temporary = folder / "tmp"
    temporary.mkdir()
    temporary.chmod(0o755)  # as the usual one: the users of workers pass through it
    os.environ["TMPDIR"] = str(temporary)
    tempfile.tempdir = str(temporary)


async def _serve(options: NodeOptions, folder: Path) -> None:
    """Be a worker of one scheduler after another at the same address."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    heard, patience_s, told = time.monotonic(), options.patience_s, False
    name = options.name or f"{platform.node()}-{secrets.token_hex(3)}"
    while not ended.is_set() and (patience_s is None or time.monotonic() - heard < patience_s):
        (folder / "dask").mkdir(exist_ok=True, mode=0o700)
        worker = Worker(
            options.address, nthreads=options.slots + SPARE, security=options.security,
            memory_limit=0, name=name, local_directory=str(folder / "dask"), dashboard=False,
            dashboard_address=NO_PAGES, host=find_own_loopback(options.address),
        )  # fmt: skip
        try:
            await _until(ended, asyncio.wait_for(worker, timeout=20))
        except (OSError, TimeoutError, RuntimeError, ValueError):
            with contextlib.suppress(Exception):
                await worker.close(timeout=1)
            if not told and not ended.is_set():
                text = f"no scheduler with these certificates is at {options.address}"
                options.tell(f"{text} yet: tries again")
            told = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), AGAIN_S)
            continue
        options.tell(f"the scheduler at {options.address} knows this node as {name}")
        until = asyncio.ensure_future(ended.wait())
        over = asyncio.ensure_future(worker.finished())
        await asyncio.wait({until, over}, return_when=asyncio.FIRST_COMPLETED)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(worker.close(timeout=1, executor_wait=False), 5)
        heard, told = time.monotonic(), False
        for one in (until, over):
            one.cancel()


async def _until(ended: asyncio.Event, awaitable: Awaitable[object]) -> None:
    """Wait for something, but no longer than until this process is told to end: TimeoutError."""
    until, over = asyncio.ensure_future(ended.wait()), asyncio.ensure_future(awaitable)
    await asyncio.wait({until, over}, return_when=asyncio.FIRST_COMPLETED)
    until.cancel()
    if not over.done():
        over.cancel()
        raise TimeoutError
    over.result()


def end_with_parent() -> None:
    """End this process when whoever started it closes its standard input."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main(words: Sequence[str] | None = None) -> None:
    """Run a node as a command of its own: one of this machine's, or a batch system's job."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scheduler")
    parser.add_argument("--name", default="")
    parser.add_argument("--slots", type=int)
    parser.add_argument("--nthreads", type=int, default=1)
    parser.add_argument("--death-timeout", type=float)
    parser.add_argument("--course", type=Path)
    parser.add_argument("--with-parent", action="store_true")
    for name in ("ca-file", "cert", "key"):
        parser.add_argument(f"--tls-{name}")
    given, _ = parser.parse_known_args(words)
    security = None
    if given.tls_ca_file:
        security = security_of(given.tls_ca_file, given.tls_cert, given.tls_key)
    if given.with_parent:
        end_with_parent()
    slots = given.slots or given.nthreads
    patience_s = given.death_timeout
    run_node(NodeOptions(given.scheduler, security, slots, given.course, given.name, patience_s))
    os._exit(0)  # a thread may still wait for an answer that nobody wants


if __name__ == "__main__":
    # What Dask is asked to run is a function of the module, which `__main__` is not.
    from grader.cluster.nodes.node import main as main_of_module

    main_of_module(sys.argv[1:])
