"""Plain recurrent steps whose gradient goes wrong on its way back, for checks of gradients."""

from grader.checks.recurrent._mistakes import slip


def right_step(_t, x_t, h, *weights):
    """Return the state after step t."""
    import torch

    return torch.rnn_tanh_cell(x_t, h, *weights)


def pre_activation(x_t, h, w_ih, w_hh, b_ih, b_hh):
    """Return what the tanh is taken of."""
    import torch.nn.functional as F

    return F.linear(x_t, w_ih, b_ih) + F.linear(h, w_hh, b_hh)


def sloping(slope):
    """Return a step in whose gradient `slope(a)` stands for the slope of tanh."""

    def step(_t, *arguments):
        a = pre_activation(*arguments)
        return a.tanh().detach() + slip(a) * slope(a).detach()

    return step


def leading_back(way_back):
    """Return a step whose gradient reaches the state before it by `way_back(t, h, w_hh)` alone."""

    def step(t, x_t, h, *weights):
        a = pre_activation(x_t, h.detach(), *weights)
        return (a + slip(way_back(t, h, weights[1].detach()))).tanh()

    return step


def turned_everywhere(t, x_t, h, w_ih, w_hh, *biases):
    """Return the state of a step with w_hh transposed, forward and back."""
    return right_step(t, x_t, h, w_ih, w_hh.T, *biases)


def of_first_step_only(t, x_t, h, *weights):
    """Return a state whose weights get a gradient in the first step alone."""
    return right_step(t, x_t, h, *[w if t == 0 else w.detach() for w in weights])


def of_state_after(t, x_t, h, w_ih, w_hh, *biases):
    """Return a state for which w_hh's gradient is made with the state after the step."""
    after = right_step(t, x_t, h, w_ih, w_hh, *biases).detach()
    a = pre_activation(x_t, h, w_ih, w_hh.detach(), *biases)
    return (a + after @ slip(w_hh).T).tanh()


slope_missing = sloping(lambda a: a * 0.0 + 1.0)
"""A step whose tanh has slope 1."""


def of_steps(exercise, answer):
    """Add what goes wrong in steps on the way back; `answer(step, *arguments)` takes them."""

    def add(name, message, step):
        exercise.add(name, message, lambda *arguments: answer(step, *arguments))

    add(
        "carried_gradient_dropped",
        "What the next step sends back is dropped: each state gets its own gradient alone. Add "
        "da_(t+1) @ w_hh.",
        leading_back(lambda t, h, w_hh: (h if t == 0 else h.detach()) @ w_hh.T),
    )
    add(
        "w_hh_transposed",
        "The gradient goes back through w_hh transposed: da_t @ w_hh, without .T.",
        leading_back(lambda _, h, w_hh: h @ w_hh),
    )
    add(
        "w_hh_transposed_everywhere",
        "The states are made with h @ w_hh; forward it is h @ w_hh.T, back da_t @ w_hh.",
        turned_everywhere,
    )
    add(
        "w_hh_skipped",
        "The gradient skips w_hh on its way back: step t sends back da_t @ w_hh, not da_t.",
        leading_back(lambda _t, h, _w_hh: h),
    )
    add(
        "overwritten_at_every_step",
        "Weights and biases get the share of one step only: = where += is meant. All steps use "
        "the same ones, and their shares add.",
        of_first_step_only,
    )
    add(
        "w_hh_with_next_state",
        "grad_w_hh is made with h_t, the state after the step; w_hh met the one before it.",
        of_state_after,
    )
    add(
        "slope_of_pre_activation",
        "The slope of tanh is 1 - a**2 here, a being the sum inside; it is 1 - tanh(a)**2.",
        sloping(lambda a: 1 - a**2),
    )
    add(
        "tanh_twice",
        "tanh is taken twice in the slope: h is squashed already, and 1 - h**2 is it.",
        sloping(lambda a: 1 - a.tanh().tanh() ** 2),
    )
    add(
        "slope_missing",
        "The slope of tanh is missing: times 1 - h**2 at every step.",
        slope_missing,
    )
    add(
        "sigmoid_slope",
        "h * (1 - h) is the slope of a sigmoid; that of tanh is 1 - h**2.",
        sloping(lambda a: a.tanh() * (1 - a.tanh())),
    )
