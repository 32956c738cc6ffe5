"""Every image turned counter-clockwise by quarter turns."""

from grader.checks._shared import negative, of_arguments
from grader.checks.augment._cases import FEATURES, draw_shape
from grader.vocabulary import Exercise, array, between, level, one_of, strategy, wide


@strategy
def turns(draw, k=between(0, 9), signs=one_of(1, -1)):
    k = draw(k) * draw(signs)
    return draw(array(*draw_shape(draw), of=wide)), k


def both_ways_round():
    """Return one picture turned clockwise, and more than once round."""
    import numpy as np

    x = np.arange(1.0, 7.0).reshape(1, 1, 2, 3)
    return [(x, k) for k in (-1, -2, -3, -5, 4, 5, 6, 7)]


exercise = Exercise(
    points=1,
    decks=("002",),
    levels={
        "up to three turns": turns(k=between(0, 3), signs=1),
        "any number of turns": level(turns(), fixed=both_ways_round),
    },
    features={
        **FEATURES,
        "an odd number of turns": lambda k: k % 2,
        "a whole turn or none": lambda k: k % 4 == 0,
        "negative k": lambda k: k < 0,
        "k above 3": lambda k: k > 3,
    },
    hints=(
        "Turn a sheet of paper counter-clockwise: which edge comes to the top, and what becomes "
        "of the shape? How many turns are the same as -1, and as 5?",
        "-1 % 4 = 3      one turn clockwise is three of the others\n"
        "5 % 4 = 1\n"
        "rotate90([[[[1, 2, 3], [4, 5, 6]]]], 1) = [[[[3, 6], [2, 5], [1, 4]]]]\n"
        "The right edge, 3 and 6, is on top.",
        "for _ in range(...):                          # how many turns are left of k\n"
        "    x = x.swapaxes(2, 3)[:, :, ...]           # exchange, then reverse one of both\n"
        "return x\n"
        "np.rot90 can do it, too: which axes has it to be told?",
    ),
)


@exercise.equivalent
def turned(x, k, axes=(2, 3)):
    import torch

    return torch.rot90(x, k, axes)


of_arguments(
    exercise,
    clockwise=(
        "It turns clockwise; counter-clockwise, the right edge comes to the top.",
        {"k": negative},
    ),
    batch_turned=(
        "Images and channels are turned: np.rot90 takes axes 0 and 1 unless axes=(2, 3).",
        {"axes": (0, 1)},
    ),
    turned_as_channels_last=(
        "Axes 1 and 2 are turned; images are (N, C, H, W), so that H and W are 2 and 3.",
        {"axes": (1, 2)},
    ),
    always_one_turn=("k is ignored: it is always one turn.", {"k": 1}),
    negative_ignored=(
        "Negative k does nothing (range(k) is empty); it turns clockwise: use k % 4.",
        {"k": lambda k: max(k, 0)},
    ),
    negative_as_positive=(
        "Negative k is taken for positive; it turns clockwise: use k % 4.",
        {"k": abs},
    ),
)


@exercise.mistake("Rows and columns are only exchanged; a turn also reverses one of the two.")
def transposed(x, k):
    return x.transpose(2, 3) if k % 2 else x


@exercise.mistake("Two turns only exchange up and down; left and right are exchanged too.")
def half_turn_is_mirror(x, k):
    return x.flip(2) if k % 4 == 2 else turned(x, k)


@exercise.mistake("The turned images are pressed into the shape of x; H and W change their places.")
def shape_kept(x, k):
    return turned(x, k).reshape(x.shape)


@exercise.mistake("Only k from 0 to 3 is known, else x comes back: begin with k % 4.")
def others_unchanged(x, k):
    return turned(x, k) if k in range(4) else x


@exercise.mistake("Only k from 0 to 3 is known, else nothing is returned: begin with k % 4.")
def others_none(x, k):
    return turned(x, k) if k in range(4) else None
