"""The loss of a two-layer network and how it changes with every weight and bias."""

from grader.checks._shared import (
    axis_in_front,
    largest_of,
    negative,
    numpy_errors,
    of_arguments,
    of_result,
    of_softmax,
    rounded,
    transposed,
)
from grader.checks.linear._cases import LAYERS_ALONE, NETWORK_FEATURES, logits_of_numbers, networks
from grader.vocabulary import Exercise, gradients, one_of, tied

exercise = Exercise(
    points=5,
    decks=("001", "002", "003"),
    requires=("linear_backward", "activations.relu_backward"),
    levels={
        "no pre-activation of 0": networks(targets=True),
        "pre-activations of 0": networks(of=tied, targets=True),
        "large logits": networks(of=tied, scale=1000.0, shift=one_of(0.0, -2000.0), targets=True),
    },
    features=NETWORK_FEATURES,
    never=[LAYERS_ALONE],
    terms=lambda x, w1, b1, w2, b2: (
        largest_of(x) * largest_of(w2) * rounded(logits_of_numbers(x, w1, b1, w2, b2))
    ),
    hints=(
        "Which steps has the forward pass, from x to the loss? If you go through them "
        "backwards, what does each step take from the one after it, and what does it hand on?",
        "One sample, two classes, equal logits, the second class is right:\n"
        "-log(0.5) = 0.6931     the loss\n"
        "0.5 - 0 = 0.5          the gradient at the logit of the wrong class\n"
        "0.5 - 1 = -0.5         at the logit of the right one, divided by N (here 1)\n"
        "A hidden neuron that the ReLU had set to 0 passes nothing on.\n"
        "two_layer_backward([[1]], zeros(2, 1), zeros(2), zeros(2, 2), zeros(2), [1])[0] = 0.6931",
        "hidden, probabilities = ...                 # the forward pass, kept\n"
        "loss = the mean of -log p at the targets\n"
        "grad_logits = (probabilities, less 1 at ...) / ...\n"
        "grad_hidden, grad_w2, grad_b2 = linear_backward(grad_logits, ..., w2, b2)\n"
        "grad_pre = np.where(..., grad_hidden, 0)\n"
        "_, grad_w1, grad_b1 = linear_backward(grad_pre, ..., w1, b1)",
    ),
)


@exercise.equivalent
def two_layer_backward(x, w1, b1, w2, b2, targets, activation=None):
    import torch.nn.functional as F

    def loss(w1, b1, w2, b2):
        hidden = (activation or F.relu)(F.linear(x, w1, b1))
        return F.cross_entropy(F.linear(hidden, w2, b2), targets)

    return loss(w1, b1, w2, b2), *gradients(loss, 1.0, w1, b1, w2, b2)


def logits_of(x, w1, b1, w2, b2):
    """Return the scores before the softmax."""
    return (x @ w1.T + b1).relu() @ w2.T + b2


def with_probabilities(softmax, x, w1, b1, w2, b2, targets):
    """Return the answer for another softmax."""
    import torch.nn.functional as F

    p = softmax(logits_of(x, w1, b1, w2, b2))
    grad_logits = (p - F.one_hot(targets, len(b2))) / len(x)
    grads = gradients(lambda *w: logits_of(x, *w), grad_logits, w1, b1, w2, b2)
    return F.nll_loss(p.log(), targets), *grads


GRADIENTS = (1, 2, 3, 4)
BIASES, WEIGHTS = (2, 4), (1, 3)


def summed(part, x):
    """Take the sum over the batch, where its mean is asked for."""
    return part * len(x)


def averaged(part, x):
    """Divide by the number of samples once more."""
    return part / len(x)


of_result(
    exercise,
    gradients_not_divided=(
        "The gradients are not divided by N: the loss is a mean over the batch.",
        dict.fromkeys(GRADIENTS, summed),
    ),
    gradients_divided_twice=(
        "The gradients are divided by N twice: once, at the logits, is enough.",
        dict.fromkeys(GRADIENTS, averaged),
    ),
    loss_not_divided=(
        "The loss is a sum over the batch and the gradients a mean: both are means.",
        {0: summed},
    ),
    sum_for_mean=(
        "Loss and gradients are sums over the batch: divide both by N.",
        dict.fromkeys((0, *GRADIENTS), summed),
    ),
    biases_averaged=(
        "grad_b1 and grad_b2 are averaged over the batch: the gradient at the logits is divided by "
        "N already, so add up.",
        dict.fromkeys(BIASES, averaged),
    ),
    biases_keep_axis=(
        "grad_b1 and grad_b2 have an axis of length 1 too many: drop keepdims=True.",
        dict.fromkeys(BIASES, axis_in_front),
    ),
    weights_transposed=(
        "grad_w1 and grad_w2 are transposed: like the weights they are (out, in), grad.T @ input.",
        dict.fromkeys(WEIGHTS, transposed),
    ),
    weights_before_biases=(
        "The weights come first: return loss, grad_w1, grad_b1, grad_w2, grad_b2.",
        lambda parts: tuple(parts[place] for place in (0, *WEIGHTS, *BIASES)),
    ),
    no_loss=(
        "The loss is missing: return loss, grad_w1, grad_b1, grad_w2, grad_b2.",
        lambda parts: parts[1:],
    ),
    wrong_sign=(
        "All gradients have the wrong sign: at the logits it is p - 1 at the target.",
        dict.fromkeys(GRADIENTS, negative),
    ),
)


@exercise.mistake("The gradient at the logits is p / N: subtract 1 at the target first.")
def nothing_subtracted(x, w1, b1, w2, b2, targets):
    grad_logits = logits_of(x, w1, b1, w2, b2).softmax(1) / len(x)
    loss = two_layer_backward(x, w1, b1, w2, b2, targets)[0]
    return loss, *gradients(lambda *w: logits_of(x, *w), grad_logits, w1, b1, w2, b2)


@exercise.mistake(
    "There is a factor p * (1 - p) too much: p - 1 at the target is already the gradient at the "
    "logits."
)
def extra_softmax_derivative(x, w1, b1, w2, b2, targets):
    import torch.nn.functional as F

    p = logits_of(x, w1, b1, w2, b2).softmax(1)
    grad_logits = (p - F.one_hot(targets, len(b2))) * p * (1 - p) / len(x)
    loss = two_layer_backward(x, w1, b1, w2, b2, targets)[0]
    return loss, *gradients(lambda *w: logits_of(x, *w), grad_logits, w1, b1, w2, b2)


@exercise.mistake(
    "The gradient goes through the ReLU unchanged: set it to 0 where the hidden layer is 0."
)
def relu_not_passed(x, w1, b1, w2, b2, targets):
    # The value is that of relu, the gradient that of the identity.
    return two_layer_backward(
        x, w1, b1, w2, b2, targets, activation=lambda z: z + (z.relu() - z).detach()
    )


@exercise.mistake("grad_b1 is summed before the gradient goes through the ReLU: set it to 0 first.")
def relu_not_passed_to_b1(x, w1, b1, w2, b2, targets):
    loss, grad_w1, _, *second_layer = two_layer_backward(x, w1, b1, w2, b2, targets)
    grad_b1 = relu_not_passed(x, w1, b1, w2, b2, targets)[2]
    return loss, grad_w1, grad_b1, *second_layer


of_arguments(
    exercise,
    passes_at_zero=(
        "The gradient passes where a pre-activation is exactly 0: use > 0, not >= 0.",
        {"activation": lambda _: lambda z: z * (z >= 0)},
    ),
    no_relu=(
        "The hidden layer has no ReLU: max(0, x w1ᵀ + b1).",
        {"activation": lambda _: lambda z: z},
    ),
)


@exercise.mistake(
    "grad_w2 is computed with the hidden layer before its ReLU; what w2 was multiplied with is the "
    "layer after it."
)
def grad_w2_before_relu(x, w1, b1, w2, b2, targets):
    import torch.nn.functional as F

    loss, grad_w1, grad_b1, _, grad_b2 = two_layer_backward(x, w1, b1, w2, b2, targets)
    logits = logits_of(x, w1, b1, w2, b2)
    (grad_logits,) = gradients(lambda z: F.cross_entropy(z, targets), 1.0, logits)
    return loss, grad_w1, grad_b1, grad_logits.T @ (x @ w1.T + b1), grad_b2


@exercise.mistake("The gradient at the hidden layer is grad_logits @ w2, without a transpose.")
@numpy_errors()
def w2_transposed(x, w1, b1, w2, b2, targets):
    import torch.nn.functional as F

    loss, _, _, grad_w2, grad_b2 = two_layer_backward(x, w1, b1, w2, b2, targets)
    logits = logits_of(x, w1, b1, w2, b2)
    (grad_logits,) = gradients(lambda z: F.cross_entropy(z, targets), 1.0, logits)
    first = gradients(lambda w, b: F.linear(x, w, b).relu(), grad_logits @ w2.T, w1, b1)
    return loss, *first, grad_w2, grad_b2


of_softmax(
    exercise,
    with_probabilities,
    "log_of_probability_zero",
    "no_maximum",
    "global_maximum",
    no_axis="Softmax divides by the sum over the whole batch: each row sums to 1 by itself.",
)
