"""A step of Adadelta: the steps that were taken say how large the next one may be."""

from grader.checks._shared import negative, of_arguments, of_result, zero
from grader.checks.optim._cases import SQUARES, TINY, TINY_FEATURES, copies, updates
from grader.checks.optim._mistakes import of_direction
from grader.vocabulary import Exercise, between, one_of, uniform

AVERAGES = (uniform(0.0, 4.0), uniform(0.0, 4.0))
OPTIONS = one_of((), (0.75,), (0.5, 1e-3))
RATED = one_of(False, True)

exercise = Exercise(
    points=4,
    decks=("002",),
    requires=("rmsprop_step",),
    levels={
        "one step": updates(states=AVERAGES, options=OPTIONS, rated=RATED),
        "several steps, tiny gradients and zeros": updates(
            calls=between(3, 5), sizes=TINY, states=AVERAGES, options=OPTIONS, rated=RATED
        ),
    },
    features={
        **TINY_FEATURES,
        "averages that are not 0": lambda square_avg: square_avg.any(),
        "lr = 1": lambda lr: lr == 1.0,
        "rho = 0.9": lambda rho: rho == 0.9,
    },
    never=[SQUARES],
    hints=(
        "RMSprop divides by the root of one average. Of what is the other one, and in which place "
        "does its root stand? Which of the two averages is updated before the step, and which "
        "after it?",
        "s = 12, a = 0.25, the gradient 2, rho 0.625, the parameter 1, eps left out:\n"
        "0.625 * 12 + 0.375 * 2 ** 2 = 9              s\n"
        "sqrt(0.25) / sqrt(9) * 2 = 0.3333            the step, with the old a\n"
        "0.625 * 0.25 + 0.375 * 0.3333 ** 2 = 0.1979  a, after the step\n"
        "adadelta_step([1], [2], [12], [0.25], 1, 0.625)[0] = [1 - 0.3333] = [0.6667]",
        "square_avg = rho * ... + (...) * ...\n"
        "delta = np.sqrt(... + eps) / np.sqrt(... + eps) * grad\n"
        "acc_delta = ...            # like the other average, and without lr\n"
        "return param - lr * ..., square_avg, acc_delta",
    ),
)


@exercise.equivalent
def adadelta(param, grad, square_avg, acc_delta, lr=1.0, rho=0.9, eps=1e-6):
    import torch
    from torch.optim.adadelta import adadelta as step

    new, squares, moves = copies(grad, param, square_avg, acc_delta)
    options = {"weight_decay": 0.0, "maximize": False, "foreach": False}
    step([new], [grad], [squares], [moves], [torch.zeros(())], lr=lr, rho=rho, eps=eps, **options)
    return new, squares, moves


of_direction(exercise)
of_arguments(
    exercise,
    shares_exchanged=(
        "rho and 1 - rho are exchanged: the old averages keep the share rho.",
        {"rho": lambda rho: 1 - rho},
    ),
    fixed_rho=("rho is always 0.9, whatever the caller says.", {"rho": 0.9}),
    fixed_eps=("eps is always 1e-6, whatever the caller says.", {"eps": 1e-6}),
    no_rate=("lr is forgotten: the step is multiplied by it.", {"lr": 1.0}),
    averages_exchanged=(
        "The two averages that come in are exchanged: square_avg is of the gradients, acc_delta of "
        "the steps.",
        {
            "square_avg": lambda _, acc_delta: acc_delta,
            "acc_delta": lambda _, square_avg: square_avg,
        },
    ),
    no_eps=(
        "eps is missing: the first step would be 0, and 0 / 0 where no gradient came.",
        {"eps": 0.0},
    ),
    squares_forgotten=(
        "square_avg starts anew with every step: its old value keeps the share rho.",
        {"square_avg": zero},
    ),
    steps_forgotten=(
        "acc_delta starts anew with every step: its old value keeps the share rho.",
        {"acc_delta": zero},
    ),
)
of_result(
    exercise,
    old_squares_returned=(
        "The square_avg that is returned is the old one; return the new one.",
        {1: lambda _, square_avg: square_avg},
    ),
    old_steps_returned=(
        "The acc_delta that is returned is the old one: it is updated with the squared step.",
        {2: lambda _, acc_delta: acc_delta},
    ),
    sign_of_steps=(
        "acc_delta has the wrong sign: it averages squares.",
        {2: negative},
    ),
)


@exercise.mistake("Only the parameter is returned; return (param, square_avg, acc_delta).")
def averages_not_returned(*arguments):
    return adadelta(*arguments)[0]


@exercise.mistake("acc_delta is not returned; return (param, square_avg, acc_delta).")
def steps_not_returned(*arguments):
    return adadelta(*arguments)[:2]


@exercise.mistake("The averages are returned in the wrong order: square_avg, then acc_delta.")
def order_exchanged(*arguments):
    new, squares, moves = adadelta(*arguments)
    return new, moves, squares


def stepping(delta_of, *, squares_of=None, kept=None):
    """Return a mistake: another step, another average of the gradients, or of the steps.

    `delta_of(grad, old, squares, moves, eps)` is the step, `kept(moves, delta, lr, rho, grad)`
    the new average of the steps.
    """

    def mistaken(param, grad, square_avg, acc_delta, lr=1.0, rho=0.9, eps=1e-6):
        squares = square_avg.lerp(grad**2, 1 - rho)
        if squares_of is not None:
            squares = squares_of(square_avg, grad, rho)
        delta = delta_of(grad, square_avg, squares, acc_delta, eps)
        moves = acc_delta.lerp(delta**2, 1 - rho)
        if kept is not None:
            moves = kept(acc_delta, delta, lr, rho, grad)
        return param - lr * delta, squares, moves

    return mistaken


def right(grad, _old, squares, moves, eps):
    """Return the step as it should be."""
    return (moves + eps).sqrt() / (squares + eps).sqrt() * grad


for name, message, delta_of in (
    (
        "eps_outside_roots",
        "eps is added to the roots; here it is inside both: np.sqrt(... + eps).",
        lambda grad, _old, squares, moves, eps: (
            (moves.sqrt() + eps) / (squares.sqrt() + eps) * grad
        ),
    ),
    (
        "eps_outside_divisor",
        "eps is added to the divisor's root; here it is inside both roots.",
        lambda grad, _old, squares, moves, eps: (
            (moves + eps).sqrt() / (squares.sqrt() + eps) * grad
        ),
    ),
    (
        "no_eps_above",
        "eps is missing above: acc_delta begins at 0, and nothing would ever move.",
        lambda grad, _old, squares, moves, eps: moves.sqrt() / (squares + eps).sqrt() * grad,
    ),
    (
        "no_eps_below",
        "eps is missing below: where no gradient came this divides by 0.",
        lambda grad, _old, squares, moves, eps: (moves + eps).sqrt() / squares.sqrt() * grad,
    ),
    (
        "no_roots",
        "The roots are missing: both averages are of squares.",
        lambda grad, _old, squares, moves, eps: (moves + eps) / (squares + eps) * grad,
    ),
    (
        "no_root_above",
        "The root of acc_delta is missing: it is an average of squares.",
        lambda grad, _old, squares, moves, eps: (moves + eps) / (squares + eps).sqrt() * grad,
    ),
    (
        "no_root_below",
        "The root of square_avg is missing: it is an average of squares.",
        lambda grad, _old, squares, moves, eps: (moves + eps).sqrt() / (squares + eps) * grad,
    ),
    (
        "upside_down",
        "The ratio is upside down: the root of acc_delta is above, that of square_avg below.",
        lambda grad, _old, squares, moves, eps: (
            (squares + eps).sqrt() / (moves + eps).sqrt() * grad
        ),
    ),
    (
        "without_steps",
        "This is RMSprop's step: the root of acc_delta is missing above.",
        lambda grad, _old, squares, _moves, eps: grad / (squares + eps).sqrt(),
    ),
    (
        "old_squares_used",
        "The step is divided by the root of the old square_avg. Update it first.",
        lambda grad, old, _squares, moves, eps: (moves + eps).sqrt() / (old + eps).sqrt() * grad,
    ),
    (
        "gradient_missing",
        "The ratio of the roots alone is the step: multiply it by the gradient.",
        lambda _grad, _old, squares, moves, eps: ((moves + eps) / (squares + eps)).sqrt(),
    ),
    (
        "plain_step",
        "The step is lr * grad as it came: the averages are not used, or one stands in both "
        "roots. That of the steps is above, that of the gradients below.",
        lambda grad, _old, _squares, _moves, _eps: grad,
    ),
):
    exercise.add(name, message, stepping(delta_of))

for name, message, squares_of in (
    (
        "square_added_whole",
        "The squared gradient is added whole; its share is 1 - rho.",
        lambda old, grad, rho: rho * old + grad**2,
    ),
    (
        "squares_added_up",
        "The squared gradients are added up as in Adagrad; here the old average fades with rho.",
        lambda old, grad, _rho: old + grad**2,
    ),
    (
        "gradient_not_squared",
        "square_avg is an average of the gradients, not of their squares.",
        lambda old, grad, rho: rho * old + (1 - rho) * grad,
    ),
    (
        "one_average_for_all",
        "One average is kept for the whole array. Every element has its own: grad**2, no np.mean.",
        lambda old, grad, rho: rho * old + (1 - rho) * (grad**2).mean(),
    ),
):
    exercise.add(name, message, stepping(right, squares_of=squares_of))

for name, message, kept in (
    (
        "rate_in_steps",
        "acc_delta averages lr * delta; it must average the step without lr.",
        lambda old, delta, lr, rho, _grad: rho * old + (1 - rho) * (lr * delta) ** 2,
    ),
    (
        "steps_not_squared",
        "acc_delta averages the steps, not their squares.",
        lambda old, delta, _lr, rho, _grad: rho * old + (1 - rho) * delta,
    ),
    (
        "step_added_whole",
        "The squared step is added to acc_delta whole; its share is 1 - rho.",
        lambda old, delta, _lr, rho, _grad: rho * old + delta**2,
    ),
    (
        "steps_added_up",
        "The squared steps are added up in acc_delta; the old average fades with rho.",
        lambda old, delta, _lr, _rho, _grad: old + delta**2,
    ),
    (
        "gradients_in_steps",
        "acc_delta averages squared gradients, as square_avg does; it averages squared steps.",
        lambda old, _delta, _lr, rho, grad: rho * old + (1 - rho) * grad**2,
    ),
):
    exercise.add(name, message, stepping(right, kept=kept))


@exercise.mistake(
    "acc_delta is updated before it is used: the step takes the old one, and is averaged after."
)
def new_steps_used(param, grad, square_avg, acc_delta, lr=1.0, rho=0.9, eps=1e-6):
    _, squares, moves = adadelta(param, grad, square_avg, acc_delta, lr, rho, eps)
    return param - lr * right(grad, None, squares, moves, eps), squares, moves


@exercise.mistake("The default of rho is 0.95, as in the paper; here it is 0.9.")
def default_of_the_paper(param, grad, square_avg, acc_delta, lr=1.0, rho=0.95, eps=1e-6):
    return adadelta(param, grad, square_avg, acc_delta, lr, rho, eps)
