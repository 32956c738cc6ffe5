"""What the four demos share: losses beside torch's, and the views of them on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grader.render.demo.shown import AGREES, Agreement, DemoView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.render.demo.shown import DemoBody, DemoPart
    from grader.student.demo.asking import Parts
    from grader.student.demo.catalogue import Demo
    from grader.student.demo.pacing import Pace

COMPARED = 50  # steps for which both losses have to be the same
FAR = 1e6
WATCHED = 2  # in which each part is compared; in later ones where the losses have come apart


class Learner(Protocol):
    """A demo that is under way."""

    def run(self, pace: Pace) -> Iterator[DemoView]:
        """Yield the demo's moments, the last one when all is done.

        Raises
        ------
        PartFailedError
            It cannot go on.
        """

    def agreements(self) -> Sequence[Agreement]:
        """Return how the losses so far compare with torch's."""

    def view(self) -> DemoView | None:
        """Return the newest moment, without asking anybody; None before the first."""


@dataclass
class Setting:
    """What every demo is given.

    Parameters
    ----------
    demo
        Which one.
    shares
        Whose its parts are.
    parts
        Calls them.
    seed
        Of the start and the order.
    is_live
        Whether somebody looks on, so that it pays to ask for pictures on the way.
    """

    demo: Demo
    shares: Sequence[DemoPart]
    parts: Parts
    seed: int = 0
    is_live: bool = False


def apart(own: float, torchs: float) -> float:
    """Return how far a loss is from torch's, one above 1 relative to it.

    Examples
    --------
    >>> apart(0.5, 0.25), apart(math.nan, 1.0)
    (0.25, inf)
    """
    distance = abs(own - torchs) / max(1.0, abs(torchs))
    return math.inf if math.isnan(distance) else distance


@dataclass
class LossLog:
    """The losses of a network, and those of the same one in torch.

    Parameters
    ----------
    what
        Which network, where a demo has several.
    """

    what: str = ""
    own: list[float] = field(default_factory=list)
    torchs: list[float] = field(default_factory=list)

    def note(self, own: float, torchs: float) -> None:
        """Add the losses of a step, each before its update."""
        self.own.append(float(own))
        self.torchs.append(float(torchs))

    @property
    def next_is_watched(self) -> bool:
        """Whether the parts are to be compared one by one in the next step."""
        step = len(self.own) + 1
        if step <= WATCHED:
            return True
        return step <= COMPARED and apart(self.own[-1], self.torchs[-1]) > AGREES

    @property
    def is_lost(self) -> bool:
        """Whether the newest loss is far beyond the first, so that nothing can be learnt."""
        return bool(self.own) and not self.own[-1] < FAR * max(1.0, self.own[0])

    def since(self, place: int) -> str:
        """Return the mean losses since a step, in words."""
        own, torchs = self.own[place:], self.torchs[place:]
        if not own:
            return "no step yet"
        return f"loss {sum(own) / len(own):.4g} (torch's {sum(torchs) / len(torchs):.4g})"

    def agreement(self) -> Agreement | None:
        """Return how the first steps compare; None where there are none."""
        own, torchs = self.own[:COMPARED], self.torchs[:COMPARED]
        if not own:
            return None
        worst = max(apart(one, other) for one, other in zip(own, torchs, strict=True))
        return Agreement(self.what, len(own), own[0], own[-1], torchs[-1], worst)


def make_view(  # noqa: PLR0913 - a moment has all of these
    setting: Setting, log: LossLog, steps: int, body: DemoBody, score: str = "", milestone: str = ""
) -> DemoView:
    """Return a demo at this moment.

    Parameters
    ----------
    setting, log
        What it was given, and the losses so far.
    steps
        How many there will be.
    body, score, milestone
        See `DemoView`.
    """
    demo, step = setting.demo, len(log.own)
    return DemoView(
        demo.name, demo.story, setting.shares, step, steps, tuple(log.own), tuple(log.torchs),
        body, score, milestone,
    )  # fmt: skip
