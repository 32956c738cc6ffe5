"""Write an exam with its answers, as one student was asked it: for the instructor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.quiz.exams.paper import draw_together
from grader.quiz.items.item import LETTERS
from grader.quiz.marking import right_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exams.paper import Paper
    from grader.quiz.items.item import Variant


def write_key(papers: Sequence[Paper], student: str) -> str:
    """Write one student's questions in their order, each with the right answer.

    Parameters
    ----------
    papers
        What the exam asks, a topic each.
    student
        The student's id.

    Returns
    -------
    str
        Plain text. What stands behind `answer:` is marked right when it is typed.
    """
    names = ", ".join(paper.topic.name for paper in papers)
    parts = [f"{student}: {names}, seed {papers[0].seed}"]
    parts += [
        _question(place, variant)
        for place, (_, variant) in enumerate(draw_together(papers, student), start=1)
    ]
    return "\n\n".join(parts) + "\n"


def _question(place: int, variant: Variant) -> str:
    posed = variant.posed
    lines = [f"{place}. {variant.item.id}", _indented(variant.question)]
    if variant.picture is not None:
        lines.append(_indented(f"The picture in words: {variant.picture.says}"))
    for title, rows in variant.tables:
        lines += [f"   {title}", *(f"     {' '.join(row)}" for row in rows)]
    lines += [f"   {number}) {text}" for number, text in enumerate(posed.lefts, start=1)]
    lines += [
        f"   {letter}) {one.text}" for letter, one in zip(LETTERS, posed.options, strict=False)
    ]
    lines += [f"   answer: {right_answer(variant)}", _indented(variant.explanation)]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.strip().splitlines())
