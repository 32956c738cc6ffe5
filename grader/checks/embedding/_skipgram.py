"""What the two checks of negative sampling share."""

from grader.vocabulary import array, between, one_of, plain, real, strategy, undrawn


@strategy
def drawn(draw, sizes=1.0, negatives=between(1, 4)):
    """Draw the vectors of a word, of one beside it and of others; the first is `sizes` as long."""
    d, m, size = draw(between(1, 4)), draw(negatives), draw(sizes)
    of = real if size == 1.0 else plain
    return draw(array(d, of=of)) * size, draw(array(d, of=of)), draw(array(m, d, of=of))


LARGE = one_of(1e3, 400.0, 1e4)

FEATURES = {
    "several negatives": lambda negatives: len(negatives) > 1,
    "as many negatives as D": lambda negatives: negatives.shape[0] == negatives.shape[1],
    "D = 1": lambda center: len(center) == 1,
    "products beyond 100": lambda center, context, negatives: (
        max(abs(context @ center), abs(negatives @ center).max()) > 100
    ),
    "a pair that fits": lambda center, context: context @ center > 0,
}

SUMS = undrawn(
    "far huge below near ties",
    "The sigmoids see products of the vectors, which are huge in a level of their own.",
)


def softplus(z):
    """Return log(1 + exp(z)), right everywhere."""
    import torch.nn.functional as F

    return -F.logsigmoid(-z)


def loss(center, context, negatives, cost=softplus):
    """Return the loss of a pair and of those that were drawn."""
    return cost(-(context @ center)) + cost(negatives @ center).sum()
