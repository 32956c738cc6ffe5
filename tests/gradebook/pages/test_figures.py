"""What is said about a class in numbers is what a statistics book says, and nothing of too few."""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np
import pytest
from books import begin, fact, from_canvas, hand_in
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.charts import lay_stack
from grader.gradebook.pages.evidence import EvidencePack
from grader.gradebook.pages.figures import FEWEST, correlate, figures_of
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.view import select_view

ASKED = [("conv.im2col", 0, 2.0), ("conv.col2im", 1, 1.0), ("pool.flatten", 2, 1.0)]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_the_figures_are_those_of_numpy(numbers):
    found = figures_of(numbers)
    assert found.mean == pytest.approx(np.mean(numbers), abs=1e-9)
    quartiles = [found.low, found.median, found.high]
    assert quartiles == pytest.approx(np.percentile(numbers, [25, 50, 75]), abs=1e-9)
    deviation = np.std(numbers, ddof=1) if len(numbers) > 1 else 0.0
    assert found.deviation == pytest.approx(deviation, abs=1e-6)
    assert figures_of([]) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), max_size=40))
def test_what_an_exercise_tells_is_the_correlation_or_nothing(pairs):
    left, right = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found = correlate(left, right)
    if len(pairs) < FEWEST or len(set(left)) == 1 or len(set(right)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(left, right)[0, 1], abs=1e-9)


@pytest.fixture
def tally(tmp_path):
    """Return twelve who handed in, one more and more able than the other; one not, one excused."""
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book, asked=ASKED)
        people = [Person(f"Person {n:02}", (str(n),)) for n in range(14)]
        book.note_roster(run.assignment, people)
        for n in range(13):
            good = ("passed", "passed", "failed" if n < 6 else "passed")
            levels = [("all", "passed" if n % 2 else "failed", 2.0)]
            facts = [fact("conv.im2col", levels[0][1], levels=levels)]
            facts += [
                fact(name, what) for (name, *_), what in zip(ASKED[1:], good[1:], strict=True)
            ]
            hand_in(run, f"s{n:02}", facts, from_canvas(n))
        note_excuses(book, run.assignment, [("s12", Excuse(True, "ill"))])
        made = ClassTally("hw2")
        for name, works in select_view(book).by_student():
            made.add(works[0], name)
    return made


def test_who_handed_in_nothing_and_who_is_excused_are_in_no_figure(tally):
    assert (len(tally.counted), len(tally.absent), len(tally.excused)) == (12, 1, 1)
    assert tally.figures.count == 12
    assert tally.figures.mean == pytest.approx(100 * (6 * 2 + 12 * 1 + 6 * 1) / (12 * 4))
    assert all(one.total == 12 for one in tally.by_difficulty)


def test_exercises_come_the_hardest_first_with_the_correlation_to_the_other_points(tally):
    names = [(one.exercise, one.share) for one in tally.by_difficulty]
    assert names == [("conv.im2col", 50.0), ("pool.flatten", 50.0), ("conv.col2im", 100.0)]
    own = np.array([2.0 * (n % 2) for n in range(12)])
    rest = np.array([1.0 + (n >= 6) for n in range(12)])
    assert tally.by_difficulty[0].tells == pytest.approx(np.corrcoef(own, rest)[0, 1], abs=1e-9)
    assert tally.by_difficulty[2].tells is None


def test_the_parts_of_a_bar_fill_it_and_have_a_word_each(tally):
    assert len(tally.by_difficulty) == 3
    for one in tally.by_difficulty:
        parts = lay_stack(one)
        assert parts
        assert sum(part["width"] for part in parts) == pytest.approx(100, abs=0.01)
        assert all(part["word"] and part["count"] for part in parts)


def unpack(text):
    lines = zlib.decompress(base64.b64decode(text)).decode().splitlines()
    return [json.loads(line) for line in lines]


def test_the_first_of_every_cause_comes_before_the_second_of_any():
    made = EvidencePack()
    for student in range(30):
        noise = f"number {student}"
        cause = "a" if student else "b"
        made.add((0, 0, cause), student, [0.0, noise, "", [], None, ""])
    owners = [line[2] for line in unpack(made.pack(10**6))]
    assert {*owners[0], *owners[1]} == {0, 1}
    assert made.kept == made.total == 30


def test_the_same_text_of_many_is_kept_once():
    made = EvidencePack()
    for student in range(30):
        made.add((0, 0, "a"), student, [0.0, "the same", "", [["got", "1"]], None, ""])
        made.add((0, 1, "a"), student, [1.0, "the same", "", [["got", "1"]], None, ""])
    lines = unpack(made.pack(10**6))
    assert [line[2] for line in lines] == [list(range(30))] * 2
    assert json.dumps(lines).count("the same") == 1
