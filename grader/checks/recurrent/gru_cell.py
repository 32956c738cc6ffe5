"""A GRU mixes its old state with new content; one gate resets, the other says how much to mix."""

import functools
import itertools

from grader.checks._shared import renamed
from grader.checks.recurrent._cases import CELL_FEATURES, STATE, rnn_calls, zeros
from grader.checks.recurrent._lstm import rows
from grader.vocabulary import Exercise, either

exercise = Exercise(
    points=2,
    decks=("001",),
    levels={
        "from a zero state": rnn_calls(gates=3, state=zeros),
        "from any state": either(rnn_calls(gates=3), rnn_calls(gates=3, saturated=True)),
    },
    features=renamed(CELL_FEATURES | STATE, bias="b_ih"),
    hints=(
        "Compute x @ w_ih.T + b_ih and h @ w_hh.T + b_hh, and cut each into three blocks of H "
        "columns. Do not add the two yet.",
        "For r and z the two blocks are added and go through a sigmoid. In n the reset gate "
        "multiplies the whole block that comes from h, its bias included.",
        "r = sigmoid(x_r + h_r), z = sigmoid(x_z + h_z), n = tanh(x_n + r * h_n), and the new "
        "state is (1 - z) * n + z * h. In the sigmoid, np.exp(-np.abs(a)) never overflows.",
    ),
)


@exercise.equivalent
def gru(x, h, w_ih, w_hh, b_ih, b_hh):
    import torch

    return torch.gru_cell(x, h, w_ih, w_hh, b_ih, b_hh)


def blocks(x, h, w_ih, w_hh, b_ih, b_hh):
    """Return x_r, x_z, x_n and h_r, h_z, h_n."""
    import torch.nn.functional as F

    return *F.linear(x, w_ih, b_ih).chunk(3, 1), *F.linear(h, w_hh, b_hh).chunk(3, 1)


def sigmoid(a):
    return a.sigmoid()


def new_content(x_n, r, h_n):
    return (x_n + r * h_n).tanh()


def mixture(n, h, z):
    return n.lerp(h, z)


def by_gates(arguments, squash=sigmoid, content=new_content, mix=mixture):
    """Return the new state, gate by gate, with one of its parts changed."""
    x_r, x_z, x_n, h_r, h_z, h_n = blocks(*arguments)
    n = content(x_n, squash(x_r + h_r), h_n)
    return mix(n, arguments[1], squash(x_z + h_z))


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


@exercise.mistake(
    "exp(a) / (1 + exp(a)) is inf / inf, nan, at a = 1000. Give exp only numbers <= 0: -abs(a)."
)
def sigmoid_overflows(*arguments):
    return by_gates(arguments, squash=lambda a: a.exp() / (1.0 + a.exp()))


@exercise.mistake("tanh written with exp(a) and exp(-a) is inf / inf, nan, at ±1000: use np.tanh.")
def tanh_overflows(*arguments):
    def content(x_n, r, h_n):
        a = x_n + r * h_n
        return (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())

    return by_gates(arguments, content=content)


@exercise.mistake("Only b_ih is added; b_hh is a bias of its own.")
def b_hh_missing(x, h, w_ih, w_hh, b_ih, b_hh):
    return gru(x, h, w_ih, w_hh, b_ih, b_hh * 0.0)


@exercise.mistake("Only b_hh is added; b_ih is a bias of its own.")
def b_ih_missing(x, h, w_ih, w_hh, b_ih, b_hh):
    return gru(x, h, w_ih, w_hh, b_ih * 0.0, b_hh)


@exercise.mistake("Both biases are missing.")
def no_bias(x, h, w_ih, w_hh, b_ih, b_hh):
    return gru(x, h, w_ih, w_hh, b_ih * 0.0, b_hh * 0.0)


@exercise.mistake(
    "Rows 0, 3, 6, … are taken for r. The gates come in blocks: r is rows 0 to H-1, then z, then n."
)
def interleaved_gates(x, h, *weights):
    return gru(x, h, *[w.unflatten(0, (-1, 3)).transpose(0, 1).flatten(0, 1) for w in weights])


def in_order(order, x, h, *weights):
    return gru(x, h, *[rows(weight, order, "rzn") for weight in weights])


for order in map("".join, itertools.permutations("rzn")):
    if order != "rzn":
        whose = " (the order of Keras)" if order == "zrn" else ""
        mistake = functools.partial(in_order, order)
        mistake.__name__ = f"gates_read_as_{order}"
        exercise.mistake(
            f"The row blocks are read as {', '.join(order)}{whose}. Those of the weights and "
            "biases are r, z, n."
        )(mistake)
