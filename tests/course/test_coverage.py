"""The table of what the course covers: what it names exists, and nothing is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.course.course import find_course
from grader.quiz.items.loading import load_topics
from grader.student.drawing.table import DRAWINGS

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"`([^`]+)`")
PAGE = re.compile(r"\[(\w+)\]\(\.\./student/(topics/\w+\.md)\)")
COLUMNS = ("what", "exercises", "questions", "drawings", "page")


def read_rows():
    """Return the rows of each lecture, by its title."""
    rows, lecture = {}, ""
    for line in (ROOT / "docs" / "author" / "coverage.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            lecture = line[3:]
        elif line.startswith("| ") and not line.startswith("| |"):
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            rows.setdefault(lecture, []).append(dict(zip(COLUMNS, cells, strict=True)))
    return rows


ROWS = read_rows()
TOPICS = load_topics(ROOT / "quizzes")


def named(column, rows=None):
    found = rows or [row for rows in ROWS.values() for row in rows]
    return {name for row in found for name in NAME.findall(row[column])}


def test_every_exercise_question_and_drawing_has_a_row_and_every_name_is_one_of_them():
    assert named("exercises") == set(find_course().ids)
    assert named("questions") == {item.id for topic in TOPICS for item in topic.items}
    assert named("drawings") == {drawing.name for drawing in DRAWINGS} - {""}


@pytest.mark.parametrize("lecture", ROWS)
def test_each_row_names_something_and_pages_that_explain_what_it_names(lecture):
    for row in ROWS[lecture]:
        assert NAME.search(row["exercises"] + row["questions"]), row["what"]
        pages = PAGE.findall(row["page"])
        modules = {name.split(".")[0] for name in NAME.findall(row["exercises"])}
        assert pages, row["what"]
        for module, page in pages:
            assert (ROOT / "docs" / "student" / page).is_file(), page
            assert page == f"topics/{module}.md"
            assert not modules or module in modules, row["what"]


def test_a_question_that_a_lecture_asks_is_in_the_table_of_this_lecture():
    assert set(ROWS) == set(find_course().settings["decks"].values())
    for topic in TOPICS:
        for item in topic.items:
            for title in item.lectures:
                assert item.id in named("questions", ROWS[title]), (item.id, title)
