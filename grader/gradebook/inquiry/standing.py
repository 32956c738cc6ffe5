"""Answer what became of a class, of one exercise, and who made a mistake."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.pages.figures import figures_of
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.students import names_of
from grader.gradebook.view import find_student, find_students
from grader.model import Status
from grader.render.grades.asked import ClassAnswer, ExerciseAnswer, Listed
from grader.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.assignment import Assignment
    from grader.gradebook.pages.tally import Row
    from grader.gradebook.view import ClassView

# Those who handed in, by the attempt that counts: what an exercise of theirs is, and the mistake.
RESULTS = """
SELECT submission, status, mistake, diagnosis FROM exercise_score
WHERE assignment = ? AND exercise = ? ORDER BY submission
"""
MADE = """
SELECT DISTINCT f.exercise FROM fact AS f JOIN asked AS a USING (assignment, exercise)
WHERE f.assignment = ? AND f.mistake = ? ORDER BY a.position
"""
NAMES = "SELECT DISTINCT mistake FROM fact WHERE assignment = ? AND mistake IS NOT NULL"
LEVELS = """
SELECT l.name, count(CASE l.status WHEN 'passed' THEN 1 END), count(*)
FROM exercise_score AS e JOIN level AS l ON l.fact = e.fact
WHERE e.assignment = ? AND e.exercise = ? GROUP BY l.position, l.name ORDER BY l.position
"""


def describe_class(view: ClassView) -> list[ClassAnswer]:
    """Return each assignment of a view as a whole, with everybody in it."""
    tallies = {name: ClassTally(name) for name in view.names}
    for _, works in view.by_student():
        for one in works:
            tallies[names_of(one.document)[1]].add(one, "")
    return [
        ClassAnswer(
            name,
            figures_of([row.final for row in tally.told if row.final is not None]),
            sum(tally.exercises.values()),
            tuple((exercise, dict(counts)) for exercise, counts in tally.statuses.items()),
            tuple((exercise, mistake, n) for exercise, mistake, _, n in tally.mistakes),
            tuple(map(member, tally.rows)),
        )
        for name, tally in tallies.items()
    ]


def member(row: Row) -> Listed:
    """Return a line of the table of students."""
    return Listed(
        row.name, row.earned, row.final, row.possible, row.passed, row.present, row.notes,
        row.handed_in, row.excused,
    )  # fmt: skip


def find_exercises(view: ClassView, wanted: str) -> list[str]:
    """Return the ids of the exercises that have an id or a name: one at most where it is an id."""
    known = sorted({exercise for one in view.assignments for exercise, _ in one.exercises})
    named = [one for one in known if one.partition(".")[2] == wanted]
    return [wanted] if wanted in known else named


def find_meant(
    view: ClassView, what: str | None, student: str | None = None, exercise: str | None = None
) -> tuple[str | None, str | None]:
    """Return the exercise and the name of the student that are asked about: one of them, or none.

    Parameters
    ----------
    view
        What is asked.
    what
        A word for either; None for the class.
    student, exercise
        A word for that alone.

    Raises
    ------
    UsageError
        Nobody and nothing is called so, or several are, or somebody and something.
    """
    if sum(one is not None for one in (what, student, exercise)) > 1:
        text = "one student or one exercise at a time"
        raise UsageError(f"{text}: WORD, --student NAME or --exercise ID")
    if student is not None:
        return None, find_student(view, student)
    word = what if exercise is None else exercise
    if word is None:
        return None, None
    exercises = find_exercises(view, word)
    (known,) = find_students(view, [word]) if exercise is None else (None,)
    people = [one for each in view.assignments for one in each.students]
    names = {name for one in people for name in (one.person.name, one.name)}
    if exercises and what is not None and (known is not None or what in names):
        text = f"a student and an exercise are called {what!r}"
        asked = f"--student {shlex.quote(what)} asks for the student"
        raise UsageError(f"{text}: {asked}, --exercise {exercises[0]} for the exercise")
    if len(exercises) > 1:
        text = f"several exercises are called {word!r}"
        raise UsageError(f"{text}: name the one that you mean: {', '.join(exercises)}")
    if exercises or known is not None:
        return "".join(exercises) or None, known
    ids = {one: one for each in view.assignments for one, _ in each.exercises}
    guesses = ids if exercise is not None else {name: name for name in names} | ids
    help_ = did_you_mean(word, guesses, "`dlgrade show GRADEBOOK` lists students and exercises")
    nobody = "" if exercise is not None else "no student, or more than one, and "
    raise UsageError(f"{nobody}no exercise is called {word!r}; {help_}")


def describe_exercise(view: ClassView, exercise: str) -> list[ExerciseAnswer]:
    """Return what became of an exercise, in each assignment that asks for it."""
    return [_exercise(one, exercise) for one in view.assignments if exercise in dict(one.exercises)]


def _exercise(assignment: Assignment, exercise: str) -> ExerciseAnswer:
    statuses: dict[str, list[str]] = {str(status): [] for status in Status}
    mistakes: dict[str, tuple[str, list[str]]] = {}
    for name, status, mistake, message in _results(assignment, exercise):
        statuses[status].append(name)
        if mistake is not None:
            mistakes.setdefault(mistake, (message or "", []))[1].append(name)
    commonest = sorted(mistakes.items(), key=lambda item: (-len(item[1][1]), item[0]))
    return ExerciseAnswer(
        assignment.name,
        exercise,
        tuple(assignment.book.query(LEVELS, assignment.id, exercise)),
        tuple((status, tuple(names)) for status, names in statuses.items() if names),
        tuple((name, message, tuple(who)) for name, (message, who) in commonest),
    )


def find_mistake(view: ClassView, mistake: str) -> list[ExerciseAnswer]:
    """Return who made a mistake, in each exercise and assignment where somebody did.

    Raises
    ------
    UsageError
        Nobody made one of that name.
    """
    found = []
    for one in view.assignments:
        for (exercise,) in one.book.query(MADE, one.id, mistake):
            answer = _exercise(one, exercise)
            made = tuple(row for row in answer.mistakes if row[0] == mistake)
            found += [replace(answer, levels=(), statuses=(), mistakes=made)] if made else []
    if not found:
        known = {name for one in view.assignments for (name,) in one.book.query(NAMES, one.id)}
        help_ = did_you_mean(mistake, {name: name for name in known}, "`dlgrade show` lists them")
        raise UsageError(f"--mistake: nobody made one that is called {mistake!r}; {help_}")
    return found


def _results(
    assignment: Assignment, exercise: str
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield name, status, mistake and its message of those who handed in."""
    for name, *row in assignment.book.query(RESULTS, assignment.id, exercise):
        student = assignment.by_name.get(name)
        if student is not None and not student.damaged:
            yield student.person.name, *row
