"""One sitting: ask, mark, explain, remember, and ask wrong ones again.

The session knows neither the terminal nor the wall clock: it talks to a `Screen` and is given a
clock. Every answer is on the disk before the next question appears.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from grader.errors import UnreadableAnswerError
from grader.quiz.items.item import Event, Mark
from grader.quiz.items.variants import answer_digest, draw_variant, practice_key
from grader.quiz.marking import mark_answer
from grader.quiz.memory.schedule import grade_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.quiz.items.item import Item, Variant
    from grader.quiz.memory.history import History

MAX_ROUNDS: Final = 3
"""How often one item is asked in a session, when it keeps going wrong."""

RESUME_HOURS: Final = 24
"""For how long an interrupted session can be taken up again."""

SKIP: Final = frozenset({"s", "skip"})
QUIT: Final = frozenset({"q", "quit", "exit"})
HELP: Final = frozenset({"?", "h", "help"})


class Screen(Protocol):
    """What a session needs from whoever shows it."""

    def ask(self, variant: Variant, place: int, total: int, *, again: bool) -> None:
        """Show a question."""

    def read(self) -> str:
        """Read one line; raises EOFError at the end of the input."""

    def unreadable(self, message: str) -> None:
        """Say why a line is no answer, and that it cost nothing."""

    def help(self, variant: Variant) -> None:
        """Say what may be typed."""

    def verdict(self, variant: Variant, mark: Mark) -> None:
        """Show whether the answer was right, and the explanation."""


@dataclass(slots=True)
class Summary:
    """What a session came to.

    Parameters
    ----------
    total : int
        How many items it was about.
    first_right : int
        How many were right at the first try.
    asked : int
        How many answers were given, in all rounds.
    wrong : list of (Item, str)
        The items that went wrong at least once, with the slip or "".
    finished : bool
        False when it was broken off.
    """

    total: int
    first_right: int = 0
    asked: int = 0
    wrong: list[tuple[Item, str]] = field(default_factory=list)
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A session that was broken off.

    Parameters
    ----------
    session : str
        Its name in the history.
    right, wrong : frozenset of str
        The items whose last answer in it was right, and wrong.
    """

    session: str
    right: frozenset[str]
    wrong: frozenset[str]


def find_unfinished(events: Sequence[Event], label: str, now: datetime) -> Unfinished | None:
    """Find the session to take up again.

    Parameters
    ----------
    events : sequence of Event
        The history, oldest first.
    label : str
        The kind of session, such as "conv".
    now : datetime
        To leave alone what was broken off long ago.

    Returns
    -------
    Unfinished or None
        None when the last such session was finished, or is too old.
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


class QuizSession:
    """Ask items, one after the other.

    Parameters
    ----------
    items : iterable of Item
        What to ask, in this order.
    screen : Screen
        Where.
    history : History
        Where answers are kept.
    clock : callable
        Gives the time, with its offset.
    label : str
        The kind of session, such as "conv" or "review".
    seed : int or None
        None: every item's next variant, the deck's numbers first. A number: that seed's variants,
        whatever was asked before.
    unfinished : Unfinished or None
        The session to take up again.
    """

    def __init__(  # noqa: PLR0913  # what it needs from outside, each named by the caller
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
        known = unfinished.right if unfinished else frozenset()
        self._before = unfinished.wrong if unfinished else frozenset()
        self._name = unfinished.session if unfinished else f"{label}@{clock().isoformat()}"
        self._items = list(items)
        self._queue = deque((item, 0) for item in self._items if item.id not in known)
        self._behind = len(self._items) - len(self._queue)
        self.summary = Summary(total=len(self._items))

    def run(self) -> Summary:
        """Ask until nothing is left, or the student stops.

        Returns
        -------
        Summary
            Also there as `summary` when an exception ends the session.

        Raises
        ------
        KeyboardInterrupt
            At Ctrl-C; every answer given is already saved.
        HistoryError
            When an answer cannot be saved; every one before it is.
        """
        while self._queue:
            item, tries = self._queue.popleft()
            try:
                right = self._ask(item, tries)
            except EOFError:
                return self.summary
            if not right and tries + 1 < MAX_ROUNDS:
                self._queue.append((item, tries + 1))
        self._history.append(self._event(None))
        self.summary.finished = True
        return self.summary

    def _ask(self, item: Item, tries: int) -> bool:
        variant = draw_variant(item, self._key(item, tries))
        again = tries > 0 or item.id in self._before
        # a wrong answer makes the session one question longer, and the screen says so
        place = self._behind + 1
        self._screen.ask(variant, place, place + len(self._queue), again=again)
        self._behind = place
        shown_at = self._clock()
        text, mark = self._listen(variant)
        # a clock that is set back must not make an answer infinitely fast
        seconds = max(0.0, (self._clock() - shown_at).total_seconds())
        grade = grade_answer(
            right=mark.right, seconds=seconds, fluent_seconds=item.seconds, again=again
        )
        answered = (text, mark, round(seconds, 3), grade)
        self._history.append(self._event(variant, answered))
        self._count(item, mark, tries)
        self._screen.verdict(variant, mark)
        return mark.right

    def _listen(self, variant: Variant) -> tuple[str, Mark]:
        while True:
            text = self._screen.read().strip()
            word = text.lower()
            if word in QUIT:
                raise EOFError
            if word in SKIP:
                return "", Mark(right=False, shown="", slip="", says="")
            if word in HELP or not word:
                self._screen.help(variant)
                continue
            try:
                return text, mark_answer(variant, text)
            except UnreadableAnswerError as error:
                self._screen.unreadable(str(error))

    def _count(self, item: Item, mark: Mark, tries: int) -> None:
        self.summary.asked += 1
        if tries == 0 and mark.right:
            self.summary.first_right += 1
        if not mark.right and all(known.id != item.id for known, _ in self.summary.wrong):
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
