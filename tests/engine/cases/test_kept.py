"""Cases that travel with a course: found instead of drawn, and only for the course they are of."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys

import pytest

from grader.course.course import find_course
from grader.course.freshness import note_as_read
from grader.course.handout.release import Release, write_folder
from grader.engine.cases import kept
from grader.engine.cases.ahead import find_ahead
from grader.engine.document import as_document
from grader.engine.engine import Engine
from grader.errors import ChangedError, UsageError

ONLY = "conv.zero_pad2d"
SEED = 4711
WRONG = "import numpy as np\ndef zero_pad2d(x, padding):\n    return np.pad(x, padding)\n"


@pytest.fixture
def hand_out(course, tmp_path):
    """Return a function that hands one exercise out with its cases."""

    def made(seed, *, with_checks=True):
        release = Release(course, targets=(ONLY,), with_checks=with_checks)
        write_folder(tmp_path / "given", release.course_files())
        (tmp_path / "drawn").mkdir()
        given = find_course(tmp_path / "given" / "course")
        files = kept.draw_kept(course, given, [ONLY], seed, tmp_path / "drawn")
        shutil.move(tmp_path / "drawn", given.exercises_dir.parent / "cases")
        assert {f.name for f in given.cases_dir.iterdir()} == set(files)
        return given

    return made


def forbid_drawing(monkeypatch):
    def draw(*_):
        raise AssertionError("these cases are there")

    monkeypatch.setattr("grader.engine.engine.draw_case_set", draw)


@pytest.mark.parametrize("seed", [0, SEED])
def test_cases_that_came_along_are_the_ones_that_would_be_drawn(course, hand_out, seed):
    drawn = Engine(course, seed).case_set(course.exercise(ONLY))
    given = hand_out(seed)
    found = kept.find_kept(given, given.exercise(ONLY), seed)
    assert repr(found) == repr(drawn).replace("limits=[]", "limits=()")


def test_nothing_is_drawn_where_they_are(hand_out, monkeypatch):
    given = hand_out(SEED)
    forbid_drawing(monkeypatch)
    assert len(Engine(given, SEED).case_set(given.exercise(ONLY)).cases) >= 100
    with pytest.raises(AssertionError, match="are there"):
        Engine(given, SEED + 1).case_set(given.exercise(ONLY))


def test_what_a_check_may_import_is_a_part_of_it(hand_out):
    given = hand_out(SEED)
    root = given.exercises_dir.parent
    assert kept.find_kept(given, given.exercise(ONLY), SEED) is not None
    with (root / "checks" / "_shared.py").open("a") as file:
        file.write("\n# changed\n")
    for known in (note_as_read, kept._digest_of_checks):  # as another process would
        known.cache_clear()
    changed = find_course(root)
    assert kept.find_kept(changed, changed.exercise(ONLY), SEED) is None


@pytest.mark.parametrize("part", ["checks/conv/zero_pad2d.py", "exercises/conv.py"])
def test_an_exercise_that_was_changed_since_has_other_cases(hand_out, part):
    given = hand_out(SEED)
    root = given.exercises_dir.parent
    assert kept.find_kept(given, given.exercise(ONLY), SEED) is not None
    with (root / part).open("a") as file:
        file.write("\n# changed\n")
    changed = find_course(root)
    with pytest.raises(ChangedError):
        kept.find_kept(changed, changed.exercise(ONLY), SEED)
    note_as_read.cache_clear()  # as another process would
    assert kept.find_kept(changed, changed.exercise(ONLY), SEED) is None


def test_cases_that_nobody_knows_are_their_owners_and_name_mistakes(course, hand_out, tmp_path):
    given = hand_out(SEED)
    files = list(given.cases_dir.iterdir())
    assert {file.suffix for file in files} == {".bank", ".known", ".ahead"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    answers = kept.find_kept_mistakes(given, given.exercise(ONLY), SEED)
    assert set(answers.answers) == set(course.exercise(ONLY).check.mistakes)


def test_students_cases_bring_no_answers_of_mistakes(hand_out):
    given = hand_out(0)
    assert {file.suffix for file in given.cases_dir.iterdir()} == {".bank", ".ahead"}
    assert kept.find_kept_mistakes(given, given.exercise(ONLY), 0) is None


WITHOUT_TORCH = """
import json, sys
from pathlib import Path
from grader.course.course import find_course
from grader.engine.document import as_document
from grader.engine.engine import Engine
sys.modules["torch"] = sys.modules["hypothesis"] = None
given = find_course(Path(sys.argv[1]))
engine = Engine(given, int(sys.argv[2]))
(told,) = as_document(engine.check(Path(sys.argv[3]), given.find(["conv.zero_pad2d"])))["exercises"]
told.pop("seconds")
print(json.dumps(told))
"""


@pytest.mark.parametrize("seed", [0, SEED])
def test_the_first_failure_in_a_course_that_was_handed_out_needs_no_torch_and_is_told_alike(
    course, hand_out, tmp_path, seed
):
    given = hand_out(seed)
    (tmp_path / "conv.py").write_text(WRONG)
    root = given.exercises_dir.parent
    line = [sys.executable, "-c", WITHOUT_TORCH, str(root), str(seed), str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    (there,) = as_document(Engine(course, seed).check(tmp_path, course.find([ONLY])))["exercises"]
    assert {**there, "seconds": 0} == {**told, "seconds": 0}
    assert told["diagnosis"]["id"] == "padded-every-axis"


@pytest.mark.parametrize(
    "part", ["checks/conv/zero_pad2d.py", "checks/conv/_cases.py", "checks/_shared.py",
             "checks/conv/numbers.json", "exercises/conv.py"],
)  # fmt: skip
def test_a_course_that_was_changed_since_has_no_ladder_of_before(hand_out, part):
    given = hand_out(0)
    root = given.exercises_dir.parent
    assert find_ahead(given, given.exercise(ONLY))
    with (root / part).open("a") as file:
        file.write("\n")
    if part.startswith("exercises"):  # what is said of a function is no part of a ladder
        text = (root / part).read_text()
        (root / part).write_text(text.replace("padding: int", "padding: int = 0"))
        assert (root / part).read_text() != text
    note_as_read.cache_clear()  # as another process would
    changed = find_course(root)
    assert find_ahead(changed, changed.exercise(ONLY)) is None


def test_what_another_dlgrade_worked_out_ahead_for_a_course_is_passed_over(hand_out, monkeypatch):
    given = hand_out(0)
    assert find_ahead(given, given.exercise(ONLY))
    monkeypatch.setattr("grader.engine.cases.ahead.__version__", "0.0.0")
    assert find_ahead(given, given.exercise(ONLY)) is None


def test_without_checks_nothing_is_worked_out_ahead(hand_out):
    given = hand_out(0, with_checks=False)
    assert {file.suffix for file in given.cases_dir.iterdir()} == {".bank"}


def test_without_checks_a_verdict_is_the_same_and_other_cases_are_refused(
    course, hand_out, tmp_path
):
    given = hand_out(0, with_checks=False)
    (tmp_path / "conv.py").write_text(WRONG)
    (there,) = Engine(course, 0).check(tmp_path, course.find([ONLY])).exercises
    (here,) = Engine(given, 0).check(tmp_path, given.find([ONLY])).exercises
    assert [(one.name, one.status, one.possible) for one in here.levels] == [
        (one.name, one.status, one.possible) for one in there.levels
    ]
    assert here.earned < here.possible
    assert here.counterexample.expected is not None
    assert not here.counterexample.shrunk
    with pytest.raises(UsageError, match="handed out without its checks"):
        Engine(given, 1).case_set(given.exercise(ONLY))


def test_a_course_that_brings_no_cases_draws_them(course):
    assert course.cases_dir is None
    assert kept.find_kept(course, course.exercise(ONLY), 0) is None
