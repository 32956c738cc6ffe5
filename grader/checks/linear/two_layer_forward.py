"""A hidden layer with ReLU, an output layer, and a softmax: from inputs to probabilities."""

from grader.checks._shared import numpy_errors, of_arguments, of_softmax, zero
from grader.checks.linear._cases import LAYERS_ALONE, NETWORK_FEATURES, networks
from grader.vocabulary import Exercise, one_of, tied

exercise = Exercise(
    points=3,
    decks=("002", "003"),
    requires=("linear_forward", "activations.relu", "activations.softmax"),
    levels={
        "small logits": networks(),
        "large logits": networks(of=tied, scale=1000.0, shift=one_of(0.0, -2000.0)),
    },
    features=NETWORK_FEATURES,
    never=[LAYERS_ALONE],
    hints=(
        "Which steps lead from x (N, D) to the hidden layer (N, M), to the logits (N, K) and to "
        "probabilities? Where does a ReLU belong, and where none?",
        "x = 1, hidden weights 1 and -1, output rows [0, 2] and [0, 0], no biases:\n"
        "max(1 * 1, 0) = 1\n"
        "max(1 * -1, 0) = 0    the hidden layer is [1, 0]\n"
        "1 * 0 + 0 * 2 = 0     both logits are 0\n"
        "w1 = [[1], [-1]]\n"
        "w2 = [[0, 2], [0, 0]]\n"
        "two_layer_forward([[1]], w1, [0, 0], w2, [0, 0]) = [[0.5, 0.5]]",
        "hidden = relu(linear_forward(...))\n"
        "logits = linear_forward(hidden, ...)\n"
        "return softmax of each row of logits   # subtract the row's maximum before exp",
    ),
)


def logits_of(x, w1, b1, w2, b2):
    """Return the scores before the softmax."""
    return (x @ w1.T + b1).relu() @ w2.T + b2


@exercise.equivalent
def two_layer(x, w1, b1, w2, b2):
    import torch.nn.functional as F

    return F.linear(F.relu(F.linear(x, w1, b1)), w2, b2).softmax(1)


@exercise.mistake("These are the logs of the probabilities: take exp of them.")
def log_probabilities(x, w1, b1, w2, b2):
    return logits_of(x, w1, b1, w2, b2).log_softmax(1)


@exercise.mistake("The hidden layer has no ReLU: max(0, x w1ᵀ + b1).")
def no_relu(x, w1, b1, w2, b2):
    return ((x @ w1.T + b1) @ w2.T + b2).softmax(1)


@exercise.mistake("The logits pass through a ReLU too: only the hidden layer has one.")
def relu_on_logits(x, w1, b1, w2, b2):
    return logits_of(x, w1, b1, w2, b2).relu().softmax(1)


@exercise.mistake("The hidden layer has a sigmoid; it should be a ReLU.")
def sigmoid_for_relu(x, w1, b1, w2, b2):
    return ((x @ w1.T + b1).sigmoid() @ w2.T + b2).softmax(1)


@exercise.mistake("The hidden layer has a tanh; it should be a ReLU.")
def tanh_for_relu(x, w1, b1, w2, b2):
    return ((x @ w1.T + b1).tanh() @ w2.T + b2).softmax(1)


@exercise.mistake("The outputs go through a sigmoid one by one; softmax makes each row sum to 1.")
def sigmoid_for_softmax(x, w1, b1, w2, b2):
    return logits_of(x, w1, b1, w2, b2).sigmoid()


@exercise.mistake("The bias b1 is added after the ReLU; it belongs inside.")
def bias_after_relu(x, w1, b1, w2, b2):
    return (((x @ w1.T).relu() + b1) @ w2.T + b2).softmax(1)


@exercise.mistake("w1 and w2 are not transposed: they are (out, in), so that it is x @ w1.T.")
@numpy_errors()
def weights_not_transposed(x, w1, b1, w2, b2):
    return ((x @ w1 + b1).relu() @ w2 + b2).softmax(1)


of_softmax(
    exercise,
    lambda softmax, *network: softmax(logits_of(*network)),
    "no_maximum",
    "global_maximum",
    "softmax_over_the_batch",
    "no_keepdims",
    no_axis="Softmax divides by the sum over the whole batch: each row sums to 1 by itself.",
    no_softmax="There is no softmax: these are the logits, not yet probabilities.",
)
of_arguments(
    exercise,
    no_b1=("The hidden bias b1 is missing.", {"b1": zero}),
    no_b2=("The output bias b2 is missing.", {"b2": zero}),
    no_biases=("Both biases are missing.", {"b1": zero, "b2": zero}),
)
