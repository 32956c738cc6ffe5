"""Each pixel is a sample of its own: softmax over its classes, and -log p of the right one."""

from grader.checks._shared import of_result, of_softmax, rounded, sides
from grader.vocabulary import Exercise, array, below, between, one_of, strategy


@strategy
def pictures(draw, whole=0.0, single=0.0):
    """Draw scores of every pixel for every class, and the right classes.

    All scores of a pixel are shifted by `whole` up or down, single scores by `single`.
    """
    n, k, h, w = draw(between(1, 3)), draw(between(2, 4)), draw(between(1, 3)), draw(between(1, 3))
    whole, single = draw(whole), draw(single)
    scores, targets = draw(array(n, k, h, w)), draw(array(n, h, w, of=below(k)))
    scores = scores + whole * sides(draw(array(n, 1, h, w, of=below(3))))
    return scores + single * sides(draw(array(n, k, h, w, of=below(3)))), targets


def far_apart(logits):
    """Return how far the largest logits of two pixels are from each other."""
    return logits.max(1).max() - logits.max(1).min()


exercise = Exercise(
    points=3,
    decks=("000",),
    requires=("losses.cross_entropy",),
    levels={
        "small logits": pictures(),
        "pixels far from 0": pictures(whole=900.0),
        "very unlikely targets": pictures(single=one_of(1e3, 30.0, 1e4)),
    },
    features={
        "several pictures": lambda logits: len(logits) > 1,
        "several pixels": lambda logits: logits[0, 0].size > 1,
        "H and W different": lambda logits: logits.shape[2] != logits.shape[3],
        "K = H or K = W": lambda logits: logits.shape[1] in logits.shape[2:],
        "a logit above 700": lambda logits: logits.max() > 700,
        "a pixel below -700": lambda logits: logits.max(1).min() < -700,
        "pixels more than 700 apart": lambda logits: far_apart(logits) > 700,
    },
    terms=rounded,
    hints=(
        "What is a sample here, and along which axis are its classes? Over how many numbers is "
        "the mean taken? exp(1000) is infinite: what may be subtracted from all scores of a pixel?",
        "One picture of one pixel with the scores 3 and 1; the right class is 1:\n"
        "log(exp(0) + exp(-2)) = 0.1269     with the largest score, 3, subtracted\n"
        "-2 - 0.1269 = -2.1269              log p of class 1\n"
        "pixel_cross_entropy([[[[3]], [[1]]]], [[[1]]]) = 2.1269",
        "shifted = logits - ...                                  # each pixel's largest: axis 1\n"
        "log_p = shifted - np.log(...)                           # keepdims=True\n"
        "picked = np.take_along_axis(log_p, ..., axis=1)         # one number for each pixel\n"
        "return ...                                              # mind the sign",
    ),
)


@exercise.equivalent
def pixel_cross_entropy(logits, targets):
    import torch.nn.functional as F

    return F.cross_entropy(logits, targets)


def with_softmax(softmax, logits, targets):
    """Return the loss with another softmax, which takes a row for each pixel."""
    import torch.nn.functional as F

    rows = logits.movedim(1, -1).flatten(0, -2)
    return F.nll_loss(softmax(rows).log(), targets.flatten())


of_softmax(
    exercise,
    with_softmax,
    no_maximum="exp of a large logit overflows, and a pixel of very negative ones has none left. "
    "Subtract each pixel's maximum first.",
    global_maximum="The maximum of the whole batch is subtracted, and a pixel far below it has "
    "nothing left. Every pixel needs its own: max(axis=1, keepdims=True).",
    no_axis="Softmax divides by the sum over the whole batch; each pixel sums over its classes.",
    log_of_probability_zero="A very unlikely target has probability 0 in float64, and log(0) is "
    "-inf. Compute log p without p: z - log(sum(exp(z))) for the shifted logits z.",
    softmax_twice="Softmax is applied twice.",
)
of_result(
    exercise,
    summed=(
        "The costs of the pixels are added up; the loss is their mean.",
        lambda loss, targets: loss * targets.numel(),
    ),
    mean_over_pictures_only=(
        "The sum is divided by the number of pictures; the mean is over all pixels.",
        lambda loss, targets: loss * targets[0].numel(),
    ),
    mean_over_pixels_of_a_picture_only=(
        "The sum is divided by the pixels of one picture; there are as many for each picture.",
        lambda loss, targets: loss * len(targets),
    ),
    mean_over_classes_too=(
        "The mean is taken over the classes, too: divide by the number of pixels alone.",
        lambda loss, logits: loss / logits.shape[1],
    ),
    log2=(
        "The logarithm has base 2; the loss uses the natural one, np.log.",
        lambda loss: loss / 0.6931471805599453,
    ),
    wrong_sign="The minus sign is missing: the log of a probability is negative, a loss is not.",
)


def of_axis(axis):
    """Return a mistake: a softmax over another axis of the scores."""

    def mistaken(logits, targets):
        return -logits.log_softmax(axis).gather(1, targets[:, None]).mean()

    return mistaken


exercise.add(
    "softmax_over_the_pictures",
    "Softmax runs over the pictures (axis 0); a pixel's classes are axis 1.",
    of_axis(0),
)
exercise.add(
    "softmax_over_the_rows",
    "Softmax runs down the rows of pixels (axis 2); a pixel's classes are axis 1.",
    of_axis(2),
)
exercise.add(
    "softmax_over_the_last_axis",
    "Softmax runs over the last axis, which is the width here; a pixel's classes are axis 1.",
    of_axis(3),
)


def kept_from_zero(keep):
    """Return a mistake: the probability is kept away from 0 before the log."""

    def mistaken(logits, targets):
        return with_softmax(lambda rows: keep(rows.softmax(1)), logits, targets)

    return mistaken


for tiny in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12):
    exercise.add(
        f"plus_{tiny:g}",
        f"{tiny:g} is added to the probability against log(0), which changes the loss: compute "
        "log p without p, z - log(sum(exp(z))) for the shifted logits z.",
        kept_from_zero(lambda p, tiny=tiny: p + tiny),
    )
    exercise.add(
        f"at_least_{tiny:g}",
        f"The probability is cut off at {tiny:g} against log(0), which changes the loss: compute "
        "log p without p, z - log(sum(exp(z))) for the shifted logits z.",
        kept_from_zero(lambda p, tiny=tiny: p.clamp(min=tiny)),
    )


@exercise.mistake(
    "logits.reshape(-1, K) mixes classes and pixels: the classes are axis 1 and must become the "
    "last axis first, by transpose(0, 2, 3, 1)."
)
def reshaped_without_transpose(logits, targets):
    import torch.nn.functional as F

    return F.cross_entropy(logits.reshape(-1, logits.shape[1]), targets.flatten())


@exercise.mistake("There is no softmax: the scores themselves are averaged.")
def scores_for_log_p(logits, targets):
    return -logits.gather(1, targets[:, None]).mean()


@exercise.mistake("The probabilities themselves are averaged; take -log of them.")
def no_log(logits, targets):
    return 1 - logits.softmax(1).gather(1, targets[:, None]).mean()


@exercise.mistake("log is taken of the mean probability; take the mean of the logs.")
def log_of_the_mean(logits, targets):
    return -logits.softmax(1).gather(1, targets[:, None]).mean().log()


@exercise.mistake("Only the first picture counts.")
def first_picture_alone(logits, targets):
    return pixel_cross_entropy(logits[:1], targets[:1])


@exercise.mistake("The costs are returned for each pixel; return their mean.")
def no_mean(logits, targets):
    return -logits.log_softmax(1).gather(1, targets[:, None])[:, 0]


@exercise.mistake("Only the log of the sum is there; the score of the right class is missing.")
def right_score_forgotten(logits, targets):
    return logits.logsumexp(1).mean()
