"""A fingerprint changes with what decides a verdict, and with nothing else."""

from __future__ import annotations

import shutil

import pytest

from grader.course.course import find_course
from grader.engine.reading.criterion import _Slices, criteria, criterion

TASKS = find_course().find([])
CHECK = '''"""One line."""

from _tools import numbers, sizes
from grader.checks._shared import of_result
from grader.vocabulary import Exercise, array

HINTS = ("first", "second")
exercise = Exercise(
    points=2, decks=("001",), levels={"all": numbers()}, hints=HINTS, tolerance=1e-9,
)


@exercise.equivalent
def right(x):
    """Twice of it."""
    return twice(x)


def twice(x):
    return x * 2


def unused(x):
    return x


@exercise.mistake("Three times is too much.")
def three_times(x):
    return x * 3


of_result(exercise, halved="There is a factor 1/2 too much.")
'''
TOOLS = """from grader.vocabulary import array, strategy

SIZES = (1, 2)


def sizes():
    return SIZES


@strategy
def numbers(draw):
    return draw(array(sizes()))
"""
SOLUTION = '''import numpy as np

FACTOR = 2


def double(x):
    """Twice of it."""
    return FACTOR * np.asarray(x)


def other(x):
    return x
'''
STUB = '''def double(x):
    """Return twice of it.

    Parameters
    ----------
    x : ndarray, shape (N,)

    Returns
    -------
    out : ndarray, shape (N,)
    """
    raise NotImplementedError
'''
FILES = {
    "checks/own/double.py": CHECK, "checks/_tools.py": TOOLS,
    "solutions/own.py": SOLUTION, "exercises/own.py": STUB, "quizzes/.keep": "",
}  # fmt: skip


@pytest.fixture
def found(tmp_path):
    """Write a course with some texts exchanged, and return its only exercise's fingerprint."""
    count = 0

    def find(*changes):
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            for file, before, after in changes:
                assert file != name or before in text
                text = text.replace(before, after) if file == name else text  # noqa: PLW2901
            (folder / name).write_text(text)
        from grader.course.course import Exercise
        from grader.course.vocabulary import Check

        course = find_course(folder)
        stub = course.stubs("own")[0]
        check = Check(2, (), {}, ())
        file_ = folder / "checks" / "own" / "double.py"
        return criterion(course, Exercise("own", "double", stub, check, "", file_))

    return find


DECIDES = [
    ("checks/own/double.py", "points=2", "points=3"),
    ("checks/own/double.py", "tolerance=1e-9", "tolerance=1e-6"),
    ("checks/own/double.py", '{"all": numbers()}', '{"some": numbers()}'),
    ("checks/own/double.py", "return x * 2", "return x + x"),
    ("checks/_tools.py", "SIZES = (1, 2)", "SIZES = (1, 3)"),
    ("checks/_tools.py", "draw(array(sizes()))", "draw(array((4,)))"),
    ("solutions/own.py", "FACTOR = 2", "FACTOR = 2.0"),
    ("solutions/own.py", "np.asarray(x)", "np.array(x)"),
    ("exercises/own.py", "def double(x)", "def double(x, y=1)"),
]
TOOL, OWN, SOL = "checks/_tools.py", "checks/own/double.py", "solutions/own.py"
UNSEEN = [  # what changes more than it says is noticed, be it that all of the course decides
    (TOOL, "SIZES = (1, 2)\n", "SIZES = [1, 2]\nSIZES.append(4)\n"),
    (TOOL, "SIZES = (1, 2)\n", "SIZES = [1, 2]\nSIZES[0] = 4\n"),
    (TOOL, "SIZES = (1, 2)\n", "SIZES = [1, 2]\nfor x in (4, 5):\n    SIZES.append(x)\n"),
    (SOL, "FACTOR = 2\n", "FACTOR = 2\nFACTOR += 1\n"),
    (TOOL, "SIZES = (1, 2)\n", "SIZES = [1, 2]\n_ = SIZES.pop()\n"),
    (TOOL, "SIZES = (1, 2)\n", "SIZES = [1, 2]\n\ndef more():\n    SIZES.append(4)\n\nmore()\n"),
    (SOL, "FACTOR = 2\n", "FACTOR = 3\nFACTOR = 2\n"),
]
OPENING = [  # after these anything in the course may decide
    (OWN, "    return twice(x)\n", "    import _tools\n    return _tools.twice(x)\n"),
    (OWN, "    return x * 2", "    return x * int(open('table').read())"),
    (OWN, "    return x * 2", "    return x * float(Path(__file__).with_name('t').read_text())"),
    (OWN, "    return x * 2", "    import importlib\n    return importlib.import_module('a').b(x)"),
    (OWN, "@exercise.equivalent", "ask = exercise\n@ask.equivalent"),
    (
        OWN,
        "@exercise.equivalent",
        "def end():\n    exercise.points = 1\nend()\n@exercise.equivalent",
    ),
    (OWN, "from grader.checks._shared import of_result", "from _shared import of_result"),
    (SOL, "FACTOR * np", "globals()['FACTOR'] * np"),
    (SOL, "import numpy as np\n", "import numpy as np\nimport _mine\n\nFACTOR = _mine.x\n"),
]
WORDS = [
    ("checks/own/double.py", '("first", "second")', '("another",)'),
    ("checks/own/double.py", '"""One line."""', '"""Another."""'),
    ("checks/own/double.py", '"""Twice of it."""', '"""Double."""'),
    ("checks/own/double.py", "Three times is too much.", "It is too much."),
    ("checks/own/double.py", "return x * 3", "return x * 4"),
    ("checks/own/double.py", "There is a factor 1/2 too much.", "Half."),
    ("checks/own/double.py", "of_result(exercise, ", "of_result(exercise, doubled='Two.', "),
    ("checks/own/double.py", "def unused(x):\n    return x", "def unused(x):\n    return x + 1"),
    ("checks/own/double.py", 'decks=("001",)', 'decks=("002",)'),
    ("checks/own/double.py", "def twice(x):\n", "def twice(x):\n    # a comment\n"),
    ("solutions/own.py", "def other(x):\n    return x", "def other(x):\n    return 2 * x"),
    ("solutions/own.py", '"""Twice of it."""', '"""Double."""'),
]


@pytest.mark.parametrize("change", DECIDES)
def test_what_decides_the_verdict_changes_it(found, change):
    assert found(change) != found()


@pytest.mark.parametrize("change", WORDS)
def test_words_and_mistakes_do_not(found, change):
    assert found(change) == found()


def test_each_exercise_has_its_own_and_always_the_same(course):
    first = criteria(course, TASKS)
    assert len(set(first.values())) == len(TASKS)
    assert criteria(find_course(), TASKS) == first


def test_a_course_without_solutions_has_others(course, tmp_path):
    for name in ("exercises", "quizzes"):
        shutil.copytree(course.exercises_dir.parent / name, tmp_path / name)
    shutil.copytree(course.checks_dir, tmp_path / "checks")
    alone = find_course(tmp_path)
    one = alone.exercise("conv.im2col")
    assert criterion(alone, one) != criterion(course, course.exercise("conv.im2col"))


def test_a_helper_that_nobody_can_find_lets_all_of_the_course_decide(found):
    far = ("checks/own/double.py", "from _tools import numbers", "from far.away import numbers")
    assert found(far, WORDS[-2]) != found(far)
    assert found(WORDS[-2]) == found()


@pytest.mark.parametrize("change", UNSEEN)
def test_what_is_changed_after_it_was_bound_is_noticed(found, change):
    assert found(change) != found()


def test_a_star_is_followed_to_what_is_used(found):
    star = (OWN, "from _tools import numbers, sizes", "from _tools import *")
    assert found(star, (TOOL, "SIZES = (1, 2)", "SIZES = (1, 3)")) != found(star)


@pytest.mark.parametrize("opening", OPENING)
def test_after_what_no_syntax_tree_shows_all_of_the_course_decides(found, opening):
    elsewhere = (SOL, "def other(x):\n    return x", "def other(x):\n    return 2 * x")
    assert found(opening, elsewhere) != found(opening)
    assert found(elsewhere) == found()


def test_no_exercise_of_the_built_in_course_needs_all_of_it(course):
    for exercise in TASKS:
        slices = _Slices(course.checks_dir)
        slices.take_check(exercise.check_file)
        slices.take(course.solutions_dir / f"{exercise.module}.py", exercise.name)
        assert not slices.is_open, exercise.id
