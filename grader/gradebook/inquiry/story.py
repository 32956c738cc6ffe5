"""Answer what happened: to one student, to everything that came in, and by whose decision."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.inquiry.changes import at_most
from grader.gradebook.inquiry.standing import member
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.policy.lateness import deadline_in
from grader.gradebook.students import find_own_count, find_warnings
from grader.model import Status
from grader.render.grades.asked import Arrived, Decision, Passage, Reproduction, Story
from grader.render.grades.told import Reached
from grader.render.signs import worth
from grader.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.gradebook.assignment import Assignment
    from grader.gradebook.people.delivery import Delivery
    from grader.gradebook.students import Student, StudentResult
    from grader.gradebook.view import ClassView

    Look = Callable[[Path, Student], bool | None]

SAME_OR_NOT = {
    True: "",
    False: "what lies there now is not what was graded",
    None: "nobody can tell whether what lies there now is what was graded",
}
AS_OF = """
SELECT status, earned FROM fact_score WHERE fact =
    (SELECT max(id) FROM fact WHERE assignment = ?1 AND exercise = ?2 AND run <= ?4 AND content =
        coalesce(?5, (SELECT content FROM submission
                      WHERE assignment = ?1 AND name = ?3 AND run <= ?4
                      ORDER BY id DESC LIMIT 1)))
"""
DECISIONS = """
SELECT submission, exercise, points, why, decided_at FROM override WHERE assignment = ?1 ORDER BY id
"""
DUES = "SELECT submission, due, why, decided_at FROM extension WHERE assignment = ? ORDER BY id"
EXCUSES = "SELECT submission, excused, why, decided_at FROM excuse WHERE assignment = ? ORDER BY id"


def tell_story(view: ClassView) -> list[Story]:
    """Return all that is known of the one student whom a view is of."""
    return [
        _story(view, assignment, result)
        for _, works in view.by_student()
        for result in works
        for assignment in view.assignments
        if assignment.name == result.document["assignment"]
    ]


def _story(view: ClassView, assignment: Assignment, result: StudentResult) -> Story:
    student = result.student
    tally = ClassTally(assignment.name)
    tally.add(result, "")
    runs = dict(
        assignment.book.query(
            "SELECT id, started FROM run WHERE assignment = ? ORDER BY id", assignment.id
        )
    )
    person = student.person
    keys = dict.fromkeys((student.name, *person.ids, person.login, person.email))
    return Story(
        assignment.name,
        person.name,
        tuple(key for key in keys if key and key != person.name),
        member(tally.rows[0], student),
        tuple(find_warnings(result.document)),
        tuple(list_deliveries(view, assignment)),
        tuple((runs.get(one.run, ""), one.content[:8]) for one in student.attempts),
        tuple(_passages(assignment, result, runs)),
        tuple(list_decisions(view, assignment)),
        find_own_count(result.document),
    )


def _passages(
    assignment: Assignment, result: StudentResult, runs: dict[int, str]
) -> Iterable[Passage]:
    content = _counted_content(assignment, result)
    for entry in result.document["exercises"]:
        marks: list[tuple[str, Reached]] = []
        for run, started in runs.items():
            rows = assignment.book.query(
                AS_OF, assignment.id, entry["id"], result.student.name, run, content
            )
            if rows and (not marks or marks[-1][1] != Reached(*rows[0])):
                marks.append((started, Reached(*rows[0])))
        if marks:
            started, now = marks.pop()
            marks.append((started, replace(now, earned=at_most(entry["possible"], now.earned))))
        more = result.details.get(entry["id"], {})
        where, mended = more.get("location"), more.get("mending")
        edits = [f"{before} -> {after}" for before, after in mended["edits"]] if mended else []
        yield Passage(
            entry["id"],
            entry["possible"],
            entry["status"],
            tuple(marks),
            tuple((level["name"], level["status"]) for level in entry["levels"]),
            entry["message"],
            entry["diagnosis"] and entry["diagnosis"]["id"],
            entry["earned"],
            f"{where['file']}, line {where['line']}" if where else "",
            more.get("output", ""),
            tuple((t["file"], t["line"], t["function"], t["code"]) for t in more.get("trace", ())),
            more.get("printed", ""),
            " ".join([mended["message"], *edits]) if mended else "",
            f"{more['node']['host']} ({more['node']['identity']})" if "node" in more else "",
        )


def _counted_content(assignment: Assignment, result: StudentResult) -> str | None:
    """Return the content of the attempt that counts; None where in each run the newest does."""
    term = result.document.get("term")
    if not assignment.policy.best or term is None or not term["attempt"]:
        return None
    return result.student.attempts[term["attempt"] - 1].content


def list_deliveries(view: ClassView, assignment: Assignment) -> list[Arrived]:
    """Return everything that came in for an assignment, in the order in which it was read."""
    book = assignment.book
    runs = dict(book.query("SELECT id, started FROM run WHERE assignment = ?", assignment.id))
    readings = {
        name: (how, note)
        for name, how, note in book.query(
            "SELECT name, recognised, note FROM current_submission "
            "JOIN reading ON submission = id WHERE assignment = ?",
            assignment.id,
        )
    }
    found = [
        (run, _arrived(assignment, name, one, runs[run], readings.get(name, ("", ""))))
        for name, some in book.find_deliveries(assignment.id).items()
        if view.student in (None, name)
        for run, one in some
    ]
    return [one for _, one in sorted(found, key=lambda row: row[0])]


def _arrived(
    assignment: Assignment, name: str, one: Delivery, run: str, reading: tuple[str, str]
) -> Arrived:
    how, note = ("", "") if one.why_not else reading
    return Arrived(
        assignment.name, name, assignment.called(name), one.files, run,
        *one.told_time, one.marked_late, one.team, how, note, one.why_not,
    )  # fmt: skip


def list_decisions(view: ClassView, assignment: Assignment) -> list[Decision]:
    """Return all that was decided by hand in an assignment, oldest first."""
    book, found = assignment.book, []
    newest: dict[tuple[str, str], str] = {}
    for name, exercise, points, why, when in book.query(DECISIONS, assignment.id):
        text = "as it was graded, again" if points is None else worth(points)
        found.append((when, name, exercise, f"{exercise}: {text}", why, points is not None))
    for name, due, why, when in book.query(DUES, assignment.id):
        text = "due as for everybody, again" if due is None else f"due {deadline_in(due)}"
        found.append((when, name, "due", text, why, due is not None))
    for name, excused, why, when in book.query(EXCUSES, assignment.id):
        text = "excused" if excused else "not excused any more"
        found.append((when, name, "excuse", text, why, bool(excused)))
    for place, (_, name, kind, *_) in enumerate(found):
        newest[name, kind] = str(place)
    rows = [
        Decision(
            assignment.name,
            name,
            assignment.called(name),
            what,
            why,
            when,
            holds and newest[name, kind] == str(place),
        )
        for place, (when, name, kind, what, why, holds) in enumerate(found)
        if view.student in (None, name)
    ]
    return sorted(rows, key=lambda one: one.decided_at)


def reproduce(
    assignment: Assignment, result: StudentResult, is_unchanged: Look
) -> list[Reproduction]:
    """Return how to see here what did not pass of somebody: the seed is for instructors alone."""
    if not result.student.attempts:
        return []
    folder, course = _origin(assignment, result.student)
    before, where, note = _laid_out(folder, result.student)
    if folder and not note:
        note = SAME_OR_NOT[is_unchanged(Path(folder), result.student)]
    command = f"dlgrade --course {as_typed(course)}" if course else "dlgrade"
    found = []
    for entry in result.document["exercises"]:
        exercise = entry["id"]
        if entry["status"] == Status.PASSED or exercise.startswith("quiz."):
            continue
        asked = f"{exercise} --seed {result.document['seed']} --dir {where}"
        lines = [*before, f"{command} check {asked}"]
        if entry["counterexample"] is not None:
            lines.append(f"{command} debug {asked} -o {exercise.partition('.')[2]}_case.py")
        found.append(Reproduction(exercise, tuple(lines), note))
    return found


def _origin(assignment: Assignment, student: Student) -> tuple[str, str]:
    """Return where the submission lay, and the course; nothing where that was not written down."""
    if student.attempts:
        rows = assignment.book.query(
            "SELECT folder, course FROM submission JOIN origin USING (run) WHERE id = ?",
            student.attempts[-1].number,
        )
        for folder, course in rows:
            return str(folder), str(course)
    return "", ""


def _laid_out(folder: str, student: Student) -> tuple[tuple[str, ...], str, str]:
    """Return what to do first, the folder or file to check, and what has to be known."""
    files: Sequence[str] = student.newest.files or (student.name,)
    if not folder:
        return (), "SUBMISSION", "an older dlgrade did not write down where the submission lay"
    paths = [Path(folder) / name for name in files]
    gone = [path for path in paths if not path.exists()]
    if gone:
        return (), as_typed(str(paths[0])), f"not there any more: {gone[0]}"
    if len(paths) == 1:
        return (), as_typed(str(paths[0])), ""
    made = as_typed(f"submission-{student.name}")
    copies = [
        f"cp {as_typed(str(path))} {made}/{as_typed(_given_name(path.name))}" for path in paths
    ]
    return (f"mkdir -p {made}", *copies), made, ""


def _given_name(name: str) -> str:
    """Return the name that a student gave to a file, without what Canvas writes around it.

    Examples
    --------
    >>> _given_name("roeann_LATE_1_92_my_helper-2.py"), _given_name("conv.py")
    ('my_helper.py', 'conv.py')
    """
    return re.sub(r"-\d+(?=\.\w+$)", "", re.sub(r"^.*?_\d+_\d+_", "", name))


def reproduce_all(view: ClassView, is_unchanged: Look) -> list[Reproduction]:
    """Return how to see here what did not pass of the one student whom a view is of.

    Parameters
    ----------
    view
        Of the student.
    is_unchanged
        Tells of a download whether the student's work lies there as it was graded.
    """
    assignments = {one.name: one for one in view.assignments}
    return [
        row
        for _, works in view.by_student()
        for result in works
        for row in reproduce(assignments[result.document["assignment"] or ""], result, is_unchanged)
    ]
