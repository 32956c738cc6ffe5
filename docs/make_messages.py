"""Draw docs/student/messages.md: a picture of each message, by `python docs/make_messages.py`.

Every message is made of a wrong function and one call to it. What it answers is judged, compared
and shown by the grader's own code; only the search for the smallest call is left out, so that the
same picture comes out everywhere. tests/render/test_messages.py holds the same messages as text.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from message_examples import EXAMPLES
from rich.console import Console

from grader.course.course import find_course
from grader.engine.cases.caseset import bank_case
from grader.engine.cases.oracle import Oracles, run_steps
from grader.engine.examiner import blank_result
from grader.engine.judge import Trial, judge
from grader.engine.naming.counterexample import make_counterexample
from grader.model import Case, Diagnosis, Location, Mismatch, Raised, Status
from grader.render.failure import render_failure
from grader.render.web import to_svg
from grader.worker.wire import Answer

if TYPE_CHECKING:
    from message_examples import Example

    from grader.course.course import Course, Exercise
    from grader.model import ExerciseResult

HERE = Path(__file__).resolve().parent
STUDENT = HERE / "student"
WIDTH = 80


# ----------------------------------------------------------------------------- drawing


def result_of(example: Example, exercise: Exercise) -> ExerciseResult:
    """Return what the grader says about a wrong function and one call to it."""
    if example.answer is None:
        where = example.line and Location(example.line.path.name, example.line.line)
        blank = blank_result(exercise, example.status, example.message, where)
        lethal = Trial(exercise, bank_case(exercise.check, Case(example.steps), (None,)), None)
        shown = make_counterexample(lethal, shrunk=False) if example.steps else None
        named = example.mistake if isinstance(example.mistake, Diagnosis) else None
        return replace(blank, counterexample=shown, diagnosis=named, printed=example.printed)
    case = Case(example.steps)
    trial = _trial(example, exercise, case)
    telling = _trial(example, exercise, Case(example.telling)) if example.telling else None
    verdict = trial.verdict
    found = verdict.mismatch
    known = example.mistake
    if isinstance(known, str) and known:
        known = Diagnosis(known, exercise.check.mistakes[known].message)
    levels = blank_result(exercise, Status.PASSED, "").levels
    failing = (*levels[:-1], replace(levels[-1], status=verdict.status))
    return replace(
        blank_result(exercise, verdict.status, found.message if found else ""),
        levels=failing,
        counterexample=make_counterexample(trial, shrunk=True),
        diagnosis=known if isinstance(known, Diagnosis) else None,
        separation=example.separation,
        printed=example.printed,
        telling=make_counterexample(telling, shrunk=True) if telling else None,
    )


def _trial(example: Example, exercise: Exercise, case: Case) -> Trial:
    oracles = Oracles(exercise.check, find_course().reference(exercise))
    bad = example.kind == "refusal"
    case = replace(case, bad=bad)
    banked = bank_case(exercise.check, case, oracles.expected(case))
    answers: list[Any] = []
    try:
        answers += run_steps(example.answer, case) if example.answer else []
    except IndexError as error:
        answers.append(Raised(type(error).__name__, str(error)))
    trial = Trial(exercise, banked, None)
    changed = (0, 0) if example.kind == "changed" else None
    trial.answer = Answer(tuple(answers), changed)
    trial.verdict = judge(exercise, trial.answer, trial.expected, trial.terms)
    if example.kind == "again":
        text = "the same call again gives another answer: param[0] = 0, expected 0.5"
        trial.verdict = replace(
            trial.verdict, status=Status.FAILED, mismatch=Mismatch("again", text)
        )
    return trial


def draw(example: Example, course: Course, **options: Any) -> Console:
    """Return a console on which the message was printed."""
    exercise = course.exercise(example.exercise)
    manner = replace(example.manner, decks=course.settings["decks"])
    console = Console(
        file=io.StringIO(), width=WIDTH, markup=False, highlight=False, emoji=False,
        legacy_windows=False, **options,
    )  # fmt: skip
    console.print(render_failure(result_of(example, exercise), exercise, example.line, manner))
    return console


def as_text(example: Example, course: Course) -> str:
    """Return the message as plain text, without spaces at the ends of lines."""
    printed = draw(example, course, color_system=None).file
    lines = printed.getvalue().splitlines() if isinstance(printed, io.StringIO) else []
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def as_picture(example: Example, course: Course) -> str:
    """Return the message as SVG that loads nothing from elsewhere."""
    console = draw(example, course, record=True, force_terminal=True, color_system="truecolor")
    return to_svg(console, f"dlgrade check {example.exercise}", example.kind)


def main() -> None:
    """Write the pictures, the page that shows them, and the texts that the tests compare."""
    course = find_course()
    golden = HERE.parent / "tests" / "render" / "golden"
    golden.mkdir(exist_ok=True)
    lines = ["# What a message looks like", "", "Made by `python docs/make_messages.py`.", ""]
    for example in EXAMPLES:
        picture = STUDENT / "messages" / f"{example.kind}.svg"
        picture.write_text(as_picture(example, course), encoding="utf-8")
        (golden / f"{example.kind}.txt").write_text(as_text(example, course), encoding="utf-8")
        lines += [f"## {example.kind}", "", example.says, ""]
        lines += [f"![{example.says}](messages/{picture.name})", ""]
    (STUDENT / "messages.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
