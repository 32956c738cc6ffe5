"""A changed course grades again what it decides otherwise, and the run says whose grade changed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time

import pytest
from classes import (
    ENDLESS,
    RIGHT,
    WRONG,
    command,
    dlgrade,
    environment,
    grade,
    make_class,
    results,
)
from small_course import FILES, SOL, TOOL, write_course

from grader.errors import ChangedError
from grader.gradebook.facts import Gradebook
from grader.grading.exams import Exam, exam_criteria, require_same_questions
from grader.quiz.asking.answers_file import AnswerSheet, write_answers

CHECK = "checks/conv/zero_pad2d.py"
QUESTION = """\
title = "Sizes"
place = 1

[[item]]
id = "sizes.two"
kind = "number"
deck = "week 3"
question = "What is two and two?"
explanation = "It is four."
answer = "2 + 1"
"""


@pytest.fixture
def own(course, tmp_path):
    """Copy the course: an instructor's own, whose files may be changed."""
    root = course.exercises_dir.parent
    for name in ("exercises", "solutions", "quizzes"):
        shutil.copytree(root / name, tmp_path / "own" / name)
    shutil.copytree(course.checks_dir, tmp_path / "own" / "checks")
    return tmp_path / "own"


def graded(own, folder, *words):
    """Grade with the instructor's own course; return what it says."""
    done = dlgrade("--course", own, "grade", folder, "--gradebook", folder.parent / "g.db",
                   "--sandbox", "none", "--only", "conv.zero_pad2d", *words)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_words_regrade_nobody_and_another_check_tells_whose_grade_it_changed(own, tmp_path):
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG)
    (tmp_path / "roster.csv").write_text("name,login\nBob Example,bob\nAda Example,ada\n")
    first = graded(own, folder, "--roster", tmp_path / "roster.csv")
    assert "changed" not in first
    check = own / CHECK
    text = check.read_text()
    check.write_text(text.replace("hints=(", 'hints=("Another first hint.",', 1))
    assert graded(own, folder).count("graded before") == 2
    start = text.index("@exercise.equivalent")
    end = text.index("\n\n\n", start)
    solution = own / "solutions" / "conv.py"
    wrong = "    padding = int(padding)\n    return np.pad(x, padding)\n"
    solution.write_text(_with_body(solution.read_text(), "zero_pad2d", wrong))
    same = "import torch.nn.functional as F\n    return F.pad(x, (padding,) * 8)"
    head = text[start:end].partition("):\n")[0] + "):\n    "
    check.write_text(text[:start] + head + same + text[end:])
    said = graded(own, folder)
    assert "graded before" not in said
    assert "2 grades changed: Ada Example " in said
    assert " -> " in said.partition("Bob Example ")[2]
    assert "(conv.zero_pad2d: failed -> passed, check changed)" in said
    assert "dlgrade show" in said
    told = dlgrade("show", tmp_path / "g.db", "--changes").stdout
    assert "2 grades changed: Ada Example " in told


def test_a_mended_question_marks_again_and_names_who_was_not_there(own, tmp_path):
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=RIGHT)
    (own / "quizzes" / "sizes.toml").write_text(QUESTION)
    for name in ("ada", "bob"):
        answers = [AnswerSheet("sizes", 7, name, {"sizes.two": "4"})]
        write_answers(folder / name / "quiz-answers.toml", answers)
    exam = ("--exam", "sizes:7")
    assert "changed" not in graded(own, folder, *exam)
    (own / "quizzes" / "sizes.toml").write_text(QUESTION.replace("What is", "How much is"))
    assert "changed" not in graded(own, folder, *exam)
    (own / "quizzes" / "sizes.toml").write_text(QUESTION.replace('"2 + 1"', '"2 + 2"'))
    shutil.move(folder / "bob", tmp_path / "bob")
    said = graded(own, folder, *exam)
    assert "1 grade changed: ada 1 -> 2 (quiz.sizes: failed -> passed, questions changed)" in said
    assert "1 graded by a check or a dlgrade as it was before, and not again since: bob" in said
    told = dlgrade("show", tmp_path / "g.db", "--changes")
    assert "questions changed" in told.stdout
    assert told.stderr.rstrip().endswith("bob")
    shutil.move(tmp_path / "bob", folder / "bob")
    said = graded(own, folder, *exam)
    assert "1 grade changed: bob 1 -> 2 (quiz.sizes: failed -> passed, questions changed)" in said
    assert "as it was before" not in said


def _with_body(source, function, body):
    head, _, rest = source.partition(f"def {function}(")
    signature, _, after = rest.partition('"""')
    words, _, code = after.partition('"""\n')
    return (
        f'{head}def {function}({signature}"""{words}"""\n{body}\n\n' + code.partition("\n\n\n")[2]
    )


def test_one_student_is_graded_again_and_nobody_else(tmp_path, book):
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG)
    assert grade(folder, book, "--seed", 5).returncode == 0
    done = grade(folder, book, "--student", "bob")
    assert done.stdout.count("\n[") + done.stdout.startswith("[") == 1
    assert "[1/1] bob: 0 of 1 point" in done.stdout
    assert set(results(book)) == {"ada", "bob"}
    done = grade(folder, book, "--student", "bo")
    assert done.returncode == 2
    assert "--student: nobody, or more than one, here is 'bo': did you mean 'bob'?" in done.stderr


def grade_small(folder, *words):
    """Grade the class in `hw` with the course in `small`; return how it ended."""
    return dlgrade("--course", folder / "small", "grade", folder / "hw", "--gradebook",
                   folder / "g.db", "--sandbox", "none", "--jobs", 1, *words)  # fmt: skip


@pytest.mark.parametrize(("place", "words"), [("exercises", ()), ("beside", ("--regrade",))])
def test_a_table_that_decides_is_noticed_in_the_course_and_beside_it_when_all_is_graded_anew(
    tmp_path, place, words
):
    read = f'/ "{place}" / "table").read_text())'
    small = write_course(
        tmp_path / "small",
        (TOOL, 'float(Path(__file__).with_name("table.txt").read_text())',
         f"float((Path(__file__).parents[2] {read}"),
        (SOL, "FACTOR = [2]",
         f"from pathlib import Path\nFACTOR = [float((Path(__file__).parents[1] {read}]"),
    )  # fmt: skip
    (small / place).mkdir(exist_ok=True)
    (small / place / "table").write_text("3")
    (tmp_path / "hw" / "ada").mkdir(parents=True)
    (tmp_path / "hw" / "ada" / "own.py").write_text("def double(x):\n    return 2.0 * x\n")
    assert "ada: 0 of 2 points" in grade_small(tmp_path).stdout
    (small / place / "table").write_text("2")
    done = grade_small(tmp_path, *words)
    assert "ada: 2 of 2 points" in done.stdout
    assert (
        "1 grade changed: ada 0 -> 2 (own.double: failed -> passed, check changed)" in done.stdout
    )


def test_a_grade_of_which_a_part_cannot_be_graded_any_more_is_open_and_never_0(tmp_path):
    write_course(tmp_path / "small")
    work = tmp_path / "hw" / "ada" / "own.py"
    work.parent.mkdir(parents=True)
    work.write_text("def double(x):\n    return 2.0 * x\n")
    assert "ada: 2 of 2 points" in grade_small(tmp_path).stdout
    work.rename(work.with_name("homework.docx"))
    done = grade_small(tmp_path)
    assert done.returncode == 3
    told = "1 grade changed: ada 2 -> open (own.double: passed -> ungraded, new submission)"
    assert told in done.stdout
    assert told in dlgrade("show", tmp_path / "g.db", "--changes").stdout
    table = dlgrade("export", tmp_path / "g.db", "--format", "csv").stdout.splitlines()
    cells = dict(zip(*(line.split(",") for line in table), strict=True))
    assert (cells["earned"], cells["own.double"], cells["complete"]) == ("", "", "no")
    work.with_name("homework.docx").rename(work)
    assert "1 grade changed: ada open -> 2 (own.double: " in grade_small(tmp_path).stdout


SAVED_ONCE = """from pathlib import Path

SIZES = [2]


def factor():
    mark, table = (Path(__file__).with_name(name) for name in (".saved", "table.txt"))
    if mark.exists():
        return float(table.read_text())
    mark.touch()
    table.write_text("3")
    return 2.0
"""


@pytest.mark.parametrize("moment", ["loaded", "drawn"])
def test_a_check_that_is_saved_while_a_run_goes_on_leaves_nothing_under_its_new_key(
    tmp_path, moment
):
    table = '(Path(__file__).parents[1] / "checks" / "own" / "table.txt")'
    small = write_course(
        tmp_path / "small",
        (TOOL, FILES[TOOL], SAVED_ONCE + ("\n\nfactor()\n" if moment == "loaded" else "")),
        (SOL, "FACTOR = [2]", f"from pathlib import Path\nFACTOR = [float({table}.read_text())]"),
    )  # fmt: skip
    (tmp_path / "hw" / "ada").mkdir(parents=True)
    (tmp_path / "hw" / "ada" / "own.py").write_text("def double(x):\n    return 2.0 * x\n")
    done = grade_small(tmp_path)
    assert done.returncode == 3
    assert f"{small}/checks/own/table.txt was changed while dlgrade was at work" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "g.db.bank").glob("*.bank"))
    with Gradebook(tmp_path / "g.db", read_only=True) as book:
        assert list(book.query("SELECT * FROM fact")) == []
    done = grade_small(tmp_path)
    assert done.returncode == 0
    assert "ada: 0 of 2 points" in done.stdout


def test_an_exam_whose_questions_are_saved_while_it_is_marked_is_not_marked_in_silence(tmp_path):
    (tmp_path / "sizes.toml").write_text(QUESTION)
    exams = [Exam("sizes", 7)]
    noted = exam_criteria(tmp_path, exams)
    (tmp_path / "sizes.toml").write_text(QUESTION.replace("What is", "How much is"))
    require_same_questions(tmp_path, exams, noted)
    (tmp_path / "sizes.toml").write_text(QUESTION.replace('"2 + 1"', '"2 + 2"'))
    with pytest.raises(ChangedError, match=r"sizes.toml was changed .* the same command goes on"):
        require_same_questions(tmp_path, exams, noted)


def interrupted(folder, *words):
    """Interrupt a run of three after the first one; return what it says."""
    line = command("grade", folder, "--gradebook", folder.parent / "g.db", "--sandbox", "none",
                   "--only", "conv.zero_pad2d", "--jobs", 1, "--timeout", 100, "--seed", 5,
                   *words)  # fmt: skip
    run = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert run.stdout.readline().startswith("[1/3] ada")
    time.sleep(0.1)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    return said


def test_an_interrupt_says_how_many_are_graded_and_leaves_what_decided_them(tmp_path, book):
    folder = make_class(tmp_path / "hw", ada=RIGHT, bob=ENDLESS, cyd=ENDLESS.replace("True", "1"))
    assert "1 of 3 graded; the same command goes on\n" in interrupted(folder)
    with Gradebook(book, read_only=True) as kept:
        assert [name for (name,) in kept.query("SELECT exercise FROM criterion ORDER BY 1")] == [
            "", "*", "conv.zero_pad2d",
        ]  # fmt: skip
    said = interrupted(folder, "--regrade")
    assert "1 of 3 graded; the same command goes on, without --regrade\n" in said
