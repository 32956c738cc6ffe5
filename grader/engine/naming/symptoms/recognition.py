"""Recognise what wrong numbers look like: a factor, a swapped axis, a border, a forgotten step.

A symptom is named only when it explains every failing case. These are the general ones, for all
exercises; a check's own mistakes are more precise and come first (`diagnosis`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.engine.naming.symptoms.amounts import AMOUNTS, PLAIN_AMOUNTS
from grader.engine.naming.symptoms.kinds import KINDS, LAST_KINDS
from grader.engine.naming.symptoms.parts import PARTS
from grader.engine.naming.symptoms.places import EXACT_PLACES, PLACES
from grader.engine.naming.symptoms.sharing import tell_of_script, tell_sharing
from grader.engine.naming.symptoms.sizes import tell_sizes
from grader.engine.naming.symptoms.wrongs import wrong_part
from grader.model import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.judge import Trial
    from grader.engine.naming.symptoms.wrongs import Symptom
    from grader.model import Diagnosis

PLAIN: tuple[Symptom, ...] = (*KINDS, *EXACT_PLACES, *PLAIN_AMOUNTS)
OTHERS: tuple[Symptom, ...] = (*LAST_KINDS, *AMOUNTS, *PLACES, *PARTS)


def find_plain_symptom(failing: Sequence[Trial]) -> Diagnosis | None:
    """Return the first symptom that leaves nothing to ask, or None: another kind, a factor.

    Parameters
    ----------
    failing
        The wrong answers; at least one.
    """
    return tell_of_script(failing) or _first(PLAIN, failing)


def find_symptom(failing: Sequence[Trial], passing: Sequence[Trial] = ()) -> Diagnosis | None:
    """Return the first symptom that explains every failing case, or None.

    Parameters
    ----------
    failing
        The wrong answers; at least one.
    passing
        The right ones: some symptoms are known by what they leave alone.
    """
    shared = tell_sharing(failing, passing)
    return shared or _first((*PLAIN, *OTHERS), failing) or tell_sizes(failing, passing)


def _first(symptoms: Sequence[Symptom], failing: Sequence[Trial]) -> Diagnosis | None:
    """Return what the first symptom says that explains all; nothing explains an exception."""
    if any(trial.verdict.status is Status.ERROR for trial in failing):
        return None
    wrongs = [wrong_part(trial) for trial in failing]
    found = next((found for symptom in symptoms if (found := symptom(wrongs))), None)
    if found is None or not found.message.startswith("the "):
        return found
    return replace(found, message=f"{found.message[0].upper()}{found.message[1:]}")
