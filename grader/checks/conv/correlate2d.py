"""Slide one filter over one picture: every number is a window times the filter, summed."""

from grader.checks._shared import (
    SUMS_OF_PRODUCTS,
    cut_at_zero,
    of_arguments,
    of_result,
    products_of,
)
from grader.checks.conv._cases import kernel_shape
from grader.vocabulary import Exercise, array, between, level, strategy


@strategy
def squares(draw):
    k = draw(between(1, 4))
    side = k + draw(between(0, 6))
    return draw(array(side, side)), draw(array(k, k))


@strategy
def rectangles(draw):
    kh, kw = draw(between(1, 4)), draw(between(1, 4))
    h, w = kh + draw(between(0, 5)), kw + draw(between(0, 5))
    return draw(array(h, w)), draw(array(kh, kw))


def deck_picture():
    """Return a 7x7 picture of a disc with a notch, under the identity, blur and edge filters."""
    import numpy as np

    rows = "0000000 0011100 0111110 0111000 0111110 0011100 0000000"
    picture = np.array([[float(pixel) for pixel in row] for row in rows.split()])
    identity = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    blur = np.full((3, 3), 1.0 / 9.0)
    edges = np.array([[-1.0, -1.0, -1.0], [2.0, 2.0, 2.0], [-1.0, -1.0, -1.0]])
    return [(picture, kernel) for kernel in (identity, blur, edges)]


exercise = Exercise(
    points=2,
    decks=("002",),
    levels={
        "square picture and filter": level(squares(), fixed=deck_picture),
        "any picture and filter": rectangles(),
    },
    features={
        "a 1x1 kernel": lambda kernel: kernel.size == 1,
        "a kernel as large as the image": lambda image, kernel: image.shape == kernel.shape,
        "KH and KW different": lambda kernel: kernel.shape[0] != kernel.shape[1],
        "H and W different": lambda image: image.shape[0] != image.shape[1],
        "a kernel of even height or width": lambda kernel: any(
            side % 2 == 0 for side in kernel.shape
        ),
    },
    never=[SUMS_OF_PRODUCTS],
    terms=products_of("image", "kernel"),
    hints=(
        "Put the filter on the upper left corner: which number comes out there? How far to the "
        "right and down can it go?",
        "image = [[1, 2, 3], [4, 5, 6]]\n"
        "With the filter [[1, 0], [0, 10]]:\n"
        "1 * 1 + 2 * 0 + 4 * 0 + 5 * 10 = 51    at the upper left\n"
        "2 * 1 + 3 * 0 + 5 * 0 + 6 * 10 = 62    one to the right\n"
        "correlate2d(image, [[1, 0], [0, 10]]) = [[51, 62]]",
        "out = np.zeros((..., ...))           # one number for each place of the filter\n"
        "for i in range(...):\n"
        "    for j in range(...):\n"
        "        window = image[i : ..., j : ...]\n"
        "        out[i, j] = ...\n"
        "return out",
    ),
)


@exercise.equivalent
def correlate(image, kernel, stride=1):
    import torch.nn.functional as F

    return F.conv2d(image[None, None], kernel[None, None], stride=stride)[0, 0]


of_arguments(
    exercise,
    flipped_kernel=(
        "The kernel is flipped, as in mathematics. Deep learning slides it as it is: no [::-1].",
        {"kernel": lambda kernel: kernel.flip(0, 1)},
    ),
    windows_side_by_side=(
        "The windows lie side by side; the filter moves by one pixel, so that they overlap.",
        {"stride": lambda _, kernel: kernel_shape(kernel)},
    ),
)
of_result(
    exercise,
    result_transposed="The result is transposed: i counts rows and j columns of the result too.",
    last_place_missing=(
        "The last row and column are missing: there are H - KH + 1 places, not H - KH.",
        lambda out: out[:-1, :-1],
    ),
    averaged=(
        "The sum is divided by KH * KW; only a blur kernel averages, by its own numbers.",
        lambda out, kernel: out / kernel.numel(),
    ),
    negative_cut=("Negative sums are set to 0; that is ReLU's work, a later step.", cut_at_zero),
    integer_result="The result array holds integers, so that everything after the point is cut "
    "off.",
)


@exercise.mistake("kernel is indexed [column, row]; its rows come first.")
def kernel_transposed(image, kernel):
    if kernel.shape[0] != kernel.shape[1]:
        raise IndexError
    return correlate(image, kernel.T)


@exercise.mistake(
    "The picture is padded to keep its size; the filter stays inside, and the result is smaller."
)
def same_size(image, kernel):
    import torch.nn.functional as F

    return F.conv2d(image[None, None], kernel[None, None], padding="same")[0, 0]


@exercise.mistake(
    "Only the last product of each window is left: = overwrites the sum; write += (or np.sum)."
)
def last_product_only(image, kernel):
    kept = kernel * 0.0
    kept[-1, -1] = kernel[-1, -1]
    return correlate(image, kept)


@exercise.mistake(
    "The window is multiplied with the kernel by @ (or np.dot), the matrix product; multiply "
    "number by number with *, then sum."
)
def matrix_product(image, kernel):
    if kernel.shape[0] != kernel.shape[1]:
        raise ValueError
    return correlate(image, kernel.sum(1).expand(kernel.shape))
