"""The wrong answers of tests/realistic/ say what is wrong with them, where, and are wrong."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest
from standby import forked_workers
from wronganswers import REALISTIC, judged, read_written, written

from benchmarks.naming import UNDONE, make_both, told_lines
from grader.course.course import find_course
from grader.engine.audit.audit import answer_cases
from grader.engine.cases.oracle import mistaken_answers
from grader.model import Location, Status
from grader.model.mended import Mending

COURSE = find_course()
PATHS = sorted(REALISTIC.rglob("*.py.txt"))
WRITTEN = [read_written(path) for path in PATHS]
FIRST = {wrong.exercise.partition(".")[0]: wrong for wrong in reversed(WRITTEN)}
GRADED = [
    pytest.param(wrong, id=wrong.id, marks=[] if wrong in FIRST.values() else pytest.mark.slow)
    for wrong in WRITTEN
]


@pytest.fixture(scope="module", autouse=True)
def _workers_are_forked():
    with forked_workers():
        yield


def test_every_exercise_has_some_each_in_its_own_folder_under_its_own_name():
    assert {wrong.exercise for wrong in WRITTEN} == set(COURSE.ids)
    assert max(Counter(wrong.id for wrong in WRITTEN).values()) == 1
    for path, wrong in zip(PATHS, WRITTEN, strict=True):
        assert path.parent == REALISTIC.joinpath(*wrong.exercise.split("."))


def test_each_says_a_line_of_its_code():
    for wrong in WRITTEN:
        lines = wrong.source.splitlines()
        for line in wrong.lines:
            assert 4 < line <= len(lines), wrong.id
            assert lines[line - 1].strip(), wrong.id


def test_no_comment_of_the_code_gives_the_mistake_away():
    for wrong in WRITTEN:
        assert "#" not in "".join(wrong.source.splitlines()[4:]), wrong.id


@pytest.mark.parametrize("wrong", GRADED)
def test_each_is_wrong(wrong, engine, tmp_path):
    exercise = COURSE.exercise(wrong.exercise)
    (tmp_path / f"{exercise.module}.py").write_text(wrong.source, encoding="utf-8")
    result = engine.check(tmp_path, [exercise]).exercises[0]
    assert result.status is not Status.PASSED


def test_what_was_read_is_about_one_that_exists_and_each_name_has_one_opinion():
    opinions = judged()
    ids = {wrong.id for wrong in written()}
    assert set(opinions) == {"true", "misleading"}
    for word, other in (("true", "misleading"), ("misleading", "true")):
        for name, diagnoses in opinions[word].items():
            assert name in ids
            assert diagnoses
            assert not set(diagnoses) & set(opinions[other].get(name, ())), name


def test_the_lines_that_are_told_are_of_the_mending_else_of_an_exception():
    function = Location("conv.py", 3)
    wrong = SimpleNamespace(status=Status.FAILED, location=function, mending=None)
    assert told_lines(wrong) == ()
    assert told_lines(SimpleNamespace(status=Status.ERROR, location=function)) == (3,)
    assert told_lines(SimpleNamespace(status=Status.ERROR, location=None)) == ()
    mending = Mending("look", "Look at line 7 and line 9.", (("conv.py", 7), ("conv.py", 9)))
    mended = SimpleNamespace(status=Status.FAILED, location=function, mending=mending)
    assert told_lines(mended) == (7, 9)


@pytest.mark.parametrize("exercise_id", UNDONE)
def test_two_mistakes_that_are_left_out_together_are_right_in_either_order(exercise_id, engine):
    exercise = COURSE.exercise(exercise_id)
    one, other = (exercise.check.mistakes[name] for name in UNDONE[exercise_id])
    cases = engine.case_set(exercise)
    for over, under in ((one, other), (other, one)):
        both = make_both(over, under)
        trials = answer_cases(exercise, cases, lambda case, both=both: mistaken_answers(both, case))
        assert {trial.verdict.status for trial in trials} == {Status.PASSED}
    alone = answer_cases(exercise, cases, lambda case: mistaken_answers(one, case))
    assert Status.FAILED in {trial.verdict.status for trial in alone}
