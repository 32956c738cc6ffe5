"""The gradient of the cross-entropy says how much each logit raises or lowers the loss."""

from grader.checks._shared import of_result, of_softmax, rounded
from grader.checks.losses._cases import LOGIT_FEATURES, classified
from grader.checks.losses._mistakes import of_division
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
    terms=rounded,
    hints=(
        "Raising the logit of a wrong class raises the loss by that class's probability; what "
        "does raising the right one's do? What is the sum of a row's gradients? And the loss is "
        "a mean over N samples: what does that do?",
        "Two samples with equal logits, so that every probability is 0.5, N = 2:\n"
        "(0.5 - 1) / 2 = -0.25   where the target is\n"
        "(0.5 - 0) / 2 = 0.25    elsewhere\n"
        "cross_entropy_backward([[7, 7], [7, 7]], [0, 1]) = [[-0.25, 0.25], [0.25, -0.25]]",
        "p = softmax of each row     # with the row's maximum subtracted before exp\n"
        "p[..., ...] -= 1            # at the target of each row\n"
        "return p / ...",
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


of_softmax(
    exercise,
    lambda softmax, logits, targets: gradient_with(softmax(logits), targets),
    "no_maximum",
    "global_maximum",
    "no_axis",
    "softmax_over_the_batch",
    "no_keepdims",
    no_softmax="There is no softmax: 1 is subtracted from the logits instead of the probabilities.",
    softmax_twice="Softmax is applied twice: the logits become probabilities only once.",
)
of_division(exercise)
of_result(
    exercise,
    divided_twice=(
        "It is divided by N twice: once is enough for a mean over the batch.",
        lambda grad, targets: grad / len(targets),
    ),
    wrong_sign="The sign is turned: the gradient is p - 1[target], and positive for wrong classes.",
    nothing_subtracted=(
        "These are the probabilities / N; 1 is to be subtracted from them at the target.",
        lambda _, logits, targets: logits.softmax(1) / len(targets),
    ),
    extra_softmax_derivative=(
        "There is a factor p * (1 - p) too much: p - 1[target] is already the gradient with "
        "respect to the logits.",
        lambda grad, logits: grad * logits.softmax(1) * (1 - logits.softmax(1)),
    ),
)


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
    "This is -1 / p at the target, the gradient with respect to the probabilities. Go on through "
    "the softmax to the logits."
)
def gradient_of_probabilities(logits, targets):
    at_target = one_hot(logits, targets) == 1
    return (-1 / logits.softmax(1) / len(targets)).where(at_target, 0.0)
