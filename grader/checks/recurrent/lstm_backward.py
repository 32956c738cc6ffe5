"""Back through an LSTM's time: h and c both carry a gradient from each step to the one before."""

from grader.checks._shared import axis_in_front, of_arguments, of_result, products_of, renamed, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, TIME, lstm_calls
from grader.checks.recurrent._lstm import gates, lstm_by_gates, lstm_step
from grader.checks.recurrent._mistakes import (
    SIGMOID_OVERFLOWS,
    of_layout,
    overflowing_sigmoid,
    slip,
)
from grader.vocabulary import Exercise, between, either, gradients, real

exercise = Exercise(
    points=4,
    decks=("000", "001"),
    requires=("lstm_forward", "lstm_cell_backward"),
    levels={
        "one step": lstm_calls(steps=1, upstream=(real,)),
        "a gradient at the last step only": lstm_calls(steps=between(2, 5), upstream="last"),
        "a gradient at every step": either(
            lstm_calls(steps=between(2, 5), upstream=(real,)),
            lstm_calls(steps=between(2, 5), upstream=(real,), saturated=True),
        ),
    },
    features=renamed(CELL_FEATURES | TIME, h="h0"),
    never=NEVER,
    terms=products_of("grad_out", "x c0"),
    hints=(
        "Which two gradients does a step send to the one before it, and which of them is joined "
        "by a gradient of grad_out? Which states does each step need from the forward pass?",
        "Two steps, weights and states 0: all gates are 0.5, g and c stay 0, grad_out is 1.\n"
        "1 * 0.5 = 0.5                  of c at the last step; 0.5 * 0.5 = 0.25 is sent back\n"
        "1 * 0.5 + 0.25 = 0.75          of c at the first step\n"
        "0.75 * 0.5 = 0.375             of c0\n"
        "(0.5 + 0.75) * 0.5 = 0.625     of the bias of g: both steps add to it\n"
        "two = zeros(2, 1, 1)\n"
        "w = zeros(4, 2)\n"
        "b = zeros(4)\n"
        "lstm_backward([[[1]], [[1]]], two, [[0]], [[0]], w, b)[4] = [0, 0, 0, 0.625]",
        "states = ...                             # (h, c) before each step\n"
        "grad_h, grad_c = ..., ...                # the last step hears of nothing later\n"
        "for t in reversed(range(...)):\n"
        "    grad_x[t], grad_h, grad_c, dw, db = lstm_cell_backward(..., ..., x[t], ...)\n"
        "    grad_weight ... dw                   # all steps share it\n"
        "    grad_bias ... db\n"
        "return grad_x, ..., ..., grad_weight, grad_bias",
    ),
)


def through_time(step, grad_out, *inputs):
    """Return the gradients through a network of steps, `step(t, x_t, h, c, weight, bias)`."""
    import torch

    def forward(x, h, c, *weights):
        hidden = []
        for t, x_t in enumerate(x):
            h, c = step(t, x_t, h, c, *weights)
            hidden.append(h)
        return torch.stack(hidden)

    return gradients(forward, grad_out, *inputs)


def right_step(_t, *arguments):
    return lstm_step(*arguments)


@exercise.equivalent
def lstm_gradients(grad_out, x, h0, c0, weight, bias):
    return through_time(right_step, grad_out, x, h0, c0, weight, bias)


def add(name, message, step):
    """Add the mistake of another step."""
    exercise.add(name, message, lambda *arguments: through_time(step, *arguments))


def parted(h_at, c_at):
    """Return a step that lets h and c hand back what `h_at(t, h)` and `c_at(t, c)` let through."""
    return lambda t, x_t, h, c, *weights: lstm_step(x_t, h_at(t, h), c_at(t, c), *weights)


def open_way(_t, state):
    return state


def first_only(t, state):
    """Let the gradient through to the first state alone."""
    return state if t == 0 else state.detach()


add(
    "nothing_carried",
    "What the next step sends back is dropped: h_t gets grad_out[t] + grad_h, and c_t grad_c.",
    parted(first_only, first_only),
)
add(
    "grad_h_not_carried",
    "What the next step sends back to h is dropped: h_t gets grad_out[t] + grad_h.",
    parted(first_only, open_way),
)
add(
    "grad_c_not_carried",
    "What the next step sends back to c is dropped: c goes from step to step as h does.",
    parted(open_way, first_only),
)


def weights_at(used):
    """Return a step whose weights get a share at the steps that `used(t)` says."""

    def step(t, x_t, h, c, *weights):
        return lstm_step(x_t, h, c, *[w if used(t) else w.detach() for w in weights])

    return step


add(
    "overwritten_at_every_step",
    "weight and bias get the share of one step only: = where += is meant. All steps use the same "
    "ones, and their shares add.",
    weights_at(lambda t: t == 0),
)


@exercise.mistake(
    "weight and bias get the share of the last step only; all steps use the same ones, and their "
    "shares add."
)
def last_share_only(grad_out, *inputs):
    last = len(grad_out) - 1
    return through_time(weights_at(lambda t: t == last), grad_out, *inputs)


@exercise.mistake(
    "The hidden state that the step has made is taken for the one that it began with: step t needs "
    "the states before it, h0 and c0 at first."
)
def states_after_the_step(grad_out, x, h0, c0, weight, bias):
    def step(_t, x_t, h, c, weight, bias):
        after = [state.detach() for state in lstm_step(x_t, h, c, weight, bias)]
        old = (h + (after[0] - h).detach(), c + (after[1] - c).detach())
        h_next, c_next = lstm_step(x_t, *old, weight, bias)
        return h_next + (after[0] - h_next).detach(), c_next + (after[1] - c_next).detach()

    return through_time(step, grad_out, x, h0, c0, weight, bias)


@exercise.mistake(
    "The backward pass runs from the first step to the last. Go from the last to the first: "
    "reversed(range(T))."
)
def forward_loop(grad_out, x, h0, c0, weight, bias):
    import torch

    states = [(h0, c0)]
    for x_t in x:
        states.append(lstm_step(x_t, *states[-1], weight, bias))
    grad_h, grad_c = h0 * 0.0, c0 * 0.0
    grads_x, shares = [], []
    for t, x_t in enumerate(x):
        grad_x, grad_h, grad_c, *share = one_back(
            grad_out[t] + grad_h, grad_c, x_t, *states[t], weight, bias
        )
        grads_x.append(grad_x)
        shares.append(share)
    return (
        torch.stack(grads_x),
        grad_h,
        grad_c,
        *(sum(parts) for parts in zip(*shares, strict=True)),
    )


def one_back(grad_h, grad_c, *inputs):
    """Return the gradients through one step."""
    import torch

    return gradients(
        lambda *inputs: torch.cat(lstm_step(*inputs), 1), torch.cat([grad_h, grad_c], 1), *inputs
    )


@exercise.mistake(
    "The loop ends before the first step: grad_x[0] and its share of weight and bias are missing."
)
def first_step_left_out(grad_out, x, h0, c0, weight, bias):
    import torch

    if len(x) == 1:
        return x * 0.0, h0 * 0.0, c0 * 0.0, weight * 0.0, bias * 0.0
    state = lstm_step(x[0], h0, c0, weight, bias)
    grad_x, *others = lstm_gradients(grad_out[1:], x[1:], *state, weight, bias)
    return torch.cat([x[:1] * 0.0, grad_x]), *others


def with_slopes(**activations):
    """Return a step with other activations: i=..., f=..., o=..., g=..., show=..."""
    return lambda _t, *inputs: lstm_by_gates(*inputs, **activations)


def sloped(squash, slope):
    """Return an activation whose gradient is another one."""
    return lambda a: squash(a).detach() + slip(a) * slope(a).detach()


def flat(a):
    return a * 0.0 + 1.0


def sigmoid(a):
    return a.sigmoid()


def tanh(a):
    return a.tanh()


add(
    "sigmoid_overflows", SIGMOID_OVERFLOWS, with_slopes(**dict.fromkeys("ifo", overflowing_sigmoid))
)
for gate in "ifo":
    add(
        f"slope_of_{gate}_missing",
        f"The slope of the gate {gate} is missing: times {gate} * (1 - {gate}).",
        with_slopes(**{gate: sloped(sigmoid, flat)}),
    )
add(
    "slope_of_g_missing",
    "The slope of g is missing: times 1 - g**2.",
    with_slopes(g=sloped(tanh, flat)),
)
add(
    "sigmoid_slope_for_g",
    "g goes through tanh, whose slope is 1 - g**2; g * (1 - g) is a sigmoid's.",
    with_slopes(g=sloped(tanh, lambda a: a.tanh() * (1 - a.tanh()))),
)
add(
    "slope_of_tanh_c_missing",
    "The slope of tanh(c_t) is missing: 1 - tanh(c_t)**2.",
    with_slopes(show=sloped(tanh, flat)),
)
add(
    "slope_of_c_itself",
    "The slope of tanh(c_t) is 1 - c_t**2 here: the tanh is forgotten in it.",
    with_slopes(show=sloped(tanh, lambda c: 1 - c**2)),
)
add(
    "way_through_h_dropped",
    "c_t gets only what the next step sends back; it stands in h_t, too: add "
    "grad_h * o * (1 - tanh(c_t)**2).",
    with_slopes(show=lambda c: c.tanh().detach()),
)


@exercise.mistake("f is missing on the way from c_t to the c before it: c_t = f * c + i * g.")
def f_missing_between_steps(*arguments):
    def step(_t, x, h, c, weight, bias):
        i, f, o, g = gates(x, h, weight, bias)
        c_next = f * c.detach() + slip(c) + i * g
        return o * c_next.tanh(), c_next

    return through_time(step, *arguments)


@exercise.mistake("The forget gate's gradient is made with c_t; f multiplies the c before it.")
def forget_gate_with_new_c(*arguments):
    def step(_t, x, h, c, weight, bias):
        i, f, o, g = gates(x, h, weight, bias)
        c_next = (f * c + i * g).detach()
        new = f.detach() * c + slip(f) * c_next + i * g
        return o * new.tanh(), new

    return through_time(step, *arguments)


@exercise.mistake("Only grad_out[-1] is used; every state has a gradient of its own, grad_out[t].")
def last_gradient_only(grad_out, *inputs):
    grad_out[:-1] = 0.0
    return lstm_gradients(grad_out, *inputs)


@exercise.mistake(
    "grad_out is given to c, too; only h is returned at each step: grad_c begins at 0."
)
def grad_out_for_c(*arguments):
    import torch

    def forward(x, h, c, *weights):
        hidden = []
        for x_t in x:
            h, c = lstm_step(x_t, h, c, *weights)
            hidden.append(h + slip(c))
        return torch.stack(hidden)

    return gradients(forward, *arguments)


@exercise.mistake(
    "The cell state after the last step is given grad_out[-1], too; it has no gradient."
)
def last_gradient_for_c(grad_out, *inputs):
    last = len(grad_out) - 1

    def step(t, x_t, h, c, *weights):
        h, c = lstm_step(x_t, h, c, *weights)
        return (h + slip(c), c) if t == last else (h, c)

    return through_time(step, grad_out, *inputs)


of_arguments(
    exercise,
    first_state_ignored=(
        "The forward pass begins at zeros; it begins at h0 and c0.",
        {"h0": zero, "c0": zero},
    ),
    no_bias=("The forward pass lacks the bias.", {"bias": zero}),
)
of_result(
    exercise,
    first_gradients_zero=(
        "grad_h0 and grad_c0 are zero; the first step sends both back.",
        {1: zero, 2: zero},
    ),
    grad_h0_zero=("grad_h0 is zero; the first step sends it back.", {1: zero}),
    grad_c0_zero=("grad_c0 is zero; the first step sends it back.", {2: zero}),
    states_exchanged=(
        "grad_c0 is returned before grad_h0; the order is that of the arguments: x, h0, c0.",
        lambda grads: (grads[0], grads[2], grads[1], *grads[3:]),
    ),
    weight_transposed=(
        "grad_weight is transposed: like weight it is (4H, H + D).",
        {3: lambda grad: grad.T},
    ),
    bias_keeps_axis=(
        "grad_bias has an axis of length 1 too many: drop keepdims=True.",
        {4: axis_in_front},
    ),
    averaged_over_batch=(
        "grad_weight and grad_bias are averaged over the batch; they are sums over it.",
        dict.fromkeys((3, 4), lambda grad, x: grad / x.shape[1]),
    ),
    averaged_over_time=(
        "grad_weight and grad_bias are averaged over the steps; they are sums over them.",
        dict.fromkeys((3, 4), lambda grad, x: grad / len(x)),
    ),
    steps_backwards=(
        "grad_x comes last step first; grad_x[t] belongs to x[t].",
        {0: lambda grad: grad.flip(0)},
    ),
)


@exercise.mistake("The columns of d @ weight are cut as [x, h]; h comes first, as in [h, x].")
def cut_as_x_then_h(*arguments):
    import torch

    def step(_t, x, h, c, weight, bias):
        size = h.shape[1]
        # The right values, whose joined gradient is handed to x and h by the wrong places.
        joined = torch.cat([h, x], 1).detach() + slip(torch.cat([x, h], 1))
        return lstm_step(joined[:, size:], joined[:, :size], c, weight, bias)

    return through_time(step, *arguments)


def with_layout(layout, *arguments):
    def step(_t, x, h, c, weight, bias):
        return lstm_step(x, h, c, *layout(h, weight, bias))

    return through_time(step, *arguments)


of_layout(exercise, with_layout)
