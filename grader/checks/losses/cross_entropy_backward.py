"""The gradient of the cross-entropy says how much each logit raises or lowers the loss."""

from grader.checks.activations._mistakes import (
    softmax_over_everything,
    softmax_with_global_maximum,
    softmax_without_keepdims,
    softmax_without_maximum,
)
from grader.checks.losses._cases import LOGIT_FEATURES, classified
from grader.vocabulary import Exercise, gradients, one_of

exercise = Exercise(
    points=3,
    decks=("002", "003"),
    requires=("cross_entropy", "activations.softmax"),
    levels={
        "one sample": classified(samples=1),
        "a batch": classified(),
        "large logits": classified(row=one_of(900.0, 1e4), single=one_of(0.0, 1e3)),
    },
    features=LOGIT_FEATURES,
    hints=(
        "Raising the logit of a wrong class raises the loss by that class's probability. Raising "
        "the right one's lowers it. What is the sum of a row's gradients?",
        "For one sample the gradient is the vector of probabilities with 1 subtracted at the "
        "target. The loss is a mean over N samples: what does that do to it?",
        "p = softmax(logits), with each row's maximum subtracted first. Then "
        "p[np.arange(N), targets] -= 1 and return p / N.",
    ),
)


@exercise.equivalent
def cross_entropy_backward(logits, targets):
    import torch.nn.functional as F

    return gradients(lambda z: F.cross_entropy(z, targets), 1.0, logits)[0]


def one_hot(logits, targets):
    """Return 1 at each row's target and 0 elsewhere."""
    import torch.nn.functional as F

    return F.one_hot(targets, logits.shape[1])


def gradient_with(p, targets):
    """Return the gradient for these probabilities."""
    return (p - one_hot(p, targets)) / len(targets)


@exercise.mistake(
    "exp of a large logit overflows, and a row of very negative ones becomes all zeros. Subtract "
    "each row's maximum first."
)
def no_maximum(logits, targets):
    return gradient_with(softmax_without_maximum(logits), targets)


@exercise.mistake(
    "The maximum of the whole batch is subtracted, and a row far below it becomes all zeros. Every "
    "row needs its own: max(axis=1, keepdims=True)."
)
def global_maximum(logits, targets):
    return gradient_with(softmax_with_global_maximum(logits), targets)


@exercise.mistake(
    "Softmax divides by the sum over the whole batch: sum over the classes only, axis=1 with "
    "keepdims=True."
)
def no_axis(logits, targets):
    return gradient_with(softmax_over_everything(logits), targets)


@exercise.mistake("Softmax runs down the batch (axis 0); the classes of a sample are on axis 1.")
def softmax_over_the_batch(logits, targets):
    return gradient_with(logits.softmax(0), targets)


@exercise.mistake(
    "The row's maximum and sum have shape (N,) and meet the wrong axis of the (N, K) logits: keep "
    "them as columns with keepdims=True."
)
def no_keepdims(logits, targets):
    return gradient_with(softmax_without_keepdims(logits), targets)


@exercise.mistake(
    "There is no softmax: 1 is subtracted from the logits instead of the probabilities."
)
def no_softmax(logits, targets):
    return gradient_with(logits, targets)


@exercise.mistake("The division by N is missing: the loss is a mean over the batch.")
def not_divided(logits, targets):
    return cross_entropy_backward(logits, targets) * len(targets)


@exercise.mistake("It is divided by N twice: once is enough for a mean over the batch.")
def divided_twice(logits, targets):
    return cross_entropy_backward(logits, targets) / len(targets)


@exercise.mistake("It is divided by all N*K entries; the loss is a mean over the N samples.")
def divided_by_classes_too(logits, targets):
    return cross_entropy_backward(logits, targets) / logits.shape[1]


@exercise.mistake("These are the probabilities / N; 1 is to be subtracted from them at the target.")
def nothing_subtracted(logits, targets):
    return logits.softmax(1) / len(targets)


@exercise.mistake("1 is subtracted in every column; only the target's column of each row gets it.")
def one_from_every_column(logits, targets):
    return (logits.softmax(1) - 1) / len(targets)


@exercise.mistake(
    "p[:, targets] -= 1 changes the columns of all targets in every row. Pair them up: "
    "p[np.arange(N), targets]."
)
def one_from_all_targets(logits, targets):
    return (logits.softmax(1) - one_hot(logits, targets).amax(0)) / len(targets)


@exercise.mistake(
    "The class numbers themselves are subtracted: p - targets. Subtract 1 in the target's column."
)
def class_numbers_subtracted(logits, targets):
    return (logits.softmax(1) - targets[:, None]) / len(targets)


@exercise.mistake("1 is subtracted after the division by N: subtract first, then divide both.")
def subtracted_after_dividing(logits, targets):
    return logits.softmax(1) / len(targets) - one_hot(logits, targets)


@exercise.mistake("Only the 1 is divided by N: divide the whole of p - 1[target].")
def probabilities_not_divided(logits, targets):
    return logits.softmax(1) - one_hot(logits, targets) / len(targets)


@exercise.mistake(
    "The sign is turned: the gradient is p - 1[target], and positive for wrong classes."
)
def wrong_sign(logits, targets):
    return -cross_entropy_backward(logits, targets)


@exercise.mistake(
    "There is a factor p * (1 - p) too much: p - 1[target] is already the gradient with respect to "
    "the logits."
)
def extra_softmax_derivative(logits, targets):
    p = logits.softmax(1)
    return cross_entropy_backward(logits, targets) * p * (1 - p)


@exercise.mistake(
    "This is -1 / p at the target, the gradient with respect to the probabilities. Go on through "
    "the softmax to the logits."
)
def gradient_of_probabilities(logits, targets):
    at_target = one_hot(logits, targets) == 1
    return (-1 / logits.softmax(1) / len(targets)).where(at_target, 0.0)


@exercise.mistake("Softmax is applied twice: the logits become probabilities only once.")
def softmax_twice(logits, targets):
    return gradient_with(logits.softmax(1).softmax(1), targets)
