"""What the screens of a demo are given: plain facts, made by whoever trains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

AGREES = 1e-6
FALLEN, AWAY = 0.8, 2.0  # of its beginning: a loss that fell, and one that runs away


@dataclass(frozen=True)
class DemoPart:
    """Whose one part of a demo is.

    Parameters
    ----------
    id
        The exercise.
    own
        Whether the student's function is called; else torch's is lent.
    why
        Why it is lent, or what is to be known of the student's; nothing for one that passed.
    """

    id: str
    own: bool
    why: str = ""


@dataclass(frozen=True)
class Guess:
    """A picture, what it shows, and what the network takes it for.

    Parameters
    ----------
    image
        (H, W), from 0 to 1.
    target, guess
        The digits.
    """

    image: Array
    target: int
    guess: int


@dataclass(frozen=True)
class DigitsBody:
    """What the network sees.

    Parameters
    ----------
    guesses
        Ten unseen digits.
    before, now
        The filters of the first layer, (F, KH, KW) each.
    """

    guesses: Sequence[Guess]
    before: Array
    now: Array


@dataclass(frozen=True)
class LettersBody:
    """What the network writes.

    Parameters
    ----------
    samples
        After which step, and what it wrote, in order.
    learnt
        What it reads, in a few words.
    """

    samples: Sequence[tuple[int, str]]
    learnt: str


@dataclass(frozen=True)
class CrossesBody:
    """What the network makes of one picture.

    Parameters
    ----------
    picture
        (9, 9), of 1 and -1.
    features
        (3, 3) each.
    maps, pooled
        Of each feature: how well it fits everywhere, and what pooling keeps of that.
    votes
        The shares of X and of O.
    """

    picture: Array
    features: Sequence[Array]
    maps: Sequence[Array]
    pooled: Sequence[Array]
    votes: tuple[float, float]


@dataclass(frozen=True)
class OptimiserPath:
    """The way of one optimiser.

    Parameters
    ----------
    name
        With its settings.
    own
        Whether the student's function takes the steps.
    points
        (steps + 1, 2): the shallow and the steep direction.
    loss
        Where it is now.
    """

    name: str
    own: bool
    points: Array
    loss: float


@dataclass(frozen=True)
class PathsBody:
    """The ways of all optimisers."""

    paths: Sequence[OptimiserPath]


DemoBody = DigitsBody | LettersBody | CrossesBody | PathsBody


@dataclass(frozen=True)
class DemoView:
    """A demo at one moment.

    Parameters
    ----------
    name, story
        Of the demo.
    parts
        Whose they are.
    step, steps
        How far it is.
    losses, torch_losses
        One for each step so far.
    body
        What is different in each demo.
    score
        How good it is, in a few words.
    milestone
        The line that is printed where nothing can be drawn; empty at most moments.
    """

    name: str
    story: str
    parts: Sequence[DemoPart]
    step: int
    steps: int
    losses: Sequence[float]
    torch_losses: Sequence[float]
    body: DemoBody
    score: str = ""
    milestone: str = ""


@dataclass(frozen=True)
class Agreement:
    """How one loss compares with that of the same network in torch, from the same start.

    Parameters
    ----------
    what
        Which network, where a demo has several.
    steps
        How many were compared, each of them.
    first, own, torchs
        The loss at the beginning, and both after these steps.
    worst
        The largest difference on the way, of a loss above 1 relative to it.
    """

    what: str
    steps: int
    first: float
    own: float
    torchs: float
    worst: float

    @property
    def holds(self) -> bool:
        """Whether the two are the same but for rounding."""
        return self.worst <= AGREES

    @property
    def falls(self) -> bool:
        """Whether the loss fell at all; one that is no number any more did not."""
        return self.own < FALLEN * self.first

    @property
    def runs_away(self) -> bool:
        """Whether the loss grows, or is no number any more."""
        return not self.own < AWAY * self.first


@dataclass(frozen=True)
class Suspicion:
    """A part that did not answer as torch does, to the same arguments.

    Parameters
    ----------
    id
        The exercise.
    step
        Of the demo, from 1.
    message
        What differs, expected before got.
    """

    id: str
    step: int
    message: str


@dataclass(frozen=True)
class DemoEnd:
    """What came of a demo.

    Parameters
    ----------
    view
        The last moment.
    agreements
        With torch, one for each network.
    suspicions
        Parts that differ from torch's, the first to do so first.
    fault
        Why it could not go on.
    interrupted
        Whether somebody ended it.
    remarks
        What else is to be known.
    following
        The command that goes on from there.
    """

    view: DemoView | None
    agreements: Sequence[Agreement]
    suspicions: Sequence[Suspicion]
    fault: str = ""
    interrupted: bool = False
    remarks: Sequence[str] = ()
    following: str = ""

    @property
    def is_well(self) -> bool:
        """Whether it went on to its end, and as torch's does."""
        return not self.fault and not self.suspicions and all(a.holds for a in self.agreements)


@dataclass(frozen=True)
class DemoLine:
    """One demo in the list of all.

    Parameters
    ----------
    name, story
        Of the demo.
    own, total
        How many of its parts have passed, of how many.
    missing
        What it still needs to be open; empty where it is.
    """

    name: str
    story: str
    own: int
    total: int
    missing: Sequence[str]
