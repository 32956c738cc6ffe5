"""Positive numbers stay as they are, negative ones are multiplied by a small slope."""

from grader.checks._shared import of_arguments
from grader.checks.activations._cases import KINKS, elements
from grader.checks.activations._mistakes import of_whole_array
from grader.vocabulary import Exercise, mixed, one_of, tied, wide

exercise = Exercise(
    points=1,
    decks=("001", "003"),
    requires=("relu",),
    levels={
        "the default slope": elements(of=mixed(tied, wide)),
        "any slope": elements(of=wide, numbers=[one_of(0.25, 0.0, 0.01, 0.5, 0.875)]),
    },
    features={**KINKS, "negative_slope = 0": lambda negative_slope: negative_slope == 0},
    hints=(
        "What becomes of -2, of 0 and of 3 when negative_slope is 0.25? Which function of NumPy "
        "chooses between two arrays, element by element?",
        "leaky_relu([-2, 0, 3], 0.25) = [0.25 * -2, 0, 3] = [-0.5, 0, 3]",
        "positive = ...\nreturn np.where(positive, ..., ... * x)",
    ),
)


@exercise.equivalent
def leaky_relu(x, negative_slope=0.01):
    import torch.nn.functional as F

    return F.leaky_relu(x, negative_slope)


of_arguments(
    exercise,
    fixed_slope=(
        "The slope is always 0.01: use the argument negative_slope.",
        {"negative_slope": 0.01},
    ),
    one_minus_slope=(
        "Negative numbers are multiplied by 1 - slope: multiply them by the slope.",
        {"negative_slope": lambda slope: 1 - slope},
    ),
)
of_whole_array(
    exercise,
    python_max="Python's max, or `if x > 0`, asks one question about a whole array. np.maximum and "
    "np.where go through the elements.",
)


@exercise.mistake(
    "The slope is on the wrong side (or minimum stands for maximum): negative numbers are "
    "multiplied by it."
)
def slope_on_positive_side(x, negative_slope=0.01):
    return -leaky_relu(-x, negative_slope)


@exercise.mistake("Negative numbers become 0, as in the plain ReLU: multiply them by the slope.")
def plain_relu(x, negative_slope=0.01):
    return x.relu()


@exercise.mistake("All numbers are multiplied by the slope: positive ones stay as they are.")
def slope_on_both_sides(x, negative_slope=0.01):
    return negative_slope * x


@exercise.mistake("Negative numbers become positive: they keep their sign, only smaller.")
def sign_lost(x, negative_slope=0.01):
    return x.where(x > 0, -negative_slope * x)


@exercise.mistake("Negative numbers are replaced by the slope itself: multiply them by it.")
def slope_for_value(x, negative_slope=0.01):
    import torch

    return torch.where(x > 0, x, negative_slope)


@exercise.mistake("The slope is added to negative numbers: multiply them by it.")
def slope_added(x, negative_slope=0.01):
    return x.where(x > 0, x + negative_slope)


@exercise.mistake("These are the slopes, 1 or negative_slope: multiply x by them.")
def slopes_for_values(x, negative_slope=0.01):
    return (x > 0) + negative_slope * (x <= 0)
