"""An LSTM cell forgets, writes and shows: three gates decide what happens to its memory c."""

from grader.checks.recurrent._cases import CELL_FEATURES, STATE, lstm_calls, zeros
from grader.checks.recurrent._lstm import add_layouts, gates, lstm_by_gates, lstm_step
from grader.vocabulary import Exercise

exercise = Exercise(
    points=3,
    decks=("000", "003", "004"),
    levels={
        "from a zero state": lstm_calls(state=zeros),
        "from any state": lstm_calls(),
        "saturated gates": lstm_calls(saturated=True),
    },
    features=CELL_FEATURES | STATE,
    hints=(
        "One matrix product serves all four gates. Compute it, look at its shape, then cut.",
        "np.concatenate([h, x], axis=1) @ weight.T + bias has four blocks of H columns: i, f, o, "
        "g. np.split(..., 4, axis=1) cuts them. Three are gates and go through a sigmoid.",
        "i, f, o through the sigmoid, g through tanh. Then c_next = f * c + i * g and "
        "h_next = o * tanh(c_next). With np.exp(-np.abs(a)) in the sigmoid nothing overflows.",
    ),
)


exercise.equivalent(lstm_step)


@exercise.mistake("The bias is missing.")
def no_bias(x, h, c, weight, bias):
    return lstm_step(x, h, c, weight, bias * 0.0)


@exercise.mistake("The results are exchanged: h_next comes first, then c_next.")
def results_exchanged(x, h, c, weight, bias):
    return lstm_step(x, h, c, weight, bias)[::-1]


@exercise.mistake("The old memory c is lost: c_next = f * c + i * g has two terms.")
def old_c_lost(x, h, c, weight, bias):
    return lstm_step(x, h, c * 0.0, weight, bias)


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


@exercise.mistake("c_next is returned after its tanh. Only h_next sees the tanh, c_next does not.")
def c_next_squashed(x, h, c, weight, bias):
    h_next, c_next = lstm_step(x, h, c, weight, bias)
    return h_next, c_next.tanh()


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


@exercise.mistake(
    "exp(a) / (1 + exp(a)) is inf / inf, nan, at a = 1000. Give exp only numbers <= 0: -abs(a)."
)
def sigmoid_overflows(x, h, c, weight, bias):
    naive = dict.fromkeys("ifo", lambda a: a.exp() / (1.0 + a.exp()))
    return lstm_by_gates(x, h, c, weight, bias, **naive)


@exercise.mistake("tanh written with exp(a) and exp(-a) is inf / inf, nan, at ±1000: use np.tanh.")
def tanh_overflows(x, h, c, weight, bias):
    def naive(a):
        return (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())

    return lstm_by_gates(x, h, c, weight, bias, g=naive)


def with_layout(layout, x, h, c, weight, bias):
    return lstm_step(x, h, c, *layout(h, weight, bias))


add_layouts(exercise, with_layout)
