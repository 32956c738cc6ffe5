"""Answers that are the right ones, changed, judged as a student's."""

from __future__ import annotations

from grader.engine.audit.audit import answer_cases
from grader.engine.cases.oracle import Oracles
from grader.model import Status

# An exception as a worker tells of it.
RAISED = {"type": "E", "message": "", "value_error": False, "memory": False, "unwritten": False,
          "frames": []}  # fmt: skip


def judge_changed(course, engine, exercise_id, change):
    """Return an exercise and its trials, each answer what `change(case, right)` makes of it."""
    exercise = course.exercise(exercise_id)
    oracles = Oracles(exercise.check, course.reference(exercise))

    def changed(case):
        return tuple(change(case, value) for value in oracles.expected(case))

    return exercise, answer_cases(exercise, engine.case_set(exercise), changed)


def failing(trials):
    """Return the trials that did not pass."""
    return [trial for trial in trials if trial.verdict.status is not Status.PASSED]


def passing(trials):
    """Return the trials that passed."""
    return [trial for trial in trials if trial.verdict.status is Status.PASSED]
