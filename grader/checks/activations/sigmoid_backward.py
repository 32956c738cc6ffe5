"""The upstream gradient is multiplied by the slope of the sigmoid at x."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.activations._cases import LARGE, elements
from grader.checks.activations._mistakes import of_smooth_slope
from grader.vocabulary import Exercise, gradients, one_of, wide

exercise = Exercise(
    points=2,
    decks=("003",),
    requires=("sigmoid",),
    levels={
        "small numbers": elements(upstream=True),
        "numbers of ±1000": elements(upstream=True, of=wide, single=one_of(800.0, 1e3, 0.0)),
    },
    features=LARGE,
    hints=(
        "By what does the chain rule multiply grad_out, element by element? Can you write it "
        "with the value of the sigmoid alone, which is never inf or nan?",
        "0.5 * 0.5 = 0.25  the slope at x = 0, where the sigmoid is 0.5\n"
        "0.9 * 0.1 = 0.09  the slope where it is 0.9\n"
        "1.0 * 0.0 = 0.0   the slope where it is saturated\n"
        "sigmoid_backward([2], [0]) = [2 * 0.25] = [0.5]",
        "s = sigmoid(x)\nslope = s * (...)\nreturn ... * slope",
    ),
)


@exercise.equivalent
def sigmoid_backward(grad_out, x):
    return gradients(lambda x: x.sigmoid(), grad_out, x)[0]


of_smooth_slope(exercise)
of_result(exercise, sign_turned="The sign is turned: the slope s * (1 - s) is never negative.")
of_arguments(
    exercise,
    sigmoid_twice=(
        "The sigmoid is applied twice: the slope is s * (1 - s) with s = sigmoid(x).",
        {"x": lambda x: x.sigmoid()},
    ),
)


@exercise.mistake("x * (1 - x) takes x for the output. x comes before the sigmoid: s = sigmoid(x).")
def x_taken_for_output(grad_out, x):
    return grad_out * x * (1 - x)


@exercise.mistake("exp(x) / (1 + exp(x)) is nan for a large x. Use your sigmoid, if it is stable.")
def overflowing_form(grad_out, x):
    s = x.exp() / (1 + x.exp())
    return grad_out * s * (1 - s)


@exercise.mistake(
    "exp(-x) / (1 + exp(-x)) ** 2 is inf / inf = nan for a very negative x. The slope is also "
    "s * (1 - s), with s = sigmoid(x)."
)
def overflowing_slope(grad_out, x):
    return grad_out * (-x).exp() / (1 + (-x).exp()) ** 2


@exercise.mistake("1 - s ** 2 is the slope of tanh; the sigmoid's is s * (1 - s).")
def slope_of_tanh(grad_out, x):
    return grad_out * (1 - x.sigmoid() ** 2)


@exercise.mistake("The factor 1 - s is missing: the slope is s * (1 - s).")
def only_s(grad_out, x):
    return grad_out * x.sigmoid()


@exercise.mistake("The factor s is missing: the slope is s * (1 - s).")
def only_one_minus_s(grad_out, x):
    return grad_out * (1 - x.sigmoid())
