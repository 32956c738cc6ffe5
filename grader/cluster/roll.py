"""Keep the roll of a run: which nodes are there, who of them may grade, who is silent or gone."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from distributed import Client

from grader.cluster.admission import (
    Admitted,
    AwayError,
    RefusedError,
    admit,
    ask_sealed,
)
from grader.cluster.replies import GarbageError
from grader.errors import GraderError
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.security import Security

    from grader.cluster.admission import (
        Terms,
    )

LOOK_S = 0.5
PING_S, SILENT_S = 5.0, 15.0
GRACE_S = 10.0  # for another node to come, after all that came were refused
PATIENCE_S = 120.0  # for a scheduler, or any node at all, to come (again)
SAY_S = 5.0  # after which it is told that nobody is there yet
FINISH_S = 5.0


@dataclass
class Roll:
    """The nodes of a run, kept up to date by `watch`.

    Parameters
    ----------
    address, security
        Of the scheduler.
    terms
        What is asked of nodes.
    tell
        Told in a line who joins, leaves or is refused.
    patience_s
        How long no node may be there; None for ever, as a queue of a batch system may take.
    """

    address: str
    security: Security | None
    terms: Terms
    tell: Callable[[str], None]
    patience_s: float | None = PATIENCE_S
    members: dict[str, Admitted] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    client: Client | None = None
    fatal: GraderError | None = None
    is_cut_off: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _coming: dict[str, Admitted] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _alone_since: float = field(default_factory=time.monotonic)
    _has_told: bool = False  # that it waits for somebody to come

    @property
    def slots(self) -> int:
        """How many submissions can be graded at once now."""
        return sum(one.slots for one in self.members.values() if not one.silent)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody is being asked whether they may grade."""
        return bool(self._coming)

    def note_change(self) -> None:
        """Wake whoever waits for a free slot."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def watch(self) -> None:
        """Look again and again who is there, until this is cancelled or there is no hope."""
        pinged, self._alone_since = 0.0, time.monotonic()
        while self.fatal is None:
            found = await self._look()
            if found is None:
                continue
            for key, (address, name) in found.items():
                known = key in self.members or key in self._coming or key in self.refused
                if not known:
                    self._coming[key] = Admitted(address, name)
                    self._spawn(self._admit(key, self._coming[key]))
            for key in [*self.members, *self._coming]:
                if key not in found:
                    self.lose(key, "it has left")
            for key in set(self.refused) - set(found):
                del self.refused[key]
            if time.monotonic() - pinged > PING_S:
                pinged = time.monotonic()
                for key, member in self.members.items():
                    self._spawn(self._ping(key, member))
            self._consider()
            await asyncio.sleep(LOOK_S)
        self.note_change()

    async def _look(self) -> dict[str, tuple[str, str]] | None:
        """Return address and name of each worker that the scheduler knows, by what it is.

        None where the scheduler has gone: all nodes with it, until it is there again.
        """
        try:
            if self.client is None:
                self.client = await Client(
                    self.address, security=self.security, asynchronous=True, timeout=10,
                    set_as_default=False,
                )  # fmt: skip
            said = await asyncio.wait_for(self.client.scheduler.identity(), 10)
            self.is_cut_off = False
            workers = said["workers"]
            return {f"{at} {one['id']}": (at, str(one["name"])) for at, one in workers.items()}
        except (OSError, TimeoutError, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and _is_cancelled():
                raise
            for key in [*self.members, *self._coming]:
                self.lose(key, "the scheduler is out of reach")
            await self.hang_up()
            self.is_cut_off = True
            self._consider(f"the scheduler at {self.address} is out of reach{_cause(error)}")
            await asyncio.sleep(LOOK_S)
            return None

    async def hang_up(self) -> None:
        """Part from the scheduler."""
        client, self.client = self.client, None
        if client is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(client.close(timeout=2), 4)

    def _consider(self, why: str = "") -> None:
        """Give up where nobody can grade, and nobody will."""
        if self.members:
            self._alone_since, self._has_told = time.monotonic(), False
            return
        waited = time.monotonic() - self._alone_since
        if self._coming:
            return
        named = "; ".join(self.refused.values())
        if self.refused and waited > GRACE_S:
            self.fatal = GraderError(f"no node is left that may grade: {named}")
        elif self.patience_s is not None and waited > self.patience_s:
            text = why or f"no node came to {self.address} within {self.patience_s:.0f} s"
            self.fatal = GraderError(f"{text}: {_start(why)}; what was graded is kept")
        elif why or (waited > SAY_S and not self.refused):
            self._tell_wait(why)

    def _tell_wait(self, why: str) -> None:
        """Tell once who is waited for; nodes that the run itself has started are on their way."""
        if self.terms.probes and not self._has_told:
            self._has_told = True
            given = "" if self.patience_s is None else f" for {self.patience_s:.0f} s"
            text = why or f"no node is at {self.address} yet"
            self.tell(f"{text}, waiting{given}: {_start(why)}")

    def lose(self, key: str, why: str) -> None:
        """Strike a node off, which may come again as another."""
        member = self.members.pop(key, None) or self._coming.pop(key, None)
        if member is not None:
            member.gone.set()
            if member.slots:
                self.tell(f"node {member.told}: {why}")
        self.note_change()

    def refuse(self, member: Admitted, why: str) -> None:
        """Let a node grade no more in this run."""
        for key, one in [*self.members.items(), *self._coming.items()]:
            if one is member:
                self.refused[key] = f"{member.told}: {why}"
                self.members.pop(key, None)
                self._coming.pop(key, None)
                member.gone.set()
                self._alone_since = time.monotonic()  # who comes beside it may be a moment later
                self.tell(f"node {member.told} is refused: {why}")
        self._consider()
        self.note_change()

    def strike(self, member: Admitted, why: str) -> None:
        """Strike off a node that is known as a member; if it is still there it is admitted anew."""
        for key in [key for key, one in self.members.items() if one is member]:
            self.lose(key, why)

    async def _admit(self, key: str, member: Admitted) -> None:
        assert self.client is not None  # noqa: S101 - it has just said who is there
        try:
            await admit(self.client, member, self.terms)
        except RefusedError as error:
            self.refuse(member, str(error))
        except AwayError:
            self._coming.pop(key, None)
        else:
            if self._coming.pop(key, None) is not None:
                self.members[key] = member
                slots = f"{member.slots} slot{'s' * (member.slots != 1)}"
                self.tell(f"node {member.told} grades, {slots}")
                self.note_change()

    async def _ping(self, key: str, member: Admitted) -> None:
        client = self.client
        if client is None:
            return
        run = self.terms.run
        try:
            await ask_sealed(client, member, run, "ping", {}, timeout_s=SILENT_S)
            silent = False
        except AwayError as error:
            if "knows nothing" in str(error):
                self.lose(key, str(error))
            silent = True
        except GarbageError as error:
            self.refuse(member, f"it answers nonsense ({error})")
            return
        if silent != member.silent:
            member.silent = silent
            self.note_change()

    async def finish(self) -> None:
        """Tell all nodes that the run is over: they end what goes on, and forget it."""
        client = self.client
        if client is not None:
            told = [
                ask_sealed(client, one, self.terms.run, "finish", {}, timeout_s=FINISH_S)
                for one in self.members.values()
                if not one.silent
            ]
            await asyncio.gather(*told, return_exceptions=True)
        for task in list(self._tasks):
            task.cancel()
        await self.hang_up()

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _start(why: str) -> str:
    """Return what starts whoever is missing: a scheduler, where there is a reason, or a node."""
    if not why:
        return "`dlgrade node` starts one"
    return "`dlgrade node --scheduler`, with these certificates, starts one"


def _cause(error: BaseException) -> str:
    """Return what lies beneath an error of Dask's, which says itself only that it has waited."""
    while error.__cause__ is not None:
        error = error.__cause__
    text = str(error)
    return f" ({safe_text(text)[:120]})" if isinstance(error, OSError) and text else ""


def _is_cancelled() -> bool:
    """Tell whether it is this very task that is to end, and not what it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
