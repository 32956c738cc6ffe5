"""A step with Nesterov momentum: it looks ahead to where the velocity is about to lead."""

from grader.checks._shared import of_arguments, of_result
from grader.checks.optim._cases import GRADIENT_FEATURES, torch_sgd, updates
from grader.checks.optim._mistakes import of_momentum
from grader.vocabulary import Exercise, between, one_of, wide

OPTIONS = one_of((), (0.9,), (0.5,), (0.75,))

exercise = Exercise(
    points=2,
    decks=(),
    requires=("momentum_step",),
    levels={
        "one step": updates(states=(wide,), options=OPTIONS),
        "several steps, the rate changing": updates(
            calls=between(3, 5), states=(wide,), options=OPTIONS
        ),
    },
    features={
        **GRADIENT_FEATURES,
        "a velocity that is not 0": lambda velocity: velocity.any(),
        "momentum = 0.9": lambda momentum: momentum == 0.9,
    },
    hints=(
        "The velocity is that of momentum_step. What if the step already used the velocity of "
        "the next moment, as far as it is known?",
        "The old velocity is 4, the gradient 2, momentum 0.5, lr 0.25, the parameter 1:\n"
        "0.5 * 4 + 2 = 4             the new velocity\n"
        "2 + 0.5 * 4 = 4             the way that is looked ahead\n"
        "1 - 0.25 * 4 = 0            the new parameter\n"
        "nesterov_step([1], [2], [0], 0.25, 0.5) = ([0.25], [2])",
        "velocity = ...                       # as in momentum_step\n"
        "ahead = grad + ... * velocity        # with the new velocity\n"
        "return ..., velocity",
    ),
)


@exercise.equivalent
def nesterov_sgd(param, grad, velocity, lr, momentum=0.9, *, nesterov=True):
    return torch_sgd(param, grad, velocity, lr, momentum, nesterov=nesterov)


@exercise.mistake("The sign: gradient and velocity point uphill. Subtract lr times their sum.")
def uphill(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, -grad, -velocity, lr, momentum)
    return new, -moved


of_momentum(exercise)
of_arguments(
    exercise,
    plain_momentum=(
        "This is plain momentum. Nesterov's step is lr * (grad + momentum * velocity) with the "
        "velocity already updated; with the old one it is plain momentum again.",
        {"nesterov": False},
    ),
)
of_result(
    exercise,
    gradient_missing=(
        "The step is lr * momentum * velocity: the gradient itself is missing from it.",
        {0: lambda new, grad, lr: new + lr * grad},
    ),
    whole_velocity=(
        "The whole new velocity is added to grad; the step takes momentum * velocity.",
        lambda results, lr, momentum: (
            results[0] - lr * (1 - momentum) * results[1],
            results[1],
        ),
    ),
    velocity_for_gradient=(
        "The step is (1 + momentum) * velocity. It is grad + momentum * velocity, with grad, not "
        "the new velocity, in front.",
        lambda results, grad, lr: (results[0] - lr * (results[1] - grad), results[1]),
    ),
    look_ahead_returned=(
        "The velocity that is returned holds the look-ahead, grad + momentum * velocity. Return "
        "the velocity itself; the look-ahead is for the parameter alone.",
        {1: lambda moved, grad, momentum: grad + momentum * moved},
    ),
)


@exercise.mistake(
    "lr is inside the velocity (v = momentum * v - lr * grad), as in textbooks: another velocity "
    "than here. Add up plain gradients; lr multiplies the step."
)
def rate_and_sign_inside_velocity(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, grad, -velocity / lr, lr, momentum)
    return new, -lr * moved


@exercise.mistake(
    "lr is inside the velocity (v = momentum * v + lr * grad). The velocity adds up plain "
    "gradients; lr multiplies the step."
)
def rate_inside_velocity(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, grad, velocity / lr, lr, momentum)
    return new, lr * moved


@exercise.mistake(
    "The gradient is multiplied by 1 - momentum, as in an average. Here it is added whole."
)
def averaged(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, (1 - momentum) * grad, velocity, lr, momentum)
    return new - lr * momentum * grad, moved
