"""Read Moodle XML.

References
----------
https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import UnheldError, UsageError
from grader.quiz.exchange.bounded import MAX_QUESTIONS, read_xml
from grader.quiz.exchange.question import PlainQuestion, Reply, Unheld
from grader.quiz.exchange.texts import line_of, plain_text, read_html
from grader.quiz.exchange.weighing import weigh

if TYPE_CHECKING:
    from grader.quiz.exchange.bounded import Node
    from grader.quiz.exchange.question import Form

FORMS: dict[str, Form] = {
    "numerical": "number",
    "multichoice": "choices",
    "truefalse": "choice",
    "shortanswer": "words",
    "matching": "pairs",
}
RICH = ("html", "moodle_auto_format", "")
WILD = re.compile(r"(?<!\\)\*")


def read(content: bytes) -> tuple[list[PlainQuestion], list[Unheld]]:
    """Read the questions of a file.

    Parameters
    ----------
    content
        The file's bytes.

    Returns
    -------
    tuple of (list of PlainQuestion, list of Unheld)
        Those that can be held, and those that cannot, in the order of the file.

    Raises
    ------
    UsageError
        It is not Moodle XML, or holds too many questions.
    """
    root = read_xml(content)
    if root.tag != "quiz":
        raise UsageError(f"it is no Moodle XML: it begins with <{root.tag[:40]}>, not with <quiz>")
    nodes = [n for n in root.all("question") if n.attributes.get("type") != "category"]
    if len(nodes) > MAX_QUESTIONS:
        raise UsageError(f"it holds {len(nodes)} questions; {MAX_QUESTIONS} are read at most")
    held, unheld = [], []
    for node in nodes:
        name = ""
        try:
            name = plain_text(node.text("name", "text"))
            held.append(_question(node, name))
        except UnheldError as error:
            unheld.append(Unheld(node.line, name, str(error)))
    return held, unheld


def _question(node: Node, name: str) -> PlainQuestion:
    kind = node.attributes.get("type", "")
    if kind not in FORMS:
        raise UnheldError(f"no item is of the type {plain_text(kind[:40]) or 'without a name'}")
    if node.text("usecase") == "1":
        raise UnheldError("its answers tell capitals apart, which no item does")
    if any(units.all("unit") for units in node.all("units")):
        raise UnheldError("it has units, which no item asks for")
    text, tables = read_html(_rich(node, "questiontext"))
    form: Form = FORMS[kind]
    if kind == "multichoice" and node.text("single") in ("", "true", "1"):
        form = "choice"
    pairs, unused = _pairs(node) if form == "pairs" else ((), ())
    return PlainQuestion(
        name=name,
        form=form,
        text=text,
        tables=tables,
        replies=() if form == "pairs" else weigh(form, _answers(node, form)),
        pairs=pairs,
        unused=unused,
        explanation=line_of(_rich(node, "generalfeedback"), rich=True).strip(),
        line=node.line,
    )


def _answers(node: Node, form: Form) -> list[tuple[float, Reply]]:
    found = []
    for answer in node.all("answer"):
        rich = form in ("choice", "choices") and answer.attributes.get("format", "") in RICH
        text = line_of(_rich(answer) if rich else answer.text("text"), rich=rich)
        share = _number(answer, answer.attributes.get("fraction", "0"))
        if form == "words":
            if WILD.search(text):
                raise UnheldError("an asterisk in its answers stands for anything")
            text = text.replace(r"\*", "*")
        if form == "number" and text == "*" and share <= 0:
            continue  # what every other answer is told
        says = line_of(_rich(answer, "feedback"), rich=True).strip()
        margin = _number(answer, answer.text("tolerance") or "0")
        found.append((share, Reply(text, share > 0, says, margin if form == "number" else 0.0)))
    return found


def _pairs(node: Node) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    pairs, unused = [], []
    for side in node.all("subquestion"):
        left = line_of(_rich(side), rich=True).strip()
        right = plain_text(side.text("answer", "text"))
        if left:
            pairs.append((left, right))
        else:
            unused.append(right)
    return tuple(pairs), tuple(dict.fromkeys(unused))


def _rich(node: Node, *path: str) -> str:
    """Return the HTML of a text; what holds files holds pictures."""
    for tag in path:
        node = (node.all(tag) or [node])[0]
        if node.tag != tag:
            return ""
    if node.all("file"):
        raise UnheldError("it has a picture, which no item can hold")
    return node.text("text")


def _number(node: Node, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e15:
        raise UnheldError(f"line {node.line} has {plain_text(text[:40])!r} for a number")
    return found
