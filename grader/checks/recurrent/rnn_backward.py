"""Back through time: each step sends gradients to its input, the weights and the step before."""

from grader.checks._shared import of_result, products_of, renamed, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, TIME, rnn_calls
from grader.checks.recurrent._mistakes import slip
from grader.checks.recurrent._through_time import (
    leading_back,
    of_steps,
    pre_activation,
    right_step,
    slope_missing,
)
from grader.vocabulary import Exercise, between, either, gradients

exercise = Exercise(
    points=5,
    decks=("000", "001", "003"),
    requires=("rnn_forward",),
    levels={
        "one step": rnn_calls(steps=1, upstream="all"),
        "a gradient at the last step only": rnn_calls(steps=between(2, 5), upstream="last"),
        "a gradient at every step": either(
            rnn_calls(steps=between(2, 5), upstream="all"),
            rnn_calls(steps=between(2, 5), upstream="all", saturated=True),
        ),
    },
    features=renamed(CELL_FEATURES | TIME, h="h0", bias="b_ih"),
    never=NEVER,
    terms=products_of("grad_out", "x"),
    hints=(
        "By which two ways does a hidden state reach the loss? Which step is therefore the "
        "first one back, and what does every step add to the gradient of a weight?",
        "Two steps; inputs and states are 0, so that every tanh has slope 1; w_hh is 0.5 and\n"
        "grad_out is 1 at both steps:\n"
        "1 * (1 + 0) = 1            at the last step: nothing comes from behind it\n"
        "1 * (1 + 0.5 * 1) = 1.5    at the first: its own, and what the last one sends back\n"
        "1 + 1.5 = 2.5              the gradient of each bias: both steps add to it\n"
        "both = [[[1]], [[1]]]\n"
        "rnn_backward(both, zeros(2, 1, 1), [[0]], [[2]], [[0.5]], [0], [0])[5] = [2.5]",
        "hidden = rnn_forward(...)\n"
        "grad_h = zeros like h0                      # what a later step sends back\n"
        "for t in reversed(range(len(x))):\n"
        "    grad_a = (the slope of tanh at step t) * (... + grad_h)\n"
        "    grad_x[t] = grad_a @ ...\n"
        "    grad_w_ih += ... @ x[t]\n"
        "    grad_w_hh += ... @ (the state before step t: h0 at first)\n"
        "    grad_bias += ...\n"
        "    grad_h = grad_a @ ...\n"
        "return grad_x, grad_h, ...      # both biases have the same gradient",
    ),
)


def autograd(step, grad_out, *inputs):
    """Return the gradients through a network of steps, `step(t, x_t, h, *weights)`."""
    import torch

    def forward(x, h, *weights):
        hidden = []
        for t, x_t in enumerate(x):
            h = step(t, x_t, h, *weights)
            hidden.append(h)
        return torch.stack(hidden)

    return gradients(forward, grad_out, *inputs)


@exercise.equivalent
def rnn_gradients(grad_out, x, h0, w_ih, w_hh, b_ih, b_hh):
    return autograd(right_step, grad_out, x, h0, w_ih, w_hh, b_ih, b_hh)


def states(x, h, *weights):
    import torch

    return torch.stack([h := right_step(0, x_t, h, *weights) for x_t in x])


of_steps(exercise, autograd)


@exercise.mistake("grad_h0 is da of the first step; it still has to go through w_hh: da_0 @ w_hh.")
def grad_h0_not_through_w_hh(*arguments):
    step = leading_back(lambda t, h, w_hh: h if t == 0 else h @ w_hh.T)
    return autograd(step, *arguments)


@exercise.mistake(
    "The backward pass runs from the first step to the last. Go from the last to the first: "
    "reversed(range(T))."
)
def forward_loop(grad_out, x, h0, *weights):
    import torch

    hidden = torch.cat([h0[None], states(x, h0, *weights)])

    def step(t, x_t, h, *weights):
        before = hidden[len(x) - 1 - t]
        return (pre_activation(x_t, before, *weights) + slip(h @ weights[1].detach().T)).tanh()

    grad_x, *others = autograd(step, grad_out.flip(0), x.flip(0), h0, *weights)
    return grad_x.flip(0), *others


@exercise.mistake(
    "The slope multiplies grad_out[t] alone. What the next step sends back goes through it too: "
    "(1 - h**2) * (grad_out[t] + carried)."
)
def carried_past_the_slope(grad_out, x, h0, *weights):
    slope = 1 - states(x, h0, *weights) ** 2
    return autograd(slope_missing, grad_out * slope, x, h0, *weights)


@exercise.mistake("Only grad_out[-1] is used; every state has a gradient of its own, grad_out[t].")
def last_gradient_only(grad_out, *inputs):
    grad_out[:-1] = 0.0
    return rnn_gradients(grad_out, *inputs)


@exercise.mistake(
    "The forward pass adds only one bias: its states are wrong, and so are all slopes."
)
def b_hh_missing(*arguments):
    *others, b_hh = arguments
    return rnn_gradients(*others, b_hh * 0.0)


of_result(
    exercise,
    grad_h0_zero=("grad_h0 is zero; the first step sends da_0 @ w_hh back to h0.", {1: zero}),
    grad_b_hh_zero=(
        "grad_b_hh is zero; both biases are added, so both get the same gradient.",
        {5: zero},
    ),
)


@exercise.mistake("The forward pass begins at zeros; it begins at h0.")
def h0_ignored(grad_out, x, h0, *weights):
    return rnn_gradients(grad_out, x, h0 * 0.0, *weights)


@exercise.mistake("The gradients of weights and biases are averaged over the batch; they are sums.")
def averaged_over_batch(grad_out, x, *others):
    grad_x, grad_h0, *grads = rnn_gradients(grad_out, x, *others)
    return grad_x, grad_h0, *[grad / x.shape[1] for grad in grads]
