"""Layers of plain recurrent networks in torch's words, for checks of several of them."""

from grader.checks._shared import of_arguments, zero
from grader.checks.recurrent._cases import biases, small
from grader.vocabulary import array


def rnn_layers(x, h0, weights, *, layers=1, both_ways=False):
    """Return the states of the highest layer; `weights` are those of all layers in a row."""
    import torch

    hidden, _ = torch.rnn_tanh(
        x,
        h0,
        weights,
        has_biases=True,
        num_layers=layers,
        dropout=0.0,
        train=False,
        bidirectional=both_ways,
        batch_first=False,
    )
    return hidden


def rnn_layer(x, h0, *params):
    """Return the states of one layer after each step."""
    return rnn_layers(x, h0[None], params)


def without_memory(x, h0, *params):
    """Let every step begin at h0 again."""
    import torch

    return torch.cat([rnn_layer(x_t[None], h0, *params) for x_t in x])


def without_tanh(x, h, w_ih, w_hh, b_ih, b_hh):
    """Return states that are sums alone."""
    import torch
    import torch.nn.functional as F

    from_x = F.linear(x, w_ih, b_ih)
    return torch.stack([h := a + F.linear(h, w_hh, b_hh) for a in from_x])


def draw_params(draw, d, hidden, saturated=False):
    """Draw w_ih, w_hh, b_ih and b_hh of a layer; `saturated` sends pre-activations to ±1000."""
    w_ih, w_hh = draw(array(hidden, d, of=small)), draw(array(hidden, hidden, of=small))
    return w_ih, w_hh, biases(draw, hidden, saturated), draw(array(hidden, of=small))


def of_params(exercise, changed):
    """Add what goes wrong with the weights of every layer.

    `changed(change)` gives the changes of arguments that let `change` have each layer's w_ih, w_hh,
    b_ih and b_hh.
    """
    of_arguments(
        exercise,
        w_hh_transposed=(
            "w_hh is transposed: its rows belong to the new state, h @ w_hh.T.",
            changed(lambda w_ih, w_hh, *biases: (w_ih, w_hh.T, *biases)),
        ),
        b_hh_missing=(
            "Only b_ih is added; b_hh is a bias of its own.",
            changed(lambda w_ih, w_hh, b_ih, b_hh: (w_ih, w_hh, b_ih, zero(b_hh))),
        ),
        b_ih_missing=(
            "Only b_hh is added; b_ih is a bias of its own.",
            changed(lambda w_ih, w_hh, b_ih, b_hh: (w_ih, w_hh, zero(b_ih), b_hh)),
        ),
        no_bias=(
            "Both biases are missing.",
            changed(lambda w_ih, w_hh, b_ih, b_hh: (w_ih, w_hh, zero(b_ih), zero(b_hh))),
        ),
    )
