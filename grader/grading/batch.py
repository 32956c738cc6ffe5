"""Grade many submissions: read each, have it graded, write the facts down, go on.

This is all there is between the folder and the gradebook. Nothing of a student's runs here, and
what one submission does to its grading process is told as a fact about that submission.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError, HopelessError, LostError, OverwhelmedError, UnreadableError
from grader.gradebook.people.delivery import NOT_RECOGNISED, Recognised, Recognition
from grader.grading.exams import content_key, require_same_questions
from grader.grading.executor import Order
from grader.grading.facts import Blank
from grader.grading.intake.packages import read_package
from grader.model import Status
from grader.model.owncount import read_own_count
from grader.render.grades.told import Done

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from concurrent.futures import Future

    from grader.course.course import Exercise
    from grader.engine.document import Fact
    from grader.gradebook.runs import Run
    from grader.grading.exams import Exam
    from grader.grading.executor import Executor
    from grader.grading.intake.submissions import Submission
    from grader.grading.messages import Graded


@dataclass
class Batch:
    """A run over many submissions.

    Parameters
    ----------
    run
        The gradebook's side.
    exercises
        What is asked.
    executor
        Who grades.
    on_done
        Told about every submission as soon as its facts are on the disk.
    exams
        Graded quizzes that are expected. They are marked in every run: it costs nothing, and the
        seed that was given on the command line may be another one.
    quizzes_dir
        Where their questions are.
    again
        Whether what is graded already is graded once more.
    on_cases
        Told the ids of exercises whose cases have decided something for the first time, before
        that is on the disk.
    """

    run: Run
    exercises: Sequence[Exercise]
    executor: Executor
    on_done: Callable[[Done], None]
    exams: Sequence[Exam] = ()
    quizzes_dir: Path = Path()
    again: bool = False
    on_cases: Callable[[Collection[str]], None] = lambda _: None
    _looked_at: set[str] = field(default_factory=set, init=False)
    _waiting: dict[Future[Graded], tuple[str, Sequence[str]]] = field(
        default_factory=dict, init=False
    )
    _names: dict[str, list[str]] = field(default_factory=dict, init=False)
    _own_counts: dict[str, dict[str, int]] = field(default_factory=dict, init=False)  # of folders
    _first: dict[str, str] = field(default_factory=dict, init=False)  # who had a content first

    def grade(self, submissions: Iterable[Submission]) -> None:
        """Grade what is not graded yet.

        Raises
        ------
        GraderError
            Nothing can be graded (no sandbox), or nothing can be kept (a full disk).
        """
        for submission in submissions:
            self._begin(submission)
            while len(self._waiting) >= self.executor.ahead:
                self._collect()
        while self._waiting:
            self._collect()

    def _begin(self, submission: Submission) -> None:
        try:
            package = read_package(submission)
        except UnreadableError as error:
            content = hashlib.sha256(f"unreadable {submission.name}".encode()).hexdigest()
            asked = [exercise.id for exercise in self.exercises]
            how = Recognised(Recognition.UNREADABLE, str(error))
            self._keep([submission.name], content, self._ungraded(asked, str(error)), (), how)
            return
        content = content_key(package, submission.name)
        if package.kind == "folder":
            self._own_counts[submission.name] = read_own_count(package.progress)
        self._first.setdefault(content, submission.name)
        asked = [exercise.id for exercise in self.exercises]
        again = self.again or self.run.has_lost(submission.name)
        exercises = asked if again else self.run.pending(content, asked)
        if content in self._names:  # the same content is being graded under another name
            self._names[content].append(submission.name)
        elif exercises or self.exams:
            self._names[content] = [submission.name]
            order = Order(package.to_bytes(), tuple(exercises), submission.name)
            self._waiting[self.executor.submit(order)] = content, order.exercises
        else:
            self._keep([submission.name], content, (), *self.run.told_before(content))

    def _collect(self) -> None:
        """Write down all that is ready, also where one of it ends the run."""
        done, _ = wait(self._waiting, return_when=FIRST_COMPLETED)
        fatal: GraderError | None = None
        for future in done:
            content, asked = self._waiting.pop(future)
            names = self._names.pop(content)
            try:
                reply = future.result()
            except LostError as error:
                self._keep(names, content, self._ungraded(asked, str(error)))
            except HopelessError as error:
                fatal = error
                self._keep(names, content, self._ungraded(asked, str(error)))
            except GraderError as error:
                fatal = error
            except OverwhelmedError as error:
                self._keep(names, content, self._blank(asked, Status.CRASHED, f"{error}, twice"))
            else:
                said = {str(one): int(count) for one, count in reply["own_count"].items()}
                how = Recognised(Recognition(reply["recognised"]), reply["note"], said)
                self._keep(names, content, reply["facts"], reply["warnings"], how)
        if fatal is not None:
            raise fatal

    def _keep(
        self,
        names: Sequence[str],
        content: str,
        facts: Sequence[Fact] = (),
        warnings: Sequence[str] = (),
        recognised: Recognised = NOT_RECOGNISED,
    ) -> None:
        if facts:
            require_same_questions(self.quizzes_dir, self.exams, self.run.criteria)
        decided = {fact["id"] for fact in facts if fact["cases"]} - self._looked_at
        if decided:
            self._looked_at |= decided
            self.on_cases(decided)
        for place, name in enumerate(names):
            said = self._own_counts.pop(name, recognised.own_count)
            own = replace(recognised, own_count=said)
            self.run.record(name, content, facts if place == 0 else (), warnings, own)
            first = self._first.get(content, name)
            same_as = "" if first == name else first
            self.on_done(Done(name, facts, warnings, recognised.note, same_as))

    def _ungraded(self, asked: Sequence[str], message: str) -> list[Fact]:
        """Return that nobody can tell about what was asked; what is known already stays known."""
        return self._blank(asked, Status.UNGRADED, f"the grader could not tell: {message}")

    def _blank(self, asked: Sequence[str], status: Status, message: str) -> list[Fact]:
        exercises = [exercise for exercise in self.exercises if exercise.id in asked]
        return Blank(status, message).facts(exercises, self.exams, self.quizzes_dir)
