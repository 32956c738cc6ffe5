"""`quiz-answers.toml`: what a student answered in graded quizzes.

The file is the student's, so nothing in it is believed: reading it is bounded in size, depth and
time, and what is not as `write_answers` writes it is an error with one clear line.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import AnswersFileError
from grader.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "quiz-answers.toml"
MAX_BYTES = 64 * 1024
SAID = ("items", "asked", "begun", "ended", "minutes")
MAX_LINE = 1500
"""Characters: an answer has at most 200, each of which may be written as an escape of six."""

HEAD = """\
# Answers to graded quizzes, written by `dlgrade quiz exam`. Hand this file in with your exercises.
# They are marked against the questions of the student and the seed that the instructor expects,
# whatever is written here.
"""
# A key of a thousand dotted parts, or brackets a thousand deep, cost the parser far more than their
# length. So lines must look like those that we write: a key of one part, a text or a number.
KEY = r"""(?:[\w-]{1,100}|"[\w.-]{1,100}"|'[\w.-]{1,100}')"""
LINE = re.compile(
    r"\s*(?:#.*|\[\[exam\]\]\s*|\[exam\.answers\]\s*"
    rf"|{KEY}[ \t]*=[ \t]*(?:[\"'].*|[+-]?[\d_]{{1,30}}\s*))?"
)


@dataclass(slots=True)
class AnswerSheet:
    """The answers to one exam.

    Parameters
    ----------
    topic
        Which topic.
    seed
        The seed it was taken with, as the file says; None when it says nothing readable.
    student
        The student, as the file says.
    answers
        Item id to what was typed.
    items
        How many questions it asked; None when the file does not say so.
    asked
        The fingerprint of the questions; "" when the file does not say so.
    begun, ended
        When the first question was shown and the last one answered, by the student's clock.
    minutes
        The time that the student was told; None for none.
    """

    topic: str
    seed: int | None
    student: str
    answers: dict[str, str] = field(default_factory=dict)
    items: int | None = None
    asked: str = ""
    begun: str = ""
    ended: str = ""
    minutes: int | None = None


def parse_answers(content: str | bytes) -> list[AnswerSheet]:
    """Read the text of an answers file.

    Parameters
    ----------
    content
        The whole file, whoever wrote it.

    Returns
    -------
    list of AnswerSheet
        In the order of the file. Entries that are not as they must be are left out.

    Raises
    ------
    AnswersFileError
        It is too large, not UTF-8 or not TOML.
    """
    text = _text_of(content)
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE or not LINE.fullmatch(line):
            where = f"line {number} of {FILE_NAME}"
            raise AnswersFileError(f"{where} is not as `dlgrade quiz exam` writes it")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError, OverflowError) as error:
        reason = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise AnswersFileError(f"{FILE_NAME} is not TOML: {reason}") from None
    tables = document.get("exam", [])
    sheets = [_sheet(table) for table in tables] if isinstance(tables, list) else []
    return [sheet for sheet in sheets if sheet is not None]


def read_answers(path: Path) -> list[AnswerSheet]:
    """Read an answers file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of AnswerSheet
        Empty when there is no such file.

    Raises
    ------
    AnswersFileError
        It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return parse_answers(stream.read(MAX_BYTES + 1))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise AnswersFileError(f"{path} cannot be read ({error.strerror})") from error


def write_answers(path: Path, sheets: list[AnswerSheet]) -> None:
    """Write an answers file in one step, so that an interrupt leaves the old or the new one.

    Parameters
    ----------
    path
        The file.
    sheets
        All exams that it holds.

    Raises
    ------
    AnswersFileError
        It cannot be written; the file is then as it was.
    """
    parts = [HEAD]
    for sheet in sheets:
        parts.append(f"\n[[exam]]\ntopic = {_quoted(sheet.topic)}\nseed = {sheet.seed or 0}\n")
        parts.append(f"student = {_quoted(sheet.student)}\n")
        parts += [
            f"{name} = {_quoted(said) if isinstance(said, str) else said}\n"
            for name in SAID
            if (said := getattr(sheet, name)) not in (None, "")
        ]
        parts.append("\n[exam.answers]\n")
        parts += [f"{_quoted(key)} = {_quoted(text)}\n" for key, text in sheet.answers.items()]
    try:
        write_whole(path, "".join(parts))
    except OSError as error:
        raise AnswersFileError(f"{path} cannot be written ({error.strerror})") from error


def _text_of(content: str | bytes) -> str:
    if len(content) > MAX_BYTES:
        raise AnswersFileError(f"{FILE_NAME} is larger than {MAX_BYTES // 1024} KiB")
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnswersFileError(f"{FILE_NAME} is not UTF-8 text") from None


def _sheet(table: object) -> AnswerSheet | None:
    if not isinstance(table, dict):
        return None
    topic, seed, student = table.get("topic"), table.get("seed"), table.get("student")
    answers = table.get("answers")
    if not isinstance(topic, str) or not isinstance(answers, dict):
        return None
    return AnswerSheet(
        topic, _whole(seed), _text(student),
        {key: text for key, text in answers.items() if isinstance(text, str)},
        _whole(table.get("items")), _text(table.get("asked")),
        _text(table.get("begun")), _text(table.get("ended")), _whole(table.get("minutes")),
    )  # fmt: skip


def _whole(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""


def _quoted(text: str) -> str:
    """Write a TOML string: JSON's escapes are TOML's, but for DEL and lone surrogates."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
