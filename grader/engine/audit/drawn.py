"""Say which of the numbers that catch the cases of an exercise never hold, argument by argument.

What is wrong at 0 alone, or from 8 on, passes where nobody draws such a number. The kinds are those
of `grader.course.pools`. A check may say why one of them is right to be missing; a reason for what
is not missing is one too many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.pools import CATCH
from grader.worker.wire import unpack_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.course.course import Exercise
    from grader.course.pools import Undrawn
    from grader.engine.cases.caseset import CaseSet

    Array = np.ndarray[Any, Any]
    Holds = Callable[[Array], Any]

CLOSE = 1e-6
FAR_BELOW = -500.0


def _gaps(x: Array) -> Array:
    """Return how far the numbers above `CLOSE` in size are from the next larger one."""
    return np.diff(np.sort(x[np.abs(x) > CLOSE]))


WHAT_HOLDS: dict[str, tuple[Holds, ...]] = {
    "zero": (lambda x: (x == 0).any(),),
    "tiny": (lambda x: ((np.abs(x) <= CLOSE) & (x != 0)).any(),),
    "far": (
        lambda x: ((x >= 5) & (x <= 20)).any(),
        lambda x: ((x <= -5) & (x >= -20)).any(),
    ),
    "huge": (lambda x: (x >= 1000).any(), lambda x: (x <= -1000).any()),
    "ties": (lambda x: (_gaps(x) == 0).any(),),
    "near": (lambda x: ((_gaps(x) > 0) & (_gaps(x) <= CLOSE)).any(),),
    "below": (lambda x: x.size > 1 and x.max() <= FAR_BELOW,),
    "orders": (lambda x: not x.flags.c_contiguous,),
}
"""What some array of an argument has to hold so that a kind counts as drawn: each of these."""


@dataclass(frozen=True)
class Gap:
    """A kind of numbers that no case holds in one argument.

    Parameters
    ----------
    parameter, kind
        Which.
    why
        Why that is right, as the check says; empty where it says nothing.
    """

    parameter: str
    kind: str
    why: str


@dataclass(frozen=True)
class DrawnAudit:
    """What the cases of an exercise never hold, and reasons that explain nothing."""

    gaps: tuple[Gap, ...]
    needless: tuple[Undrawn, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every kind is drawn or excused, and nothing is excused that is drawn."""
        return all(gap.why for gap in self.gaps) and not self.needless


def audit_drawn(exercise: Exercise, case_set: CaseSet) -> DrawnAudit:
    """Look at the arrays of floats in all cases of an exercise."""
    missing: dict[str, dict[str, list[Holds]]] = {}
    for banked in case_set.cases:
        for arguments in unpack_case(banked.request):
            for name, value in zip(exercise.stub.names, arguments, strict=False):
                for array in _float_arrays(value):
                    left = missing.setdefault(name, {k: [*h] for k, h in WHAT_HOLDS.items()})
                    for kind, holds in left.items():
                        left[kind] = [one for one in holds if not one(array)]
    found = [(name, kind) for name, left in missing.items() for kind in CATCH if left[kind]]
    gaps = tuple(Gap(*pair, reason_for(exercise.check.never, *pair)) for pair in found)
    needless = tuple(
        one for one in exercise.check.never if not any(one.excuses(*pair) for pair in found)
    )
    return DrawnAudit(gaps, needless)


def reason_for(never: Sequence[Undrawn], parameter: str, kind: str) -> str:
    """Return why an argument need not hold a kind of number; empty where nobody says so."""
    return next((one.why for one in never if one.excuses(parameter, kind)), "")


def _float_arrays(value: Any) -> Iterator[Array]:
    """Yield the arrays of floats in an argument; a list of numbers is one, too."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        yield value
    elif isinstance(value, list) and value and all(isinstance(one, float) for one in value):
        yield np.array(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _float_arrays(item)
