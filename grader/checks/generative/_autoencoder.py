"""The auto-encoder in torch's words, with what can be another way in it."""

from grader.checks._shared import zero
from grader.vocabulary import array, between, bits, mixed, one_of, plain, strategy, undrawn, uniform

pixels = mixed(uniform(0.0, 1.0), bits)


@strategy
def autoencoders(draw, of=plain, scale=1.0, target=False):
    """Draw x, the target where asked for, and both layers; w2 is multiplied by `scale`."""
    n, d, m = draw(between(1, 4)), draw(between(1, 5)), draw(between(1, 4))
    size = draw(scale)
    x = draw(array(n, d, of=of))
    wanted = (draw(array(n, d, of=pixels)),) if target else ()
    w1, b1 = draw(array(m, d, of=of)), draw(array(m, of=of))
    return x, *wanted, w1, b1, size * draw(array(d, m, of=of)), draw(array(d, of=of))


LARGE = one_of(1000.0, 30.0)
"""By how much w2 is multiplied where the scores are to be large."""

ALONE = undrawn(
    "tiny far huge ties near below",
    "linear_forward, relu and sigmoid are asked about such numbers; here they would make scores "
    "of thousands, which have a level of their own by w2.",
)
"""Why the numbers of a whole network are ordinary."""


def scores_of(x, w1, b1, w2, b2):
    """Return the scores before the sigmoid, of NumPy's arrays."""
    return (x @ w1.T + b1).clip(0.0) @ w2.T + b2


FEATURES = {
    "several samples": lambda x: len(x) > 1,
    "a code smaller than the input": lambda w1: w1.shape[0] < w1.shape[1],
    "as many numbers in the code as in the input": lambda w1: w1.shape[0] == w1.shape[1],
    "a code number that is 0": lambda x, w1, b1: (x @ w1.T + b1 < 0.0).any(),
    "a score above 700": lambda x, w1, b1, w2, b2: scores_of(x, w1, b1, w2, b2).max() > 700,
    "a score below -700": lambda x, w1, b1, w2, b2: scores_of(x, w1, b1, w2, b2).min() < -700,
}


def relu(a):
    return a.relu()


def sigmoid(a):
    return a.sigmoid()


def overflowing(a):
    """Return inf / inf where a is large."""
    return a.exp() / (1.0 + a.exp())


def reconstruct(x, w1, b1, w2, b2, inner=relu, outer=sigmoid):
    """Return the reconstruction, with other activations perhaps."""
    import torch.nn.functional as F

    return outer(F.linear(inner(F.linear(x, w1, b1)), w2, b2))


def activation(function):
    """Return a change that puts another activation in place of the right one."""
    return lambda _: function


ACTIVATIONS = {
    "no_relu": ("The code has no ReLU: max(0, w1 x + b1).", {"inner": activation(lambda a: a)}),
    "sigmoid_for_relu": (
        "The code goes through a sigmoid; it is max(0, w1 x + b1).",
        {"inner": activation(sigmoid)},
    ),
    "tanh_for_relu": (
        "The code goes through tanh; it is max(0, w1 x + b1).",
        {"inner": activation(lambda a: a.tanh())},
    ),
    "no_sigmoid": (
        "The sigmoid at the end is missing: x_hat = sigmoid(w2 code + b2).",
        {"outer": activation(lambda a: a)},
    ),
    "relu_for_sigmoid": (
        "The decoder ends with a ReLU; it is a sigmoid.",
        {"outer": activation(relu)},
    ),
    "relu_before_sigmoid": (
        "There is a ReLU before the sigmoid, so that nothing is below 1/2; the scores may be "
        "negative.",
        {"outer": activation(lambda a: a.relu().sigmoid())},
    ),
    "tanh_for_sigmoid": (
        "The decoder ends with tanh; it is a sigmoid.",
        {"outer": activation(lambda a: a.tanh())},
    ),
    "softmax_for_sigmoid": (
        "The decoder ends with a softmax; each number has a sigmoid of its own.",
        {"outer": activation(lambda a: a.softmax(1))},
    ),
    "sigmoid_twice": (
        "The sigmoid is applied twice.",
        {"outer": activation(lambda a: a.sigmoid().sigmoid())},
    ),
    "exp_overflows": (
        "exp(a) / (1 + exp(a)) is inf / inf, nan, at 1000. Give exp only numbers <= 0: -abs(a).",
        {"outer": activation(overflowing)},
    ),
    "b1_missing": ("b1 is missing in the code.", {"b1": zero}),
    "b2_missing": ("b2 is missing in the scores.", {"b2": zero}),
}
"""What goes wrong inside, forward and backward."""
