"""A fingerprint changes with what decides a verdict, however that is written, and with no word."""

from __future__ import annotations

import pytest
from small_course import OWN, SOL, STUB, TOOL, write_course

from grader.course.course import find_course
from grader.engine.cases.bank import Bank
from grader.engine.cases.key import criteria, engine_digest
from grader.engine.engine import Engine


@pytest.fixture
def found(tmp_path):
    """Write a course with some texts exchanged, draw its cases, and return the fingerprint."""
    count = 0

    def find(*changes):
        nonlocal count
        count += 1
        folder = write_course(tmp_path / str(count), *changes)
        course, bank = find_course(folder), Bank(folder / "bank")
        exercises = course.find([])
        assert criteria(course, exercises, 5, bank) == {}
        Engine(course, 5, bank=bank).case_set(exercises[0])
        return criteria(course, exercises, 5, bank)["own.double"]

    return find


TWO = [("checks/own/table.txt", "2", "3"), (SOL, "FACTOR = [2]", "FACTOR = [3]")]  # they agree
DECIDES = [
    [(OWN, "points=2", "points=3")],
    [(OWN, "levels=", "tolerance=1e-3, levels=")],
    [(OWN, '{"all": numbers()}', '{"some": numbers()}')],
    [(TOOL, "SIZES = [2]\n", "SIZES = [2]\nSIZES.append(3)\n")],
    [(TOOL, "SIZES = [2]\n", "SIZES = [2]\n\ndef fill():\n    SIZES[0] = 4\n\nfill()\n")],
    TWO,
    [TWO[0], (SOL, "FACTOR = [2]\n", "FACTOR = [2]\nglobals()['FACTOR'][0] = 3\n")],
    [(STUB, "def double(x: np.ndarray)", "def double(x: np.ndarray, y: int = 1)"),
     (OWN, "def right(x)", "def right(x, y=1)"),
     (OWN, "def three_times(x)", "def three_times(x, y=1)"),
     (SOL, "def double(x)", "def double(x, y=1)")],
]  # fmt: skip
WORDS = [
    (OWN, '("first", "second", "third")', '("a", "b", "c")'),
    (OWN, '"""One line."""', '"""Another."""'),
    (OWN, '"""Twice of it."""', '"""Double."""'),
    (OWN, "Three times is too much.", "It is too much."),
    (OWN, "return x * 3", "return x * 4"),
    (OWN, "There is a factor 1/2 too much.", "Half."),
    (OWN, "of_result(exercise, ", "of_result(exercise, doubled='Two.', "),
    (OWN, 'decks=("001",)', 'decks=("002",)'),
    (OWN, "return x * tools.factor()", "return x * 1.0 * tools.factor()  # the same"),
    (TOOL, "def factor():\n", "def factor():\n    # a comment\n"),
    (SOL, "def other(x):\n    return x", "def other(x):\n    return 2 * x"),
]


@pytest.mark.parametrize("changes", DECIDES)
def test_what_decides_the_verdict_changes_it(found, changes):
    assert found(*changes) != found()


@pytest.mark.parametrize("change", WORDS)
def test_words_mistakes_and_another_way_to_say_the_same_do_not(found, change):
    assert found(change) == found()


def test_cases_are_drawn_to_the_same_bytes_each_time(course, tmp_path):
    exercises = [course.exercise(one) for one in ("conv.im2col", "optim.adam_step")]
    both = []
    for name in "ab":
        bank = Bank(tmp_path / name)
        engine = Engine(course, 7, bank=bank)
        for exercise in exercises:
            engine.case_set(exercise)
        both.append(criteria(course, exercises, 7, bank))
    assert both[0] == both[1]
    assert len(set(both[0].values())) == 2
    assert criteria(course, exercises, 8, bank) == {}


def test_what_judges_has_a_fingerprint_of_its_own():
    assert len(engine_digest()) == 16
