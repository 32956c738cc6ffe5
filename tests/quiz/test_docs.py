"""What the documentation promises."""

from __future__ import annotations

import re

import pytest
from quiz_helpers import QUIZZES, TOPICS

from grader.errors import CourseError
from grader.quiz.items.loading import load_topic
from grader.quiz.items.variants import draw_variant
from grader.quiz.lint.problems import find_problems
from grader.quiz.marking import mark_answer

PAGE = QUIZZES.parent / "docs" / "author" / "questions.md"
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]

TORCH = EXAMPLE[EXAMPLE.index("torch =") : EXAMPLE.index("explanation =")]


def topic_of(tmp_path, text):
    (tmp_path / "conv.toml").write_text(f'title = "t"\nplace = 1\n{text}', encoding="utf-8")
    return load_topic(tmp_path, "conv")


def test_the_documented_item_works(tmp_path):
    """A new item in a dozen lines: it loads, lints clean and can be answered."""
    assert len(EXAMPLE.strip().splitlines()) <= 12
    topic = topic_of(tmp_path, EXAMPLE)
    assert find_problems((topic,), seeds=20) == []
    assert mark_answer(draw_variant(topic.items[0]), "5").right


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("conv.output-height", "height", "id is conv.<name>"),
        ('"number"', '"guess"', "no kind of question is called 'guess'"),
        ('deck = "000, 003"\n', "", "has no deck"),
        ('answer = "n - f + 1"\n', "", "has no answer"),
        ("explanation", "explanations", "has no explanation"),
        ("torch =", "tolerence = 1\ntorch =", "unknown key: tolerence"),
        ("{ deck = 7, range = [5, 40] }", "7", "parameter n needs"),
        ("range = [5, 40]", "range = [40, 5]", "range is empty"),
        ("range = [5, 40]", 'range = ["a", "b"]', "range is [lowest, highest]"),
        ("range = [5, 40]", "rnage = [5, 40]", "parameter n has"),
        ("among = [2, 3, 5]", "among = [2]", "fewer than two values"),
        ("answer =", "where = 5\nanswer =", "where must be"),
        ("answer =", "seconds = -1\nanswer =", "seconds must be"),
        ("[[item]]", "[[item]", "cannot be read"),
        ("[[item]]", "[item]", "needs at least one [[item]]"),
        ("[[item]]", "more = 1\n[[item]]", "unknown key: more"),
    ],
)
def test_a_malformed_item_is_refused_with_its_name(tmp_path, old, new, words):
    """The author is told which item and which key."""
    assert old in EXAMPLE
    with pytest.raises(CourseError, match=re.escape(words)):
        topic_of(tmp_path, EXAMPLE.replace(old, new, 1))


def test_one_id_for_two_items_is_refused(tmp_path):
    """The history hangs on the id."""
    with pytest.raises(CourseError, match=r"two items called conv\.output-height"):
        topic_of(tmp_path, EXAMPLE + EXAMPLE)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('answer = "n - f + 1"', 'answer = "n - f"', "torch disagrees"),
        ("{answer}", "{wrong}", "the formula `wrong` fails"),
        ("{n} - {f} + 1 = ", "", None),
        ('value = "n - f"', 'value = "n - f + 1"', "is never a wrong answer"),
        ('torch = "F', 'torch = "G', "torch expression fails: NameError"),
        (
            EXAMPLE[EXAMPLE.index("torch =") : EXAMPLE.index("explanation =")],
            "",
            "it needs `torch`",
        ),
        (EXAMPLE[EXAMPLE.index("slips") :], "", "no slip"),
        ('deck = "000, 003"', 'deck = ""', "its deck is empty"),
        ('deck = "000, 003"', 'deck = "0"\npractise = "conv"', "practise is <module>.<exercise>"),
        ("answer =", 'answer = "n - f + 0.5"\n#', "torch disagrees"),
        ("x{f} filter", "x{f} }} filter", "not filled in"),
    ],
)
def test_lint_finds_what_is_wrong(tmp_path, old, new, words):
    """Each sort of fault is found, and nothing is found in a sound item."""
    assert old in EXAMPLE
    problems = find_problems((topic_of(tmp_path, EXAMPLE.replace(old, new, 1)),), seeds=5)
    found = "\n".join(problem.message for problem in problems)
    assert (words in found) if words else not found


def test_lint_knows_an_exercise_that_is_not_there(tmp_path):
    """Advice that leads nowhere is found."""
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "conv.py").write_text("def conv_output_size():\n    ...\n")
    for name, count in (("conv_output_size", 0), ("conv_outputsize", 1)):
        text = EXAMPLE.replace("answer =", f'practise = "conv.{name}"\nanswer =', 1)
        problems = find_problems((topic_of(tmp_path / "quizzes", text),), seeds=2)
        assert sum("there is no exercise" in one.message for one in problems) == count


def test_topics_have_titles_that_fit():
    """The list of topics fits on 80 columns."""
    assert max(len(topic.title) for topic in TOPICS) <= 60
    assert [topic.place for topic in TOPICS] == list(range(1, len(TOPICS) + 1))
