"""The way back through batch normalisation: a sample moves the mean and variance of them all."""

from grader.checks.normalisation._cases import (
    ALSO_FLAT,
    EPS,
    NOT_HUGE,
    PARAMETERS,
    TABLE_FEATURES,
    all_equal,
    largest_slope,
    samples,
)
from grader.checks.normalisation._mistakes import of_gradients
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=4,
    decks=("004",),
    requires=("batch_norm_forward", "layer_norm_backward"),
    levels={
        "eps as it is": samples(axis=0, backward=True),
        "any eps, equal numbers": samples(axis=0, flat=ALSO_FLAT, numbers=(EPS,), backward=True),
    },
    features={
        **{words: tell for words, tell in TABLE_FEATURES.items() if "far" not in words},
        "two samples": lambda x: len(x) == 2,
        "a feature whose numbers are all equal": all_equal(0),
        "a large eps": lambda eps: eps > 0.01,
    },
    never=[PARAMETERS, NOT_HUGE],
    terms=largest_slope,
    hints=(
        "If one sample moves, what becomes of the outputs of the others, through the mean and "
        "through the variance? Which sums are over the batch, and which are means?",
        "One feature, 1, 5 and 3; the mean is 3, the variance 8/3. gamma is 1, and only the\n"
        "first output matters, by 6:\n"
        "-2 / sqrt(8 / 3) = -1.2247           z of the first sample\n"
        "6 / 3 = 2                            the mean of g\n"
        "6 * -1.2247 / 3 = -2.4494            the mean of g * z\n"
        "(6 - 2 - 1.2247 * 2.4495) / sqrt(8 / 3) = 0.6124\n"
        "x = [[1], [5], [3]]\n"
        "batch_norm_backward([[6], [0], [0]], x, [1], [0])[0] = [[0.6124], [0.6124], [-1.2247]]",
        "z, root = ...                     # as in training\n"
        "g = grad_out * ...                # what arrives at z\n"
        "grad_x = (g - mean of ... - z * mean of ...) / root     # over the batch\n"
        "grad_gamma = (grad_out * ...).sum(...)\n"
        "return grad_x, grad_gamma, ...",
    ),
)


@exercise.equivalent
def batch_norm_backward(grad_out, x, gamma, beta, eps=1e-5):
    import torch.nn.functional as F

    def batch_norm(x, gamma, beta):
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)

    return gradients(batch_norm, grad_out, x, gamma, beta)


of_gradients(exercise, axis=0)
