"""The upstream gradient is multiplied by the slope of tanh at x."""

from grader.checks.activations._cases import LARGE, elements
from grader.vocabulary import Exercise, gradients, one_of

exercise = Exercise(
    points=1,
    decks=("003",),
    requires=("tanh",),
    levels={
        "small numbers": elements(upstream=True),
        "numbers of ±1000": elements(upstream=True, single=one_of(800.0, 1e3)),
    },
    features=LARGE,
    hints=(
        "By the chain rule, grad_x is grad_out times the slope of tanh, element by element.",
        "The slope can be written with the value t of tanh, which is never inf or nan: it is 1 at "
        "x = 0, where t = 0, and nearly 0 where t is nearly 1 or -1.",
        "t = np.tanh(x), the slope is 1 - t ** 2, and grad_x = grad_out * (1 - t ** 2).",
    ),
)


@exercise.equivalent
def tanh_backward(grad_out, x):
    return gradients(lambda x: x.tanh(), grad_out, x)[0]


@exercise.mistake("This is the slope alone: multiply it by the upstream gradient grad_out.")
def upstream_forgotten(grad_out, x):
    return 1 - x.tanh() ** 2


@exercise.mistake("1 - x ** 2 takes x for the output. x comes before the tanh: t = np.tanh(x).")
def x_taken_for_output(grad_out, x):
    return grad_out * (1 - x**2)


@exercise.mistake("tanh is applied twice: the slope is 1 - t ** 2 with t = np.tanh(x).")
def tanh_twice(grad_out, x):
    return tanh_backward(grad_out, x.tanh())


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


@exercise.mistake("The sign is turned: the slope 1 - t ** 2 is never negative.")
def sign_turned(grad_out, x):
    return -tanh_backward(grad_out, x)


@exercise.mistake("The square is added: the slope is 1 - t ** 2, at most 1.")
def square_added(grad_out, x):
    return grad_out * (1 + x.tanh() ** 2)


@exercise.mistake("grad_out is multiplied by tanh itself: multiply it by the slope 1 - t ** 2.")
def value_for_slope(grad_out, x):
    return grad_out * x.tanh()


@exercise.mistake(
    "grad_out and x are exchanged: the slope is taken at x, and grad_out multiplies it."
)
def arguments_exchanged(grad_out, x):
    return tanh_backward(x, grad_out)


@exercise.mistake("The upstream gradient is summed first: each element has its own grad_out.")
def upstream_summed(grad_out, x):
    return tanh_backward(grad_out.sum().expand(x.shape), x)
