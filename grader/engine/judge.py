"""Decide what an answer is worth: the whole level at once where it is right, else case by case."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from grader.course.docstrings import described
from grader.course.words.rules import AnswerRule
from grader.engine.cases.caseset import plainly_right
from grader.engine.cases.scripted import tell_step
from grader.engine.compare import first_malformed, first_mismatch
from grader.engine.wording import first_foreign, may_hold_text
from grader.errors import ForgedFrameError
from grader.model import Location, Mismatch, Raised, Status, Unsupported
from grader.model.results import OUT_OF_MEMORY, UNWRITTEN
from grader.model.sourcemap import AS_IT_IS
from grader.worker.wire import TIMES, Answer, read_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.course.words.rules import BrokenRule
    from grader.engine.cases.caseset import BankedCase
    from grader.model.sourcemap import SourceMap
    from grader.worker.wire import Frame

    FindFault = Callable[[Sequence[Any], Sequence[Any]], BrokenRule | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one answer is: a status, and the first step of the check that failed."""

    status: Status
    mismatch: Mismatch | None = None


PASSED = Verdict(Status.PASSED)
KEPT_TEXT_BYTES = 8 * 2**10  # read, a text takes forty times as much memory
MAX_READ_BYTES = 3 * 2**19  # four times what arrays that are returned as lists come to
UNREAD = Verdict(Status.FAILED, Mismatch("unread", "the result is too long to be looked at"))
UNKNOWN = Answer((Unsupported("unread"),))


@dataclass(eq=False)
class Reading:
    """How much text of the answers to one exercise is still read, before too much has been.

    A text of the longest kind takes a hundred times as long to read as to write. What must be
    known is read all the same: the first wrong answer of a level, what may be right, and what is
    shown. Smaller cases and the mistake's name are looked for only while something is left.
    """

    left: int = MAX_READ_BYTES

    @property
    def spent(self) -> bool:
        """Whether nothing more is read that need not be."""
        return self.left <= 0

    def affords(self, trials: Sequence[Trial], times: int) -> bool:
        """Tell whether the answers of some trials may be read so many times."""
        return times * sum(trial.unkept_bytes for trial in trials) < self.left


@dataclass(eq=False)
class Trial:
    """A case, what the student's function answered to it, and the verdict."""

    exercise: Exercise
    banked: BankedCase
    frame: Frame | None
    verdict: Verdict = PASSED
    sources: SourceMap = AS_IT_IS
    reading: Reading = field(default_factory=Reading, repr=False)
    _answer: Answer | None = field(default=None, init=False, repr=False)

    @property
    def answer(self) -> Answer:
        """What was answered, read with doubt; read anew each time where it is long.

        Raises
        ------
        ForgedFrameError
            The frame is not an answer.
        """
        if self._answer is not None:
            return self._answer
        answer = self._read()
        if self._text_bytes <= KEPT_TEXT_BYTES or self._is_many_draws:
            self._answer = answer
        return answer

    @answer.setter
    def answer(self, answer: Answer) -> None:
        self._answer = answer

    def _read(self) -> Answer:
        if self.frame is None:
            return Answer(self.banked.expected)
        self.reading.left -= 0 if self._is_many_draws else self._text_bytes
        answer = read_reply(*self.frame, self.banked.request)
        told = [self.sources.raised(v) if isinstance(v, Raised) else v for v in answer.steps]
        return replace(answer, steps=tuple(told))

    @property
    def _text_bytes(self) -> int:
        return len(self.frame[0]) if self.frame is not None else 0

    @property
    def _is_many_draws(self) -> bool:
        """Whether it is long because the right one is, of many calls: it is read once."""
        return self.rule is not None and self._text_bytes <= 2 * len(self.banked.expected_text)

    @property
    def unkept_bytes(self) -> int:
        """How much text is read whenever the answer is asked for."""
        return self._text_bytes if self._answer is None else 0

    @property
    def rule(self) -> AnswerRule | None:
        """What the answer is held to, where it need not be the right one number by number."""
        return self.exercise.check.rule_of(self.banked.level)

    def find_fault(self, right: Sequence[Any], answer: Sequence[Any]) -> BrokenRule | None:
        """Return how an answer of the right form breaks the rule beside a right one, or None."""
        names = self.exercise.stub.names
        named = [dict(zip(names, given, strict=False)) for given in self.arguments]
        return (self.rule or AnswerRule()).find_fault(right, answer, named)

    @property
    def fault(self) -> BrokenRule | None:
        """How the answer breaks its level's rule, where it has the right form."""
        malformed = first_malformed(self.expected, self.answer.steps)
        return None if malformed else self.find_fault(self.expected, self.answer.steps)

    @property
    def is_plain(self) -> bool:
        """Whether its level asks for a right answer alone."""
        return self.exercise.check.is_plain(self.banked.level)

    @property
    def may_be_right(self) -> bool:
        """Whether the length of the answer leaves that open.

        A right answer that is written in another way, with tuples or whole numbers, is a few times
        as long as the expected one at most; an exception may be longer than that.
        """
        if self._text_bytes <= max(KEPT_TEXT_BYTES, TIMES * len(self.banked.expected_text)):
            return True
        refused = any(isinstance(step, Raised) for step in self.expected)
        return refused and self.frame is not None and b'"x"' in self.frame[0]

    def leave_unread(self) -> None:
        """Count the answer as a wrong one of which nothing else is known."""
        self.verdict, self._answer = UNREAD, UNKNOWN

    @property
    def trace(self) -> tuple[Location, ...]:
        """The lines of the student's own code that led to what was raised, outermost first."""
        last = self.answer.steps[-1]
        return tuple(Location(*at) for at in last.frames) if isinstance(last, Raised) else ()

    @property
    def expected(self) -> tuple[Any, ...]:
        """The right answer to each step."""
        return self.banked.expected

    @property
    def terms(self) -> float:
        """How large the terms are that a right function adds up."""
        return self.banked.terms(self.exercise.check)

    @property
    def arguments(self) -> tuple[tuple[Any, ...], ...]:
        """The arguments of each step."""
        return self.banked.arguments


def judge_level(  # noqa: PLR0913 - each is named by the caller
    exercise: Exercise, cases: Sequence[BankedCase], frames: Sequence[Frame],
    sources: SourceMap = AS_IT_IS, reading: Reading | None = None, before: Sequence[Trial] = (),
) -> list[Trial]:  # fmt: skip
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
    reading
        What is left for the exercise.
    before
        Trials of the level that have their verdicts.

    Raises
    ------
    ForgedFrameError
        A reply is not an answer.
    """
    reading = reading or Reading()
    pairs = list(zip(cases, frames, strict=False))
    right_ones = plainly_right(pairs)
    trials: list[Trial] = []
    wrong = any(trial.verdict.status is not Status.PASSED for trial in before)
    for (banked, frame), right in zip(pairs, right_ones, strict=True):
        trial = Trial(exercise, banked, frame, sources=sources, reading=reading)
        if wrong and reading.spent and not trial.may_be_right:
            trial.leave_unread()
        elif not right:
            judge_trial(trial)
        wrong = wrong or trial.verdict.status is not Status.PASSED
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
        find_fault = trial.find_fault if trial.rule is not None else None
        trial.verdict = judge(trial.exercise, trial.answer, expected, trial.terms, find_fault)
    except ForgedFrameError:
        raise
    except Exception as error:
        text = f"an answer that cannot be judged ({type(error).__name__})"
        raise ForgedFrameError(text) from error
    if trial.exercise.stub.is_class and trial.verdict.mismatch is not None:
        told = tell_step(trial.exercise, trial.verdict.mismatch, trial.arguments)
        trial.verdict = replace(trial.verdict, mismatch=told)


def judge(
    exercise: Exercise, answer: Answer, expected: Sequence[Any], terms: float = 1.0,
    find_fault: FindFault | None = None,
) -> Verdict:  # fmt: skip
    """Return the verdict on one answer.

    The order is that of a check (`compare`), but that a type of which the course knows nothing is
    told before any other difference, and a changed argument last. With `find_fault` an answer has
    to have the form of the expected one, and that finds no fault with it.
    """
    last = answer.steps[-1]
    if isinstance(last, Raised) and not isinstance(expected[len(answer.steps) - 1], Raised):
        return _judge_exception(exercise, last, len(answer.steps) - 1)
    names = exercise.stub.returns
    if find_fault is None:
        mismatch = first_mismatch(expected, answer.steps, exercise.check.tolerance, names, terms)
    else:
        mismatch = first_malformed(expected, answer.steps, names)
    if mismatch is not None and mismatch.kind == "raises":
        return _judge_exception(exercise, last, mismatch.step)
    at, foreign = first_foreign(answer.steps, text=may_hold_text(list(expected)))
    if foreign:
        text = f"it returns an object of type {foreign}, which the course does not know"
        return Verdict(Status.REJECTED, Mismatch("type", text, at))
    if mismatch is None and find_fault is not None:
        fault = find_fault(expected, answer.steps)
        mismatch = fault.mismatch if fault else None
    if mismatch is not None:
        return Verdict(Status.FAILED, mismatch)
    if answer.changed is not None:
        step, position = answer.changed
        name = exercise.stub.parameters[position].name
        kinds = {one.name: one.type for one in described(exercise.stub.docstring, "Parameters")}
        is_list = kinds.get(name, "").startswith(("list", "tuple", "dict"))  # not deep
        how = "copies of what it holds" if is_list else f"a copy ({name}.copy())"
        text = f"it changes its argument {name}; work on {how}"
        return Verdict(Status.FAILED, Mismatch("changed", text, step, (name,)))
    return PASSED


def _judge_exception(exercise: Exercise, raised: Raised, step: int) -> Verdict:
    said = raised.type + (f": {raised.message}" if raised.message else "")
    text = f"it raised {said}"
    if raised.unwritten:
        where = raised.frames[-1][2] if raised.frames else exercise.name
        if where in exercise.stub.own_names:
            words = f"{UNWRITTEN}: {text}" if raised.message else UNWRITTEN
            return Verdict(Status.UNIMPLEMENTED, Mismatch("raises", words, step))
        why = f"raised {said}" if raised.message else f"is {UNWRITTEN}"
        text = f"it calls {where}, which {why}"
    if raised.memory:
        return Verdict(Status.CRASHED, Mismatch("raises", OUT_OF_MEMORY, step))
    return Verdict(Status.ERROR, Mismatch("raises", text, step))
