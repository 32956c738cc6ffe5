"""Every number is squashed into the range from -1 to 1."""

from grader.checks._shared import halved, of_arguments, of_result
from grader.checks.activations._cases import LARGE, elements
from grader.vocabulary import Exercise, one_of, wide

exercise = Exercise(
    points=1,
    decks=("001", "003"),
    levels={
        "small numbers": elements(),
        "numbers of ±1000": elements(of=wide, single=one_of(800.0, 1e3)),
    },
    features=LARGE,
    hints=(
        "What is tanh at 0, and far to the right and left? exp(1000) is inf, and inf / inf is "
        "nan: which form takes exp of numbers up to 0 only?",
        "With e, which is exp of minus twice the size of x:\n"
        "e = exp(-2) = 0.1353\n"
        "(1 - 0.1353) / (1 + 0.1353) = 0.7616  at x = 1\n"
        "tanh([1, -1]) = [0.7616, -0.7616]\n"
        "The sign of x comes back at the end. NumPy has this function, too.",
        "e = np.exp(...)  # never of a number above 0\n"
        "size = (1 - e) / (...)\n"
        "return np.sign(...) * size",
    ),
)


@exercise.equivalent
def tanh(x):
    return x.tanh()


@exercise.mistake(
    "(exp(x) - exp(-x)) / (exp(x) + exp(-x)) is inf / inf = nan for large numbers of either sign. "
    "np.tanh is not."
)
def overflowing_form(x):
    return (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())


@exercise.mistake(
    "(exp(2 * x) - 1) / (exp(2 * x) + 1) is inf / inf = nan for large positive numbers: use "
    "exp(-2 * x) there, or np.tanh."
)
def overflowing_above(x):
    return ((2 * x).exp() - 1) / ((2 * x).exp() + 1)


@exercise.mistake(
    "(1 - exp(-2 * x)) / (1 + exp(-2 * x)) is inf / inf = nan for large negative numbers: use "
    "exp(2 * x) there, or np.tanh."
)
def overflowing_below(x):
    return (1 - (-2 * x).exp()) / (1 + (-2 * x).exp())


@exercise.mistake("This is the sigmoid, from 0 to 1; tanh runs from -1 to 1.")
def sigmoid_for_tanh(x):
    return x.sigmoid()


of_arguments(
    exercise,
    of_half=("2 * sigmoid(x) - 1 is tanh(x / 2): take the sigmoid of 2 * x.", {"x": halved}),
)
of_result(exercise, sign_turned="The sign is turned: tanh is positive where x is.")


@exercise.mistake("This is sinh, (exp(x) - exp(-x)) / 2: divide by exp(x) + exp(-x) instead of 2.")
def sinh(x):
    return (x.exp() - (-x).exp()) / 2
