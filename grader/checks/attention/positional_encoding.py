"""Each place of a sequence gets sines and cosines, from quick ones to slow ones."""

import math

from grader.checks._shared import axis_in_front, of_result, zero
from grader.vocabulary import Exercise, between, level, strategy


@strategy
def places(draw, dim=between(1, 9)):
    """Draw how many places there are, and how many numbers each gets."""
    dim = draw(dim)
    return draw(between(1, 60)), dim


@strategy
def pairs(draw):
    """Draw the same, of whole pairs."""
    half = draw(between(1, 8))
    return draw(between(1, 60)), 2 * half


exercise = Exercise(
    points=3,
    decks=("000",),
    levels={
        "one pair": places(dim=2),
        "several pairs": level(pairs(), fixed=lambda: [(50, 128)]),
        "odd lengths too": places(),
    },
    features={
        "an odd dim": lambda dim: dim % 2 == 1,
        "dim = 1": lambda dim: dim == 1,
        "dim above 2": lambda dim: dim > 2,
        "several places": lambda length: length > 1,
        "more than two places": lambda length: length > 2,
        "fewer places than columns": lambda length, dim: length < dim,
    },
    hints=(
        "Which columns share an angle, and which of the two has the sine? By how much does the "
        "angle of the first pair grow from one place to the next, and what makes those of the "
        "later pairs slower?",
        "Place 3 of a pattern with four numbers: two pairs.\n"
        "10000 ** (0 / 4) = 1          the first pair: 3 / 1 = 3\n"
        "10000 ** (2 / 4) = 100        the second one: 3 / 100 = 0.03\n"
        "[sin(3), cos(3), sin(0.03), cos(0.03)] = [0.1411, -0.99, 0.03, 0.9996]\n"
        "positional_encoding(4, 4)[3] = [0.1411, -0.99, 0.03, 0.9996]",
        "places = np.arange(length)[:, None]        # a column\n"
        "angles = places / ...                      # one column for each pair\n"
        "encoding = np.zeros((length, dim))\n"
        "encoding[:, 0::2] = ...                    # one more than there are cosines if odd\n"
        "encoding[:, 1::2] = ...",
    ),
)


def pattern(length, dim, *, exponent=None, base=10000.0, first=0, unit=1.0, even="sin", odd="cos"):
    """Return the pattern with something else in it; `exponent` takes the columns."""
    import torch

    columns = torch.arange(dim, dtype=torch.float64)
    powers = columns // 2 * 2 / dim if exponent is None else exponent(columns)
    places = torch.arange(first, first + length, dtype=torch.float64)
    angles = places[:, None] * base**-powers * unit
    return torch.where(columns % 2 == 0, getattr(angles, even)(), getattr(angles, odd)())


@exercise.equivalent
def encoding(length, dim):
    import torch

    half = torch.arange(0, dim, 2, dtype=torch.float64)
    places = torch.arange(length, dtype=torch.float64)
    angles = torch.outer(places, 10000.0 ** (-half / dim))
    return torch.stack([angles.sin(), angles.cos()], 2).flatten(1)[:, :dim]


for name, message, changed in (
    (
        "own_angle_for_each_column",
        "Each column has an angle of its own, with its number in the exponent: the sine and the "
        "cosine of a pair share one, 2i / dim for both.",
        lambda dim: {"exponent": lambda columns: columns / dim},
    ),
    (
        "pair_not_doubled",
        "The exponent is i / dim with the number of the pair: it is 2i / dim.",
        lambda dim: {"exponent": lambda columns: columns // 2 / dim},
    ),
    (
        "doubled_twice",
        "The exponent is doubled twice: where columns 0, 2, 4, ... are counted, they are 2i "
        "already.",
        lambda dim: {"exponent": lambda columns: columns // 2 * 4 / dim},
    ),
    (
        "column_doubled",
        "The exponent is twice the column for both of a pair: 2i is the even column of the pair.",
        lambda dim: {"exponent": lambda columns: 2 * columns / dim},
    ),
    (
        "divided_by_the_pairs",
        "The exponent is divided by the number of pairs without 2i: 2i / dim is i / (dim / 2).",
        lambda dim: {"exponent": lambda columns: columns // 2 * 2 / (dim // 2 or 1)},
    ),
    (
        "last_pair_at_10000",
        "The exponent runs up to 1: it is 2i / dim, which ends below.",
        lambda dim: {
            "exponent": lambda columns: columns // 2 / max((dim + 1) // 2 - 1, 1),
        },
    ),
    (
        "exponent_missing",
        "The exponent is 2i, not divided by dim.",
        lambda _: {"exponent": lambda columns: columns // 2 * 2},
    ),
    (
        "no_frequencies",
        "All pairs turn equally fast: divide the place by 10000^(2i / dim).",
        lambda _: {"exponent": zero},
    ),
    (
        "multiplied",
        "The place is multiplied by 10000^(2i / dim): divide by it, so that later pairs are "
        "slower.",
        lambda dim: {"exponent": lambda columns: -(columns // 2 * 2) / dim},
    ),
    (
        "degrees",
        "The angles are taken in degrees: sine and cosine take radians.",
        lambda _: {"unit": math.pi / 180.0},
    ),
    (
        "one_thousand",
        "The base is 1000: it is 10000.",
        lambda _: {"base": 1000.0},
    ),
    (
        "from_one",
        "The places are counted from 1: the first is 0.",
        lambda _: {"first": 1},
    ),
    (
        "sine_and_cosine_exchanged",
        "Sine and cosine are exchanged: column 2i is the sine.",
        lambda _: {"even": "cos", "odd": "sin"},
    ),
    (
        "sines_alone",
        "All columns are sines: column 2i + 1 is the cosine.",
        lambda _: {"odd": "sin"},
    ),
    (
        "cosines_alone",
        "All columns are cosines: column 2i is the sine.",
        lambda _: {"even": "cos"},
    ),
):

    def mistaken(length, dim, changed=changed):
        return pattern(length, dim, **changed(dim))

    exercise.add(name, message, mistaken)


@exercise.mistake(
    "All sines come first, then all cosines: they take turns, column 2i and column 2i + 1."
)
def halves(length, dim):
    import torch

    right = encoding(length, dim)
    return torch.cat([right[:, 0::2], right[:, 1::2]], 1)


@exercise.mistake(
    "Columns of sines below the middle and of cosines above it, each with its own angle: they take "
    "turns, and two share an angle."
)
def halves_with_own_angles(length, dim):
    import torch

    columns = torch.arange(dim, dtype=torch.float64)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * 10000.0 ** (-columns / dim)
    return torch.where(columns < (dim + 1) // 2, angles.sin(), angles.cos())


@exercise.mistake("An odd dim is one column too many for the cosines: it ends with a sine.")
def odd_refused(length, dim):
    if dim % 2:
        raise ValueError
    return encoding(length, dim)


@exercise.mistake(
    "An odd dim is filled up to a whole pair: it ends with a sine, dim columns in all."
)
def pair_completed(length, dim):
    return pattern(length, dim + dim % 2, exponent=lambda columns: columns // 2 * 2 / dim)


@exercise.mistake("The last column of an odd dim stays 0: it ends with a sine.")
def odd_column_empty(length, dim):
    out = encoding(length, dim)
    if dim % 2:
        out[:, -1] = 0.0
    return out


@exercise.mistake(
    "The exponents are divided by length: it is dim, how many numbers each place gets."
)
def divided_by_length(length, dim):
    return pattern(length, dim, exponent=lambda columns: columns // 2 * 2 / length)


@exercise.mistake(
    "The place is divided by length first: it is a whole number, whatever the length."
)
def share_of_the_length(length, dim):
    return pattern(length, dim, unit=1.0 / length)


of_result(
    exercise,
    transposed="Places and columns are exchanged: (length, dim), a row for each place.",
    axis_in_front=(
        "There is an axis of length 1 in front: the result is (length, dim).",
        axis_in_front,
    ),
)
