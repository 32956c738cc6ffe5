"""Formulas of items: a small vocabulary, and nothing beyond it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiz_helpers import QUIZZES

from grader.errors import FormulaError
from grader.quiz.items import words
from grader.quiz.items.formulas import Scope, show_value


@pytest.mark.parametrize(
    "formula",
    [
        "unknown + 1",
        "n.__class__",
        "().__class__.__bases__",
        "__import__('os')",
        "open('/etc/passwd')",
        "n ** n ** n ** n",
        "[i for i in range(10 ** 9)]",
        "(lambda: 1)()",
        "n +",
        "1 / 0",
        "conv_out(n)",
        "",
    ],
)
def test_a_formula_that_fails_names_itself(formula):
    """An author is told which formula is wrong; nothing else of Python is within reach."""
    with pytest.raises(FormulaError, match="the formula"):
        Scope({"n": 9}).evaluate(formula)


def test_texts_are_filled_with_values_and_formats():
    """Braces hold a formula, and perhaps a format."""
    scope = Scope({"n": 256, "p": 0.25, "w": [1, 0.5]})
    scope.define("m", "n * n")
    filled = scope.fill("{n}x{n} = {m:,}; {p:.3f}; {w}; {m if m > 1 else 0}")
    assert filled == "256x256 = 65,536; 0.250; [1, 0.5]; 65536"


@pytest.mark.parametrize("text", ["{n:zz}", "{w:,}", "{missing}"])
def test_a_text_that_cannot_be_filled_is_an_error(text):
    """A wrong format or name does not reach a student."""
    with pytest.raises(FormulaError):
        Scope({"n": 1, "w": [1]}).fill(text)


@given(st.floats(-1e6, 1e6).map(lambda x: round(x, 4)))
def test_numbers_are_shown_without_the_noise_of_floats(x):
    """0.1 + 0.2 is shown as 0.3, and what is shown is near what is meant."""
    assert float(show_value(x)) == pytest.approx(x, rel=1e-5, abs=1e-9)
    assert len(show_value(x)) <= 12


def test_every_word_of_the_vocabulary_is_documented():
    """An author finds each word in docs/author/questions.md."""
    text = (QUIZZES.parent / "docs" / "author" / "questions.md").read_text(encoding="utf-8")
    missing = [name for name in [*words.FUNCTIONS, "term"] if f"`{name}" not in text]
    assert not missing
