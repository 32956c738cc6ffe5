"""Turn what was raised into one sentence for a beginner, with what stands in the line.

What an exception says is a claim of the student's process: its type and its message are cut before
any pattern sees them, every repetition in a pattern is bounded, and a sentence that quotes them is
told again in fixed words while cases are hidden (`FIXED`). What stands in the line is a fact, read
from the file, and decides: a sentence about `max` is given only where `max` is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions import (
    attributes,
    calls,
    floats,
    indexes,
    names,
    numbers,
    objects,
    operators,
    own,
    shapes,
)
from grader.engine.naming.exceptions.syntax import FIXED as SYNTAX
from grader.model import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.engine.naming.exceptions.scene import Rule, Scene
    from grader.engine.reading.sites import Site
    from grader.model import Location

    FindSite = Callable[[Location | None], Site | None]

MAX_MESSAGE, MAX_TYPE = 300, 80
RULES: tuple[Rule, ...] = (
    *objects.RULES, *own.RULES, *names.RULES, *attributes.RULES, *operators.QUESTIONS,
    *shapes.RULES, *indexes.RULES, *floats.RULES, *numbers.RULES, *calls.RULES, *operators.RULES,
)  # fmt: skip
TRIAL = "trial-call"
TRIAL_WORDS = (
    "The line runs whenever the file is imported: take the trial call out, or put it under "
    '`if __name__ == "__main__":`.'
)
ALWAYS = ("NameError", "AttributeError")  # wrong for bad arguments, too
FIXED = {rule.id: rule.fixed for rule in RULES} | SYNTAX | {TRIAL: TRIAL_WORDS}


@dataclass(frozen=True)
class Translation:
    """What was raised, in a sentence.

    Parameters
    ----------
    diagnosis
        The sentence.
    whole
        Whether the line says all there is to say, so that no known mistake explains more.
    """

    diagnosis: Diagnosis
    whole: bool


def translate(scene: Scene) -> Translation | None:
    """Return a sentence about what was raised, or None where there is none.

    Parameters
    ----------
    scene
        What is known of it.
    """
    kind, message = scene.raised.type[:MAX_TYPE], scene.raised.message[:MAX_MESSAGE]
    for rule in RULES:
        if rule.kinds and kind not in rule.kinds.split():
            continue
        found = re.match(rule.pattern, message)
        if found is None:
            continue
        told = rule.tell(scene, found) if rule.tell else ""
        if told is not None:
            return Translation(
                Diagnosis(rule.id, told or rule.fixed),
                rule.whole and (not scene.bad or kind in ALWAYS),
            )
    return None
