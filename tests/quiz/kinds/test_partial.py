"""Of several choices each counts, and no way of guessing earns anything on the average."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiz_helpers import ITEMS, TOPICS

from grader.grading.exams import Exam, exam_fact
from grader.quiz.asking.answers_file import AnswerSheet, write_answers
from grader.quiz.exams.paper import Paper
from grader.quiz.items.item import LETTERS
from grader.quiz.items.variants import draw_variant
from grader.quiz.kinds.multiple import share_of
from grader.quiz.marking import mark_answer, right_answer

SEVERAL = [item for item in ITEMS if item.kind == "multiple"]


@st.composite
def choices(draw):
    """Draw how many letters there are, the right ones, and those that are taken."""
    count = draw(st.integers(2, 8))
    letters = list(LETTERS[:count])
    right = draw(st.sets(st.sampled_from(letters), min_size=1))
    taken = draw(st.sets(st.sampled_from(letters), min_size=1))
    return count, right, taken


@given(choices())
def test_a_share_is_below_a_whole_point_and_grows_with_what_is_right(drawn):
    count, right, taken = drawn
    if taken == right:
        return
    share = share_of(taken, right, count)
    assert 0 <= share < 1
    for more in right - taken:
        assert taken | {more} == right or share_of(taken | {more}, right, count) >= share
    for worse in set(LETTERS[:count]) - right - taken:
        assert share_of(taken | {worse}, right, count) <= share


@given(st.integers(2, 8), st.data())
def test_taking_all_earns_nothing(count, data):
    right = set(LETTERS[: data.draw(st.integers(1, count - 1))])
    assert share_of(set(LETTERS[:count]), right, count) == 0


@pytest.mark.parametrize("item", SEVERAL, ids=lambda item: item.id)
def test_every_question_with_several_choices_marks_a_part(item):
    """The right answer is whole, all letters earn nothing, and one right letter its part."""
    variant = draw_variant(item, "exam/1/a")
    key, letters = right_answer(variant).split(), LETTERS[: len(variant.posed.options)]
    assert mark_answer(variant, " ".join(key)).credit == 1
    if len(key) < len(letters):
        assert mark_answer(variant, " ".join(letters)).credit == 0
    if len(key) > 1:
        assert mark_answer(variant, key[0]).credit == round(1 / len(key), 2)
    ways = chain.from_iterable(combinations(letters, n) for n in range(1, len(letters) + 1))
    assert all(0 <= mark_answer(variant, " ".join(way)).credit <= 1 for way in ways)


def test_a_part_of_a_point_is_a_level_of_its_own_and_the_points_are_as_many(tmp_path, course):
    """What an exam is worth stays the same, however much of a question was right."""
    topic = next(t for t in TOPICS if any(item.kind == "multiple" for item in t.items))
    variants = Paper(topic, 7, len(topic.items)).draw("a")
    one = next(
        v for v in variants if v.item.kind == "multiple" and len(right_answer(v).split()) > 1
    )
    sheet = AnswerSheet(topic.name, 7, "a", {one.item.id: right_answer(one).split()[0]})
    write_answers(tmp_path / "a.toml", [sheet])
    fact = exam_fact(
        course.quizzes_dir, Exam(topic.name, 7), "a", (tmp_path / "a.toml").read_bytes()
    )
    credit = mark_answer(one, sheet.answers[one.item.id]).credit
    levels = {level["name"]: level for level in fact["levels"]}
    assert 0 < credit < 1
    assert levels[f"{one.item.id} (in part)"]["earned"] == credit == fact["earned"]
    assert levels[one.item.id]["status"] == fact["status"] == "failed"
    assert fact["possible"] == pytest.approx(len(topic.items))
    assert "points" in fact["message"]
