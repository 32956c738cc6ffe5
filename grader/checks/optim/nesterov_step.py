"""A step with Nesterov momentum: it looks ahead to where the velocity is about to lead."""

from grader.checks.optim._cases import GRADIENT_FEATURES, torch_sgd, updates
from grader.vocabulary import Exercise, between, one_of, real

OPTIONS = one_of((), (0.9,), (0.5,), (0.75,))

exercise = Exercise(
    points=2,
    decks=("001", "003"),
    requires=("momentum_step",),
    levels={
        "one step": updates(states=(real,), options=OPTIONS),
        "several steps, the rate changing": updates(
            calls=between(3, 5), states=(real,), options=OPTIONS
        ),
    },
    features={
        **GRADIENT_FEATURES,
        "a velocity that is not 0": lambda velocity: velocity.any(),
        "momentum = 0.9": lambda momentum: momentum == 0.9,
    },
    hints=(
        "The velocity is that of momentum_step. What differs is how the parameter moves with it.",
        "The step looks one velocity further: it is made of the gradient and a share of the new "
        "velocity.",
        "velocity = momentum * velocity + grad, then param - lr * (grad + momentum * velocity) "
        "with the new velocity. Return both, as new arrays.",
    ),
)


@exercise.equivalent
def nesterov_sgd(param, grad, velocity, lr, momentum=0.9, *, nesterov=True):
    return torch_sgd(param, grad, velocity, lr, momentum, nesterov=nesterov)


@exercise.mistake("The sign: gradient and velocity point uphill. Subtract lr times their sum.")
def uphill(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, -grad, -velocity, lr, momentum)
    return new, -moved


@exercise.mistake(
    "This is plain momentum. Nesterov's step is lr * (grad + momentum * velocity) with the "
    "velocity already updated; with the old one it is plain momentum again."
)
def plain_momentum(param, grad, velocity, lr, momentum=0.9):
    return nesterov_sgd(param, grad, velocity, lr, momentum, nesterov=False)


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


@exercise.mistake("The step is lr * momentum * velocity: the gradient itself is missing from it.")
def gradient_missing(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, grad, velocity, lr, momentum)
    return new + lr * grad, moved


@exercise.mistake("The whole new velocity is added to grad; the step takes momentum * velocity.")
def whole_velocity(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, grad, velocity, lr, momentum)
    return new - lr * (1 - momentum) * moved, moved


@exercise.mistake(
    "The step is (1 + momentum) * velocity. It is grad + momentum * velocity, with grad, not the "
    "new velocity, in front."
)
def velocity_for_gradient(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, grad, velocity, lr, momentum)
    return new - lr * (moved - grad), moved


@exercise.mistake(
    "The velocity that is returned holds the look-ahead, grad + momentum * velocity. Return the "
    "velocity itself; the look-ahead is for the parameter alone."
)
def look_ahead_returned(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, grad, velocity, lr, momentum)
    return new, grad + momentum * moved


@exercise.mistake(
    "The gradient is multiplied by 1 - momentum, as in an average. Here it is added whole."
)
def averaged(param, grad, velocity, lr, momentum=0.9):
    new, moved = nesterov_sgd(param, (1 - momentum) * grad, velocity, lr, momentum)
    return new - lr * momentum * grad, moved


@exercise.mistake(
    "Only the parameter is returned; return (param, velocity): the next step needs it."
)
def velocity_not_returned(param, grad, velocity, lr, momentum=0.9):
    return nesterov_sgd(param, grad, velocity, lr, momentum)[0]


@exercise.mistake("The velocity that is returned is the old one; return the new velocity.")
def old_velocity_returned(param, grad, velocity, lr, momentum=0.9):
    return nesterov_sgd(param, grad, velocity, lr, momentum)[0], velocity


@exercise.mistake("The share of the old velocity is always 0.9, whatever `momentum` says.")
def fixed_momentum(param, grad, velocity, lr, momentum=0.9):
    return nesterov_sgd(param, grad, velocity, lr, 0.9)
