"""What layers that learn have in common: torch's answer with a memory, the steps, the mistakes."""

from grader.vocabulary import ref

BACKWARD = ("call", "a", "backward", (ref("grad_out"),))
FORWARD = ("call", "a", "forward", (ref("x"),))
ZERO = ("do", "a", "zero_grad", ())
TOO_EARLY = ("raises", "RuntimeError", *BACKWARD)


def forward(end="", name="a"):
    """Return a step forward, of the inputs whose name has this end."""
    return "call", name, "forward", (ref(f"x{end}"),)


def backward(end="", name="a"):
    """Return a step backward, of the upstream gradient whose name has this end."""
    return "call", name, "backward", (ref(f"grad_out{end}"),)


def reads(*attributes, name="a"):
    """Return steps that read attributes."""
    return [("get", name, attribute) for attribute in attributes]


def has(verb, name):
    """Return a feature: whether a script has such a step."""
    return lambda script: any(step[0] == verb and name in step[1:3] for step in script)


def first_of(script, name):
    """Return what is given in a script under a name."""
    return next(step[2] for step in script if step[:2] == ("let", name))


def options_of(script):
    """Return the options with which the first object of the class is made."""
    return next(step[3] for step in script if step[0] == "new")


def pulled_back(out, given, grad_out):
    """Return the gradients of what is given, by autograd, from that of the result.

    See `grader.course.words.autograd.gradients` for why `torch.autograd.grad` is told of the sum.
    """
    import torch

    with torch.enable_grad():  # also where a layer stands in another one, whose gradient is asked
        total = (out * grad_out).sum()
    return torch.autograd.grad(total, given, retain_graph=True)


class Remembering:
    """A layer with two arrays of parameters, called as `names` says, and autograd's gradients.

    What it computes is `compute(x, *parameters)`; `how` is what else a forward is remembered by.
    """

    names = "weight", "bias"
    how = None

    def __init__(self, *parameters):
        for name, parameter in zip(self.names, parameters, strict=True):
            setattr(self, name, parameter.clone())
        self.given = self.out = None
        self.zero_grad()

    def zero_grad(self):
        for name in self.names:
            setattr(self, f"grad_{name}", getattr(self, name) * 0)

    def parameters(self):
        return [getattr(self, name) for name in self.names]

    def gradients(self):
        return [getattr(self, f"grad_{name}") for name in self.names]

    def forward(self, x):
        given = [one.clone().requires_grad_() for one in (x, *self.parameters())]
        self.out = self.compute(*given)
        self.given = given
        return self.out.detach().clone()

    def backward(self, grad_out):
        if self.out is None:
            raise RuntimeError
        grads = pulled_back(self.out, self.given, grad_out)
        for name, old, grad in zip(self.names, self.gradients(), grads[1:], strict=True):
            setattr(self, f"grad_{name}", old + grad)
        return grads[0]


class overwritten:
    def backward(self, grad_out):
        self.zero_grad()
        return super().backward(grad_out)


class never_zeroed:
    def zero_grad(self):
        if self.given is None:
            super().zero_grad()


class second_not_zeroed:
    def zero_grad(self):
        name = f"grad_{self.names[1]}"
        kept = getattr(self, name, None)
        super().zero_grad()
        if kept is not None:
            setattr(self, name, kept)


class none_at_first:
    def zero_grad(self):
        for name in self.names:
            setattr(self, f"grad_{name}", None)

    def backward(self, grad_out):
        if self.gradients()[0] is None:
            super().zero_grad()
        return super().backward(grad_out)


class keeps_what_it_is_given:
    def __init__(self, one, other, *options, **more):
        super().__init__(one, other, *options, **more)
        for name, given in zip(self.names, (one, other), strict=True):
            setattr(self, name, given)


class cache_of_the_class:
    newest = None, None

    def forward(self, x):
        result = super().forward(x)
        type(self).newest = self.out, self.given
        return result

    def backward(self, grad_out):
        self.out, self.given = self.newest
        return super().backward(grad_out)


class gradients_of_the_class:
    def zero_grad(self):
        super().zero_grad()
        type(self).shared = self.gradients()

    def backward(self, grad_out):
        result = super().backward(grad_out)
        type(self).shared = self.gradients()
        return result

    def __getattribute__(self, name):
        if name.startswith("grad_") and hasattr(type(self), "shared"):
            return type(self).shared[name == f"grad_{self.names[1]}"]
        return super().__getattribute__(name)


class first_inputs:
    first = None

    def forward(self, x):
        result = super().forward(x)
        self.first = self.first or (self.given[0], self.how)
        kept, self.how = self.first
        self.given = [kept, *self.given[1:]]
        self.out = self.compute(*self.given)
        return result

    def backward(self, grad_out):
        if self.first is not None and len(self.first[0]) != len(grad_out):
            raise ValueError
        return super().backward(grad_out)


class silent:
    def backward(self, grad_out):
        return None if self.out is None else super().backward(grad_out)


class grad_x_added_up:
    def forward(self, x):
        result = super().forward(x)
        self.so_far = 0.0
        return result

    def backward(self, grad_out):
        grad = super().backward(grad_out)
        self.so_far = self.so_far + grad
        return self.so_far


class averaged:
    def backward(self, grad_out):
        before = self.gradients()
        result = super().backward(grad_out)
        for name, old, new in zip(self.names, before, self.gradients(), strict=True):
            setattr(self, f"grad_{name}", old + (new - old) / len(grad_out))
        return result


class copies_of_parameters:
    def parameters(self):
        return [one.clone() for one in super().parameters()]


class one_array_for_all:
    kept = None

    def forward(self, x):
        result = super().forward(x)
        if self.kept is None or self.kept.shape != result.shape:
            self.kept = result
        return self.kept.copy_(result)


MEMORY = {
    overwritten: "The gradients are overwritten: backward adds to them, with +=.",
    never_zeroed: "zero_grad leaves the gradients as they are: make them arrays of zeros.",
    second_not_zeroed: "zero_grad forgets the {second}: both gradients become zeros.",
    none_at_first: ("The gradient is None until backward: it is an array of zeros from the start."),
    keeps_what_it_is_given: (
        "The layer keeps the arrays that it is given: two layers made from one array are then "
        "trained together. Keep copies."
    ),
    cache_of_the_class: (
        "What forward keeps for backward belongs to the class, so that the newest forward of "
        "any layer counts: write it to self."
    ),
    gradients_of_the_class: (
        "The gradients belong to the class: all layers add to the same. Write to self."
    ),
    first_inputs: ("backward belongs to the last forward; this one remembers the first inputs."),
    silent: "backward without a forward before it raises RuntimeError; this one says nothing.",
    grad_x_added_up: "The gradient of x is added up, too: it is that of this call alone.",
    averaged: "The gradients are averaged over the batch: add up the samples.",
    copies_of_parameters: (
        "parameters() returns copies: an optimiser then trains those, not the layer."
    ),
    one_array_for_all: (
        "forward writes each result into one array: what it returned before changes, too."
    ),
}


def of_layers(exercise, layer):
    """Add what goes wrong with the memory of any layer that learns."""
    second = layer.names[1]
    for mixed_in, message in MEMORY.items():
        name = mixed_in.__name__.replace("second", second)
        exercise.add(name, message.format(second=second), type(name, (mixed_in, layer), {}))
