"""One step of a recurrent network: the new state is made of the input and the old state."""

from grader.checks._shared import of_arguments, renamed, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, STATE, rnn_calls, zeros
from grader.checks.recurrent._mistakes import (
    TANH_OVERFLOWS,
    of_state_weight,
    of_two_biases,
    overflowing_tanh,
)
from grader.vocabulary import Exercise, either

exercise = Exercise(
    points=2,
    decks=("000", "001", "002", "003"),
    levels={
        "from a zero state": rnn_calls(state=zeros),
        "from any state": either(rnn_calls(), rnn_calls(saturated=True)),
    },
    features=renamed(CELL_FEATURES | STATE, bias="b_ih"),
    never=NEVER,
    hints=(
        "Which two linear layers are added, and what comes last? The weights are (out, in), as "
        "in a linear layer: what has to be turned around for x @ ...?",
        "x = 1, h = 1, w_ih = 2, w_hh = -1.5, b_ih = 0.25, b_hh = -0.25:\n"
        "2 * 1 + 0.25 - 1.5 * 1 - 0.25 = 0.5\n"
        "tanh(0.5) = 0.4621\n"
        "rnn_cell([[1]], [[1]], [[2]], [[-1.5]], [0.25], [-0.25]) = [[0.4621]]",
        "from_input = x @ ... + ...\nfrom_state = ... + ...\nreturn ... of their sum",
    ),
)


@exercise.equivalent
def rnn(x, h, w_ih, w_hh, b_ih, b_hh):
    import torch

    return torch.rnn_tanh_cell(x, h, w_ih, w_hh, b_ih, b_hh)


def pre_activations(x, h, w_ih, w_hh, b_ih, b_hh):
    """Return the parts that come from x and from h."""
    import torch.nn.functional as F

    return F.linear(x, w_ih, b_ih), F.linear(h, w_hh, b_hh)


of_state_weight(exercise)
of_two_biases(exercise)
of_arguments(
    exercise,
    state_ignored=("The old state h is not used: h @ w_hh.T is missing.", {"h": zero}),
)


@exercise.mistake(TANH_OVERFLOWS)
def tanh_overflows(*arguments):
    return overflowing_tanh(sum(pre_activations(*arguments)))


@exercise.mistake("Both weights lack the .T: they are (out, in), so x @ w_ih.T and h @ w_hh.T.")
def nothing_transposed(x, h, w_ih, w_hh, b_ih, b_hh):
    if x.shape[1] != h.shape[1]:
        raise ValueError
    return rnn(x, h, w_ih.T, w_hh.T, b_ih, b_hh)


@exercise.mistake("The weights are exchanged: w_ih acts on the input x, w_hh on the state h.")
def weights_exchanged(x, h, w_ih, w_hh, b_ih, b_hh):
    if x.shape[1] != h.shape[1]:
        raise ValueError
    return rnn(x, h, w_hh, w_ih, b_ih, b_hh)


@exercise.mistake("The tanh is missing.")
def no_tanh(*arguments):
    from_x, from_h = pre_activations(*arguments)
    return from_x + from_h


@exercise.mistake("x and h go through tanh one by one; add them first, then one tanh of the sum.")
def tanh_of_each(*arguments):
    from_x, from_h = pre_activations(*arguments)
    return from_x.tanh() + from_h.tanh()


@exercise.mistake("The sum goes through a sigmoid; this cell has a tanh.")
def sigmoid_for_tanh(*arguments):
    return sum(pre_activations(*arguments)).sigmoid()


@exercise.mistake("The sum goes through ReLU; this cell has a tanh.")
def relu_for_tanh(*arguments):
    return sum(pre_activations(*arguments)).relu()
