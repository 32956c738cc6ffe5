"""Decide what an answer is worth: the whole level at once where it is right, else case by case."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.compare import first_mismatch
from grader.errors import ForgedFrameError
from grader.model import Location, Mismatch, Raised, Status, Unsupported
from grader.sourcemap import AS_IT_IS
from grader.worker.wire import Answer, read_reply, unpack_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Exercise
    from grader.engine.cases.caseset import BankedCase
    from grader.sourcemap import SourceMap
    from grader.worker.wire import Frame


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one answer is: a status, and the first step of the check that failed."""

    status: Status
    mismatch: Mismatch | None = None


PASSED = Verdict(Status.PASSED)
KEPT_TEXT_BYTES = 8 * 2**10  # read, a text takes forty times as much memory


@dataclass(eq=False)
class Trial:
    """A case, what the student's function answered to it, and the verdict."""

    exercise: Exercise
    banked: BankedCase
    frame: Frame | None
    verdict: Verdict = PASSED
    sources: SourceMap = AS_IT_IS
    _answer: Answer | None = field(default=None, init=False, repr=False)

    @property
    def answer(self) -> Answer:
        """What was answered, read with doubt; read anew each time where it is long.

        Raises
        ------
        ForgedFrameError
            The frame is not an answer.
        """
        answer = self._answer or self._read()
        if self.frame is None or len(self.frame[0]) <= KEPT_TEXT_BYTES:
            self._answer = answer
        return answer

    @answer.setter
    def answer(self, answer: Answer) -> None:
        self._answer = answer

    def _read(self) -> Answer:
        if self.frame is None:
            return Answer(self.banked.expected)
        answer = read_reply(*self.frame, self.banked.request)
        told = [self.sources.raised(v) if isinstance(v, Raised) else v for v in answer.steps]
        return replace(answer, steps=tuple(told))

    @property
    def location(self) -> Location | None:
        """Where in the student's own code the answer was raised, if it was."""
        last = self.answer.steps[-1]
        return Location(*last.frames[-1]) if isinstance(last, Raised) and last.frames else None

    @cached_property
    def expected(self) -> tuple[Any, ...]:
        """The right answer to each step."""
        return self.banked.expected

    @cached_property
    def arguments(self) -> tuple[tuple[Any, ...], ...]:
        """The arguments of each step."""
        return unpack_case(self.banked.request)


def judge_level(
    exercise: Exercise,
    cases: Sequence[BankedCase],
    frames: Sequence[Frame],
    sources: SourceMap = AS_IT_IS,
) -> list[Trial]:
    """Return a trial with its verdict for every frame.

    Parameters
    ----------
    exercise
        The exercise.
    cases
        The cases in the order in which they were asked.
    frames
        The replies; there may be fewer, when the worker died.
    sources
        What the student calls the files and their lines.

    Raises
    ------
    ForgedFrameError
        A reply is not an answer.
    """
    pairs = list(zip(cases, frames, strict=False))
    plainly_right = _plainly_right(pairs)
    trials = []
    for (banked, frame), right in zip(pairs, plainly_right, strict=True):
        trial = Trial(exercise, banked, frame, sources=sources)
        if not right:
            judge_trial(trial)
        trials.append(trial)
    return trials


def judge_trial(trial: Trial) -> None:
    """Give a trial its verdict.

    Raises
    ------
    ForgedFrameError
        The reply is not an answer, or one that cannot be judged: whatever a reply makes us raise
        is the reply's fault.
    """
    expected = trial.expected
    try:
        trial.verdict = judge(trial.exercise, trial.answer, expected)
    except ForgedFrameError:
        raise
    except Exception as error:
        text = f"an answer that cannot be judged ({type(error).__name__})"
        raise ForgedFrameError(text) from error


def _plainly_right(pairs: Sequence[tuple[BankedCase, Frame]]) -> list[bool]:
    """Tell for each reply whether it is right beyond doubt, comparing all floats at once.

    A reply whose text equals the expected text has the right types, dtypes and shapes, and left
    its arguments alone; then only the numbers are left, and they are compared as one long array.
    """
    alike = [
        bool(banked.expected_text)
        and text == banked.expected_text
        and len(data) == len(banked.expected_data)
        for banked, (text, data) in pairs
    ]
    floats = [
        (banked, data)
        for (banked, (_, data)), same in zip(pairs, alike, strict=True)
        if same and banked.limits
    ]
    close = iter(_close(floats))
    return [
        same and (next(close) if banked.limits else data == banked.expected_data)
        for (banked, (_, data)), same in zip(pairs, alike, strict=True)
    ]


def _close(floats: Sequence[tuple[BankedCase, bytes]]) -> list[bool]:
    if not floats:
        return []
    got = np.frombuffer(b"".join(data for _, data in floats))
    want = np.frombuffer(b"".join(banked.expected_data for banked, _ in floats))
    limits = [pair for banked, _ in floats for pair in banked.limits or ()]
    allowed = np.repeat([error for _, error in limits], [count for count, _ in limits])
    with np.errstate(invalid="ignore", over="ignore"):
        fine = np.abs(got - want) <= allowed
    ends = np.cumsum([len(banked.expected_data) // 8 for banked, _ in floats])
    return [bool(part.all()) for part in np.split(fine, ends[:-1])]


def judge(exercise: Exercise, answer: Answer, expected: Sequence[Any]) -> Verdict:
    """Return the verdict on one answer.

    The order is that of a check (`compare`), but that a type of which the course knows nothing is
    told before any other difference, and a changed argument last.
    """
    last = answer.steps[-1]
    if isinstance(last, Raised) and not isinstance(expected[len(answer.steps) - 1], Raised):
        return _judge_exception(exercise, last, len(answer.steps) - 1)
    names = exercise.stub.returns
    mismatch = first_mismatch(expected, answer.steps, exercise.check.tolerance, names)
    if mismatch is not None and mismatch.kind == "raises":
        return _judge_exception(exercise, last, mismatch.step)
    foreign = _foreign_type(answer.steps, text=_holds_text(list(expected)))
    if foreign:
        text = f"it returns an object of type {foreign}, which the course does not know"
        return Verdict(Status.REJECTED, Mismatch("type", text))
    if mismatch is not None:
        return Verdict(Status.FAILED, mismatch)
    if answer.changed is not None:
        step, position = answer.changed
        name = exercise.stub.parameters[position].name
        text = f"it changes its argument {name}; work on a copy ({name}.copy())"
        return Verdict(Status.FAILED, Mismatch("changed", text, step, (name,)))
    return PASSED


def _judge_exception(exercise: Exercise, raised: Raised, step: int) -> Verdict:
    text = f"it raised {raised.type}" + (f": {raised.message}" if raised.message else "")
    if raised.unwritten:
        where = raised.frames[-1][2] if raised.frames else exercise.name
        if where == exercise.name or not raised.frames:
            return Verdict(Status.UNIMPLEMENTED, Mismatch("raises", "not written yet", step))
        text = f"it calls {where}, which is not written yet"
    if raised.memory:
        return Verdict(Status.CRASHED, Mismatch("raises", "it ran out of memory", step))
    return Verdict(Status.ERROR, Mismatch("raises", text, step))


def _foreign_type(value: Any, *, text: bool) -> str:
    """Return the name of a type in a result that the exercise has no use for, or nothing.

    Parameters
    ----------
    value
        What was answered.
    text
        Whether the right answer holds text, so that text in the wrong place is a wrong answer.
    """
    if isinstance(value, Unsupported):
        return value.type
    if isinstance(value, str):
        return "" if text else "str"
    return next((name for item in _items(value) if (name := _foreign_type(item, text=text))), "")


def _items(value: Any) -> list[Any]:
    """Return what a container holds, the keys of a dict too."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, (list, tuple)) else []


def _holds_text(value: Any) -> bool:
    return isinstance(value, str) or any(_holds_text(item) for item in _items(value))
