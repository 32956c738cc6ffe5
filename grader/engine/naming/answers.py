"""Right and wrong answers to whatever case is asked: those that are kept, else worked out now.

A failure is made smaller by asking about cases that nobody drew, and its name is looked for among
what known mistakes answer to them. The next failure meets most of these cases again. What was
worked out is kept beside the bank's cases, so that Hypothesis alone is imported for it, not torch.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.engine.cases.ahead import digest_request, name_answer
from grader.engine.cases.caseset import BankedCase, bank_case
from grader.engine.cases.known import WrongAnswer, work_out
from grader.engine.cases.ladder import climbable, load_ladder
from grader.engine.cases.sketch import digest_cases, sketch
from grader.worker.wire import pack_case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.course import Exercise
    from grader.course.vocabulary import Mistake
    from grader.engine.cases.ahead import Ahead
    from grader.engine.cases.bank import Bank
    from grader.engine.cases.known import KnownAnswers
    from grader.engine.cases.ladder import Ladder
    from grader.engine.cases.oracle import Oracles
    from grader.engine.judge import Trial
    from grader.engine.naming.mending.own import OwnFunctions
    from grader.engine.naming.mending.telling import FoundMending
    from grader.model import Case

    Limits = tuple[tuple[int, float], ...] | None
    Right = tuple[bytes, bytes, Limits]

SUFFIX = "asked"
MOST_REMEMBERED = 50  # searches of each exercise
MOST_KEPT = 2_000  # answers of an exercise, right and wrong ones together
MOST_BYTES = 1 << 20  # of all of them


class MendingMemory:
    """What was found out about functions: the same ones with the same answers are searched once.

    It is of one run. What it has of a function is found only for who wrote the same text, in a
    file that does the same beside it, and gave the same answers to every case.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[OwnFunctions, FoundMending | None]] = OrderedDict()

    def find(self, key: str) -> tuple[OwnFunctions, FoundMending | None] | None:
        """Return the functions that were searched, and what was found; None if none were."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: str, own: OwnFunctions, found: FoundMending | None) -> None:
        """Remember what was found, and forget what was asked for longest ago."""
        if not key:
            return
        self._kept[key] = own, found
        if len(self._kept) > MOST_REMEMBERED:
            self._kept.popitem(last=False)


@dataclass
class Answers:
    """The answers to the cases of one exercise.

    Parameters
    ----------
    exercise, oracles
        Of what, and who knows.
    bank, key
        Where answers are kept, and under which key: asked for when one is needed.
    known
        What known mistakes answer to the cases of the set, where the bank keeps that.
    find_ahead
        Returns what was worked out before anybody failed.

    Attributes
    ----------
    memory
        What mended the functions that were searched so far.
    """

    exercise: Exercise
    oracles: Oracles
    bank: Bank
    key: Callable[[], str]
    known: Callable[[], KnownAnswers | None] = lambda: None
    find_ahead: Callable[[], Ahead | None] = lambda: None
    memory: MendingMemory = field(default_factory=MendingMemory, init=False)
    _kept: _Kept | None = field(default=None, init=False)
    _ladder: Ladder | None = field(default=None, init=False)

    def rungs(self, level: str) -> Sequence[BankedCase]:
        """Return the ladder of a level: small cases with right answers, the smallest first."""
        if self._ladder is None and self._ahead is not None:
            self._ladder = climbable(self._ahead.ladder)
        elif self._ladder is None:
            self._ladder = load_ladder(self.bank, self.exercise, self.oracles, self.key)
        return self._ladder[level]

    @cached_property
    def _ahead(self) -> Ahead | None:
        return self.find_ahead()

    def right(self, case: Case) -> BankedCase:
        """Return a case with its right answer.

        Raises
        ------
        OraclesDisagreeError
            Nobody knows it.
        """
        if case.bad:
            return self._bank(case)
        request = pack_case(case)
        name = digest_request(request)
        kept = self._found.right.get(name)
        if kept is None:
            banked = self._bank(case)
            self._found.add_right(name, banked)
            return banked
        return BankedCase(request, *kept, None, bad=False)

    def wrong(self, mistake: Mistake, banked: BankedCase) -> tuple[Any, ...]:
        """Return what a known mistake answers to each step of a case; a failure is an answer."""
        known = self.known()
        answer = known.find(mistake, banked) if known else None
        if answer is not None:
            return answer
        name = name_answer(mistake, banked)
        if self._ahead is not None and name in self._ahead.first_wrong:
            return self._ahead.first_wrong[name].steps
        found = self._found.wrong
        if name in found:
            wrong = found[name]
        else:
            wrong = work_out(mistake, banked)
            self._found.add_wrong(name, wrong)
        return banked.expected if wrong is None else wrong.steps

    def alike(self, trials: Sequence[Trial]) -> dict[str, bool]:
        """Tell of which known mistakes all answers of a set are, as far as that is known ahead.

        Parameters
        ----------
        trials
            All cases of it that were asked, and others, which are passed over.

        Returns
        -------
        dict of str to bool
            By the mistake's id; of who is not in it, nobody can tell without asking.
        """
        if self._ahead is None or not trials or not trials[0].reading.affords(trials, 1):
            return {}
        tolerance = self.exercise.check.tolerance
        trials = [trial for trial in trials if trial.is_plain]
        told: dict[str, list[bool | None]] = {}
        for bad in (False, True):
            some = [t for t in trials if t.banked.number is not None and t.banked.bad is bad]
            sketches = self._ahead.sketches.get(digest_cases(trial.banked for trial in some))
            if sketches is None and some:
                return {}
            own = sketch((trial.answer.steps for trial in some), tolerance)
            for name, other in (sketches or {}).items():
                told.setdefault(name, []).append(other.is_of(own, tolerance))
        kept = {name: False if False in parts else all(parts) for name, parts in told.items()}
        return {name: is_of for name, is_of in kept.items() if is_of or False in told[name]}

    def keep(self) -> None:
        """Keep what was worked out since, for the next one who asks."""
        if self._kept is not None and self._kept.grown:
            newest = _find(self.bank, self.exercise.id, self.key())  # another process may have
            newest.merge(self._kept)
            self.bank.record_bytes(self.exercise.id, self.key(), SUFFIX, *newest.pack())
            self._kept.grown = False

    @property
    def _found(self) -> _Kept:
        if self._kept is None:
            self._kept = _find(self.bank, self.exercise.id, self.key())
        return self._kept

    def _bank(self, case: Case) -> BankedCase:
        expected = self.oracles.expected(case)
        return bank_case(self.exercise.check, case, expected)


@dataclass
class _Kept:
    """Answers by the digest of their case, those of mistakes by the mistake's id before it.

    Attributes
    ----------
    grown
        Whether there are some that no file has.
    size
        Bytes of all of them.
    """

    right: dict[str, Right] = field(default_factory=dict)
    wrong: dict[str, WrongAnswer | None] = field(default_factory=dict)
    grown: bool = False
    size: int = 0

    def add_right(self, name: str, banked: BankedCase) -> None:
        """Take in a right answer, if there is room."""
        if self._has_room(len(banked.expected_text) + len(banked.expected_data)):
            self.right[name] = (banked.expected_text, banked.expected_data, banked.limits)

    def add_wrong(self, name: str, answer: WrongAnswer | None) -> None:
        """Take in a mistake's answer, if there is room."""
        if self._has_room(len(answer.text) + len(answer.data) if answer else 0):
            self.wrong[name] = answer

    def _has_room(self, more: int) -> bool:
        is_room = len(self.right) + len(self.wrong) < MOST_KEPT and self.size + more <= MOST_BYTES
        self.size += more if is_room else 0
        self.grown |= is_room
        return is_room

    def merge(self, other: _Kept) -> None:
        """Take over what another one knows."""
        self.right |= other.right
        self.wrong |= other.wrong

    def pack(self) -> tuple[Any, bytes]:
        """Return the answers as a tree and bytes, as many as are kept."""
        rows: list[list[Any]] = []
        chunks: list[bytes] = []
        for name, (text, data, limits) in self.right.items():
            rows.append([name, text.decode(), len(data), limits, True])
            chunks.append(data)
        for name, wrong in self.wrong.items():
            rows.append([name, *(wrong.row if wrong else ["", 0, None]), wrong is not None])
            chunks.append(wrong.data if wrong else b"")
        return _within_bounds(rows, chunks)

    @classmethod
    def unpack(cls, rows: Sequence[Sequence[Any]], data: bytes) -> _Kept:
        """Return what `pack` made a tree and bytes of."""
        found = cls()
        at = 0
        for name, text, size, more, given in rows:
            part = data[at : at + size]
            at += size
            found.size += len(text) + size
            if " " not in name:
                limits = None if more is None else tuple((n, error) for n, error in more)
                found.right[name] = (text.encode(), part, limits)
            else:
                found.wrong[name] = WrongAnswer.of_row(text, more, part) if given else None
        return found


def _within_bounds(rows: list[list[Any]], chunks: Sequence[bytes]) -> tuple[Any, bytes]:
    """Return as many rows, with their bytes, as may be kept: the first ones."""
    size, count = 0, 0
    for row, chunk in zip(rows[:MOST_KEPT], chunks, strict=False):
        size += len(row[1]) + len(chunk)
        if size > MOST_BYTES:
            break
        count += 1
    return rows[:count], b"".join(chunks[:count])


def _find(bank: Bank, name: str, key: str) -> _Kept:
    """Return the answers that a bank keeps; nothing where they cannot be read."""
    body = bank.find_bytes(name, key, SUFFIX)
    if body is None:
        return _Kept()
    try:
        return _Kept.unpack(*body)
    except (TypeError, ValueError, AttributeError):
        return _Kept()
