"""Answers of known mistakes to banked cases, so that naming a mistake needs no torch.

They are computed once, when the cases are drawn and torch is there anyway, and kept beside the
cases. An answer that is the right one to the last bit takes no space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.cases.oracle import mistaken_answers
from grader.engine.compare import ABSOLUTE
from grader.model import Case, Raised
from grader.worker.wire import pack_reply, read_steps, unpack_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.cases.bank import Bank
    from grader.engine.cases.caseset import BankedCase, CaseSet
    from grader.worker.wire import Frame

    Array = np.ndarray[Any, Any]

SUFFIX = "known"


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

    def find_floats(
        self, mistake: Mistake, banked: BankedCase, frame: Frame | None
    ) -> tuple[bytes, bytes] | None:
        """Return the floats of an answer and of a mistake's, where both are made of nothing else.

        Parameters
        ----------
        mistake, banked
            Whose answer, and to which case of the set.
        frame
            The other answer. Both have to be in the form of the right one, which is floats alone.
        """
        text, data = frame or (b"", b"")
        if not (banked.limits and data and text == banked.expected_text):
            return None
        if banked.number is None or mistake.id not in self.answers:
            return None
        answer, mistaken = self.answers[mistake.id][banked.number], banked.expected_data
        if answer is not None:
            mistaken = answer.data if answer.text == text and not answer.raised else b""
        fit = len(mistaken) == len(data) == len(banked.expected_data)
        return (data, mistaken) if fit else None


def compare_floats(
    cases: Sequence[tuple[BankedCase, bytes, bytes]], tolerance: float
) -> list[tuple[bool, bool]]:
    """Tell for each case whether two answers agree, and whether the second one is right.

    Parameters
    ----------
    cases
        Each with two answers that are made of floats alone, in the form of the right one.
    tolerance
        The check's.

    Notes
    -----
    It is what `same_answers` and `first_mismatch` tell of one case after the other, in a tenth of
    the time: all numbers are compared as one long array.
    """
    if not cases:
        return []
    counts = [count for banked, _, _ in cases for count, _ in banked.limits or () if count]
    starts = np.cumsum([0, *counts])[:-1]
    firsts = np.cumsum([0, *(len(data) // 8 for _, data, _ in cases)])[:-1]

    def allowed(numbers: Array) -> Array:
        sizes = np.where(np.isfinite(numbers), np.abs(numbers), 0.0)
        return np.repeat(tolerance * np.maximum.reduceat(sizes, starts) + ABSOLUTE, counts)

    rights = b"".join(banked.expected_data for banked, _, _ in cases)
    ones = b"".join(data for _, data, _ in cases)
    others = b"".join(data for _, _, data in cases)
    want, one, other = map(np.frombuffer, (rights, ones, others))
    with np.errstate(invalid="ignore", over="ignore"):
        limit = np.maximum(allowed(one), allowed(other))
        agree = (np.abs(one - other) <= limit) | (one == other) | (np.isnan(one) & np.isnan(other))
        right = (np.abs(other - want) <= allowed(want)) | (other == want)
    agreeing, right_ones = (np.logical_and.reduceat(part, firsts) for part in (agree, right))
    return list(zip(agreeing.tolist(), right_ones.tolist(), strict=True))


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
