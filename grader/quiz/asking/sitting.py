"""One sitting: which question is next, what became of each answer, and how it is taken back.

The sitting knows neither the wall clock nor who shows it: `dialogue` asks it in a terminal, and any
other page can. Every answer is on the disk before the next question appears.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import HistoryError
from grader.quiz.asking.turns import OpenQuestion, Summary
from grader.quiz.items.item import Mark
from grader.quiz.items.variants import answer_digest, draw_variant, practice_key
from grader.quiz.marking import item_chance, mark_answer
from grader.quiz.memory.event import Event
from grader.quiz.memory.schedule import AGAIN, grade_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from grader.quiz.asking.turns import Unfinished
    from grader.quiz.items.item import Item
    from grader.quiz.memory.history import History

SKIPPED = "", Mark(right=False, shown="", slip="", says="")


@dataclass(frozen=True, slots=True)
class _Taken:
    """An answer, and what the sitting was before it."""

    turn: OpenQuestion
    event: Event
    queue: tuple[tuple[Item, int], ...]
    behind: int
    summary: Summary


class Sitting:
    """Ask items, one after the other.

    Call `ask` for the question that is open, `answer` or `skip` until it gives None, then `finish`.
    In between, `call_guessed` and `undo` are about the last answer.

    Parameters
    ----------
    items
        What to ask, in this order.
    history
        Where answers are kept.
    clock
        Gives the time, with its offset.
    warn
        Told, in a sentence, when an answer cannot be kept; the sitting goes on.
    label
        The kind of sitting, such as "conv" or "review".
    seed
        None: every item's next variant, the deck's numbers first. A number: that seed's variants,
        whatever was asked before.
    unfinished
        The sitting to take up again.

    Attributes
    ----------
    label
        The kind of sitting, as it was given.
    summary
        What it came to so far.
    """

    def __init__(  # noqa: PLR0913 - what it needs from outside, each named by the caller
        self,
        items: Iterable[Item],
        *,
        history: History,
        clock: Callable[[], datetime],
        warn: Callable[[str], None],
        label: str,
        seed: int | None = None,
        unfinished: Unfinished | None = None,
    ) -> None:
        self._history, self._clock, self._warn, self._seed = history, clock, warn, seed
        done = unfinished.right if unfinished else frozenset()
        self._before = unfinished.wrong if unfinished else frozenset()
        self._name = unfinished.name if unfinished else f"{label}@{clock().isoformat()}"
        self._queue = deque((item, 0) for item in items if item.id not in done)
        self._behind = len(done)
        self.label = label
        self._turn: OpenQuestion | None = None
        self._taken: list[_Taken] = []
        self.summary = Summary(total=len(self._queue))

    @property
    def remembers(self) -> bool:
        """Whether answers are kept."""
        return self._history.remembers

    @property
    def has_more(self) -> bool:
        """Whether a question is open or waits; unlike `ask` this shows none."""
        return bool(self._queue)

    @property
    def last_answer(self) -> Event | None:
        """The answer that `undo` takes back; None where there is none."""
        return self._taken[-1].event if self._taken else None

    def ask(self) -> OpenQuestion | None:
        """Return the question that is open.

        Returns
        -------
        OpenQuestion or None
            The same one until it is answered; None when nothing is left to ask.
        """
        if self._turn is None and self._queue:
            item, tries = self._queue[0]
            place = self._behind + 1
            # a wrong answer makes the sitting one question longer, and the total says so
            self._turn = OpenQuestion(
                draw_variant(item, self._key(item, tries)), place, self._behind + len(self._queue),
                again=tries > 0 or item.id in self._before, tries=tries, at=self._clock(),
            )  # fmt: skip
        return self._turn

    def answer(self, text: str) -> Mark:
        """Mark an answer to the open question, and keep it.

        Parameters
        ----------
        text
            What was typed.

        Returns
        -------
        Mark
            Right or wrong, with the feedback.

        Raises
        ------
        UnreadableAnswerError
            It cannot be read as an answer; it costs nothing, and the question stays open.
        """
        mark = mark_answer(self._open().variant, text)
        self.take(text, mark)
        return mark

    def skip(self) -> Mark:
        """Give the open question up: it counts as not known."""
        text, mark = SKIPPED
        self.take(text, mark)
        return mark

    def take(self, text: str, mark: Mark) -> None:
        """Keep an answer to the open question that is marked already.

        Parameters
        ----------
        text
            What was typed.
        mark
            Its mark.
        """
        turn = self._open()
        # a clock that is set back must not make an answer infinitely fast
        seconds = round(max(0.0, (self._clock() - turn.at).total_seconds()), 3)
        item = turn.variant.item
        grade = grade_answer(
            right=mark.right, seconds=seconds, fluent_seconds=item.seconds,
            again=turn.again, by_chance=item_chance(item) > 0 or turn.seen,
        )  # fmt: skip
        event = Event(
            at=self._clock().isoformat(), item=item.id, digest=answer_digest(item),
            session=self._name, variant=turn.variant.key, answer=text[:200], right=mark.right,
            slip=mark.slip, seconds=seconds, grade=grade,
        )  # fmt: skip
        before = replace(self.summary, wrong=[*self.summary.wrong])
        self._taken.append(_Taken(turn, event, tuple(self._queue), self._behind, before))
        self.summary.lost += not self._save(event)
        self._queue.popleft()
        self._behind, self._turn = turn.place, None
        self.summary.asked += 1
        self.summary.first_right += turn.tries == 0 and mark.right
        if not mark.right:
            self._ask_again(turn, mark.slip)

    def call_guessed(self) -> bool:
        """Count the last answer as not known: it was right by luck.

        Returns
        -------
        bool
            False, and nothing happens, where there is none or it counts as not known already.
        """
        last = self._taken[-1] if self._taken else None
        if last is None or last.event.grade == AGAIN:
            return False
        event = replace(last.event, grade=AGAIN, replaces=last.event.at)
        self._save(event)
        self._taken[-1] = replace(last, event=event)
        self.summary.guessed += 1
        self.summary.first_right -= last.turn.tries == 0
        self._ask_again(last.turn, "guessed")
        if self._turn is not None:
            self._turn = replace(self._turn, total=self._behind + len(self._queue))
        return True

    def undo(self) -> bool:
        """Take the last answer back, with its line in the history; its question is open again.

        Returns
        -------
        bool
            False, and nothing happens, where this sitting has no answer (left).
        """
        if not self._taken:
            return False
        last = self._taken.pop()
        self._save(Event(self._clock().isoformat(), "", "", self._name, replaces=last.event.at))
        self._turn = replace(last.turn, seen=True)
        self._queue, self._behind, self.summary = deque(last.queue), last.behind, last.summary
        return True

    def asks_again(self, item: str) -> bool:
        """Tell whether an item, by its id, is still to be asked in this sitting."""
        return any(one.id == item for one, _ in self._queue)

    def finish(self) -> None:
        """Close the sitting: nothing is left to ask, and it is not taken up again."""
        self._save(Event(self._clock().isoformat(), "", "", self._name, done=True))
        self.summary.finished = True

    def _open(self) -> OpenQuestion:
        turn = self.ask()
        if turn is None:
            raise ValueError("no question is open")
        return turn

    def _ask_again(self, turn: OpenQuestion, slip: str) -> None:
        item = turn.variant.item
        if not turn.is_last_try:
            self._queue.append((item, turn.tries + 1))
        if all(other.id != item.id for other, _ in self.summary.wrong):
            self.summary.wrong.append((item, slip))

    def _save(self, event: Event) -> bool:
        """Remember an event, and say whether; where that fails the sitting goes on without."""
        try:
            self._history.append(event)
        except HistoryError as error:
            self._history.remembers = False
            self._history.append(event)
            self._warn(f"{error}; what you answer or take back from here on is not remembered")
        return self._history.remembers

    def _key(self, item: Item, tries: int) -> str:
        if self._seed is not None:
            return practice_key(self._seed, tries + (item.id in self._before))
        digest = answer_digest(item)
        past = sum(e.item == item.id and e.digest == digest for e in self._history.events)
        return practice_key(0, past)
