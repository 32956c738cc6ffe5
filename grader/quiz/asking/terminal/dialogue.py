"""A sitting in a terminal: each question is shown, lines are read, and verdicts are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.quiz.asking.telling import call_guessed, take_back, tell_saved, tell_turn
from grader.quiz.asking.terminal.listening import QUIT, listen
from grader.quiz.marking import item_chance
from grader.quiz.memory.schedule import AGAIN

if TYPE_CHECKING:
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.terminal.listening import Screen
    from grader.quiz.asking.turns import OpenQuestion, Summary
    from grader.quiz.items.item import Mark

GUESSED, UNDO, SKIP = "guessed", "undo", "skip"
ORDERS = {"s": SKIP, "skip": SKIP, "g": GUESSED, "guessed": GUESSED, "u": UNDO, "undo": UNDO}


def hold(sitting: Sitting, screen: Screen) -> Summary:
    """Ask until nothing is left, or the student stops.

    Parameters
    ----------
    sitting
        What is asked.
    screen
        Where.

    Returns
    -------
    Summary
        Also there as the sitting's `summary` when an exception ends it.

    Raises
    ------
    KeyboardInterrupt
        At Ctrl-C; every answer given is already saved.
    """
    try:
        while True:
            turn = sitting.ask()
            if turn is None:
                if _end(sitting, screen):
                    break
                continue
            _ask(sitting, screen, turn)
    except EOFError:
        return sitting.summary
    except KeyboardInterrupt:
        if sitting.ask() is None:
            sitting.finish()
        raise
    sitting.finish()
    return sitting.summary


def _ask(sitting: Sitting, screen: Screen, turn: OpenQuestion) -> None:
    """Show the open question, and go on until it is answered or another one is open."""
    screen.ask(turn.variant, turn.place, turn.total, again=turn.again)
    while True:
        heard = listen(turn.variant, screen, _words(sitting, turn), ORDERS)
        if heard == GUESSED:
            screen.say(call_guessed(sitting))
        elif heard == UNDO:
            is_taken, told = take_back(sitting)
            screen.say(told)
            if is_taken:
                return
        elif isinstance(heard, tuple):
            text, mark = heard
            sitting.take(text, mark)
            _tell(screen, turn, mark)
            return
        else:
            _tell(screen, turn, sitting.skip())
            return


def _tell(screen: Screen, turn: OpenQuestion, mark: Mark) -> None:
    screen.verdict(turn.variant, mark)
    if mark.right and item_chance(turn.variant.item):
        screen.say("  A guess? Type g now, and it counts as not known.")


def _end(sitting: Sitting, screen: Screen) -> bool:
    """Let the last answer be called a guess or taken back; tell whether it is the end."""
    last = sitting.last_answer
    if last is None:
        return True
    luck = "; guessed (g): it was luck" if last.grade > AGAIN else ""
    told = f"That was the last question. Enter ends; undo (u) takes its answer back{luck}."
    screen.say(told)
    while sitting.ask() is None:
        try:
            word = screen.read().strip().lower()
        except EOFError:
            return True
        order = ORDERS.get(word, "")
        if order == GUESSED:
            screen.say(call_guessed(sitting))
        elif order == UNDO:
            screen.say(take_back(sitting)[1])
        elif word and word not in QUIT:
            screen.say(told)
        else:
            return True
    return False


def _words(sitting: Sitting, turn: OpenQuestion) -> str:
    """Say what may be typed beside an answer, and what it does to this question, now."""
    later = tell_turn(again=not turn.is_last_try)
    words = [f"skip (s) shows the answer, and the question {later}"]
    if sitting.last_answer is not None:
        words.append("guessed (g): your last answer was luck, and counts as not known")
        words.append("undo (u) takes your last answer back")
    words.append("quit (q) stops")
    words.append(tell_saved(saves=sitting.remembers))
    return "; ".join(words)
