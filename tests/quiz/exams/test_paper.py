"""What an exam asks: so many questions for everybody, each once, as hard for one as for another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quiz_helpers import QUIZZES, TOPICS, Script

from grader.errors import CourseError, UsageError
from grader.quiz.asking.answers_file import FILE_NAME
from grader.quiz.asking.exam import mark_paper, take_exam
from grader.quiz.exams.difficulty import FILE_NAME as SHARES
from grader.quiz.exams.difficulty import group, read_shares
from grader.quiz.exams.key import write_key
from grader.quiz.exams.paper import Paper, draw_together, fingerprint, load_paper
from grader.quiz.items.streams import Stream
from grader.quiz.marking import mark_answer, right_answer

NAMES = st.text(min_size=1, max_size=8)
PAPERS = st.builds(
    lambda topic, seed, part: Paper(topic, seed, max(1, round(part * len(topic.items)))),
    st.sampled_from(TOPICS),
    st.integers(-(10**6), 10**9),
    st.floats(0, 1),
)
FEW = settings(max_examples=40, deadline=None)


@FEW
@given(PAPERS, NAMES, NAMES)
def test_everybody_is_asked_as_many_questions_and_none_twice(paper, one, other):
    """Whatever seed and student, an exam has the same number of points."""
    for student in (one, other):
        asked = [variant.item.id for variant in paper.draw(student)]
        assert len(asked) == len(set(asked)) == paper.count
        assert len(mark_paper(paper, student, b"").items) == paper.count


@FEW
@given(PAPERS, NAMES)
def test_the_same_words_draw_the_same_exam(paper, student):
    """Nothing but seed, student, number and topic decides, and all of them do."""
    again = Paper(paper.topic, paper.seed, paper.count)
    assert fingerprint(paper.draw(student)) == fingerprint(again.draw(student))
    assert [v.key for v in paper.draw(student)] == [v.key for v in again.draw(student)]


def test_students_and_seeds_have_other_questions():
    conv = TOPICS[0]
    papers = [Paper(conv, seed, 5) for seed in (7, 8)]
    prints = {fingerprint(p.draw(who)) for p in papers for who in ("alice", "bob", "carol")}
    assert len(prints) == 6
    chosen = {frozenset(v.item.id for v in papers[0].draw(str(n))) for n in range(30)}
    assert len(chosen) > 20
    assert frozenset.union(*chosen) == {item.id for item in conv.items}


@FEW
@given(PAPERS, NAMES)
def test_the_key_marks_everything_right(paper, student):
    """What stands behind `answer:` is right, for each question in its order."""
    text = write_key([paper], student)
    answers = [line.split("answer: ", 1)[1] for line in text.split("\n") if "   answer: " in line]
    assert len(answers) >= paper.count
    drawn = [variant for _, variant in draw_together([paper], student)]
    for variant in drawn:
        assert mark_answer(variant, right_answer(variant)).right
        assert right_answer(variant) in answers


def test_shuffling_changes_no_mark(tmp_path, monkeypatch):
    """In whatever order questions were asked, each counts as before."""
    papers = [Paper(topic, 3, 6) for topic in TOPICS[:2]]
    found = []
    for turned in (False, True):
        if turned:
            monkeypatch.setattr(Stream, "shuffled", _reversed_order(Stream.shuffled))
        path = tmp_path / str(turned) / FILE_NAME
        path.parent.mkdir()
        typed = {v.item.id: right_answer(v) for _, v in draw_together(papers, "alice")}
        wrong = sorted(typed)[::3]
        answers = [_typing(wrong)] * len(typed)
        take_exam(papers, student="alice", path=path, screen=Script(*answers))
        marks = [mark_paper(paper, "alice", path.read_bytes()).items for paper in papers]
        found.append([(one.item, one.earned) for each in marks for one in each])
    assert found[0] == found[1]
    assert 0 < sum(earned for _, earned in found[0]) < 12


def _typing(skipped):
    """Return an answer that leaves some items open and is right for all others."""
    return lambda variant: "skip" if variant.item.id in skipped else right_answer(variant)


def _reversed_order(shuffled):
    """Return a shuffling that mixes the order of questions otherwise, and nothing else."""

    def turned(self, options):
        mixed = shuffled(self, options)
        return mixed[::-1] if b"/order/" in self._key else mixed

    return turned


def test_several_topics_are_mixed_in_one_exam_whatever_their_order():
    """Each topic's questions are those it would have alone, so that each is marked alone."""
    papers = [Paper(topic, 7, 4) for topic in TOPICS[:3]]
    together = [variant for _, variant in draw_together(papers, "alice")]
    turned = [variant for _, variant in draw_together(papers[::-1], "alice")]
    assert [v.item.id for v in together] == [v.item.id for v in turned]
    topics = [v.item.topic for v in together]
    assert topics != sorted(topics)
    for paper in papers:
        alone = {v.item.id: v.question for v in paper.draw("alice")}
        assert alone == {v.item.id: v.question for v in together if v.item.id in alone}


@given(
    st.lists(st.floats(0, 1) | st.none(), min_size=1, max_size=20),
    st.data(),
)
def test_exams_are_as_hard_for_one_as_for_another(shares, data):
    """The mean difficulties of two exams differ by the span of all, divided by the questions."""
    ids = [f"conv.{number}" for number in range(len(shares))]
    known = {name: share for name, share in zip(ids, shares, strict=True) if share is not None}
    count = data.draw(st.integers(1, len(ids)))
    groups = group(ids, known, count)
    assert sorted(one for some in groups for one in some) == sorted(ids)
    assert len(groups) == count
    assert all(groups)
    mean = sum(known.values()) / len(known) if known else 0.0
    worth = {one: known.get(one, mean) for one in ids}
    easy = sum(max(worth[one] for one in some) for some in groups) / count
    hard = sum(min(worth[one] for one in some) for some in groups) / count
    assert easy - hard <= (max(worth.values()) - min(worth.values())) / count + 1e-9


def test_a_known_difficulty_decides_which_questions_are_asked():
    """One question of each group, for everybody; without a history any will do."""
    conv = TOPICS[0]
    shares = {item.id: place / len(conv.items) for place, item in enumerate(conv.items)}
    groups = group([item.id for item in conv.items], shares, 4)
    paper = Paper(conv, 7, 4, shares)
    for student in ("alice", "bob", "carol", "dave"):
        asked = {variant.item.id for variant in paper.draw(student)}
        assert [len(asked & set(some)) for some in groups] == [1] * 4
    other = Paper(conv, 7, 4, {"losses.mse": 0.5})
    assert [v.item.id for v in other.draw("alice")] == [
        v.item.id for v in Paper(conv, 7, 4).draw("alice")
    ]


def test_a_topic_with_fewer_questions_is_named():
    there = len(TOPICS[0].items)
    with pytest.raises(UsageError, match=f"the topic conv has {there} questions"):
        load_paper(QUIZZES, "conv", 7, there + 1)


def told(**question):
    """Return a history of one question, as `dlgrade show --questions --json` prints it."""
    return json.dumps({"answers": [{"questions": [{"item": "a.b", "asked": 4, **question}]}]})


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "[" * 9999, '{"answers": 5}', '{"answers": [5]}', told(),
        told(share=101), told(share=True), told(share=float("nan")), told(share="50"),
        told(share=50, asked=-1),
    ],
)  # fmt: skip
def test_a_broken_history_is_one_line(tmp_path, text):
    (tmp_path / SHARES).write_text(text)
    with pytest.raises(CourseError, match=r"difficulty\.json .*--questions --json"):
        read_shares(tmp_path)


def test_a_history_is_read_over_all_exams_and_none_is_none(tmp_path):
    """Who was asked counts alike, in whichever exam."""
    assert read_shares(tmp_path) == {}
    questions = [
        {"item": "a.b", "asked": 1, "share": 100},
        {"item": "a.c", "asked": 2, "share": 25},
    ]
    exams = [{"questions": questions}, {"questions": [{"item": "a.b", "asked": 3, "share": 0.0}]}]
    (tmp_path / SHARES).write_text(json.dumps({"answers": exams}))
    assert read_shares(tmp_path) == {"a.b": 0.25, "a.c": 0.25}
