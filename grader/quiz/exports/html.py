"""A page to practise on, which works from the disk: nothing is loaded, sent or kept."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from grader.quiz.exchange.illustrating import inline_source
from grader.quiz.exchange.posed import by_item
from grader.quiz.exports import Exported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exchange.question import PlainQuestion
    from grader.quiz.items.item import Topic, Variant

VARIANTS = 5
LOST = (
    "memory: nothing is kept when the page is closed; `dlgrade quiz` remembers",
    "secrecy: the answers are in the page, for whoever reads its source",
    "words that are right inside a longer answer: only the spellings listed are",
)
TEMPLATE = Path(__file__).parent / "practice.html"


def export(topic: Topic, variants: Sequence[Variant]) -> Exported:
    """Write a topic as one page of HTML.

    Parameters
    ----------
    topic
        The topic.
    variants
        Of each item one or more: a question that was wrong comes again as the next of them.

    Returns
    -------
    Exported
        UTF-8 text.
    """
    kinds = {item.id: item.kind for item in topic.items}
    data = [
        [_facts(one, kinds[name]) for one in questions] for name, questions in by_item(variants)
    ]
    # no text of a question may end the script that it stands in
    written = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    page = TEMPLATE.read_text(encoding="utf-8")
    page = page.replace("@TITLE@", escape(topic.title)).replace("@QUESTIONS@", written)
    return Exported(page, LOST)


def _picture(question: PlainQuestion) -> dict[str, str] | None:
    picture = question.picture
    return {"source": inline_source(picture), "says": picture.says} if picture else None


def _facts(question: PlainQuestion, kind: str) -> dict[str, object]:
    return {
        "id": question.name,
        "kind": kind,
        "form": question.form,
        "text": question.text,
        "picture": _picture(question),
        "tables": question.tables,
        "replies": [
            {"text": reply.text, "right": reply.right, "says": reply.says, "margin": reply.margin}
            for reply in question.replies
        ],
        "pairs": question.pairs,
        "sides": sorted({right for _, right in question.pairs} | set(question.unused)),
        "why": question.explanation,
        "hint": question.hint,
    }
