"""An LSTM reads a sequence: h and c go from step to step, the weights stay the same."""

from grader.checks._shared import of_arguments, of_result, renamed, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, STATE, TIME, lstm_calls, zeros
from grader.checks.recurrent._lstm import lstm_step, torch_weights
from grader.checks.recurrent._mistakes import SAME_ARRAY, everywhere, of_input_order, of_layout
from grader.vocabulary import Exercise, between, either, one_of

exercise = Exercise(
    points=3,
    decks=("000", "003", "004"),
    requires=("lstm_cell",),
    levels={
        "from a zero state": lstm_calls(steps=one_of(1, 2, 3, 1, 4, 5), state=zeros),
        "from any state": either(
            lstm_calls(steps=between(2, 5)), lstm_calls(steps=between(2, 5), saturated=True)
        ),
    },
    features=renamed(CELL_FEATURES | STATE | TIME, h="h0"),
    never=NEVER,
    hints=(
        "lstm_cell is one step. What does a step need from the one before, and which of it does "
        "the result keep?",
        "All gates and g are 1 (huge biases), no weights, c0 = 0: the cell counts the steps.\n"
        "1 * 0 + 1 * 1 = 1\n"
        "1 * 1 + 1 * 1 = 2\n"
        "1 * tanh(2) = 0.9640    the second state\n"
        "lstm_forward(zeros(2, 1, 1), [[0]], [[0]], zeros(4, 2), [1000] * 4)[1] = [[2]]",
        "hidden = np.empty((..., *h0.shape))\n"
        "h, c = ...\n"
        "for t in range(...):\n"
        "    h, c = lstm_cell(..., weight, bias)\n"
        "    hidden[t] = ...\n"
        "return hidden, ...       # all states, and the last cell alone",
    ),
)


@exercise.equivalent
def lstm(x, h0, c0, weight, bias):
    import torch

    hidden, _, c_last = torch.lstm(
        x,
        (h0[None], c0[None]),
        torch_weights(h0, weight, bias),
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=False,
        bidirectional=False,
        batch_first=False,
    )
    return hidden, c_last[0]


def unroll(carried, x, h0, c0, weight, bias):
    """Take all steps; `carried(h, c)` is the state that the next step begins with."""
    import torch

    state, hidden = (h0, c0), []
    for x_t in x:
        h, c = lstm_step(x_t, *state, weight, bias)
        hidden.append(h)
        state = carried(h, c)
    return torch.stack(hidden), c


@exercise.mistake("Every step begins at h0 and c0 again: h, c = lstm_cell(x_t, h, c, …).")
def state_not_carried(x, h0, c0, *weights):
    return unroll(lambda _h, _c: (h0, c0), x, h0, c0, *weights)


@exercise.mistake("c is not handed on: every step begins with c0 again.")
def c_not_carried(x, h0, c0, *weights):
    return unroll(lambda h, _c: (h, c0), x, h0, c0, *weights)


@exercise.mistake("h is not handed on: every step begins with h0 again.")
def h_not_carried(x, h0, c0, *weights):
    return unroll(lambda _h, c: (h0, c), x, h0, c0, *weights)


@exercise.mistake("h and c are exchanged between the steps: lstm_cell returns h_next first.")
def state_exchanged(*arguments):
    return unroll(lambda h, c: (c, h), *arguments)


of_input_order(exercise)
of_arguments(
    exercise,
    first_state_ignored=(
        "h0 and c0 are ignored, and the first step begins at zeros.",
        {"h0": zero, "c0": zero},
    ),
    no_bias=("The bias is missing.", {"bias": zero}),
)
of_result(
    exercise,
    last_h_only=(
        "Only the last h is returned; all T of them are asked for: (T, N, H).",
        {0: lambda hidden: hidden[-1]},
    ),
    last_state_everywhere=(SAME_ARRAY, {0: everywhere}),
    batch_first=(
        "hidden is (N, T, H); time comes first here: (T, N, H).",
        {0: lambda hidden: hidden.transpose(0, 1)},
    ),
    h_for_c=(
        "The second result is h_T; it is c_T, the cell state after the last step.",
        lambda results: (results[0], results[0][-1]),
    ),
    torch_result=(
        "Torch's result (hidden, (h_T, c_T)) is given; here it is (hidden, c_T).",
        lambda results: (results[0], (results[0][-1], results[1])),
    ),
)


@exercise.mistake("h0 is kept as the first state; hidden holds the T states after it.")
def h0_included(x, h0, *others):
    import torch

    hidden, c_last = lstm(x, h0, *others)
    return torch.cat([h0[None], hidden]), c_last


@exercise.mistake("hidden[t] is the state before step t; keep the one after it, and no h0.")
def state_before_each_step(x, h0, *others):
    hidden, c_last = h0_included(x, h0, *others)
    return hidden[:-1], c_last


@exercise.mistake(
    "The cell states of all steps are returned; only the last one is asked for: (N, H)."
)
def every_c(x, h0, c0, *weights):
    import torch

    cells = [lstm(x[: t + 1], h0, c0, *weights)[1] for t in range(len(x))]
    return lstm(x, h0, c0, *weights)[0], torch.stack(cells)


def with_layout(layout, x, h0, c0, weight, bias):
    return lstm(x, h0, c0, *layout(h0, weight, bias))


of_layout(exercise, with_layout)
