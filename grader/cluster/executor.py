"""Have submissions graded by nodes: what `grader.grading.executor` promises, from elsewhere.

An order goes to one node. When that node goes, is silent, or holds it longer than any order can
take, it goes to another one, and the first answer counts. No node's end is a fact about a
submission; what a node says of its own grading processes is.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cluster.admission import AwayError, Terms, ask_sealed
from grader.cluster.here import describe_here
from grader.cluster.orders import Pending, ToldLostError, Try
from grader.cluster.replies import GarbageError, read_graded
from grader.cluster.roll import Roll
from grader.cluster.settings import set_up
from grader.course.course import find_course
from grader.engine.cases.bank import RunBank
from grader.engine.cases.key import fingerprint
from grader.errors import GraderError, LostError, OverwhelmedError
from grader.grading.executor import DRAW, LocalExecutor, LostInARow, Order
from grader.grading.process import BUDGETS, OWN_S
from grader.worker.client import WALL_FACTOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from grader.cluster.admission import Admitted
    from grader.cluster.hosting import Host
    from grader.grading.messages import Graded, Setup

LOOK_S = 1.0
MOST_LOST = (
    20  # nodes that may be lost over an order, which is nobody's fault, before it is given up
)
MOST_SAID = 2  # nodes that say themselves that they could not grade it
END_S = 15.0


class ClusterExecutor:
    """Have orders graded by the nodes of a host.

    Parameters
    ----------
    setup
        Of the run.
    jobs
        How many processes draw the cases here.
    host
        Where the nodes are, or come to.
    tell
        Told in a line what happens to nodes.
    """

    def __init__(
        self, setup: Setup, jobs: int, host: Host, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        set_up(Path(setup.scratch) / "dask")
        self._setup, self._host = setup, host
        self._course = find_course(Path(setup.course) if setup.course else None)
        self._worth = {one: float(self._course.exercise(one).check.points) for one in setup.asked}
        self._drawing: LocalExecutor | None = None
        self._jobs = jobs
        self._drawn: asyncio.Task[None] | None = None
        self._closed = False
        self._in_a_row = LostInARow()
        self._terms = Terms(
            secrets.token_hex(16), describe_here(self._course), setup, probes=host.is_remote
        )
        self._roll: Roll | None = None
        self._tell = tell
        self._watching: asyncio.Task[None] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self._wait_for(self._begin())
        except BaseException:
            self.close()
            raise

    def _wait_for(self, coroutine: Any, timeout_s: float | None = None) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout_s)

    async def _begin(self) -> None:
        address, security = await self._host.start()
        self._roll = Roll(address, security, self._terms, self._tell, self._host.patience_s)

    @property
    def ahead(self) -> int:
        """How many orders may be under way: each slot has its next one waiting."""
        return 2 * self.slots + 1

    @property
    def slots(self) -> int:
        """How many submissions can be graded at once now."""
        return self._roll.slots if self._roll is not None else 0

    @property
    def nodes(self) -> int:
        """How many nodes grade now."""
        return len(self._roll.members) if self._roll is not None else 0

    def submit(self, order: Order) -> Future[Graded]:
        """Promise the facts about a submission; cases are drawn here."""
        if order.package == DRAW:
            return self._draws().submit(order)
        return asyncio.run_coroutine_threadsafe(self._grade(order), self._loop)

    def close(self) -> None:
        """End everything, here and on all nodes."""
        if self._closed:
            return
        self._closed = True
        if self._drawing is not None:
            self._drawing.close()
        with contextlib.suppress(Exception):
            self._wait_for(self._end(), END_S)
        self._host.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=END_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _end(self) -> None:
        current = asyncio.current_task()
        if self._watching is not None:
            self._watching.cancel()
        if self._roll is not None:
            self._roll.tell = lambda _: None  # what goes now goes because we part
            await self._roll.finish()
        await self._host.end()
        rest = [one for one in asyncio.all_tasks() if one is not current]
        for one in rest:
            one.cancel()
        await asyncio.wait(rest, timeout=1) if rest else None

    # ------------------------------------------------------------------ the bank

    def _draws(self) -> LocalExecutor:
        if self._drawing is None:
            self._drawing = LocalExecutor(self._setup, self._jobs)
        return self._drawing

    def _draw(self) -> None:
        """Draw what is not drawn yet, in processes of this machine, and seal all of it."""
        bank = RunBank(Path(self._setup.bank))
        missing = []
        for one in self._setup.asked:
            key = fingerprint(self._course, self._course.exercise(one), self._setup.seed)
            if not bank.find_seal(one, key):
                missing.append(one)
        futures = [self._draws().submit(Order(DRAW, (one,))) for one in missing]
        for future in futures:
            with contextlib.suppress(LostError, OverwhelmedError):  # found out again by a node
                future.result()
        if self._drawing is not None:
            self._drawing.close()
            self._drawing = None
        self._terms.seal_bank(Path(self._setup.bank))

    async def _open(self) -> None:
        """Draw the cases, then look for nodes: once, before the first order."""
        assert self._roll is not None  # noqa: S101 - `_begin` has made it
        await asyncio.to_thread(self._draw)
        self._watching = asyncio.create_task(self._roll.watch())

    async def _grade(self, order: Order) -> Graded:
        if self._drawn is None:
            self._drawn = asyncio.create_task(self._open())
        await asyncio.shield(self._drawn)
        steps = max(len(order.exercises), 1)
        deadline_s = 2 * steps * (BUDGETS * WALL_FACTOR * self._setup.timeout_s + OWN_S)
        pending = Pending(order, deadline_s)
        try:
            while True:
                self._require_hope()
                if pending.wants_another:
                    one = Try()
                    task = asyncio.create_task(self._try(pending, one))
                    pending.tries[task] = one
                done, _ = await asyncio.wait(
                    pending.tries, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    del pending.tries[task]
                    if reply := self._outcome(pending, task):
                        return reply
        finally:
            for task in pending.tries:
                task.cancel()
                task.add_done_callback(_forget)

    def _require_hope(self) -> None:
        roll = self._roll
        if self._closed:
            raise LostError("the run has ended")
        if roll is not None and roll.fatal is not None:
            error = GraderError(str(roll.fatal))
            error.exit_code = roll.fatal.exit_code
            raise error
        watching = self._watching
        if watching is not None and watching.done() and not watching.cancelled():
            fault = watching.exception()
            raise GraderError(f"the nodes are watched no more ({type(fault).__name__}: {fault})")

    def _outcome(self, pending: Pending, task: asyncio.Task[Graded]) -> Graded | None:
        """Return what a try has found out; None where another one may."""
        try:
            reply = task.result()
        except AwayError as error:
            pending.lost += 1
            if pending.lost >= MOST_LOST:
                text = f"{pending.lost} nodes were lost meanwhile, the last one: {error}"
                raise self._in_a_row.lost(pending.order.student, text) from error
        except ToldLostError as error:
            pending.said.add(error.who)
            if len(pending.said) >= min(MOST_SAID, max(1, self.nodes)):
                raise self._in_a_row.lost(pending.order.student, str(error)) from error
        else:
            self._in_a_row.end()
            return reply
        return None

    async def _take(self, pending: Pending) -> Admitted:
        """Wait for a free slot, if it can be on a node that has not had this order yet."""
        roll = self._roll
        assert roll is not None  # noqa: S101 - `_begin` has made it
        while True:
            free = [one for one in roll.members.values() if one.is_free]
            free = [one for one in free if one not in pending.nodes]
            fresh = [one for one in free if one.identity not in pending.said]
            if fresh or free:
                member = min(fresh or free, key=lambda one: one.busy / one.slots)
                member.busy += 1
                return member
            with contextlib.suppress(TimeoutError):  # `wait_for` may lose that this is cancelled
                async with asyncio.timeout(LOOK_S):
                    await roll.changed.wait()

    async def _try(self, pending: Pending, one: Try) -> Graded:
        """Have one node grade an order."""
        roll, order = self._roll, pending.order
        assert roll is not None  # noqa: S101 - `_begin` has made it
        member = await self._take(pending)
        one.member, one.since = member, time.monotonic()
        tree = {"exercises": order.exercises, "student": order.student}
        try:
            if roll.client is None:
                raise AwayError("the scheduler has gone")
            said = await ask_sealed(
                roll.client, member, self._terms.run, "grade", tree, order.package
            )
            return self._read(member, order, said)
        except GarbageError as error:
            roll.refuse(member, f"it answers nonsense ({error})")
            raise AwayError(str(error)) from error
        except AwayError as error:
            if "knows nothing" in str(error):
                roll.strike(member, str(error))
            raise
        finally:
            member.busy -= 1
            roll.note_change()

    def _read(self, member: Admitted, order: Order, said: dict[str, Any]) -> Graded:
        """Return what a node says of an order, or raise what that comes to."""
        assert self._roll is not None  # noqa: S101 - `_begin` has made it
        if "graded" in said:
            exams = [f"quiz.{topic}" for topic, *_ in self._setup.exams]
            reply = read_graded(said["graded"], [*order.exercises, *exams], self._worth)
            for fact in reply["facts"]:
                fact["details"]["node"] = {"host": member.host, "identity": member.identity}
            return reply
        if "overwhelmed" in said:
            raise OverwhelmedError(str(said["overwhelmed"]))
        if "lost" in said:
            raise ToldLostError(f"{said['lost']}, on node {member.told}", member.identity)
        text = str(said.get("error") or said.get("hopeless") or "")
        if not text:
            raise GarbageError("nothing that can be understood")
        self._roll.refuse(member, text)
        raise AwayError(text)


def _forget(task: asyncio.Task[Graded]) -> None:
    """Take note of how a try ended that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
