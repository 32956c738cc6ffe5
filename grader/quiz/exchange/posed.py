"""Make a question with fixed numbers of a drawn variant."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exchange.illustrating import illustrate, image_html, inline_source
from grader.quiz.exchange.question import PlainQuestion, Reply
from grader.quiz.items.item import LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.quiz.exchange.question import Form, Illustration
    from grader.quiz.items.item import Answer, Variant

FORMS: dict[str, Form] = {
    "number": "number",
    "single": "choice",
    "code": "choice",
    "claim": "choice",
    "multiple": "choices",
    "match": "pairs",
    "order": "pairs",
}
"""The form of each kind; a kind that is not here is typed."""

HINTS = {"shape": "Type it as 9x8x7.", "matrix": "Type it as 1 0; 2 1."}
DIGITS = 12


def plain_question(variant: Variant) -> PlainQuestion:
    """Write a variant as other programs know questions.

    Parameters
    ----------
    variant
        With its numbers.

    Returns
    -------
    PlainQuestion
        The right answers first, then the slips that no right answer could be taken for.
    """
    item = variant.item
    form = FORMS.get(item.kind, "words")
    pairs, unused = _pairs(variant) if form == "pairs" else ((), ())
    practise = f" Practise {item.practise}." if item.practise else ""
    where = f" ({'; '.join(item.sources)})" if item.sources else ""
    return PlainQuestion(
        name=item.id,
        form=form,
        text=variant.question,
        tables=variant.tables,
        replies=_replies(variant, form),
        pairs=pairs,
        unused=unused,
        explanation=f"{variant.explanation}{practise}{where}",
        hint=HINTS.get(item.kind, ""),
        picture=illustrate(variant),
    )


def by_item(variants: Sequence[Variant]) -> list[tuple[str, list[PlainQuestion]]]:
    """Gather the variants of each item, without those that repeat another.

    Parameters
    ----------
    variants
        Those of one item follow each other.

    Returns
    -------
    list of (str, list of PlainQuestion)
        The item's id and its questions.
    """
    found: dict[str, dict[object, PlainQuestion]] = {}
    for variant in variants:
        question = plain_question(variant)
        seen = question.picture.says if question.picture else ""
        shown = (question.text, question.tables, question.explanation, seen)
        sides = frozenset(reply.text for reply in question.replies), frozenset(question.pairs)
        found.setdefault(variant.item.id, {}).setdefault((shown, sides), question)
    return [(name, list(questions.values())) for name, questions in found.items()]


def html_of(
    question: PlainQuestion, source: Callable[[Illustration], str] | None = inline_source
) -> str:
    """Write the text of a question, its picture, its tables and how to type the answer as HTML.

    Parameters
    ----------
    question
        With its numbers.
    source
        Says where its picture is; None where there can be none: its words stand there instead.
    """
    parts = [f"<p>{escape(question.text, quote=False)}</p>"]
    if question.picture is not None and source is not None:
        parts.append(image_html(question.picture, source(question.picture)))
    elif question.picture is not None:
        parts.append(f"<p>The picture in words: {escape(question.picture.says, quote=False)}</p>")
    for title, rows in question.tables:
        cells = "".join(
            "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        parts.append(f"<p>{escape(title, quote=False)}</p><table>{cells}</table>")
    if question.hint:
        parts.append(f"<p>({escape(question.hint, quote=False)})</p>")
    return "".join(parts)


def inset_html(text: str) -> str:
    """Write one line as HTML that keeps the blanks it begins with.

    Examples
    --------
    >>> inset_html("  x < 1")
    '&nbsp;&nbsp;x &lt; 1'
    """
    inset = len(text) - len(text.lstrip())
    return "&nbsp;" * inset + escape(" ".join(text.split()), quote=False)


def figure(value: Answer) -> str:
    """Write a number in digits, without an exponent, which other programs do not know.

    Examples
    --------
    >>> figure(65536), figure(0.1 + 0.2), figure(2.5e-7)
    ('65536', '0.3', '0.00000025')
    """
    if not isinstance(value, float):
        return str(value)
    return format(Decimal(f"{value:.{DIGITS}g}"), "f")


def _replies(variant: Variant, form: Form) -> tuple[Reply, ...]:
    if form == "number":
        return _numbers(variant)
    if variant.item.kind == "claim":
        return _claims(variant)
    if form in ("choice", "choices"):
        key = set(_letters(variant.posed.key))
        options = zip(LETTERS, variant.posed.options, strict=False)
        return tuple(Reply(o.text, letter in key, o.says) for letter, o in options)
    return _words(variant) if form == "words" else ()


def _numbers(variant: Variant) -> tuple[Reply, ...]:
    posed = variant.posed
    replies = [Reply(figure(posed.key), right=True, margin=posed.tolerance)]
    for slip in posed.slips:
        value = float(str(slip.value))
        near = 0.0 if isinstance(slip.value, int) else 0.005 * abs(value)
        # a wrong answer whose interval would swallow the right one is kept out
        if abs(float(str(posed.key)) - value) > posed.tolerance + near:
            replies.append(Reply(figure(slip.value), right=False, says=slip.says, margin=near))
    return tuple(replies)


def _claims(variant: Variant) -> tuple[Reply, ...]:
    """Offer each reason with both words: only the right word with the right reason counts."""
    word, letter = _letters(variant.posed.key)
    return tuple(
        Reply(f"{said}, since {option.text}", (said, place) == (word, letter), option.says)
        for place, option in zip(LETTERS, variant.posed.options, strict=False)
        for said in ("true", "false")
    )


def _words(variant: Variant) -> tuple[Reply, ...]:
    kind, posed = variant.item.kind, variant.posed
    replies = [Reply(text, right=True) for text in _spellings(kind, posed.key)]
    for slip in posed.slips:
        spellings = _spellings(kind, slip.value)
        replies += [Reply(text, right=False, says=slip.says) for text in spellings]
    return tuple(replies)


def _pairs(variant: Variant) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    posed = variant.posed
    texts = [posed.options[LETTERS.index(letter)].text for letter in _letters(posed.key)]
    if variant.item.kind == "order":
        return tuple((step, str(place)) for place, step in enumerate(texts, start=1)), ()
    unused = tuple(option.text for option in posed.options if option.text not in texts)
    return tuple(zip(posed.lefts, texts, strict=True)), unused


def _spellings(kind: str, answer: Answer) -> list[str]:
    """List the ways an answer is likely to be typed."""
    if not isinstance(answer, tuple):
        return [str(answer)]
    if kind == "text":
        return [str(text) for text in answer]
    if kind == "shape":
        sizes = [str(size) for size in answer]
        commas = ", ".join(sizes)
        return list(dict.fromkeys(["x".join(sizes), " x ".join(sizes), commas, f"({commas})"]))
    rows = [[figure(value) for value in row] for row in answer if isinstance(row, tuple)]
    inner = [", ".join(row) for row in rows]
    spaced = ["; ".join(" ".join(row) for row in rows), "; ".join(inner)]
    return [*spaced, "[" + ", ".join(f"[{row}]" for row in inner) + "]"]


def _letters(key: Answer) -> list[str]:
    return [str(letter) for letter in key] if isinstance(key, tuple) else [str(key)]
