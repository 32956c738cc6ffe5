"""Back through one GRU step: the old state reaches the new one by four ways."""

from grader.checks._shared import axis_in_front, of_arguments, of_result, products_of, renamed, zero
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, STATE, rnn_calls, zeros
from grader.checks.recurrent._gru import blocks, by_gates, mixture, new_content
from grader.checks.recurrent._mistakes import (
    SIGMOID_OVERFLOWS,
    of_gate_orders,
    overflowing_sigmoid,
    slip,
)
from grader.vocabulary import Exercise, either, gradients

exercise = Exercise(
    points=5,
    decks=("001",),
    requires=("gru_cell",),
    levels={
        "from a zero state": rnn_calls(gates=3, state=zeros, upstream="all"),
        "from any state": rnn_calls(gates=3, upstream="all"),
        "saturated gates": either(
            rnn_calls(gates=3, saturated=True, upstream="all"),
            rnn_calls(gates=3, upstream="all"),
        ),
    },
    features=renamed(CELL_FEATURES | STATE, bias="b_ih"),
    never=NEVER,
    terms=products_of("grad_h_next", "x"),
    hints=(
        "Which of z, n and h does h_next contain directly, and which way does r take? Into which "
        "products does h go, apart from z * h?",
        "With weights and biases 0, r and z are 0.5, n is 0; h is 4 and grad_h_next is 1:\n"
        "1 * 0.5 = 0.5                           of h, through z * h; w_hh is 0, so no more\n"
        "1 * (4 - 0) * 0.5 * (1 - 0.5) = 1       before the sigmoid of z\n"
        "1 * (1 - 0.5) * (1 - 0 ** 2) = 0.5      before the tanh of n: of b_ih's last block\n"
        "0.5 * 0.5 = 0.25                        of b_hh's last block, which meets r first\n"
        "w = zeros(3, 1)\n"
        "b = zeros(3)\n"
        "gru_cell_backward([[1]], [[0]], [[4]], w, w, b, b)[5] = [0, 1, 0.25]",
        "r, z, n, h_n = ...                    # the forward pass once more\n"
        "dn = ... * (the slope of tanh)\n"
        "dz = grad_h_next * (...) * (its slope)\n"
        "dr = ... * (its slope)                # r stands in n alone\n"
        "dx = dr, dz, dn side by side          # (N, 3H), of what comes from x\n"
        "dh = dr, dz, ... side by side         # of what comes from h\n"
        "return dx @ ..., ... + dh @ ..., dx.T @ ..., dh.T @ ..., dx.sum(...), dh.sum(...)",
    ),
)


@exercise.equivalent
def gru_gradients(grad_h_next, x, h, w_ih, w_hh, b_ih, b_hh):
    import torch

    return gradients(torch.gru_cell, grad_h_next, x, h, w_ih, w_hh, b_ih, b_hh)


def through(grad_h_next, *inputs, **parts):
    """Return the gradients of a cell with other parts."""
    return gradients(lambda *given: by_gates(given, **parts), grad_h_next, *inputs)


def add(name, message, **parts):
    """Add the mistake of another part in forward and backward pass."""
    exercise.add(name, message, lambda *arguments: through(*arguments, **parts))


def with_slope(squash, slope):
    """Return an activation whose gradient is another one."""
    return lambda a: squash(a).detach() + slip(a) * slope(a).detach()


def tanh_with(slope):
    """Return the new content whose tanh has another slope."""
    tanh = with_slope(lambda a: a.tanh(), slope)
    return lambda x_n, r, h_n: tanh(x_n + r * h_n)


def sigmoid_slope(a):
    return a.sigmoid() * (1 - a.sigmoid())


add(
    "slope_of_n_missing",
    "The slope of n is missing: times 1 - n**2.",
    content=tanh_with(lambda a: a * 0.0 + 1.0),
)
add(
    "sigmoid_slope_for_n",
    "n goes through tanh, whose slope is 1 - n**2; n * (1 - n) is a sigmoid's.",
    content=tanh_with(lambda a: a.tanh() * (1 - a.tanh())),
)
add(
    "tanh_twice",
    "tanh is taken twice in the slope: n is squashed already, and 1 - n**2 is it.",
    content=tanh_with(lambda a: 1 - a.tanh().tanh() ** 2),
)
add(
    "slopes_of_r_and_z_missing",
    "The slopes of both gates are missing: times r * (1 - r), and z * (1 - z).",
    squash=with_slope(lambda a: a.sigmoid(), lambda a: a * 0.0 + 1.0),
)
add(
    "sigmoid_twice",
    "The sigmoid is applied twice in the slopes. z is squashed already: its slope is z * (1 - z).",
    squash=with_slope(lambda a: a.sigmoid(), lambda a: sigmoid_slope(a.sigmoid())),
)
add(
    "tanh_slope_for_gates",
    "The slope of a gate is r * (1 - r); 1 - r**2 is that of a tanh.",
    squash=with_slope(lambda a: a.sigmoid(), lambda a: 1 - a.sigmoid() ** 2),
)
add("sigmoid_overflows", SIGMOID_OVERFLOWS, squash=overflowing_sigmoid)


@exercise.mistake("The slope of the reset gate is missing: times r * (1 - r).")
def slope_of_r_missing(*arguments):
    return through(*arguments, content=lambda x_n, r, h_n: new_content(x_n, unsloped(r), h_n))


@exercise.mistake("The slope of the update gate is missing: times z * (1 - z).")
def slope_of_z_missing(*arguments):
    return through(*arguments, mix=lambda n, h, z: mixture(n, h, unsloped(z)))


def unsloped(gate):
    """Return a gate whose gradient passes its sigmoid unchanged."""
    slope = (gate * (1 - gate)).detach()
    return gate.detach() + slip(gate) / slope.clamp(min=1e-300)


add(
    "kept_share_forgotten",
    "The way z * h is missing in grad_h: add grad_h_next * z.",
    mix=lambda n, h, z: mixture(n, h.detach(), z),
)


@exercise.mistake(
    "grad_h is grad_h_next * z alone; h goes into r, z and n, too: add what comes through w_hh."
)
def kept_share_only(*arguments):
    grad_x, _, *others = gru_gradients(*arguments)
    h, z = arguments[2], update_gate(*arguments[1:])
    return grad_x, arguments[0] * z + h * 0.0, *others


def update_gate(*inputs):
    """Return z."""
    _, x_z, _, _, h_z, _ = blocks(*inputs)
    return (x_z + h_z).sigmoid()


add(
    "share_of_n_missing",
    "The gradient of n lacks its share: h_next has (1 - z) * n.",
    mix=lambda n, h, z: mixture(n, h, z).detach() + slip(mixture(n.detach(), h, z)) + slip(n),
)
add(
    "z_for_share_of_n",
    "n gets the share z; h_next has (1 - z) * n.",
    mix=lambda n, h, z: mixture(n.detach(), h, z) + slip(n) * z.detach(),
)
add(
    "z_exchanged",
    "z and 1 - z are exchanged: z keeps the old state, (1 - z) * n + z * h.",
    mix=lambda n, h, z: h.lerp(n, z),
)
add(
    "sign_of_z",
    "The sign of the gradient of z is turned: h_next has z * (h - n) in it.",
    mix=lambda n, h, z: mixture(n, h, z.detach()) - slip(z) * (h - n).detach(),
)
add(
    "z_without_n",
    "z gets grad_h_next * h; it stands in front of n, too: h - n.",
    mix=lambda n, h, z: mixture(n, h, z.detach()) + slip(z) * h.detach(),
)
add(
    "z_without_h",
    "z gets -grad_h_next * n; it stands in front of h, too: h - n.",
    mix=lambda n, h, z: mixture(n, h, z.detach()) - slip(z) * n.detach(),
)
add(
    "r_without_h_n",
    "The gradient of r lacks the factor that r multiplies: h @ w_hn.T + b_hn.",
    content=lambda x_n, r, h_n: (x_n + r.detach() * h_n + slip(r)).tanh(),
)
add(
    "reset_gate_dropped",
    "r gets no gradient; it stands in n: da_n times h @ w_hn.T + b_hn.",
    content=lambda x_n, r, h_n: new_content(x_n, r.detach(), h_n),
)
add(
    "r_missing_on_the_way_to_h",
    "What comes from h meets the reset gate in n: its last block is da_n * r, not da_n.",
    content=lambda x_n, r, h_n: (x_n + r * h_n.detach() + slip(h_n)).tanh(),
)
add(
    "r_on_the_way_to_x",
    "What comes from x does not meet the reset gate: its last block is da_n, without r.",
    content=lambda x_n, r, h_n: (x_n.detach() + slip(x_n) * r.detach() + r * h_n).tanh(),
)
add(
    "no_reset",
    "The reset gate is forgotten in the forward pass: n = tanh(x_n + r * h_n).",
    content=lambda x_n, _, h_n: (x_n + h_n).tanh(),
)


@exercise.mistake("r gets the factor h; it multiplies h @ w_hn.T + b_hn.")
def r_with_h(grad_h_next, x, h, *weights):
    def step(x, h, *weights):
        def content(x_n, r, h_n):
            return (x_n + r.detach() * h_n + slip(r) * h.detach()).tanh()

        return by_gates((x, h, *weights), content=content)

    return gradients(step, grad_h_next, x, h, *weights)


@exercise.mistake(
    "The reset gate multiplies h before the matrix product. As in torch, it multiplies the "
    "product, bias included: r * (h @ w_hn.T + b_hn)."
)
def reset_before_product(grad_h_next, *inputs):
    def step(x, h, *weights):
        def content(x_n, r, _):
            return (x_n + blocks(x, r * h, *weights)[-1]).tanh()

        return by_gates((x, h, *weights), content=content)

    return gradients(step, grad_h_next, *inputs)


@exercise.mistake("b_hh stays outside the reset gate; n needs r * (h @ w_hn.T + b_hn).")
def reset_without_bias(grad_h_next, *inputs):
    def step(*inputs):
        b_hn = inputs[-1].chunk(3)[-1]

        def content(x_n, r, h_n):
            return (x_n + r * (h_n - b_hn) + b_hn).tanh()

        return by_gates(inputs, content=content)

    return gradients(step, grad_h_next, *inputs)


of_arguments(
    exercise,
    b_hh_missing=("The forward pass lacks b_hh, a bias of its own.", {"b_hh": zero}),
    b_ih_missing=("The forward pass lacks b_ih, a bias of its own.", {"b_ih": zero}),
    w_hh_blocks_transposed=(
        "The blocks of w_hh are transposed: its rows belong to the gates, h @ w_hh.T.",
        {"w_hh": lambda w_hh: w_hh.unflatten(0, (3, -1)).transpose(1, 2).flatten(0, 1)},
    ),
)
of_result(
    exercise,
    x_and_h_exchanged=(
        "grad_h is returned before grad_x; the order is that of the arguments: x, h, w_ih, …",
        lambda grads: (grads[1], grads[0], *grads[2:]),
    ),
    b_hh_like_b_ih=(
        "Both biases have the same gradient; in the last block that of b_hh meets r first.",
        {
            5: lambda _, grad_h_next, x, h, w_ih, w_hh, b_ih, b_hh: bias_of_x(
                grad_h_next, x, h, w_ih, w_hh, b_ih, b_hh
            )
        },
    ),
    b_hh_zero=("grad_b_hh is zero; b_hh is added as b_ih is.", {5: zero}),
    h_zero=("grad_h is zero; four ways lead from h to h_next.", {1: zero}),
    weights_transposed=(
        "The gradients of the weights are transposed: like the weights they are (3H, D), (3H, H).",
        {2: lambda grad: grad.T, 3: lambda grad: grad.T},
    ),
    biases_keep_axis=(
        "The gradients of the biases have an axis of length 1 too many: drop keepdims=True.",
        {4: axis_in_front, 5: axis_in_front},
    ),
    averaged_over_batch=(
        "The gradients of weights and biases are averaged over the batch; they are sums.",
        dict.fromkeys((2, 3, 4, 5), lambda grad, x: grad / len(x)),
    ),
)


def bias_of_x(*arguments):
    """Return the gradient of b_ih."""
    return gru_gradients(*arguments)[4]


@exercise.mistake(
    "grad_w_hh is made with h_next; what w_hh was multiplied with is h, the state before."
)
def w_hh_with_next_state(grad_h_next, x, h, *weights):
    import torch

    def step(x, h, w_ih, w_hh, b_ih, b_hh):
        after = torch.gru_cell(x, h, w_ih, w_hh, b_ih, b_hh).detach()
        apart = slip(w_hh)

        def content(x_n, r, h_n):
            return new_content(x_n, r, h_n)

        x_r, x_z, x_n = blocks(x, h, w_ih, w_hh, b_ih, b_hh)[:3]
        more = (after @ apart.T).chunk(3, 1)
        h_r, h_z, h_n = (
            part + extra
            for part, extra in zip(
                blocks(x, h, w_ih, w_hh.detach(), b_ih, b_hh)[3:], more, strict=True
            )
        )
        n = content(x_n, (x_r + h_r).sigmoid(), h_n)
        return mixture(n, h, (x_z + h_z).sigmoid())

    return gradients(step, grad_h_next, x, h, *weights)


def with_reading(reading, grad_h_next, x, h, *weights):
    import torch

    def step(x, h, *weights):
        return torch.gru_cell(x, h, *map(reading, weights))

    return gradients(step, grad_h_next, x, h, *weights)


of_gate_orders(
    exercise,
    "rzn",
    with_reading,
    whose={"zrn": " (the order of Keras)"},
    what="the weights and biases",
)
