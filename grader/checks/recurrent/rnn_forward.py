"""A recurrent network reads a sequence: one cell, the same weights, step after step."""

from grader.checks._shared import renamed
from grader.checks.recurrent._cases import CELL_FEATURES, STATE, TIME, rnn_calls, zeros
from grader.vocabulary import Exercise, between, either, one_of

exercise = Exercise(
    points=2,
    decks=("000", "001", "002", "003"),
    requires=("rnn_cell",),
    levels={
        "from a zero state": rnn_calls(steps=one_of(1, 2, 3, 1, 4, 5), state=zeros),
        "from any state": either(
            rnn_calls(steps=between(2, 5)), rnn_calls(steps=between(2, 5), saturated=True)
        ),
    },
    features=renamed(CELL_FEATURES | STATE | TIME, h="h0", bias="b_ih"),
    hints=(
        "Which axis of x is time, and what does one step need from the step before?",
        "Begin with h = h0. Each step makes a new h from x[t] and the h before it; keep a copy of "
        "each, since the next step needs h too.",
        "for t, x_t in enumerate(x): h = rnn_cell(x_t, h, w_ih, w_hh, b_ih, b_hh); hidden[t] = h. "
        "hidden has shape (T, N, H), and h0 is not in it.",
    ),
)


@exercise.equivalent
def rnn(x, h0, w_ih, w_hh, b_ih, b_hh):
    import torch

    hidden, _ = torch.rnn_tanh(
        x,
        h0[None],
        (w_ih, w_hh, b_ih, b_hh),
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=False,
        bidirectional=False,
        batch_first=False,
    )
    return hidden


@exercise.mistake(
    "Every step begins at h0 again: the state is not handed on. h = rnn_cell(x_t, h, …)."
)
def state_not_carried(x, h0, *weights):
    import torch

    return torch.cat([rnn(x_t[None], h0, *weights) for x_t in x])


@exercise.mistake("h0 is ignored, and the first step begins at zeros.")
def h0_ignored(x, h0, *weights):
    return rnn(x, h0 * 0.0, *weights)


@exercise.mistake("h0 is kept as the first state; the result holds the T states after it.")
def h0_included(x, h0, *weights):
    import torch

    return torch.cat([h0[None], rnn(x, h0, *weights)])


@exercise.mistake("hidden[t] is the state before step t; keep the one after it, and no h0.")
def state_before_each_step(x, h0, *weights):
    return h0_included(x, h0, *weights)[:-1]


@exercise.mistake("Only the last state is returned; all T of them are asked for: (T, N, H).")
def last_state_only(x, h0, *weights):
    return rnn(x, h0, *weights)[-1]


@exercise.mistake(
    "All T states are the last one: the same array is kept T times and changed in place. Make a "
    "new h at every step, or keep h.copy()."
)
def last_state_everywhere(x, h0, *weights):
    hidden = rnn(x, h0, *weights)
    return hidden[-1:].expand_as(hidden)


@exercise.mistake("The sequence is read from its end; begin with x[0].")
def read_backwards(x, h0, *weights):
    return rnn(x.flip(0), h0, *weights)


@exercise.mistake("The states come last step first; hidden[0] is the state after x[0].")
def states_reversed(x, h0, *weights):
    return rnn(x, h0, *weights).flip(0)


@exercise.mistake("Every step reads x[0]; step t reads x[t].")
def first_input_at_every_step(x, h0, *weights):
    return rnn(x[:1].expand_as(x), h0, *weights)


@exercise.mistake("The result is (N, T, H); time comes first here: (T, N, H).")
def batch_first(x, h0, *weights):
    return rnn(x, h0, *weights).transpose(0, 1)


@exercise.mistake("w_hh is transposed: its rows belong to the new state, h @ w_hh.T.")
def w_hh_transposed(x, h0, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h0, w_ih, w_hh.T, b_ih, b_hh)


@exercise.mistake("Only b_ih is added; b_hh is a bias of its own.")
def b_hh_missing(x, h0, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h0, w_ih, w_hh, b_ih, b_hh * 0.0)


@exercise.mistake("Only b_hh is added; b_ih is a bias of its own.")
def b_ih_missing(x, h0, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h0, w_ih, w_hh, b_ih * 0.0, b_hh)


@exercise.mistake("Both biases are missing.")
def no_bias(x, h0, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h0, w_ih, w_hh, b_ih * 0.0, b_hh * 0.0)


@exercise.mistake("The tanh is missing.")
def no_tanh(x, h0, w_ih, w_hh, b_ih, b_hh):
    import torch
    import torch.nn.functional as F

    hidden = [h0]
    for x_t in x:
        hidden.append(F.linear(x_t, w_ih, b_ih) + F.linear(hidden[-1], w_hh, b_hh))
    return torch.stack(hidden[1:])
