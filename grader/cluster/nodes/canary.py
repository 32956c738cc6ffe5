"""Run the references on the bank and compare bytes: does this machine compute as the parent's.

A process of its own, since an author's code may do anything. It takes a run's setup on standard
input, and answers with the ids of the exercises whose reference answers otherwise here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.course import find_course
from grader.engine.cases.bank import RunBank
from grader.engine.cases.key import fingerprint
from grader.engine.cases.oracle import run_steps
from grader.errors import SandboxError
from grader.grading.messages import Setup
from grader.worker.wire import pack_reply

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.engine.cases.caseset import BankedCase

PATIENCE_S = 600.0
ROOT = Path(__file__).resolve().parents[3]


def find_deviating(course: Course, setup: Setup) -> list[str]:
    """Return the exercises whose reference gives another answer here than the bank has.

    Parameters
    ----------
    course, setup
        Of the run. What the bank does not have is passed over: nobody could draw it.
    """
    bank, found = RunBank(Path(setup.bank)), []
    for exercise_id in setup.asked:
        exercise = course.exercise(exercise_id)
        case_set = bank.find(exercise_id, fingerprint(course, exercise, setup.seed))
        if case_set is None or exercise.check.handed_in is not None:
            continue
        reference = course.reference(exercise)
        if reference is None:
            continue
        ruled = {name for name, level in exercise.check.levels.items() if level.judged}
        asked = [one for one in case_set.cases if not one.bad and one.level not in ruled]
        if not all(_same(reference, one) for one in asked):
            found.append(exercise_id)
    return found


def _same(reference: object, banked: BankedCase) -> bool:
    """Tell whether a reference answers a case to the last bit as the bank says."""
    from grader.model import Case

    try:
        answers = list(run_steps(reference, Case(banked.arguments)))  # type: ignore[arg-type]
        said = pack_reply(answers, banked.request)
    except Exception:  # noqa: BLE001 - whatever it is, the bank was drawn without it
        return False
    return said == (banked.expected_text, banked.expected_data)


def try_canary(setup: Setup) -> list[str]:
    """Return what `find_deviating` finds, asked of a process that may be lost.

    Raises
    ------
    SandboxError
        It could not tell.
    """
    before = os.environ.get("PYTHONPATH", "")
    path = f"{ROOT}{os.pathsep}{before}" if before else str(ROOT)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "grader.cluster.nodes.canary"],
            input=json.dumps(asdict(setup)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=PATIENCE_S,
            check=True,
        )
        return [str(one) for one in json.loads(done.stdout)]
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        text = f"the references could not be run on it ({type(error).__name__})"
        raise SandboxError(text) from error


def main() -> None:
    """Answer one setup."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # nothing that an author's code prints may reach the reply
    setup = Setup(**json.load(sys.stdin))
    course = find_course(Path(setup.course) if setup.course else None)
    with replies:
        json.dump(find_deviating(course, setup), replies)


if __name__ == "__main__":
    main()
