"""The loss is -log of the probability that softmax gives to the right class, on average."""

from grader.checks._shared import of_result, of_softmax, rounded
from grader.checks.losses._cases import LOGIT_FEATURES, classified, of_targets
from grader.vocabulary import Exercise, level, one_of


def sure():
    """Return a sample that is almost certainly of its class: its cost is as good as 0."""
    import numpy as np

    return [(np.array([[940.0, 900.0, 900.0]]), np.array([0]))]


exercise = Exercise(
    points=3,
    decks=("002", "003"),
    requires=("activations.softmax",),
    levels={
        "small logits": classified(),
        "rows far from 0": level(classified(row=900.0), fixed=sure),
        "very unlikely targets": classified(single=one_of(1e3, 30.0, 1e4)),
    },
    features=LOGIT_FEATURES,
    terms=rounded,
    hints=(
        "Which one of a row's probabilities counts, and how? exp(-1000) is 0 in float64 and its "
        "logarithm -inf: can log p be simplified before anything is computed?",
        "The row [3, 1] with target 1; subtract the row's largest number: [0, -2].\n"
        "log p is the number itself, less the log of the row's sum of exps:\n"
        "log(exp(0) + exp(-2)) = 0.1269\n"
        "-2 - 0.1269 = -2.1269\n"
        "cross_entropy([[3, 1]], [1]) = 2.1269",
        "shifted = logits - ...                       # each row's maximum, kept as a column\n"
        "log_p = shifted - np.log(... of each row)\n"
        "picked = log_p[..., ...]                     # one number for each row\n"
        "return ...                                   # mind the sign",
    ),
)


@exercise.equivalent
def cross_entropy(logits, targets):
    import torch.nn.functional as F

    return F.cross_entropy(logits, targets)


def mean_cost(log_p, targets):
    """Return the mean of -log p at the targets."""
    import torch.nn.functional as F

    return F.nll_loss(log_p, targets)


of_softmax(
    exercise,
    lambda softmax, logits, targets: mean_cost(softmax(logits).log(), targets),
    "no_maximum",
    "global_maximum",
    "no_axis",
    "softmax_over_the_batch",
    "no_keepdims",
    "log_of_probability_zero",
)
of_result(
    exercise,
    sum_for_mean=(
        "The costs are added up over the batch; the loss is their mean.",
        lambda loss, targets: loss * len(targets),
    ),
    mean_over_classes_too=(
        "The mean is taken over all N*K entries; divide by the number of samples N.",
        lambda loss, logits: loss / logits.shape[1],
    ),
    log2=(
        "The logarithm has base 2; the loss uses the natural one, np.log.",
        lambda loss: loss / 0.6931471805599453,
    ),
    log10=(
        "The logarithm has base 10; the loss uses the natural one, np.log.",
        lambda loss: loss / 2.302585092994046,
    ),
    wrong_sign="The minus sign is missing: the log of a probability is negative, a loss is not.",
)


@exercise.mistake(
    "log(sum(exp(logits))) overflows. Subtract the row's maximum m inside and add it outside: "
    "m + log(sum(exp(logits - m)))."
)
def no_maximum_in_log_sum(logits, targets):
    return (logits.exp().sum(1, keepdim=True).log() - of_targets(logits, targets)).mean()


@exercise.mistake(
    "The maximum of the whole batch is subtracted inside the log-sum-exp, and a row far below it "
    "sums to 0. Every row needs its own maximum, axis=1."
)
def global_maximum_in_log_sum(logits, targets):
    return no_maximum_in_log_sum(logits - logits.max(), targets)


@exercise.mistake(
    "A class of probability 0 has log -inf, and 0 * -inf is nan when it meets the one-hot vector. "
    "Compute log p without p: z - log(sum(exp(z))) for the shifted logits z."
)
def one_hot_times_log_of_zero(logits, targets):
    import torch.nn.functional as F

    p = logits.softmax(1)
    return -(F.one_hot(targets, p.shape[1]) * p.log()).sum(1).mean()


@exercise.mistake(
    "p[:, targets] takes the targets of all samples from every row. Pair them up: "
    "p[np.arange(N), targets]."
)
def all_targets_from_every_row(logits, targets):
    return -logits.log_softmax(1)[:, targets].mean()


@exercise.mistake("Softmax is applied twice: the logits become probabilities only once.")
def softmax_twice(logits, targets):
    return cross_entropy(logits.softmax(1), targets)


@exercise.mistake("There is no softmax: the logits themselves are taken for log-probabilities.")
def no_softmax(logits, targets):
    return mean_cost(logits, targets)


@exercise.mistake("The log is missing: -p at the target instead of -log(p).")
def no_log(logits, targets):
    return mean_cost(logits.softmax(1), targets)


@exercise.mistake(
    "Only the last sample counts: each cost overwrites (=) the one before; add them (+=)."
)
def last_sample_only(logits, targets):
    return cross_entropy(logits[-1:], targets[-1:]) / len(targets)


def of_safety_margin(name, tiny, change, words):
    """Add the mistake of keeping log(0) away by changing the probabilities."""
    exercise.add(
        f"{name}_{tiny:g}",
        f"The probabilities are {words} to keep log(0) away. That changes the loss and caps it: "
        "compute log p without p, as z - log(sum(exp(z))) for the shifted logits z.",
        lambda logits, targets: mean_cost(change(logits.softmax(1)).log(), targets),
    )


for tiny in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):
    of_safety_margin("plus", tiny, lambda p, t=tiny: p + t, f"raised by {tiny:g}")
    of_safety_margin("at_least", tiny, lambda p, t=tiny: p.clip(t), f"cut off at {tiny:g}")
    if tiny > 1e-12:  # below, the upper end makes no difference
        both = f"cut off at {tiny:g} and 1 - {tiny:g}"
        of_safety_margin("within", tiny, lambda p, t=tiny: p.clip(t, 1 - t), both)
