"""A step against each gradient, that changes the parameters in place."""

from grader.checks.layers._layers import options_of
from grader.checks.layers._optimisers import goes_without, steps, torch_sgd
from grader.vocabulary import Exercise, between, one_of

OPTIONS = one_of({}, {"weight_decay": 0.5})

exercise = Exercise(
    points=3,
    decks=(),
    levels={
        "one step": steps(options=OPTIONS),
        "several steps, the rate changing": steps(options=OPTIONS, count=between(2, 3), rate=True),
        "two at once, some gradients None": steps(
            options=OPTIONS, count=between(1, 3), two=True, missing=True
        ),
    },
    features={
        "weight_decay": lambda script: "weight_decay" in options_of(script),
        "a gradient that is None": goes_without,
    },
    hints=(
        "Does `p = p - lr * g` change the array that somebody else holds, or only a name?",
        "p = array([1.0, 2.0])\n"
        "a = SGD([p], 0.5)\n"
        "a.step([array([2.0, 0.0])])\n"
        "p = [0.0, 2.0]   the same array",
        "for param, grad in zip(self.params, grads):\n"
        "    if grad is ...: continue\n"
        "    param -= ...          # in place",
    ),
)


@exercise.equivalent
class Descent:
    def __init__(self, params, lr, weight_decay=0.0):
        self.params, self.lr, self.weight_decay = list(params), lr, weight_decay

    def step(self, grads):
        torch_sgd(self.params, grads, self.lr, weight_decay=self.weight_decay)


@exercise.mistake(
    "The arrays do not change: p = p - lr * g makes a new one and leaves the old as it was, and so "
    "does a copy in __init__. Keep those that are handed in, and write p -= lr * g."
)
class new_arrays(Descent):
    def __init__(self, params, *rest, **options):
        super().__init__([param.clone() for param in params], *rest, **options)


@exercise.mistake("The sign: a gradient points uphill. Subtract it.")
class uphill(Descent):
    def step(self, grads):
        old = [param.clone() for param in self.params]
        super().step(grads)
        for param, before in zip(self.params, old, strict=True):
            param.copy_(2 * before - param)


@exercise.mistake("weight_decay is not used: it adds weight_decay * p to the gradient.")
class no_decay(Descent):
    def step(self, grads):
        self.weight_decay = 0.0
        super().step(grads)


@exercise.mistake(
    "The decay is not multiplied by lr: it is a part of the gradient, lr * (g + weight_decay * p)."
)
class decay_beside_the_rate(Descent):
    def step(self, grads):
        for param, grad in zip(self.params, grads, strict=True):
            if grad is not None:
                param.sub_(self.lr * grad + self.weight_decay * param)


@exercise.mistake("lr is read once: it may be set between the steps.")
class rate_of_the_start(Descent):
    def __init__(self, params, lr, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.first = lr

    def step(self, grads):
        self.lr = self.first
        super().step(grads)


@exercise.mistake("A gradient that is None still decays its parameter: leave that one alone.")
class none_decays(Descent):
    def step(self, grads):
        pairs = zip(self.params, grads, strict=True)
        super().step([param * 0 if grad is None else grad for param, grad in pairs])


@exercise.mistake("It stops at a gradient that is None: go on with the next parameter.")
class stops_at_none(Descent):
    def step(self, grads):
        count = next((at for at, grad in enumerate(grads) if grad is None), len(grads))
        super().step([*grads[:count], *[None] * (len(grads) - count)])


@exercise.mistake(
    "The decay is added into the gradient itself, which belongs to the caller: g += changes it, "
    "g + weight_decay * p is a new array."
)
class gradients_changed(Descent):
    def step(self, grads):
        for param, grad in zip(self.params, grads, strict=True):
            if grad is not None:
                grad.add_(self.weight_decay * param)
        self.weight_decay, decay = 0.0, self.weight_decay
        super().step(grads)
        self.weight_decay = decay
