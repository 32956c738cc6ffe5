"""A velocity for each parameter, which remembers earlier gradients."""

from grader.checks.layers._optimisers import goes_without, options_of, steps
from grader.vocabulary import Exercise, between, one_of

OPTIONS = one_of({}, {"momentum": 0.5}, {"nesterov": True}, {"momentum": 0.5, "nesterov": True})

exercise = Exercise(
    points=5,
    decks=(),
    requires=("SGD",),
    levels={
        "one step": steps(options=OPTIONS),
        "several steps, the rate changing": steps(options=OPTIONS, count=between(2, 3), rate=True),
        "two at once": steps(options=OPTIONS, count=between(2, 3), two=True),
        "some gradients None": steps(options=OPTIONS, count=between(2, 4), missing=True),
    },
    features={
        "nesterov": lambda script: "nesterov" in options_of(script),
        "a gradient that is None": goes_without,
    },
    hints=(
        "How many velocities are there, and whose are they? Is lr a part of them?",
        "p = array([4.0])\n"
        "a = Momentum([p], 1.0, 0.5)\n"
        "a.step([array([2.0])])\n"
        "p = [2.0]        by a velocity of 2\n"
        "a.step([array([0.0])])\n"
        "p = [1.0]        by what is left of it, 1",
        "velocity *= ...\nvelocity += ...\nparam -= self.lr * ...    # all in place",
    ),
)


@exercise.equivalent
class Heavy:
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        import torch

        self.params, self.lr, self.momentum = list(params), lr, momentum
        options = {"momentum": momentum, "nesterov": nesterov}
        self.optimiser = torch.optim.SGD(self.params, lr, **options)

    def step(self, grads):
        self.optimiser.param_groups[0]["lr"] = self.lr
        for param, grad in zip(self.params, grads, strict=True):
            param.grad = None if grad is None else grad.clone()
        self.optimiser.step()

    def velocity(self, param):
        """Return what torch has as the velocity of a parameter, None before the first step."""
        return self.optimiser.state[param].get("momentum_buffer")


@exercise.mistake(
    "The arrays do not change: p = p - lr * v makes a new one and leaves the old as it was. Write "
    "p -= lr * v."
)
class new_arrays(Heavy):
    def __init__(self, params, *rest, **options):
        super().__init__([param.clone() for param in params], *rest, **options)


@exercise.mistake("The velocity is forgotten between the steps: keep it in the object.")
class forgets(Heavy):
    def step(self, grads):
        self.optimiser.state.clear()
        super().step(grads)


@exercise.mistake("nesterov is not used: the step is lr * (g + momentum * v) with it.")
class never_ahead(Heavy):
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, lr, momentum)


@exercise.mistake("lr is a part of the velocity: it multiplies only when the parameter moves.")
class rate_inside(Heavy):
    def step(self, grads):
        scaled = [None if grad is None else self.lr * grad for grad in grads]
        self.lr, rate = 1.0, self.lr
        super().step(scaled)
        self.lr = rate


@exercise.mistake(
    "A gradient that is None still moves its parameter by the old velocity: leave both alone."
)
class none_goes_on(Heavy):
    def step(self, grads):
        pairs = zip(self.params, grads, strict=True)
        super().step(
            [
                param * 0 if grad is None and self.velocity(param) is not None else grad
                for param, grad in pairs
            ]
        )


@exercise.mistake(
    "The velocities belong to the class: all optimisers have the same. Keep them in self."
)
class velocities_of_the_class(Heavy):
    buffers = ()

    def step(self, grads):
        for param, buffer in zip(self.params, self.buffers, strict=False):
            self.optimiser.state[param]["momentum_buffer"] = buffer.clone()
        super().step(grads)
        type(self).buffers = [self.velocity(param).clone() for param in self.params]
