"""A word shall be near one that stands beside it, and far from words that were drawn at random."""

from grader.checks._shared import (
    negative,
    of_arguments,
    of_result,
    products_of,
)
from grader.checks.embedding._skipgram import FEATURES, LARGE, SUMS, drawn, loss, softplus
from grader.vocabulary import Exercise

exercise = Exercise(
    points=3,
    decks=("001",),
    requires=("activations.sigmoid",),
    levels={
        "one negative": drawn(negatives=1),
        "several": drawn(),
        "products of thousands": drawn(sizes=LARGE),
    },
    features=FEATURES,
    never=[SUMS],
    terms=products_of("center", "context negatives"),
    hints=(
        "Which dot products are there, and which of them should be large, which far below 0? The "
        "sigmoid rounds to 0: which function of z is -log(sigmoid(z)), without the sigmoid?",
        "v = [1, 0], u = [2, 0], one negative [-1, 3]; softplus(a) means log(1 + exp(a)):\n"
        "u . v = 2        softplus(-2) = 0.1269     it fits: cheap\n"
        "n . v = -1       softplus(-1) = 0.3133     far from it: cheap\n"
        "negative_sampling_loss([1, 0], [2, 0], [[-1, 3]]) = 0.1269 + 0.3133 = 0.4402",
        "def softplus(a):\n"
        "    return np.logaddexp(...)              # log(1 + exp(a)), right at +-1000\n"
        "attracted = softplus(...)                 # mind the sign\n"
        "repelled = softplus(...)                  # one for each negative\n"
        "return float(... + ...)",
    ),
)


@exercise.equivalent
def negative_sampling_loss(center, context, negatives, cost=softplus):
    return loss(center, context, negatives, cost)


of_result(
    exercise,
    negative="The sign is turned: -log of a probability is never negative.",
    halved="The loss is halved; it is the sum as it stands.",
    integer_result="The result is cut to a whole number.",
    averaged_over_all=(
        "The terms are averaged over the pair and the negatives; add them up.",
        lambda cost, negatives: cost / (len(negatives) + 1),
    ),
    log2=(
        "The logarithm has base 2; it is the natural one.",
        lambda cost: cost / 0.6931471805599453,
    ),
)
of_arguments(
    exercise,
    signs_exchanged=(
        "The signs are exchanged: the context should have a large product, the negatives one far "
        "below 0.",
        {"center": negative},
    ),
    negatives_attracted=(
        "The negatives are attracted, as the context is; they need sigmoid(-n . v).",
        {"negatives": negative},
    ),
    context_repelled=(
        "The context is repelled, as the negatives are; it needs sigmoid(u . v).",
        {"context": negative},
    ),
    first_negative_alone=(
        "Only the first negative counts; add over all of them.",
        {"negatives": lambda negatives: negatives[:1]},
    ),
    last_negative_missing=(
        "The last negative is missing.",
        {"negatives": lambda negatives: negatives[:-1]},
    ),
    last_negative_alone=(
        "Only the last negative counts; add over all of them.",
        {"negatives": lambda negatives: negatives[-1:]},
    ),
    centre_and_context_exchanged=(
        "The negatives are compared with the context u; they are compared with the centre v.",
        {"center": lambda _, context: context, "context": lambda _, center: center},
    ),
    products_cut_off=(
        "The products are cut off (np.clip) against overflow, which is wrong beyond the limit; "
        "np.logaddexp(0, a) needs none.",
        {"cost": lambda cost: lambda z: cost(z.clamp(-30, 30))},
    ),
    sigmoid_then_log=(
        "First exp or the sigmoid, then the log: far from 0 exp overflows, or the sigmoid is 0 and "
        "its log infinite. -log(sigmoid(z)) is log(1 + exp(-z)): np.logaddexp(0, -z) computes it.",
        {"cost": lambda _: lambda z: -(-z).sigmoid().log()},
    ),
    kept_from_zero=(
        "A small number is added inside the log against log(0), which changes the loss; "
        "np.logaddexp needs none.",
        {"cost": lambda _: lambda z: -((-z).sigmoid() + 1e-10).log()},
    ),
    no_log=(
        "The log is missing: these are probabilities.",
        {"cost": lambda _: lambda z: z.sigmoid()},
    ),
    log_alone=(
        "This is the log of the sigmoid alone for the pair: the sign in front is missing.",
        {"cost": lambda cost: lambda z: cost(z) if z.ndim else -cost(z)},
    ),
    squared=(
        "The differences to 1 and 0 are squared; the loss is -log of the sigmoid.",
        {"cost": lambda _: lambda z: z.sigmoid().square()},
    ),
    hinge=(
        "This is a hinge, max(0, 1 + z); the loss is -log of the sigmoid.",
        {"cost": lambda _: lambda z: (1 + z).relu()},
    ),
)


@exercise.mistake("The negatives are averaged; their terms are added up.")
def negatives_averaged(center, context, negatives):
    return softplus(-(context @ center)) + softplus(negatives @ center).mean()


@exercise.mistake("The negatives are missing.")
def no_negatives(center, context, negatives):
    return softplus(-(context @ center))


@exercise.mistake("The pair itself is missing: -log(sigmoid(u . v)).")
def no_pair(center, context, negatives):
    return softplus(negatives @ center).sum()


@exercise.mistake(
    "The negatives' products are added before the sigmoid; each has a sigmoid of its own."
)
def one_sigmoid_for_all(center, context, negatives):
    return softplus(-(context @ center)) + softplus((negatives @ center).sum())


@exercise.mistake("The pair's term is added once for each negative; it counts once.")
def pair_for_each_negative(center, context, negatives):
    return (softplus(-(context @ center)) + softplus(negatives @ center)).sum()


@exercise.mistake(
    "log(1 - sigmoid(z)): where the sigmoid is rounded to 1, this is log(0). Use sigmoid(-z), "
    "which is the same without rounding, or np.logaddexp."
)
def one_minus_sigmoid(center, context, negatives):
    return softplus(-(context @ center)) - (1 - (negatives @ center).sigmoid()).log().sum()


@exercise.mistake("The terms of the negatives are returned one by one; add them up.")
def not_added_up(center, context, negatives):
    return softplus(-(context @ center)) + softplus(negatives @ center)


@exercise.mistake("Softmax over the pair and the negatives; here each has a sigmoid of its own.")
def softmax_over_all(center, context, negatives):
    import torch

    z = torch.cat([(context @ center)[None], negatives @ center])
    return -z.log_softmax(0)[0]


@exercise.mistake(
    "The vectors are scaled to length 1 first; the products are of the vectors as they are."
)
def cosines(center, context, negatives):
    import torch.nn.functional as F

    return loss(*(F.normalize(one, dim=-1) for one in (center, context, negatives)))
