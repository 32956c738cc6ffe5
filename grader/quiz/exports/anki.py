"""Anki's text import: one line a note, with an id that stays.

References
----------
https://docs.ankiweb.net/importing/text-files.html
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exchange.illustrating import illustrate, image_html, inline_source
from grader.quiz.exports import Exported
from grader.quiz.items.item import LETTERS
from grader.quiz.marking import right_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.items.item import Topic, Variant

SEVERAL = False  # a note has the id of its item
LOST = (
    "marking: a card shows the answer, and you say whether you knew it",
    "fresh numbers: every card is fixed; export again with another --seed to change them",
    "the feedback for a wrong answer: the back lists the usual slips instead",
)


def export(topic: Topic, variants: Sequence[Variant]) -> Exported:
    """Write a topic as notes for Anki.

    Parameters
    ----------
    topic
        The topic.
    variants
        One of each item.

    Returns
    -------
    Exported
        UTF-8 text; importing it again changes the notes instead of adding new ones.
    """
    head = [
        "#separator:tab",
        "#html:true",
        "#notetype:Basic",
        f"#deck:dlgrade::{topic.name}",
        "#columns:Id\tFront\tBack\tTags",
        "#guid column:1",
        "#tags column:4",
    ]
    notes = [
        "\t".join((f"dlgrade-{v.item.id}", _front(v), _back(v), f"dlgrade{_tags(v)}"))
        for v in variants
    ]
    return Exported("\n".join([*head, *notes]) + "\n", LOST)


def _front(variant: Variant) -> str:
    parts = [f"<p>{_text(variant.question)}</p>"]
    if (picture := illustrate(variant)) is not None:
        parts.append(image_html(picture, inline_source(picture)))
    for title, rows in variant.tables:
        cells = "".join(
            "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        parts.append(f"<p>{_text(title)}</p><table>{cells}</table>")
    lefts = [f"{place}. {left}" for place, left in enumerate(variant.posed.lefts, start=1)]
    options = zip(LETTERS, variant.posed.options, strict=False)
    lines = [_text(line) for line in lefts]
    lines += [f"{letter}) {_inset(option.text)}" for letter, option in options]
    if lines:
        parts.append("<p>" + "<br>".join(lines) + "</p>")
    return _field("".join(parts))


def _back(variant: Variant) -> str:
    parts = [f"<p><b>{_text(right_answer(variant))}</b></p><p>{_text(variant.explanation)}</p>"]
    slips = [slip.says for slip in variant.posed.slips]
    slips += [f"{option.text}: {option.says}" for option in variant.posed.options if option.says]
    if slips:
        parts.append("<ul>" + "".join(f"<li>{_text(says)}</li>" for says in slips) + "</ul>")
    practise = f" Practise {variant.item.practise}." if variant.item.practise else ""
    where = "".join(f"{_text(place)}<br>" for place in variant.item.sources)
    parts.append(f"<p><small>{where}{_text(practise)}</small></p>")
    return _field("".join(parts))


def _tags(variant: Variant) -> str:
    return "".join(f" deck-{number}" for number in variant.item.deck.replace(",", " ").split())


def _text(text: str) -> str:
    return escape(" ".join(text.split()), quote=False)


def _inset(text: str) -> str:
    """Keep the blanks that a line of code begins with."""
    return "&nbsp;" * (len(text) - len(text.lstrip())) + _text(text)


def _field(html: str) -> str:
    """Quote a field, so that quotation marks inside it stay."""
    return '"' + html.replace('"', '""') + '"'
