"""A hidden layer with ReLU, an output layer, and a softmax: from inputs to probabilities."""

from grader.checks.activations._mistakes import (
    numpy_errors,
    softmax_over_everything,
    softmax_with_global_maximum,
    softmax_without_keepdims,
    softmax_without_maximum,
)
from grader.checks.linear._cases import NETWORK_FEATURES, networks
from grader.vocabulary import Exercise, one_of, tied

exercise = Exercise(
    points=2,
    decks=("002", "003"),
    requires=("linear_forward", "activations.relu", "activations.softmax"),
    levels={
        "small logits": networks(),
        "large logits": networks(of=tied, scale=1000.0, shift=one_of(0.0, -2000.0)),
    },
    features=NETWORK_FEATURES,
    hints=(
        "Go one step at a time and print each shape: (N, D), hidden (N, M), logits (N, K), and the "
        "probabilities have the same shape.",
        "The hidden layer is linear_forward(x, w1, b1) followed by relu, the output layer is "
        "linear_forward of that with w2 and b2, without a relu.",
        "Softmax works on each row alone: subtract the row's maximum, take exp, and divide by the "
        "row's sum, both with axis=1 and keepdims=True.",
    ),
)


def logits_of(x, w1, b1, w2, b2):
    """Return the scores before the softmax."""
    return (x @ w1.T + b1).relu() @ w2.T + b2


@exercise.equivalent
def two_layer(x, w1, b1, w2, b2):
    import torch.nn.functional as F

    return F.linear(F.relu(F.linear(x, w1, b1)), w2, b2).softmax(1)


@exercise.mistake("There is no softmax: these are the logits, not yet probabilities.")
def no_softmax(x, w1, b1, w2, b2):
    return logits_of(x, w1, b1, w2, b2)


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


@exercise.mistake("The hidden bias b1 is missing.")
def no_b1(x, w1, b1, w2, b2):
    return two_layer(x, w1, 0 * b1, w2, b2)


@exercise.mistake("The output bias b2 is missing.")
def no_b2(x, w1, b1, w2, b2):
    return two_layer(x, w1, b1, w2, 0 * b2)


@exercise.mistake("Both biases are missing.")
def no_biases(x, w1, b1, w2, b2):
    return two_layer(x, w1, 0 * b1, w2, 0 * b2)


@exercise.mistake("The bias b1 is added after the ReLU; it belongs inside.")
def bias_after_relu(x, w1, b1, w2, b2):
    return (((x @ w1.T).relu() + b1) @ w2.T + b2).softmax(1)


@exercise.mistake("w1 and w2 are not transposed: they are (out, in), so that it is x @ w1.T.")
@numpy_errors()
def weights_not_transposed(x, w1, b1, w2, b2):
    return ((x @ w1 + b1).relu() @ w2 + b2).softmax(1)


@exercise.mistake(
    "exp of a large logit overflows, and a row of very negative ones becomes all zeros. Subtract "
    "each row's maximum first."
)
def no_maximum(x, w1, b1, w2, b2):
    return softmax_without_maximum(logits_of(x, w1, b1, w2, b2))


@exercise.mistake(
    "The maximum of the whole batch is subtracted, and a row far below it becomes all zeros. Every "
    "row needs its own: max(axis=1, keepdims=True)."
)
def global_maximum(x, w1, b1, w2, b2):
    return softmax_with_global_maximum(logits_of(x, w1, b1, w2, b2))


@exercise.mistake("Softmax divides by the sum over the whole batch: each row sums to 1 by itself.")
def no_axis(x, w1, b1, w2, b2):
    return softmax_over_everything(logits_of(x, w1, b1, w2, b2))


@exercise.mistake("Softmax runs down the batch (axis 0); the classes of a sample are on axis 1.")
def softmax_over_the_batch(x, w1, b1, w2, b2):
    return logits_of(x, w1, b1, w2, b2).softmax(0)


@exercise.mistake(
    "The row's maximum and sum have shape (N,) and meet the wrong axis of the (N, K) logits: keep "
    "them as columns with keepdims=True."
)
def no_keepdims(x, w1, b1, w2, b2):
    return softmax_without_keepdims(logits_of(x, w1, b1, w2, b2))
