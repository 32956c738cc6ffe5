"""Where each word of a sentence looks: softmax of its query with every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.parts import Between, Picture, Turn
from grader.render.drawings.squares import Grid, Role, Square, word_of
from grader.student.drawing.pictures.making import make_grid, times

if TYPE_CHECKING:
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

ATTENTION = "attention.scaled_dot_product_attention"
WORDS = ("I", "grew", "up", "in", "France", "I", "speak", "French")
QUERY = np.array(
    [[1, 0, 0], [0, 2, 0], [0, 2, 0], [0, 1, 2], [1, 0, 2], [1, 0, 0], [0, 2, 1], [0, 0, 3]], float
)
KEY = np.array(
    [[2, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 3], [2, 0, 0], [0, 2, 0], [0, 0, 2]], float
)
"""Queries and keys of ours, shape (8, 3): who, what is done, and which country."""
SAYS = (
    "A heat map of attention. Each row is a word that asks, each column a word that is looked at; "
    "the numbers of a row are weights that add up to 1."
)


def weights(query: Array, key: Array, mask: Array | None) -> Array:
    """Return softmax(query keyᵀ / sqrt D) over the last axis; what the mask forbids is 0.

    Parameters
    ----------
    query, key
        Shape (T, D) and (S, D).
    mask
        Shape (T, S), True where it may look; None for everywhere.

    References
    ----------
    Vaswani et al. 2017, "Attention is all you need", equation 1.
    """
    scores = query @ key.T / np.sqrt(query.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the heat map, with one word that asks lit.

    Parameters
    ----------
    functions
        The student's: asked where the course has the exercise; the numbers are ours where not.
    knobs
        Which word asks, and as `padding` whether it may look ahead: 0 for yes.
    """
    count = len(WORDS)
    is_masked = bool(knobs.padding)
    mask = np.tril(np.ones((count, count), bool)) if is_masked else None
    step = (knobs.step if knobs.step is not None else count - 1) % count
    found = _weights(functions, mask)
    rows = []
    for row in range(count):
        squares = []
        for column in range(count):
            value = None if found is None else float(found[row, column])
            role = Role.LIT if row == step else Role.PLAIN
            is_seen = mask is None or bool(mask[row, column])
            text = None if value is None else f"{value:.2f}"
            squares.append(Square(value, role, text, value) if is_seen else Square(0.0, role, ""))
        rows.append(tuple(squares))
    grid = Grid("who looks at whom", tuple(rows), WORDS, WORDS)
    query = make_grid("query", QUERY[step][:, None], lambda _i, _j: Role.LIT)
    words = (
        f"{WORDS[step]} (word {step}) asks, and looks most at "
        + ("?" if found is None else WORDS[int(np.argmax(found[step]))]),
        f"score for {WORDS[-4]}: ({times(QUERY[step], KEY[4])}) / √3 = "
        + word_of(float(QUERY[step] @ KEY[4] / np.sqrt(3)) if found is not None else None),
    )
    legend = ((Role.LIT, "the word that asks"),)
    return Picture(
        "attention", "Attention as a heat map", SAYS, ((query, Between("→"), grid),), words, legend,
        functions.notes(), step, count, (_mask_turn(is_masked=is_masked),),
    )  # fmt: skip


def _mask_turn(*, is_masked: bool) -> Turn:
    return Turn("padding", f"looks ahead: {'no' if is_masked else 'yes'}", int(is_masked), 0, 1)


def _weights(functions: OwnCalls, mask: Array | None) -> Array | None:
    """Return the weights: ours, or the student's where that is an exercise.

    What the exercise returns are values added up by these weights: with a 1 for each word in a
    place of its own, the weights themselves.
    """
    if not functions.has(ATTENTION):
        return weights(QUERY, KEY, mask)
    count = len(WORDS)
    values = np.eye(count)[None]
    arguments = (QUERY[None], KEY[None], values) + ((mask,) if mask is not None else ())
    found = functions.array(ATTENTION, *arguments, shape=(1, count, count))
    return None if found is None else found[0]
