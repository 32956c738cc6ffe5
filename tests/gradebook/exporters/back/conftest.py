"""How pages are given back in tests."""

from __future__ import annotations

import pytest

from grader.gradebook.exporters import Options
from grader.gradebook.exporters.back.giving import give_pages
from grader.gradebook.view import select_view


@pytest.fixture
def give(course):
    def run(book, into, output, **how):
        told = []
        view = select_view(book, student=how.pop("student", None))
        options = Options(tell=told.append, **how)
        return give_pages(view, course, into, output, options), told

    return run
