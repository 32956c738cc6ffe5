"""Attention in torch's words, with what can be another way in it."""

LOWEST = float("-inf")


def scaled(query, key):
    """Return the scores: dot products divided by the root of their length."""
    return query @ key.mT / query.shape[-1] ** 0.5


def hidden(scores, mask):
    """Return scores of which none is left where the mask forbids to look."""
    return scores.masked_fill(~mask, LOWEST)


def softmax(scores, axis=-1):
    """Return the shares of each row; zeros for one in which nothing may be looked at."""
    nothing = (scores == LOWEST).all(axis, keepdim=True)
    return scores.masked_fill(nothing, 0.0).softmax(axis).masked_fill(nothing, 0.0)


def attend(
    query, key, value, mask=None, *, score=scaled, hide=hidden, share=softmax, emptied=False
):
    """Return what is taken from the values: scores, what the mask hides of them, their shares.

    Where a query may look at nothing, its shares are `emptied` in the end.
    """
    scores = score(query, key)
    if mask is not None:
        scores = hide(scores, mask)
    weights = share(scores)
    if emptied and mask is not None:
        weights = weights.masked_fill(~mask.any(-1, keepdim=True), 0.0)
    return weights @ value


def weights_of(query, key, mask=None):
    """Return the weights alone: what is taken from values that are 1 in a place of their own."""
    import torch

    return attend(query, key, torch.eye(key.shape[1], dtype=key.dtype), mask)


def look_back(queries, keys):
    """Return the mask in which nothing looks at what comes later."""
    import torch

    return torch.ones(queries, keys, dtype=torch.bool).tril()
