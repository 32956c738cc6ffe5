"""A step of RMSprop: the gradient is divided by the root of a running average of its square."""

from grader.checks._shared import of_arguments
from grader.checks.optim._cases import SQUARES, TINY, TINY_FEATURES, copies, updates
from grader.checks.optim._mistakes import of_direction, of_root, of_state
from grader.vocabulary import Exercise, between, one_of, uniform

AVERAGES = (uniform(0.0, 4.0),)
OPTIONS = one_of((), (0.9,), (0.75, 1e-3))

exercise = Exercise(
    points=3,
    decks=("002",),
    requires=("adagrad_step",),
    levels={
        "one step": updates(states=AVERAGES, options=OPTIONS),
        "several steps, tiny gradients and zeros": updates(
            calls=between(3, 5), sizes=TINY, states=AVERAGES, options=OPTIONS
        ),
    },
    features={
        **TINY_FEATURES,
        "an average that is not 0": lambda square_avg: square_avg.any(),
        "alpha = 0.99": lambda alpha: alpha == 0.99,
    },
    never=[SQUARES],
    hints=(
        "AdaGrad's sum only grows. What if old squared gradients faded? How much of the old "
        "average stays, and how much of the new square comes in, so that the shares sum to 1?",
        "The average is 12, the gradient 2, alpha 0.625, lr 0.5, the parameter 1:\n"
        "0.625 * 12 + 0.375 * 2 ** 2 = 9\n"
        "1 - 0.5 * 2 / sqrt(9) = 0.6667\n"
        "rmsprop_step([1], [2], [12], 0.5, 0.625)[1] = [9]",
        "square_avg = alpha * ... + (...) * ...\n"
        "param = param - lr * grad / (... + eps)   # with the new average\n"
        "return param, square_avg",
    ),
)


@exercise.equivalent
def rmsprop(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    import torch
    from torch.optim.rmsprop import rmsprop as step

    new, average = copies(grad, param, square_avg)
    options = {"weight_decay": 0.0, "momentum": 0.0, "centered": False, "foreach": False}
    step(
        [new], [grad], [average], [], [], [torch.zeros(())], lr=lr, alpha=alpha, eps=eps, **options
    )
    return new, average


of_direction(exercise)
of_root(
    exercise,
    "square_avg",
    no_root="The root is missing: divide by the root of the average, not by the average.",
)
of_state(exercise, "average", "(param, square_avg)")
of_arguments(
    exercise,
    shares_exchanged=(
        "alpha and 1 - alpha are exchanged: the old average keeps the share alpha.",
        {"alpha": lambda alpha: 1 - alpha},
    ),
    fixed_alpha=("alpha is always 0.99, whatever the caller says.", {"alpha": 0.99}),
)


@exercise.mistake("The squared gradient is added whole; its share is 1 - alpha.")
def square_added_whole(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    _, average = rmsprop(param, grad / (1 - alpha) ** 0.5, square_avg, lr, alpha, eps)
    return param - lr * grad / (average.sqrt() + eps), average


@exercise.mistake("The squares are added up as in Adagrad; here the old average fades with alpha.")
def squares_added_up(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    _, total = rmsprop(param, grad / (1 - alpha) ** 0.5, square_avg / alpha, lr, alpha, eps)
    return param - lr * grad / (total.sqrt() + eps), total


@exercise.mistake("The step is divided by the root of the old average. Update the average first.")
def old_average_used(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    _, average = rmsprop(param, grad, square_avg, lr, alpha, eps)
    return param - lr * grad / (square_avg.sqrt() + eps), average


@exercise.mistake("The average is one of the gradients, not of their squares.")
def gradient_not_squared(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    average = square_avg.lerp(grad, 1 - alpha)
    return param - lr * grad / (average.sqrt() + eps), average


@exercise.mistake(
    "One average is kept for the whole array. Every element has its own: grad**2, without np.mean."
)
def one_average_for_all(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    _, average = rmsprop(param, (grad**2).mean().sqrt().expand_as(grad), square_avg, lr, alpha, eps)
    return param - lr * grad / (average.sqrt() + eps), average
