"""A velocity for each parameter, which remembers earlier gradients."""

from grader.checks._shared import numpy_errors
from grader.checks.layers._layers import options_of
from grader.checks.layers._optimisers import goes_without, steps, torch_sgd
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
        "How many velocities are there, and whose are they? Is lr a part of them? What becomes of "
        "that of a parameter whose gradient is None?",
        "p = array([4.0])\n"
        "a = Momentum([p], 1.0, 0.5)\n"
        "a.step([array([2.0])])\n"
        "p = [2.0]        by a velocity of 2\n"
        "a.step([array([0.0])])\n"
        "p = [1.0]        by what is left of it, 1",
        "for param, velocity, grad in zip(self.params, ..., grads):\n"
        "    if grad is ...: continue\n"
        "    velocity *= ...\n"
        "    velocity += ...\n"
        "    param -= self.lr * ...    # all in place; with nesterov something else",
    ),
)


@exercise.equivalent
class Heavy:
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.nesterov, self.velocities = nesterov, [None] * len(self.params)  # until its first step

    def step(self, grads):
        options = {"momentum": self.momentum, "nesterov": self.nesterov}
        torch_sgd(self.params, grads, self.lr, self.velocities, **options)


@exercise.mistake(
    "The arrays do not change: p = p - lr * v makes a new one and leaves the old as it was, and so "
    "does a copy in __init__. Keep those that are handed in, and write p -= lr * v."
)
class new_arrays(Heavy):
    def __init__(self, params, *rest, **options):
        super().__init__([param.clone() for param in params], *rest, **options)


@exercise.mistake("The velocity is forgotten between the steps: keep it in the object.")
class forgets(Heavy):
    def step(self, grads):
        self.velocities = [None] * len(self.params)
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
        each = zip(self.params, grads, self.velocities, strict=True)
        super().step(
            [
                param * 0 if grad is None and velocity is not None else grad
                for param, grad, velocity in each
            ]
        )


@exercise.mistake(
    "The velocities belong to the class: all optimisers have the same. Keep them in self."
)
class velocities_of_the_class(Heavy):
    buffers = ()

    def step(self, grads):
        for place, (buffer, _) in enumerate(zip(self.buffers, self.params, strict=False)):
            self.velocities[place] = buffer.clone()
        super().step(grads)
        type(self).buffers = [velocity.clone() for velocity in self.velocities]


@exercise.mistake("It stops at a gradient that is None: go on with the next parameter.")
class stops_at_none(Heavy):
    def step(self, grads):
        count = next((at for at, grad in enumerate(grads) if grad is None), len(grads))
        super().step([*grads[:count], *[None] * (len(grads) - count)])


@exercise.mistake("A gradient that is None still slows its velocity down: leave that alone, too.")
class none_slows_down(Heavy):
    def step(self, grads):
        for velocity, grad in zip(self.velocities, grads, strict=True):
            if grad is None and velocity is not None:
                velocity.mul_(self.momentum)
        super().step(grads)


class HeavyByHand(Heavy):
    """The same without torch's optimiser, so that a step can be another one."""

    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        super().__init__(params, lr, momentum, nesterov)
        self.velocities = [param * 0.0 for param in self.params]

    def step(self, grads):
        for place, (param, grad) in enumerate(zip(self.params, grads, strict=True)):
            if grad is not None:
                velocity = self.moved(place, grad)
                ahead = grad + self.momentum * velocity
                param.sub_(self.lr * (ahead if self.nesterov else velocity))

    def moved(self, place, grad):
        """Return the new velocity of a parameter."""
        self.velocities[place] = self.momentum * self.velocities[place] + grad
        return self.velocities[place]


@exercise.mistake("All parameters have one velocity, which begins at 0: each has its own.")
class one_velocity(HeavyByHand):
    only = 0.0

    @numpy_errors()
    def step(self, grads):
        super().step(grads)

    def moved(self, place, grad):
        self.only = self.momentum * self.only + grad
        return self.only


@exercise.mistake("The gradient counts 1 - momentum times in the velocity: it counts whole here.")
class averaged(HeavyByHand):
    def moved(self, place, grad):
        return super().moved(place, (1 - self.momentum) * grad)


@exercise.mistake(
    "The two shares are exchanged: momentum is that of the old velocity, and the gradient counts "
    "whole."
)
class shares_exchanged(HeavyByHand):
    def moved(self, place, grad):
        old = self.velocities[place]
        self.velocities[place] = (1 - self.momentum) * old + self.momentum * grad
        return self.velocities[place]


@exercise.mistake("momentum multiplies the gradient: it multiplies the old velocity.")
class momentum_of_the_gradient(HeavyByHand):
    def moved(self, place, grad):
        self.velocities[place] = self.velocities[place] + self.momentum * grad
        return self.velocities[place]


@exercise.mistake(
    "The first velocity is the gradient itself, and is changed with it: what belongs to the caller "
    "stays as it was. Begin with an array of zeros."
)
class keeps_the_gradient(HeavyByHand):
    def moved(self, place, grad):
        if place not in self.__dict__.setdefault("begun", set()):
            self.begun.add(place)
            self.velocities[place] = grad
        else:
            self.velocities[place].mul_(self.momentum).add_(grad)
        return self.velocities[place]
