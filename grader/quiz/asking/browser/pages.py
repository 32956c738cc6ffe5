"""A sitting between forms: what its page shows now, and what becomes of a form that is sent.

Every form says which state of the sitting it was written for. One of an older page, sent by the
back button, a second tab or a second click, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING

from grader.errors import AmbiguousAnswerError, UnreadableAnswerError
from grader.quiz.asking.browser.fields import typed_answer
from grader.quiz.asking.telling import call_guessed, take_back, tell_unreadable
from grader.quiz.asking.terminal.dialogue import GUESSED, ORDERS, SKIP, UNDO
from grader.quiz.asking.terminal.listening import HELP, QUIT, word_of
from grader.quiz.marking import item_chance, mark_answer, read_as
from grader.quiz.memory.schedule import AGAIN

if TYPE_CHECKING:
    from grader.quiz.asking.browser.fields import Form
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.turns import OpenQuestion
    from grader.quiz.items.item import Mark

ANSWER, NEXT, STOP = "answer", "next", "stop"
OLD = (
    "That was sent by a page from before, so nothing of it was counted. This is where you are now."
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what became of it.

    Parameters
    ----------
    turn
        The question.
    typed
        The answer, as it could be typed; "" for one that was skipped.
    mark
        Its mark.
    read_as
        How it was read, where that is not how it was typed.
    """

    turn: OpenQuestion
    typed: str
    mark: Mark
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows.

    Parameters
    ----------
    label
        The kind of sitting.
    state
        What forms of this page say that they are about.
    turn
        The open question; None where there is none.
    answered
        What was just answered; None on the page of an open question.
    can_undo, can_guess
        Whether there is an answer to take back, or to call a guess.
    is_choice
        Whether the last right answer could have been a guess among a few.
    remembers
        Whether answers are kept.
    left
        Whether something is left to ask.
    ended
        Whether the sitting is over.
    notice, complaint
        What became of a word or a button; why what was sent is no answer.
    help
        Whether what may be typed was asked for.
    sent
        The values of the fields, where they are no answer.
    """

    label: str
    state: int
    turn: OpenQuestion | None = None
    answered: Answered | None = None
    can_undo: bool = False
    can_guess: bool = False
    is_choice: bool = False
    remembers: bool = True
    left: bool = True
    ended: bool = False
    notice: str = ""
    complaint: str = ""
    help: bool = False
    sent: Form = field(default_factory=dict)


class PagedSitting:
    """Hold a sitting on pages; any number of threads may ask for them.

    Parameters
    ----------
    sitting
        What is asked.
    greeting
        What the page of the first question says before it.

    Attributes
    ----------
    ended
        Whether it is over: nothing was left to ask, or it was stopped.
    """

    def __init__(self, sitting: Sitting, greeting: str = "") -> None:
        self._sitting, self._lock = sitting, RLock()
        self._state = 0
        self._answered: Answered | None = None
        self._last: tuple[int, dict[str, list[str]]] | None = None
        self._shown = View(sitting.label, 0, notice=greeting)
        self.ended = False

    def look(self) -> View:
        """Return what the page shows now; a question's time begins when it is first shown."""
        with self._lock:
            sitting = self._sitting
            turn = None if self._answered or self.ended else sitting.ask()
            if turn is None and self._answered is None and not self.ended:
                self.stop()  # there was nothing to ask
            last = sitting.last_answer
            return replace(
                self._shown, state=self._state, turn=turn, answered=self._answered,
                can_undo=last is not None,
                can_guess=last is not None and last.grade > AGAIN,
                is_choice=self._answered is not None
                and item_chance(self._answered.turn.variant.item) > 0,
                remembers=sitting.remembers, left=sitting.has_more, ended=self.ended,
            )  # fmt: skip

    def act(self, form: Form) -> bool:
        """Do what a form asks for.

        Parameters
        ----------
        form
            The values of each field: `do`, `state`, and the answer's.

        Returns
        -------
        bool
            False, and nothing happens, where it is of an older page.
        """
        sent = {name: list(values) for name, values in form.items()}
        word, state = (sent.get(name, [""])[0] for name in ("do", "state"))
        with self._lock:
            if self._last == (_number(state), sent):
                return True  # the same form once more: a second click
            if self.ended or _number(state) != self._state:
                return False
            at = self._state
            self._shown = View(self._sitting.label, at)
            self._do(word, sent)
            if self.ended or self._state != at or word == GUESSED:
                self._last = at, sent
            return True

    def stop(self) -> None:
        """End here; where nothing is left to ask, the sitting is finished."""
        with self._lock:
            if self.ended:
                return
            self.ended, self._answered = True, None
            if not self._sitting.has_more:
                self._sitting.finish()

    def _do(self, word: str, sent: dict[str, list[str]]) -> None:
        if word == STOP:
            self.stop()
        elif word == UNDO:
            self._take_back()
        elif word == GUESSED:
            self._shown = replace(self._shown, notice=call_guessed(self._sitting))
        elif self._answered is not None:
            if word == NEXT:
                self._go_on()
        elif word == SKIP:
            self._skip()
        elif word == ANSWER:
            self._answer(sent)

    def _go_on(self) -> None:
        self._answered = None
        self._state += 1
        if not self._sitting.has_more:
            self.stop()

    def _answer(self, sent: dict[str, list[str]]) -> None:
        turn = self._sitting.ask()
        if turn is None:
            return
        try:
            text = typed_answer(turn.variant, sent)
            word = word_of(turn.variant, text)
            if word in HELP:
                self._shown = replace(self._shown, help=True)
            elif word in QUIT:
                self.stop()
            elif word in ORDERS:
                self._do(ORDERS[word], {})
            else:
                mark = mark_answer(turn.variant, text)
                self._sitting.take(text, mark)
                read = read_as(turn.variant, text, mark)
                self._tell(Answered(turn, text, mark, read))
        except UnreadableAnswerError as error:
            asks = isinstance(error, AmbiguousAnswerError)
            complaint = tell_unreadable(error, asks=asks)
            self._shown = replace(self._shown, complaint=complaint, sent=sent)

    def _skip(self) -> None:
        turn = self._sitting.ask()
        if turn is not None:
            self._tell(Answered(turn, "", self._sitting.skip()))

    def _tell(self, answered: Answered) -> None:
        self._answered = answered
        self._state += 1

    def _take_back(self) -> None:
        is_taken, notice = take_back(self._sitting)
        if is_taken:
            self._answered = None
            self._state += 1
        self._shown = replace(self._shown, notice=notice)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
