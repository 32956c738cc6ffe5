"""Answer what became of a class, of one exercise, and who made a mistake."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.gradebook.pages.figures import figures_of
from grader.gradebook.pages.questions import EXAM
from grader.gradebook.pages.tally import LETTERS, ClassTally
from grader.gradebook.students import names_of
from grader.gradebook.view import find_student, find_students
from grader.model import Status
from grader.render.grades.asked import ClassAnswer, ExerciseAnswer, Listed
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.gradebook.assignment import Assignment
    from grader.gradebook.pages.tally import Row
    from grader.gradebook.students import Student
    from grader.gradebook.view import ClassView

MADE = "SELECT 1 FROM fact WHERE assignment = ? AND mistake = ? LIMIT 1"
STATUSES = {letter: status for status, letter in LETTERS.items()}


@dataclass
class _Counted:
    """An assignment as it counts, and whose each row is."""

    assignment: Assignment
    tally: ClassTally
    students: list[Student] = field(default_factory=list)

    def who(self, places: Iterable[int]) -> tuple[str, ...]:
        """Return what some of the rows' students are called."""
        return tuple(self.assignment.called(self.students[place].name) for place in places)


def _count(view: ClassView) -> list[_Counted]:
    """Count everybody's results as a view has them: by the attempts that count, none excused."""
    found = {one.name: _Counted(one, ClassTally(one.name)) for one in view.assignments}
    for _, works in view.by_student():
        for one in works:
            counted = found[names_of(one.document)[1]]
            counted.tally.add(one, "")
            counted.students.append(one.student)
    return list(found.values())


def describe_class(view: ClassView) -> list[ClassAnswer]:
    """Return each assignment of a view as a whole, with everybody in it."""
    return [
        ClassAnswer(
            one.assignment.name,
            figures_of([row.final for row in one.tally.told if row.final is not None]),
            sum(one.tally.exercises.values()),
            tuple((exercise, dict(counts)) for exercise, counts in one.tally.statuses.items()),
            tuple((exercise, mistake, n) for exercise, mistake, _, n in one.tally.mistakes),
            tuple(map(member, one.tally.rows, one.students)),
        )
        for one in _count(view)
    ]


def member(row: Row, student: Student) -> Listed:
    """Return a line of the table of students."""
    return Listed(
        row.name, row.earned, row.final, row.possible, row.passed, row.present, row.notes,
        row.handed_in, row.excused,
        student.name, student.key,
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
    if exercise is None and word in names:
        find_student(view, word)  # refuses namesakes, with a key of each
    if _is_mistake(view, word):
        text = f"{word!r} is a mistake, no student and no exercise"
        asked = f"`dlgrade show GRADEBOOK --mistake {shlex.quote(word)}` says who made it"
        raise UsageError(f"{text}: {asked}")
    ids = {one: one for each in view.assignments for one, _ in each.exercises}
    guesses = ids if exercise is not None else {name: name for name in names} | ids
    help_ = did_you_mean(word, guesses, "`dlgrade show GRADEBOOK` lists students and exercises")
    nobody = "" if exercise is not None else "no student, or more than one, and "
    raise UsageError(f"{nobody}no exercise is called {word!r}; {help_}")


def _is_mistake(view: ClassView, word: str) -> bool:
    return any(one.book.query(MADE, one.id, word) for one in view.assignments)


def describe_exercise(view: ClassView, exercise: str) -> list[ExerciseAnswer]:
    """Return what became of an exercise, in each assignment that asks for it.

    Attempts and people count as in the class: who is excused does not.
    """
    return [_exercise(one, exercise) for one in _count(view) if exercise in one.tally.exercises]


def _exercise(one: _Counted, exercise: str) -> ExerciseAnswer:
    tally, at = one.tally, list(one.tally.exercises).index(exercise)
    statuses: dict[str, list[int]] = {str(status): [] for status in Status}
    for place, row in enumerate(tally.rows):
        if row.is_counted:
            statuses[STATUSES[row.cells[at].lower()]].append(place)
    return ExerciseAnswer(
        one.assignment.name,
        exercise,
        tuple(tally.passed_levels(exercise)),
        tuple((status, one.who(places)) for status, places in statuses.items() if places),
        tuple(
            (mistake, message, one.who(tally.makers(exercise, mistake)))
            for where, mistake, message, _ in tally.mistakes
            if where == exercise
        ),
        tally.questions.figures(exercise),
    )


def describe_exams(view: ClassView) -> list[ExerciseAnswer]:
    """Return what became of each exam, its questions with their difficulty and slips.

    Raises
    ------
    UsageError
        No assignment has asked for an exam.
    """
    known = sorted({exercise for one in view.assignments for exercise, _ in one.exercises})
    exams = [exercise for exercise in known if exercise.startswith(EXAM)]
    if not exams:
        text = "--questions: no exam was graded into this gradebook"
        raise UsageError(f"{text}; `dlgrade grade SUBMISSIONS --exam TOPIC:SEED` grades one")
    return [answer for exam in exams for answer in describe_exercise(view, exam)]


def find_mistake(view: ClassView, mistake: str) -> list[ExerciseAnswer]:
    """Return who made a mistake, in each exercise and assignment where somebody did.

    Raises
    ------
    UsageError
        Nobody made one of that name.
    """
    counted = _count(view)
    found = []
    for one in counted:
        for answer in (_exercise(one, exercise) for exercise in one.tally.exercises):
            made = tuple(row for row in answer.mistakes if row[0] == mistake)
            found += [replace(answer, levels=(), statuses=(), mistakes=made)] if made else []
    if not found:
        known = {name: name for one in counted for _, name, *_ in one.tally.mistakes}
        help_ = did_you_mean(mistake, known, "`dlgrade show` lists them")
        text = f"--mistake: of those who count nobody made one that is called {mistake!r}"
        raise UsageError(f"{text}; {help_}")
    return found
