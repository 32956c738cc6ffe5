"""A gradebook of a small class."""

from __future__ import annotations

import pytest
from books import make_class


@pytest.fixture
def path(tmp_path):
    book, run = make_class(tmp_path / "g.db")
    run.finish()
    book.close()
    return tmp_path / "g.db"
