"""One sitting: ask, mark, explain, remember, and ask wrong ones again.

The sitting knows neither the terminal nor the wall clock: it talks to a `Screen` and is given a
clock. Every answer is on the disk before the next question appears.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from grader.errors import HistoryError
from grader.quiz.asking.listening import listen
from grader.quiz.items.item import Event, Mark
from grader.quiz.items.variants import answer_digest, draw_variant, practice_key
from grader.quiz.memory.schedule import grade_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.quiz.asking.listening import Screen
    from grader.quiz.items.item import Item, Variant
    from grader.quiz.memory.history import History

MAX_ROUNDS = 3
"""How often one item is asked in a sitting, when it keeps going wrong."""

RESUME_HOURS = 24
"""For how long an interrupted sitting can be taken up again."""

SKIPPED = "", Mark(right=False, shown="", slip="", says="")


@dataclass(slots=True)
class Summary:
    """What a sitting came to.

    Parameters
    ----------
    total
        How many items it was about.
    first_right
        How many were right at the first try.
    asked
        How many answers were given, in all rounds.
    wrong
        The items that went wrong at least once, with the slip or "".
    finished
        False when it was broken off.
    """

    total: int
    first_right: int = 0
    asked: int = 0
    wrong: list[tuple[Item, str]] = field(default_factory=list)
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sitting that was broken off.

    Parameters
    ----------
    name
        Its name in the history.
    right, wrong
        The items whose last answer in it was right, and wrong.
    """

    name: str
    right: frozenset[str]
    wrong: frozenset[str]


def find_unfinished(events: Sequence[Event], label: str, now: datetime) -> Unfinished | None:
    """Find the sitting to take up again.

    Parameters
    ----------
    events
        The history, oldest first.
    label
        The kind of sitting, such as "conv".
    now
        To leave alone what was broken off long ago.

    Returns
    -------
    Unfinished or None
        None when the last such sitting was finished, or is too old.
    """
    last = next((e for e in reversed(events) if e.session.startswith(f"{label}@")), None)
    if last is None or last.done:
        return None
    if now - datetime.fromisoformat(last.at) > timedelta(hours=RESUME_HOURS):
        return None
    results = {e.item: e.right for e in events if e.session == last.session}
    return Unfinished(
        last.session,
        right=frozenset(item for item, right in results.items() if right),
        wrong=frozenset(item for item, right in results.items() if not right),
    )


class Sitting:
    """Ask items, one after the other.

    Parameters
    ----------
    items
        What to ask, in this order.
    screen
        Where.
    history
        Where answers are kept.
    clock
        Gives the time, with its offset.
    label
        The kind of sitting, such as "conv" or "review".
    seed
        None: every item's next variant, the deck's numbers first. A number: that seed's variants,
        whatever was asked before.
    unfinished
        The sitting to take up again.
    """

    def __init__(  # noqa: PLR0913 - what it needs from outside, each named by the caller
        self,
        items: Iterable[Item],
        *,
        screen: Screen,
        history: History,
        clock: Callable[[], datetime],
        label: str,
        seed: int | None = None,
        unfinished: Unfinished | None = None,
    ) -> None:
        self._screen, self._history, self._clock, self._seed = screen, history, clock, seed
        done = unfinished.right if unfinished else frozenset()
        self._before = unfinished.wrong if unfinished else frozenset()
        self._name = unfinished.name if unfinished else f"{label}@{clock().isoformat()}"
        self._items = list(items)
        self._queue = deque((item, 0) for item in self._items if item.id not in done)
        self._behind = len(self._items) - len(self._queue)
        self.summary = Summary(total=len(self._items))

    def run(self) -> Summary:
        """Ask until nothing is left, or the student stops.

        Returns
        -------
        Summary
            Also there as `summary` when an exception ends the sitting.

        Raises
        ------
        KeyboardInterrupt
            At Ctrl-C; every answer given is already saved.
        """
        while self._queue:
            item, tries = self._queue.popleft()
            try:
                right = self._ask(item, tries)
            except EOFError:
                return self.summary
            if not right and tries + 1 < MAX_ROUNDS:
                self._queue.append((item, tries + 1))
        self._save(self._event(None))
        self.summary.finished = True
        return self.summary

    def _ask(self, item: Item, tries: int) -> bool:
        variant = draw_variant(item, self._key(item, tries))
        again = tries > 0 or item.id in self._before
        # a wrong answer makes the sitting one question longer, and the screen says so
        place = self._behind + 1
        self._screen.ask(variant, place, place + len(self._queue), again=again)
        self._behind = place
        shown_at = self._clock()
        text, mark = listen(variant, self._screen, self._words(tries)) or SKIPPED
        # a clock that is set back must not make an answer infinitely fast
        seconds = max(0.0, (self._clock() - shown_at).total_seconds())
        grade = grade_answer(
            right=mark.right, seconds=seconds, fluent_seconds=item.seconds, again=again
        )
        answered = (text, mark, round(seconds, 3), grade)
        self._save(self._event(variant, answered))
        self._count(item, mark, tries)
        self._screen.verdict(variant, mark)
        return mark.right

    def _words(self, tries: int) -> str:
        """Say what `skip` and `quit` do to this question, now."""
        later = "comes again" if tries + 1 < MAX_ROUNDS else "is asked another day"
        saved = "all is saved" if self._history.remembers else "nothing is saved"
        return f"skip (s) shows the answer, and the question {later}; quit (q) stops; {saved}"

    def _save(self, event: Event) -> None:
        """Remember an answer; where that fails the sitting goes on without."""
        try:
            self._history.append(event)
        except HistoryError as error:
            self._history.remembers = False
            self._history.append(event)
            self._screen.warn(f"{error}; what you answer from here on is not remembered")

    def _count(self, item: Item, mark: Mark, tries: int) -> None:
        self.summary.asked += 1
        if tries == 0 and mark.right:
            self.summary.first_right += 1
        if not mark.right and all(other.id != item.id for other, _ in self.summary.wrong):
            self.summary.wrong.append((item, mark.slip))

    def _key(self, item: Item, tries: int) -> str:
        if self._seed is not None:
            return practice_key(self._seed, tries + (item.id in self._before))
        digest = answer_digest(item)
        past = sum(e.item == item.id and e.digest == digest for e in self._history.events)
        return practice_key(0, past)

    def _event(
        self, variant: Variant | None, answered: tuple[str, Mark, float, int] | None = None
    ) -> Event:
        at = self._clock().isoformat()
        if variant is None or answered is None:
            return Event(at=at, item="", digest="", session=self._name, done=True)
        text, mark, seconds, grade = answered
        return Event(
            at=at,
            item=variant.item.id,
            digest=answer_digest(variant.item),
            session=self._name,
            variant=variant.key,
            answer=text[:200],
            right=mark.right,
            slip=mark.slip,
            seconds=seconds,
            grade=grade,
        )
