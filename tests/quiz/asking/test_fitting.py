"""In a narrow terminal no number of a question is cut away, and no word is broken to letters."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter

import pytest
from quiz_helpers import ITEMS, QUIZZES
from rich.console import Console

from grader.quiz.asking.overview import render_overview
from grader.quiz.asking.terminal.render import render_question
from grader.quiz.items.loading import skim_topics
from grader.quiz.items.variants import draw_variant
from grader.quiz.memory.stats import compute_figures


def drawn(renderable, width):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(renderable)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 40, 30])
@pytest.mark.parametrize("plain", [False, True])
def test_every_number_of_every_matrix_is_shown(width, plain):
    """A 7x7 image with its kernel beside it is wider than a phone's terminal."""
    for item in ITEMS:
        for key in ("", "fit/1"):
            variant = draw_variant(item, key)
            if variant.tables:
                shown = drawn(render_question(variant, 1, 1, again=False, plain=plain), width)
                cells = re.findall(r"-?\d+(?:\.\d+)?", shown.split(variant.tables[0][0], 1)[1])
                wanted = Counter(cell for _, rows in variant.tables for row in rows for cell in row)
                assert not wanted - Counter(cells), (item.id, shown)


def test_matrices_stand_side_by_side_where_there_is_room():
    variant = draw_variant(next(item for item in ITEMS if item.id == "by-hand.identity"))
    titles = re.compile("image +kernel")
    assert titles.search(drawn(render_question(variant, 1, 1, again=False, plain=False), 80))
    assert not titles.search(drawn(render_question(variant, 1, 1, again=False, plain=False), 40))


def test_the_list_of_topics_has_a_line_for_each_in_a_narrow_terminal():
    """Where the titles have no room they are left out; the names are what one types."""
    headings = skim_topics(QUIZZES)
    figures = compute_figures((), [], dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    narrow = drawn(render_overview(headings, figures, plain=False), 40)
    assert all(re.search(rf"{one.name} .* 0 of {one.count} ", narrow) for one in headings)
    assert headings[0].title not in narrow
    assert headings[0].title in drawn(render_overview(headings, figures, plain=False), 80)
