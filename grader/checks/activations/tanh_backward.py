"""The upstream gradient is multiplied by the slope of tanh at x."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.activations._cases import LARGE, elements
from grader.checks.activations._mistakes import of_smooth_slope
from grader.vocabulary import Exercise, gradients, one_of, wide

exercise = Exercise(
    points=1,
    decks=("003",),
    requires=("tanh",),
    levels={
        "small numbers": elements(upstream=True),
        "numbers of ±1000": elements(upstream=True, of=wide, single=one_of(800.0, 1e3, 0.0)),
    },
    features=LARGE,
    hints=(
        "By what does the chain rule multiply grad_out? Where is tanh steep, where is it flat, "
        "and what does its own value say about that?",
        "1 - 0 ** 2 = 1        the slope at x = 0, where tanh is 0\n"
        "1 - 0.8 ** 2 = 0.36   the slope where tanh is 0.8\n"
        "1 - (-1) ** 2 = 0     the slope where it is saturated\n"
        "tanh_backward([2, 2], [0, -1000]) = [2 * 1, 2 * 0] = [2, 0]",
        "t = ...            # what the forward pass gave\nslope = 1 - ...\nreturn grad_out * ...",
    ),
)


@exercise.equivalent
def tanh_backward(grad_out, x):
    return gradients(lambda x: x.tanh(), grad_out, x)[0]


of_smooth_slope(exercise)
of_result(exercise, sign_turned="The sign is turned: the slope 1 - t ** 2 is never negative.")
of_arguments(
    exercise,
    tanh_twice=(
        "tanh is applied twice: the slope is 1 - t ** 2 with t = np.tanh(x).",
        {"x": lambda x: x.tanh()},
    ),
)


@exercise.mistake("1 - x ** 2 takes x for the output. x comes before the tanh: t = np.tanh(x).")
def x_taken_for_output(grad_out, x):
    return grad_out * (1 - x**2)


@exercise.mistake(
    "(exp(x) - exp(-x)) / (exp(x) + exp(-x)) is inf / inf = nan for large numbers of either sign: "
    "use np.tanh."
)
def overflowing_form(grad_out, x):
    t = (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())
    return grad_out * (1 - t**2)


@exercise.mistake("The square is missing: the slope is 1 - t ** 2.")
def not_squared(grad_out, x):
    return grad_out * (1 - x.tanh())


@exercise.mistake("t * (1 - t) is the form of the sigmoid's slope; that of tanh is 1 - t ** 2.")
def slope_of_sigmoid(grad_out, x):
    return grad_out * x.tanh() * (1 - x.tanh())


@exercise.mistake("The square is added: the slope is 1 - t ** 2, at most 1.")
def square_added(grad_out, x):
    return grad_out * (1 + x.tanh() ** 2)


@exercise.mistake("grad_out is multiplied by tanh itself: multiply it by the slope 1 - t ** 2.")
def value_for_slope(grad_out, x):
    return grad_out * x.tanh()
