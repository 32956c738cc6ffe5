"""Find the case that tells more than the smallest one does, where that one hides the pattern.

In an array with one row, one column or one element, a loop that stops early looks like a function
that writes nothing, and a wrong axis like a right one. With three along an axis its first, its
inner and its last place are three different ones, so that the wrong elements of one mistake do not
lie where those of another do.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.compare import allowed_error, right_elements
from grader.engine.naming.smaller import is_like
from grader.engine.naming.symptoms.wrongs import wrong_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.engine.cases.caseset import BankedCase
    from grader.engine.judge import Trial
    from grader.engine.naming.smaller import SmallerCases
    from grader.engine.naming.symptoms.wrongs import Wrong

    Array = np.ndarray[Any, Any]

ENOUGH = 3  # places along an axis: the first, those inside, the last
SHOWN_AXES = 2  # rows and columns of a block
KINDS = ("values", "finite")
MOST = 200  # elements that somebody looks at


@dataclass(frozen=True)
class Pattern:
    """What a case has to have so that it tells more than the smallest.

    Parameters
    ----------
    lengths
        The fewest rows and columns of the wrong array.
    in_part
        Whether some of its elements have to be right, and not 0.
    """

    lengths: tuple[int, ...]
    in_part: bool

    def is_in(self, trial: Trial) -> bool:
        """Tell whether a failing trial shows it."""
        wrong = _array_of(trial)
        return wrong is not None and self.is_of(wrong)

    def is_of(self, wrong: Wrong) -> bool:
        """Tell whether a wrong array shows it."""
        return self._fits(wrong.expected) and (not self.in_part or _is_partly_right(wrong))

    def may_be_in(self, banked: BankedCase) -> bool:
        """Tell whether an answer to a case can show it, by the shapes of the right one alone."""
        return any(map(self._fits, _arrays_in(banked.expected)))

    def _fits(self, expected: Array) -> bool:
        """Tell whether an array is wide enough, and not too large to look at."""
        rows = expected.shape[-SHOWN_AXES:]
        if len(rows) != len(self.lengths) or expected.size > MOST:
            return False
        return all(map(int.__ge__, rows, self.lengths))


def find_telling(
    smaller: SmallerCases,
    shown: Trial,
    levels: Mapping[str, Sequence[Trial]],
    *,
    named: bool,
) -> Trial | None:
    """Return a trial that tells more than the one that is shown; None where none has to.

    Parameters
    ----------
    smaller
        Asks about smaller ones.
    shown
        The smallest that fails.
    levels
        All trials, by the name of their level.
    named
        Whether the mistake has a name: then a case in which all is wrong adds nothing to it.
    """
    for name, trials in levels.items():
        failing = [one for one in trials if is_like(one, shown)]
        pattern = find_pattern(shown, failing)
        if pattern is None or (named and not pattern.in_part):
            continue
        found = [one for one in failing if pattern.is_in(one)]
        start = min(found, key=lambda one: (one.banked.recipe is None, _size(one)))

        def shows(trial: Trial, pattern: Pattern = pattern) -> bool:
            return is_like(trial, shown) and pattern.is_in(trial)

        found_one = smaller.simplify(name, start, shows, pattern.may_be_in)
        return None if _is_same(found_one, shown) else found_one
    return None


def _is_same(one: Trial, other: Trial) -> bool:
    """Tell whether two trials ask the same: shown twice it tells no more."""
    first, second = one.banked.request, other.banked.request
    return (first.text, first.data) == (second.text, second.data)


def find_pattern(smallest: Trial, failing: Sequence[Trial]) -> Pattern | None:
    """Return what the smallest failing case hides; None where it hides nothing that others show.

    Parameters
    ----------
    smallest
        The one that is shown.
    failing
        Those that fail as it does.
    """
    seen = _array_of(smallest)
    if seen is None or 1 not in seen.expected.shape[-SHOWN_AXES:]:
        return None
    axes = min(seen.expected.ndim, SHOWN_AXES)
    wrongs = [wrong for wrong in map(_array_of, failing) if wrong is not None]
    others = [wrong.expected.shape[-axes:] for wrong in wrongs]
    longest = [max(lengths) for lengths in zip(*(s for s in others if len(s) == axes), strict=True)]
    for in_part in (True, False):
        for enough in (ENOUGH, 2):
            pattern = Pattern(tuple(min(enough, length) for length in longest), in_part)
            if max(longest, default=1) > 1 and any(map(pattern.is_of, wrongs)):
                return pattern
    return None


def _size(trial: Trial) -> int:
    """Return how many numbers somebody has to look at."""
    shown = [trial.expected, *trial.arguments]
    return sum(value.size for part in shown for value in part if isinstance(value, np.ndarray))


def _arrays_in(value: Any) -> Iterator[Array]:
    """Yield all arrays of a right answer, however deep they lie."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple)):
        yield from chain.from_iterable(map(_arrays_in, value))
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(_arrays_in, value.values()))


def _array_of(trial: Trial) -> Wrong | None:
    """Return the wrong array of a trial beside the right one of that shape; None without one."""
    found = trial.verdict.mismatch
    if found is None or found.kind not in KINDS:
        return None
    wrong = wrong_part(trial)
    one, other = wrong.expected, wrong.actual
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return None
    return wrong if one.shape == other.shape and one.ndim and one.size else None


def _is_partly_right(wrong: Wrong) -> bool:
    allowed = allowed_error(wrong.expected, wrong.exercise.check.tolerance)
    right = right_elements(wrong.actual, wrong.expected, allowed)
    return bool((right & (wrong.expected != 0)).any())  # a 0 is right by chance
