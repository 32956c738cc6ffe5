"""Moodle's XML format.

References
----------
https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exchange.illustrating import in_base64
from grader.quiz.exchange.posed import by_item, figure, html_of, inset_html
from grader.quiz.exports import Exported
from grader.quiz.exports.gift import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exchange.question import Illustration, PlainQuestion, Reply
    from grader.quiz.items.item import Topic, Variant

VARIANTS = 5
LOST = (
    "answers typed as arithmetic: Moodle takes plain numbers only",
    "numbers for everybody: a random question draws one of the variants of its category",
    "shapes and matrices: short answers, right only in the spellings listed",
    "feedback for a wrong pair or a wrong order: only the explanation",
    "a link to the exercise to practise: the explanation names it",
)
TYPES = {
    "number": "numerical",
    "choice": "multichoice",
    "choices": "multichoice",
    "words": "shortanswer",
    "pairs": "matching",
}
FEWEST_RIGHT_SIDES = 3


def export(topic: Topic, variants: Sequence[Variant]) -> Exported:
    """Write a topic as Moodle XML, each item a category of its variants.

    Parameters
    ----------
    topic
        The topic.
    variants
        Of each item one or more.

    Returns
    -------
    Exported
        UTF-8 text.
    """
    quiz, left_out = ET.Element("quiz"), []
    _category(quiz, topic.name, topic.title)
    for name, questions in by_item(variants):
        sides = {right for _, right in questions[0].pairs} | set(questions[0].unused)
        if questions[0].form == "pairs" and len(sides) < FEWEST_RIGHT_SIDES:
            left_out.append(
                f"{name}: Moodle matches among three right sides or more, here {len(sides)}"
            )
            continue
        _category(quiz, f"{topic.name}/{name}", "")
        for number, question in enumerate(questions, start=1):
            quiz.append(_question(question, "" if len(questions) == 1 else f" {number}"))
    ET.indent(quiz)
    text = ET.tostring(quiz, encoding="unicode")
    return Exported(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', LOST, tuple(left_out))


def _category(quiz: ET.Element, path: str, info: str) -> None:
    question = ET.SubElement(quiz, "question", type="category")
    _text(question, "category", f"$course$/top/dlgrade/{path}")
    _text(question, "info", info, form="moodle_auto_format")


def _question(question: PlainQuestion, ending: str) -> ET.Element:
    made = ET.Element("question", type=TYPES[question.form])
    _text(made, "name", question.name + ending)
    asked = _text(made, "questiontext", html_of(question, _kept_beside), form="html")
    if question.picture is not None:
        file = ET.SubElement(asked, "file", name=question.picture.name, path="/", encoding="base64")
        file.text = in_base64(question.picture)
    _text(
        made, "generalfeedback", f"<p>{escape(question.explanation, quote=False)}</p>", form="html"
    )
    for tag, value in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0")):
        ET.SubElement(made, tag).text = value
    if question.form in ("choice", "choices"):
        ET.SubElement(made, "single").text = "true" if question.form == "choice" else "false"
        ET.SubElement(made, "shuffleanswers").text = "false" if _in_order(question) else "true"
        ET.SubElement(made, "answernumbering").text = "abc"
    if question.form == "words":
        ET.SubElement(made, "usecase").text = "0"
    if question.form == "pairs":
        ET.SubElement(made, "shuffleanswers").text = "true"
        for left, right in (*question.pairs, *(("", side) for side in question.unused)):
            pair = _text(made, "subquestion", escape(left, quote=False), form="html")
            _text(pair, "answer", right)
    for reply, share in zip(question.replies, _shares(question), strict=True):
        made.append(_answer(question, reply, share))
    return made


def _kept_beside(picture: Illustration) -> str:
    return f"@@PLUGINFILE@@/{picture.name}"


def _answer(question: PlainQuestion, reply: Reply, share: float) -> ET.Element:
    rich = question.form in ("choice", "choices")
    text = reply.text
    if question.form == "words":
        text = text.replace("*", r"\*")  # else it stands for anything
    answer = ET.Element("answer", fraction=percent(share), format="html" if rich else "plain_text")
    ET.SubElement(answer, "text").text = inset_html(text) if rich else text
    _text(answer, "feedback", escape(reply.says, quote=False), form="html")
    if question.form == "number":
        ET.SubElement(answer, "tolerance").text = figure(reply.margin)
    return answer


def _shares(question: PlainQuestion) -> list[float]:
    """Give each answer its share; wrong ones of several choices take away what right ones give."""
    rights = sum(reply.right for reply in question.replies)
    if question.form != "choices":
        return [100.0 if reply.right else 0.0 for reply in question.replies]
    wrong = -100 / max(len(question.replies) - rights, 1)
    return [100 / rights if reply.right else wrong for reply in question.replies]


def _in_order(question: PlainQuestion) -> bool:
    """Tell whether the choices are lines of code, which have an order."""
    return any(reply.text.startswith(" ") for reply in question.replies) or (
        any(reply.text.rstrip().endswith(":") for reply in question.replies)
    )


def _text(parent: ET.Element, tag: str, text: str, form: str = "") -> ET.Element:
    made = ET.SubElement(parent, tag, {"format": form} if form else {})
    ET.SubElement(made, "text").text = text
    return made
