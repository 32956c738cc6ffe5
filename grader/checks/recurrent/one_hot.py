"""A one-hot vector is all zeros but for a single 1, at the place that the index names."""

from grader.checks._shared import of_arguments, of_result, raising
from grader.vocabulary import Exercise, array, bad, below, between, either, level, strategy


@strategy
def in_range(draw):
    """Draw indices of a small alphabet, often with repeats."""
    classes, length = draw(between(1, 6)), draw(between(1, 6))
    return draw(array(length, of=below(classes))), classes


@strategy
def out_of_range(draw, too_large):
    """Make one index negative, or too large."""
    classes, length = draw(between(1, 6)), draw(between(1, 6))
    place, distance = draw(between(0, length - 1)), draw(between(0, 4))
    indices = draw(array(length, of=below(classes)))
    indices[place] = classes + distance if too_large else -1 - distance
    return bad(indices, classes)


def hello():
    """Spell "hello" over the alphabet h, e, l, o."""
    import numpy as np

    return [(np.array(["helo".index(letter) for letter in "hello"], dtype=np.int64), 4)]


def just_outside():
    """Return the indices next to the alphabet's ends."""
    import numpy as np

    return [bad(np.array([0, wrong], dtype=np.int64), 4) for wrong in (4, 5, -1, -4, -5)]


exercise = Exercise(
    points=2,
    decks=("000", "001", "003"),
    levels={
        "every index names a class": level(in_range(), fixed=hello),
        "an index that names none": level(
            either(out_of_range(too_large=True), out_of_range(too_large=False), in_range()),
            fixed=just_outside,
        ),
    },
    features={
        "a repeated index": lambda indices: len(set(indices.tolist())) < len(indices),
        "a negative index": lambda indices: indices.min() < 0,
        "an index of num_classes or more": lambda indices, num_classes: (
            indices.max() >= num_classes
        ),
        "the last class among the indices": lambda indices, num_classes: num_classes - 1 in indices,
        "as many indices as classes": lambda indices, num_classes: len(indices) == num_classes,
    },
    hints=(
        "How many rows has the result, how many columns, and where is the 1 of each row? What "
        "would NumPy take an index of -1 for?",
        "one_hot([2, 0], 3) = [[0, 0, 1], [1, 0, 0]]\n"
        "Row 0 has its 1 in column 2, row 1 in column 0. Row numbers [0, 1] and column numbers\n"
        "[2, 0] together pick these two places.",
        "if ...:                           # an index that is too small or too large\n"
        "    raise ValueError(...)\n"
        "encoded = np.zeros((..., ...))\n"
        "encoded[..., ...] = 1.0           # two arrays pick one place in every row\n"
        "return encoded",
    ),
)


@exercise.equivalent
def torch_one_hot(indices, num_classes):
    import torch.nn.functional as F

    return F.one_hot(indices, num_classes).double()


def as_numpy_indexes(indices, num_classes):
    """Return what encoded[np.arange(N), indices] = 1.0 makes of any indices."""
    if indices.min() < -num_classes or indices.max() >= num_classes:
        raise IndexError
    return torch_one_hot(indices % num_classes, num_classes)


of_result(
    exercise,
    integer_result="The result holds whole numbers; make it with np.zeros, which is float64.",
    transposed="The result is (K, N): the 1 of index n belongs in row n, column indices[n].",
    every_one_in_every_row=(
        "encoded[:, indices] = 1 sets these columns in every row; give row n only its own: "
        "encoded[np.arange(len(indices)), indices] = 1.",
        lambda encoded: encoded.amax(0).expand_as(encoded),
    ),
)
of_arguments(
    exercise,
    repeats_lost=(
        "Repeated indices are merged; every index, seen before or not, gets a row.",
        {"indices": lambda indices: indices.unique()},
    ),
    counted_from_one=(
        "Classes are counted from 1; index 0 is the first column.",
        {"indices": lambda indices, num_classes: (indices - 1) % num_classes},
    ),
    columns_from_the_largest_index=(
        "The rows are as long as the largest index needs; they have num_classes columns.",
        {"num_classes": lambda _, indices: int(indices.max()) + 1},
    ),
)
raising(
    exercise,
    ValueError,
    lambda indices, num_classes: indices.max() == num_classes - 1,
    last_class_refused="The last class is refused; indices up to num_classes - 1 are fine.",
)


@exercise.mistake(
    "The range is not checked: NumPy takes -1 for the last column and raises IndexError beyond it. "
    "Raise ValueError yourself, before you index.",
    on_bad_arguments=True,
)
def no_check(indices, num_classes):
    return as_numpy_indexes(indices, num_classes)


@exercise.mistake(
    "Negative indices are let through, and NumPy counts them from the end: refuse them too.",
    on_bad_arguments=True,
)
def negative_wraps(indices, num_classes):
    if indices.max() >= num_classes:
        raise ValueError
    return as_numpy_indexes(indices, num_classes)


@exercise.mistake(
    "Only negative indices are refused; num_classes and more name no class either.",
    on_bad_arguments=True,
)
def too_large_let_through(indices, num_classes):
    if indices.min() < 0:
        raise ValueError
    return as_numpy_indexes(indices, num_classes)


@exercise.mistake(
    "The index num_classes itself is let through: the test wants >=, not >.", on_bad_arguments=True
)
def one_too_far(indices, num_classes):
    if indices.min() < 0 or indices.max() > num_classes:
        raise ValueError
    return as_numpy_indexes(indices, num_classes)


@exercise.mistake(
    "An index that names no class gives a row of zeros; it must raise ValueError.",
    on_bad_arguments=True,
)
def row_of_zeros(indices, num_classes):
    import torch

    return (indices[:, None] == torch.arange(num_classes)).double()
