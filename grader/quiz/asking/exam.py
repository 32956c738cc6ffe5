"""Graded quizzes: each student's own variants, asked without feedback and marked by the grader.

An answers file is a claim. The questions are drawn again from what the instructor names and the
student that the submission belongs to; a file that says that it was another exam is not marked.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import AnswersFileError, UnreadableAnswerError, UsageError
from grader.quiz.asking.answers_file import (
    FILE_NAME,
    AnswerSheet,
    parse_answers,
    read_answers,
    write_answers,
)
from grader.quiz.asking.terminal.listening import listen
from grader.quiz.exams.paper import draw_together, fingerprint, load_paper
from grader.quiz.marking import mark_answer, right_answer
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from grader.quiz.asking.terminal.listening import Screen
    from grader.quiz.exams.paper import Paper
    from grader.quiz.items.item import Variant

MAX_STUDENT = 200
MAX_SHOWN = 60
IN_EXAM = (
    "skip (s) leaves it open, and it is asked again when you come back; quit (q) stops;"
    " every answer is saved, and none is marked now"
)
OF_PRACTICE = "of practice"
ORDERS = {"s": "skip", "skip": "skip"} | dict.fromkeys(("u", "undo", "g", "guessed"), OF_PRACTICE)
NOT_HERE = "undo (u) and guessed (g) are for practice: in an exam an answer stays as it is given."
OVER = "the time that you were told is over; what you answer is still saved, with the time"


class ItemMark(NamedTuple):
    """The mark of one question of an exam.

    Parameters
    ----------
    item
        The item's id.
    earned, possible
        Points: 1 for a right answer, a part of it where a wrong one is right in part.
    message
        One line for the student.
    slip
        The name of the recognised mistake; "" for none.
    """

    item: str
    earned: float
    possible: float
    message: str
    slip: str = ""


class ExamMark(NamedTuple):
    """The marks of one topic of an exam.

    Parameters
    ----------
    items
        Of each question, in the order of the topic's file.
    refused
        Why nothing in the file was marked, in one line; "" when it was.
    minutes
        How long it took and how long it was to take, as the file says; "" where it says nothing.
    """

    items: tuple[ItemMark, ...]
    refused: str = ""
    minutes: str = ""


def mark(
    quizzes_dir: Path, topic: str, seed: int, student: str, answers_text: str | bytes
) -> tuple[ItemMark, ...]:
    """Mark a student's answers to all questions of a topic; see `mark_paper`."""
    return mark_paper(load_paper(quizzes_dir, topic, seed), student, answers_text).items


def mark_paper(paper: Paper, student: str, answers_text: str | bytes) -> ExamMark:
    """Mark a student's answers file for one topic of an exam.

    Parameters
    ----------
    paper
        What the exam asks.
    student
        Whom the submission belongs to, as the grader knows it.
    answers_text
        The content of `quiz-answers.toml`, whatever it is. Nothing that it says of the exam is
        marked against: where it says something else than what is expected, it is refused.

    Returns
    -------
    ExamMark
        As many marks, and as many points, for everybody.
    """
    variants = paper.draw(student)
    places = {item.id: place for place, item in enumerate(paper.topic.items)}
    variants.sort(key=lambda variant: places[variant.item.id])
    sheet, refused = None, ""
    try:
        expected = _expected(paper, student, variants)
        sheet, refused = _find_sheet(parse_answers(answers_text), expected)
        reason = refused or ("not answered" if sheet else _no_answers(paper))
    except AnswersFileError as error:
        reason = str(error)
    answers = sheet.answers if sheet else {}
    marks = tuple(_mark_item(one, answers.get(one.item.id, ""), reason) for one in variants)
    return ExamMark(marks, refused, _tell_time(sheet) if sheet else "")


def take_exam(  # noqa: PLR0913 - what an exam needs
    papers: Sequence[Paper],
    *,
    student: str,
    path: Path,
    screen: Screen,
    minutes: int | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Ask a student their questions, and write every answer to the file at once.

    Parameters
    ----------
    papers
        What the exam asks, a topic each.
    student
        The student's id, as the grader will know it.
    path
        The answers file; answers that it has already are kept and not asked again.
    screen
        Where; it shows no verdict.
    minutes
        The time that the student is told; nothing ends when it is over.
    clock
        Gives the time.

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
    own = {paper.topic.name: _open_sheet(sheets, paper, student) for paper in papers}
    for sheet in own.values():
        sheet.begun = sheet.begun or clock().isoformat(timespec="seconds")
        sheet.minutes = sheet.minutes if minutes is None else minutes
    if minutes is not None:
        write_answers(path, sheets)  # the time goes on, whether or not anything is answered
    end = _find_end(own.values())
    drawn = draw_together(papers, student)
    is_told = False
    for place, (paper, variant) in enumerate(drawn, start=1):
        sheet = own[paper.topic.name]
        if variant.item.id in sheet.answers:
            continue
        if end and clock() > end and not is_told:
            screen.warn(OVER)
            is_told = True
        screen.ask(variant, place, len(drawn), again=False)
        try:
            while (
                answered := listen(variant, screen, IN_EXAM + _tell_left(end, clock()), ORDERS)
            ) == OF_PRACTICE:
                screen.say(NOT_HERE)
        except EOFError:
            break
        if isinstance(answered, tuple):
            sheet.answers[variant.item.id] = answered[0]
            sheet.ended = clock().isoformat(timespec="seconds")
            write_answers(path, sheets)
    return sum(variant.item.id not in own[paper.topic.name].answers for paper, variant in drawn)


def _open_sheet(sheets: list[AnswerSheet], paper: Paper, student: str) -> AnswerSheet:
    """Return the sheet that goes on, or a new one."""
    new = _expected(paper, student, paper.draw(student))
    known = (new.topic, new.seed, new.student)
    for one in sheets:
        same = (one.topic, one.seed, one.student) == known
        if same and one.items in (None, new.items) and one.asked in ("", new.asked):
            one.items, one.asked = new.items, new.asked
            return one
    sheets.append(new)
    return new


def _expected(paper: Paper, student: str, variants: Sequence[Variant]) -> AnswerSheet:
    """Return the empty sheet of this exam: whatever another one says beside it is not so."""
    return AnswerSheet(
        paper.topic.name, paper.seed, student, items=paper.count, asked=fingerprint(variants)
    )


def _find_sheet(sheets: list[AnswerSheet], expected: AnswerSheet) -> tuple[AnswerSheet | None, str]:
    """Return the newest sheet that says nothing else than what is expected, or why none does."""
    refused = ""
    for one in reversed(sheets):
        if one.topic == expected.topic:
            why = _contradicts(one, expected)
            if not why:
                return one, ""
            refused = refused or f"not marked: {FILE_NAME} says that {one.topic} was {why}"
    return None, refused


def _contradicts(sheet: AnswerSheet, expected: AnswerSheet) -> str:
    """Return what a sheet says of the exam that is not so; "" where it says nothing like that."""
    if sheet.seed not in (None, expected.seed):
        return "taken with another seed than this exam's"
    if sheet.student not in ("", expected.student):
        return f"taken as {safe_text(sheet.student[:MAX_SHOWN])!r}, not as {expected.student!r}"
    if sheet.items not in (None, expected.items):
        return f"asked with {sheet.items} questions, and this exam has {expected.items}"
    if sheet.asked not in ("", expected.asked):
        return "asked with other questions than these, by another version of the quizzes"
    return ""


def _no_answers(paper: Paper) -> str:
    return f"no answers to the quiz {paper.topic.name} in the file"


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
    shown = f"{found.shown[:MAX_SHOWN]} is wrong; it is {right_answer(variant)}."
    message = " ".join(" ".join(filter(None, (shown, found.says))).split())
    return ItemMark(item, found.credit, 1.0, message, found.slip)


def _find_end(sheets: Iterable[AnswerSheet]) -> datetime | None:
    """Return when the time is over that the student was told; None without one."""
    for sheet in sheets:
        begun = _moment(sheet.begun)
        if begun is not None and sheet.minutes:
            with suppress(OverflowError):
                return begun + timedelta(minutes=sheet.minutes)
    return None


def _tell_left(end: datetime | None, now: datetime) -> str:
    if end is None:
        return ""
    left = (end - now).total_seconds() / 60
    return f"; {left:.0f} min left" if left > 0 else "; the time is over"


def _tell_time(sheet: AnswerSheet) -> str:
    begun, ended = _moment(sheet.begun), _moment(sheet.ended)
    if begun is None or ended is None or ended < begun:
        return ""
    took = (ended - begun).total_seconds() / 60
    of = f" of {sheet.minutes}" if sheet.minutes else ""
    return f"{took:.0f}{of} min by the student's own clock"


def _moment(said: str) -> datetime | None:
    """Return a time with its offset, as the file says it; None where that is none."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
