"""From what was typed to an executor: for `dlgrade grade --cluster`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cluster.addresses import read_where
from grader.cluster.executor import ClusterExecutor
from grader.cluster.hosting import make_host
from grader.errors import UsageError
from grader.grading.executor import count_cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.cluster.hosting import Host
    from grader.grading.messages import Setup
    from grader.grading.run import Plan
    from grader.render.grades.told import Done

TELL_S = 30.0


def default_certificates() -> Path:
    """Return where certificates are kept when no other folder is named."""
    import platformdirs

    return Path(platformdirs.user_config_dir("dlgrade", appauthor=False)) / "cluster"


@dataclass
class Cluster:
    """What grades a class in place of this machine's own processes.

    Parameters
    ----------
    host
        Where its nodes are.
    tell
        Told in a line what happens to them, and how fast it goes.
    """

    host: Host
    tell: Callable[[str], None]
    _executor: ClusterExecutor | None = field(default=None, init=False)

    @classmethod
    def of(
        cls,
        asked: str,
        certificates: Path | None,
        plan: Plan,
        jobs: int | None,
        tell: Callable[[str], None],
    ) -> Cluster:
        """Return what was asked for on the command line.

        Raises
        ------
        UsageError
            It cannot be had.
        """
        where = read_where(asked)
        if where.kind != "local" and plan.sandbox == "none":
            text = "--sandbox none lets a submission read what a node may: its certificates, too"
            raise UsageError(f"{text}; leave it out, or use --cluster local:N")
        folder = certificates or default_certificates()
        return cls(make_host(where, folder, plan.course_dir, jobs), tell)

    def start(self, setup: Setup, jobs: int) -> ClusterExecutor:
        """Start it, for one run."""
        drawing = min(jobs, count_cores())  # `--jobs` of a batch system is no number of ours
        self._executor = ClusterExecutor(setup, drawing, self.host, self.tell)
        return self._executor

    def with_pace(self, then: Callable[[Done], None], total: int) -> Callable[[Done], None]:
        """Return what to call with every finished submission, which tells the pace."""
        begun, told, count = time.monotonic(), time.monotonic(), 0

        def one_more(done: Done) -> None:
            nonlocal told, count
            then(done)
            count += 1
            now = time.monotonic()
            if now - told > TELL_S and self._executor is not None:
                told = now
                self.tell(
                    pace(self._executor.nodes, self._executor.slots, count, total, now - begun)
                )

        return one_more


def pace(nodes: int, slots: int, count: int, total: int, passed_s: float) -> str:
    """Return how fast a run goes, in a line.

    Examples
    --------
    >>> pace(2, 8, 300, 900, 100.0)
    '2 nodes, 8 slots: 300 of 900 graded, 3.0 a second, about 3 min left'
    >>> pace(1, 1, 17, 18, 34.0)
    '1 node, 1 slot: 17 of 18 graded, 0.5 a second, less than a minute left'
    """
    rate = count / passed_s
    minutes = round((total - count) / rate / 60)
    left = f"about {minutes} min left" if minutes else "less than a minute left"
    who = f"{nodes} node{'s' * (nodes != 1)}, {slots} slot{'s' * (slots != 1)}"
    return f"{who}: {count} of {total} graded, {rate:.1f} a second, {left}"
