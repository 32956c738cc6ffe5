"""What is added up past the views, for speed or of an earlier run, is what the views say."""

from __future__ import annotations

from hashlib import sha256

import pytest
from books import begin, fact, hand_in
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.changes import find_changes
from grader.gradebook.inquiry.summary import summarise
from grader.gradebook.pages.figures import figures_of
from grader.gradebook.people.person import Person

ASKED = (("conv.im2col", 0, 2.0), ("pool.flatten", 1, 1.0), ("quiz.conv", 2, 1.5))
LESS = (("conv.im2col", 0, 1.0), ("pool.flatten", 1, 0.5), ("quiz.conv", 2, 1.5))
EXERCISES = [exercise for exercise, *_ in ASKED]
NAMES, ABSENT = ("ann", "bob"), "zoe"
STATUS = st.sampled_from(["passed", "passed", "passed", "failed", "ungraded"])
LEVELS = st.tuples(STATUS, STATUS)  # each is worth a half
GRADED = st.fixed_dictionaries(dict.fromkeys(EXERCISES, LEVELS))
IN_PART = st.dictionaries(st.sampled_from(EXERCISES), LEVELS)
CONTENT = st.sampled_from("pq")
DECISIONS = st.lists(
    st.tuples(
        st.sampled_from([*NAMES, ABSENT]),
        st.sampled_from(EXERCISES),
        st.sampled_from([None, 0.0, 0.25, 1.75]),
    ),
    max_size=3,
)


def keep(book, worth, handed_in):
    """Write a run to its end: whose work, of which content, and the levels of what was graded."""
    run, halves = begin(book, asked=worth), {exercise: whole / 2 for exercise, _, whole in worth}
    for name, (content, graded) in handed_in.items():
        facts = []
        for exercise, levels in graded.items():
            rows = [(f"level {n}", one, halves[exercise]) for n, one in enumerate(levels)]
            wrong = set(levels) - {"passed"}
            facts.append(fact(exercise, min(wrong, default="passed"), levels=rows))
        hand_in(run, name, facts, content=content)
    run.finish()


def grades(book):
    """Return the points of everybody by the views; None for whoever is not graded in full."""
    rows = book.query("SELECT submission, earned, complete FROM submission_score")
    return {name: earned if complete else None for name, earned, complete in rows}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("classes")


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.tuples(CONTENT, GRADED), min_size=1),
    st.dictionaries(st.sampled_from(NAMES), st.tuples(CONTENT, IN_PART)),
    st.sampled_from([ASKED, LESS]),
    DECISIONS,
)
@example(  # more by hand than an exercise is worth, and a change in another one
    {"ann": ("p", dict.fromkeys(EXERCISES, ("failed", "failed")))},
    {"ann": ("q", dict.fromkeys(EXERCISES, ("passed", "failed")))},
    LESS,
    [("ann", "pool.flatten", 1.75)],
)
@example(  # a level of which nobody can tell, in an exercise with another one that is wrong
    {"ann": ("p", dict.fromkeys(EXERCISES, ("passed", "failed")))},
    {"ann": ("q", dict.fromkeys(EXERCISES, ("ungraded", "failed")))},
    ASKED,
    [],
)
def test_the_end_of_a_run_tells_the_grades_that_the_views_have(
    folder, first, second, worth, decisions
):
    drawn = sha256(repr((first, second, worth, decisions)).encode()).hexdigest()
    path = folder / f"{drawn}.db"
    path.unlink(missing_ok=True)
    with Gradebook(path) as book:
        book.query("PRAGMA synchronous = OFF")
        keep(book, ASKED, first)
        book.note_roster(1, [Person(name) for name in (*NAMES, ABSENT)])
        book.note_overrides(1, [(*one, "why not") for one in decisions])
        before = grades(book)
        keep(book, worth, second)
        after = grades(book)
        rows = book.query("SELECT submission, exercise, earned FROM exercise_score")
        changes = find_changes(book, 1)
        summary = summarise(book, "hw2", EXERCISES)
    assert summary.scores == figures_of([one for one in after.values() if one is not None])
    earned = {row[:2]: row[2] for row in rows}
    assert [one.after.earned for one in changes] == [
        earned[one.name, one.exercise] for one in changes
    ]
    told = {one.name: one.grade for one in changes}
    assert {name: grade[1] for name, grade in told.items()} == {name: after[name] for name in told}
    if worth is ASKED:  # else what was held on to is worth less without a run having graded it
        assert {name: grade[0] for name, grade in told.items()} == {
            name: before[name] for name in told
        }
        others = {name for name in first if after[name] not in (before[name], None)}
        assert others <= told.keys()
