"""How much of a gradient is left after many steps back: it vanishes, or it explodes."""

from grader.checks._shared import backwards, of_result
from grader.vocabulary import (
    Exercise,
    array,
    between,
    dyadic,
    gradients,
    level,
    strategy,
    tied,
    undrawn,
)


def network(w_hh, first, steps, grad_last):
    """Return the arguments for the states that `first` leads to."""
    import numpy as np

    states = [first]
    for _ in range(steps - 1):
        states.append((w_hh @ states[-1]).clip(min=0.0))
    return w_hh, np.array(states), grad_last


@strategy
def alive_networks(draw):
    """Draw weights and states above 0, so that ReLU lets everything through."""
    units, steps = draw(between(1, 4)), draw(between(1, 6))
    grad_last = draw(array(units, of=dyadic))
    first = abs(draw(array(units, of=tied))) + 0.5
    return network(abs(draw(array(units, units, of=tied))) + 0.25, first, steps, grad_last)


@strategy
def any_networks(draw):
    """Draw weights and states some of which are 0; multiples of 1/4 keep every sum exact."""
    units, steps = draw(between(1, 4)), draw(between(1, 6))
    grad_last = draw(array(units, of=dyadic))
    first = abs(draw(array(units, of=tied)))
    return network(draw(array(units, units, of=tied)) + 0.25, first, steps, grad_last)


def fifty_steps():
    """Return five units over fifty steps, with a gradient that vanishes and one that explodes."""
    import numpy as np

    w_hh = np.array(
        [
            [-1, -3, -4, 2, -4],
            [1, -4, -3, 4, 4],
            [2, 3, -3, -4, 3],
            [-3, 4, 1, -3, -2],
            [4, 1, 3, -1, 0],
        ]
    )
    grad_last = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
    return [network(size * w_hh, np.ones(5), 50, grad_last) for size in (0.125, 0.5)]


exercise = Exercise(
    points=3,
    decks=("003",),
    levels={
        "every unit above 0": alive_networks(),
        "some units at 0": level(any_networks(), fixed=fifty_steps),
    },
    features={
        "several steps": lambda hidden_states: len(hidden_states) > 1,
        "three steps or more": lambda hidden_states: len(hidden_states) > 2,
        "several units": lambda hidden_states: hidden_states.shape[1] > 1,
        "a unit at 0": lambda hidden_states: (hidden_states == 0.0).any(),
    },
    never=[
        undrawn(
            "tiny far huge near below",
            "Sums of small multiples of 1/8 are exact, so that no right answer takes a unit that "
            "is 0 for one above it.",
        )
    ],
    hints=(
        "The first norm is that of grad_last itself. What does one step back make of a "
        "gradient: which units pass nothing on, and which matrix does it go through?",
        "w_hh is [[0.5, 0], [0, 2]]; all states are above 0, so that nothing is stopped:\n"
        "0.5 * 1 = 0.5       the gradient [1, 0] after one step back\n"
        "0.5 * 0.5 = 0.25    after two\n"
        "states = [[4, 1], [2, 2], [1, 4]]\n"
        "backprop_signal([[0.5, 0], [0, 2]], states, [1, 0]) = [1, 0.5, 0.25]",
        "grad = grad_last\n"
        "norms = [...]\n"
        "for h in the states, from the last one back to the second:\n"
        "    grad = w_hh.T @ ...            # 0 where h is 0\n"
        "    norms.append(...)\n"
        "return np.array(norms)             # as many as there are states",
    ),
)


def signals(w_hh, hidden_states, grad_last):
    """Return dL/dh_t for t = T ... 1 by autograd: what nudging each state does to the last one."""
    import torch

    def last_state(nudges):
        h = hidden_states[0] + nudges[0]
        for nudge in nudges[1:]:
            h = torch.relu(w_hh @ h) + nudge
        return h

    return gradients(last_state, grad_last, torch.zeros_like(hidden_states))[0].flip(0)


@exercise.equivalent
def norms(*arguments):
    return signals(*arguments).norm(dim=1)


def masked_norms(masks, w_hh, grad_last):
    """Return the norms when other masks stand for h_T > 0, h_(T-1) > 0, ..."""
    import torch

    grads = [grad_last]
    for mask in masks:
        grads.append((grads[-1] * mask) @ w_hh)
    return torch.stack(grads).norm(dim=1)


def alive(hidden_states):
    """Return the masks in the order in which they are used: h_T > 0, h_(T-1) > 0, ..."""
    return (hidden_states > 0.0).double().flip(0)


@exercise.mistake(
    "Units at 0 let the gradient through; ReLU's slope is 0 there: mask with h_t > 0 (>= 0 is "
    "true for every state)."
)
def no_mask(w_hh, hidden_states, grad_last):
    return masked_norms(alive(hidden_states)[1:] * 0.0 + 1.0, w_hh, grad_last)


@exercise.mistake(
    "The mask is that of h_(t-1), where the gradient goes; it needs h_t, where it comes from."
)
def mask_of_state_before(w_hh, hidden_states, grad_last):
    return masked_norms(alive(hidden_states)[1:], w_hh, grad_last)


@exercise.mistake(
    "The mask is applied after the product. ReLU comes last in the forward step, so first on the "
    "way back: w_hh.T @ (grad * (h_t > 0))."
)
def mask_after_product(w_hh, hidden_states, grad_last):
    import torch

    grads = [grad_last]
    for mask in alive(hidden_states)[:-1]:
        grads.append((grads[-1] @ w_hh) * mask)
    return torch.stack(grads).norm(dim=1)


@exercise.mistake("The norms are taken after the mask; that of dL/dh_t comes before it.")
def norm_after_mask(w_hh, hidden_states, grad_last):
    return (signals(w_hh, hidden_states, grad_last) * alive(hidden_states)).norm(dim=1)


@exercise.mistake("The gradient is multiplied by h_t; it needs only to know whether h_t > 0.")
def times_the_state(w_hh, hidden_states, grad_last):
    return masked_norms(hidden_states.flip(0)[:-1], w_hh, grad_last)


@exercise.mistake("The slope 1 - h_t**2 is that of tanh; these states come from ReLU: 1 or 0.")
def slope_of_tanh(w_hh, hidden_states, grad_last):
    return masked_norms(1.0 - hidden_states.flip(0)[:-1] ** 2, w_hh, grad_last)


@exercise.mistake("w_hh lacks the .T: forward multiplies by w_hh, back by w_hh.T.")
def w_hh_not_transposed(w_hh, hidden_states, grad_last):
    return masked_norms(alive(hidden_states)[:-1], w_hh.T, grad_last)


@exercise.mistake("w_hh is left out: every step back multiplies by w_hh.T.")
def w_hh_left_out(w_hh, hidden_states, grad_last):
    import torch

    return masked_norms(alive(hidden_states)[:-1], torch.eye(len(w_hh)).double(), grad_last)


@exercise.mistake("The first norm is one step too late; begin with ‖grad_last‖ itself.")
def begins_one_step_back(w_hh, hidden_states, grad_last):
    return masked_norms(alive(hidden_states), w_hh, grad_last)[1:]


@exercise.mistake("There is one norm too many: the way ends at h_1, so there are T of them.")
def one_step_too_far(w_hh, hidden_states, grad_last):
    return masked_norms(alive(hidden_states), w_hh, grad_last)


@exercise.mistake(
    "Every step begins with grad_last again; go on with the gradient of the last one."
)
def always_from_grad_last(w_hh, hidden_states, grad_last):
    import torch

    masked = grad_last * alive(hidden_states)[:-1]
    return torch.cat([grad_last[None], masked @ w_hh]).norm(dim=1)


of_result(
    exercise,
    first_step_first=(
        "The order is from step 1 to step T; the last step, ‖grad_last‖, comes first.",
        backwards,
    ),
    squared_norm=("These are squared norms: the square root is missing.", lambda norms: norms**2),
)


@exercise.mistake("The absolute values are summed; the Euclidean norm is the root of squares.")
def sum_of_absolute_values(*arguments):
    return signals(*arguments).abs().sum(1)


@exercise.mistake("The largest absolute value is taken; the Euclidean norm is the root of squares.")
def largest_absolute_value(*arguments):
    return signals(*arguments).abs().amax(1)


@exercise.mistake("The gradients themselves are returned; each step gives one number, its norm.")
def gradients_themselves(*arguments):
    return signals(*arguments)
