"""What was loaded before a file was saved is kept under no key and judges nobody in silence."""

from __future__ import annotations

import os
import shutil

import pytest
from small_course import OWN, SOL, STUB, TOOL, write_course

from grader.course.course import Course, find_course
from grader.course.freshness import note_as_read
from grader.engine.cases.bank import Bank
from grader.engine.cases.key import PACKAGE, criteria, fingerprint, require_as_read
from grader.engine.engine import Engine
from grader.errors import ChangedError
from grader.model import Status

SAVES = "\n    file = Path(__file__)\n    file.write_text(file.read_text() + '# saved')\n"
RIGHT = "def double(x):\n    return 2.0 * x\n"


@pytest.fixture
def own(tmp_path):
    return write_course(tmp_path / "own")


def save(file):
    """Save a file with another text of the same length, a moment later."""
    before = file.stat()
    file.write_text(file.read_text()[:-1] + " ")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def student(folder):
    folder.mkdir()
    (folder / "own.py").write_text(RIGHT)
    return folder


@pytest.mark.parametrize("name", [OWN, TOOL, SOL, STUB, "checks/own/table.txt"])
def test_a_file_that_was_saved_after_it_was_loaded_gives_no_key_and_no_cases(own, name):
    bank = Bank(own / "bank")
    course = find_course(own)
    exercise = course.exercise("own.double")
    assert fingerprint(course, exercise, 5)
    save(own / name)
    for ask in (
        lambda: fingerprint(course, exercise, 5),
        lambda: Engine(course, 5, bank=bank).case_set(exercise),
        lambda: (
            find_course(own).exercise("own.double") and fingerprint(find_course(own), exercise, 5)
        ),
        lambda: criteria(course, [exercise], 5, bank),
        lambda: require_as_read(course, [exercise]),
    ):
        with pytest.raises(ChangedError, match=f"{name} was changed while"):
            ask()
    assert not bank.folder.exists()


@pytest.mark.parametrize("change", ["new", "gone"])
def test_a_file_that_is_new_or_gone_is_a_change_and_a_hidden_one_is_none(own, change):
    course = find_course(own)
    exercise = course.exercise("own.double")
    (own / "checks" / ".swap").write_text("")
    require_as_read(course, [exercise])
    if change == "new":
        (own / "checks" / "own" / "more.txt").write_text("")
    else:
        (own / "checks" / "own" / "table.txt").unlink()
    with pytest.raises(ChangedError):
        require_as_read(course, [exercise])


def test_what_is_saved_while_cases_are_drawn_is_kept_under_no_key(tmp_path):
    own = write_course(tmp_path / "own", (TOOL, "def factor():\n", f"def factor():{SAVES}"))
    bank = Bank(tmp_path / "bank")
    course = find_course(own)
    with pytest.raises(ChangedError, match=TOOL):
        Engine(course, 5, bank=bank).case_set(course.exercise("own.double"))
    assert not bank.folder.exists()


def test_nobody_is_judged_by_a_check_that_was_saved_since_its_cases_were_drawn(own, tmp_path):
    course = find_course(own)
    exercise = course.exercise("own.double")
    engine = Engine(course, 5)
    folder = student(tmp_path / "student")
    (result,) = engine.check(folder, [exercise]).exercises
    assert result.status is Status.PASSED
    save(own / OWN)
    with pytest.raises(ChangedError, match="start the same command again"):
        engine.check(folder, [exercise])


def test_answers_that_were_worked_out_since_a_file_was_saved_are_not_kept(own):
    course = find_course(own)
    exercise = course.exercise("own.double")
    bank = Bank(own / "bank")
    engine = Engine(course, 5, bank=bank)
    case = engine.case_set(exercise).cases[0]
    answers = engine.answers(exercise)
    answers.wrong(exercise.check.mistakes["three-times"], case)
    save(own / OWN)
    with pytest.raises(ChangedError):
        answers.keep()
    assert not list(bank.folder.glob("*.asked"))


def test_of_the_built_in_course_another_check_that_is_saved_concerns_nobody(tmp_path):
    package = tmp_path / "grader"
    shutil.copytree(PACKAGE / "checks" / "pool", package / "checks" / "pool")
    shutil.copytree(PACKAGE.parent / "exercises", tmp_path / "exercises")
    course = Course(tmp_path / "exercises", package / "checks", tmp_path / "quizzes", None)
    one, other = course.exercise("pool.flatten"), course.exercise("pool.avg_pool2d_forward")
    save(other.check_file)
    assert fingerprint(course, one, 5, package)
    require_as_read(course, [one], package)
    with pytest.raises(ChangedError, match="avg_pool2d_forward"):
        require_as_read(course, [one, other], package)
    for name in ("exercises/pool.py", "grader/checks/pool/_cases.py"):
        note_as_read.cache_clear()  # as another process would
        assert fingerprint(course, one, 5, package)
        save(tmp_path / name)
        with pytest.raises(ChangedError, match=name):
            fingerprint(course, one, 5, package)
        with pytest.raises(ChangedError, match=name):
            require_as_read(course, [one], package)
