"""Grade one submission: exercise by exercise, level by level, on a worker that may die.

The engine draws the cases (or finds them in the bank), asks the worker, judges the answers, and
for a wrong one looks for the smallest case and the mistake's name. Every way in which a student's
code can misbehave ends here as a status of its own exercise.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.engine.asking.handed_in import check_predictions
from grader.engine.cases.bank import Bank
from grader.engine.cases.caseset import draw_case_set
from grader.engine.cases.kept import find_kept, find_kept_mistakes
from grader.engine.cases.key import fingerprint, require_as_read, versions_with
from grader.engine.cases.known import find_known, record_known
from grader.engine.cases.oracle import Oracles
from grader.engine.examiner import Examiner, blank_result
from grader.engine.inspection import Inspector
from grader.errors import DlgradeError, OraclesDisagreeError
from grader.model import Limits, Status, SubmissionResult
from grader.model.sourcemap import AS_IT_IS
from grader.worker.client import Worker
from grader.worker.command import plain_command
from grader.worker.importing import try_libraries
from grader.worker.libraries import find_libraries
from grader.worker.seat import WorkerSeat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Course, Exercise
    from grader.engine.cases.caseset import CaseSet
    from grader.engine.cases.known import KnownAnswers
    from grader.engine.naming.answers import Answers
    from grader.model import ExerciseResult
    from grader.model.sourcemap import SourceMap
    from grader.worker.client import Command
    from grader.worker.libraries import Library


@dataclass
class Engine:
    """Everything that stays the same from one submission to the next.

    Parameters
    ----------
    course
        Where exercises, checks and solutions are.
    seed
        Of every draw.
    limits
        What one exercise may use.
    bank
        Where cases are kept.
    command
        How a worker is started: a sandbox is another command.
    sandbox
        What that is called in results.
    waits_once
        Whether levels have less time once one has run out of it: for whoever waits for the answer,
        never for a grade. What would take longer is not known then.
    """

    course: Course
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    bank: Bank = field(default_factory=lambda: Bank(None))
    command: Command = plain_command
    sandbox: str = "none"
    waits_once: bool = False
    _case_sets: dict[str, CaseSet] = field(default_factory=dict, init=False)
    _known_answers: dict[str, KnownAnswers | None] = field(default_factory=dict, init=False)
    _answers: dict[str, Answers] = field(default_factory=dict, init=False)
    _unusable: dict[str, OraclesDisagreeError] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.course.imports and self.command is plain_command:
            self.command = partial(plain_command, libraries=self._libraries)

    @cached_property
    def _libraries(self) -> tuple[Library, ...]:
        """What the course allows besides numpy, as it is installed here."""
        return find_libraries(self.course.imports)

    @cached_property
    def versions(self) -> dict[str, str]:
        """What decides cases and answers here, with the libraries that the course allows."""
        return versions_with(self.course.imports)

    @property
    def _again_s(self) -> float | None:
        """CPU seconds for each level after one that ran out of time; None for as many again."""
        whole = self.limits.timeout_s
        return min(whole, max(1.0, whole / 10)) if self.waits_once else None

    def require_libraries(self) -> None:
        """Make sure that a worker can import what the course allows, before anybody is judged.

        Raises
        ------
        GraderError
            See `grader.worker.libraries`.
        """
        if self.course.imports:
            with (
                tempfile.TemporaryDirectory(prefix="dlgrade-") as empty,
                Worker(Path(empty), self.limits, self.command) as worker,
            ):
                try_libraries(worker, Path(empty), self._libraries)

    def oracles(self, exercise: Exercise) -> Oracles:
        """Return the oracles of an exercise."""
        return Oracles(exercise.check, self.course.reference(exercise))

    def case_set(self, exercise: Exercise) -> CaseSet:
        """Return the cases of an exercise: from memory, the course, the bank, or drawn now.

        Raises
        ------
        OraclesDisagreeError
            Nobody can be graded on these cases.
        UsageError
            The course came without its checks, and without cases of this seed.
        ChangedError
            The course does not say any more what was loaded.
        """
        if exercise.id in self._unusable:
            raise self._unusable[exercise.id]
        if exercise.id not in self._case_sets:
            case_set = find_kept(self.course, exercise, self.seed)
            if case_set is None:
                key = fingerprint(self.course, exercise, self.seed)
                case_set = self.bank.find(exercise.id, key)
            if case_set is None:
                with self.bank.drawing(exercise.id):
                    case_set = self.bank.find(exercise.id, key) or self._draw(exercise, key)
            self._case_sets[exercise.id] = case_set
        return self._case_sets[exercise.id]

    def _draw(self, exercise: Exercise, key: str) -> CaseSet:
        try:
            case_set = draw_case_set(exercise, self.oracles(exercise), self.seed)
        except OraclesDisagreeError as error:
            self._unusable[exercise.id] = error
            raise
        fingerprint(self.course, exercise, self.seed)  # it may have been saved meanwhile
        if self.bank.keeps_mistakes:
            record_known(self.bank, exercise, key, case_set)
        self.bank.record(exercise.id, key, case_set)
        return case_set

    def answers(self, exercise: Exercise) -> Answers:
        """Return the answers to any case of an exercise, right ones and known mistakes'."""
        if exercise.id not in self._answers:
            from grader.engine.cases.ahead import find_ahead  # noqa: PLC0415 - for failures alone
            from grader.engine.naming.answers import Answers  # noqa: PLC0415

            self._answers[exercise.id] = Answers(
                exercise,
                self.oracles(exercise),
                self.bank,
                lambda: self._key_of_answers(exercise),
                lambda: self.known_answers(exercise),
                lambda: find_ahead(self.course, exercise),
            )
        return self._answers[exercise.id]

    def _key_of_answers(self, exercise: Exercise) -> str:
        """Return the key of an exercise's answers: mistakes are made of its forward pass's, too."""
        forward = exercise.forward() if exercise.forward else None
        both = [exercise] if forward is None else [exercise, forward]
        return "-".join(fingerprint(self.course, one, self.seed) for one in both)

    def known_answers(self, exercise: Exercise) -> KnownAnswers | None:
        """Return what known mistakes answer to an exercise's cases, where the bank keeps that."""
        if not self.bank.keeps_mistakes:
            return None
        if exercise.id not in self._known_answers:
            found = find_kept_mistakes(self.course, exercise, self.seed)
            if found is None:
                key = fingerprint(self.course, exercise, self.seed)
                found = find_known(self.bank, exercise, key)
            self._known_answers[exercise.id] = found
        return self._known_answers[exercise.id]

    def check(  # noqa: PLR0913 - each is named by the caller
        self,
        folder: Path,
        exercises: Sequence[Exercise],
        *,
        on_start: Callable[[Exercise], str] = lambda _: "",
        on_result: Callable[[ExerciseResult], None] = lambda _: None,
        on_verdict: Callable[[ExerciseResult], None] = lambda _: None,
        seat: WorkerSeat | None = None,
        sources: SourceMap = AS_IT_IS,
    ) -> SubmissionResult:
        """Check the files in a folder.

        Parameters
        ----------
        folder
            The student's files, `<module>.py` each.
        exercises
            The exercises to check.
        on_start
            Told about every exercise before anything is done about it; what it answers is why
            there is no time left for that one, if there is none.
        on_result
            Told about every exercise as soon as it is done.
        on_verdict
            Told the points of an exercise that ran, before the search for its smallest failing
            case and the mistake's name begins.
        seat
            Where the worker is: whoever gives it ends it; None for one that ends with this check.
        sources
            What the student calls the files and their lines.

        Returns
        -------
        SubmissionResult

        Raises
        ------
        ChangedError
            The course was changed meanwhile: nobody can tell by which of its words this was judged.
        """
        results: dict[str, ExerciseResult] = {}
        folder = folder.resolve()
        present = [one.module for one in exercises if (folder / f"{one.module}.py").is_file()]
        with nullcontext(seat) if seat else WorkerSeat(folder, self.limits, self.command) as taken:
            inspector = Inspector(
                folder, taken, sources, self.course.imports,
                lambda: [one.rpartition(".")[2] for one in self.course.ids],
            )  # fmt: skip
            for number, exercise in enumerate(exercises):
                if exercise.module not in [other.module for other in exercises[:number]]:
                    # no file feels what another one did
                    taken.renew(keep_spare=present[-1:] != [exercise.module])
                if late := on_start(exercise):
                    result = blank_result(exercise, Status.TIMEOUT, late)
                else:
                    result = self._check_one(exercise, inspector, results, on_verdict)
                results[exercise.id] = result
                on_result(result)
        require_as_read(self.course, exercises)
        return SubmissionResult(
            tuple(results.values()), self.seed, self.versions, self.course.oracles, self.sandbox,
            inspector.warnings,
        )  # fmt: skip

    def _check_one(
        self,
        exercise: Exercise,
        inspector: Inspector,
        earlier: dict[str, ExerciseResult],
        on_verdict: Callable[[ExerciseResult], None] = lambda _: None,
    ) -> ExerciseResult:
        """Check one exercise; a fault of ours is nobody's zero."""
        start = time.perf_counter()
        try:
            if exercise.check.handed_in is not None:
                return check_predictions(exercise, inspector.folder)
            obstacle = inspector.look(exercise)
            if obstacle is not None:
                what = (obstacle.status, obstacle.message, obstacle.location)
                blank = blank_result(exercise, *what, doubtful=obstacle.doubtful)
                told = replace(blank, trace=obstacle.trace, diagnosis=obstacle.diagnosis)
                return replace(told, faults=obstacle.faults)
            examiner = Examiner(
                exercise,
                self.case_set(exercise),
                lambda: self.answers(exercise),
                inspector.seat,
                inspector.sources,
                on_verdict=on_verdict,
                find_site=inspector.find_site,
                again_s=self._again_s,
                own=lambda: inspector.own_functions(exercise),
            )
            result = examiner.result(start, advice=inspector.advice(exercise, earlier))
            there = tuple(filter(None, map(inspector.find_line, result.trace)))
            return replace(result, location=inspector.find_line(result.location), trace=there)
        except OraclesDisagreeError as error:
            return blank_result(exercise, Status.UNGRADED, str(error))
        except DlgradeError:
            raise  # no worker at all, or the course itself is broken: each says how
        except (Exception, SystemExit) as error:  # noqa: BLE001 - not the student's, whatever it is
            text = f"the grader could not tell: {type(error).__name__}: {error}"
            return blank_result(exercise, Status.UNGRADED, text)
