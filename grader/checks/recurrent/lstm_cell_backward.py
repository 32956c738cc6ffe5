"""Back through one LSTM step: the memory c reaches the loss along two ways, and both count."""

from grader.checks._shared import products_of, rows
from grader.checks.recurrent._cases import CELL_FEATURES, NEVER, lstm_calls, zeros
from grader.checks.recurrent._lstm import gates, lstm_by_gates, lstm_step
from grader.checks.recurrent._mistakes import of_layout, slip
from grader.vocabulary import Exercise, gradients, real

exercise = Exercise(
    points=6,
    decks=("000", "003", "004"),
    requires=("lstm_cell",),
    levels={
        "a gradient into h_next only": lstm_calls(upstream=(real, zeros)),
        "gradients into h_next and c_next": lstm_calls(upstream=(real, real)),
        "saturated gates": lstm_calls(upstream=(real, real), saturated=True),
    },
    features=CELL_FEATURES | {"a gradient into c_next": lambda grad_c_next: grad_c_next.any()},
    never=NEVER,
    terms=products_of("grad_h_next grad_c_next", "x c"),
    hints=(
        "Which two ways lead from c_next into the loss? Once its whole gradient is known: which "
        "of f, c, i, g get theirs from it, and which gate from grad_h_next alone?",
        "With weights and states 0 all gates are 0.5, g and tanh(c_next) are 0; grad_h_next is 1:\n"
        "0 + 1 * 0.5 * (1 - 0 ** 2) = 0.5    the whole gradient of c_next\n"
        "0.5 * 0.5 = 0.25                    of c, through f\n"
        "0.5 * 0.5 * (1 - 0 ** 2) = 0.25     before the tanh of g, through i\n"
        "0.5 * 0 * 0.5 * (1 - 0.5) = 0       before the sigmoid of i, through g\n"
        "zero = [[0]]\n"
        "w = zeros(4, 2)\n"
        "b = zeros(4)\n"
        "lstm_cell_backward([[1]], zero, zero, zero, zero, w, b)[4] = [0, 0, 0, 0.25]",
        "i, f, o, g, tanh_c = ...                       # the forward pass once more\n"
        "dc = grad_c_next + ...                         # both ways of c_next\n"
        "di, df, do, dg = ..., ..., ..., ...            # of the gates themselves\n"
        "d = each times its slope, joined in the order i, f, o, g    # (N, 4H)\n"
        "grad_joined = d @ ...                          # the columns of h, then of x\n"
        "return grad_x, grad_h, dc * ..., d.T @ ..., d.sum(...)",
    ),
)


def back_through(step, grad_h_next, grad_c_next, *inputs):
    """Return autograd's gradients through a step, right or wrong."""
    import torch

    both = torch.cat([grad_h_next, grad_c_next], 1)
    return gradients(lambda *inputs: torch.cat(step(*inputs), 1), both, *inputs)


@exercise.equivalent
def autograd(grad_h_next, grad_c_next, x, h, c, weight, bias):
    return back_through(lstm_step, grad_h_next, grad_c_next, x, h, c, weight, bias)


def with_slope(squash, slope):
    """Return an activation whose gradient is another one."""
    return lambda a: squash(a).detach() + slip(a) * slope(a).detach()


def with_slopes(arguments, **activations):
    """Return the gradients with other activations: i=..., f=..., o=..., g=..., show=..."""
    return back_through(lambda *inputs: lstm_by_gates(*inputs, **activations), *arguments)


def sigmoid_without_slope():
    import torch

    return with_slope(torch.sigmoid, torch.ones_like)


@exercise.mistake(
    "grad_c_next is dropped. c_next also goes on to the next step: "
    "dc = grad_c_next + what comes through h_next."
)
def incoming_grad_c_dropped(grad_h_next, grad_c_next, *inputs):
    return autograd(grad_h_next, grad_c_next * 0.0, *inputs)


@exercise.mistake(
    "grad_c_next is taken for the whole gradient of c_next; what comes through h_next, "
    "grad_h_next * o * (1 - tanh(c_next)**2), is missing."
)
def way_through_h_dropped(*arguments):
    return with_slopes(arguments, show=lambda c_next: c_next.tanh().detach())


@exercise.mistake(
    "The bracket is misplaced: 1 - tanh(c_next)**2 multiplies grad_h_next * o, and not grad_c_next."
)
def bracket_misplaced(*arguments):
    def step(*inputs):
        h_next, c_next = lstm_step(*inputs)
        return h_next, c_next.tanh()

    return back_through(step, *arguments)


@exercise.mistake("grad_c lacks the forget gate: c_next = f * c + i * g, so grad_c = dc * f.")
def f_missing_in_grad_c(grad_h_next, grad_c_next, x, h, c, weight, bias):
    import torch

    grads = autograd(grad_h_next, grad_c_next, x, h, c, weight, bias)
    o, c_next = gates(x, h, weight, bias)[2], lstm_step(x, h, c, weight, bias)[1]
    through_h = gradients(torch.tanh, grad_h_next * o, c_next)[0]
    return *grads[:2], grad_c_next + through_h, *grads[3:]


@exercise.mistake("The slope of the input gate is missing: times i * (1 - i).")
def slope_of_i_missing(*arguments):
    return with_slopes(arguments, i=sigmoid_without_slope())


@exercise.mistake("The slope of the forget gate is missing: times f * (1 - f).")
def slope_of_f_missing(*arguments):
    return with_slopes(arguments, f=sigmoid_without_slope())


@exercise.mistake("The slope of the output gate is missing: times o * (1 - o).")
def slope_of_o_missing(*arguments):
    return with_slopes(arguments, o=sigmoid_without_slope())


@exercise.mistake("The slope of g is missing: times 1 - g**2.")
def slope_of_g_missing(*arguments):
    import torch

    return with_slopes(arguments, g=with_slope(torch.tanh, torch.ones_like))


@exercise.mistake("g goes through tanh, whose slope is 1 - g**2; g * (1 - g) is a sigmoid's.")
def sigmoid_slope_for_g(*arguments):
    import torch

    return with_slopes(arguments, g=with_slope(torch.tanh, lambda a: a.tanh() * (1 - a.tanh())))


@exercise.mistake("The slope of tanh(c_next) is missing: 1 - tanh(c_next)**2.")
def slope_of_tanh_c_missing(*arguments):
    import torch

    return with_slopes(arguments, show=with_slope(torch.tanh, torch.ones_like))


@exercise.mistake("The slope of tanh(c_next) is 1 - c_next**2 here: the tanh is forgotten in it.")
def slope_of_c_next_itself(*arguments):
    import torch

    return with_slopes(arguments, show=with_slope(torch.tanh, lambda c_next: 1 - c_next**2))


@exercise.mistake(
    "tanh is taken of the old c in the slope; h_next shows c_next: 1 - tanh(c_next)**2."
)
def slope_at_old_c(grad_h_next, grad_c_next, x, h, c, weight, bias):
    import torch

    show = with_slope(torch.tanh, lambda _: 1 - c.tanh() ** 2)
    return with_slopes((grad_h_next, grad_c_next, x, h, c, weight, bias), show=show)


@exercise.mistake(
    "The sigmoid is applied twice in the slopes. i is squashed already: its slope is i * (1 - i)."
)
def sigmoid_twice(*arguments):
    import torch

    def slope(a):
        twice = a.sigmoid().sigmoid()
        return twice * (1 - twice)

    return with_slopes(arguments, **dict.fromkeys("ifo", with_slope(torch.sigmoid, slope)))


@exercise.mistake("The forget gate's gradient is made with c_next; f multiplies the old c: dc * c.")
def forget_gate_with_new_c(*arguments):
    def step(x, h, c, weight, bias):
        c_next = lstm_step(x, h, c, weight, bias)[1].detach()
        i, f, o, g = gates(x, h, weight, bias)
        wrong = f.detach() * c + slip(f) * c_next + i * g
        return o * wrong.tanh(), wrong

    return back_through(step, *arguments)


@exercise.mistake(
    "The factors of i * g are mixed up: i gets the gradient dc * g, and g gets dc * i."
)
def i_and_g_mixed_up(*arguments):
    def step(x, h, c, weight, bias):
        i, f, o, g = gates(x, h, weight, bias)
        wrong = f * c + (i * g).detach() + slip(i) * i.detach() + slip(g) * g.detach()
        return o * wrong.tanh(), wrong

    return back_through(step, *arguments)


@exercise.mistake("The columns of d @ weight are cut as [x, h]; h comes first, as in [h, x].")
def cut_as_x_then_h(grad_h_next, grad_c_next, x, h, *inputs):
    import torch

    grad_x, grad_h, *others = autograd(grad_h_next, grad_c_next, x, h, *inputs)
    joined = torch.cat([grad_h, grad_x], 1)
    width = x.shape[1]
    return joined[:, :width], joined[:, width:], *others


@exercise.mistake("grad_h is returned before grad_x; the order is that of the arguments: x, h, c.")
def x_and_h_exchanged(*arguments):
    grad_x, grad_h, *others = autograd(*arguments)
    return grad_h, grad_x, *others


@exercise.mistake(
    "The gates' gradients are joined as i, f, g, o, torch's order; the rows here are i, f, o, g."
)
def joined_in_torch_order(grad_h_next, grad_c_next, x, h, c, weight, bias):
    import torch
    import torch.nn.functional as F

    each = bias.expand(len(x), -1)  # a bias for each sample: its gradient is that of the blocks
    _, _, grad_c, _, blocks = back_through(
        lstm_by_gates, grad_h_next, grad_c_next, x, h, c, weight, each
    )
    joined = rows(blocks.T, "ifog", "ifgo").T
    grad_hx, *others = gradients(F.linear, joined, torch.cat([h, x], 1), weight, bias)
    size = h.shape[1]
    return grad_hx[:, size:], grad_hx[:, :size], grad_c, *others


@exercise.mistake("grad_weight and grad_bias are averaged over the batch; they are sums over it.")
def averaged_over_batch(*arguments):
    *others, grad_weight, grad_bias = autograd(*arguments)
    batch = len(arguments[0])
    return *others, grad_weight / batch, grad_bias / batch


def with_layout(layout, grad_h_next, grad_c_next, *inputs):
    def step(x, h, c, weight, bias):
        return lstm_step(x, h, c, *layout(h, weight, bias))

    return back_through(step, grad_h_next, grad_c_next, *inputs)


of_layout(exercise, with_layout)
