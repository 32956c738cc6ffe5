"""Answers of known mistakes to banked cases, so that naming a mistake needs no torch.

They are computed once, when the cases are drawn and torch is there anyway, and kept beside the
bank's entry. An answer that is the right one to the last bit takes no space.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.engine.cases.oracle import mistaken_answers
from grader.engine.judge import expected_of
from grader.model import Case, Raised
from grader.worker.wire import pack_reply, read_reply, unpack_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.cases.bank import Bank, BankedCase, Entry

SUFFIX = "known"


def record_known(bank: Bank, exercise: Exercise, key: str, entry: Entry) -> None:
    """Compute and keep what every known mistake answers to every case of an entry."""
    chunks: list[bytes] = []
    rows: dict[str, list[Any]] = {}
    for mistake in exercise.check.mistakes.values():
        rows[mistake.id] = []
        for banked in (case for level in entry.levels for case in level.cases):
            row, data = _row(mistake, banked)
            rows[mistake.id].append(row)
            chunks.append(data)
    bank.record_bytes(exercise.id, key, SUFFIX, rows, b"".join(chunks))


def _row(mistake: Mistake, banked: BankedCase) -> tuple[Any, bytes]:
    answers = mistaken_answers(mistake, Case(unpack_case(banked.request), banked.bad))
    raised = answers[-1] if isinstance(answers[-1], Raised) else None
    text, data = pack_reply(answers[:-1] if raised else answers, banked.request)
    if raised is not None:
        return [text.decode(), len(data), [raised.type, raised.value_error]], data
    if text == banked.expected_text and data == banked.expected_data:
        return None, b""
    return [text.decode(), len(data), None], data


@dataclass
class KnownAnswers:
    """What known mistakes answer, for one entry.

    Parameters
    ----------
    rows, data
        As `record_known` kept them.
    entry
        The cases, in the same order.
    """

    rows: dict[str, list[Any]]
    data: bytes
    entry: Entry
    _places: dict[int, int] = field(default_factory=dict, init=False)
    _starts: dict[str, list[int]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        cases = [case for level in self.entry.levels for case in level.cases]
        self._places = {id(case): place for place, case in enumerate(cases)}
        at = 0
        for name, rows in self.rows.items():
            self._starts[name] = starts = []
            for row in rows:
                starts.append(at)
                at += row[1] if row else 0

    def find(self, mistake: Mistake, banked: BankedCase) -> Sequence[Any] | None:
        """Return what a mistake answers to a case of the entry; None for any other case."""
        place = self._places.get(id(banked))
        if place is None or mistake.id not in self.rows:
            return None
        row = self.rows[mistake.id][place]
        if row is None:
            return expected_of(banked)
        text, size, raised = row
        start = self._starts[mistake.id][place]
        answers: tuple[Any, ...] = ()
        if size or not raised or not text.startswith('{"r":[]'):
            data = self.data[start : start + size]
            answers = read_reply(text.encode(), data, banked.request).steps
        return (*answers, Raised(raised[0], value_error=raised[1])) if raised else answers


def find_known(bank: Bank, exercise: Exercise, key: str, entry: Entry) -> KnownAnswers | None:
    """Return the kept answers of an exercise's known mistakes, or None where there are none."""
    found = bank.find_bytes(exercise.id, key, SUFFIX)
    if found is None:
        return None
    try:
        return KnownAnswers(found[0], found[1], entry)
    except (TypeError, IndexError, AttributeError):
        return None
