"""The gradient that arrives at the outputs is passed on to x, the weight and the bias."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    axis_in_front,
    numpy_errors,
    of_arguments,
    of_result,
    one,
    products_of,
    transposed,
)
from grader.checks.linear._cases import LAYER_FEATURES, layers
from grader.vocabulary import Exercise, gradients

exercise = Exercise(
    points=2,
    decks=("001",),
    requires=("linear_forward",),
    levels={
        "one sample": layers(samples=1, backward=True),
        "a batch": layers(backward=True),
    },
    features=LAYER_FEATURES,
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("grad_out", "x weight"),
    hints=(
        "What is the shape of each gradient, and which products of grad_out (N, O), x (N, D) "
        "and weight (O, D) have it? Is the loss of a batch a sum over its samples?",
        "Two samples x = 1 and x = 3, one output with weight 5, grad_out 1 and 10:\n"
        "1 * 5 = 5\n"
        "10 * 5 = 50         grad_x is [[5], [50]]\n"
        "1 * 1 + 10 * 3 = 31    grad_weight: both samples add to it\n"
        "1 + 10 = 11            grad_bias\n"
        "linear_backward([[1], [10]], [[1], [3]], [[5]], [0])[1] = [[31]]",
        "grad_x = grad_out @ ...        # (N, O) times (O, D)\n"
        "grad_weight = ... @ x          # (O, N) times (N, D)\n"
        "grad_bias = ... over the batch # (O,)\n"
        "return grad_x, grad_weight, grad_bias",
    ),
)


@exercise.equivalent
def linear_backward(grad_out, x, weight, bias):
    import torch.nn.functional as F

    return gradients(F.linear, grad_out, x, weight, bias)


def averaged(grad, x):
    """Divide by the number of samples."""
    return grad / len(x)


of_result(
    exercise,
    grad_weight_transposed=(
        "grad_weight comes out as (D, O); it must have the weight's shape (O, D): grad_out.T @ x.",
        {1: transposed},
    ),
    grad_bias_keeps_axis=(
        "grad_bias has shape (1, O): drop keepdims=True, it is (O,) as the bias is.",
        {2: axis_in_front},
    ),
    grad_bias_averaged=("grad_bias is averaged over the batch; add up the samples.", {2: averaged}),
    grad_weight_averaged=(
        "grad_weight is averaged over the batch; add up the samples.",
        {1: averaged},
    ),
    both_averaged=(
        "grad_weight and grad_bias are averaged over the batch; add up the samples. If the loss is "
        "a mean, grad_out says so already.",
        {1: averaged, 2: averaged},
    ),
    all_averaged=(
        "All gradients are divided by N: if the loss is a mean, grad_out says so already.",
        {0: averaged, 1: averaged, 2: averaged},
    ),
    grad_bias_over_outputs=(
        "grad_bias sums the wrong axis: add up the N samples, grad_out.sum(axis=0).",
        {2: lambda _, grad_out: grad_out.sum(1)},
    ),
    grad_bias_over_everything=(
        "grad_bias is one number, summed over everything: sum over the samples, axis=0.",
        {2: lambda grad_bias: grad_bias.sum()},
    ),
    grad_bias_not_summed=(
        "grad_bias is grad_out itself; the bias is used by every sample: sum(axis=0).",
        {2: lambda _, grad_out: grad_out},
    ),
    grad_bias_without_upstream=(
        "grad_bias counts the samples: the upstream gradient is missing, grad_out.sum(axis=0).",
        {2: lambda grad_bias, x: one(grad_bias) * len(x)},
    ),
    grad_x_last=(
        "The gradients are in another order: grad_x comes first, then weight and bias.",
        lambda grads: (*grads[1:], grads[0]),
    ),
)
of_arguments(
    exercise,
    upstream_forgotten=(
        "The upstream gradient is not used: all three gradients begin with grad_out.",
        {"grad_out": one},
    ),
)


@exercise.mistake(
    "grad_x uses weight.T; the product that fits is grad_out @ weight, (N, O) @ (O, D)."
)
@numpy_errors()
def weight_transposed_in_grad_x(grad_out, x, weight, bias):
    _, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_out @ weight.T, grad_weight, grad_bias


@exercise.mistake(
    "Only the last sample reaches grad_weight and grad_bias: each one overwrites (=) the one "
    "before; add them up (+=)."
)
def last_sample_only(grad_out, x, weight, bias):
    grad_x, _, _ = linear_backward(grad_out, x, weight, bias)
    return grad_x, *linear_backward(grad_out[-1:], x[-1:], weight, bias)[1:]
