"""The upstream gradient passes where x is positive and stops everywhere else."""

from grader.checks.activations._cases import KINKS, elements
from grader.checks.activations._mistakes import of_upstream
from grader.vocabulary import Exercise, gradients, mixed, nonzero, tied, wide

exercise = Exercise(
    points=1,
    decks=("001", "002", "003", "004"),
    requires=("relu",),
    levels={
        "no zeros": elements(upstream=True, of=nonzero),
        "with zeros": elements(upstream=True, of=mixed(tied, wide)),
    },
    features=KINKS,
    hints=(
        "What is the slope of the ReLU to the right of 0, and to the left? At x = 0 itself it "
        "is taken to be 0: which comparison does that?",
        "x is [-2, 0, 3], so that the slopes are [0, 0, 1]:\n"
        "relu_backward([5, 6, 7], [-2, 0, 3]) = [5 * 0, 6 * 0, 7 * 1] = [0, 0, 7]",
        "passes = ... > 0   # of x or of grad_out?\nreturn np.where(passes, ..., ...)",
    ),
)


@exercise.equivalent
def relu_backward(grad_out, x):
    return gradients(lambda x: x.relu(), grad_out, x)[0]


@exercise.mistake(
    "The gradient passes where x is exactly 0: there the slope is 0, so x > 0, not >=."
)
def passes_at_zero(grad_out, x):
    return grad_out * (x >= 0)


@exercise.mistake(
    "The slope at x = 0 is 1/2 (np.sign or np.heaviside do that); it is taken to be 0."
)
def half_at_zero(grad_out, x):
    return grad_out * (x.sign() + 1) / 2


of_upstream(exercise, exchanged="x decides where grad_out passes")


@exercise.mistake("The gradient passes where grad_out is positive: it is x that decides.")
def masked_by_upstream(grad_out, x):
    return grad_out.relu()


@exercise.mistake("Negative gradients are stopped too: only x decides, grad_out may have any sign.")
def masked_by_both(grad_out, x):
    return grad_out.relu() * (x > 0)


@exercise.mistake("grad_out is multiplied by relu(x): multiply it by the slope, which is 1 or 0.")
def value_for_slope(grad_out, x):
    return grad_out * x.relu()


@exercise.mistake("The gradient passes everywhere: it becomes 0 where x is 0 or less.")
def passes_everywhere(grad_out, x):
    return grad_out


@exercise.mistake("The sides are exchanged: the gradient passes where x is positive.")
def sides_exchanged(grad_out, x):
    return grad_out * (x < 0)


@exercise.mistake("The slope for negative x is 0.01, as in the leaky ReLU; here it is 0.")
def leaky(grad_out, x):
    return grad_out.where(x > 0, 0.01 * grad_out)


@exercise.mistake(
    "`if x > 0` asks one question about a whole array. Use the mask x > 0, or np.where."
)
def if_on_an_array(grad_out, x):
    if x.numel() > 1:
        raise ValueError
    return grad_out if x.item() > 0 else 0
