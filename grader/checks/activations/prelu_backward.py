"""A leaky ReLU whose slope alpha is learned: gradients for x and for alpha."""

from grader.checks.activations._cases import KINKS, elements
from grader.vocabulary import Exercise, gradients, one_of, tied

ALPHA = one_of(0.25, 0.0, 0.5, -0.5, 1.5)

exercise = Exercise(
    points=2,
    decks=("003",),
    requires=("leaky_relu_backward",),
    levels={
        "no zeros": elements(upstream=True, numbers=[ALPHA]),
        "with zeros": elements(upstream=True, of=tied, numbers=[ALPHA]),
    },
    features={
        **KINKS,
        "alpha = 0": lambda alpha: alpha == 0,
        "alpha below 0": lambda alpha: alpha < 0,
    },
    hints=(
        "grad_x is that of a leaky ReLU with slope alpha; the slope at x = 0 is alpha.",
        "Where x is negative, the output is alpha * x: how fast does it change with alpha? Where x "
        "is positive, alpha has no influence.",
        "grad_alpha is one number: the sum of grad_out * x over all elements with x below 0.",
    ),
)


@exercise.equivalent
def prelu_backward(grad_out, x, alpha):
    import torch
    import torch.nn.functional as F

    return gradients(F.prelu, grad_out, x, torch.tensor(alpha, dtype=torch.float64))


def with_grad_alpha(grad_alpha, grad_out, x, alpha):
    """Return the answer with another gradient for alpha."""
    return prelu_backward(grad_out, x, alpha)[0], grad_alpha


@exercise.mistake("grad_alpha sums over the positive x; alpha acts on the negative ones.")
def alpha_from_positive_side(grad_out, x, alpha):
    return with_grad_alpha((grad_out * x.relu()).sum(), grad_out, x, alpha)


@exercise.mistake("grad_alpha sums over all elements; alpha acts only where x is below 0.")
def alpha_from_all_elements(grad_out, x, alpha):
    return with_grad_alpha((grad_out * x).sum(), grad_out, x, alpha)


@exercise.mistake("grad_alpha is not summed: all elements share one alpha, so it is one number.")
def alpha_not_summed(grad_out, x, alpha):
    return with_grad_alpha(-grad_out * (-x).relu(), grad_out, x, alpha)


@exercise.mistake("grad_alpha is summed over the first axis only: all elements share one alpha.")
def alpha_summed_over_batch(grad_out, x, alpha):
    return with_grad_alpha((-grad_out * (-x).relu()).sum(0), grad_out, x, alpha)


@exercise.mistake("grad_alpha is averaged; every element adds its part.")
def alpha_averaged(grad_out, x, alpha):
    grad_x, grad_alpha = prelu_backward(grad_out, x, alpha)
    return grad_x, grad_alpha / x.numel()


@exercise.mistake(
    "grad_alpha lacks the factor x: the output alpha * x changes by x per unit of alpha."
)
def alpha_without_x(grad_out, x, alpha):
    return with_grad_alpha((grad_out * (x < 0)).sum(), grad_out, x, alpha)


@exercise.mistake("grad_alpha lacks the upstream gradient: sum grad_out * x, where x is below 0.")
def alpha_without_upstream(grad_out, x, alpha):
    return with_grad_alpha(-(-x).relu().sum(), grad_out, x, alpha)


@exercise.mistake(
    "grad_alpha has a factor alpha too much: alpha * x changes by x per unit of alpha."
)
def alpha_times_alpha(grad_out, x, alpha):
    grad_x, grad_alpha = prelu_backward(grad_out, x, alpha)
    return grad_x, alpha * grad_alpha


@exercise.mistake("grad_alpha has the wrong sign: x is negative there, and stays so.")
def alpha_sign_turned(grad_out, x, alpha):
    grad_x, grad_alpha = prelu_backward(grad_out, x, alpha)
    return grad_x, -grad_alpha


@exercise.mistake("The slope at x = 0 is 1 in grad_x; it is taken to be alpha: x > 0, not >=.")
def passes_at_zero(grad_out, x, alpha):
    grad_x, grad_alpha = prelu_backward(grad_out, x, alpha)
    return grad_out.where(x >= 0, grad_x), grad_alpha


@exercise.mistake("The slope at x = 0 is 0 in grad_x; it is taken to be alpha.")
def stops_at_zero(grad_out, x, alpha):
    grad_x, grad_alpha = prelu_backward(grad_out, x, alpha)
    return grad_x * (x != 0), grad_alpha


@exercise.mistake("grad_x is 0 where x is negative: there it is alpha * grad_out.")
def plain_relu(grad_out, x, alpha):
    return grad_out * (x > 0), prelu_backward(grad_out, x, alpha)[1]


@exercise.mistake("grad_x is the slope alone: multiply it by the upstream gradient grad_out.")
def upstream_forgotten(grad_out, x, alpha):
    return (x > 0) + alpha * (x <= 0), prelu_backward(grad_out, x, alpha)[1]


@exercise.mistake("alpha is on the wrong side in grad_x: it belongs to x of 0 and below.")
def slope_on_positive_side(grad_out, x, alpha):
    return grad_out.where(x <= 0, alpha * grad_out), prelu_backward(grad_out, x, alpha)[1]


@exercise.mistake("grad_alpha comes first: return grad_x, grad_alpha.")
def order_exchanged(grad_out, x, alpha):
    return prelu_backward(grad_out, x, alpha)[::-1]
