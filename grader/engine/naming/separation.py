"""Say what separates the failing cases from the passing ones, in one sentence."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.docstrings import axis_sizes
from grader.course.strategies import asked_of
from grader.course.stubs import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.course.course import Exercise
    from grader.engine.cases.caseset import BankedCase
    from grader.engine.judge import Trial

MIN_EACH = 2
MIN_SIZES = 4  # cases of each kind, so that a size does not tell them apart by accident


def separate(
    exercise: Exercise, failing: Sequence[Trial], passing: Sequence[Trial], *, is_all: bool = True
) -> str:
    """Return a sentence on which cases fail, or nothing when no simple fact tells them apart.

    Parameters
    ----------
    exercise
        Its check names the features of its arguments.
    failing, passing
        All trials with a verdict.
    is_all
        Whether no other case is left, of which nothing is known.

    Returns
    -------
    str
        "Only cases with padding = 0 fail.", "It passes stride 1 and fails stride 2 and 3."
    """
    if not failing:
        return ""
    if not passing:
        return "Every case fails." if is_all and len(failing) > 1 else ""
    if min(len(failing), len(passing)) < MIN_EACH:
        return ""
    if exercise.stub.is_class and all(map(ends_where_raised, failing)):
        return ""  # what these scripts have besides is no reason
    bad = [named_arguments(exercise, trial.banked) for trial in failing]
    good = [named_arguments(exercise, trial.banked) for trial in passing]
    by_order = _by_memory_order(bad, good)
    for sentence in (*_by_value(bad, good), *_by_feature(exercise, bad, good), *by_order):
        return sentence
    fact = size_fact(exercise, failing, passing)
    return fact.sentence if fact else ""


def ends_where_raised(trial: Trial) -> bool:
    """Tell whether a script ends where something has to be raised, whatever was.

    Parameters
    ----------
    trial
        Of a class.
    """
    mismatch = trial.verdict.mismatch
    return mismatch is not None and trial.arguments[mismatch.step][0] == "raises"


def named_arguments(exercise: Exercise, banked: BankedCase) -> dict[str, Any]:
    """Return the arguments of a case's first call by name, in order, defaults filled in.

    Those of a class are the steps of its script.
    """
    if exercise.stub.is_class:
        return {SCRIPT: banked.arguments}
    given = banked.arguments[0]
    return {
        parameter.name: given[place] if place < len(given) else parameter.value
        for place, parameter in enumerate(exercise.stub.parameters)
    }


def _by_value(bad: Sequence[dict[str, Any]], good: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield sentences about whole-number arguments whose values alone tell the two apart."""
    for name in bad[0]:
        fails = {row.get(name) for row in bad if _is_plain(row.get(name))}
        if not fails:
            continue
        passes = {row.get(name) for row in good if _is_plain(row.get(name))}
        if passes and fails.isdisjoint(passes) and len(fails) + len(passes) <= 8:
            if len(fails) == 1:
                yield f"Only cases with {name} = {_list(fails)} fail."
            elif len(passes) == 1:
                yield f"Only cases with {name} = {_list(passes)} pass."
            else:
                yield f"It passes {name} = {_list(passes)} and fails {name} = {_list(fails)}."


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, int)


def _list(values: set[Any]) -> str:
    words = [str(value) for value in sorted(values, key=lambda v: (v is None, v or 0))]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _by_feature(
    exercise: Exercise, bad: Sequence[dict[str, Any]], good: Sequence[dict[str, Any]]
) -> Iterator[str]:
    """Yield sentences about the check's own features: exact ones, then those all failures share."""
    shared = ""
    for words, holds in exercise.check.features.items():
        first = has_feature(bad[0], holds)
        if any(has_feature(row, holds) is not first for row in bad[1:]):
            continue  # it tells nothing, whatever holds of those that pass
        if not first:
            if all(has_feature(row, holds) for row in good):
                yield f"Only cases with {words} pass."
            continue
        passes = sum(has_feature(row, holds) for row in good)
        if not passes:
            yield f"Only cases with {words} fail."
        elif passes <= len(good) // 3:
            shared = shared or f"Every failing case has {words}."
    if shared:
        yield shared


def _by_memory_order(
    bad: Sequence[dict[str, Any]], good: Sequence[dict[str, Any]]
) -> Iterator[str]:
    """Yield a sentence where each failing case has an array in another order, and few others do."""
    for name in bad[0]:
        if not all(_is_turned(row.get(name)) for row in bad):
            continue
        if sum(_is_turned(row.get(name)) for row in good) <= len(good) // 3:
            yield (
                f"Every failing case has {name} as a view or in Fortran's order: "
                f"{name}.copy() lies in memory as usual."
            )


def _is_turned(value: Any) -> bool:
    return isinstance(value, np.ndarray) and not value.flags.c_contiguous


def has_feature(arguments: Mapping[str, Any], feature: Callable[..., Any]) -> bool:
    """Tell whether a case has a feature, which asks for some of its arguments by name.

    Examples
    --------
    >>> has_feature({"x": [1.0], "stride": 2}, lambda stride: stride > 1)
    True
    """
    return bool(feature(*(arguments[name] for name in asked_of(feature))))


@dataclass(frozen=True)
class SizeFact:
    """What all failing cases have in their sizes, and no passing one.

    Parameters
    ----------
    kind
        `another`: two sizes differ. `one`: a size is above 1. `default`: an argument is left out.
    names
        The two sizes; the size; the argument and its default.
    """

    kind: str
    names: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Which cases fail."""
        name = self.names[0]
        facts = {
            "another": f"{name} ≠ {self.names[-1]}",
            "one": f"{name} > 1",
            "default": f"{name} left out",
        }
        return f"Only cases with {facts[self.kind]} fail."


def size_fact(
    exercise: Exercise, failing: Sequence[Trial], passing: Sequence[Trial]
) -> SizeFact | None:
    """Return what tells the failing cases from the passing ones by their sizes alone.

    Parameters
    ----------
    exercise
        Its page names the axes.
    failing, passing
        All trials with a verdict.
    """
    good = [trial for trial in passing if not trial.banked.bad]
    if min(len(failing), len(good)) < MIN_SIZES or any(trial.banked.bad for trial in failing):
        return None
    letters = list(_sizes(exercise, failing[0]))
    above, pairs = letters, list(itertools.combinations(letters, 2))
    for place, trial in enumerate([*failing, *good]):
        fails, row = place < len(failing), _sizes(exercise, trial)
        above = [one for one in above if one in row and (row[one] > 1 if fails else row[one] == 1)]
        pairs = [
            (one, other)
            for one, other in pairs
            if one in row and other in row and (row[one] != row[other]) == fails
        ]
        if not above and not pairs:
            break
    if above:
        return SizeFact("one", (above[0],))
    if pairs:
        return SizeFact("another", pairs[0])
    return _default_fact(exercise, failing, good)


def _sizes(exercise: Exercise, trial: Trial) -> dict[str, int]:
    """Return the sizes that the exercise's page names, in one case."""
    return axis_sizes(exercise.stub.docstring, named_arguments(exercise, trial.banked))


def _default_fact(
    exercise: Exercise, failing: Sequence[Trial], passing: Sequence[Trial]
) -> SizeFact | None:
    """Return the argument that is left out in every failing case and given in every other."""
    for place, parameter in enumerate(exercise.stub.parameters):
        left_out = all(len(trial.arguments[0]) <= place for trial in failing)
        if parameter.default is None or not left_out:
            continue
        if all(len(trial.arguments[0]) > place for trial in passing):
            return SizeFact("default", (parameter.name, parameter.default))
    return None
