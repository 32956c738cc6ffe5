"""Left and right of every image exchanged."""

from grader.checks._shared import of_arguments
from grader.checks.augment._cases import FEATURES, draw_shape
from grader.vocabulary import Exercise, array, strategy, wide


@strategy
def images(draw):
    return (draw(array(*draw_shape(draw), of=wide)),)


exercise = Exercise(
    points=1,
    decks=("002",),
    levels={"any images": images()},
    features={
        **FEATURES,
        "a single row": lambda x: x.shape[2] == 1,
        "a single column": lambda x: x.shape[3] == 1,
    },
    hints=(
        "Images are (N, C, H, W): which axis counts the columns, from left to right? What "
        "happens to the others?",
        "mirror([[[[1, 2, 3], [4, 5, 6]]]]) = [[[[3, 2, 1], [6, 5, 4]]]]\n"
        "3 - 1 - 0 = 2     column 0 comes from this one, with W = 3",
        "return x[:, :, ..., ...]    # a slice that runs backwards, along one axis\n"
        "np.flip(x, axis=...) does the same.",
    ),
)


@exercise.equivalent
def flipped(x, axes=(3,)):
    return x.flip(axes)


of_arguments(
    exercise,
    up_down=(
        "Up and down are exchanged: axis 2 counts rows; the columns are axis 3.",
        {"axes": (2,)},
    ),
    half_turn=(
        "Height and width are both reversed, a half turn; reverse axis 3 alone.",
        {"axes": (2, 3)},
    ),
    channels_reversed=(
        "The channels are reversed (np.fliplr reverses axis 1); the columns are axis 3.",
        {"axes": (1,)},
    ),
    images_reversed=(
        "The images' order is reversed (x[::-1], np.flipud); the columns are axis 3.",
        {"axes": (0,)},
    ),
    everything_reversed=(
        "Every axis is reversed: np.flip(x) needs axis=3, the columns.",
        {"axes": (0, 1, 2, 3)},
    ),
)


@exercise.mistake("Rows and columns are exchanged; a mirror leaves the rows where they are.")
def transposed(x):
    return x.transpose(2, 3)


@exercise.mistake("x comes back as it is.")
def unchanged(x):
    return x


@exercise.mistake("The mirror images are appended to x; return them alone.")
def appended(x):
    import torch

    return torch.cat([x, flipped(x)])
