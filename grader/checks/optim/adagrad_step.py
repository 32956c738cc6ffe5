"""A step of Adagrad: every element's own learning rate shrinks with the gradients it has seen."""

from grader.checks._shared import of_arguments, of_result, zero
from grader.checks.optim._cases import SQUARES, TINY, TINY_FEATURES, copies, updates
from grader.checks.optim._mistakes import of_direction, of_root, of_state
from grader.vocabulary import Exercise, between, one_of, uniform

SUMS = (uniform(0.0, 4.0),)
OPTIONS = one_of((), (1e-10,), (1e-3,))

exercise = Exercise(
    points=2,
    decks=("002",),
    requires=("sgd_step",),
    levels={
        "one step": updates(states=SUMS, options=OPTIONS),
        "several steps, tiny gradients and zeros": updates(
            calls=between(3, 5), sizes=TINY, states=SUMS, options=OPTIONS
        ),
    },
    features={
        **TINY_FEATURES,
        "a sum that is not 0": lambda sum_squares: sum_squares.any(),
        "eps = 1e-10": lambda eps: eps == 1e-10,
    },
    never=[SQUARES],
    hints=(
        "Every element keeps a sum of its own squared gradients: when is it updated, and what "
        "does a large sum do to the step?",
        "The sum is 9, the gradient 4, lr 0.5, the parameter 1:\n"
        "9 + 4 ** 2 = 25\n"
        "1 - 0.5 * 4 / sqrt(25) = 0.6\n"
        "adagrad_step([1], [4], [9], 0.5)[0] = [0.6]",
        "sum_squares = sum_squares + ...\n"
        "param = param - lr * grad / (... + eps)   # of the new sum, element by element\n"
        "return param, sum_squares",
    ),
)


@exercise.equivalent
def adagrad(param, grad, sum_squares, lr, eps=1e-10):
    import torch
    from torch.optim.adagrad import adagrad as step

    new, total = copies(grad, param, sum_squares)
    options = {"weight_decay": 0.0, "lr_decay": 0.0, "maximize": False, "foreach": False}
    step([new], [grad], [total], [torch.zeros(())], lr=lr, eps=eps, **options)
    return new, total


of_direction(exercise)
of_root(
    exercise,
    "sum_squares",
    no_root="The root is missing: divide by the root of the sum, not by the sum.",
)
of_state(exercise, "sum", "(param, sum_squares)")
of_arguments(
    exercise,
    sum_forgotten=(
        "The sum starts anew with every step: add grad**2 to the old sum_squares.",
        {"sum_squares": zero},
    ),
)
of_result(
    exercise,
    root_returned=(
        "The root of the sum is returned; return the sum, the next step adds to it.",
        {1: lambda total: total.sqrt()},
    ),
)


@exercise.mistake("The step is divided by the root of the old sum. Add grad**2 to it first.")
def old_sum_used(param, grad, sum_squares, lr, eps=1e-10):
    _, total = adagrad(param, grad, sum_squares, lr, eps)
    return param - lr * grad / (sum_squares.sqrt() + eps), total


@exercise.mistake("The gradient itself is added to the sum, not its square.")
def gradient_not_squared(param, grad, sum_squares, lr, eps=1e-10):
    total = sum_squares + grad
    return param - lr * grad / (total.sqrt() + eps), total


@exercise.mistake(
    "The squares of all elements are added into one sum. Every element keeps a sum of its own: "
    "grad**2, without np.sum."
)
def one_sum_for_all(param, grad, sum_squares, lr, eps=1e-10):
    total = sum_squares + (grad**2).sum()
    return param - lr * grad / (total.sqrt() + eps), total
