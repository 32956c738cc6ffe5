"""A leaky ReLU whose slope alpha is learned: gradients for x and for alpha."""

from grader.checks._shared import backwards, negative, of_result, products_of
from grader.checks.activations._cases import KINKS, elements
from grader.vocabulary import Exercise, gradients, mixed, nonzero, one_of, tied, wide

ALPHA = one_of(0.25, 0.0, 0.5, -0.5, 1.5)

exercise = Exercise(
    points=2,
    decks=("003",),
    requires=("leaky_relu_backward",),
    levels={
        "no zeros": elements(upstream=True, of=nonzero, numbers=[ALPHA]),
        "with zeros": elements(upstream=True, of=mixed(tied, wide), numbers=[ALPHA]),
    },
    features={
        **KINKS,
        "alpha = 0": lambda alpha: alpha == 0,
        "alpha below 0": lambda alpha: alpha < 0,
    },
    terms=products_of("grad_out", "x"),
    hints=(
        "Where x is negative the output is alpha * x: how fast does it change with x, and how "
        "fast with alpha? Where x is positive, what has alpha to say?",
        "grad_out is [4, 4], x is [-2, 3] and alpha 0.5:\n"
        "4 * 0.5 = 2    grad_x at x = -2\n"
        "4 * 1 = 4      grad_x at x = 3\n"
        "4 * -2 + 4 * 0 = -8   grad_alpha: x where it is negative, 0 elsewhere\n"
        "prelu_backward([4, 4], [-2, 3], 0.5)[1] = -8",
        "grad_x = np.where(x > 0, ..., ...)\n"
        "grad_alpha = ... of grad_out * (x where it is negative, 0 elsewhere)\n"
        "return grad_x, ...   # an array like x, and one number",
    ),
)


@exercise.equivalent
def prelu_backward(grad_out, x, alpha):
    import torch
    import torch.nn.functional as F

    return gradients(F.prelu, grad_out, x, torch.tensor(alpha, dtype=torch.float64))


of_result(
    exercise,
    order_exchanged=("grad_alpha comes first: return grad_x, grad_alpha.", backwards),
    passes_at_zero=(
        "The slope at x = 0 is 1 in grad_x; it is taken to be alpha: x > 0, not >=.",
        {0: lambda grad_x, grad_out, x: grad_out.where(x >= 0, grad_x)},
    ),
    stops_at_zero=(
        "The slope at x = 0 is 0 in grad_x; it is taken to be alpha.",
        {0: lambda grad_x, x: grad_x * (x != 0)},
    ),
    plain_relu=(
        "grad_x is 0 where x is negative: there it is alpha * grad_out.",
        {0: lambda _, grad_out, x: grad_out * (x > 0)},
    ),
    upstream_forgotten=(
        "grad_x is the slope alone: multiply it by the upstream gradient grad_out.",
        {0: lambda _, x, alpha: (x > 0) + alpha * (x <= 0)},
    ),
    slope_on_positive_side=(
        "alpha is on the wrong side in grad_x: it belongs to x of 0 and below.",
        {0: lambda _, grad_out, x, alpha: grad_out.where(x <= 0, alpha * grad_out)},
    ),
    alpha_from_positive_side=(
        "grad_alpha sums over the positive x; alpha acts on the negative ones.",
        {1: lambda _, grad_out, x: (grad_out * x.relu()).sum()},
    ),
    alpha_from_all_elements=(
        "grad_alpha sums over all elements; alpha acts only where x is below 0.",
        {1: lambda _, grad_out, x: (grad_out * x).sum()},
    ),
    alpha_not_summed=(
        "grad_alpha is not summed: all elements share one alpha, so it is one number.",
        {1: lambda _, grad_out, x: -grad_out * (-x).relu()},
    ),
    alpha_summed_over_batch=(
        "grad_alpha is summed over the first axis only: all elements share one alpha.",
        {1: lambda _, grad_out, x: (-grad_out * (-x).relu()).sum(0)},
    ),
    alpha_averaged=(
        "grad_alpha is averaged; every element adds its part.",
        {1: lambda grad_alpha, x: grad_alpha / x.numel()},
    ),
    alpha_without_x=(
        "grad_alpha lacks the factor x: the output alpha * x changes by x per unit of alpha.",
        {1: lambda _, grad_out, x: (grad_out * (x < 0)).sum()},
    ),
    alpha_without_upstream=(
        "grad_alpha lacks the upstream gradient: sum grad_out * x, where x is below 0.",
        {1: lambda _, x: -(-x).relu().sum()},
    ),
    alpha_times_alpha=(
        "grad_alpha has a factor alpha too much: alpha * x changes by x per unit of alpha.",
        {1: lambda grad_alpha, alpha: alpha * grad_alpha},
    ),
    alpha_sign_turned=(
        "grad_alpha has the wrong sign: x is negative there, and stays so.",
        {1: negative},
    ),
)
