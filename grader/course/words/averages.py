"""Random results: what many draws are on average, as near as chance allows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.course.strategies import asked_of
from grader.course.words.rules import RULED_CASES, AnswerRule, BrokenRule, given_to
from grader.errors import CourseError
from grader.model import Case, Mismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

RISK = 1e-7  # that chance fails a right answer in a level: of ten levels, one in a million
FEWEST_EVENTS = 25  # draws that are not like the others, so that their spread is known
SEED = "seed"


@dataclass(frozen=True)
class Averages(AnswerRule):
    """Holds the averages of many draws to those of the course's own draws.

    Parameters
    ----------
    statistics
        What is averaged, by the words that say it: functions of the draws, along axis 0, and of the
        arguments that they ask for by name.
    calls
        How many calls make the draws, each with a seed of its own; None where one call makes all.
    always
        What holds for every draw: functions of the same kind that tell whether it does.
    seed
        Which argument is the seed.
    """

    statistics: Mapping[str, Callable[..., Any]]
    calls: int | None = None
    always: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    seed: str = SEED

    @property
    def is_random(self) -> bool:
        """That two right answers differ is what it is for."""
        return True

    def spread(self, case: Case, names: Sequence[str]) -> Case:
        """Return a case with a call for each seed, from the one that was drawn on."""
        if self.seed not in names:
            has = ", ".join(names)
            text = f"random results need a seed: there is no argument {self.seed}; there are {has}"
            raise CourseError(f"{text} (seed=... names another)")
        if self.calls is None:
            return case
        at, (first,) = list(names).index(self.seed), case.steps
        calls = [(*first[:at], first[at] + more, *first[at + 1 :]) for more in range(self.calls)]
        return Case(tuple(calls))

    def measure(
        self, right: Sequence[Any], named: Sequence[Mapping[str, Any]]
    ) -> tuple[float, ...]:
        """Return the averages and what is allowed, once it is clear that they tell something."""
        draws = self._draws(right)
        fault = self._broken(draws, named[0])
        if fault is not None:
            raise CourseError(f"the course's own draws break a rule: {fault.mismatch.message}")
        found: list[float] = []
        for words in self.statistics:
            values = self._values(words, draws, named[0])
            self._require_spread(words, values)
            found += [*values.mean(0).ravel().tolist(), *_allowed(values).ravel().tolist()]
        return tuple(found)

    def find_fault(
        self, right: Sequence[Any], answer: Sequence[Any], named: Sequence[Mapping[str, Any]]
    ) -> BrokenRule | None:
        """Return the first rule that a draw breaks, or the first average that is too far off.

        A known mistake, to which a student's draws are held when it is named, may break a rule
        itself: how often is then one more average.
        """
        own, draws = self._draws(right), self._draws(answer)
        if self._broken(own, named[0]) is None:
            broken = self._broken(draws, named[0])
            if broken is not None:
                return broken
        else:
            for words in self.always:
                mistaken, held = (self._held(words, some, named[0]) for some in (own, draws))
                fault = _too_far(words, mistaken.astype(float), held.astype(float))
                if fault is not None:
                    return fault
        faults = (
            _too_far(
                words, self._values(words, own, named[0]), self._values(words, draws, named[0])
            )
            for words in self.statistics
        )
        return next((fault for fault in faults if fault is not None), None)

    def _draws(self, results: Sequence[Any]) -> Array:
        """Return the draws along axis 0."""
        import numpy as np  # noqa: PLC0415 - a check is read without it

        return np.asarray(results[0]) if self.calls is None else np.stack(results)

    def _values(self, words: str, draws: Array, named: Mapping[str, Any]) -> Array:
        """Return what is averaged, for each draw."""
        import numpy as np  # noqa: PLC0415 - as above

        function = self.statistics[words]
        given = given_to(function, draws, named, asked_of(function)[1:])
        values = np.asarray(given, dtype=np.float64)
        if not values.ndim or len(values) != len(draws):
            text = f"{words!r} makes {values.shape} of {len(draws)} draws"
            raise CourseError(f"{text}: axis 0 has to stay, it is averaged here")
        return values

    def _held(self, words: str, draws: Array, named: Mapping[str, Any]) -> Array:
        """Tell for each draw whether it holds what always holds."""
        import numpy as np  # noqa: PLC0415 - as above

        function = self.always[words]
        held = np.asarray(given_to(function, draws, named, asked_of(function)[1:]), dtype=bool)
        return np.asarray(held.reshape(len(draws), -1).all(1))

    def _broken(self, draws: Array, named: Mapping[str, Any]) -> BrokenRule | None:
        """Return what does not hold for every draw."""
        for words in self.always:
            wrong = int((~self._held(words, draws, named)).sum())
            if wrong:
                text = f"{words} = not so in {wrong} of {len(draws)} draws, expected always"
                return BrokenRule(Mismatch("values", text), words, len(draws), len(draws) - wrong)
        return None

    @staticmethod
    def _require_spread(words: str, values: Array) -> None:
        variances, reach = values.var(0), values.max(0) - values.min(0)
        if not (reach > 0).all():
            text = f"{words!r} is the same in all {len(values)} draws: say it under always"
            raise CourseError(f"{text}, or draw more")
        events = float((len(values) * variances / reach**2).min())
        if events < FEWEST_EVENTS:
            text = f"{words!r}: {len(values)} draws are too few to know how they vary"
            text += f": as what happens in {events:.0f} of them, and {FEWEST_EVENTS} are needed"
            raise CourseError(text)


def averages(
    statistics: Mapping[str, Callable[..., Any]],
    *,
    calls: int | None = None,
    always: Mapping[str, Callable[..., Any]] | None = None,
    seed: str = SEED,
) -> Averages:
    """Hold random results to the averages of the course's own; see `Averages`.

    Parameters
    ----------
    statistics, calls, always, seed
        Of `Averages`.

    Examples
    --------
    >>> averages({"share of zeros": lambda draws: draws == 0}, calls=400).calls
    400
    """
    if not isinstance(statistics, dict) or not (statistics or always):
        raise CourseError(
            'averages needs a statistic: {"share of zeros": lambda draws: draws == 0}'
        )
    for words, function in {**statistics, **(always or {})}.items():
        if not callable(function):
            raise CourseError(f"averages: {words!r} is a function: lambda draws: draws == 0")
    if calls is not None and (not isinstance(calls, int) or calls < 1):
        raise CourseError(f"averages: calls={calls!r} is no number of calls: calls=1500")
    return Averages(statistics, calls, always or {}, seed)


def _allowed(values: Array) -> Array:
    """Return how far apart the averages of two right answers may be, for each number.

    Parameters
    ----------
    values
        Of the course's own draws, shape (draws, ...): their variance v and reach r count, and
        nothing of the student's, who could choose to be vague.

    Notes
    -----
    Of the difference of two averages over n draws, |d| <= t but for a chance of 2 exp(-L), by
    Bernstein's inequality with variance 2 v and bound r: t = L r / 3 n + sqrt((L r / 3 n)^2 +
    4 L v / n). For many draws that is 6.2 standard errors of the difference at a risk of 1e-8.

    References
    ----------
    S. Boucheron, G. Lugosi, P. Massart, "Concentration Inequalities", Oxford 2013, section 2.8.
    """
    import numpy as np  # noqa: PLC0415 - as above

    many, numbers = len(values), max(1, values[0].size)
    exponent = math.log(2 * numbers * RULED_CASES / RISK)
    reach = exponent * (values.max(0) - values.min(0)) / (3 * many)
    return np.asarray(reach + np.sqrt(reach**2 + 4 * exponent * values.var(0) / many))


def _too_far(words: str, own: Array, values: Array) -> BrokenRule | None:
    """Return where an average is too far from the course's own."""
    import numpy as np  # noqa: PLC0415 - as above

    want, got, allowed = own.mean(0), values.mean(0), _allowed(own)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(got - want) <= allowed)
    if not wrong.any():
        return None
    index = tuple(int(at) for at in np.argwhere(wrong)[0])
    where = f"[{', '.join(map(str, index))}]" if index else ""
    text = f"{words} on average{where} = {got[index]:.4g}, "
    text += f"expected {want[index]:.4g} within {allowed[index]:.2g}"
    mismatch = Mismatch("values", text, wrong=int(wrong.sum()), total=int(want.size))
    if index:
        return BrokenRule(mismatch, words, want, got, float(allowed[index]))
    return BrokenRule(mismatch, words, float(want), float(got), float(allowed))
