"""Variants: the deck's numbers first, then fresh ones, each item by itself."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiz_helpers import ITEMS, item_called

from grader.errors import CourseError
from grader.quiz.items.variants import DECK, answer_digest, draw_variant, practice_key


@given(st.sampled_from(ITEMS), st.integers(0, 10**9))
def test_a_key_always_gives_the_same_variant(item, seed):
    """Drawing twice gives one question."""
    assert draw_variant(item, str(seed)) == draw_variant(item, str(seed))


def test_a_variant_is_the_same_on_every_machine_and_python():
    """The numbers of one key are pinned: an exam of last year can be marked next year."""
    variant = draw_variant(item_called("conv.padded"), "exam/7/alice")
    assert {k: variant.names[k] for k in "nfsp"} == {"n": 9, "f": 3, "s": 3, "p": 2}


def test_items_do_not_move_together():
    """Two items with the same parameters have different numbers under one key."""
    mse, mae = item_called("losses.mse"), item_called("losses.mae")
    same = sum(
        draw_variant(mse, str(k)).names["p"] == draw_variant(mae, str(k)).names["p"]
        for k in range(50)
    )
    assert same == 0


@given(st.sampled_from([i for i in ITEMS if i.parameters]), st.integers(0, 10**6))
def test_a_variant_keeps_to_its_ranges(item, seed):
    """Every drawn number is one that the item allows."""
    names = draw_variant(item, str(seed)).names
    for parameter in item.parameters:
        value = names[parameter.name]
        flat = [value] if parameter.shape is None else value
        if parameter.shape and len(parameter.shape) == 2:
            flat = [cell for row in value for cell in row]
        assert all(cell in parameter.among for cell in flat)


def test_the_first_practice_question_has_the_decks_numbers():
    """Seed 0 begins with the deck; another seed, or a second time, does not."""
    assert practice_key(0, 0) == DECK
    assert len({practice_key(seed, asked) for seed in range(3) for asked in range(3)}) == 9


def test_conditions_that_never_hold_are_the_courses_fault():
    """An author is told, instead of a program that draws for ever."""
    item = dataclasses.replace(item_called("conv.stride-1"), where=("f > n + 9",))
    with pytest.raises(CourseError, match="the deck's numbers do not meet"):
        draw_variant(item)
    with pytest.raises(CourseError, match="no draw meets"):
        draw_variant(item, "1")


def test_options_that_always_coincide_are_the_courses_fault():
    """Two choices that read the same are never shown."""
    item = item_called("recurrent.clipping")
    choices = [{"text": "yes", "right": True}, {"text": "YES "}]
    with pytest.raises(CourseError, match="coincide"):
        draw_variant(dataclasses.replace(item, body={"choices": choices}), "1")


def test_mending_the_wording_keeps_the_history():
    """Question, explanation, feedback and ranges may change without a new digest."""
    item = item_called("conv.stride-2")
    before = answer_digest(item)
    mended = dataclasses.replace(
        item, question="How wide?", explanation="So.", parameters=(), where=(),
        body={**item.body, "slips": []},
    )  # fmt: skip
    assert answer_digest(mended) == before


def test_mending_a_choice_keeps_the_history_and_changing_the_right_one_does_not():
    """The wording of a choice is wording; which one is right is the answer."""
    item = item_called("recurrent.clipping")
    first, second, *rest = item.body["choices"]
    mended = {"choices": [{**first, "text": "gradients that explode"}, second, *rest]}
    turned = {"choices": [{**first, "right": False}, {**second, "right": True}, *rest]}
    assert answer_digest(dataclasses.replace(item, body=mended)) == answer_digest(item)
    assert answer_digest(dataclasses.replace(item, body=turned)) != answer_digest(item)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("conv.stride-2", {"answer": "n - f"}),
        ("losses.mse", {"tolerance": 0.5}),
        ("networks.resnet", {"accepted": ["GRU"]}),
        ("transfer.recipe", {"sequence": ["b", "a", "c"]}),
        ("generative.gan-roles", {"pairs": [["a", "b"], ["c", "d"]]}),
    ],
)
def test_changing_the_answer_starts_anew(name, change):
    """Another formula, tolerance, word, order or pair is another question."""
    item = item_called(name)
    changed = dataclasses.replace(item, body={**item.body, **change})
    assert answer_digest(changed) != answer_digest(item)


def test_another_spelling_is_no_other_answer():
    """An accepted text may be added without losing the history."""
    item = item_called("networks.resnet")
    body = {**item.body, "accepted": [*item.body["accepted"], "L.S.T.M."]}
    assert answer_digest(dataclasses.replace(item, body=body)) == answer_digest(item)
