"""A layer that remembers: its weights, the last inputs, and the gradients so far."""

from grader.vocabulary import Exercise, array, between, one_of, ref, script, strategy

W, B, X, G = ref("weight"), ref("bias"), ref("x"), ref("grad_out")
NEW = ("new", "a", (W, B))
OTHER = ("new", "other", (W, B))
FORWARD, BACKWARD = ("call", "a", "forward", (X,)), ("call", "a", "backward", (G,))
ZERO = ("do", "a", "zero_grad", ())
GRADS = (("get", "a", "grad_weight"), ("get", "a", "grad_bias"))


def arrays(draw, *more):
    """Return weights, inputs and an upstream gradient; others of another batch size for `more`."""
    inputs, outputs = draw(between(1, 3)), draw(between(1, 3))
    found = {"weight": draw(array(outputs, inputs)), "bias": draw(array(outputs))}
    for end in ("", *more):
        samples = draw(between(1, 3))
        found[f"x{end}"] = draw(array(samples, inputs))
        found[f"grad_out{end}"] = draw(array(samples, outputs))
    return found


@strategy
def one_pass(draw):
    return script(arrays(draw), NEW, FORWARD, BACKWARD, *GRADS, ("get", "a", "weight"))


@strategy
def again(draw):
    given = arrays(draw, "_2")
    second = [
        ("call", "a", "forward", (ref("x_2"),)),
        ("call", "a", "backward", (ref("grad_out_2"),)),
    ]
    zero, forward, twice = draw(one_of(False, True)), draw(one_of(True, False)), second[1:]
    calls = [BACKWARD, *GRADS, *[ZERO] * zero, *GRADS]
    calls += [*second, *twice * draw(between(0, 1))] if forward else [BACKWARD]
    return script(given, NEW, *GRADS, FORWARD, *calls, *GRADS, ("ask", "a", "gradients", ()))


@strategy
def two(draw):
    given = arrays(draw, "_2")
    backward = [BACKWARD] * draw(between(0, 1))
    return script(
        given, NEW, OTHER, FORWARD, ("call", "other", "forward", (ref("x_2"),)), *backward,
        ("get", "other", "grad_weight"), ("get", "other", "grad_bias"),
        ("call", "other", "backward", (ref("grad_out_2"),)), BACKWARD, *GRADS,
        ("get", "other", "grad_weight"),
    )  # fmt: skip


@strategy
def too_early(draw):
    given = arrays(draw)
    refusal = ("raises", "RuntimeError", "call", "a", "backward", (G,))
    others = [OTHER, ("call", "other", "forward", (X,))] * draw(between(0, 1))
    return script(given, *others, NEW, refusal, *GRADS, FORWARD, BACKWARD)


@strategy
def trained(draw):
    given = arrays(draw)
    change = ("change", "a", draw(one_of("parameters", "weight", "bias")), 0.5)
    other = [OTHER] * draw(between(0, 1))
    after = ("call", "other", "forward", (X,)) if other else FORWARD
    return script(
        given, NEW, *other, ("ask", "a", "parameters", ()), FORWARD, BACKWARD, change, after,
        ("get", "a", "weight"), ("get", "a", "bias"), FORWARD, BACKWARD, *GRADS,
    )  # fmt: skip


def has(verb, name):
    """Return a feature: whether a script has such a step."""
    return lambda script: any(step[0] == verb and name in step[1:3] for step in script)


exercise = Exercise(
    points=4,
    decks=(),
    levels={
        "one object, one pass": one_pass(),
        "again": again(),
        "two objects": two(),
        "backward too early": too_early(),
        "trained": trained(),
    },
    features={
        "two objects": has("new", "other"),
        "zero_grad": has("do", "zero_grad"),
        "a change in place": lambda script: any(step[0] == "change" for step in script),
        "one sample": lambda script: len(next(s[2] for s in script if s[1:2] == ("x",))) == 1,
    },
    hints=(
        "What does backward need of the forward before it? Which of the arrays belong to this "
        "object alone?",
        "a = Linear(array([[5.0]]), array([0.0]))\n"
        "a.forward(array([[3.0]])) = [[15.0]]\n"
        "a.backward(array([[10.0]])) = [[50.0]]\n"
        "a.grad_weight = [[30.0]]\n"
        "a.backward(array([[10.0]])) = [[50.0]]   and once more\n"
        "a.grad_weight = [[60.0]]",
        "def backward(self, grad_out):\n"
        "    if ...: raise RuntimeError(...)\n"
        "    self.grad_weight += ...      # (O, D)\n"
        "    self.grad_bias += ...        # (O,)\n"
        "    return ...                   # (N, D), of this call alone",
    ),
)


@exercise.equivalent
class Layer:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight.clone(), bias.clone()
        self.given = self.out = None
        self.zero_grad()

    def zero_grad(self):
        self.grad_weight, self.grad_bias = self.weight * 0, self.bias * 0

    def parameters(self):
        return [self.weight, self.bias]

    def gradients(self):
        return [self.grad_weight, self.grad_bias]

    def forward(self, x):
        import torch.nn.functional as F

        self.given = [one.clone().requires_grad_() for one in (x, self.weight, self.bias)]
        self.out = F.linear(*self.given)
        return self.out.detach().clone()

    def backward(self, grad_out):
        import torch

        if self.out is None:
            raise RuntimeError
        grads = torch.autograd.grad(self.out, self.given, grad_out, retain_graph=True)
        self.grad_weight = self.grad_weight + grads[1]
        self.grad_bias = self.grad_bias + grads[2]
        return grads[0]


@exercise.mistake("The gradients are overwritten: backward adds to them, with +=.")
class overwritten(Layer):
    def backward(self, grad_out):
        self.zero_grad()
        return super().backward(grad_out)


@exercise.mistake("zero_grad leaves the gradients as they are: make them arrays of zeros.")
class never_zeroed(Layer):
    def zero_grad(self):
        if self.given is None:
            super().zero_grad()


@exercise.mistake("zero_grad forgets the bias: both gradients become zeros.")
class bias_not_zeroed(Layer):
    def zero_grad(self):
        kept = getattr(self, "grad_bias", None)
        super().zero_grad()
        self.grad_bias = self.grad_bias if kept is None else kept


@exercise.mistake("The gradient is None until backward: it is an array of zeros from the start.")
class none_at_first(Layer):
    def zero_grad(self):
        self.grad_weight = self.grad_bias = None

    def backward(self, grad_out):
        if self.grad_weight is None:
            super().zero_grad()
        return super().backward(grad_out)


@exercise.mistake(
    "The layer keeps the arrays that it is given: two layers made from one array are then trained "
    "together. Keep copies."
)
class keeps_what_it_is_given(Layer):
    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.weight, self.bias = weight, bias


@exercise.mistake(
    "What forward keeps for backward belongs to the class, so that the newest forward of any layer "
    "counts: write it to self."
)
class cache_of_the_class(Layer):
    newest = None, None

    def forward(self, x):
        result = super().forward(x)
        type(self).newest = self.out, self.given
        return result

    def backward(self, grad_out):
        self.out, self.given = self.newest
        return super().backward(grad_out)


@exercise.mistake("The gradients belong to the class: all layers add to the same. Write to self.")
class gradients_of_the_class(Layer):
    def zero_grad(self):
        super().zero_grad()
        type(self).shared = self.gradients()

    def backward(self, grad_out):
        result = super().backward(grad_out)
        type(self).shared = self.gradients()
        return result

    def __getattribute__(self, name):
        if name in ("grad_weight", "grad_bias") and hasattr(type(self), "shared"):
            return type(self).shared[name == "grad_bias"]
        return super().__getattribute__(name)


@exercise.mistake("backward belongs to the last forward; this one remembers the first inputs.")
class first_inputs(Layer):
    def forward(self, x):
        kept = self.given
        result = super().forward(x)
        if kept is not None:
            import torch.nn.functional as F

            self.given = kept
            self.out = F.linear(*kept)
        return result


@exercise.mistake(
    "backward without a forward before it raises RuntimeError; this one says nothing."
)
class silent(Layer):
    def backward(self, grad_out):
        return None if self.out is None else super().backward(grad_out)


@exercise.mistake("The gradient of x is added up, too: it is that of this call alone.")
class grad_x_added_up(Layer):
    def forward(self, x):
        self.so_far = 0.0
        return super().forward(x)

    def backward(self, grad_out):
        self.so_far = self.so_far + super().backward(grad_out)
        return self.so_far


@exercise.mistake("The gradients are averaged over the batch: add up the samples.")
class averaged(Layer):
    def backward(self, grad_out):
        before = self.gradients()
        result = super().backward(grad_out)
        self.grad_weight, self.grad_bias = (
            old + (new - old) / len(grad_out)
            for old, new in zip(before, self.gradients(), strict=True)
        )
        return result


@exercise.mistake("grad_bias is averaged over the batch: add up the samples.")
class bias_averaged(Layer):
    def backward(self, grad_out):
        before = self.grad_bias
        result = super().backward(grad_out)
        self.grad_bias = before + (self.grad_bias - before) / len(grad_out)
        return result


@exercise.mistake("The bias is forgotten in forward.")
class without_bias(Layer):
    def forward(self, x):
        return super().forward(x) - self.bias


@exercise.mistake("parameters() returns copies: an optimiser then trains those, not the layer.")
class copies_of_parameters(Layer):
    def parameters(self):
        return [one.clone() for one in super().parameters()]


@exercise.mistake(
    "forward writes each result into one array: what it returned before changes, too."
)
class one_array_for_all(Layer):
    def forward(self, x):
        result = super().forward(x)
        if self.__dict__.get("kept") is None or self.kept.shape != result.shape:
            self.kept = result
        return self.kept.copy_(result)
