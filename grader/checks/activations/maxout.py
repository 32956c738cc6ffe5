"""Every neuron computes two weighted sums and answers with the larger one."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
    raising,
    zero,
)
from grader.vocabulary import Exercise, array, between, strategy


@strategy
def pairs_of_layers(draw, samples=between(1, 5)):
    """Draw x and two linear layers with as many outputs."""
    n, d, k = draw(samples), draw(between(1, 4)), draw(between(1, 5))
    layers = [draw(array(*shape)) for _ in range(2) for shape in ((k, d), (k,))]
    return draw(array(n, d)), *layers


exercise = Exercise(
    points=2,
    decks=("003",),
    levels={"one sample": pairs_of_layers(samples=1), "a batch": pairs_of_layers()},
    features={
        "several samples": lambda x: len(x) > 1,
        "as many neurons as inputs": lambda w1: w1.shape[0] == w1.shape[1],
        "several neurons": lambda w1: len(w1) > 1,
        "several numbers in the result": lambda x, w1: len(x) * len(w1) > 1,
    },
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("x", "w1 b1 w2 b2"),
    hints=(
        "Which two arrays are compared, and what is the shape of each? Is the largest number of "
        "an array wanted, or the larger of two numbers at each place?",
        "One input, x = 2, weights 1 and -1, biases 0.5 and 0:\n"
        "2 * 1 + 0.5 = 2.5   first linear function\n"
        "2 * -1 + 0 = -2     second\n"
        "maxout([[2]], [[1]], [0.5], [[-1]], [0]) = [[max(2.5, -2)]] = [[2.5]]",
        "first = x @ ... + ...    # (N, K)\n"
        "second = ...             # (N, K)\n"
        "return np.maximum(..., ...)",
    ),
)


@exercise.equivalent
def maxout(x, w1, b1, w2, b2):
    import torch
    import torch.nn.functional as F

    return torch.maximum(F.linear(x, w1, b1), F.linear(x, w2, b2))


of_result(
    exercise,
    relu_added="There is a ReLU too much: maxout may be negative.",
    largest_neuron=(
        "The largest neuron of each sample is returned: compare the two functions only.",
        lambda largest: largest.amax(1),
    ),
)
of_arguments(
    exercise,
    no_biases=("The biases are missing.", {"b1": zero, "b2": zero}),
    first_bias_twice=(
        "The second function has the first one's bias: add b2 to it.",
        {"b2": lambda _, b1: b1},
    ),
)
raising(
    exercise,
    ValueError,
    lambda x, w1: len(x) * len(w1) > 1,
    python_max="Python's max asks one question about whole arrays. np.maximum goes through the "
    "elements.",
)


@exercise.mistake("The smaller one is taken: np.maximum, not np.minimum.")
def minimum(x, w1, b1, w2, b2):
    return -maxout(x, -w1, -b1, -w2, -b2)


@exercise.mistake("The biases are added after the comparison: they belong to the two functions.")
def biases_added_after(x, w1, b1, w2, b2):
    return maxout(x, w1, 0 * b1, w2, 0 * b2) + b1 + b2


@exercise.mistake("The two are added: take the larger one.")
def added(x, w1, b1, w2, b2):
    return x @ (w1 + w2).T + b1 + b2


@exercise.mistake("Only the first linear function is used: compare it with the second.")
def first_only(x, w1, b1, w2, b2):
    return x @ w1.T + b1


@exercise.mistake("Only the second linear function is used: compare it with the first.")
def second_only(x, w1, b1, w2, b2):
    return x @ w2.T + b2


@exercise.mistake("This is a ReLU of the first function: compare it with the second, not with 0.")
def relu_of_first(x, w1, b1, w2, b2):
    return (x @ w1.T + b1).relu()


@exercise.mistake("The weights are compared before they meet x: compare the two results.")
def weights_compared(x, w1, b1, w2, b2):
    return x @ w1.maximum(w2).T + b1.maximum(b2)


@exercise.mistake("The weights are not transposed: they are (K, D), so that it is x @ w1.T.")
@numpy_errors()
def weights_not_transposed(x, w1, b1, w2, b2):
    return (x @ w1 + b1).maximum(x @ w2 + b2)


@exercise.mistake("Both results stand side by side, (N, 2K): keep the larger one at each place.")
def side_by_side(x, w1, b1, w2, b2):
    import torch

    return torch.cat([x @ w1.T + b1, x @ w2.T + b2], 1)
