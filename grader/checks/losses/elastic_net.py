"""The L1 and the L2 penalty together: beta times the squares, plus the absolute values."""

from grader.checks._shared import doubled, halved, of_arguments
from grader.checks.losses._cases import WEIGHT_FEATURES, any_shape
from grader.checks.losses._mistakes import of_sum
from grader.vocabulary import Exercise, one_of

BETAS = (one_of(0.5, 0.0, 1.0, 0.25, 3.0),)

exercise = Exercise(
    points=2,
    decks=("003",),
    requires=("l1_penalty", "l2_penalty"),
    levels={
        "vectors": any_shape(axes=1, arrays=1, numbers=BETAS),
        "more axes": any_shape(arrays=1, numbers=BETAS),
    },
    features={
        **WEIGHT_FEATURES,
        "beta = 0": lambda beta: beta == 0,
        "beta = 1": lambda beta: beta == 1,
    },
    hints=(
        "Each weight pays two prices: which? And which of the two does beta multiply?",
        "beta is 0.5, the weights are 2 and -1:\n"
        "0.5 * 2 ** 2 + 2 = 4\n"
        "0.5 * (-1) ** 2 + 1 = 1.5\n"
        "elastic_net([2, -1], 0.5) = 4 + 1.5 = 5.5",
        "price = beta * ... + ...     # of each weight\nreturn float(np.sum(...))",
    ),
)


@exercise.equivalent
def elastic_net(weight, beta):
    return beta * weight.square().sum() + weight.abs().sum()


@exercise.mistake("beta stands at the absolute values; it belongs to the squares.")
def beta_at_the_absolutes(weight, beta):
    return weight.square().sum() + beta * weight.abs().sum()


@exercise.mistake("The absolute values are multiplied by 1 - beta; here they have factor 1.")
def mixture(weight, beta):
    return beta * weight.square().sum() + (1 - beta) * weight.abs().sum()


@exercise.mistake("The parts are mixed the other way round: beta for the absolute values.")
def mixture_turned_round(weight, beta):
    return (1 - beta) * weight.square().sum() + beta * weight.abs().sum()


@exercise.mistake("beta multiplies both parts: a bracket too far. Only the squares get it.")
def beta_at_both(weight, beta):
    return beta * (weight.square().sum() + weight.abs().sum())


of_arguments(
    exercise,
    no_beta=("beta is not used: it multiplies the squares.", {"beta": 1.0}),
    beta_squared=(
        "beta is squared with the weight: write beta * weight ** 2.",
        {"beta": lambda beta: beta**2},
    ),
    squares_halved=("The squared part has a factor 1/2 too much.", {"beta": halved}),
    squares_doubled=("The squared part has a factor 2 too much.", {"beta": doubled}),
)
of_sum(
    exercise,
    lambda weight, beta: beta * weight.square() + weight.abs(),
    mean_for_sum="The mean is taken; the penalty is the sum over all weights.",
)


@exercise.mistake("The norm of the weights has a root; the squared part is the sum of squares.")
def norm_not_squared(weight, beta):
    return beta * weight.square().sum().sqrt() + weight.abs().sum()


@exercise.mistake("np.abs is missing: positive and negative weights cancel.")
def signs_kept(weight, beta):
    return beta * weight.square().sum() + weight.sum()


@exercise.mistake("Only the squared part is there: add the absolute values.")
def squares_only(weight, beta):
    return beta * weight.square().sum()


@exercise.mistake("The parts are subtracted; add them.")
def parts_subtracted(weight, beta):
    return beta * weight.square().sum() - weight.abs().sum()
