"""Wrong classes that once passed, or were told something else than what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from wronganswers import REALISTIC, read_written

from grader.model import Status

SOLUTION = Path(__file__).resolve().parents[2] / "solutions" / "layers.py"


def test_a_value_that_is_gone_through_level_by_level_does_not_pass(engine, course, tmp_path):
    wrong = read_written(REALISTIC / "layers" / "Value" / "breadth-first.py.txt")
    (tmp_path / "layers.py").write_text(wrong.source, encoding="utf-8")
    (result,) = engine.check(tmp_path, [course.exercise(wrong.exercise)]).exercises
    assert result.status is Status.FAILED


@pytest.mark.parametrize("method", ["__radd__", "__rmul__", "__rsub__", "__rtruediv__"])
def test_a_number_on_the_left_is_told_the_method_that_is_missing(method, engine, course, tmp_path):
    text = SOLUTION.read_text(encoding="utf-8").replace(f"def {method}", "def other_side")
    (tmp_path / "layers.py").write_text(text, encoding="utf-8")
    (result,) = engine.check(tmp_path, [course.exercise("layers.Value")]).exercises
    assert result.diagnosis is not None
    assert f"`{method}`" in result.diagnosis.message
