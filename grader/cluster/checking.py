"""For `dlgrade doctor --cluster`: which nodes are there, and why one would be refused."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from typing import TYPE_CHECKING

from grader.cluster.admission import Terms
from grader.cluster.here import describe_here
from grader.cluster.roll import Roll
from grader.cluster.settings import set_up
from grader.grading.messages import Setup
from grader.model import Limits
from grader.render.upkeep.probes import Probe

if TYPE_CHECKING:
    from pathlib import Path

    from grader.cluster.hosting import Host
    from grader.course.course import Course

SETTLE_S, PATIENCE_S = 3.0, 120.0
REMEDY = "mend that there, and start its `dlgrade node` again"


def examine_cluster(host: Host, course: Course, sandbox: str, folder: Path) -> list[Probe]:
    """Return a row for each node that comes, as a run would let it in or refuse it.

    Parameters
    ----------
    host
        Where the nodes are.
    course
        That a run would grade.
    sandbox
        That it would ask for.
    folder
        Empty, for what is kept meanwhile.
    """
    set_up(folder / "dask")
    limits = Limits()
    setup = Setup(None, 0, limits.timeout_s, limits.memory_mib, sandbox, "", "")
    terms = Terms(secrets.token_hex(16), describe_here(course), setup, host.is_remote)
    terms.seal_bank(folder)
    try:
        return asyncio.run(_examine(host, terms))
    finally:
        host.stop()


async def _examine(host: Host, terms: Terms) -> list[Probe]:
    address, security = await host.start()
    roll = Roll(address, security, terms, lambda _: None, PATIENCE_S)
    watching = asyncio.create_task(roll.watch())
    settled = time.monotonic()
    begun = settled
    while not (roll.fatal or roll.is_cut_off) and time.monotonic() - begun < PATIENCE_S:
        if roll.is_waiting or not (roll.members or roll.refused):
            settled = time.monotonic()
        elif time.monotonic() - settled > SETTLE_S:
            break
        await asyncio.sleep(0.2)
    rows = [
        Probe(one.told, f"may grade, {one.slots} at once", needed=True)
        for one in roll.members.values()
    ]
    rows += [Probe(*_parts(told), held=False, remedy=REMEDY) for told in roll.refused.values()]
    if not rows:
        text, remedy = f"no node is at {address}", "start one with `dlgrade node`"
        text = str(roll.fatal or text)
        if roll.is_cut_off:
            text = f"nobody who has these certificates answers at {address}"
            remedy = "start a scheduler there with `dlgrade node --scheduler`"
        rows.append(Probe("cluster", text, held=False, remedy=remedy))
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    await roll.finish()
    await host.end()
    return rows


def _parts(told: str) -> tuple[str, str]:
    """Return the name of a node that is refused, and why."""
    name, _, why = told.partition(": ")
    return name, why
