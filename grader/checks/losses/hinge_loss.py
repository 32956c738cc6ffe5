"""Every wrong class must score at least 1 less than the right one; what is missing is the loss."""

from grader.checks._shared import negative, numpy_errors, of_arguments, of_result, products_of
from grader.checks.losses._cases import HINGE_FEATURES, classified, of_targets
from grader.checks.losses._mistakes import NO_COLUMN
from grader.vocabulary import Exercise, between, wide

exercise = Exercise(
    points=3,
    decks=("003",),
    levels={
        "one sample": classified(samples=1, classes=between(1, 6), of=wide),
        "a batch": classified(classes=between(1, 6), of=wide),
    },
    features=HINGE_FEATURES,
    terms=products_of("scores"),
    hints=(
        "For one sample, which wrong classes j cost something, and how much: s_j - s_y + 1? And "
        "what would the right class cost, were it not left out?",
        "Scores [3, 5, 2.5], the right class is 0:\n"
        "max(0, 5 - 3 + 1) = 3\n"
        "max(0, 2.5 - 3 + 1) = 0.5\n"
        "hinge_loss([[3, 5, 2.5]], [0]) = 3 + 0.5 = 3.5\n"
        "A second sample that costs 0 would halve it: 3.5 / 2 = 1.75.",
        "right = scores[..., ...][:, np.newaxis]   # each sample's own s_y, as a column\n"
        "margins = ...                             # (N, K)\n"
        "margins[..., ...] = 0                     # the right class is left out\n"
        "return the sum of the positive margins, divided by ...",
    ),
)


@exercise.equivalent
def hinge_loss(scores, targets, margin=1.0):
    import torch.nn.functional as F

    # torch divides by the number of classes.
    return F.multi_margin_loss(scores, targets, margin=margin) * scores.shape[1]


def margins(scores, targets):
    """Return s_j - s_y + 1 for all classes j, the right one included."""
    return scores - of_targets(scores, targets) + 1.0


of_result(
    exercise,
    right_class_kept=(
        "The right class itself is counted: its s_y - s_y + 1 is always 1, so that the loss is too "
        "large by 1. Leave it out of the sum.",
        lambda loss: loss + 1.0,
    ),
    sum_for_mean=(
        "The costs are added up over the batch; the loss is their mean over N samples.",
        lambda loss, targets: loss * len(targets),
    ),
    mean_over_classes_too=(
        "It is divided by the number of classes too: sum over j, then mean over N only.",
        lambda loss, scores: loss / scores.shape[1],
    ),
    mean_over_wrong_classes=(
        "It is averaged over the K - 1 wrong classes: sum over j, then mean over N only.",
        lambda loss, scores: loss / max(1, scores.shape[1] - 1),
    ),
)
of_arguments(
    exercise,
    no_margin=(
        "The + 1 is missing: a wrong class costs already when it comes closer than 1.",
        {"margin": 0.0},
    ),
    difference_turned_round=(
        "The difference is turned round: it is s_j - s_y + 1, so that a high s_y helps.",
        {"scores": negative},
    ),
)


@exercise.mistake("The margins are squared: this loss adds them as they are.")
def squared(scores, targets):
    return (margins(scores, targets).relu() ** 2).sum() / len(targets) - 1.0


@exercise.mistake("The 1 is subtracted: the margin is s_j - s_y + 1.")
def margin_subtracted(scores, targets):
    return (margins(scores, targets) - 2.0).relu().sum() / len(targets)


@exercise.mistake(
    "Margins below 0 are counted as a reward. A class that is beaten by more than 1 costs nothing: "
    "max(0, margin)."
)
def negative_margins_kept(scores, targets):
    return (margins(scores, targets).sum(1) - 1.0).mean()


@exercise.mistake("The absolute value is taken where max(0, margin) is meant.")
def absolute_margins(scores, targets):
    return (margins(scores, targets).abs().sum(1) - 1.0).mean()


@exercise.mistake("Only the worst class counts: all violated margins of a sample are added.")
def worst_class_only(scores, targets):
    costs = margins(scores, targets).relu()
    return costs.scatter(1, targets[:, None], 0.0).amax(1).mean()


@exercise.mistake(
    "Every row is compared with the first sample's target score: each row has its own s_y, "
    "scores[np.arange(N), targets]."
)
def first_target_score(scores, targets):
    costs = (scores - scores[0, targets[0]] + 1.0).relu()
    return costs.scatter(1, targets[:, None], 0.0).sum() / len(targets)


@exercise.mistake(NO_COLUMN)
@numpy_errors()
def no_column(scores, targets):
    costs = (scores - of_targets(scores, targets)[:, 0] + 1.0).relu()
    return costs.scatter(1, targets[:, None], 0.0).sum() / len(targets)


@exercise.mistake(
    "scores[:, targets] takes the targets of all samples from every row. Pair them up: "
    "scores[np.arange(N), targets]."
)
@numpy_errors()
def all_targets_from_every_row(scores, targets):
    costs = (scores - scores[:, targets] + 1.0).relu()
    return costs.scatter(1, targets[:, None], 0.0).sum() / len(targets)
