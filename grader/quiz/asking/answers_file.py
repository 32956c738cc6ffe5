"""`quiz-answers.toml`: what a student answered in graded quizzes.

The file is the student's, so nothing in it is believed: reading it is bounded in size, depth and
time, and what is not as `write_answers` writes it is an error with one clear line.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from grader.errors import AnswersFileError
from grader.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "quiz-answers.toml"
MAX_BYTES: Final = 64 * 1024
MAX_LINE: Final = 1500
"""Characters: an answer has at most 200, each of which may be written as an escape of six."""

_HEAD: Final = """\
# Answers to graded quizzes, written by `dlgrade quiz exam`. Hand this file in with your exercises.
# They are marked against the questions of the student and the seed that the instructor expects,
# whatever is written here.
"""
# A key of a thousand dotted parts, or brackets a thousand deep, cost the parser far more than their
# length. So lines must look like those that we write: a key of one part, a text or a number.
_KEY: Final = r"""(?:[\w-]{1,100}|"[\w.-]{1,100}"|'[\w.-]{1,100}')"""
_LINE: Final = re.compile(
    r"\s*(?:#.*|\[\[exam\]\]\s*|\[exam\.answers\]\s*"
    rf"|{_KEY}[ \t]*=[ \t]*(?:[\"'].*|[+-]?[\d_]{{1,30}}\s*))?"
)


@dataclass(slots=True)
class AnswerSheet:
    """The answers to one exam.

    Parameters
    ----------
    topic : str
        Which topic.
    seed : int or None
        The seed it was taken with, as the file says; None when it says nothing readable.
    student : str
        The student, as the file says.
    answers : dict of str to str
        Item id to what was typed.
    """

    topic: str
    seed: int | None
    student: str
    answers: dict[str, str] = field(default_factory=dict)


def parse_answers(content: str | bytes) -> list[AnswerSheet]:
    """Read the text of an answers file.

    Parameters
    ----------
    content : str or bytes
        The whole file, whoever wrote it.

    Returns
    -------
    list of AnswerSheet
        In the order of the file. Entries that are not as they must be are left out.

    Raises
    ------
    AnswersFileError
        When it is too large, not UTF-8 or not TOML.
    """
    text = _text_of(content)
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE or not _LINE.fullmatch(line):
            where = f"line {number} of {FILE_NAME}"
            raise AnswersFileError(f"{where} is not as `dlgrade quiz exam` writes it")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError, OverflowError) as error:
        reason = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise AnswersFileError(f"{FILE_NAME} is not TOML: {reason}") from None
    entries = document.get("exam", [])
    sheets = [_sheet(entry) for entry in entries] if isinstance(entries, list) else []
    return [sheet for sheet in sheets if sheet is not None]


def read_answers(path: Path) -> list[AnswerSheet]:
    """Read an answers file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of AnswerSheet
        Empty when there is no such file.

    Raises
    ------
    AnswersFileError
        When it cannot be read.
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
    path : Path
        The file.
    sheets : list of AnswerSheet
        All exams that it holds.

    Raises
    ------
    AnswersFileError
        When it cannot be written; the file is then as it was.
    """
    parts = [_HEAD]
    for sheet in sheets:
        parts.append(f"\n[[exam]]\ntopic = {_quoted(sheet.topic)}\nseed = {sheet.seed or 0}\n")
        parts.append(f"student = {_quoted(sheet.student)}\n\n[exam.answers]\n")
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


def _sheet(entry: object) -> AnswerSheet | None:
    if not isinstance(entry, dict):
        return None
    topic, seed, student = entry.get("topic"), entry.get("seed"), entry.get("student")
    answers = entry.get("answers")
    if not isinstance(topic, str) or not isinstance(answers, dict):
        return None
    return AnswerSheet(
        topic,
        seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        student if isinstance(student, str) else "",
        {key: text for key, text in answers.items() if isinstance(text, str)},
    )


def _quoted(text: str) -> str:
    """Write a TOML string: JSON's escapes are TOML's, but for DEL and lone surrogates."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
