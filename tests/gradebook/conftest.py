"""A class made of facts, and a way to export it."""

from __future__ import annotations

import io

import pytest
from books import make_class

from grader.gradebook.exporters import Options, load_exporter
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view


@pytest.fixture
def book(tmp_path):
    made, _ = make_class(tmp_path / "gradebook.db")
    yield made
    made.close()


@pytest.fixture
def export():
    def run(book, form, *, policy=None, assignment=(), student=None, **options):
        told = []
        stream = io.StringIO(newline="")
        records = select_view(book, assignment, student, policy or Policy())
        load_exporter(form)(records, stream, Options(tell=told.append, **options))
        return stream.getvalue(), told

    return run
