"""The families of cases that the checks of training share."""

from grader.vocabulary import array, below, between, distinct, one_of, strategy


@strategy
def predicted(draw, of=distinct):
    """Draw probabilities of each sample for each class, of scores of a kind, and the targets."""
    n, k = draw(between(1, 6)), draw(between(1, 5))
    scores = draw(array(n, k, of=of))
    powers = 2.0 ** (scores - scores.max(1)[:, None])
    powers *= powers >= draw(one_of(0.0, 0.2))  # the smaller are 0 in some of the cases
    return powers / powers.sum(1)[:, None], draw(array(n, of=below(k)))


@strategy
def counted(draw, missing=0):
    """Draw predictions and targets, of which the last `missing` classes never are one."""
    n, k, missing = draw(between(1, 12)), draw(between(1, 5)), draw(missing)
    return draw(array(n, of=below(k))), draw(array(n, of=below(k))), k + missing
