"""An LSTM cell forgets, writes and shows: three gates decide what happens to its memory c."""

from grader.checks._shared import backwards, of_arguments, of_result, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, STATE, lstm_calls, zeros
from grader.checks.recurrent._lstm import gates, lstm_by_gates, lstm_step
from grader.checks.recurrent._mistakes import (
    SIGMOID_OVERFLOWS,
    TANH_OVERFLOWS,
    of_layout,
    overflowing_sigmoid,
    overflowing_tanh,
)
from grader.vocabulary import Exercise

exercise = Exercise(
    points=4,
    decks=("000", "003", "004"),
    levels={
        "from a zero state": lstm_calls(state=zeros),
        "from any state": lstm_calls(),
        "saturated gates": lstm_calls(saturated=True),
    },
    features=CELL_FEATURES | STATE,
    never=NEVER,
    hints=(
        "One matrix product serves all four blocks: of which array, and how are h and x joined "
        "in it? Which blocks are gates, between 0 and 1, and which one is not?",
        "Gates i = 0.5, f = 0.9, o = 0.8, candidate g = 0.4, old cell c = 3:\n"
        "0.9 * 3 + 0.5 * 0.4 = 2.9      the new cell\n"
        "0.8 * tanh(2.9) = 0.7952       the new state\n"
        "With weights, biases and states 0, gates are 0.5 and g is 0, so that of c = 3:\n"
        "lstm_cell([[0]], [[0]], [[3]], zeros(4, 2), zeros(4))[1] = [[1.5]]",
        "joined = np.concatenate([...], axis=1)           # the state first\n"
        "i, f, o, g = np.split(joined @ ... + ..., 4, axis=1)\n"
        "squash three of them with ..., one with tanh     # a sigmoid that never overflows\n"
        "c_next = ... * c + ... * ...\n"
        "h_next = ... * np.tanh(...)\n"
        "return h_next, c_next",
    ),
)


exercise.equivalent(lstm_step)


of_arguments(
    exercise,
    no_bias=("The bias is missing.", {"bias": zero}),
    old_c_lost=("The old memory c is lost: c_next = f * c + i * g has two terms.", {"c": zero}),
)
of_result(
    exercise,
    results_exchanged=("The results are exchanged: h_next comes first, then c_next.", backwards),
    c_next_squashed=(
        "c_next is returned after its tanh. Only h_next sees the tanh, c_next does not.",
        {1: lambda c_next: c_next.tanh()},
    ),
)


@exercise.mistake(SIGMOID_OVERFLOWS)
def sigmoid_overflows(*arguments):
    return lstm_by_gates(*arguments, **dict.fromkeys("ifo", overflowing_sigmoid))


@exercise.mistake(TANH_OVERFLOWS)
def tanh_overflows(*arguments):
    return lstm_by_gates(*arguments, g=overflowing_tanh)


@exercise.mistake(
    "1 is added to the forget gate's bias. That is a way to begin training, not here."
)
def forget_bias_one(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, f=lambda a: (a + 1.0).sigmoid())


@exercise.mistake("g goes through a sigmoid. It is what is written, not a gate: tanh.")
def sigmoid_on_g(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, g=lambda a: a.sigmoid())


@exercise.mistake("g is used as it is; it goes through tanh.")
def g_without_tanh(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, g=lambda a: a)


@exercise.mistake("The gates i, f and o go through tanh. A gate lies between 0 and 1: sigmoid.")
def tanh_on_gates(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, **dict.fromkeys("ifo", lambda a: a.tanh()))


@exercise.mistake("h_next = o * c_next lacks the tanh: h_next = o * tanh(c_next).")
def h_without_tanh(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, show=lambda c_next: c_next)


@exercise.mistake("h_next is made from the old c; it shows the new one: o * tanh(c_next).")
def tanh_of_old_c(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, show=lambda _: c.tanh())


@exercise.mistake("The input gate is forgotten: what is written is i * g, not g.")
def no_input_gate(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, i=lambda a: a * 0.0 + 1.0)


@exercise.mistake("The forget gate is forgotten: what is kept is f * c, not c.")
def no_forget_gate(x, h, c, weight, bias):
    return lstm_by_gates(x, h, c, weight, bias, f=lambda a: a * 0.0 + 1.0)


@exercise.mistake(
    "f is taken as 1 - i. An LSTM's forget gate has rows of its own: the second block."
)
def forget_is_one_minus_input(x, h, c, weight, bias):
    i = gates(x, h, weight, bias)[0]
    return lstm_by_gates(x, h, c, weight, bias, f=lambda _: 1.0 - i)


def with_layout(layout, x, h, c, weight, bias):
    return lstm_step(x, h, c, *layout(h, weight, bias))


of_layout(exercise, with_layout)
