"""One step of a recurrent network: the new state is made of the input and the old state."""

from grader.checks._shared import renamed
from grader.checks.recurrent._cases import CELL_FEATURES, STATE, rnn_calls, zeros
from grader.vocabulary import Exercise, either

exercise = Exercise(
    points=1,
    decks=("000", "001", "002", "003"),
    levels={
        "from a zero state": rnn_calls(state=zeros),
        "from any state": either(rnn_calls(), rnn_calls(saturated=True)),
    },
    features=renamed(CELL_FEATURES | STATE, bias="b_ih"),
    hints=(
        "Two linear layers are added, one of x and one of h; tanh comes last.",
        "The weights are (out, in), as in a linear layer: x @ w_ih.T has shape (N, H). "
        "Each of the two layers has its own bias.",
        "np.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).",
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


@exercise.mistake("w_hh is transposed: its rows belong to the new state, h @ w_hh.T.")
def w_hh_transposed(x, h, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h, w_ih, w_hh.T, b_ih, b_hh)


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


@exercise.mistake("Only b_ih is added; b_hh is a bias of its own.")
def b_hh_missing(x, h, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h, w_ih, w_hh, b_ih, b_hh * 0.0)


@exercise.mistake("Only b_hh is added; b_ih is a bias of its own.")
def b_ih_missing(x, h, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h, w_ih, w_hh, b_ih * 0.0, b_hh)


@exercise.mistake("Both biases are missing.")
def no_bias(x, h, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h, w_ih, w_hh, b_ih * 0.0, b_hh * 0.0)


@exercise.mistake("The old state h is not used: h @ w_hh.T is missing.")
def state_ignored(x, h, w_ih, w_hh, b_ih, b_hh):
    return rnn(x, h * 0.0, w_ih, w_hh, b_ih, b_hh)


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


@exercise.mistake("tanh written with exp(a) and exp(-a) is inf / inf, nan, at ±1000: use np.tanh.")
def tanh_overflows(*arguments):
    a = sum(pre_activations(*arguments))
    return (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())
