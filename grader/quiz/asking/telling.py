"""The words for what became of an answer and of a sitting, whoever shows them.

Two of them come of doing it: that the last answer was a guess, and that it was taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.quiz.items.item import LETTERS
from grader.quiz.marking import counting_rule, expected_form, right_answer
from grader.text import counted

if TYPE_CHECKING:
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.turns import Summary
    from grader.quiz.items.item import Item, Mark, Variant


def tell_verdict(variant: Variant, mark: Mark) -> tuple[str, str]:
    """Say whether an answer was right, and what is.

    Parameters
    ----------
    variant
        The question.
    mark
        Its mark; one with nothing shown is a question that was skipped.

    Returns
    -------
    tuple of (str, str)
        Two sentences; the second is "" where the answer was right.
    """
    if mark.right:
        return "Right.", ""
    verdict = "Wrong." if mark.shown else "Skipped."
    if mark.partial:
        verdict = f"Partly right ({mark.partial:g} of the point in an exam)."
    return verdict, f"The answer is {_spelled(variant)}."


def tell_where_to_look(item: Item) -> list[str]:
    """Say what to read about an item and what to practise, a line each."""
    lines = [f"To read: {place}" for place in item.sources]
    return [*lines, f"To practise: {item.practise}"] if item.practise else lines


def tell_help(variant: Variant, words: str) -> list[str]:
    """Say what may be typed.

    Parameters
    ----------
    variant
        The question on the screen.
    words
        What else may be typed, and what it does in this mode.

    Returns
    -------
    list of str
        Two lines, or three where an answer can be right in part.
    """
    rule = counting_rule(variant)
    lines = [f"Answer: {expected_form(variant)}.", f"Counts: {rule}." if rule else ""]
    return [line for line in [*lines, f"Or: {words}."] if line]


def tell_summary(summary: Summary, again: str, *, saves: bool = True) -> tuple[str, list[str]]:
    """Sum a sitting up.

    Parameters
    ----------
    summary
        What it came to.
    again
        The command that goes on.
    saves
        Whether answers are to be remembered at all.

    Returns
    -------
    tuple of (str, list of str)
        One line, and what to read again, a line each.
    """
    kept = summary.asked - summary.lost
    many = f"{counted(kept, 'answer')} {'is' if kept == 1 else 'are'} saved"
    lost = f", {summary.lost} {'is' if summary.lost == 1 else 'are'} not" if summary.lost else ""
    if summary.finished:
        guessed = f", {summary.guessed} guessed" if summary.guessed else ""
        right = f"{summary.first_right} of {summary.total} right at the first try{guessed}."
        line = f"{right}{f' {many}{lost}.' if lost and saves else ''}"
    elif not saves or (lost and not kept):
        line = f"Stopped; nothing was saved. Begin again with: {again}"
    else:
        line = f"Stopped; {many}{lost}. Go on with: {again}"
    return line, [_advice(item, slip) for item, slip in summary.wrong]


def call_guessed(sitting: Sitting) -> str:
    """Count the last answer of a sitting as a guess, and say what became of it."""
    last = sitting.last_answer
    if last is None:
        return "There is no answer yet that could be a guess."
    if not sitting.call_guessed():
        return f"{last.item} counts as not known already."
    turn = tell_turn(again=sitting.asks_again(last.item))
    return f"Noted: {last.item} was guessed; it counts as not known, and {turn}."


def take_back(sitting: Sitting) -> tuple[bool, str]:
    """Take the last answer of a sitting back; return whether there was one, and what to say."""
    last = sitting.last_answer
    if last is None or not sitting.undo():
        return False, "There is no answer of this sitting to take back."
    return True, f"Taken back: your answer to {last.item}, as if it had not been given."


def tell_turn(*, again: bool) -> str:
    """Say when a question that counts as not known is asked next."""
    return "comes again" if again else "is asked another day"


def tell_saved(*, saves: bool) -> str:
    """Say whether answers are kept."""
    return "all is saved" if saves else "nothing is saved"


def tell_taught(item: Item) -> str:
    """Say which lectures ask what an item asks."""
    return "; ".join(item.lectures) or "no lecture asks this"


def tell_unreadable(error: Exception, *, asks: bool) -> str:
    """Say why what was typed is no answer; or ask, where it can mean two numbers."""
    if asks:
        return f"{error}. It costs nothing."
    return f"That cannot be read as an answer: {error}. It costs nothing; try again."


def _advice(item: Item, slip: str) -> str:
    where = f" ({'; '.join(item.sources)})" if item.sources else ""
    practise = f"; practise {item.practise}" if item.practise else ""
    return f"{item.id}{where}{practise}{f' [{slip}]' if slip else ''}"


def _spelled(variant: Variant) -> str:
    """Write the key with the words behind its letters."""
    key, answer = variant.posed.key, right_answer(variant)
    if variant.item.kind in ("single", "code"):
        return f"{answer}) {variant.posed.options[LETTERS.index(str(key))].text.strip()}"
    if variant.item.kind == "claim" and isinstance(key, tuple):
        word, letter = (str(part) for part in key)
        return f"{word}, since {letter}) {variant.posed.options[LETTERS.index(letter)].text}"
    return answer
