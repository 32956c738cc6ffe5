"""Sizes by which the failing cases differ from those that pass, and what that says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.naming.separation import size_fact
from grader.model import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.judge import Trial
    from grader.engine.naming.separation import SizeFact


def tell_sizes(failing: Sequence[Trial], passing: Sequence[Trial]) -> Diagnosis | None:
    """Name what goes wrong with a size, where every case of it fails and no other.

    Parameters
    ----------
    failing, passing
        All trials with a verdict.
    """
    fact = size_fact(failing[0].exercise, failing, passing) if failing else None
    if fact is None or (fact.kind == "one" and _is_nothing(failing, passing)):
        return None
    return TOLD[fact.kind](fact)


def _is_nothing(failing: Sequence[Trial], passing: Sequence[Trial]) -> bool:
    """Tell whether what is wrong in the failing cases is 0 in all others, whatever is done there.

    A gradient through a mean of one number is so: that it is right says nothing of that size.
    """
    found = [trial.verdict.mismatch for trial in failing]
    firsts = {one.path[0] if one and one.path else None for one in found}
    for trial in passing:
        for result in trial.expected:
            parts = [result[at] if _has(result, at) else result for at in firsts]
            if any(np.any(part) for part in parts if isinstance(part, (float, np.ndarray))):
                return False
    return True


def _has(result: Any, at: object) -> bool:
    return isinstance(result, (list, tuple)) and isinstance(at, int) and at < len(result)


def _another(fact: SizeFact) -> Diagnosis:
    one, other = fact.names
    text = f"It is right only where {one} = {other}: somewhere one of them stands for the other."
    return Diagnosis("size-for-another", text)


def _one(fact: SizeFact) -> Diagnosis:
    (name,) = fact.names
    text = (
        f"It is right only where {name} = 1: look at what becomes of the others along {name}, in "
    )
    text += "a loop, a sum or an index."
    return Diagnosis("one-only", text)


def _default(fact: SizeFact) -> Diagnosis:
    name, value = fact.names
    text = f"It is right wherever {name} is given: the default of {name} is {value}."
    return Diagnosis("default", text)


TOLD = {"another": _another, "one": _one, "default": _default}
