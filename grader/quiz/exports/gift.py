"""Moodle's GIFT text format.

References
----------
https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exports import Exported
from grader.quiz.items.item import LETTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.items.item import Answer, Topic, Variant

SPECIAL = re.compile(r"([\\~=#{}:])")
SHORT = ("shape", "matrix", "text")
LOST = (
    "answers typed as arithmetic: Moodle takes plain numbers only",
    "fresh numbers: every question is fixed; export again with another --seed",
    "shapes and matrices: short answers, right only in the spellings listed",
    "feedback for a wrong pair or a wrong order: only the explanation",
    "a link to the exercise to practise: the explanation names it",
)


def export(topic: Topic, variants: Sequence[Variant]) -> Exported:
    """Write a topic as GIFT.

    Parameters
    ----------
    topic
        The topic.
    variants
        One of each item.

    Returns
    -------
    Exported
        UTF-8 text, questions separated by blank lines.
    """
    head = [f"// {topic.title}", f"$CATEGORY: dlgrade/{topic.name}"]
    lost = [f"// GIFT cannot carry {line}" for line in LOST]
    questions = [_question(variant) for variant in variants]
    return Exported("\n".join(lost) + "\n\n" + "\n\n".join([*head, *questions]) + "\n", LOST)


def _question(variant: Variant) -> str:
    item = variant.item
    lines = [f"::{_plain(item.id)}::[html]{_html(variant)}{{", *_answers(variant)]
    practise = f" Practise {item.practise}." if item.practise else ""
    where = f" ({'; '.join(item.sources)})" if item.sources else ""
    lines.append(f"####{_rich(variant.explanation + practise + where)}")
    return "\n".join([*lines, "}"])


def _answers(variant: Variant) -> list[str]:
    kind = variant.item.kind
    if kind == "number":
        return _numerical(variant)
    if kind in ("single", "multiple", "code"):
        return _choices(variant)
    if kind == "claim":
        return _claims(variant)
    if kind == "match":
        key = _letters(variant.posed.key)
        texts = [variant.posed.options[LETTERS.index(letter)].text for letter in key]
        unused = [o.text for o in variant.posed.options if o.text not in texts]
        pairs = zip(variant.posed.lefts, texts, strict=True)
        lines = [f"={_rich(left)} -> {_plain(right)}" for left, right in pairs]
        return lines + [f"= -> {_plain(text)}" for text in unused]
    if kind == "order":
        key = _letters(variant.posed.key)
        steps = [variant.posed.options[LETTERS.index(letter)].text for letter in key]
        return [f"={_rich(step)} -> {place}" for place, step in enumerate(steps, start=1)]
    return _short(variant)


def _numerical(variant: Variant) -> list[str]:
    margin = variant.posed.tolerance
    lines = ["#", f"={_figure(variant.posed.key)}:{_figure(margin)}"]
    for slip in variant.posed.slips:
        near = 0.0 if isinstance(slip.value, int) else 0.005 * abs(float(str(slip.value)))
        if _apart(variant.posed.key, slip.value, margin + near):
            lines.append(f"=%0%{_figure(slip.value)}:{_figure(near)}#{_rich(slip.says)}")
    return lines


def _apart(key: Answer, value: Answer, margin: float) -> bool:
    """Keep out a wrong answer whose interval would swallow the right one."""
    return abs(float(str(key)) - float(str(value))) > margin


def _figure(value: Answer) -> str:
    """Write a number without an exponent, which readers of GIFT do not know."""
    return f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _choices(variant: Variant) -> list[str]:
    key = set(_letters(variant.posed.key))
    several = variant.item.kind == "multiple"
    wrong = len(variant.posed.options) - len(key)
    lines = []
    for letter, option in zip(LETTERS, variant.posed.options, strict=False):
        says = f"#{_rich(option.says)}" if option.says else ""
        share = _percent(100 / len(key)) if letter in key else f"-{_percent(100 / max(wrong, 1))}"
        sign = f"~%{share}%" if several else ("=" if letter in key else "~")
        inset = len(option.text) - len(option.text.lstrip())
        lines.append(f"{sign}{'&nbsp;' * inset}{_rich(option.text)}{says}")
    return lines


def _claims(variant: Variant) -> list[str]:
    """Offer each reason with both words: only the right word with the right reason counts."""
    word, letter = _letters(variant.posed.key)
    lines = []
    for place, option in zip(LETTERS, variant.posed.options, strict=False):
        for said in ("true", "false"):
            sign = "=" if (said, place) == (word, letter) else "~"
            says = f"#{_rich(option.says)}" if option.says else ""
            lines.append(f"{sign}{_rich(f'{said}, since {option.text}')}{says}")
    return lines


def _percent(share: float) -> str:
    """Write a share with the five decimals that Moodle's list of grades has."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _short(variant: Variant) -> list[str]:
    lines = [f"={_plain(text)}" for text in _spellings(variant, variant.posed.key)]
    for slip in variant.posed.slips:
        spellings = _spellings(variant, slip.value)
        lines += [f"=%0%{_plain(text)}#{_rich(slip.says)}" for text in spellings]
    return lines


def _spellings(variant: Variant, answer: Answer) -> list[str]:
    """List the ways an answer is likely to be typed."""
    if not isinstance(answer, tuple):
        return [str(answer)]
    if variant.item.kind == "text":
        return [str(text) for text in answer]
    if variant.item.kind == "shape":
        sizes = [str(size) for size in answer]
        commas = ", ".join(sizes)
        return list(dict.fromkeys(["x".join(sizes), " x ".join(sizes), commas, f"({commas})"]))
    rows = [[_figure(value) for value in row] for row in answer if isinstance(row, tuple)]
    inner = [", ".join(row) for row in rows]
    spaced = ["; ".join(" ".join(row) for row in rows), "; ".join(inner)]
    return [*spaced, "[" + ", ".join(f"[{row}]" for row in inner) + "]"]


def _html(variant: Variant) -> str:
    parts = [f"<p>{_rich(variant.question)}</p>"]
    for title, rows in variant.tables:
        cells = "".join(
            "<tr>" + "".join(f"<td>{_rich(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        parts.append(f"<p>{_rich(title)}</p><table>{cells}</table>")
    if variant.item.kind in SHORT and variant.item.kind != "text":
        example = {"shape": "9x8x7", "matrix": "1 0; 2 1"}[variant.item.kind]
        parts.append(f"<p>(Type it as {_rich(example)}.)</p>")
    return "".join(parts)


def _rich(text: str) -> str:
    return _plain(escape(text, quote=False))


def _plain(text: str) -> str:
    # a blank line would end the question, and // at the start of a line make it a comment
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _letters(key: Answer) -> list[str]:
    return [str(letter) for letter in key] if isinstance(key, tuple) else [str(key)]
