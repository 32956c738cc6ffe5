"""The families of cases that the checks of attention share, and what tells them apart."""

from grader.checks._shared import largest_of
from grader.vocabulary import array, between, bits, one_of, plain, strategy, undrawn, wide

EITHER_RANK = one_of(2, 3)
SIZES = one_of(1.0, 1e4, 1e3)
"""How large the scores of the last level are."""


def mask_for(draw, shape, *, rows_without):
    """Return a mask in which each query may look at a key, or one of them at none."""
    rank = draw(EITHER_RANK)
    mask = draw(array(*shape[3 - rank :], of=bits)).astype(bool)
    t, s = shape[1:]
    for row in range(t):
        mask[..., row, row % s] = True
    if rows_without:
        mask[..., draw(between(0, t - 1)), :] = False
    return mask


@strategy
def attentions(
    draw, masked=False, rows_without=False, size=1.0, of=plain, backward=False, numbers=wide
):
    """Draw query, key, value and a mask where asked for; the upstream gradient comes first.

    Values and upstream gradients are `numbers`.
    """
    size = draw(size)
    n, t, s = draw(between(1, 3)), draw(between(1, 4)), draw(between(1, 4))
    d, v = draw(between(1, 4)), draw(between(1, 4))
    mask = (mask_for(draw, (n, t, s), rows_without=rows_without),) if masked else ()
    query, key = draw(array(n, t, d, of=of)), draw(array(n, s, d, of=of))
    pair = (query, key * size) if draw(one_of(True, False)) else (query * size, key)
    taken = *pair, draw(array(n, s, v, of=numbers)), *mask
    return (draw(array(n, t, v, of=numbers)), *taken) if backward else taken


def scores_of(query, key):
    """Return the scores of NumPy's arrays."""
    return query @ key.transpose(0, 2, 1) / query.shape[2] ** 0.5


def sees_nothing(mask):
    """Tell whether a query may look at no key."""
    return mask is not None and not mask.any(-1).all()


FEATURES = {
    "several sequences": lambda query: len(query) > 1,
    "several keys": lambda key: key.shape[1] > 1,
    "T and S different": lambda query, key: query.shape[1] != key.shape[1],
    "D = 1": lambda query: query.shape[2] == 1,
    "D and V different": lambda query, value: query.shape[2] != value.shape[2],
    "D and S different": lambda key: key.shape[1] != key.shape[2],
    "a mask": lambda mask=None: mask is not None,
    "a mask for each sequence": lambda mask=None: mask is not None and mask.ndim == 3,
    "a query that may look at nothing": lambda mask=None: sees_nothing(mask),
    "scores above 700": lambda query, key: scores_of(query, key).max() > 700.0,
    "a query whose scores are all below -700": lambda query, key: (
        scores_of(query, key).max(2).min() < -700.0
    ),
}

SCORES = undrawn(
    "below", "Queries and keys are multiplied: the scores are what is far below 0.", of="query key"
)


def largest_value(query, key, value):
    """Return how large what is rounded on the way to a result is."""
    return largest_of(value) * (1.0 + largest_of(query) * largest_of(key) / 1000.0)
