"""Where a student stands: what is written now, beside what the last check found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from types import SimpleNamespace

import pytest

from grader.course.course import Course
from grader.course.outline import outline_of, read_outlines
from grader.model import ExerciseResult, LevelResult, Status
from grader.student.helping.hints import read_hint
from grader.student.progress import FILE, Progress, ProgressFile, Record
from grader.student.standing import Files, next_standing, read_standings, remember_results

WRITTEN = "def im2col(x, kernel_size, stride=1, padding=0):\n    return x\n"


@pytest.fixture
def exercise(course):
    return course.exercise("conv.im2col")


def checked(status, earned=1.0):
    """Return a result of two levels, the first passed."""
    levels = (LevelResult("a", Status.PASSED, earned), LevelResult("b", status, 1.0))
    return ExerciseResult("conv.im2col", levels)


def state(folder, exercise, progress):
    return read_standings(folder, [outline_of(exercise)], progress)[0]


def test_what_is_not_there_is_said(tmp_path, exercise):
    assert state(None, exercise, Progress()).state == "no file"
    assert state(tmp_path, exercise, Progress()).state == "no file"
    (tmp_path / "conv.py").write_text("def im2col(x:\n")
    assert state(tmp_path, exercise, Progress()).state == "broken file"
    (tmp_path / "conv.py").write_text("x = 1\n")
    assert state(tmp_path, exercise, Progress()).state == "not written yet"


@pytest.mark.parametrize(
    "text",
    [
        "im2col = lambda x, kernel_size: x\n",
        "from mine import im2col\n",
        "def unfold(x):\n    return x\n\n\nim2col: object = unfold\n",
        "def im2col(x):\n    raise NotImplementedError\n\n\nim2col = lambda x: x\n",
    ],
)
def test_what_is_bound_to_a_name_is_written_and_checked_as_a_definition_is(
    tmp_path, exercise, text
):
    (tmp_path / "conv.py").write_text(text)
    assert state(tmp_path, exercise, Progress()).state == "written, not checked"
    progress = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    assert state(tmp_path, exercise, progress).passed
    stub = "\n\ndef im2col(x):\n    raise NotImplementedError\n"
    (tmp_path / "conv.py").write_text(text + stub)
    assert state(tmp_path, exercise, progress).state == "not written yet"


def test_a_check_is_remembered_until_the_function_changes(tmp_path, exercise):
    (tmp_path / "conv.py").write_text(WRITTEN)
    assert state(tmp_path, exercise, Progress()).state == "written, not checked"
    progress = remember_results(Progress(), tmp_path, [checked(Status.FAILED)])
    found = state(tmp_path, exercise, progress)
    assert (found.state, found.earned) == ("failed", exercise.check.points / 2)
    (tmp_path / "conv.py").write_text("# a comment and another function\n" + WRITTEN + "y = 1\n")
    assert state(tmp_path, exercise, progress).state == "failed"
    (tmp_path / "conv.py").write_text(WRITTEN.replace("return x", "return x + 1"))
    assert state(tmp_path, exercise, progress).state == "failed, edited since"


def test_what_was_a_stub_when_it_was_checked_is_written_and_not_checked(tmp_path, exercise):
    (tmp_path / "conv.py").write_text("def im2col(x):\n    raise NotImplementedError\n")
    progress = remember_results(Progress(), tmp_path, [checked(Status.UNIMPLEMENTED)])
    (tmp_path / "conv.py").write_text(WRITTEN)
    assert state(tmp_path, exercise, progress).state == "written, not checked"


def test_an_edited_answer_that_passed_has_not_passed_now(tmp_path, exercise):
    (tmp_path / "conv.py").write_text(WRITTEN)
    progress = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    assert state(tmp_path, exercise, progress).passed
    (tmp_path / "conv.py").write_text(WRITTEN.replace("return x", "return 0"))
    assert not state(tmp_path, exercise, progress).passed


def test_a_stub_again_earns_nothing_now(tmp_path, exercise):
    (tmp_path / "conv.py").write_text(WRITTEN)
    progress = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    (tmp_path / "conv.py").write_text("def im2col(x):\n    raise NotImplementedError\n")
    found = state(tmp_path, exercise, progress)
    assert (found.state, found.earned) == ("not written yet", 0.0)


def test_what_could_not_be_graded_leaves_what_was_known(tmp_path, exercise):
    (tmp_path / "conv.py").write_text(WRITTEN)
    known = remember_results(Progress(), tmp_path, [checked(Status.PASSED)])
    assert remember_results(known, tmp_path, [checked(Status.UNGRADED)]) == known


WHEN_IT_WAS_WORTH_LESS = """{
 "version": 1,
 "exercises": {
  "conv.col2im": {"status": "failed", "earned": 1.0, "possible": 2.0, "source": "%s", "hints": 1},
  "conv.im2col": {"status": "passed", "earned": 2.0, "possible": 2.0, "source": "%s", "hints": 3}
 },
 "stubs": {}
}
"""


def test_what_passed_when_it_was_worth_less_has_passed_and_is_worth_what_it_is_today(
    tmp_path, course
):
    """The file is one that dlgrade wrote when both were worth 2 points."""
    (tmp_path / "conv.py").write_text(WRITTEN + WRITTEN.replace("im2col", "col2im"))
    exercises = [outline_of(course.exercise(i)) for i in ("conv.im2col", "conv.col2im")]
    seals = [Files(tmp_path).seal(one.id) for one in reversed(exercises)]
    (tmp_path / FILE).write_text(WHEN_IT_WAS_WORTH_LESS % tuple(seals))
    progress = ProgressFile(tmp_path).load()
    passed, failed = read_standings(tmp_path, exercises, progress)
    assert exercises[0].points > 2
    assert (passed.state, passed.earned, passed.hints) == ("passed", exercises[0].points, 3)
    assert (failed.state, failed.earned, failed.hints) == ("failed", exercises[1].points / 2, 1)


def test_a_day_counts_when_something_passes_that_had_not_as_it_is_now(tmp_path, exercise):
    monday, tuesday, friday = (date(2026, 11, day) for day in (2, 3, 6))
    (tmp_path / "conv.py").write_text(WRITTEN)
    failed = remember_results(Progress(), tmp_path, [checked(Status.FAILED)], monday)
    assert failed.days == ()
    passed = remember_results(failed, tmp_path, [checked(Status.PASSED)], monday)
    assert passed.days == (monday,)
    again = remember_results(passed, tmp_path, [checked(Status.PASSED)], tuesday)
    assert again.days == (monday,)
    (tmp_path / "conv.py").write_text(WRITTEN.replace("return x", "return 1 * x"))
    other = remember_results(again, tmp_path, [checked(Status.PASSED)], friday)
    assert other.days == (monday, friday)


def test_a_check_does_not_forget_the_hints(tmp_path):
    progress = Progress({"conv.im2col": Record(hints=2)})
    after = remember_results(progress, tmp_path, [checked(Status.FAILED)])
    assert after.record("conv.im2col").hints == 2


def test_next_is_in_the_module_that_was_checked_last_until_all_of_it_passes(tmp_path, course):
    exercises = read_outlines(course, ["pool", "conv"], tmp_path)
    mine = [one.id for one in exercises if one.module == "pool"]
    for module in ("pool", "conv"):
        shutil.copy(course.solutions_dir / f"{module}.py", tmp_path)
    first = exercises[0].id
    assert first.startswith("conv.")
    progress = Progress()
    for name in mine:
        standings = read_standings(tmp_path, exercises, progress)
        expected = name if progress.at else first
        assert next_standing(standings, progress.at).exercise.id == expected
        passed = ExerciseResult(name, (LevelResult("a", Status.PASSED, 1.0),))
        progress = remember_results(progress, tmp_path, [passed])
        assert progress.at == "pool"
    assert next_standing(read_standings(tmp_path, exercises, progress), "pool").exercise.id == first


def test_a_check_of_several_modules_leaves_which_is_at_hand(tmp_path):
    known = Progress(at="pool")
    both = [
        ExerciseResult(name, (LevelResult("a", Status.FAILED, 1.0),))
        for name in ("conv.im2col", "optim.sgd_step")
    ]
    assert remember_results(known, tmp_path, both).at == "pool"
    assert remember_results(known, tmp_path, []).at == "pool"
    assert remember_results(known, tmp_path, both[:1]).at == "conv"


def test_next_is_the_first_that_has_not_passed(tmp_path, course):
    exercises = read_outlines(course, ["conv"], tmp_path)
    standings = read_standings(tmp_path, exercises, Progress())
    assert next_standing(standings).exercise is exercises[0]
    passed = [SimpleNamespace(passed=True), SimpleNamespace(passed=True)]
    assert next_standing(passed) is None


def test_hints_come_one_by_one_and_stay_readable(tmp_path, exercise):
    store = ProgressFile(tmp_path)
    pages = [read_hint(exercise, store) for _ in range(5)]
    assert [len(page.shown) for page in pages] == [1, 2, 3, 3, 3]
    assert pages[2].shown == tuple(exercise.check.hints)
    assert pages[0].total == 3


def test_reading_hints_again_opens_no_further_one(tmp_path, exercise):
    store = ProgressFile(tmp_path)
    assert len(read_hint(exercise, store, again=True).shown) == 1
    read_hint(exercise, store)
    assert len(read_hint(exercise, store, again=True).shown) == 2
    assert len(read_hint(exercise, store, again=True).shown) == 2


def test_standing_and_lists_need_no_numpy():
    code = "import sys, grader.render.lists; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_outlines_are_read_once_and_again_when_a_check_changes(course, tmp_path, monkeypatch):
    folder = tmp_path / "course"
    shutil.copytree(course.exercises_dir, folder / "exercises")
    shutil.copytree(course.checks_dir, folder / "checks")
    copy = Course(folder / "exercises", folder / "checks", folder / "quizzes", None)
    cache = tmp_path / "cache"
    first = read_outlines(copy, ["conv"], cache)
    assert [one.id for one in first] == [i for i in course.ids if i.startswith("conv.")]
    assert first == tuple(outline_of(exercise) for exercise in course.find(["conv"]))

    monkeypatch.setattr(Course, "find", lambda *_: pytest.fail("the checks were loaded"))
    assert read_outlines(copy, ["conv"], cache) == first
    assert len(read_outlines(copy, [], cache)) == len(course.ids)
    monkeypatch.undo()

    check = folder / "checks" / "conv" / "im2col.py"
    check.write_text(check.read_text().replace("points=4", "points=9"))
    again = Course(folder / "exercises", folder / "checks", folder / "quizzes", None)
    monkeypatch.setattr("grader.course.loading.sys.modules", {})
    found = {one.id: one.points for one in read_outlines(again, [], cache)}
    assert found["conv.im2col"] == 9.0
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"id": "conv.im2col"}]', "null"])
def test_a_damaged_outline_is_made_anew(course, tmp_path, text):
    first = read_outlines(course, [], tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    assert read_outlines(course, [], tmp_path) == first
    assert file.read_text() != text


def test_an_outline_that_cannot_be_kept_is_no_reason_to_stop(course, tmp_path):
    (tmp_path / "file").touch()
    (outline,) = read_outlines(course, ["conv.im2col"], tmp_path / "file")
    assert outline == outline_of(course.exercise("conv.im2col"))
