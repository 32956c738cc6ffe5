"""Mark graded quizzes as part of a run: an entry `quiz.<topic>`, its questions the levels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.engine.document import fact_of
from grader.errors import ChangedError, UsageError
from grader.grading.intake.archives import ENDINGS, is_archive
from grader.model import ExerciseResult, LevelResult, Status
from grader.quiz.asking.answers_file import FILE_NAME, MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.engine.document import Fact
    from grader.grading.intake.packages import Package
    from grader.quiz.asking.exam import ItemMark

ZIP_MARK = b"PK"


@dataclass(frozen=True)
class Exam:
    """A graded quiz that is expected: its topic, and the seed that the class was given."""

    topic: str
    seed: int

    @property
    def id(self) -> str:
        """The name of its entry in results."""
        return f"quiz.{self.topic}"


def read_exam(text: str) -> Exam:
    """Return what `--exam conv:7` means.

    Raises
    ------
    UsageError
        It is not a topic, a colon and a whole number.

    Examples
    --------
    >>> read_exam("conv:7").id
    'quiz.conv'
    """
    topic, colon, seed = text.rpartition(":")
    if not colon or not topic or not seed.lstrip("-").isascii() or not seed.lstrip("-").isdigit():
        raise UsageError(f"--exam: {text!r} is not TOPIC:SEED, as in conv:7")
    return Exam(topic, int(seed))


def read_exams(texts: Sequence[str]) -> list[Exam]:
    """Return what several `--exam` mean.

    Raises
    ------
    UsageError
        One cannot be read, or a topic comes twice.
    """
    exams = [read_exam(text) for text in texts]
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
    UnknownTargetError, CourseError
        There is no such topic, or its file is broken.
    """
    return len(_mark(quizzes_dir, exam))


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
    from grader.render.signs import points  # noqa: PLC0415 - most runs have no exam

    marks = _mark(quizzes_dir, exam, student, answers or b"")
    right = sum(item.earned for item in marks)
    if answers is None:
        return _fact(exam, marks, f"there is no {FILE_NAME}", Status.MISSING)
    return _fact(exam, marks, f"{points(right)} of {len(marks)} questions are right")


def blank_exam(quizzes_dir: Path, exam: Exam, status: Status, message: str) -> Fact:
    """Return the entry of an exam that was not marked."""
    return _fact(exam, _mark(quizzes_dir, exam), message, status)


def _digest(quizzes_dir: Path, exam: Exam) -> str:
    from grader.quiz.asking.deciding import exam_digest  # noqa: PLC0415 - most runs have no exam
    from grader.quiz.items.loading import load_topic  # noqa: PLC0415 - as above

    return exam_digest(load_topic(quizzes_dir, exam.topic), exam.seed)


def _mark(
    quizzes_dir: Path, exam: Exam, student: str = "nobody", answers: bytes = b""
) -> Sequence[ItemMark]:
    from grader.quiz.asking.exam import mark  # noqa: PLC0415 - most runs have no exam

    return mark(quizzes_dir, exam.topic, exam.seed, student, answers)


def _fact(
    exam: Exam, marks: Sequence[ItemMark], message: str, status: Status | None = None
) -> Fact:
    levels = tuple(
        LevelResult(
            item.item, status or (Status.PASSED if item.earned else Status.FAILED), item.possible
        )
        for item in marks
    )
    result = ExerciseResult(exam.id, levels, cases=len(marks), message=message)
    notes = [f"{one.item}: {one.message}" for one in marks if not one.earned]
    return fact_of(result, {"notes": notes})
