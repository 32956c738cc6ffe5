"""What decides the marks of an exam is told from what is said about its questions."""

from __future__ import annotations

import pytest

from grader.quiz.asking import deciding
from grader.quiz.asking.deciding import exam_digest
from grader.quiz.exams.paper import load_paper

SLIPS = 'slips = [{ name = "one off", value = "n - k", says = "Count the first place, too." }]'
TOPIC = f"""\
title = "Sizes"
place = 1

[[item]]
id = "sizes.output"
kind = "number"
deck = "week 3"
question = "How large is {{n}} after a window of {{k}}?"
explanation = "It is {{answer}}."
answer = "n - k + 1"
tolerance = 0.5
where = ["k < n"]
{SLIPS}
[item.parameters]
n = {{ deck = 7, range = [4, 30] }}
k = {{ deck = 3, among = [2, 3, 5] }}

[[item]]
id = "sizes.word"
kind = "single"
deck = "week 3"
question = "What keeps the size?"
explanation = "Padding."
choices = [
    {{ text = "padding", right = true, says = "Yes." }},
    {{ text = "stride", slip = "stride", says = "No, it divides." }},
]
"""


@pytest.fixture
def digest(tmp_path):
    """Return the digest of the topic with some text of it replaced."""

    def digest(old="", new="", seed=7):
        assert old in TOPIC
        (tmp_path / "sizes.toml").write_text(TOPIC.replace(old, new) if old else TOPIC)
        return exam_digest(load_paper(tmp_path, "sizes", seed))

    return digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("How large is {n}", "What is the size of {n}"),
        ("It is {answer}.", "So it is {answer}."),
        ("Count the first", "Do count the first"),
        (SLIPS, ""),
        ("No, it divides.", "No."),
        ("deck = 7", "deck = 8"),
        ('deck = "week 3"', 'deck = "week 4"'),
        ("place = 1", "place = 2"),
    ],
)
def test_words_mark_nobody_otherwise(digest, old, new):
    assert digest(old, new) == digest()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n - k + 1", "n - k + 2"),
        ("tolerance = 0.5", "tolerance = 0.25"),
        ("k < n", "k < n - 1"),
        ("[4, 30]", "[4, 31]"),
        ("[2, 3, 5]", "[2, 3]"),
        ('text = "stride"', 'text = "dilation"'),
        ("right = true", 'right = "1 < 2"'),
        ("sizes.word", "sizes.name"),
    ],
)
def test_what_is_drawn_and_what_is_right_decide(digest, old, new):
    assert digest(old, new) != digest()
    assert digest(seed=8) != digest()


def test_what_marks_decides(digest, monkeypatch):
    before = digest()
    monkeypatch.setattr(deciding, "_marking_code", lambda: "another")
    assert digest() != before


def test_what_draws_and_marks_is_among_the_files_that_are_looked_at():
    names = {file.name for pattern in deciding.MARKERS for file in deciding.PACKAGE.glob(pattern)}
    assert {"streams.py", "words.py", "number.py", "marking.py", "exam.py", "paper.py"} <= names
    assert "words.py" not in deciding.FOR_AUTHORS


def test_every_topic_of_the_course_has_a_digest_of_its_own(course):
    names = [file.stem for file in course.quizzes_dir.glob("*.toml")]
    digests = {exam_digest(load_paper(course.quizzes_dir, name, 7)) for name in names}
    assert len(digests) == len(names) > 5
