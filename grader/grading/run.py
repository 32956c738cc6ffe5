"""One `dlgrade grade`: everything that has to be in place around a batch, and goes again."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.cases import key
from grader.engine.cases.bank import RunBank
from grader.errors import GraderError, LostError, OverwhelmedError, UsageError
from grader.files import OWNER_ONLY, write_whole
from grader.files.removing import remove_tree
from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.policy.following import follow_names
from grader.gradebook.runs import DRAWS, JUDGES, Conditions
from grader.gradebook.store.lock import names_beside, only_run
from grader.gradebook.store.opening import NothingYetError
from grader.grading.batch import Batch
from grader.grading.exams import count_items, exam_criteria
from grader.grading.executor import DRAW, LocalExecutor, Order
from grader.grading.intake.claims import Claims
from grader.grading.intake.layouts import AUTO, keep_newest, read_download
from grader.grading.intake.wanted import wanted_files
from grader.grading.messages import Setup
from grader.model import Limits
from grader.worker.libraries import find_libraries
from grader.worker.sandbox.closing import close_for_good, closed_packages
from grader.worker.sandbox.kinds import require_sandbox
from grader.worker.sandbox.mounts import make_scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from grader.course.course import Course, Exercise
    from grader.gradebook.people.groups import Group
    from grader.gradebook.people.roster import Roster
    from grader.gradebook.people.times import Times
    from grader.gradebook.runs import Run
    from grader.grading.exams import Exam
    from grader.grading.executor import Executor
    from grader.grading.intake.submissions import Found, Submission
    from grader.render.grades.told import ClassSummary, Done

MAX_SEED = 2**53
SCRATCH_NOTE = "scratch"


@dataclass(frozen=True)
class Plan:
    """What an instructor asked for.

    Parameters
    ----------
    course, course_dir
        The course, and the folder given with `--course`.
    folder
        With the submissions.
    gradebook
        The file.
    exercises
        What is graded.
    assignment, seed, regrade, jobs, sandbox, limits, layout
        As on the command line.
    roster
        Who is in the class; None where that is not said.
    exams
        Graded quizzes that are expected.
    groups
        Who is in which team.
    times
        When people handed in; None where only the platform says so.
    students
        Whose work is graded, again where it was; nobody for everybody's that is not graded yet.
    """

    course: Course
    course_dir: Path | None
    folder: Path
    gradebook: Path
    exercises: Sequence[Exercise]
    assignment: str
    seed: int | None = None
    regrade: bool = False
    jobs: int = 1
    sandbox: str = "bwrap"
    limits: Limits = field(default_factory=Limits)
    layout: str = AUTO
    roster: Roster | None = None
    exams: Sequence[Exam] = ()
    groups: Sequence[Group] = ()
    times: Times | None = None
    students: Sequence[str] = ()

    def find(self) -> Found:
        """Return the submissions in the folder, by the names that the gradebook has for them."""
        known = {}
        people = None if self.roster is None else self.roster.people
        claims = Claims(people, self.groups, self.times)
        with (
            contextlib.suppress(NothingYetError),
            Gradebook(self.gradebook, read_only=True) as book,
        ):
            known = book.names_by_platform_id(self.assignment)
            claims = claims.with_book(book, self.assignment)
        wanted = wanted_files(self.exercises)
        found = read_download(self.folder, self.layout, names_beside(self.gradebook), wanted)
        return claims.add_times(keep_newest(claims.settle(found), known))

    def choose(self, found: Found) -> tuple[Submission, ...]:
        """Return the submissions that are graded.

        Raises
        ------
        UsageError
            Nobody, or several, answer to a name that was asked for.
        """
        return found.of(self.students) if self.students else found.submissions


def grade_class(
    plan: Plan, found: Found, on_done: Callable[[Done], None],
    start: Callable[[Setup, int], Executor] = LocalExecutor,
) -> ClassSummary:  # fmt: skip
    """Grade all submissions that are not graded yet; return what became of the class.

    Parameters
    ----------
    plan
        What was asked for.
    found
        From `plan.find()`.
    on_done
        Told about each submission as soon as its facts are on the disk.
    start
        Starts what grades: processes of this machine, or a cluster's.

    Raises
    ------
    UsageError
        The assignment has another seed.
    GradebookError
        The gradebook cannot be used, or another run is using it.
    GraderError
        There is no sandbox, or the disk is full.
    """
    exercises = [*(exercise.id for exercise in plan.exercises), *(exam.id for exam in plan.exams)]
    require_sandbox(plan.sandbox, plan.limits, find_libraries(plan.course.imports))
    with only_run(plan.gradebook) as bank, Gradebook(plan.gradebook) as book:
        run = _begin(plan, book)
        damaged = book.find_damaged(run.assignment)
        _note_class(plan, found, book, run)
        last = run.ungraded()
        with protect(plan, bank), _scratch(bank) as scratch:
            setup = Setup(
                str(plan.course_dir.resolve()) if plan.course_dir else None,
                run.conditions.seed, plan.limits.timeout_s, plan.limits.memory_mib,
                plan.sandbox, str(bank.resolve()), str(scratch),
                [(exam.topic, exam.seed, exam.items) for exam in plan.exams],
                [exercise.id for exercise in plan.exercises], run.conditions.course,
                len(chosen := plan.choose(found)) == 1,
            )  # fmt: skip
            executor = start(setup, min(plan.jobs, len(chosen)))
            try:
                _note_what_decides(plan, run, bank, executor)
                Batch(
                    run, plan.exercises, executor, on_done, plan.exams,
                    plan.course.quizzes_dir, again=bool(plan.students),
                    on_cases=partial(_note_cases, plan, run, bank),
                ).grade(sorted(chosen, key=lambda one: one.name in last))  # fmt: skip
            finally:
                executor.close()
        run.finish()
        summary = summarise(book, plan.assignment, exercises)
        mended = sorted(set(damaged) - set(book.find_damaged(run.assignment)))
        again = [f"the result of {name} was damaged: graded again" for name in mended]
        return replace(summary, mended=(*book.mended, *again))


def _begin(plan: Plan, book: Gradebook) -> Run:
    before = book.find_seed(plan.assignment)
    if plan.seed is not None and before not in (None, plan.seed) and not plan.regrade:
        text = f"{plan.assignment} was graded with another seed; leave out --seed to go on with "
        raise UsageError(f"{text}it, or add --regrade to grade everything anew")
    drawn = secrets.randbelow(MAX_SEED - 1) + 1  # never 0, whose cases every student has
    seed = plan.seed if plan.seed is not None else before if before is not None else drawn
    course = plan.course
    conditions = Conditions(
        seed, course.digest, plan.limits, plan.sandbox, course.oracles,
        key.versions_with(course.imports),
        (str(plan.folder), str(plan.course_dir.resolve()) if plan.course_dir else ""),
    )  # fmt: skip
    key.require_as_read(course, plan.exercises)
    positions = {exercise_id: place for place, exercise_id in enumerate(plan.course.ids)}
    asked = [(one.id, positions[one.id], one.check.points) for one in plan.exercises]
    for number, exam in enumerate(plan.exams):
        items = count_items(plan.course.quizzes_dir, exam)
        asked.append((exam.id, len(positions) + number, float(items)))
    return book.begin_run(plan.assignment, conditions, asked, regrade=plan.regrade)


def _note_what_decides(plan: Plan, run: Run, bank: Path, executor: Executor) -> None:
    """Write down what decides the verdicts, as far as it has to be known before the first one.

    Where something else may have decided before, all cases are drawn first, by grading processes:
    an author's code may do anything. Whose cannot be drawn is graded again, and found to be
    `ungraded`. Else the cases are drawn when the first submission needs them, and noted then. Who
    wants all graded anew gets cases that are drawn anew: a check may read what nobody knows of.
    What decides the marks of an exam is read from its questions. Libraries that students' code may
    use judge with us: no case is drawn by them.
    """
    used = [f"{name}={run.conditions.versions[name]}" for name in plan.course.imports]
    exams = exam_criteria(plan.course.quizzes_dir, plan.exams)
    judges = " ".join([key.engine_digest(), *used])
    run.note_criteria({JUDGES: judges, DRAWS: key.drawing_digest()} | exams)
    for exercise in plan.exercises if plan.regrade else ():
        RunBank(bank).forget(exercise.id)
    if run.may_decide_otherwise:
        drawn = [executor.submit(Order(DRAW, (exercise.id,))) for exercise in plan.exercises]
        for future in drawn:
            with contextlib.suppress(LostError, OverwhelmedError):
                future.result()
        _note_cases(plan, run, bank, [exercise.id for exercise in plan.exercises])


def _note_cases(plan: Plan, run: Run, bank: Path, exercise_ids: Collection[str]) -> None:
    """Write down which cases decide the verdicts of some exercises: those that are kept now."""
    chosen = [one for one in plan.exercises if one.id in exercise_ids]
    run.note_criteria(key.criteria(plan.course, chosen, run.conditions.seed, RunBank(bank)))


def _note_class(plan: Plan, found: Found, book: Gradebook, run: Run) -> None:
    """Write down how submissions came in and who is in the class."""
    book.note_deliveries(run.assignment, run.number, found.deliveries)
    if plan.roster is not None:
        book.note_roster(run.assignment, plan.roster.people)
    follow_names(book, run.assignment)


def require_reference(course: Course) -> None:
    """Make sure that two oracles serve.

    Raises
    ------
    GraderError
        The course has no solutions.
    """
    if course.solutions_dir is None:
        text = "this course has no solutions/, so that torch alone would be the oracle"
        raise GraderError(f"{text}; leave out --require-reference to accept that")


@contextlib.contextmanager
def protect(plan: Plan, bank: Path) -> Iterator[None]:
    """Take from others what an unused user in the same file system must not read.

    The solutions, the bank, the gradebook and the submissions stay closed; installed packages are
    opened again, and are only closed where nothing else keeps a worker from them.

    Raises
    ------
    SandboxError
        It cannot be taken.
    """
    if plan.sandbox != "uid":
        yield
        return
    beside = [
        plan.gradebook.with_name(plan.gradebook.name + end)
        for end in ("", "-journal", "-wal", "-shm")
    ]
    for path in (plan.course.solutions_dir, bank, plan.folder, *beside):
        if path is not None:
            close_for_good(path)
    with closed_packages(find_libraries(plan.course.imports)):
        yield


@contextlib.contextmanager
def _scratch(bank: Path) -> Iterator[Path]:
    """Yield a folder for stages; remove what a killed run left of its own."""
    note = bank / SCRATCH_NOTE
    with contextlib.suppress(OSError, ValueError):
        if not note.is_file():
            raise FileNotFoundError
        left = Path(note.read_text(encoding="utf-8"))
        if left.name.startswith("dlgrade-") and not left.is_symlink():
            remove_tree(left)
    scratch = make_scratch()
    with contextlib.suppress(OSError):  # a full disk: then nothing is tidied up after a kill
        write_whole(note, str(scratch), mode=OWNER_ONLY)
    try:
        yield scratch
    finally:
        remove_tree(scratch)
