"""The upstream gradient passes where x is positive and is made smaller everywhere else."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.activations._cases import KINKS, elements
from grader.checks.activations._mistakes import of_upstream, of_whole_array
from grader.vocabulary import Exercise, gradients, mixed, nonzero, one_of, tied, wide

exercise = Exercise(
    points=1,
    decks=("001", "003"),
    requires=("leaky_relu",),
    levels={
        "the default slope": elements(upstream=True, of=nonzero),
        "any slope, zeros too": elements(
            upstream=True, of=mixed(tied, wide), numbers=[one_of(0.25, 0.0, 0.01, 0.5, 0.875)]
        ),
    },
    features={**KINKS, "negative_slope = 0": lambda negative_slope: negative_slope == 0},
    hints=(
        "What is the slope on either side of 0, and to which side does x = 0 belong? What does "
        "the chain rule make of grad_out there?",
        "x is [-2, 0, 3] and negative_slope 0.25, so that the slopes are [0.25, 0.25, 1]:\n"
        "4 * 0.25 = 1    at -2 and at 0\n"
        "4 * 1 = 4       at 3\n"
        "leaky_relu_backward([4, 4, 4], [-2, 0, 3], 0.25) = [1, 1, 4]",
        "slope = np.where(x ..., 1.0, ...)\nreturn grad_out * ...",
    ),
)


@exercise.equivalent
def leaky_relu_backward(grad_out, x, negative_slope=0.01):
    import torch.nn.functional as F

    return gradients(lambda x: F.leaky_relu(x, negative_slope), grad_out, x)[0]


@exercise.mistake("The slope at x = 0 is 1; it is taken to be negative_slope: x > 0, not >=.")
def passes_at_zero(grad_out, x, negative_slope=0.01):
    return grad_out.where(x >= 0, negative_slope * grad_out)


of_upstream(exercise, exchanged="x decides what becomes of grad_out")
of_arguments(
    exercise,
    fixed_slope=(
        "The slope is always 0.01: use the argument negative_slope.",
        {"negative_slope": 0.01},
    ),
    plain_relu=(
        "The gradient stops where x is negative, as in the plain ReLU.",
        {"negative_slope": 0.0},
    ),
)
of_result(
    exercise,
    stops_at_zero=(
        "The slope at x = 0 is 0; it is taken to be negative_slope.",
        lambda grad_x, x: grad_x * (x != 0),
    ),
)
of_whole_array(
    exercise,
    if_on_an_array="`if x > 0` asks one question about a whole array. np.where goes through the "
    "elements.",
)


@exercise.mistake("The slope at x = 0 is the mean of both sides; it is taken to be negative_slope.")
def mean_at_zero(grad_out, x, negative_slope=0.01):
    return grad_out * (1 + negative_slope + x.sign() * (1 - negative_slope)) / 2


@exercise.mistake(
    "On the negative side the upstream gradient is missing: negative_slope * grad_out."
)
def upstream_forgotten_below(grad_out, x, negative_slope=0.01):
    import torch

    return torch.where(x > 0, grad_out, negative_slope)


@exercise.mistake("The slope is on the wrong side: it belongs to x of 0 and below.")
def slope_on_positive_side(grad_out, x, negative_slope=0.01):
    return grad_out.where(x <= 0, negative_slope * grad_out)


@exercise.mistake("The sign of grad_out decides: it is x that does.")
def decided_by_upstream(grad_out, x, negative_slope=0.01):
    return grad_out.where(grad_out > 0, negative_slope * grad_out)


@exercise.mistake(
    "grad_out is multiplied by the values of the forward pass: multiply it by the slopes."
)
def values_for_slopes(grad_out, x, negative_slope=0.01):
    return grad_out * x.where(x > 0, negative_slope * x)


@exercise.mistake("The slope of the negative side has the wrong sign: it is +negative_slope.")
def sign_turned_below(grad_out, x, negative_slope=0.01):
    return grad_out.where(x > 0, -negative_slope * grad_out)
