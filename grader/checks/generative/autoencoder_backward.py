"""How an auto-encoder's loss changes with its weights: it is shown x and asked for the target."""

from grader.checks._shared import (
    axis_in_front,
    doubled,
    halved,
    negative,
    of_arguments,
    of_result,
    transposed,
)
from grader.checks.generative._autoencoder import (
    ACTIVATIONS,
    ALONE,
    FEATURES,
    LARGE,
    autoencoders,
    reconstruct,
)
from grader.vocabulary import Exercise, gradients, tied

exercise = Exercise(
    points=4,
    decks=("001",),
    requires=("autoencoder_forward", "reconstruction_loss"),
    levels={
        "ordinary codes": autoencoders(target=True),
        "codes that are exactly 0": autoencoders(of=tied, target=True),
        "large scores": autoencoders(of=tied, scale=LARGE, target=True),
    },
    features=FEATURES
    | {"a code of exactly 0 before the ReLU": lambda x, w1, b1: (x @ w1.T + b1 == 0.0).any()},
    never=[ALONE],
    hints=(
        "Which steps lead from the code to the loss, and which slope has each of them? What was "
        "w2 multiplied with, and what w1?",
        "One number in, one in the code, one out; the code is 1, the score 0, 1 is wanted:\n"
        "1 / (1 + exp(0)) = 0.5              x_hat\n"
        "(0.5 - 1) ** 2 = 0.25               the loss\n"
        "2 / 1 * (0.5 - 1) * 0.5 * (1 - 0.5) = -0.25    the gradient at the score, N * D is 1\n"
        "-0.25 * 1 = -0.25                   of w2, which met the code\n"
        "autoencoder_backward([[1]], [[1]], [[1]], zeros(1), [[0]], zeros(1))[3] = [[-0.25]]",
        "code, x_hat = ...                       # the forward pass, kept\n"
        "loss = ...                              # to target\n"
        "grad_scores = ... * (x_hat - ...) * (the slope of the sigmoid)\n"
        "grad_code = ...                         # through w2; none where the code is 0\n"
        "return loss, grad_code.T @ ..., ..., grad_scores.T @ ..., ...",
    ),
)


@exercise.equivalent
def autoencoder(x, target, w1, b1, w2, b2, inner=None, outer=None, loss=None):
    import torch.nn.functional as F

    parts = {"inner": inner, "outer": outer}
    parts = {k: part for k, part in parts.items() if part}

    def loss_of(*weights):
        return (loss or F.mse_loss)(reconstruct(x, *weights, **parts), target)

    weights = w1, b1, w2, b2
    return loss_of(*weights), *gradients(loss_of, 1.0, *weights)


of_arguments(exercise, **ACTIVATIONS)


def backwards_only(value_of, gradient_of):
    """Return an activation with the value of one function and the gradient of another."""

    def both(a):
        wrong = gradient_of(a)
        return wrong + (value_of(a) - wrong).detach()

    return lambda _: both


def scaled_slope(slope):
    """Return the sigmoid with another slope."""

    def activation(a):
        return a.sigmoid().detach() + (a - a.detach()) * slope(a.sigmoid()).detach()

    return lambda _: activation


def asking_the_gradient(a):
    """Return a ReLU through which positive gradients pass, and no others."""
    passed = a * 1.0
    if passed.requires_grad:
        passed.register_hook(lambda grad: grad.relu())
    return a.relu().detach() + (passed - passed.detach())


of_arguments(
    exercise,
    relu_not_passed=(
        "The gradient goes through the ReLU unchanged: set it to 0 where the code is 0.",
        {"inner": backwards_only(lambda a: a.relu(), lambda a: a)},
    ),
    passes_at_zero=(
        "The gradient passes where a number before the ReLU is exactly 0: use > 0, not >= 0.",
        {"inner": lambda _: lambda a: a * (a >= 0)},
    ),
    asks_the_gradient=(
        "The gradient passes the ReLU where it is above 0 itself: ask the code, which was above 0 "
        "or not.",
        {"inner": lambda _: asking_the_gradient},
    ),
    sigmoid_slope_missing=(
        "The slope of the sigmoid is missing: times x_hat * (1 - x_hat).",
        {"outer": scaled_slope(lambda p: p * 0.0 + 1.0)},
    ),
    sigmoid_twice_in_slope=(
        "The sigmoid is applied twice in the slope: x_hat is squashed already, and its slope is "
        "x_hat * (1 - x_hat).",
        {"outer": scaled_slope(lambda p: p.sigmoid() * (1 - p.sigmoid()))},
    ),
    tanh_slope=(
        "1 - x_hat**2 is the slope of a tanh; that of the sigmoid is x_hat * (1 - x_hat).",
        {"outer": scaled_slope(lambda p: 1 - p**2)},
    ),
    half_of_the_slope=(
        "The slope of the sigmoid is x_hat * (1 - x_hat), not x_hat alone.",
        {"outer": scaled_slope(lambda p: p)},
    ),
    other_half_of_the_slope=(
        "The slope of the sigmoid is x_hat * (1 - x_hat), not 1 - x_hat alone.",
        {"outer": scaled_slope(lambda p: 1 - p)},
    ),
    compared_with_x=(
        "The reconstruction is compared with x; it is to be like target, which has no holes.",
        {"target": lambda _, x: x},
    ),
    target_encoded=(
        "The encoder is shown target; it sees x, and target is only what is wanted.",
        {"x": lambda _, target: target},
    ),
    x_and_target_exchanged=(
        "x and target are exchanged: the encoder sees x.",
        {"x": lambda _, target: target, "target": lambda _, x: x},
    ),
    absolute_error=(
        "The differences are taken without sign, but not squared.",
        {"loss": lambda _: lambda x_hat, target: (x_hat - target).abs().mean()},
    ),
)

GRADIENTS, WEIGHTS, BIASES, EVERYTHING = (1, 2, 3, 4), (1, 3), (2, 4), range(5)


def by_features(part, x):
    """Multiply by D, where it is not divided."""
    return part * x.shape[1]


def by_samples(part, x):
    """Multiply by N, where it is not divided."""
    return part * len(x)


def by_both(part, x):
    """Take the sum where the mean is asked for."""
    return part * x.numel()


def per_sample(part, x):
    """Divide by N once more."""
    return part / len(x)


of_result(
    exercise,
    two_forgotten=(
        "The 2 of the square is missing in the gradients; the loss has no ½.",
        dict.fromkeys(GRADIENTS, halved),
    ),
    loss_halved=("The loss is half of the mean squared error; there is no ½ here.", {0: halved}),
    all_halved=(
        "There is a ½ in the loss and no 2 in the gradients; the loss is the mean of the squares.",
        dict.fromkeys(EVERYTHING, halved),
    ),
    two_twice=("The gradients have the 2 of the square twice.", dict.fromkeys(GRADIENTS, doubled)),
    mean_over_batch_alone=(
        "Loss and gradients are divided by N alone; the mean is over all N * D numbers.",
        dict.fromkeys(EVERYTHING, by_features),
    ),
    mean_over_features_alone=(
        "Loss and gradients are divided by D alone; the mean is over all N * D numbers.",
        dict.fromkeys(EVERYTHING, by_samples),
    ),
    sum_for_mean=(
        "Loss and gradients are sums; divide both by N * D.",
        dict.fromkeys(EVERYTHING, by_both),
    ),
    gradients_not_divided=(
        "The gradients are not divided by N * D: the loss is a mean over all numbers.",
        dict.fromkeys(GRADIENTS, by_both),
    ),
    gradients_by_batch_alone=(
        "The gradients are divided by N alone, the loss by N * D: both are means over all numbers.",
        dict.fromkeys(GRADIENTS, by_features),
    ),
    loss_not_divided=("The loss is a sum; it is the mean over all numbers.", {0: by_both}),
    loss_by_batch_alone=(
        "The loss is divided by N alone; it is the mean over all N * D numbers.",
        {0: by_features},
    ),
    rooted=(
        "The loss is the root of the mean; it is the mean itself.",
        {0: lambda loss: loss.sqrt()},
    ),
    gradients_divided_twice=(
        "The gradients are divided by N twice: once, at the scores, is enough.",
        dict.fromkeys(GRADIENTS, per_sample),
    ),
    biases_averaged=(
        "grad_b1 and grad_b2 are averaged over the batch: the gradient at the scores is divided "
        "already, so add up.",
        dict.fromkeys(BIASES, per_sample),
    ),
    biases_keep_axis=(
        "grad_b1 and grad_b2 have an axis of length 1 too many: drop keepdims=True.",
        dict.fromkeys(BIASES, axis_in_front),
    ),
    weights_transposed=(
        "grad_w1 and grad_w2 are transposed: like the weights they are (out, in).",
        dict.fromkeys(WEIGHTS, transposed),
    ),
    weights_before_biases=(
        "The weights come first: return loss, grad_w1, grad_b1, grad_w2, grad_b2.",
        lambda parts: tuple(parts[place] for place in (0, *WEIGHTS, *BIASES)),
    ),
    decoder_first=(
        "The decoder's gradients come first: return loss, grad_w1, grad_b1, grad_w2, grad_b2.",
        lambda parts: (parts[0], *parts[3:], *parts[1:3]),
    ),
    no_loss=(
        "The loss is missing: return loss, grad_w1, grad_b1, grad_w2, grad_b2.",
        lambda parts: parts[1:],
    ),
    loss_last=(
        "The loss comes last: return loss, grad_w1, grad_b1, grad_w2, grad_b2.",
        lambda parts: (*parts[1:], parts[0]),
    ),
    wrong_sign=(
        "All gradients have the wrong sign: it is x_hat - target.",
        dict.fromkeys(GRADIENTS, negative),
    ),
)


@exercise.mistake("grad_w1 is made with target; the encoder was shown x.")
def grad_w1_with_target(x, target, *weights):
    loss, _, grad_b1, *others = autoencoder(x, target, *weights)
    return loss, by_encoder(x, target, *weights).T @ target, grad_b1, *others


def by_encoder(x, target, w1, b1, w2, b2):
    """Return the gradient before the ReLU, sample by sample."""
    each = b1.expand(len(x), -1)
    return gradients(
        lambda b: ((((x @ w1.T + b).relu() @ w2.T + b2).sigmoid() - target) ** 2).mean(), 1.0, each
    )[0]


@exercise.mistake(
    "grad_w2 is made with what stands before the ReLU; w2 was multiplied with the code after it."
)
def grad_w2_before_relu(x, target, w1, b1, w2, b2):
    loss, grad_w1, grad_b1, _, grad_b2 = autoencoder(x, target, w1, b1, w2, b2)
    each = b2.expand(len(x), -1)
    (scores,) = gradients(
        lambda b: ((((x @ w1.T + b1).relu() @ w2.T + b).sigmoid() - target) ** 2).mean(), 1.0, each
    )
    return loss, grad_w1, grad_b1, scores.T @ (x @ w1.T + b1), grad_b2


@exercise.mistake("grad_b1 is summed before the gradient goes through the ReLU: set it to 0 first.")
def relu_not_passed_to_b1(*arguments):
    loss, grad_w1, _, *decoder = autoencoder(*arguments)
    open_relu = backwards_only(lambda a: a.relu(), lambda a: a)(None)
    return loss, grad_w1, autoencoder(*arguments, inner=open_relu)[2], *decoder


@exercise.mistake(
    "This is the loss and the gradient of a cross-entropy; it is the mean squared error."
)
def cross_entropy(x, target, w1, b1, w2, b2):
    import torch.nn.functional as F

    def loss_of(w1, b1, w2, b2):
        scores = F.linear(F.linear(x, w1, b1).relu(), w2, b2)
        return F.binary_cross_entropy_with_logits(scores, target)

    return loss_of(w1, b1, w2, b2), *gradients(loss_of, 1.0, w1, b1, w2, b2)


@exercise.mistake(
    "The gradient of x stands among the others; x is data, and only the weights have one."
)
def gradient_of_x_too(x, target, *weights):
    loss, *grads = autoencoder(x, target, *weights)
    return loss, by_encoder(x, target, *weights) @ weights[0], *grads
