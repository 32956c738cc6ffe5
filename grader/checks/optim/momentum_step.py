"""A step with momentum: the velocity remembers earlier gradients, and the parameter follows it."""

from grader.checks._shared import backwards, of_arguments, of_result, zero
from grader.checks.optim._cases import GRADIENT_FEATURES, torch_sgd, updates
from grader.checks.optim._mistakes import of_momentum
from grader.vocabulary import Exercise, between, one_of, wide

OPTIONS = one_of((), (0.9,), (0.5,), (0.75,))

exercise = Exercise(
    points=2,
    decks=("001", "003"),
    requires=("sgd_step",),
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
        "What comes first, the new velocity or the step? Does the learning rate belong into the "
        "velocity?",
        "The old velocity is 4, the gradient 2, momentum 0.5, lr 0.25, the parameter 1:\n"
        "0.5 * 4 + 2 = 4      the new velocity\n"
        "1 - 0.25 * 4 = 0     the new parameter\n"
        "momentum_step([1], [2], [4], 0.25, 0.5) = ([0], [4])",
        "velocity = ... * velocity + ...\n"
        "param = ...                      # moved by the new velocity\n"
        "return param, velocity           # both are new arrays",
    ),
)


@exercise.equivalent
def momentum_sgd(param, grad, velocity, lr, momentum=0.9, *, nesterov=False):
    return torch_sgd(param, grad, velocity, lr, momentum, nesterov=nesterov)


@exercise.mistake("The sign: the velocity adds up gradients, which point uphill. Subtract it.")
def uphill(param, grad, velocity, lr, momentum=0.9):
    new, moved = momentum_sgd(param, -grad, -velocity, lr, momentum)
    return new, -moved


@exercise.mistake(
    "This is v = momentum * v - lr * grad with param + v, a common form too: the same path while "
    "lr is constant, but another velocity. Here the velocity adds up plain gradients."
)
def rate_and_sign_inside_velocity(param, grad, velocity, lr, momentum=0.9):
    new, moved = momentum_sgd(param, grad, -velocity / lr, lr, momentum)
    return new, -lr * moved


@exercise.mistake(
    "lr is inside the velocity (v = momentum * v + lr * grad). The velocity adds up plain "
    "gradients; lr multiplies it when the parameter moves."
)
def rate_inside_velocity(param, grad, velocity, lr, momentum=0.9):
    new, moved = momentum_sgd(param, grad, velocity / lr, lr, momentum)
    return new, lr * moved


of_momentum(exercise)
of_result(
    exercise,
    velocity_first=(
        "Parameter and velocity are returned in the wrong order: (param, velocity).",
        backwards,
    ),
)
of_arguments(
    exercise,
    rate_twice=(
        "lr is used twice, in the velocity and in the step. It belongs in the step alone.",
        {"grad": lambda grad, lr: lr * grad},
    ),
    averaged=(
        "The gradient is multiplied by 1 - momentum, as in an average. Here it is added whole.",
        {"grad": lambda grad, momentum: (1 - momentum) * grad},
    ),
    momentum_on_gradient=(
        "`momentum` multiplies the gradient too; only the old velocity shrinks.",
        {"grad": lambda grad, momentum: momentum * grad},
    ),
    velocity_forgotten=(
        "The old velocity is forgotten: the new one is momentum times the old plus grad.",
        {"velocity": zero},
    ),
    no_friction=(
        "The old velocity is kept whole; only the share `momentum` of it stays.",
        {"velocity": lambda velocity, momentum: velocity / momentum},
    ),
    nesterov=(
        "This is Nesterov's step, which looks ahead. Here the step is lr * velocity alone.",
        {"nesterov": True},
    ),
)


@exercise.mistake(
    "The parameter moves with the velocity from before the step. Update the velocity first, then "
    "use the new one."
)
def old_velocity_used(param, grad, velocity, lr, momentum=0.9):
    return momentum_sgd(param, velocity, velocity, lr, 0.0)[0], momentum_sgd(
        param, grad, velocity, lr, momentum
    )[1]


@exercise.mistake(
    "The velocity is updated, but the parameter moves by lr * grad as without momentum. Move it by "
    "lr * velocity."
)
def velocity_not_used(param, grad, velocity, lr, momentum=0.9):
    plain, _ = momentum_sgd(param, grad, velocity, lr, 0.0)
    return plain, momentum_sgd(param, grad, velocity, lr, momentum)[1]
