"""The cosine of the angle between two vectors: their dot product over the product of the norms."""

from grader.checks._shared import cut_at_zero, of_arguments, of_result
from grader.vocabulary import Exercise, array, between, one_of, strategy, tied, undrawn, wide


@strategy
def pairs(draw, zeros=0, of=wide):
    """Draw two vectors; 1 or 2 in `zeros` makes the first or the second all zeros, 3 both."""
    d, which = draw(between(1, 5)), draw(zeros)
    a, b = draw(array(d, of=of)), draw(array(d, of=of))
    return a * (which not in (1, 3)), b * (which not in (2, 3))


exercise = Exercise(
    points=3,
    decks=("001",),
    levels={
        "two vectors": pairs(),
        "a vector of zeros": pairs(zeros=one_of(1, 2, 3, 0), of=tied),
    },
    features={
        "a vector of zeros": lambda a, b: not a.any() or not b.any(),
        "D = 1": lambda a: len(a) == 1,
        "a negative dot product": lambda a, b: a @ b < 0,
        "a dot product of 0": lambda a, b: a @ b == 0,
    },
    never=[undrawn("near ties", "All numbers are multiplied and added up: none is compared.")],
    hints=(
        "Twice as long a vector points the same way. What must the dot product be divided by, so "
        "that its length does not count? What is divided by what where all numbers are 0?",
        "a = [3, 4] and b = [4, 3]:\n"
        "3 * 4 + 4 * 3 = 24      the dot product\n"
        "sqrt(9 + 16) = 5        the length of each\n"
        "cosine_similarity([3, 4], [4, 3]) = 24 / (5 * 5) = 0.96",
        "norms = np.linalg.norm(...) * ...\n"
        "if ...:                  # a vector of zeros points nowhere\n"
        "    return ...\n"
        "return float(... / norms)",
    ),
)


def unit(vector, order=2):
    """Return a vector of length 1 in the same direction; zeros stay zeros."""
    import torch.nn.functional as F

    return F.normalize(vector, order, 0, eps=1e-300)


@exercise.equivalent
def cosine(a, b, order=2):
    return unit(a, order) @ unit(b, order)


of_result(
    exercise,
    negative="The sign is turned: vectors of the same direction have the cosine 1.",
    distance=("This is the distance, 1 minus the cosine; the cosine is wanted.", lambda c: 1 - c),
    absolute=("abs() does not belong here: opposite directions have the cosine -1.", abs),
    cut_at_zero=(
        "Negative cosines are cut off; opposite directions have the cosine -1.",
        cut_at_zero,
    ),
    angle=(
        "This is the angle itself, by arccos; its cosine is wanted.",
        lambda c: c.clamp(-1, 1).arccos(),
    ),
    squared=("The cosine is squared.", lambda c: c.square()),
    mapped_to_a_share=(
        "(cosine + 1) / 2 lies between 0 and 1; the cosine itself lies between -1 and 1.",
        lambda c: (c + 1) / 2,
    ),
    mean_of_products=(
        "The products are averaged: the dot product is their sum.",
        lambda c, a: c / len(a),
    ),
)
of_arguments(
    exercise,
    sums_of_absolute_values=(
        "The norms are sums of absolute values (ord=1); the Euclidean norm is wanted.",
        {"order": 1},
    ),
    largest_entries=(
        "The norms are the largest entries; the Euclidean norm is wanted.",
        {"order": float("inf")},
    ),
    centred=(
        "The means are subtracted first: that is a correlation, not the cosine.",
        dict.fromkeys("ab", lambda vector: vector - vector.mean()),
    ),
)


@exercise.mistake(
    "Where a vector is all zeros, 0 / 0 is nan. Ask for a norm of 0 first: then it is 0."
)
def zeros_not_asked_for(a, b):
    return a @ b / (a.norm() * b.norm())


@exercise.mistake("A vector of zeros has the similarity 0 with any other, not 1.")
def one_for_zeros(a, b):
    return cosine(a, b) if a.any() and b.any() else 1.0


@exercise.mistake("Two vectors of zeros have the similarity 0, not 1.")
def one_for_two_of_zeros(a, b):
    return cosine(a, b) if a.any() or b.any() else 1.0


@exercise.mistake("This is the dot product; divide it by the product of both norms.")
def dot_product(a, b):
    return a @ b


@exercise.mistake("Only the norm of a divides; that of b does, too.")
def norm_of_a_alone(a, b):
    return unit(a) @ b


@exercise.mistake("Only the norm of b divides; that of a does, too.")
def norm_of_b_alone(a, b):
    return a @ unit(b)


@exercise.mistake("x / a * b multiplies by b: both norms divide, x / (a * b).")
def second_norm_multiplies(a, b):
    return unit(a) @ b * b.norm()


@exercise.mistake("The norms are added; multiply them.")
def norms_added(a, b):
    both = a.norm() + b.norm()
    return a @ b / both if both else both


@exercise.mistake("The norms are squared: the roots are missing.")
def squared_norms(a, b):
    norms = a.square().sum() * b.square().sum()
    return a @ b / norms if norms else norms


@exercise.mistake(
    "The product of the norms is under the root, but as one of them too often: the root of "
    "(|a| |b|) is taken."
)
def root_of_the_norms(a, b):
    norms = (a.norm() * b.norm()).sqrt()
    return a @ b / norms if norms else norms


@exercise.mistake(
    "A number is added to the norms against 0 / 0; it makes the cosine of short vectors too small. "
    "Ask for a norm of 0 instead."
)
def added_against_zero(a, b):
    return a @ b / (a.norm() * b.norm() + 1e-8)


@exercise.mistake("This is the Euclidean distance between the vectors.")
def euclidean(a, b):
    return (a - b).norm()


@exercise.mistake("The products are returned one by one; add them up.")
def not_added_up(a, b):
    return unit(a) * unit(b)
