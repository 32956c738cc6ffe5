"""Make questions of functions with a line made wrong: a sitting's, or the file of a topic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.quiz.items.formulas import BRACE, escaped
from grader.quiz.items.making import make_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.items.item import Item
    from grader.student.helping.spoiling import SpoiltFunction

MOST_OTHERS = 2
LAST = 99
OWN = Path("code.toml")
HEAD = """# One line of each of these functions is wrong, and all the others are the solutions' own:
# for after the deadline, or for an exam in another program.

"""


def make_question(spoilt: SpoiltFunction) -> Item:
    """Return the question that asks for the wrong line.

    Parameters
    ----------
    spoilt
        A function with a line made wrong. Of one that is too short for its lines to be asked about,
        the question is which of a few lines a check says that of.

    Returns
    -------
    Item
        Of the topic "code"; it points to the line in the student's own file.
    """
    item = make_item(OWN, _table(spoilt, OWN.stem), {})
    return replace(item, lectures=("your own code",), sources=(str(spoilt.location),))


def write_topic(name: str, title: str, spoilt: Sequence[SpoiltFunction]) -> str:
    """Return the file of a topic, as TOML.

    Parameters
    ----------
    name
        The topic's, as the file will be called.
    title
        One line for the list of topics.
    spoilt
        What it asks about, one of each exercise.
    """
    import tomli_w  # noqa: PLC0415 - only authors pay for it

    items = [_table(one, name) for one in spoilt]
    return HEAD + tomli_w.dumps({"title": title, "place": LAST, "item": items})


def _table(spoilt: SpoiltFunction, topic: str) -> dict[str, object]:
    module, _, name = spoilt.exercise.partition(".")
    said = spoilt.message.rstrip(".")
    head: dict[str, object] = {
        "id": f"{topic}.{module}-{name.replace('_', '-').lower()}",
        "deck": "added",
        "practise": spoilt.exercise,
        "let": BRACE,
        "without_torch": "lines to read",
        "explanation": escaped(f"It shows in {spoilt.call}. A check says: {said}."),
    }
    if not spoilt.others:
        question = f"{_about(spoilt)} passes; below {spoilt.header} one line is changed. Which?"
        body = {"lines": [*spoilt.lines], "wrong": spoilt.wrong, "mended": spoilt.mended}
        return {**head, "kind": "code", "question": escaped(question), **body}
    question = f"Of which of these lines in {_about(spoilt)} does a check say: {said}?"
    passes = spoilt.mended, "This line is right: it is what passes"
    wrong = [passes, *((line, f"Of that line it says: {t}") for line, t in spoilt.others)]
    choices: list[dict[str, object]] = [{"text": escaped(spoilt.wrong.strip()), "right": True}]
    choices += [
        {"text": escaped(line), "slip": "another line", "says": escaped(f"{told.rstrip('.')}.")}
        for line, told in wrong[: 1 + MOST_OTHERS]
    ]
    head["explanation"] = escaped(f"It should be {spoilt.mended} and shows in {spoilt.call}.")
    return {**head, "kind": "single", "question": escaped(question), "choices": choices}


def _about(spoilt: SpoiltFunction) -> str:
    name = spoilt.exercise.partition(".")[2]
    own = spoilt.function.partition(".")[0]  # a method is called as what it is of
    return spoilt.function if own == name else f"{spoilt.function}, which {name} calls,"
