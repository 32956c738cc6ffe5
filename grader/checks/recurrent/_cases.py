"""The families of cases that the recurrent checks share."""

from grader.vocabulary import array, between, mixed, real, strategy, tied, undrawn, uniform

small = uniform(-1.0, 1.0)
zeros = uniform(0.0, 0.0)
cells = mixed(real, uniform(-16.0, 16.0))


def sizes(draw):
    """Draw N, D and H."""
    return draw(between(1, 3)), draw(between(1, 4)), draw(between(1, 4))


def biases(draw, length, saturated):
    """Draw biases; `saturated` ones send pre-activations to ±1000."""
    bias = draw(array(length, of=small))
    return bias + 1000.0 * draw(array(length, of=tied)) if saturated else bias


@strategy
def rnn_calls(draw, gates=1, steps=None, state=small, saturated=False, upstream=None):
    """Draw x, the state, w_ih, w_hh, b_ih and b_hh; with `upstream` grad_out comes first.

    `steps` is the length of the sequence; None stands for a single step, without that axis.
    """
    time = () if steps is None else (draw(steps),)
    n, d, hidden = sizes(draw)
    grad_out = () if upstream is None else (draw(array(*time, n, hidden)),)
    if upstream == "last":
        grad_out[0][:-1] = 0.0
    x, h = draw(array(*time, n, d)), draw(array(n, hidden, of=state))
    w_ih = draw(array(gates * hidden, d, of=small))
    w_hh = draw(array(gates * hidden, hidden, of=small))
    b_ih = biases(draw, gates * hidden, saturated)
    return *grad_out, x, h, w_ih, w_hh, b_ih, draw(array(gates * hidden, of=small))


@strategy
def lstm_calls(draw, steps=None, state=small, saturated=False, upstream=()):
    """Draw x, h, c, weight and bias; `upstream` holds the kinds of gradients that come first.

    Of a sequence that is one gradient for all hidden states; "last" in its place leaves all but the
    last of them 0.
    """
    time = () if steps is None else (draw(steps),)
    n, d, hidden = sizes(draw)
    last = upstream == "last"
    grads = [draw(array(*time, n, hidden, of=kind)) for kind in ((real,) if last else upstream)]
    if last:
        grads[0][:-1] = 0.0
    x, h = draw(array(*time, n, d)), draw(array(n, hidden, of=state))
    c = draw(array(n, hidden, of=zeros if state is zeros else cells))
    weight = draw(array(4 * hidden, hidden + d, of=small))
    return *grads, x, h, c, weight, biases(draw, 4 * hidden, saturated)


NEVER = [
    undrawn(
        "huge below",
        "Far numbers saturate a gate already, and biases send pre-activations to ±1000.",
    ),
    undrawn(
        "zero tiny far ties near",
        "They are multiplied and added alone, and small ones leave the gates open, so that every "
        "part of the result shows.",
        of="h h0 c c0 w_ih w_hh b_ih b_hh weight bias",
    ),
]
"""Which numbers no case holds, and why."""

CELL_FEATURES = {
    "several samples": lambda x: x.shape[-2] > 1,
    "several hidden units": lambda h: h.shape[1] > 1,
    "D and H different": lambda x, h: x.shape[-1] != h.shape[1],
    "N, D and H all different": lambda x, h: len({*x.shape[-2:], h.shape[1]}) == 3,
    "pre-activations of ±500 or more": lambda bias: abs(bias).max() > 100.0,
}
STATE = {"a first state that is not zero": lambda h: h.any()}
TIME = {
    "several steps": lambda x: len(x) > 1,
    "three steps or more": lambda x: len(x) > 2,
}
