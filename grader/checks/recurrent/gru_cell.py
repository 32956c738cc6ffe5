"""A GRU mixes its old state with new content; one gate resets, the other says how much to mix."""

from grader.checks._shared import renamed
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, STATE, rnn_calls, zeros
from grader.checks.recurrent._gru import blocks, by_gates
from grader.checks.recurrent._mistakes import (
    SIGMOID_OVERFLOWS,
    TANH_OVERFLOWS,
    of_gate_orders,
    of_two_biases,
    overflowing_sigmoid,
    overflowing_tanh,
)
from grader.vocabulary import Exercise, either

exercise = Exercise(
    points=4,
    decks=("001", "002"),
    levels={
        "from a zero state": rnn_calls(gates=3, state=zeros),
        "from any state": either(rnn_calls(gates=3), rnn_calls(gates=3, saturated=True)),
    },
    features=renamed(CELL_FEATURES | STATE, bias="b_ih"),
    never=NEVER,
    hints=(
        "Which two products are cut into three blocks each, and for which of r, z, n may the "
        "blocks be added at once? What exactly does the reset gate multiply?",
        "Old state h = 0.25, update gate z = 0.5, new content n = 0.75:\n"
        "(1 - 0.5) * 0.75 + 0.5 * 0.25 = 0.5     the new state\n"
        "The new content, with x_n = 1, h_n = -2 and reset gate r = 0.25:\n"
        "tanh(1 + 0.25 * -2) = 0.4621\n"
        "With weights and biases 0, z is 0.5 and n is 0, so that of h = 0.25:\n"
        "gru_cell([[0]], [[0.25]], zeros(3, 1), zeros(3, 1), zeros(3), zeros(3)) = [[0.125]]",
        "x_r, x_z, x_n = np.split(..., 3, axis=1)\n"
        "h_r, h_z, h_n = np.split(..., 3, axis=1)\n"
        "r = ...                  # a sigmoid that never overflows\n"
        "z = ...\n"
        "n = np.tanh(x_n + ...)\n"
        "return (...) * n + ... * h",
    ),
)


@exercise.equivalent
def gru(x, h, w_ih, w_hh, b_ih, b_hh):
    import torch

    return torch.gru_cell(x, h, w_ih, w_hh, b_ih, b_hh)


@exercise.mistake("z and 1 - z are exchanged: z keeps the old state, (1 - z) * n + z * h.")
def z_exchanged(*arguments):
    return by_gates(arguments, mix=lambda n, h, z: h.lerp(n, z))


@exercise.mistake("The old state is not mixed in: (1 - z) * n + z * h has two terms.")
def old_state_lost(*arguments):
    return by_gates(arguments, mix=lambda n, _, z: (1 - z) * n)


@exercise.mistake(
    "The reset gate multiplies h before the matrix product. As in torch, it multiplies the "
    "product, bias included: r * (h @ w_hn.T + b_hn)."
)
def reset_before_product(x, h, *weights):
    def content(x_n, r, _):
        return (x_n + blocks(x, r * h, *weights)[-1]).tanh()

    return by_gates((x, h, *weights), content=content)


@exercise.mistake("b_hh stays outside the reset gate; n needs r * (h @ w_hn.T + b_hn).")
def reset_without_bias(*arguments):
    b_hn = arguments[-1].chunk(3)[-1]
    return by_gates(arguments, content=lambda x_n, r, h_n: (x_n + r * (h_n - b_hn) + b_hn).tanh())


@exercise.mistake("The reset gate is forgotten: n = tanh(x_n + r * h_n).")
def no_reset(*arguments):
    return by_gates(arguments, content=lambda x_n, _, h_n: (x_n + h_n).tanh())


@exercise.mistake("The reset gate multiplies the input's block too; n = tanh(x_n + r * h_n).")
def reset_of_input_too(*arguments):
    return by_gates(arguments, content=lambda x_n, r, h_n: (r * (x_n + h_n)).tanh())


@exercise.mistake("The new content ignores the state; n = tanh(x_n + r * h_n).")
def content_without_state(*arguments):
    return by_gates(arguments, content=lambda x_n, _r, _h_n: x_n.tanh())


@exercise.mistake("n goes through a sigmoid. It is new content, not a gate: tanh.")
def sigmoid_on_n(*arguments):
    return by_gates(arguments, content=lambda x_n, r, h_n: (x_n + r * h_n).sigmoid())


@exercise.mistake("n is used as it is; it goes through tanh.")
def n_without_tanh(*arguments):
    return by_gates(arguments, content=lambda x_n, r, h_n: x_n + r * h_n)


of_two_biases(exercise)


@exercise.mistake(SIGMOID_OVERFLOWS)
def sigmoid_overflows(*arguments):
    return by_gates(arguments, squash=overflowing_sigmoid)


@exercise.mistake(TANH_OVERFLOWS)
def tanh_overflows(*arguments):
    return by_gates(arguments, content=lambda x_n, r, h_n: overflowing_tanh(x_n + r * h_n))


@exercise.mistake(
    "Rows 0, 3, 6, … are taken for r. The gates come in blocks: r is rows 0 to H-1, then z, then n."
)
def interleaved_gates(x, h, *weights):
    return gru(x, h, *[w.unflatten(0, (-1, 3)).transpose(0, 1).flatten(0, 1) for w in weights])


of_gate_orders(
    exercise,
    "rzn",
    lambda reading, x, h, *weights: gru(x, h, *map(reading, weights)),
    whose={"zrn": " (the order of Keras)"},
    what="the weights and biases",
)
