"""A plugin for pytest: `-p grader.pytest` makes a test of every level of every exercise.

It is off unless it is asked for; `dlgrade init` writes a pyproject.toml that asks for it, so that
the test explorers of editors see the exercises. Nothing else of dlgrade needs pytest.
"""

from __future__ import annotations

try:
    import pytest  # noqa: F401 - whether it is there
except ImportError as error:
    raise ImportError("grader.pytest needs pytest: pip install pytest") from error

from grader.student.items import pytest_collect_file

__all__ = ["pytest_collect_file"]
