"""A step of Adam: momentum over RMSprop, corrected for averages that start at zero."""

from types import SimpleNamespace

from grader.checks._shared import of_arguments, of_result
from grader.checks.optim._cases import SQUARES, TINY, TINY_FEATURES, copies, updates
from grader.vocabulary import Exercise, between, one_of, uniform, wide

AVERAGES = (wide, uniform(0.5, 4.0))
OPTIONS = one_of((), (0.8, 0.95), (0.9, 0.99, 1e-3))
LATER = between(2, 7)

exercise = Exercise(
    points=4,
    decks=("001", "002"),
    requires=("momentum_step", "rmsprop_step"),
    levels={
        "the first step": updates(states=AVERAGES, fresh=1, count=LATER, options=OPTIONS),
        "a later step": updates(states=AVERAGES, fresh=0, count=LATER, options=OPTIONS),
        "several steps, tiny gradients and zeros": updates(
            calls=between(3, 5), sizes=TINY, states=AVERAGES, count=LATER, options=OPTIONS
        ),
    },
    features={
        **TINY_FEATURES,
        "step = 1": lambda step: step == 1,
        "beta1 = 0.9": lambda beta1: beta1 == 0.9,
        "eps = 1e-08": lambda eps: eps == 1e-8,
    },
    never=[SQUARES],
    hints=(
        "Two averages run along: of what? They begin at zero and are too small at first: what "
        "corrects them, in the step and only there?",
        "First step, parameter 1, gradient 20, averages 0; lr 0.25, beta1 0.5, beta2 0.75:\n"
        "0.5 * 0 + 0.5 * 20 = 10             average of the gradient\n"
        "0.75 * 0 + 0.25 * 20 ** 2 = 100     average of its square\n"
        "10 / (1 - 0.5 ** 1) = 20            corrected, for the step alone\n"
        "100 / (1 - 0.75 ** 1) = 400\n"
        "1 - 0.25 * 20 / sqrt(400) = 0.75\n"
        "adam_step([1], [20], [0], [0], 1, 0.25, 0.5, 0.75)[1] = [10]",
        "exp_avg = beta1 * ... + (...) * grad\n"
        "exp_avg_sq = beta2 * ... + (...) * ...\n"
        "m_hat = exp_avg / (1 - ...)         # a power that depends on step\n"
        "v_hat = exp_avg_sq / (1 - ...)\n"
        "return param - ..., exp_avg, exp_avg_sq    # the averages without the correction",
    ),
)


@exercise.equivalent
def adam(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    import torch
    from torch.optim.adam import adam as one_step

    new, first, second = copies(grad, param, exp_avg, exp_avg_sq)
    before = torch.tensor(step - 1.0, dtype=torch.float64)
    options = {"weight_decay": 0.0, "amsgrad": False, "maximize": False, "foreach": False}
    rates = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps}
    one_step([new], [grad], [first], [second], [], [before], **rates, **options)
    return new, first, second


@exercise.mistake("The sign: the averaged gradient points uphill, and the step must go down.")
def uphill(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new, first, second = adam(param, -grad, -exp_avg, exp_avg_sq, step, lr, beta1, beta2, eps)
    return new, -first, second


of_arguments(
    exercise,
    no_bias_correction=(
        "The averages are not corrected, or the corrected ones are not used: the step takes m_hat "
        "and v_hat, the averages divided by 1 - beta1**step and 1 - beta2**step.",
        {"step": 10**9},
    ),
    beta_without_power=(
        "The correction is 1 - beta, at every step that of the first. It is a power: "
        "1 - beta**step.",
        {"step": 1},
    ),
    step_one_more=(
        "The power is step + 1; `step` counts from 1 already.",
        {"step": lambda step: step + 1},
    ),
    betas_exchanged=(
        "beta1 and beta2 are exchanged: beta1 is for exp_avg, beta2 for exp_avg_sq.",
        {"beta1": lambda _, beta2: beta2, "beta2": lambda _, beta1: beta1},
    ),
    eps_before_correction=(
        "eps is added before the correction. Correct exp_avg_sq first, take the root, then add "
        "eps.",
        {"eps": lambda eps, beta2, step: eps / (1 - beta2**step) ** 0.5},
    ),
    no_eps=("eps is missing: where all gradients were 0 this divides 0 by 0.", {"eps": 0.0}),
)
of_result(
    exercise,
    corrected_returned=(
        "The corrected averages are returned. The correction is for this step alone; return the "
        "averages themselves.",
        {
            1: lambda first, beta1, step: first / (1 - beta1**step),
            2: lambda second, beta2, step: second / (1 - beta2**step),
        },
    ),
    averages_not_returned=(
        "Only the parameter is returned; return (param, exp_avg, exp_avg_sq).",
        lambda results: results[0],
    ),
    old_averages_returned=(
        "The averages that are returned are the old ones; return the new ones.",
        {1: lambda _, exp_avg: exp_avg, 2: lambda _, exp_avg_sq: exp_avg_sq},
    ),
)


def stepping(direction):
    """Return the change to a step of lr times `direction(at)`; the averages are right."""

    def change(results, param, grad, step, lr, beta1, beta2, eps):
        _, first, second = results
        at = SimpleNamespace(
            grad=grad,
            first=first,
            second=second,
            m_hat=first / (1 - beta1**step),
            v_hat=second / (1 - beta2**step),
            eps=eps,
        )
        return param - lr * direction(at), first, second

    return change


of_result(
    exercise,
    first_not_corrected=(
        "Only exp_avg_sq is corrected in the step; divide exp_avg by 1 - beta1**step, too.",
        stepping(lambda at: at.first / (at.v_hat.sqrt() + at.eps)),
    ),
    second_not_corrected=(
        "Only exp_avg is corrected in the step; divide exp_avg_sq by 1 - beta2**step, too.",
        stepping(lambda at: at.m_hat / (at.second.sqrt() + at.eps)),
    ),
    eps_inside_root=(
        "eps is inside the root. It is added after: np.sqrt(v_hat) + eps, which matters where "
        "gradients are tiny.",
        stepping(lambda at: at.m_hat / (at.v_hat + at.eps).sqrt()),
    ),
    no_root=(
        "The root is missing: divide by the root of v_hat, not by v_hat.",
        stepping(lambda at: at.m_hat / (at.v_hat + at.eps)),
    ),
    gradient_for_average=(
        "The step is made of the gradient, as in RMSprop; it is made of the corrected exp_avg.",
        stepping(lambda at: at.grad / (at.v_hat.sqrt() + at.eps)),
    ),
)


@exercise.mistake("The correction is 1 - beta * step. It is a power: 1 - beta**step.")
def beta_times_step(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, first, second = adam(param, grad, exp_avg, exp_avg_sq, step, lr, beta1, beta2, eps)
    root = (second / (1 - beta2 * step)).sqrt() + eps
    return param - lr * first / (1 - beta1 * step) / root, first, second


@exercise.mistake("The step takes the old averages. Update both first.")
def old_averages_used(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, first, second = adam(param, grad, exp_avg, exp_avg_sq, step, lr, beta1, beta2, eps)
    root = (exp_avg_sq / (1 - beta2**step)).sqrt() + eps
    return param - lr * exp_avg / (1 - beta1**step) / root, first, second


@exercise.mistake(
    "The power is step - 1, which divides by 0 at the first step: `step` counts from 1 already."
)
def step_one_less(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if step == 1:
        _, first, second = adam(param, grad, exp_avg, exp_avg_sq, step, lr, beta1, beta2, eps)
        return param + float("nan"), first, second
    return adam(param, grad, exp_avg, exp_avg_sq, step - 1, lr, beta1, beta2, eps)


@exercise.mistake("beta and 1 - beta are exchanged: the old averages keep the shares beta.")
def shares_exchanged(param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, first, second = adam(param, grad, exp_avg, exp_avg_sq, 1, lr, 1 - beta1, 1 - beta2, eps)
    root = (second / (1 - beta2**step)).sqrt() + eps
    return param - lr * first / (1 - beta1**step) / root, first, second


@exercise.mistake("exp_avg_sq is an average of the gradients, not of their squares.")
def gradient_not_squared(
    param, grad, exp_avg, exp_avg_sq, step, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    _, first, _ = adam(param, grad, exp_avg, exp_avg_sq, step, lr, beta1, beta2, eps)
    second = exp_avg_sq.lerp(grad, 1 - beta2)
    root = (second / (1 - beta2**step)).sqrt() + eps
    return param - lr * first / (1 - beta1**step) / root, first, second
