"""The cases of the optimisers that are objects: steps of one or two of them over two arrays."""

from grader.vocabulary import array, between, one_of, ref, script, strategy

LR = one_of(0.5, 0.1, 0.25)


@strategy
def steps(
    draw,
    options,
    count=between(1, 1),
    two=False,
    missing=False,
    rate=False,
    first=LR,
    sizes=1.0,
    repeated=False,
):
    """Draw steps of one optimiser or two over two parameters; some gradients are None.

    `first` is the rate that they are made with, None for the default, and `rate` whether it is set
    later on; `sizes` are the scales of the gradients, which a later step may be given `repeated`.
    """
    shapes = [(draw(between(1, 3)),), (draw(between(1, 2)), draw(between(1, 2)))]
    given = {"p": draw(array(*shapes[0])), "q": draw(array(*shapes[1]))}
    if two:
        given |= {"r": draw(array(*shapes[0])), "s": draw(array(*shapes[1]))}
    chosen = draw(options)
    calls = [made("a", "pq", draw(first), chosen)]
    calls += [made("other", "rs", draw(first), chosen)] if two else []
    names = []
    for number in range(draw(count)):
        if not names or not draw(repeated):
            names = [ref(f"{name}{number}") for name in "gh"]
            for name, shape in zip(names, shapes, strict=True):
                given[name["ref"]] = draw(array(*shape)) * draw(sizes)
        for name in ("a", "other")[: 1 + two]:
            left_out = draw(between(0, 2)) if missing else 0
            grads = [None if at == left_out else one for at, one in enumerate(names, 1)]
            calls.append(("do", name, "step", (grads,)))
        if rate:
            calls.append(("set", "a", "lr", draw(LR)))
    return script(given, *calls, moving=tuple("pqrs"[: 2 + 2 * two]))


def made(name, params, rate, options):
    """Return the step that makes an optimiser; without a rate it has the default one."""
    given = [ref(param) for param in params]
    return "new", name, (given,) if rate is None else (given, rate), options


def goes_without(script):
    """Tell whether a gradient is None."""
    return any(step[0] == "do" and None in step[3][0] for step in script)


def torch_sgd(params, grads, lr, velocities=None, momentum=0.0, weight_decay=0.0, nesterov=False):
    """Move parameters, and what is there of their velocities, as a step of `torch.optim.SGD` does.

    A gradient that is None leaves both alone. The function inside the optimiser class is called,
    since the first use of the class loads a second's worth of modules.
    """
    from torch.optim.sgd import sgd

    velocities = [None] * len(params) if velocities is None else velocities
    each = zip(params, grads, velocities, range(len(params)), strict=True)
    going = [(param, grad.clone(), kept, at) for param, grad, kept, at in each if grad is not None]
    params, grads, moved, places = map(list, zip(*going, strict=True)) if going else [[]] * 4
    sgd(
        params, grads, moved, lr=lr, momentum=momentum, weight_decay=weight_decay,
        nesterov=nesterov, dampening=0.0, maximize=False, foreach=False,
    )  # fmt: skip
    for place, velocity in zip(places, moved, strict=True):
        velocities[place] = velocity
