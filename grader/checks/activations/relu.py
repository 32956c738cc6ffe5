"""Positive numbers stay as they are, all others become 0."""

from grader.checks.activations._cases import KINKS, elements
from grader.vocabulary import Exercise, mixed, nonzero, tied, wide

exercise = Exercise(
    points=1,
    decks=("001", "002", "003", "004"),
    levels={"no zeros": elements(of=nonzero), "with zeros": elements(of=mixed(tied, wide))},
    features=KINKS,
    hints=(
        "What becomes of -2, of 0 and of 3? Which function of NumPy takes the larger of two "
        "numbers at each place, where Python's max compares whole things?",
        "relu([-2, 0, 3]) = [max(-2, 0), max(0, 0), max(3, 0)] = [0, 0, 3]\n"
        "The shape stays, and x stays as it was.",
        "return np.maximum(..., ...)\n"
        "x[x < 0] = 0 would change the caller's array; this makes a new one.",
    ),
)


@exercise.equivalent
def relu(x):
    return x.relu()


@exercise.mistake(
    "Python's max(0, x) asks one question about a whole array. np.maximum(0, x) goes through the "
    "elements."
)
def python_max(x):
    if x.numel() > 1:
        raise ValueError
    return x if x.item() > 0 else 0


@exercise.mistake("Negative numbers lose their sign; they should become 0.")
def absolute(x):
    return x.abs()


@exercise.mistake("The negative side is kept and the positive one becomes 0: maximum, not minimum.")
def minimum(x):
    return -(-x).relu()


@exercise.mistake("This is the slope, 1 for positive numbers: those stay as they are.")
def slope_for_value(x):
    return (x > 0).double()


@exercise.mistake(
    "Negative numbers are multiplied by 0.01: that is the leaky ReLU. Here they are 0."
)
def leaky(x):
    return x.where(x > 0, 0.01 * x)


@exercise.mistake(
    "Only the positive numbers are returned: keep the shape of x, with 0 for the others."
)
def positive_ones_only(x):
    return x[x > 0]


@exercise.mistake("Numbers above 1 are cut off: the ReLU has no upper limit.")
def cut_off_at_one(x):
    return x.clip(0, 1)


@exercise.mistake("x / |x| is 0 / 0 = nan at x = 0: compare with 0 instead of dividing.")
def nan_at_zero(x):
    return x * (x / x.abs() + 1) / 2


@exercise.mistake("This is softplus, log(1 + exp(x)), a smooth relative: the ReLU is max(0, x).")
def softplus(x):
    return (1 + x.exp()).log()
