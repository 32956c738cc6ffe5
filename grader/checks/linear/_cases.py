"""The families of cases that the checks of linear layers share, and what tells the cases apart."""

from grader.vocabulary import array, below, between, plain, strategy, undrawn, wide


@strategy
def layers(draw, samples=between(1, 5), backward=False):
    """Draw x, weight and bias of a linear layer, after the upstream gradient where asked for."""
    n, d, o = draw(samples), draw(between(1, 5)), draw(between(1, 5))
    arguments = draw(array(n, d)), draw(array(o, d)), draw(array(o))
    return (draw(array(n, o, of=wide)), *arguments) if backward else arguments


@strategy
def networks(draw, of=plain, scale=1.0, shift=0.0, targets=False):
    """Draw x, the weights and biases of two layers, and targets where asked for.

    The second layer's weights are multiplied by `scale`, and `shift` is added to its biases.
    """
    n, d, m, k = draw(between(1, 4)), draw(between(1, 4)), draw(between(1, 5)), draw(between(2, 4))
    scale, shift = draw(scale), draw(shift)
    x, w1, b1 = draw(array(n, d, of=of)), draw(array(m, d, of=of)), draw(array(m, of=of))
    arguments = x, w1, b1, scale * draw(array(k, m, of=of)), draw(array(k, of=of)) + shift
    return (*arguments, draw(array(n, of=below(k)))) if targets else arguments


LAYERS_ALONE = undrawn(
    "tiny far huge ties near below",
    "linear_forward, relu and softmax are asked about such numbers; here they would make logits of "
    "thousands, which have a level of their own by w2.",
)
"""Why the numbers of whole networks are ordinary."""

LAYER_FEATURES = {
    "several samples": lambda x: len(x) > 1,
    "as many outputs as inputs": lambda weight: weight.shape[0] == weight.shape[1],
    "as many samples as outputs": lambda x, weight: len(x) == len(weight),
    "several outputs": lambda weight: len(weight) > 1,
}


def before_relu(x, w1, b1):
    """Return the pre-activations of the hidden layer."""
    return x @ w1.T + b1


def logits_of_numbers(x, w1, b1, w2, b2):
    """Return the scores before the softmax, of NumPy's arrays."""
    return before_relu(x, w1, b1).clip(0) @ w2.T + b2


def largest_logits(x, w1, b1, w2, b2):
    """Return the largest logit of each sample."""
    return logits_of_numbers(x, w1, b1, w2, b2).max(1)


NETWORK_FEATURES = {
    "several samples": lambda x: len(x) > 1,
    "as many hidden neurons as inputs": lambda w1: w1.shape[0] == w1.shape[1],
    "as many classes as hidden neurons": lambda w2: w2.shape[0] == w2.shape[1],
    "a pre-activation of exactly 0": lambda x, w1, b1: (before_relu(x, w1, b1) == 0).any(),
    "a pre-activation below 0": lambda x, w1, b1: before_relu(x, w1, b1).min() < 0,
    "a logit above 700": lambda x, w1, b1, w2, b2: largest_logits(x, w1, b1, w2, b2).max() > 700,
    "a row of logits below -700": lambda x, w1, b1, w2, b2: (
        largest_logits(x, w1, b1, w2, b2).min() < -700
    ),
}
