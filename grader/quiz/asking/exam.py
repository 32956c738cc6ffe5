"""Graded quizzes: each student's own variants, asked without feedback and marked by the grader.

Nothing in the answers file decides what is marked against: the questions are drawn again from the
seed that the instructor names and the student that the submission belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.errors import AnswersFileError, UnreadableAnswerError, UsageError
from grader.quiz.asking.answers_file import AnswerSheet, parse_answers, read_answers, write_answers
from grader.quiz.asking.listening import listen
from grader.quiz.items.loading import load_topic
from grader.quiz.items.streams import Stream
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import mark_answer, right_answer

if TYPE_CHECKING:
    from pathlib import Path

    from grader.quiz.asking.listening import Screen
    from grader.quiz.items.item import Topic, Variant

MAX_STUDENT = 200
IN_EXAM = (
    "skip (s) leaves it open, and it is asked again when you come back; quit (q) stops;"
    " every answer is saved, and none is marked now"
)


class ItemMark(NamedTuple):
    """The mark of one question of an exam.

    Parameters
    ----------
    item
        The item's id.
    earned, possible
        Points: 1 for a right answer.
    message
        One line for the student.
    """

    item: str
    earned: float
    possible: float
    message: str


def draw_exam(topic: Topic, seed: int, student: str) -> list[Variant]:
    """Draw the questions of one student.

    Parameters
    ----------
    topic
        What the exam is about.
    seed
        The seed of the exam, the same for the class.
    student
        The student's id: another id gives other numbers, and another order.

    Returns
    -------
    list of Variant
        Every item of the topic once.

    Raises
    ------
    CourseError
        An item cannot be drawn.
    """
    key = f"exam/{seed}/{student}"
    variants = [draw_variant(item, key) for item in topic.items]
    return Stream(f"{key}/order/{topic.name}").shuffled(variants)


def mark(
    quizzes_dir: Path, topic: str, seed: int, student: str, answers_text: str | bytes
) -> tuple[ItemMark, ...]:
    """Mark a student's answers file for one exam.

    Parameters
    ----------
    quizzes_dir
        The course's quizzes.
    topic
        The topic of the exam.
    seed
        The seed that the instructor gave.
    student
        Whom the submission belongs to, as the grader knows it.
    answers_text
        The content of `quiz-answers.toml`, whatever it is. What it says about student and seed
        only helps to find the sheet; it is never marked against.

    Returns
    -------
    tuple of ItemMark
        Every item of the topic, in the order of the topic's file.

    Raises
    ------
    UnknownTargetError
        The course has no such topic.
    CourseError
        The topic's file is not as it must be.
    """
    loaded = load_topic(quizzes_dir, topic)
    variants = {v.item.id: v for v in draw_exam(loaded, seed, student)}
    try:
        sheet = _find_sheet(parse_answers(answers_text), topic, seed)
        reason = "not answered" if sheet else f"no answers to the quiz {topic} in the file"
    except AnswersFileError as error:
        sheet, reason = None, str(error)
    answers = sheet.answers if sheet else {}
    return tuple(
        _mark_item(variants[item.id], answers.get(item.id, ""), reason) for item in loaded.items
    )


def take_exam(topic: Topic, *, seed: int, student: str, path: Path, screen: Screen) -> int:
    """Ask a student their questions, and write every answer to the file at once.

    Parameters
    ----------
    topic
        What the exam is about.
    seed
        The seed of the exam.
    student
        The student's id, as the grader will know it.
    path
        The answers file; answers that it has already are kept and not asked again.
    screen
        Where; it shows no verdict.

    Returns
    -------
    int
        How many questions are still open: those that were skipped, or not reached.

    Raises
    ------
    UsageError
        The student's id is not one line of text.
    AnswersFileError
        The file cannot be read or written.
    KeyboardInterrupt
        At Ctrl-C; every answer given is already saved.
    """
    if not student.strip() or len(student) > MAX_STUDENT or not student.isprintable():
        raise UsageError("--student needs an id: one line, the name of the folder you hand in")
    sheets = read_answers(path)
    sheet = next(
        (s for s in sheets if (s.topic, s.seed, s.student) == (topic.name, seed, student)), None
    )
    if sheet is None:
        sheet = AnswerSheet(topic.name, seed, student)
        sheets.append(sheet)
    variants = draw_exam(topic, seed, student)
    for place, variant in enumerate(variants, start=1):
        if variant.item.id in sheet.answers:
            continue
        screen.ask(variant, place, len(variants), again=False)
        try:
            answered = listen(variant, screen, IN_EXAM)
        except EOFError:
            break
        if answered is not None:
            sheet.answers[variant.item.id] = answered[0]
            write_answers(path, sheets)
    return sum(variant.item.id not in sheet.answers for variant in variants)


def _find_sheet(sheets: list[AnswerSheet], topic: str, seed: int) -> AnswerSheet | None:
    """Prefer the sheet that says the seed; a wrong seed is no reason for not marking at all."""
    found = [sheet for sheet in sheets if sheet.topic == topic]
    exact = [sheet for sheet in found if sheet.seed == seed]
    wanted = exact or found
    return wanted[-1] if wanted else None


def _mark_item(variant: Variant, text: str, reason: str) -> ItemMark:
    item = variant.item.id
    if not text:
        return ItemMark(item, 0.0, 1.0, reason)
    try:
        found = mark_answer(variant, text)
    except UnreadableAnswerError:
        return ItemMark(item, 0.0, 1.0, "cannot be read as an answer")
    # the answers come from outside: no fault of a reader may stop the grading of a class
    except Exception as error:  # noqa: BLE001
        return ItemMark(item, 0.0, 1.0, f"cannot be marked ({type(error).__name__})")
    if found.right:
        return ItemMark(item, 1.0, 1.0, "right")
    parts = (f"{found.shown[:60]} is wrong; it is {right_answer(variant)}.", found.says)
    return ItemMark(item, 0.0, 1.0, " ".join(" ".join(filter(None, parts)).split()))
