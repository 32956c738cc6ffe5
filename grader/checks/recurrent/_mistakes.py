"""Families of mistakes that the recurrent networks have in common: biases, gates, steps in time."""

import itertools

from grader.checks._shared import backwards, of_arguments, rows, zero
from grader.checks.recurrent._lstm import interleaved, x_first

WHOSE = {
    "ifgo": " (the order of torch and Keras)",
    "iofg": " (the order of ONNX)",
    "igfo": " (the order of old TensorFlow)",
    "fiog": " (i and f are exchanged)",
}


def of_two_biases(exercise):
    """Add what goes wrong with two biases, one beside each weight."""
    of_arguments(
        exercise,
        b_hh_missing=("Only b_ih is added; b_hh is a bias of its own.", {"b_hh": zero}),
        b_ih_missing=("Only b_hh is added; b_ih is a bias of its own.", {"b_ih": zero}),
        no_bias=("Both biases are missing.", {"b_ih": zero, "b_hh": zero}),
    )


def of_state_weight(exercise):
    """Add the transposed weight of the state, which is square and so fits all the same."""
    of_arguments(
        exercise,
        w_hh_transposed=(
            "w_hh is transposed: its rows belong to the new state, h @ w_hh.T.",
            {"w_hh": lambda w_hh: w_hh.T},
        ),
    )


def of_input_order(exercise):
    """Add what goes wrong with the order in which the steps read x."""
    of_arguments(
        exercise,
        read_backwards=("The sequence is read from its end; begin with x[0].", {"x": backwards}),
        first_input_at_every_step=(
            "Every step reads x[0]; step t reads x[t].",
            {"x": lambda x: x[:1].expand_as(x)},
        ),
    )


SAME_ARRAY = (
    "All T states are the last one: the same array is kept T times and changed in place. Make a "
    "new h at every step, or keep h.copy()."
)


def everywhere(hidden):
    """Return the last state at every step."""
    return hidden[-1:].expand_as(hidden)


SIGMOID_OVERFLOWS = (
    "exp(a) / (1 + exp(a)) is inf / inf, nan, at a = 1000. Give exp only numbers <= 0: -abs(a)."
)
TANH_OVERFLOWS = "tanh written with exp(a) and exp(-a) is inf / inf, nan, at ±1000: use np.tanh."


def overflowing_sigmoid(a):
    """Return inf / inf where a is large."""
    return a.exp() / (1.0 + a.exp())


def overflowing_tanh(a):
    """Return inf / inf where a is far from 0."""
    return (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())


def slip(value):
    """Return zeros that have the gradient of `value`."""
    return value - value.detach()


def of_gate_orders(exercise, order, answer, *, whose, what):
    """Add every wrong order in which the row blocks of the gates can be read.

    `answer(reading, *arguments)` lets `reading` put the rows of each weight in another order;
    `whose` says who has an order, `what` has the blocks.
    """
    for read in map("".join, itertools.permutations(order)):
        if read == order:
            continue

        def mistaken(*arguments, read=read):
            return answer(lambda weight: rows(weight, read, order), *arguments)

        exercise.add(
            f"gates_read_as_{read}",
            f"The row blocks are read as {', '.join(read)}{whose.get(read, '')}. Those of {what} "
            f"are {', '.join(order)}.",
            mistaken,
        )


def of_layout(exercise, answer):
    """Add every wrong layout of the rows and columns of weight.

    `answer(layout, *arguments)` lets `layout` change the weight and the bias that the forward
    pass sees: `layout(h, weight, bias)`.
    """

    def add(name, message, layout):
        exercise.add(name, message, lambda *arguments: answer(layout, *arguments))

    add(
        "x_before_h",
        "The columns are read as [x, h]. weight acts on [h, x]: its first H columns belong to h.",
        lambda h, weight, bias: (x_first(h, weight), bias),
    )
    add(
        "interleaved_gates",
        "Rows 0, 4, 8, … are taken for i. The gates come in blocks: i is rows 0 to H-1, f the "
        "next H rows, then o, then g.",
        lambda _h, weight, bias: (interleaved(weight), interleaved(bias)),
    )
    of_gate_orders(
        exercise,
        "ifog",
        lambda reading, *arguments: answer(lambda _h, *weights: map(reading, weights), *arguments),
        whose=WHOSE,
        what="weight and bias",
    )
