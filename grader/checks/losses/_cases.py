"""The families of cases that the loss checks share, and what tells the cases apart."""

from grader.checks._shared import renamed, sides
from grader.vocabulary import array, below, between, real, strategy, wide


@strategy
def classified(draw, samples=between(1, 4), classes=between(2, 5), of=real, row=0.0, single=0.0):
    """Scores of every sample for every class, and the right classes.

    Whole rows are shifted by `row` up or down, single scores by `single`.
    """
    n, k = draw(samples), draw(classes)
    row, single = draw(row), draw(single)
    scores = draw(array(n, k, of=of))
    targets = draw(array(n, of=below(k)))
    scores = scores + row * sides(draw(array(n, 1, of=below(3))))
    return scores + single * sides(draw(array(n, k, of=below(3)))), targets


@strategy
def any_shape(draw, axes=between(2, 3), arrays=2, numbers=()):
    """Arrays of one shape with some axes of length 1, and then `numbers`."""
    numbers = [draw(number) for number in numbers]
    shape = [draw(between(1, 4)) for _ in range(draw(axes))]
    return *(draw(array(*shape, of=wide)) for _ in range(arrays)), *numbers


def of_targets(scores, targets):
    """Return each sample's score for its right class, as a column."""
    return scores[range(len(targets)), targets][:, None]


def unlikely_by(logits, targets):
    """Return how far the least likely target is below the largest logit of its row."""
    return (logits.max(1)[:, None] - of_targets(logits, targets)).max()


BATCH_FEATURES = {
    "several samples": lambda scores: len(scores) > 1,
    "as many samples as classes": lambda scores: len(scores) == scores.shape[1],
}

LOGIT_FEATURES = {
    **renamed(BATCH_FEATURES, scores="logits"),
    "a logit above 700": lambda logits: logits.max() > 700,
    "a row below -700": lambda logits: logits.max(1).min() < -700,
    "rows more than 700 apart": lambda logits: logits.max(1).max() - logits.max(1).min() > 700,
    "a target that is unlikely by 700": lambda logits, targets: unlikely_by(logits, targets) > 700,
    "a target that is unlikely by 20": lambda logits, targets: unlikely_by(logits, targets) > 20,
}


def violated(scores, targets):
    """Return how many wrong classes of each sample are not beaten by the margin."""
    return (scores - of_targets(scores, targets) + 1 > 0).sum(1) - 1


HINGE_FEATURES = {
    **BATCH_FEATURES,
    "only one class": lambda scores: scores.shape[1] == 1,
    "several violated margins in a row": lambda scores, targets: (
        violated(scores, targets).max() > 1
    ),
    "no violated margin": lambda scores, targets: violated(scores, targets).max() == 0,
}


def has_zero_margin(scores, targets):
    """Tell whether a wrong class scores exactly 1 less than the right one."""
    return (scores - of_targets(scores, targets) == -1).any()


SHAPE_FEATURES = {
    "more than one axis": lambda pred: pred.ndim > 1,
    "an axis of length 1": lambda pred: 1 in pred.shape,
    "more than one element": lambda pred: pred.size > 1,
}


def has_both_signs(weight):
    """Tell whether some entries are above 0 and some below."""
    return weight.min() < 0 < weight.max()


WEIGHT_FEATURES = {
    **renamed(SHAPE_FEATURES, pred="weight"),
    "weights of both signs": has_both_signs,
}
