"""What does not belong to the anchor should be farther away than what does, by a margin."""

from grader.checks._shared import numpy_errors, of_arguments, of_result
from grader.checks.losses._pairs import MARGINS, far, triplets
from grader.vocabulary import Exercise, level


def by_hand():
    """Return a triplet that is paid for and one that keeps the margin."""
    import numpy as np

    anchor = np.zeros((2, 2))
    positive, negative = np.array([[3.0, 4.0], [0.0, 1.0]]), np.array([[0.0, 3.0], [6.0, 8.0]])
    return [(anchor, positive, negative), (anchor, negative, positive, 3.0)]


def misses(anchor, positive, negative, margin):
    """Return by how much each triplet misses the margin; negative where it keeps it."""
    return far(anchor, positive) - far(anchor, negative) + margin


exercise = Exercise(
    points=3,
    decks=("003",),
    requires=("contrastive_loss",),
    levels={
        "one triplet": triplets(number=1),
        "several triplets, any margin": level(triplets(options=MARGINS), fixed=by_hand),
    },
    features={
        "several triplets": lambda anchor: len(anchor) > 1,
        "D = 1": lambda anchor: anchor.shape[1] == 1,
        "as many triplets as numbers in each": lambda anchor: len(anchor) == anchor.shape[1],
        "margin = 1": lambda margin: margin == 1.0,
        "a triplet that keeps the margin": lambda anchor, positive, negative, margin: (
            misses(anchor, positive, negative, margin).min() < 0
        ),
        "a triplet that misses the margin": lambda anchor, positive, negative, margin: (
            misses(anchor, positive, negative, margin).max() > 0
        ),
    },
    tolerance=1e-5,
    hints=(
        "Which two distances does a triplet have, which should be the smaller, and by how much? "
        "What does a triplet cost that does better than it must?",
        "Two triplets, margin 1; the anchor is [0, 0] in both:\n"
        "sqrt(3 ** 2 + 4 ** 2) = 5    to the positive [3, 4]\n"
        "sqrt(0 ** 2 + 3 ** 2) = 3    to the negative [0, 3]\n"
        "5 - 3 + 1 = 3                is paid\n"
        "1 - 10 + 1 = -8              is not: the other one has distances 1 and 10\n"
        "triplet_margin_loss([[0, 0], [0, 0]], [[3, 4], [0, 1]], [[0, 3], [6, 8]]) = (3 + 0) / 2",
        "near = np.linalg.norm(..., axis=...)    # (N,), one distance for each triplet\n"
        "far = ...\n"
        "costs = np.maximum(..., ...)            # of each triplet by itself\n"
        "return float(...)",
    ),
)


@exercise.equivalent
def triplet_margin_loss(anchor, positive, negative, margin=1.0):
    import torch.nn.functional as F

    return F.triplet_margin_loss(anchor, positive, negative, margin=margin)


def lengths(differences):
    """Return the Euclidean length of each row, rounded as NumPy does: a cost of 0 is 0 for both."""
    return differences.square().sum(1).sqrt()


def measured(distance, cost=None):
    """Return the loss with another distance of differences, or another cost of both distances."""

    @numpy_errors()
    def mistaken(anchor, positive, negative, margin=1.0):
        near, away = distance(anchor - positive), distance(anchor - negative)
        return (near - away + margin).relu().mean() if cost is None else cost(near, away, margin)

    return mistaken


of_arguments(
    exercise,
    fixed_margin=("The margin is always 1, whatever the caller says.", {"margin": 1.0}),
    signs_turned=(
        "Positive and negative are exchanged: the distance to the positive has the plus.",
        {"positive": lambda _, negative: negative, "negative": lambda _, positive: positive},
    ),
    first_triplet_only=(
        "Only the first triplet counts; the loss is a mean of all.",
        dict.fromkeys(("anchor", "positive", "negative"), lambda samples: samples[:1]),
    ),
)
of_result(
    exercise,
    halved="There is a factor 1/2 too much.",
    sum_for_mean=(
        "The costs are added up; the loss is their mean over the triplets.",
        lambda loss, anchor: loss * len(anchor),
    ),
    mean_over_numbers_too=(
        "It is divided by all N*D numbers; the loss is a mean over the N triplets.",
        lambda loss, anchor: loss / anchor.shape[1],
    ),
    squared=("The costs' mean is squared; it stays as it is.", lambda loss: loss**2),
)

for name, message, distance in (
    (
        "absolute_distances",
        "The distances are sums of absolute values; the Euclidean norm squares.",
        lambda differences: differences.abs().sum(1),
    ),
    (
        "squared_distances",
        "The distances are squared, as in FaceNet; here they are not: take the root.",
        lambda differences: differences.square().sum(1),
    ),
    (
        "mean_squares",
        "The distances are means of squares; a distance is the root of their sum.",
        lambda differences: differences.square().mean(1),
    ),
    (
        "root_of_mean_squares",
        "The squares are averaged under the root; a distance takes their sum.",
        lambda differences: differences.square().mean(1).sqrt(),
    ),
    (
        "largest_difference",
        "The distance is the largest difference; the Euclidean norm takes them all.",
        lambda differences: differences.abs().amax(1),
    ),
    (
        "one_norm_for_all",
        "np.linalg.norm without an axis takes one norm of all triplets together: axis=1 gives each "
        "its own.",
        lambda differences: differences.norm(),
    ),
    (
        "norm_over_triplets",
        "The norm runs over the triplets (axis 0); each sample is a row, so use axis=1.",
        lambda differences: differences.norm(2, 0),
    ),
    (
        "differences_added",
        "The differences are added up without a square: those of both signs cancel.",
        lambda differences: differences.sum(1),
    ),
    (
        "norm_of_each_number",
        "Every number is compared by itself: a distance is one number for each row.",
        lambda differences: differences.abs(),
    ),
):
    exercise.add(name, message, measured(distance))

for name, message, cost in (
    (
        "not_cut_off",
        "max(0, ...) is missing: a triplet that keeps the margin costs 0, not a negative number.",
        lambda near, away, margin: (near - away + margin).mean(),
    ),
    (
        "no_margin",
        "The margin is missing: add it before you cut off at 0.",
        lambda near, away, _margin: (near - away).relu().mean(),
    ),
    (
        "margin_subtracted",
        "The margin is subtracted; it is asked for on top: near - far + margin.",
        lambda near, away, margin: (near - away - margin).relu().mean(),
    ),
    (
        "mean_cut_off",
        "The mean is cut off at 0: cut each triplet's cost off first, then average.",
        lambda near, away, margin: (near - away + margin).mean().relu(),
    ),
    (
        "margin_outside",
        "The margin is added after max(0, ...): it belongs inside.",
        lambda near, away, margin: ((near - away).relu() + margin).mean(),
    ),
    (
        "margin_as_least",
        "max(margin, ...) is taken: the margin is added inside, and the cost is 0 at least.",
        lambda near, away, margin: (near - away).clip(margin).mean(),
    ),
    (
        "costs_squared",
        "Each cost is squared; it stays as it is.",
        lambda near, away, margin: (near - away + margin).relu().square().mean(),
    ),
    (
        "mean_of_paid",
        "The sum is divided by the number of triplets that miss the margin; divide by all N.",
        lambda near, away, margin: (
            (costs := (near - away + margin).relu()).sum() / (costs > 0).sum().clip(1)
        ),
    ),
    (
        "worst_only",
        "Only the costliest triplet counts; the loss is a mean of all.",
        lambda near, away, margin: (near - away + margin).relu().max(),
    ),
    (
        "costs_not_averaged",
        "One cost for each triplet is returned; the loss is their mean, one number.",
        lambda near, away, margin: (near - away + margin).relu(),
    ),
    (
        "paid_counted",
        "The triplets that miss the margin are counted; a triplet costs by how much it does.",
        lambda near, away, margin: (near - away + margin > 0).double().mean(),
    ),
    (
        "smooth",
        "log(1 + exp(...)) stands for max(0, ...): this loss has a corner.",
        lambda near, away, margin: (near - away + margin).logaddexp(near * 0.0).mean(),
    ),
):
    exercise.add(name, message, measured(lengths, cost))


@exercise.mistake("The second distance is taken from the positive; both begin at the anchor.")
def from_the_positive(anchor, positive, negative, margin=1.0):
    near, away = lengths(anchor - positive), lengths(positive - negative)
    return (near - away + margin).relu().mean()


@exercise.mistake(
    "The smaller of the negative's distances to anchor and positive is taken (torch's swap=True); "
    "only the one to the anchor counts."
)
def nearer_of_both(anchor, positive, negative, margin=1.0):
    import torch.nn.functional as F

    return F.triplet_margin_loss(anchor, positive, negative, margin=margin, swap=True)


@exercise.mistake("These are dot products; the loss takes distances.")
def dot_products(anchor, positive, negative, margin=1.0):
    near, away = (anchor * positive).sum(1), (anchor * negative).sum(1)
    return (away - near + margin).relu().mean()


@exercise.mistake("The negative is forgotten: its distance is subtracted.")
def no_negative(anchor, positive, negative, margin=1.0):
    return (lengths(anchor - positive) + margin).relu().mean()


@exercise.mistake("The default margin is 0.2, as in FaceNet; here it is 1.")
def default_of_facenet(anchor, positive, negative, margin=0.2):
    return measured(lengths)(anchor, positive, negative, margin)
