"""A recurrent network reads a sequence: one cell, the same weights, step after step."""

from grader.checks._shared import backwards, of_arguments, of_result, renamed, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, STATE, TIME, rnn_calls, zeros
from grader.checks.recurrent._layers import rnn_layer, without_memory, without_tanh
from grader.checks.recurrent._mistakes import (
    SAME_ARRAY,
    everywhere,
    of_input_order,
    of_state_weight,
    of_two_biases,
)
from grader.vocabulary import Exercise, between, either, one_of

exercise = Exercise(
    points=3,
    decks=("000", "001", "002", "003"),
    requires=("rnn_cell",),
    levels={
        "from a zero state": rnn_calls(steps=one_of(1, 2, 3, 1, 4, 5), state=zeros),
        "from any state": either(
            rnn_calls(steps=between(2, 5)), rnn_calls(steps=between(2, 5), saturated=True)
        ),
    },
    features=renamed(CELL_FEATURES | STATE | TIME, h="h0", bias="b_ih"),
    never=NEVER,
    hints=(
        "Which axis of x is time? What does one step need from the step before, and which of "
        "the states does the result hold?",
        "No input counts (w_ih = 0), w_hh = 1, no biases, h0 = 0.5, two steps:\n"
        "tanh(0.5) = 0.4621       after the first step\n"
        "tanh(0.4621) = 0.4318    after the second\n"
        "rnn_forward(zeros(2, 1, 1), [[0.5]], [[0]], [[1]], [0], [0])[:, 0, 0] = [0.4621, 0.4318]\n"
        "The result has 2 states: h0 is not among them.",
        "hidden = np.empty((..., *h0.shape))\n"
        "h = ...\n"
        "for t in range(...):\n"
        "    h = rnn_cell(..., h, w_ih, w_hh, b_ih, b_hh)\n"
        "    hidden[t] = ...\n"
        "return hidden",
    ),
)


@exercise.equivalent
def rnn(x, h0, w_ih, w_hh, b_ih, b_hh):
    return rnn_layer(x, h0, w_ih, w_hh, b_ih, b_hh)


@exercise.mistake(
    "Every step begins at h0 again: the state is not handed on. h = rnn_cell(x_t, h, …)."
)
def state_not_carried(*arguments):
    return without_memory(*arguments)


of_state_weight(exercise)
of_two_biases(exercise)
of_input_order(exercise)
of_arguments(
    exercise, h0_ignored=("h0 is ignored, and the first step begins at zeros.", {"h0": zero})
)
of_result(
    exercise,
    last_state_only=(
        "Only the last state is returned; all T of them are asked for: (T, N, H).",
        lambda hidden: hidden[-1],
    ),
    last_state_everywhere=(SAME_ARRAY, everywhere),
    states_reversed=(
        "The states come last step first; hidden[0] is the state after x[0].",
        backwards,
    ),
    batch_first=(
        "The result is (N, T, H); time comes first here: (T, N, H).",
        lambda hidden: hidden.transpose(0, 1),
    ),
)


@exercise.mistake("h0 is kept as the first state; the result holds the T states after it.")
def h0_included(x, h0, *weights):
    import torch

    return torch.cat([h0[None], rnn(x, h0, *weights)])


@exercise.mistake("hidden[t] is the state before step t; keep the one after it, and no h0.")
def state_before_each_step(x, h0, *weights):
    return h0_included(x, h0, *weights)[:-1]


@exercise.mistake("The tanh is missing.")
def no_tanh(*arguments):
    return without_tanh(*arguments)
