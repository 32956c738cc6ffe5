"""Answers of known mistakes to banked cases, so that naming a mistake needs no torch.

They are computed once, when the cases are drawn and torch is there anyway, and kept beside the
cases. An answer that is the right one to the last bit takes no space.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import ABSOLUTE
from grader.model import Case, Raised, Status
from grader.worker.wire import pack_reply, read_steps, unpack_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.cases.bank import Bank
    from grader.engine.cases.caseset import BankedCase, CaseSet
    from grader.engine.judge import Trial
    from grader.worker.wire import Frame

    Array = np.ndarray[Any, Any]

SUFFIX = "known"
OF_FORM = ("type", "dtype", "shape")  # what is wrong with an answer whatever its numbers are
FLOATS = re.compile(rb'\{"a":"<f8","s":\[([\d,]*)\]\}|\{"f":8\}')


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """What a mistake answers to one case: a reply, an exception, or one after the other.

    Parameters
    ----------
    text, data
        The reply; empty text where the first step raises.
    raised
        The exception that ends it, or None.
    """

    text: bytes
    data: bytes
    raised: Raised | None

    @property
    def steps(self) -> tuple[Any, ...]:
        """The answer to each step."""
        steps = read_steps(self.text, self.data) if self.text else ()
        return (*steps, self.raised) if self.raised else steps

    @property
    def row(self) -> list[Any]:
        """The text, the number of bytes and the exception, as a file has them."""
        raised = self.raised and [self.raised.type, self.raised.value_error]
        return [self.text.decode(), len(self.data), raised]

    @classmethod
    def of_row(cls, text: str, raised: Sequence[Any] | None, data: bytes) -> WrongAnswer:
        """Return the answer of a row, with its bytes."""
        error = Raised(raised[0], value_error=raised[1]) if raised else None
        return cls(text.encode(), data, error)


@dataclass(frozen=True)
class KnownAnswers:
    """What known mistakes answer to the cases of one set.

    Parameters
    ----------
    answers
        By the mistake's id, then by the case's number; None where the right answer is given.
    """

    answers: Mapping[str, Sequence[WrongAnswer | None]]

    def find(self, mistake: Mistake, banked: BankedCase) -> tuple[Any, ...] | None:
        """Return what a mistake answers to a case of the set; None for any other case."""
        if banked.number is None or mistake.id not in self.answers:
            return None
        answer = self.answers[mistake.id][banked.number]
        return banked.expected if answer is None else answer.steps

    def find_untold(self, mistake: Mistake, trials: Sequence[Trial]) -> list[Trial] | None:
        """Return the trials whose bytes do not tell whether a mistake explains them.

        Bytes tell it where both answers are floats in one form.

        Parameters
        ----------
        mistake
            Whose answers are looked at.
        trials
            Cases of the set with their verdicts.

        Returns
        -------
        list of Trial or None
            None where a trial is not explained: it has another answer, or is wrong where the
            mistake is right.
        """
        untold: list[Trial] = []
        answered: list[tuple[bytes, bytes, bytes]] = []
        expected: list[tuple[bytes, bytes, bytes]] = []
        for trial in trials:
            banked, (text, data) = trial.banked, trial.frame or (b"", b"")
            form, mistaken = self._find_reply(mistake, banked)
            same = text == form and len(data) == len(mistaken) and are_floats(text, data)
            if not text or not same or trial.rule is not None:
                untold.append(trial)
                continue
            if trial.verdict.status is not Status.PASSED:
                if text == banked.expected_text:
                    expected.append((text, banked.expected_data, mistaken))
                elif not banked.bad and _kind(trial) not in OF_FORM:
                    untold.append(trial)  # what is right explains no failure
                    continue
            answered.append((text, data, mistaken))
        tolerance = trials[0].exercise.check.tolerance
        if not all(agree(answered, tolerance)) or any(agree(expected, tolerance, as_right=True)):
            return None
        return untold

    def _find_reply(self, mistake: Mistake, banked: BankedCase) -> Frame:
        """Return the bytes of what a mistake returns to a case of the set; no text if unknown."""
        if banked.number is None or mistake.id not in self.answers:
            return b"", b""
        answer = self.answers[mistake.id][banked.number]
        if answer is None:
            return banked.expected_text, banked.expected_data
        return (b"", b"") if answer.raised else (answer.text, answer.data)


def _kind(trial: Trial) -> str:
    return trial.verdict.mismatch.kind if trial.verdict.mismatch else ""


def are_floats(text: bytes, data: bytes) -> bool:
    """Tell whether all bytes of a reply are numbers of float64."""
    return sum(_counts(text)) * 8 == len(data)


@lru_cache(maxsize=4096)
def _counts(text: bytes) -> tuple[int, ...]:
    """Return how many floats each array and number of a reply has; -1 where there is else."""
    found = [float_array[1] for float_array in FLOATS.finditer(text)]
    if len(found) != text.count(b'{"a":') + text.count(b'{"f":'):
        return (-1,)
    return tuple(math.prod(map(int, filter(None, (s or b"").split(b",")))) for s in found)


def agree(
    answers: Sequence[tuple[bytes, bytes, bytes]], tolerance: float, *, as_right: bool = False
) -> list[bool]:
    """Tell for each case whether two answers agree: `same_answers` for many cases at once.

    Parameters
    ----------
    answers
        The text of both, and the floats of each.
    tolerance
        The check's.
    as_right
        Whether the first one is the right answer: then it is `first_mismatch` for many cases.
    """
    some = [row for row in answers if row[1]]
    if not some:
        return [True] * len(answers)
    one, other = (np.frombuffer(b"".join(row[place] for row in some)) for place in (1, 2))
    counts = [count for text, _, _ in some for count in _counts(text) if count]
    starts = np.cumsum([0, *counts[:-1]])

    def allowed(numbers: Array) -> Array:
        sizes = np.where(np.isfinite(numbers), np.abs(numbers), 0.0)
        return np.repeat(tolerance * np.maximum.reduceat(sizes, starts) + ABSOLUTE, counts)

    with np.errstate(invalid="ignore", over="ignore"):
        limit = allowed(one) if as_right else np.maximum(allowed(one), allowed(other))
        near = (np.abs(one - other) <= limit) | (one == other)
    if not as_right:
        near |= np.isnan(one) & np.isnan(other)
    firsts = np.cumsum([0, *(len(data) // 8 for _, data, _ in some[:-1])])
    found = iter(np.logical_and.reduceat(near, firsts).tolist())
    return [not one or next(found) for _, one, _ in answers]


def record_known(bank: Bank, exercise: Exercise, key: str, case_set: CaseSet) -> None:
    """Compute and keep what every known mistake answers to every case of a set."""
    rows: dict[str, list[Any]] = {}
    chunks: list[bytes] = []
    for mistake in exercise.check.mistakes.values():
        answers = [work_out(mistake, banked) for banked in case_set.cases]
        rows[mistake.id] = [answer and answer.row for answer in answers]
        chunks += [answer.data for answer in answers if answer]
    bank.record_bytes(exercise.id, key, SUFFIX, rows, b"".join(chunks))


def work_out(mistake: Mistake, banked: BankedCase) -> WrongAnswer | None:
    """Return what a known mistake answers to a case, None where that is right to the last bit."""
    steps = mistaken_answers(mistake, Case(unpack_case(banked.request), banked.bad))
    if isinstance(steps[-1], Raised):
        raised = Raised(steps[-1].type, value_error=steps[-1].value_error)
        text, data = pack_reply(steps[:-1], banked.request)
        return WrongAnswer(text if steps[:-1] else b"", data, raised)
    text, data = pack_reply(steps, banked.request)
    if (text, data) == (banked.expected_text, banked.expected_data):
        return None
    return WrongAnswer(text, data, None)


def find_known(bank: Bank, exercise: Exercise, key: str) -> KnownAnswers | None:
    """Return the kept answers of an exercise's known mistakes, or None where there are none."""
    kept = bank.find_bytes(exercise.id, key, SUFFIX)
    if kept is None:
        return None
    try:
        return KnownAnswers(_unpack(*kept))
    except (TypeError, ValueError, AttributeError):
        return None


def _unpack(rows: Mapping[str, Sequence[Any]], data: bytes) -> dict[str, list[WrongAnswer | None]]:
    found: dict[str, list[WrongAnswer | None]] = {}
    at = 0
    for mistake_id, of_cases in rows.items():
        answers = found.setdefault(mistake_id, [])
        for row in of_cases:
            if row is None:
                answers.append(None)
                continue
            text, size, raised = row
            answers.append(WrongAnswer.of_row(text, raised, data[at : at + size]))
            at += size
    return found
