"""Condense what decides the marks of an exam: its questions without their words, and what marks."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.quiz.exams.paper import Paper
    from grader.quiz.items.item import Item

PACKAGE = Path(__file__).resolve().parents[1]
MARKERS = (
    "items/*.py", "kinds/*.py", "marking.py", "asking/exam.py", "asking/answers_file.py",
    "exams/paper.py", "exams/difficulty.py",
)  # fmt: skip
FOR_AUTHORS = frozenset({"__init__.py"})
CHOICE = ("text", "right")  # an answer is a letter, so that what stands behind it decides


def exam_digest(paper: Paper) -> str:
    """Condense what decides how the answers to an exam are marked.

    Questions as they are worded, explanations, feedback, slips and the deck's own numbers do not
    enter: mending them marks no answer otherwise.

    Parameters
    ----------
    paper
        What the exam asks.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    items = sorted((_deciding(one) for one in paper.topic.items), key=lambda facts: str(facts[0]))
    known = {one.id: paper.shares.get(one.id) for one in paper.topic.items}
    drawn = [] if paper.count == len(items) else [paper.count, known]
    facts = [paper.topic.name, paper.seed, items, _marking_code(), *drawn]
    text = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _deciding(item: Item) -> list[object]:
    """Return what decides the numbers that are drawn, the right answer and what is taken for it."""
    drawn = [[one.name, one.among, one.shape] for one in item.parameters]
    body = {key: value for key, value in item.body.items() if key != "slips"}
    choices = body.get("choices")
    if isinstance(choices, list):
        body["choices"] = [{key: one.get(key) for key in CHOICE} for one in choices]
    return [item.id, item.kind, drawn, list(item.where), dict(item.lets), body]


@cache
def _marking_code() -> str:
    """Return a fingerprint of our own files that draw questions and mark answers."""
    files = {file for pattern in MARKERS for file in PACKAGE.glob(pattern)}
    rows = [
        f"{file.relative_to(PACKAGE).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
        if file.name not in FOR_AUTHORS
    ]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
