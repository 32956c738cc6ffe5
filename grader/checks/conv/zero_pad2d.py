"""A frame of zeros around every image."""

from grader.checks._shared import of_arguments, zero
from grader.checks.conv._mistakes import EVERY_AXIS, of_padding
from grader.vocabulary import Exercise, array, bad, between, level, strategy, wide


@strategy
def images(draw, negative=False):
    p, n, c = draw(between(0, 3)), draw(between(1, 3)), draw(between(1, 3))
    x = draw(array(n, c, draw(between(1, 5)), draw(between(1, 5)), of=wide))
    return bad(x, -1 - p) if negative else (x, p)


def no_frame():
    """Return images that stay as they are."""
    import numpy as np

    shapes = [(1, 1, 1, 2), (1, 2, 2, 3), (2, 1, 3, 2)]
    return [(np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape), 0) for shape in shapes]


exercise = Exercise(
    points=1,
    decks=("000", "002", "003"),
    levels={
        "any frame": level(images(), fixed=no_frame),
        "negative padding": images(negative=True),
    },
    features={
        "padding = 0": lambda padding: padding == 0,
        "negative padding": lambda padding: padding < 0,
        "several images": lambda x: x.shape[0] > 1,
        "several channels": lambda x: x.shape[1] > 1,
        "H and W different": lambda x: x.shape[2] != x.shape[3],
    },
    hints=(
        "Which of the four axes grow, and by how much in all? Where does x lie in the result "
        "when P is 1, and when P is 0?",
        "1 + 2 * 1 = 3     rows, of 1 row with padding 1\n"
        "2 + 2 * 1 = 4     columns, of 2\n"
        "zero_pad2d([[[[5, 6]]]], 1) = [[[[0, 0, 0, 0], [0, 5, 6, 0], [0, 0, 0, 0]]]]",
        "if ...:\n"
        "    raise ValueError(...)\n"
        "padded = np.zeros((n, c, ..., ...))\n"
        "padded[:, :, ... : ..., ... : ...] = x    # an end of -P would be wrong for P = 0\n"
        "return padded",
    ),
)


@exercise.equivalent
def pad(x, padding):
    import torch.nn.functional as F

    return F.pad(x, (padding,) * 4)


def of_sides(name, message, sides, mode="constant"):
    """Add a padding of other sides; `sides(p)` counts them as torch does, from the last axis."""

    def mistaken(x, padding):
        import torch.nn.functional as F

        return F.pad(x, sides(padding), mode=mode)

    exercise.add(name, message, mistaken)


of_sides("padded_every_axis", EVERY_AXIS, lambda p: (p,) * 8)
of_sides(
    "padded_as_channels_last",
    "Axes 1 and 2 are padded; images are (N, C, H, W), so that H and W are 2 and 3.",
    lambda p: (0, 0, p, p, p, p),
)
of_sides(
    "padded_at_top_and_left",
    "Only the top and the left are padded; all four sides get `padding` zeros.",
    lambda p: (p, 0, p, 0),
)
of_sides(
    "padded_at_bottom_and_right",
    "Only the bottom and the right are padded; all four sides get `padding` zeros.",
    lambda p: (0, p, 0, p),
)
of_sides(
    "padded_width_only",
    "Only the left and the right are padded; the top and the bottom get zeros too.",
    lambda p: (p, p),
)
of_sides(
    "padded_height_only",
    "Only the top and the bottom are padded; the left and the right get zeros too.",
    lambda p: (0, 0, p, p),
)
of_sides(
    "edge_repeated",
    "The frame repeats the pixels at the border; it must be zeros (mode='constant').",
    lambda p: (p,) * 4,
    mode="replicate",
)


@exercise.mistake("Nothing is padded: x comes back as it is.")
def no_padding(x, padding):
    return x


of_padding(exercise)
of_arguments(
    exercise,
    images_missing=(
        "The images are missing: the result is all zeros. Copy x into its middle.",
        {"x": zero},
    ),
)


@exercise.mistake("With padding = 0 nothing is returned; return the images in that case too.")
def nothing_for_zero(x, padding):
    return None if padding == 0 else pad(x, padding)


@exercise.mistake(
    "A slice [P:-P] is empty when P is 0, so that x does not fit into it. Say where the middle "
    "ends: [P:P + H]."
)
def empty_middle(x, padding):
    if padding == 0:
        if x.shape[2] * x.shape[3] > 1:
            raise ValueError
        return x * 0.0  # a single pixel is broadcast into nothing
    return pad(x, padding)


@exercise.mistake(
    "A negative padding is taken for 0; it must raise ValueError.", on_bad_arguments=True
)
def negative_taken_for_zero(x, padding):
    return pad(x, max(padding, 0))


@exercise.mistake(
    "A negative padding crops the images; it must raise ValueError.", on_bad_arguments=True
)
def negative_crops(x, padding):
    crop = max(-padding, 0)
    height, width = x.shape[2:]
    inside = x[..., crop : max(height - crop, 0), crop : max(width - crop, 0)]
    return pad(inside, max(padding, 0))


@exercise.mistake(
    "A negative padding is refused with an assert, which raises AssertionError: write raise "
    "ValueError.",
    on_bad_arguments=True,
)
def assert_for_value_error(x, padding):
    if padding < 0:
        raise AssertionError
    return pad(x, padding)
