"""A graded quiz is marked against the student's own questions, whatever the file says."""

from __future__ import annotations

import shutil

import pytest
from classes import dlgrade, grade, results

from grader.errors import UsageError
from grader.grading.exams import Exam, content_key, count_items, exam_fact, read_exam, read_exams
from grader.grading.intake.packages import Package
from grader.quiz.asking.answers_file import FILE_NAME
from grader.quiz.exams.paper import load_paper
from grader.quiz.marking import right_answer

EXAM = Exam("transfer", 7)


def test_topic_and_seed_are_read_from_one_word():
    assert read_exam("by-hand:12") == [Exam("by-hand", 12)]
    assert read_exams(["conv:7", "losses:8"]) == [Exam("conv", 7), Exam("losses", 8)]
    several = [Exam("conv", 7, 10), Exam("losses", 7, 10)]
    assert read_exams(["conv+losses:7:10"]) == several


@pytest.mark.parametrize(
    "text",
    ["conv", "conv:", ":7", "conv:x", "conv:7.5", "conv:7:", "conv:7:0", "conv+:7", "conv:\uff17"],
)
def test_anything_else_is_wrong_usage(text):
    with pytest.raises(UsageError, match="TOPIC:SEED"):
        read_exam(text)
    with pytest.raises(UsageError, match="comes twice"):
        read_exams(["conv:7", "conv:8"])


def test_a_missing_file_is_missing_and_a_hostile_one_earns_nothing(course):
    missing = exam_fact(course.quizzes_dir, EXAM, "a", None)
    assert missing["status"] == "missing"
    for answers in (b"\xff\xfe", b"[" * 5000, b"x" * 100_000, b"student = 'b'"):
        fact = exam_fact(course.quizzes_dir, EXAM, "a", answers)
        assert fact["status"] == "failed"
        assert len(fact["levels"]) == count_items(course.quizzes_dir, EXAM)


def test_the_same_files_are_one_content_unless_they_answer_a_quiz():
    plain = Package("folder", {"conv.py": b""})
    quiz = Package("folder", {"conv.py": b"", f"exercises/{FILE_NAME}": b""})
    zipped = Package("zip", {"": b"PK.." + FILE_NAME.encode()})
    assert content_key(plain, "a") == content_key(plain, "b")
    assert content_key(quiz, "a") != content_key(quiz, "b")
    assert content_key(zipped, "a") != content_key(zipped, "b")


def test_an_exam_is_an_entry_of_the_document_and_copied_answers_earn_less(tmp_path, course):
    """One student takes the exam in the terminal; another hands in the same file."""
    folder = tmp_path / "class"
    for name in ("a", "b", "c"):
        (folder / name).mkdir(parents=True)
        shutil.copy(course.exercises_dir / "augment.py", folder / name)
    exam = ("quiz", "exam", "conv", "--student", "a", "--seed", "7", "--dir", folder / "a")
    paper = load_paper(course.quizzes_dir, "conv", 7)
    typed = "".join(f"{right_answer(v)}\n" for v in paper.draw("a"))
    dlgrade(*exam, typed=typed).check_returncode()
    shutil.copy(folder / "a" / FILE_NAME, folder / "b")

    book = tmp_path / "g.db"
    done = grade(folder, book, "--exam", "conv:7", only="augment.mirror", sandbox="none")
    assert done.returncode == 0, done.stderr
    entries = {
        name: next(e for e in result["exercises"] if e["id"] == "quiz.conv")
        for name, result in results(book).items()
    }
    assert entries["a"]["status"] == "passed"
    assert entries["a"]["earned"] == entries["a"]["possible"] == len(paper.topic.items)
    assert (entries["b"]["status"], entries["b"]["earned"]) == ("rejected", 0)
    assert "was taken as 'a', not as 'b'" in entries["b"]["message"]
    assert entries["c"]["status"] == "missing"
    assert entries["c"]["earned"] == 0
