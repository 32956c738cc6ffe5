"""An order that is under way: who is at it, who was lost over it, and who said what."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import LostError

if TYPE_CHECKING:
    import asyncio

    from grader.cluster.admission import Admitted
    from grader.grading.executor import Order
    from grader.grading.messages import Graded

MOST_AT_ONCE = 3  # tries of one order


@dataclass(eq=False)
class Try:
    """One node's go at an order; without a node it waits for a free slot."""

    member: Admitted | None = None
    since: float = 0.0

    def is_late(self, deadline_s: float) -> bool:
        """Whether it cannot be counted on any more."""
        if self.member is None:
            return False
        return self.member.silent or time.monotonic() - self.since > deadline_s


@dataclass(eq=False)
class Pending:
    """An order that is under way, and what has become of it so far."""

    order: Order
    deadline_s: float
    tries: dict[asyncio.Task[Graded], Try] = field(default_factory=dict)
    lost: int = 0
    said: set[str] = field(default_factory=set)

    @property
    def wants_another(self) -> bool:
        """Whether another node should have a go."""
        late = all(one.is_late(self.deadline_s) for one in self.tries.values())
        return late and len(self.tries) < MOST_AT_ONCE

    @property
    def nodes(self) -> set[Admitted | None]:
        """Who is at it."""
        return {one.member for one in self.tries.values()}


class ToldLostError(LostError):
    """A node says that it could not grade an order, by no fault of the submission."""

    def __init__(self, text: str, who: str) -> None:
        super().__init__(text)
        self.who = who
