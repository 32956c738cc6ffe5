"""The gradient that arrives at the outputs is passed on to x, the weight and the bias."""

from grader.checks._shared import numpy_errors
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


@exercise.mistake("grad_weight is (D, O): it has the weight's shape (O, D), grad_out.T @ x.")
def grad_weight_transposed(grad_out, x, weight, bias):
    grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight.T, grad_bias


@exercise.mistake("grad_bias has shape (1, O): drop keepdims=True, it is (O,) as the bias is.")
def grad_bias_keeps_axis(grad_out, x, weight, bias):
    grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight, grad_bias[None]


@exercise.mistake("grad_bias is averaged over the batch; add up the samples.")
def grad_bias_averaged(grad_out, x, weight, bias):
    grad_x, grad_weight, _ = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight, grad_out.mean(0)


@exercise.mistake("grad_weight is averaged over the batch; add up the samples.")
def grad_weight_averaged(grad_out, x, weight, bias):
    grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight / len(x), grad_bias


@exercise.mistake(
    "grad_weight and grad_bias are averaged over the batch; add up the samples. If the loss is a "
    "mean, grad_out says so already."
)
def both_averaged(grad_out, x, weight, bias):
    grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight / len(x), grad_bias / len(x)


@exercise.mistake(
    "All gradients are divided by N: if the loss is a mean, grad_out says so already."
)
def all_averaged(grad_out, x, weight, bias):
    return linear_backward(grad_out / len(x), x, weight, bias)


@exercise.mistake("grad_bias sums the wrong axis: add up the N samples, grad_out.sum(axis=0).")
def grad_bias_over_outputs(grad_out, x, weight, bias):
    grad_x, grad_weight, _ = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight, grad_out.sum(1)


@exercise.mistake("grad_bias is one number, summed over everything: sum over the samples, axis=0.")
def grad_bias_over_everything(grad_out, x, weight, bias):
    grad_x, grad_weight, _ = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight, grad_out.sum()


@exercise.mistake("grad_bias is grad_out itself; the bias is used by every sample: sum(axis=0).")
def grad_bias_not_summed(grad_out, x, weight, bias):
    grad_x, grad_weight, _ = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight, grad_out


@exercise.mistake(
    "grad_bias counts the samples: the upstream gradient is missing, grad_out.sum(axis=0)."
)
def grad_bias_without_upstream(grad_out, x, weight, bias):
    import torch

    grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_x, grad_weight, torch.full_like(grad_bias, len(x))


@exercise.mistake(
    "grad_x uses weight.T; the product that fits is grad_out @ weight, (N, O) @ (O, D)."
)
@numpy_errors()
def weight_transposed_in_grad_x(grad_out, x, weight, bias):
    _, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_out @ weight.T, grad_weight, grad_bias


@exercise.mistake("The upstream gradient is not used: all three gradients begin with grad_out.")
def upstream_forgotten(grad_out, x, weight, bias):
    import torch

    return linear_backward(torch.ones_like(grad_out), x, weight, bias)


@exercise.mistake(
    "Only the last sample reaches grad_weight and grad_bias: each one overwrites (=) the one "
    "before; add them up (+=)."
)
def last_sample_only(grad_out, x, weight, bias):
    grad_x, _, _ = linear_backward(grad_out, x, weight, bias)
    return grad_x, *linear_backward(grad_out[-1:], x[-1:], weight, bias)[1:]


@exercise.mistake("The gradients are in another order: grad_x comes first, then weight and bias.")
def grad_x_last(grad_out, x, weight, bias):
    grad_x, grad_weight, grad_bias = linear_backward(grad_out, x, weight, bias)
    return grad_weight, grad_bias, grad_x
