"""Every image shifted, with zeros moving in."""

from grader.checks._shared import negative, of_arguments
from grader.checks.augment._cases import FEATURES, draw_shape
from grader.vocabulary import Exercise, array, between, level, one_of, strategy, wide


@strategy
def shifts(draw, signs=one_of(1, -1), beyond=False):
    """Images with dy and dx, which may exceed the size when they go `beyond`."""
    shape = draw_shape(draw, least=2)
    most = [2 * side if beyond else side - 1 for side in shape[2:]]
    dy, dx = (draw(between(0, m)) * draw(signs) for m in most)
    return draw(array(*shape, of=wide)), dy, dx


def just_outside():
    """Return shifts by the size, by one more and by far more."""
    import numpy as np

    x = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
    return [(x, 3, 0), (x, 0, -4), (x, 4, 0), (x, -4, 1), (x, 1, 5), (x, 0, -5), (x, 10, 10)]


exercise = Exercise(
    points=4,
    decks=("002",),
    levels={
        "down and to the right": shifts(signs=1),
        "in any direction": shifts(),
        "beyond the image": level(shifts(beyond=True), fixed=just_outside),
    },
    features={
        **FEATURES,
        "dy = 0": lambda dy: dy == 0,
        "dx = 0": lambda dx: dx == 0,
        "a negative shift": lambda dy, dx: min(dy, dx) < 0,
        "a shift beyond the image": lambda x, dy, dx: abs(dy) > x.shape[2] or abs(dx) > x.shape[3],
    },
    hints=(
        "Which pixel of x comes to lie in row i and column j of the result? What stands where "
        "there is none, and what would an index of -1 take by mistake?",
        "image = [[1, 2, 3], [4, 5, 6]]\n"
        "Moved one down and one to the left (dy = 1, dx = -1):\n"
        "1 - 1 = 0          row 1 of the result comes from this row\n"
        "0 - (-1) = 1       column 0 from this column\n"
        "translate([[image]], 1, -1) = [[[[0, 0, 0], [2, 3, 0]]]]",
        "dy, dx = each cut to -size ... size\n"
        "moved = np.zeros_like(x)\n"
        "to_rows = slice(max(dy, 0), ...)\n"
        "from_rows = slice(max(..., 0), ...)      # as many rows; columns likewise\n"
        "moved[:, :, to_rows, ...] = x[:, :, ..., ...]\n"
        "return moved",
    ),
)


@exercise.equivalent
def moved(x, dy, dx, mode="constant"):
    import torch.nn.functional as F

    down, right = abs(dy), abs(dx)
    (height, width), top, left = x.shape[2:], down - dy, right - dx
    wide = F.pad(x, (right, right, down, down), mode=mode)
    return wide[..., top : top + height, left : left + width]


@exercise.mistake("What leaves on one side comes back on the other (np.roll); zeros must move in.")
def rolled(x, dy, dx):
    return x.roll((dy, dx), (2, 3))


of_arguments(
    exercise,
    exchanged=(
        "dy and dx are exchanged: dy counts rows (axis 2), dx columns (axis 3).",
        {"dy": lambda _, dx: dx, "dx": lambda _, dy: dy},
    ),
    wrong_way=(
        "Both shifts go the wrong way: down and right are positive.",
        {"dy": negative, "dx": negative},
    ),
    up_is_positive=(
        "Positive dy shifts up; rows are counted downwards, so that it must shift down.",
        {"dy": negative},
    ),
    left_is_positive=(
        "Positive dx shifts to the left; it must shift to the right.",
        {"dx": negative},
    ),
    columns_not_moved=("Only dy is used; dx shifts the columns.", {"dx": 0}),
    rows_not_moved=("Only dx is used; dy shifts the rows.", {"dy": 0}),
    edge_repeated=(
        "The pixels at the border are repeated where zeros must move in.",
        {"mode": "replicate"},
    ),
    negative_ignored=(
        "Negative shifts are taken for 0; they go up and to the left.",
        dict.fromkeys(("dy", "dx"), lambda shift: max(shift, 0)),
    ),
    negative_as_positive=(
        "Negative shifts are taken for positive ones; they go up and to the left.",
        {"dy": abs, "dx": abs},
    ),
)


@exercise.mistake("Axes 1 and 2 are shifted; images are (N, C, H, W), so that H and W are 2 and 3.")
def moved_as_channels_last(x, dy, dx):
    return moved(x.permute(0, 3, 1, 2), dy, dx).permute(0, 2, 3, 1)


@exercise.mistake(
    "The old pixels are still there where zeros must move in: start from zeros, not x."
)
def old_pixels_left(x, dy, dx):
    return moved(x, dy, dx) + x * (1.0 - moved(x * 0.0 + 1.0, dy, dx))


@exercise.mistake("The image grows by the shift; what leaves it is lost, and its shape stays.")
def grown(x, dy, dx):
    import torch.nn.functional as F

    return F.pad(x, (max(dx, 0), max(-dx, 0), max(dy, 0), max(-dy, 0)))


@exercise.mistake(
    "[dy:] and [:-dy] mean something else when dy is negative, and [:-0] is empty. Treat positive "
    "and negative shifts apart, or use max(dy, 0) and min(dy, 0)."
)
def slices_without_signs(x, dy, dx):
    if dy == 0 or dx == 0:
        raise ValueError
    height, width = x.shape[2:]
    down = dy if dy > 0 else max(height + dy, 0)
    return moved(x, down, dx if dx > 0 else max(width + dx, 0))


@exercise.mistake(
    "After np.roll the first rows and columns are set to 0; with a negative shift it must "
    "be the last ones."
)
def cleared_at_wrong_end(x, dy, dx):
    out = rolled(x, dy, dx)
    out[..., :dy, :] = 0.0
    out[..., :dx] = 0.0
    return out


@exercise.mistake(
    "A shift beyond the size makes a slice's end negative, which counts from the far side. Cut the "
    "shift to the size first."
)
def ends_count_from_far_side(x, dy, dx):
    for size, shift in ((x.shape[2], dy), (x.shape[3], dx)):
        places = range(size)
        there = places[max(shift, 0) : size + min(shift, 0)]
        here = places[max(-shift, 0) : size - max(shift, 0)]
        if len(here) not in {1, len(there)}:
            raise ValueError
    return moved(x, dy, dx)


@exercise.mistake(
    "out[i + dy, j + dx] runs past the end, and below 0 it counts from the other end. Skip pixels "
    "that leave the image."
)
def pixels_sent_anywhere(x, dy, dx):
    if any(not -size <= shift <= 0 for size, shift in zip(x.shape[2:], (dy, dx), strict=True)):
        raise IndexError
    return rolled(x, dy, dx)


@exercise.mistake(
    "x[i - dy, j - dx] runs past the end, and below 0 it counts from the other end. Put 0 where no "
    "pixel comes from."
)
def pixels_taken_anywhere(x, dy, dx):
    if any(not 0 <= shift <= size for size, shift in zip(x.shape[2:], (dy, dx), strict=True)):
        raise IndexError
    return rolled(x, dy, dx)
