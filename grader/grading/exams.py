"""Mark graded quizzes as part of a run: an entry `quiz.<topic>`, its questions the levels."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.document import fact_of
from grader.errors import ChangedError, UsageError
from grader.gradebook.pages.questions import IN_PART
from grader.grading.intake.archives import ENDINGS, is_archive
from grader.model import ExerciseResult, LevelResult, Status
from grader.quiz.asking.answers_file import FILE_NAME, MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.engine.document import Details, Fact
    from grader.grading.intake.packages import Package
    from grader.quiz.asking.exam import ItemMark
    from grader.quiz.exams.paper import Paper

ZIP_MARK = b"PK"
WRITTEN = re.compile(r"([^:+]+(?:\+[^:+]+)*):(-?[0-9]{1,18})(?::([1-9][0-9]{0,5}))?")


@dataclass(frozen=True)
class Exam:
    """What is expected of a graded quiz about one topic.

    Parameters
    ----------
    topic
        Its name.
    seed
        What the class was given.
    items
        How many questions a student was asked; None for all of the topic.
    """

    topic: str
    seed: int
    items: int | None = None

    @property
    def id(self) -> str:
        """The name of its entry in results."""
        return f"quiz.{self.topic}"


def read_exam(text: str) -> list[Exam]:
    """Return what `--exam conv+losses:7:10` means: an exam for each topic.

    Raises
    ------
    UsageError
        It is not topics, a colon and a whole number, and perhaps another of items.

    Examples
    --------
    >>> [one.id for one in read_exam("conv+losses:7:10")]
    ['quiz.conv', 'quiz.losses']
    """
    found = WRITTEN.fullmatch(text)
    if not found:
        raise UsageError(
            f"--exam: {text!r} is not TOPIC:SEED, as in conv:7, nor TOPIC+TOPIC:SEED:ITEMS, "
            "as in conv+losses:7:10"
        )
    items = int(found[3]) if found[3] else None
    return [Exam(topic, int(found[2]), items) for topic in found[1].split("+")]


def read_exams(texts: Sequence[str]) -> list[Exam]:
    """Return what several `--exam` mean.

    Raises
    ------
    UsageError
        One cannot be read, or a topic comes twice.
    """
    exams = [exam for text in texts for exam in read_exam(text)]
    topics = [exam.topic for exam in exams]
    for topic in topics:
        if topics.count(topic) > 1:
            raise UsageError(f"--exam: {topic} comes twice; one seed is expected for a topic")
    return exams


def find_answers(folder: Path) -> bytes | None:
    """Return the answers file of a staged submission, cut where it is too long, or None."""
    try:
        with (folder / FILE_NAME).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError:
        return None


def content_key(package: Package, name: str) -> str:
    """Return the digest under which a submission's facts are kept.

    The same content is graded once whoever hands it in; but where it holds answers to a quiz, its
    marks depend on whose it is. A zip names its files in the clear; what else is packed, or packed
    in a zip, may hold such answers.
    """
    held = FILE_NAME.encode()
    personal = any(path.rpartition("/")[2] == FILE_NAME for path in package.files)
    for path, data in package.files.items():
        if package.kind == "zip" or is_archive(path):
            packed = not data.startswith(ZIP_MARK)
            personal |= packed or held in data or any(e.encode() in data.lower() for e in ENDINGS)
    digest = package.digest
    return hashlib.sha256(f"{digest} {name!r}".encode()).hexdigest() if personal else digest


def count_items(quizzes_dir: Path, exam: Exam) -> int:
    """Return how many questions an exam has.

    Raises
    ------
    UnknownTargetError, CourseError, UsageError
        There is no such topic, its file is broken, or it has fewer questions.
    """
    return _paper(quizzes_dir, exam).count


def exam_criteria(quizzes_dir: Path, exams: Iterable[Exam]) -> dict[str, str]:
    """Return the fingerprint of what decides the marks of each exam, by id.

    Raises
    ------
    UnknownTargetError, CourseError
        There is no such topic, or its file is broken.
    """
    return {one.id: _digest(quizzes_dir, one) for one in exams}


def require_same_questions(
    quizzes_dir: Path, exams: Iterable[Exam], noted: Mapping[str, str]
) -> None:
    """Make sure that what marks exams is still what a run has noted.

    Raises
    ------
    ChangedError
        It is not: nobody can tell by which questions a mark was found.
    """
    for one in exams:
        if exam_criteria(quizzes_dir, [one])[one.id] != noted[one.id]:
            text = f"{quizzes_dir / one.topic}.toml was changed while its exam was marked"
            raise ChangedError(f"{text}, and what was graded is kept: the same command goes on")


def exam_fact(quizzes_dir: Path, exam: Exam, student: str, answers: bytes | None) -> Fact:
    """Return the entry of an exam: whatever the file says, it is this student's and this seed's.

    Parameters
    ----------
    quizzes_dir
        The course's quizzes.
    exam
        Which exam is expected.
    student
        Whom the submission belongs to.
    answers
        The content of `quiz-answers.toml`; None when there is none.
    """
    from grader.quiz.asking.exam import mark_paper  # noqa: PLC0415 - most runs have no exam
    from grader.render.signs import points  # noqa: PLC0415 - as above

    found = mark_paper(_paper(quizzes_dir, exam), student, answers or b"")
    right = sum(item.earned for item in found.items)
    if answers is None:
        return _fact(exam, found.items, f"there is no {FILE_NAME}", Status.MISSING)
    unit = "questions are right" if float(right).is_integer() else "points"
    told = f"{points(right)} of {len(found.items)} {unit}"
    minutes = f" ({found.minutes})" if found.minutes else ""
    if found.refused:
        return _fact(exam, found.items, found.refused, Status.REJECTED)
    return _fact(exam, found.items, f"{told}{minutes}")


def blank_exam(
    quizzes_dir: Path, exam: Exam, status: Status, message: str, student: str = "nobody"
) -> Fact:
    """Return the entry of an exam that was not marked."""
    from grader.quiz.asking.exam import mark_paper  # noqa: PLC0415 - most runs have no exam

    return _fact(exam, mark_paper(_paper(quizzes_dir, exam), student, b"").items, message, status)


def _digest(quizzes_dir: Path, exam: Exam) -> str:
    from grader.quiz.asking.deciding import exam_digest  # noqa: PLC0415 - most runs have no exam

    return exam_digest(_paper(quizzes_dir, exam))


def _paper(quizzes_dir: Path, exam: Exam) -> Paper:
    from grader.quiz.exams.paper import load_paper  # noqa: PLC0415 - most runs have no exam

    return load_paper(quizzes_dir, exam.topic, exam.seed, exam.items)


def _fact(
    exam: Exam, marks: Sequence[ItemMark], message: str, status: Status | None = None
) -> Fact:
    levels = tuple(level for item in marks for level in _levels(item, status))
    result = ExerciseResult(exam.id, levels, cases=len(marks), message=message)
    notes = [f"{one.item}: {one.message}" for one in marks if one.earned < one.possible]
    details: Details = {"notes": notes}
    if slips := {one.item: one.slip for one in marks if one.slip}:
        details["slips"] = slips
    return fact_of(result, details)


def _levels(item: ItemMark, status: Status | None) -> list[LevelResult]:
    """Return the level of a question; of one that is right in part, that part is another one."""
    if status is not None:
        return [LevelResult(item.item, status, item.possible)]
    if item.earned >= item.possible:
        return [LevelResult(item.item, Status.PASSED, item.possible)]
    part = [LevelResult(item.item + IN_PART, Status.PASSED, item.earned)] if item.earned else []
    rest = round(item.possible - item.earned, 2)
    return [*part, LevelResult(item.item, Status.FAILED, rest)]
