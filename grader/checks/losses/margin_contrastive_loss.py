"""What belongs together is pulled together, the rest is pushed apart until a margin is kept."""

from grader.checks._shared import numpy_errors, of_arguments, of_result
from grader.checks.losses._pairs import MARGINS, far, pairs
from grader.vocabulary import Exercise, level, undrawn


def by_hand():
    """Return one pair of each kind: alike, too near, and far enough apart."""
    import numpy as np

    b = np.array([[0.0, 3.0], [0.5, 0.0], [3.0, 4.0]])
    return [(np.zeros((3, 2)), b, np.array([1.0, 0.0, 0.0]), 2.0)]


exercise = Exercise(
    points=3,
    decks=("003",),
    requires=("contrastive_loss",),
    levels={
        "pairs of one kind": pairs(alike=True),
        "both kinds, any margin": level(pairs(options=MARGINS), fixed=by_hand),
    },
    features={
        "several pairs": lambda a: len(a) > 1,
        "D = 1": lambda a: a.shape[1] == 1,
        "as many pairs as numbers in each": lambda a: len(a) == a.shape[1],
        "margin = 1": lambda margin: margin == 1.0,
        "a pair that belongs together": lambda same: same.any(),
        "a pair that does not belong together": lambda same: not same.all(),
        "a pair that is too near": lambda a, b, same, margin: (
            (far(a, b) < margin) & (same == 0)
        ).any(),
        "a pair that keeps the margin": lambda a, b, same, margin: (
            (far(a, b) > margin) & (same == 0)
        ).any(),
    },
    tolerance=1e-5,
    never=[
        undrawn("tiny far huge near below", "It is 0 or 1.", of="same"),
        undrawn("tiny", "b is a and a step; what is tiny is in a.", of="b"),
    ],
    hints=(
        "What should the distance of a pair be that belongs together, and what of one that does "
        "not? Up to which distance is something left to pay?",
        "Three pairs with the distances 3, 0.5 and 5, margin 2; the first belongs together:\n"
        "3 ** 2 = 9              what belongs together pays its distance, squared\n"
        "(2 - 0.5) ** 2 = 2.25   too near: what it lacks, squared\n"
        "2 - 5 = -3              far enough: nothing\n"
        "(9 + 2.25 + 0) / 3 = 3.75\n"
        "margin_contrastive_loss([[0], [0], [0]], [[3], [0.5], [5]], [1, 0, 0], 2) = 3.75",
        "d = ...                                  # (N,), one distance for each pair\n"
        "lacks = np.maximum(..., ...)             # how much is missing to the margin\n"
        "costs = same * ... + (...) * ...\n"
        "return float(...)",
    ),
)


@exercise.equivalent
def margin_contrastive_loss(a, b, same, margin=1.0):
    import torch
    import torch.nn.functional as F

    # torch has no such loss: its hinge_embedding_loss takes distances and squares nothing.
    d = F.pairwise_distance(a, b, eps=0.0)
    costs = F.hinge_embedding_loss(d, same * 2.0 - 1.0, margin=margin, reduction="none")
    return torch.square(costs).mean()


def lengths(differences):
    """Return the Euclidean length of each row."""
    return differences.norm(2, 1)


def costs(d, same, margin):
    """Return what each pair costs."""
    return same * d**2 + (1.0 - same) * (margin - d).relu() ** 2


def measured(distance, cost=costs):
    """Return the loss with another distance of differences, or another cost of each pair."""

    @numpy_errors()
    def mistaken(a, b, same, margin=1.0):
        return cost(distance(a - b), same, margin).mean()

    return mistaken


of_arguments(
    exercise,
    fixed_margin=("The margin is always 1, whatever the caller says.", {"margin": 1.0}),
    same_turned=(
        "The kinds are exchanged: where same is 1, the distance is paid for.",
        {"same": lambda same: 1.0 - same},
    ),
    first_pair_only=(
        "Only the first pair counts; the loss is a mean of all.",
        dict.fromkeys(("a", "b", "same"), lambda samples: samples[:1]),
    ),
)
of_result(
    exercise,
    halved="There is a factor 1/2 too much: some texts have it, this loss does not.",
    sum_for_mean=(
        "The costs are added up; the loss is their mean over the pairs.",
        lambda loss, a: loss * len(a),
    ),
    mean_over_numbers_too=(
        "It is divided by all N*D numbers; the loss is a mean over the N pairs.",
        lambda loss, a: loss / a.shape[1],
    ),
    rooted=("There is a root too much: the mean stays as it is.", lambda loss: loss.sqrt()),
)

for name, message, distance in (
    (
        "absolute_distances",
        "The distances are sums of absolute values; the Euclidean norm squares.",
        lambda differences: differences.abs().sum(1),
    ),
    (
        "no_root",
        "The root is missing: d is the square of the distance already, before it is squared.",
        lambda differences: differences.square().sum(1),
    ),
    (
        "root_of_mean_squares",
        "The squares are averaged under the root; a distance takes their sum.",
        lambda differences: differences.square().mean(1).sqrt(),
    ),
    (
        "one_norm_for_all",
        "np.linalg.norm without an axis takes one norm of all pairs together: axis=1 gives each "
        "its own.",
        lambda differences: differences.norm(),
    ),
    (
        "norm_over_pairs",
        "The norm runs over the pairs (axis 0); each sample is a row, so use axis=1.",
        lambda differences: differences.norm(2, 0),
    ),
    (
        "differences_added",
        "The differences are added up without a square: those of both signs cancel.",
        lambda differences: differences.sum(1),
    ),
):
    exercise.add(name, message, measured(distance))

for name, message, cost in (
    (
        "not_squared",
        "The distances are not squared: both costs are squares.",
        lambda d, same, margin: same * d + (1.0 - same) * (margin - d).relu(),
    ),
    (
        "hinge_not_squared",
        "What is missing to the margin is not squared; both costs are squares.",
        lambda d, same, margin: same * d**2 + (1.0 - same) * (margin - d).relu(),
    ),
    (
        "distance_not_squared",
        "The distance of what belongs together is not squared; both costs are squares.",
        lambda d, same, margin: same * d + (1.0 - same) * (margin - d).relu() ** 2,
    ),
    (
        "margin_minus_square",
        "max(0, margin - d^2) is paid: subtract the distance itself, then square what is missing.",
        lambda d, same, margin: same * d**2 + (1.0 - same) * (margin - d**2).relu(),
    ),
    (
        "margin_minus_square_squared",
        "d is squared inside of max(0, ...): margin - d, and the square comes after.",
        lambda d, same, margin: same * d**2 + (1.0 - same) * (margin - d**2).relu() ** 2,
    ),
    (
        "squares_subtracted",
        "max(0, margin^2 - d^2) is paid: (margin - d) is squared, not each of them.",
        lambda d, same, margin: same * d**2 + (1.0 - same) * (margin**2 - d**2).relu(),
    ),
    (
        "not_cut_off",
        "max(0, ...) is missing: squared, what is far enough apart is paid for again.",
        lambda d, same, margin: same * d**2 + (1.0 - same) * (margin - d) ** 2,
    ),
    (
        "beyond_the_margin",
        "max(0, d - margin) pays for what is far apart: it is margin - d.",
        lambda d, same, margin: same * d**2 + (1.0 - same) * (d - margin).relu() ** 2,
    ),
    (
        "distance_earned",
        "The squared distance of what does not belong together is subtracted, without a margin: "
        "that has no lower bound.",
        lambda d, same, _margin: same * d**2 - (1.0 - same) * d**2,
    ),
    (
        "hinge_subtracted",
        "What is missing to the margin is subtracted: both costs are added.",
        lambda d, same, margin: same * d**2 - (1.0 - same) * (margin - d).relu() ** 2,
    ),
    (
        "hinge_for_all",
        "What belongs together pays for the margin, too: (1 - same) is missing.",
        lambda d, same, margin: same * d**2 + (margin - d).relu() ** 2,
    ),
    (
        "distance_for_all",
        "What does not belong together pays for its distance, too: same is missing.",
        lambda d, same, margin: d**2 + (1.0 - same) * (margin - d).relu() ** 2,
    ),
    (
        "two_means",
        "Each kind is averaged by itself; the loss is one mean over all N pairs.",
        lambda d, same, margin: (
            (same * d**2).sum() / same.sum().clip(1)
            + ((1 - same) * (margin - d).relu() ** 2).sum() / (1 - same).sum().clip(1)
        ),
    ),
):
    exercise.add(name, message, measured(lengths, cost))


@exercise.mistake("One cost for each pair is returned; the loss is their mean, one number.")
def not_averaged(a, b, same, margin=1.0):
    return costs(lengths(a - b), same, margin)


@exercise.mistake(
    "What does not belong together costs nothing: it pays for what is missing to the margin, "
    "max(0, margin - d)^2."
)
def no_different_pairs(a, b, same, margin=1.0):
    return (same * lengths(a - b) ** 2).mean()


@exercise.mistake("Only what does not belong together is paid for; the rest costs its distance.")
def no_same_pairs(a, b, same, margin=1.0):
    return ((1.0 - same) * (margin - lengths(a - b)).relu() ** 2).mean()


@exercise.mistake(
    "The distances are a column, (N, 1), and meet same, (N,): that gives N*N costs. Leave keepdims "
    "away."
)
def all_pairs(a, b, same, margin=1.0):
    return costs(lengths(a - b)[:, None], same, margin).mean()
