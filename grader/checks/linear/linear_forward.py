"""Every output is a weighted sum of all inputs plus a bias."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    negative,
    numpy_errors,
    of_arguments,
    of_result,
    products_of,
    zero,
)
from grader.checks.linear._cases import LAYER_FEATURES, layers
from grader.vocabulary import Exercise

exercise = Exercise(
    points=1,
    decks=("001", "002", "003"),
    levels={"one sample": layers(samples=1), "a batch": layers()},
    features=LAYER_FEATURES,
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("x", "weight bias"),
    hints=(
        "Which row of the weight belongs to output o, and what happens with it and the inputs? "
        "x is (N, D) and weight is (O, D): how do the two D's come next to each other?",
        "One sample [1, 2], two outputs with the rows [1, 1] and [0, 3], biases 10 and 0:\n"
        "1 * 1 + 2 * 1 + 10 = 13\n"
        "1 * 0 + 2 * 3 + 0 = 6\n"
        "linear_forward([[1, 2]], [[1, 1], [0, 3]], [10, 0]) = [[13, 6]]",
        "sums = x @ ...     # (N, D) times (D, O) is (N, O)\n"
        "return sums + ...  # NumPy adds it to every row",
    ),
)


@exercise.equivalent
def linear(x, weight, bias):
    import torch.nn.functional as F

    return F.linear(x, weight, bias)


@exercise.mistake(
    "x @ weight does not fit: weight is (out, in) = (O, D), so that it is x @ weight.T."
)
@numpy_errors()
def weight_not_transposed(x, weight, bias):
    return x @ weight + bias


@exercise.mistake("weight @ x has the samples in the wrong place: x comes first, x @ weight.T.")
@numpy_errors()
def weight_first(x, weight, bias):
    return weight @ x + bias


of_result(
    exercise,
    result_transposed="The result is (O, N): samples are rows, so that it is x @ weight.T, (N, O).",
    relu_added="Negative outputs are cut off: a linear layer has no activation of its own.",
    first_sample_only="Only the first sample is computed; the others stay zero.",
)
of_arguments(
    exercise,
    no_bias=("The bias is missing.", {"bias": zero}),
    bias_subtracted=("The bias is subtracted; add it.", {"bias": negative}),
    first_bias_for_all=(
        "Every output gets the first bias, bias[0]; output o has bias[o].",
        {"bias": lambda bias: bias[:1].expand(len(bias))},
    ),
    bias_at_every_input=(
        "The bias is added once for each of the D inputs: add it once to each output.",
        {"bias": lambda bias, x: bias * x.shape[1]},
    ),
)


@exercise.mistake(
    "weight @ x.T has a column for each sample, and the bias then meets the wrong axis: "
    "x @ weight.T + bias."
)
@numpy_errors()
def samples_as_columns(x, weight, bias):
    return weight @ x.T + bias


@exercise.mistake(
    "The bias is added as a column, to samples instead of outputs: leave its shape (O,) as it is."
)
@numpy_errors()
def bias_as_column(x, weight, bias):
    return x @ weight.T + bias[:, None]


@exercise.mistake("All the biases are added to every output: output o gets bias[o] only.")
def all_biases_added(x, weight, bias):
    return x @ weight.T + bias.sum()
