"""The way back from columns to images: copies of a pixel are added up."""

from grader.checks._shared import of_arguments, of_result, products_of, renamed
from grader.checks.conv._cases import WINDOW_FEATURES, convolutions, output_shape, survivors
from grader.vocabulary import Exercise

exercise = Exercise(
    points=4,
    decks=(),
    requires=("conv_output_size", "im2col"),
    levels={
        "stride 1, no padding": convolutions(stride=1, padding=0, takes="cols"),
        "any stride and padding": convolutions(takes="cols"),
    },
    features=renamed(WINDOW_FEATURES, x="x_shape", kernel="kernel_size"),
    terms=products_of("cols"),
    hints=(
        "im2col copies pixels into columns. If every number goes back to its pixel, what "
        "becomes of a pixel that lies in two windows? What happens to numbers that go back into "
        "the padding?",
        "A 2x3 image with the pixels 1 to 6, and its two 2x2 windows as columns:\n"
        "cols = [[1, 2], [2, 3], [4, 5], [5, 6]]\n"
        "The pixels 2 and 5 lie in both windows:\n"
        "2 + 2 = 4\n"
        "5 + 5 = 10\n"
        "col2im([cols], (1, 1, 2, 3), (2, 2)) = [[[[1, 4, 3], [4, 10, 6]]]]",
        "cols = cols.reshape(n, c, kh, kw, ..., ...)\n"
        "padded = np.zeros(...)                     # of the padded size\n"
        "for i in range(kh):\n"
        "    for j in range(kw):\n"
        "        padded[:, :, i : ... : stride, j : ... : stride] += cols[...]\n"
        "return padded[:, :, ... : ..., ... : ...]  # without the padding, also where that is 0",
    ),
)


@exercise.equivalent
def fold(cols, x_shape, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    return F.fold(cols, x_shape[2:], kernel_size, stride=stride, padding=padding)


def folded_on_frame(cols, x_shape, kernel_size, stride, padding):
    """Return the images with their frame."""
    import torch.nn.functional as F

    sides = (x_shape[2] + 2 * padding, x_shape[3] + 2 * padding)
    return F.fold(cols, sides, kernel_size, stride=stride)


def six_axes(cols, x_shape, kernel_size, stride, padding):
    """Return the shape (N, C, KH, KW, OH, OW)."""
    return *x_shape[:2], *kernel_size, *output_shape(x_shape[2:], kernel_size, stride, padding)


@exercise.mistake(
    "Where windows overlap only one number survives: = instead of +=, or x[index] += v, which "
    "counts an index that occurs twice once. Add with np.add.at, or a slice at a time."
)
def overlaps_lost(cols, x_shape, kernel_size, stride=1, padding=0):
    kept = survivors(x_shape[2:], kernel_size, stride, padding, taps_first=True)
    return fold(cols * kept.repeat(x_shape[1], 1), x_shape, kernel_size, stride, padding)


@exercise.mistake("Every window overwrites the ones before it where they overlap: += instead of =.")
def last_window_stays(cols, x_shape, kernel_size, stride=1, padding=0):
    kept = survivors(x_shape[2:], kernel_size, stride, padding, taps_first=False)
    return fold(cols * kept.repeat(x_shape[1], 1), x_shape, kernel_size, stride, padding)


@exercise.mistake("The copies of a pixel are averaged; they are summed.")
def averaged(cols, x_shape, kernel_size, stride=1, padding=0):
    copies = fold(cols * 0.0 + 1.0, x_shape, kernel_size, stride, padding)
    return fold(cols, x_shape, kernel_size, stride, padding) / copies.clamp(min=1.0)


@exercise.mistake(
    "The copies of a pixel are averaged, and a pixel without any is 0/0; they are summed."
)
def averaged_to_nan(cols, x_shape, kernel_size, stride=1, padding=0):
    copies = fold(cols * 0.0 + 1.0, x_shape, kernel_size, stride, padding)
    return fold(cols, x_shape, kernel_size, stride, padding) / copies


@exercise.mistake("The crop [P:-P] is empty when P is 0: write [P:P + H] and [P:P + W].")
def empty_crop(cols, x_shape, kernel_size, stride=1, padding=0):
    framed = folded_on_frame(cols, x_shape, kernel_size, stride, padding)
    return framed[..., padding:-padding, padding:-padding]


@exercise.mistake("One pixel is cut off on every side, whatever `padding` says.")
def fixed_crop(cols, x_shape, kernel_size, stride=1, padding=0):
    return folded_on_frame(cols, x_shape, kernel_size, stride, padding)[..., 1:-1, 1:-1]


@exercise.mistake("The frame is still on: cut `padding` pixels off on all four sides.")
def frame_left_on(cols, x_shape, kernel_size, stride=1, padding=0):
    return folded_on_frame(cols, x_shape, kernel_size, stride, padding)


@exercise.mistake(
    "The crop begins at (0, 0), so that the images keep a part of the frame; they begin at (P, P)."
)
def crop_at_corner(cols, x_shape, kernel_size, stride=1, padding=0):
    framed = folded_on_frame(cols, x_shape, kernel_size, stride, padding)
    return framed[..., : x_shape[2], : x_shape[3]]


@exercise.mistake("The pixels at the end that no window covers are missing; they are there, and 0.")
def uncovered_missing(cols, x_shape, kernel_size, stride=1, padding=0):
    windows = output_shape(x_shape[2:], kernel_size, stride, padding)
    ends = [(o - 1) * stride + k - padding for o, k in zip(windows, kernel_size, strict=True)]
    x = fold(cols, x_shape, kernel_size, stride, padding)
    return x[..., : max(ends[0], 0), : max(ends[1], 0)]


@exercise.mistake("Window (i, j) is put at (i, j); it begins at (i*stride, j*stride).")
def stride_not_in_window(cols, x_shape, kernel_size, stride=1, padding=0):
    import torch.nn.functional as F

    windows = output_shape(x_shape[2:], kernel_size, stride, padding)
    sides = [o + k - 1 for o, k in zip(windows, kernel_size, strict=True)]
    put = F.fold(cols, sides, kernel_size)
    bottom, right = [side + 2 * padding - s for side, s in zip(x_shape[2:], sides, strict=True)]
    return F.pad(F.pad(put, (0, right, 0, bottom)), (-padding,) * 4)


@exercise.mistake("A column is read as row, column, channel; the channel comes first: (C, KH, KW).")
def channel_last_in_column(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, kh, kw, *windows = six_axes(cols, x_shape, kernel_size, stride, padding)
    read = cols.reshape(n, kh, kw, c, *windows).permute(0, 3, 1, 2, 4, 5)
    return fold(read.flatten(1, 3).flatten(2), x_shape, kernel_size, stride, padding)


@exercise.mistake("A column is read down the window first; it runs along the window's rows.")
def window_transposed(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, kh, kw, *windows = six_axes(cols, x_shape, kernel_size, stride, padding)
    read = cols.reshape(n, c, kw, kh, *windows).transpose(2, 3)
    return fold(read.flatten(1, 3).flatten(2), x_shape, kernel_size, stride, padding)


@exercise.mistake("The windows are counted down the image; column i*OW + j is window (i, j).")
def windows_counted_downwards(cols, x_shape, kernel_size, stride=1, padding=0):
    n, *_, oh, ow = six_axes(cols, x_shape, kernel_size, stride, padding)
    read = cols.reshape(n, -1, ow, oh).transpose(2, 3)
    return fold(read.flatten(2), x_shape, kernel_size, stride, padding)


of_result(exercise, first_image_only="Only the first image is computed; the others stay zero.")
of_arguments(
    exercise,
    images_mixed=(
        "The images are mixed: reshape to (N, C, …) without moving the batch's axis.",
        {"cols": lambda cols: cols.reshape(cols.shape[1], len(cols), -1).transpose(0, 1)},
    ),
)
