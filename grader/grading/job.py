"""One grading process: takes packages on standard input, answers with plain facts.

`executor` starts `python -m grader.grading.job`; another machine's could be started by any means.
It holds the engine and a sandbox. While one submission is graded on its stage, the worker of the
next one is already starting on another, and that of the one before comes to its end.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from grader.engine.cases.bank import RunBank
from grader.engine.engine import Engine
from grader.errors import (
    DlgradeError,
    FrameError,
    GraderError,
    RejectedError,
    SandboxError,
    WorkerError,
)
from grader.frames import read_frame, write_frame
from grader.grading.exams import Exam, exam_fact, find_answers
from grader.grading.excerpts import Excerpts
from grader.grading.facts import Blank, exercise_fact
from grader.grading.intake.packages import Package
from grader.grading.intake.staging import NOTHING, clear
from grader.grading.intake.wanted import wanted_files, wanted_functions
from grader.grading.messages import ANSWERS_SIGNALS, STACK, Fault, Setup
from grader.grading.opening import close_package, find_same_course, open_package, split
from grader.model import Limits, Status
from grader.worker.child.parent import wake_at_parents_end
from grader.worker.client import WALL_FACTOR, kill_all
from grader.worker.libraries import find_libraries
from grader.worker.sandbox.kinds import make_sandbox
from grader.worker.sandbox.mounts import make_stage
from grader.worker.seat import WorkerSeat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Future

    from grader.course.course import Exercise
    from grader.engine.document import Fact
    from grader.grading.intake.staging import Staged
    from grader.grading.messages import Graded
    from grader.model import ExerciseResult
    from grader.model.sourcemap import SourceMap

MAX_AGAIN = 2
FEW = 4  # exercises whose time a submission has at least, so that there is some to ask again


def make_engine(setup: Setup) -> Engine:
    """Return the engine of a run's settings, its sandbox ready."""
    course = find_same_course(setup)
    scratch = Path(setup.scratch)
    scratch.mkdir(parents=True, exist_ok=True)
    scratch.chmod(0o711)
    return Engine(
        course,
        setup.seed,
        Limits(setup.timeout_s, setup.memory_mib),
        RunBank(Path(setup.bank)),
        make_sandbox(setup.sandbox, scratch, find_libraries(course.imports)),
        setup.sandbox,
    )


@dataclass
class Grader:
    """Grade packages one after another.

    Parameters
    ----------
    engine
        Everything that stays the same.
    scratch
        Where the stages are made, a new one for each submission.
    exams
        Graded quizzes that are expected.
    on_step
        Told what is done next.
    asked, alone
        See `Setup`; none for whatever an order asks for.
    """

    engine: Engine
    scratch: Path
    exams: Sequence[Exam] = ()
    on_step: Callable[[str], None] = lambda _: None
    asked: Sequence[str] = ()
    alone: bool = False
    _next: tuple[Path, WorkerSeat] | None = field(default=None, init=False)
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)
    _left: Future[None] | None = field(default=None, init=False)

    def prepare(self) -> tuple[Path, WorkerSeat]:
        """Start the worker of the next submission, if none is waiting; return its stage and it."""
        if self._next is None:
            folder = make_stage(self.scratch)
            seat = WorkerSeat(folder, self.engine.limits, self.engine.command)
            seat.prepare()
            self._next = (folder, seat)
        return self._next

    def grade(self, package: Package, exercise_ids: Sequence[str], student: str = "") -> Graded:
        """Return the facts about one submission.

        Parameters
        ----------
        package
            Its bytes.
        exercise_ids
            What is asked; the exams are asked of every submission.
        student
            Whose it is: questions of an exam were drawn for that name.
        """
        course = self.engine.course
        exercises = [course.exercise(exercise_id) for exercise_id in exercise_ids]
        self.on_step("opening the submission")
        folder, seat = mine = self.prepare()
        self._next = None
        with contextlib.ExitStack() as stack:
            stack.callback(self._leave, folder, seat)
            try:
                asked = [course.exercise(one) for one in self.asked] or exercises
                looked_for = (wanted_functions(asked), course.modules, wanted_files(asked))
                staged = open_package(package, folder, *looked_for)
            except RejectedError as error:
                clear(folder)
                stack.pop_all()
                self._next = mine  # its worker has seen nothing yet: the next one may have it
                blank = Blank(Status.REJECTED, str(error), student)
                facts = blank.facts(exercises, self.exams, course.quizzes_dir)
                return _graded(facts)
            # Both before anything of the student's has run.
            answers = find_answers(folder)
            lines = Excerpts(folder, [one.module for one in exercises], staged.sources)
            if not self.alone:
                self.prepare()
            there, facts = split(exercises, staged)
            done, told = self._check(folder, there, seat, staged.sources)
        facts += [exercise_fact(result, lines.find(result), lines.trace(result)) for result in done]
        facts.sort(key=lambda fact: exercise_ids.index(fact["id"]))
        facts += [exam_fact(course.quizzes_dir, exam, student, answers) for exam in self.exams]
        return _graded(facts, staged, told)

    def _check(
        self, folder: Path, exercises: Sequence[Exercise], seat: WorkerSeat, sources: SourceMap
    ) -> tuple[tuple[ExerciseResult, ...], tuple[str, ...]]:
        """Check a staged submission; ask again about what the machine may have ended.

        What is a submission's own fault happens again. Where the second time tells otherwise, the
        machine has had a hand in one of them, and the third time counts. All of it together has
        the time of all exercises.
        """
        limits = self.engine.limits
        allowed_s = max(len(exercises), FEW) * WALL_FACTOR * limits.timeout_s
        waited_s, unasked = 0.0, set()
        told: tuple[str, ...] | None = None

        def check(some: Sequence[Exercise], at: WorkerSeat) -> dict[str, ExerciseResult]:
            nonlocal waited_s, told

            def start(exercise: Exercise) -> str:
                self.on_step(exercise.id)
                if waited_s + at.waited_s <= allowed_s:
                    return ""
                unasked.add(exercise.id)
                return f"the submission as a whole had been waited for {allowed_s:g} s before"

            found = self.engine.check(folder, some, on_start=start, seat=at, sources=sources)
            told = found.warnings if told is None else told  # by all exercises together
            waited_s += at.waited_s
            return {result.id: result for result in found.exercises}

        done = check(exercises, seat)
        doubtful = [one for one in exercises if done[one.id].doubtful]
        for _ in range(MAX_AGAIN):
            if not doubtful:
                break
            with WorkerSeat(folder, limits, self.engine.command) as another:
                again = check(doubtful, another)
            asked = [one for one in doubtful if one.id not in unasked]
            doubtful = [one for one in asked if _differ(again[one.id], done[one.id])]
            done |= {one.id: again[one.id] for one in asked}
        return tuple(done.values()), told or ()

    def _leave(self, folder: Path, seat: WorkerSeat) -> None:
        """Close a submission beside what comes next; raise what closing the one before raised."""
        before, self._left = self._left, self._beside.submit(close_package, folder, seat)
        if before is not None:
            before.result()

    def draw(self, exercise_ids: Sequence[str]) -> Graded:
        """Draw cases into the run's bank; no submission is opened."""
        for one in exercise_ids:
            self.on_step(one)
            with contextlib.suppress(DlgradeError):  # told with the first submission
                self.engine.case_set(self.engine.course.exercise(one))
        return _graded([])

    def close(self) -> None:
        """End the worker that waits for a submission which never came."""
        if self._next is not None:
            self._leave(*self._next)
        self._beside.shutdown()


def _graded(facts: list[Fact], staged: Staged = NOTHING, told: Iterable[str] = ()) -> Graded:
    how, said = staged.recognised, [*staged.warnings, *told]
    return {"facts": facts, "warnings": said, "recognised": how.how, "note": how.note,
            "own_count": dict(how.own_count)}  # fmt: skip


def _differ(again: ExerciseResult, before: ExerciseResult) -> bool:
    """Tell whether two doubtful results are not the same one."""
    return again.doubtful and (again.levels, again.message) != (before.levels, before.message)


def main() -> None:
    """Answer messages until standard input closes; then leave nothing behind."""
    wake_at_parents_end()
    requests: SimpleQueue[tuple[Any, bytes]] = SimpleQueue()
    replies = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that is printed may reach the replies

    def listen() -> None:
        with contextlib.suppress(FrameError):  # whoever sends no frames is nobody of ours
            while message := read_frame(sys.stdin.buffer):
                requests.put(message)
        # Whoever started us has ended, perhaps killed, and we may be in the middle of a submission.
        with contextlib.suppress(BaseException):
            kill_all()
        with contextlib.suppress(BaseException):
            getattr(getattr(engine, "command", None), "close", lambda: None)()
        os._exit(0)

    engine: Engine | None = None
    first = read_frame(sys.stdin.buffer)
    if first is None:
        return
    setup = Setup(**first[0])
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = setup.scratch  # never the current folder
    threading.Thread(target=listen, daemon=True).start()
    try:
        engine = make_engine(setup)
        grader = Grader(
            engine, Path(setup.scratch), [Exam(*one) for one in setup.exams],
            lambda step: write_frame(replies, {"at": step}), setup.asked, setup.alone,
        )  # fmt: skip
        _say_what_is_done(grader.scratch)
        grader.prepare()
    except DlgradeError as error:
        write_frame(replies, {"error": str(error), "code": error.exit_code, "fault": None})
        return
    write_frame(replies, {"authors": [str(folder) for folder in engine.course.code_folders]})
    while True:
        write_frame(replies, answer(grader, *requests.get()))


def _say_what_is_done(scratch: Path) -> None:
    """Let whoever started us ask at any moment which line is being run, however busy it is."""
    if ANSWERS_SIGNALS:
        stack = os.open(scratch / STACK, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        faulthandler.register(signal.SIGUSR1, file=stack)


def answer(grader: Grader, request: dict[str, Any], data: bytes) -> Graded | dict[str, Any]:
    """Return the reply to one request, which can be written; a fault of ours says what it was."""
    try:
        if not data:
            return grader.draw(request["exercises"])
        done = grader.grade(Package.from_bytes(data), request["exercises"], request["student"])
        json.dumps(done)
    except (WorkerError, SandboxError) as error:
        fault, text = Fault.MACHINE, str(error)
    except DlgradeError as error:
        return {"error": str(error), "code": error.exit_code, "fault": None}
    except Exception as error:  # noqa: BLE001 - told to the instructor, never to the student
        fault, text = Fault.OURS, f"a fault of dlgrade itself: {type(error).__name__}: {error}"
    else:
        return done
    return {"error": text, "code": GraderError.exit_code, "fault": fault.value}


if __name__ == "__main__":
    main()
