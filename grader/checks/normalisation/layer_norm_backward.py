"""The way back through layer normalisation: a number moves its sample's mean and variance, too."""

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
from grader.checks.normalisation._mistakes import normalised, of_gradients
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=4,
    decks=(),
    requires=("layer_norm_forward",),
    levels={
        "eps as it is": samples(axis=1, backward=True),
        "any eps, equal numbers": samples(axis=1, flat=ALSO_FLAT, numbers=(EPS,), backward=True),
    },
    features={
        **{words: tell for words, tell in TABLE_FEATURES.items() if "far" not in words},
        "several samples": lambda x: len(x) > 1,
        "a sample whose numbers are all equal": all_equal(1),
        "a large eps": lambda eps: eps > 0.01,
    },
    never=[PARAMETERS, NOT_HUGE],
    terms=largest_slope,
    hints=(
        "In how many ways does one number of x reach the output: by itself, through the mean and "
        "through the variance of its sample? Over which axis do gamma and beta collect their "
        "gradients, and over which are the means of grad_x?",
        "The sample [1, 5, 3]; its mean is 3, its variance 8/3. gamma is 1, and only the\n"
        "first output matters, by 6:\n"
        "-2 / sqrt(8 / 3) = -1.2247           z of the first number; those of the others: z, 0\n"
        "6 / 3 = 2                            the mean of g\n"
        "6 * -1.2247 / 3 = -2.4494            the mean of g * z\n"
        "(6 - 2 - 1.2247 * 2.4495) / sqrt(8 / 3) = 0.6124\n"
        "ones = [1, 1, 1]\n"
        "layer_norm_backward([[6, 0, 0]], [[1, 5, 3]], ones, ones)[0] = "
        "[[0.6124, 0.6124, -1.2247]]",
        "z, root = ...                     # as in the forward pass\n"
        "g = grad_out * ...                # what arrives at z\n"
        "grad_x = (g - mean of ... - z * mean of ...) / root     # columns: keepdims=True\n"
        "grad_gamma = (grad_out * ...).sum(...)\n"
        "return grad_x, grad_gamma, ...",
    ),
)


@exercise.equivalent
def layer_norm_backward(grad_out, x, gamma, beta, eps=1e-5):
    # F.layer_norm's own gradient of a single feature is not exactly 0.
    def layer_norm(x, gamma, beta):
        root = (x.var(1, correction=0, keepdim=True) + eps).sqrt()
        return normalised(x, gamma, beta, x.mean(1, keepdim=True), root)

    return gradients(layer_norm, grad_out, x, gamma, beta)


of_gradients(exercise, axis=1)
