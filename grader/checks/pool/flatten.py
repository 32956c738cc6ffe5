"""Every image as one row of numbers."""

from grader.checks._shared import of_result, transposed
from grader.vocabulary import Exercise, array, between, strategy, wide


@strategy
def images(draw, number=between(2, 4)):
    n, c = draw(number), draw(between(1, 4))
    return (draw(array(n, c, draw(between(1, 4)), draw(between(1, 4)), of=wide)),)


exercise = Exercise(
    points=1,
    decks=("001",),
    levels={"one image": images(number=1), "several images": images()},
    features={
        "several images": lambda x: x.shape[0] > 1,
        "several channels": lambda x: x.shape[1] > 1,
        "several rows": lambda x: x.shape[2] > 1,
        "several columns": lambda x: x.shape[3] > 1,
    },
    hints=(
        "Every image keeps its own row: how many rows are there, and how long is one? In which "
        "order do channels, rows and columns lie in memory already?",
        "Two images of 2 channels, 1 row and 2 columns:\n"
        "2 * 1 * 2 = 4      numbers in a row\n"
        "flatten([[[[1, 2]], [[3, 4]]], [[[5, 6]], [[7, 8]]]]) = [[1, 2, 3, 4], [5, 6, 7, 8]]",
        "rows = ...\n"
        "length = ...                     # -1 lets NumPy work it out\n"
        "return x.reshape(..., ...)       # no transpose is needed",
    ),
)


@exercise.equivalent
def flat(x):
    import torch

    return torch.flatten(x, 1)


@exercise.mistake("All images stand in one row; the batch keeps its axis: (N, C*H*W).")
def batch_flattened(x):
    return x.flatten()


@exercise.mistake("All images stand in one row of a table; every image has its own: (N, C*H*W).")
def one_row(x):
    return x.reshape(1, -1)


@exercise.mistake(
    "The images are mixed: reshape(-1, N) takes N numbers a row. Keep N as first axis."
)
def images_mixed(x):
    return x.reshape(-1, x.shape[0])


@exercise.mistake("The images are mixed: reshape(-1, N).T takes every N-th number. reshape(N, -1).")
def images_mixed_transposed(x):
    return x.reshape(-1, x.shape[0]).T


@exercise.mistake("The numbers run in Fortran's order, the channel fastest; leave order='C'.")
def fortran_order(x):
    return x.permute(0, 3, 2, 1).flatten(1)


@exercise.mistake(
    "The channels run fastest, as of (N, H, W, C); the order is channel, row, column."
)
def channels_last(x):
    return x.permute(0, 2, 3, 1).flatten(1)


@exercise.mistake("Every channel is read column by column; it is read row by row.")
def column_by_column(x):
    return x.transpose(2, 3).flatten(1)


@exercise.mistake("The channels keep an axis of their own; a row holds them all: (N, C*H*W).")
def channels_kept(x):
    return x.flatten(2)


@exercise.mistake("The channels are summed or averaged away (here summed); a row holds them all.")
def channels_summed(x):
    return x.sum(1).flatten(1)


of_result(
    exercise,
    images_as_columns=("An image is a column here; it must be a row: (N, C*H*W).", transposed),
    first_image_only=(
        "Only the first image is left; every image has its row.",
        lambda images_as_rows: images_as_rows[:1],
    ),
)


@exercise.mistake("x comes back as it is, with four axes.")
def unchanged(x):
    return x
