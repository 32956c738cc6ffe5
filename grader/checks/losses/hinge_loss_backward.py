"""Each violated margin pushes the wrong class's score down and the right one's up."""

from grader.checks._shared import numpy_errors, of_arguments, of_result
from grader.checks.losses._cases import (
    HINGE_FEATURES,
    classified,
    has_zero_margin,
    of_targets,
)
from grader.checks.losses._mistakes import NO_COLUMN, of_division
from grader.vocabulary import Exercise, between, gradients, tied, wide

exercise = Exercise(
    points=4,
    decks=("003",),
    requires=("hinge_loss",),
    levels={
        "one sample": classified(samples=1, classes=between(2, 5), of=wide),
        "a batch": classified(classes=between(1, 6), of=wide),
        "margins of exactly 0": classified(classes=between(2, 6), of=tied),
    },
    features={**HINGE_FEATURES, "a margin of exactly 0": has_zero_margin},
    hints=(
        "How does a margin s_j - s_y + 1 above 0 change with s_j, and how with s_y? What is the "
        "slope of a margin of 0 or less?",
        "Scores [3, 5, 2.5], the right class is 0. Both margins, 3 and 0.5, are above 0.\n"
        "Each wrong class gets 1, the right class minus their number:\n"
        "hinge_loss_backward([[3, 5, 2.5]], [0]) = [[-2, 1, 1]]\n"
        "With two samples all of it is divided by 2.",
        "grad = 1.0 where a margin of a wrong class is above 0, else 0.0\n"
        "count = ... of each row\n"
        "grad[..., ...] = ...       # the right class of each row\n"
        "return grad / ...",
    ),
)


@exercise.equivalent
def hinge_loss_backward(scores, targets, margin=1.0):
    return gradients(lambda s: costs(s, targets, margin).sum() / len(targets), 1.0, scores)[0]


def costs(scores, targets, margin=1.0):
    """Return max(0, s_j - s_y + margin) for the wrong classes j and 0 for the right one."""
    margins = scores - of_targets(scores, targets) + margin
    return margins.scatter(1, targets[:, None], 0.0).relu()


def gradient_of(violated, targets, right=1.0):
    """Return the gradient for these marks of violated margins, the right class's `right` times."""
    count = violated.sum(1, keepdim=True)
    return violated.scatter_add(1, targets[:, None], -right * count) / len(targets)


def violated(scores, targets):
    """Return 1 where a margin is above 0, else 0."""
    return (costs(scores, targets) > 0).double()


@exercise.mistake(
    "A margin of exactly 0 counts as violated: it costs nothing, so use > and not >=."
)
def zero_margin_violated(scores, targets):
    marks = (scores - of_targets(scores, targets) + 1.0 >= 0).double()
    return gradient_of(marks.scatter(1, targets[:, None], 0.0), targets)


@exercise.mistake(
    "The right class has no gradient: every violated margin lowers the loss when s_y rises."
)
def right_class_missing(scores, targets):
    return gradient_of(violated(scores, targets), targets, right=0.0)


@exercise.mistake(
    "The right class gets -1 where any margin is violated: it gets -1 for each violated margin."
)
def right_class_once(scores, targets):
    marks = violated(scores, targets)
    return marks.scatter_add(1, targets[:, None], -marks.amax(1, keepdim=True)) / len(targets)


@exercise.mistake(
    "The right class gets -1 always: it gets -1 for each violated margin, so maybe 0."
)
def right_class_always_minus_one(scores, targets):
    return violated(scores, targets).scatter(1, targets[:, None], -1.0) / len(targets)


@exercise.mistake(
    "The right class's own margin (always 1) is counted among the violated ones: its gradient is "
    "too low by 1 / N. Leave it out."
)
def right_class_counted(scores, targets):
    import torch

    extra = torch.full_like(scores[:, :1], -1.0 / len(targets))
    return hinge_loss_backward(scores, targets).scatter_add(1, targets[:, None], extra)


of_division(exercise)
of_result(
    exercise, wrong_sign="The signs are turned: raising a wrong class's score raises the loss."
)
of_arguments(
    exercise,
    no_margin=(
        "The + 1 is missing: a margin s_j - s_y + 1 is violated when it is above 0.",
        {"margin": 0.0},
    ),
)


@exercise.mistake(
    "The margins themselves are passed back; the slope of max(0, margin) is 1 where it is above 0."
)
def margins_for_ones(scores, targets):
    return gradient_of(costs(scores, targets), targets)


@exercise.mistake("This is the gradient of squared margins: here each violated one has slope 1.")
def squared(scores, targets):
    return gradient_of(2.0 * costs(scores, targets), targets)


@exercise.mistake("The difference is turned round: the margin is s_j - s_y + 1.")
def difference_turned_round(scores, targets):
    return -hinge_loss_backward(-scores, targets)


@exercise.mistake("All wrong classes are pushed down: only those whose margin is above 0.")
def every_margin_violated(scores, targets):
    import torch

    return gradient_of(torch.ones_like(scores).scatter(1, targets[:, None], 0.0), targets)


@exercise.mistake("Only the worst class of each row is pushed down: all violated margins count.")
def worst_class_only(scores, targets):
    import torch.nn.functional as F

    worst = F.one_hot(costs(scores, targets).argmax(1), scores.shape[1])
    return gradient_of(worst * violated(scores, targets), targets)


@exercise.mistake(NO_COLUMN)
@numpy_errors()
def no_column(scores, targets):
    marks = (scores - of_targets(scores, targets)[:, 0] + 1.0 > 0).double()
    return gradient_of(marks.scatter(1, targets[:, None], 0.0), targets)
