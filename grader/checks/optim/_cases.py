"""The families of cases that the optimiser checks share, and one step of torch.optim.SGD."""

from grader.vocabulary import array, between, carry, one_of, steps, strategy, tied, undrawn, wide

RATES = one_of(0.5, 0.1, 0.02)
ORDINARY = one_of(1.0)
TINY = one_of(1.0, 1e-8, 0.0)


def draw_shape(draw, max_axes=3):
    """Return a shape of one to three axes."""
    return [draw(between(1, 4)) for _ in range(draw(between(1, max_axes)))]


@strategy
def updates(
    draw,
    calls=1,
    sizes=ORDINARY,
    states=(),
    fresh=one_of(1, 0),
    count=None,
    options=(),
    rated=True,
):
    """Draw steps of an optimiser, each with its own gradient and rate, and hand the state on.

    `states` are the kinds of the state arrays (zeros when `fresh`), `sizes` the scales of the
    gradients, `count` the number of the first step where the function takes it, and `options` the
    numbers after the rate; an empty tuple leaves the defaults to the function, and the rate, too,
    where it is not `rated`.
    """
    shape, calls, is_new = draw_shape(draw), draw(calls), draw(fresh)
    scales = [draw(sizes) for _ in range(calls)]
    rates = [draw(RATES) for _ in range(calls)]
    kind, numbers = draw(one_of(wide, tied)), draw(options)
    first = 1 if is_new else draw(count)
    param = draw(array(*shape, of=wide))
    grads = [draw(array(*shape, of=kind)) * scale for scale in scales]
    state = [draw(array(*shape, of=s)) * (1 - is_new) for s in states]
    handed = (carry(0), *(carry(1 + i) for i in range(len(states)))) if states else (carry(),)
    if not draw(rated):
        rates, numbers = [()] * calls, ()
    sequence = []
    for i, (grad, lr) in enumerate(zip(grads, rates, strict=True)):
        before, *kept = (param, *state) if i == 0 else handed
        number = () if count is None else (first + i,)
        rate = () if lr == () else (lr,)
        sequence.append((before, grad, *kept, *number, *rate, *numbers))
    return steps(sequence)


SQUARES = undrawn(
    "tiny far huge ties near below",
    "A sum of squares is never negative; later steps carry on what far and huge gradients make of "
    "it.",
    of="sum_squares square_avg exp_avg_sq acc_delta",
)
"""Why the states of squares begin small."""

GRADIENT_FEATURES = {
    "several axes": lambda param: param.ndim > 1,
    "zeros in the gradient": lambda grad: (grad == 0).any(),
}
TINY_FEATURES = {
    **GRADIENT_FEATURES,
    "a tiny gradient": lambda grad: 0 < abs(grad).max() < 1e-6,
}


def copies(grad, *arrays):
    """Return tensors of the shape of grad for a torch optimiser to write into.

    Who forgets to return the state hands a piece of the parameter on; it is spread over the shape.
    """
    import torch

    return [torch.as_tensor(array).expand_as(grad).clone() for array in arrays]


def torch_sgd(param, grad, velocity, lr, momentum, *, nesterov=False):
    """Return the parameter and the velocity after one step of `torch.optim.SGD`.

    The checks call what is inside the optimiser classes, since the first use of a class loads a
    second's worth of modules.
    """
    from torch.optim.sgd import sgd

    new, moved = copies(grad, param, velocity)
    options = {"weight_decay": 0.0, "dampening": 0.0, "maximize": False, "foreach": False}
    sgd([new], [grad], [moved], lr=lr, momentum=momentum, nesterov=nesterov, **options)
    return new, moved
