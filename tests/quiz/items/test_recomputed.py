"""Answers beside answers that were worked out from the questions' texts alone."""

from __future__ import annotations

import numpy as np
import pytest
from quiz_helpers import ITEMS
from recomputed.answers import ANSWERS
from recomputed.reading import read_question

from grader.quiz.items.variants import DECK, draw_variant

COMPUTED = {item.id: item for item in ITEMS if item.kind in ("number", "shape", "matrix")}


def test_every_computed_question_is_worked_out_again():
    assert set(ANSWERS) == set(COMPUTED)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_text_of_a_question_gives_its_answer(name):
    """Whoever reads the question and does what it says comes to the item's own answer."""
    item = COMPUTED[name]
    for key in (DECK, *(f"again/{seed}" for seed in range(60))):
        variant = draw_variant(item, key)
        found = np.asarray(ANSWERS[name](*read_question(variant)), dtype=float)
        wanted = np.asarray(variant.posed.key, dtype=float)
        if wanted.ndim == 2 and len(wanted) == 1:
            wanted = wanted[0]
        assert found.shape == wanted.shape, (key, variant.question)
        assert np.allclose(found, wanted, rtol=1e-6, atol=1e-7), (key, variant.question, found)
