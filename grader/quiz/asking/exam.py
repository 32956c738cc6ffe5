"""Graded quizzes: each student's own variants, asked without feedback and marked by the grader.

Nothing in the answers file decides what is marked against: the questions are drawn again from the
seed that the instructor names and the student that the submission belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from grader.errors import AnswersFileError, UnreadableAnswerError, UsageError
from grader.quiz.asking.answers_file import AnswerSheet, parse_answers, read_answers, write_answers
from grader.quiz.asking.session import HELP, QUIT, SKIP
from grader.quiz.items.loading import load_topic
from grader.quiz.items.streams import Stream
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import mark_answer, right_answer

if TYPE_CHECKING:
    from pathlib import Path

    from grader.quiz.asking.session import Screen
    from grader.quiz.items.item import Topic, Variant

_MAX_STUDENT: Final = 200


class ItemMark(NamedTuple):
    """The mark of one question of an exam.

    Parameters
    ----------
    item : str
        The item's id.
    earned, possible : float
        Points: 1 for a right answer.
    message : str
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
    topic : Topic
        What the exam is about.
    seed : int
        The seed of the exam, the same for the class.
    student : str
        The student's id: another id gives other numbers, and another order.

    Returns
    -------
    list of Variant
        Every item of the topic once.

    Raises
    ------
    CourseError
        When an item cannot be drawn.
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
    quizzes_dir : Path
        The course's quizzes.
    topic : str
        The topic of the exam.
    seed : int
        The seed that the instructor gave.
    student : str
        Whom the submission belongs to, as the grader knows it.
    answers_text : str or bytes
        The content of `quiz-answers.toml`, whatever it is. What it says about student and seed
        only helps to find the sheet; it is never marked against.

    Returns
    -------
    tuple of ItemMark
        Every item of the topic, in the order of the topic's file.

    Raises
    ------
    UnknownTargetError
        When the course has no such topic.
    CourseError
        When the topic's file is not as it must be.
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
    topic : Topic
        What the exam is about.
    seed : int
        The seed of the exam.
    student : str
        The student's id, as the grader will know it.
    path : Path
        The answers file; answers that it has already are kept and not asked again.
    screen : Screen
        Where; it shows no verdict.

    Returns
    -------
    int
        How many questions are still open: those that were skipped, or not reached.

    Raises
    ------
    UsageError
        When the student's id is not one line of text.
    AnswersFileError
        When the file cannot be read or written.
    KeyboardInterrupt
        At Ctrl-C; every answer given is already saved.
    """
    if not student.strip() or len(student) > _MAX_STUDENT or not student.isprintable():
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
            text = _listen(variant, screen)
        except EOFError:
            break
        if text:
            sheet.answers[variant.item.id] = text
            write_answers(path, sheets)
    return sum(variant.item.id not in sheet.answers for variant in variants)


def _listen(variant: Variant, screen: Screen) -> str:
    """Read until a line is an answer; "" leaves the question open."""
    while True:
        text = screen.read().strip()
        word = text.lower()
        if word in QUIT:
            raise EOFError
        if word in SKIP:
            return ""
        if word in HELP or not word:
            screen.help(variant)
            continue
        try:
            mark_answer(variant, text)
        except UnreadableAnswerError as error:
            screen.unreadable(str(error))
        else:
            return text


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
