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
        "Each gradient has the shape of what it belongs to: grad_x (N, D), grad_weight (O, D), "
        "grad_bias (O,). grad_out is (N, O). Only few products fit.",
        "Every sample adds its part to the gradients of the weight and the bias: add up over the "
        "batch, and do not average.",
        "grad_x = grad_out @ weight, grad_weight = grad_out.T @ x, and grad_bias adds up the rows "
        "of grad_out: sum(axis=0).",
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
        "grad_weight is (D, O): it has the weight's shape (O, D), grad_out.T @ x.",
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
