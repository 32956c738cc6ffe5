"""Layers one after another: forward through them, backward the other way, the rest handed on."""

from grader.checks.layers._layers import pulled_back
from grader.vocabulary import (
    Exercise,
    array,
    between,
    dyadic,
    either,
    one_of,
    ref,
    script,
    strategy,
)

# What stands inside is lent: text, which is run where the student's class runs, and computes with
# arrays and with tensors.

SCALE = '''
class Scale:
    """Each column times a weight, plus a bias."""

    def __init__(self, weight, bias):
        self.weight, self.bias, self.x = weight + 0.0, bias + 0.0, None
        self.zero_grad()

    def forward(self, x):
        self.x = x
        return x * self.weight + self.bias

    def backward(self, grad_out):
        if self.x is None:
            raise RuntimeError("no forward yet")
        self.grad_weight = self.grad_weight + (grad_out * self.x).sum(0)
        self.grad_bias = self.grad_bias + grad_out.sum(0)
        return grad_out * self.weight

    def zero_grad(self):
        self.grad_weight, self.grad_bias = self.weight * 0.0, self.bias * 0.0

    def parameters(self):
        return [self.weight, self.bias]

    def gradients(self):
        return [self.grad_weight, self.grad_bias]
'''

SQUARE = '''
class Square:
    """Each number squared; nothing to learn, and no modes."""

    x = None

    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, grad_out):
        if self.x is None:
            raise RuntimeError("no forward yet")
        return 2.0 * self.x * grad_out
'''

DOUBLE = '''
class Double:
    """Each number twice in training, as it is in evaluation."""

    factor, on = None, True

    def forward(self, x):
        self.factor = 2.0 if self.on else 1.0
        return self.factor * x

    def backward(self, grad_out):
        if self.factor is None:
            raise RuntimeError("no forward yet")
        return self.factor * grad_out

    def train(self):
        self.on = True

    def eval(self):
        self.on = False
'''

LENT = {"Scale": SCALE.strip(), "Square": SQUARE.strip(), "Double": DOUBLE.strip()}


class Inside:
    """The layers of a script that is being drawn, and the arrays that they are made from."""

    def __init__(self, draw):
        self.draw, self.columns = draw, draw(between(1, 3))
        self.given, self.made, self.kinds = {}, [], []

    def numbers(self, name, *shape):
        """Draw an array, and return what stands for it."""
        self.given[name] = self.draw(array(*shape, self.columns, of=dyadic))
        return ref(name)

    def layers(self, count, *, first=""):
        """Draw some layers, the first of a kind where that is said; return what stands for them."""
        names = []
        for at in range(count):
            kind = first if first and not at else self.draw(one_of("Scale", "Square", "Double"))
            self.kinds.append(kind)
            name = f"layer_{len(self.kinds)}"
            arrays = [f"{one}_{len(self.kinds)}" for one in "wb"] if kind == "Scale" else []
            self.made.append(("make", name, kind, tuple(map(self.numbers, arrays))))
            names.append(ref(name))
        return names

    @property
    def steps(self):
        """The steps that lend the classes and make the layers."""
        kinds = sorted(set(self.kinds), key=list(LENT).index)
        return [*(("lend", kind, LENT[kind]) for kind in kinds), *self.made]


ZERO, TRAIN, EVAL = (("do", "a", name, ()) for name in ("zero_grad", "train", "eval"))
LISTS = (("ask", "a", "parameters", ()), ("ask", "a", "gradients", ()))


def passing(inside, end="", name="a"):
    """Draw inputs and an upstream gradient; return the steps of a forward and of a backward."""
    rows = inside.draw(between(1, 3))
    x, grad_out = (inside.numbers(f"{one}{end}", rows) for one in ("x", "grad_out"))
    return ("call", name, "forward", (x,)), ("call", name, "backward", (grad_out,))


def net(layers, name="a"):
    """Return the step that makes a Sequential."""
    return ("new", name, (layers,))


@strategy
def one_pass(draw, first=""):
    inside = Inside(draw)
    layers = inside.layers(draw(between(1, 3)), first=first)
    forward, backward = passing(inside)
    back = [backward] * draw(between(0, 1))
    return script(inside.given, *inside.steps, net(layers), LISTS[0], forward, *back, LISTS[1])


@strategy
def again(draw):
    inside = Inside(draw)
    layers = inside.layers(draw(between(1, 3)), first=draw(one_of("Scale", "Square")))
    first, second = passing(inside), passing(inside, "_2")
    zero = [ZERO, LISTS[1]] * draw(between(0, 1))
    once_more = [second[1]] * draw(between(0, 1))
    return script(
        inside.given, *inside.steps, net(layers), LISTS[1], *first, LISTS[1], *zero, *second,
        *once_more, LISTS[1],
    )  # fmt: skip


@strategy
def two(draw):
    inside = Inside(draw)
    layers, others = inside.layers(draw(between(1, 2))), inside.layers(draw(between(1, 2)))
    (forward, backward), theirs = passing(inside), passing(inside, "_2", "other")
    backs = [theirs[1], backward] if draw(one_of(True, False)) else [backward, theirs[1]]
    return script(
        inside.given, *inside.steps, net(layers), net(others, "other"), forward, theirs[0], *backs,
        *[ZERO] * draw(between(0, 1)), *LISTS, ("ask", "other", "parameters", ()),
        ("ask", "other", "gradients", ()),
    )  # fmt: skip


@strategy
def nested(draw):
    """Put a Sequential into a Sequential."""
    inside = Inside(draw)
    inner, outer = inside.layers(draw(between(1, 2))), inside.layers(draw(between(1, 2)))
    place = draw(between(0, len(outer)))
    layers = [*outer[:place], ref("inner"), *outer[place:]]
    forward, backward = passing(inside)
    mode = [draw(one_of(EVAL, ZERO))] * draw(between(0, 1))
    return script(
        inside.given, *inside.steps, net(inner, "inner"), net(layers), *mode, forward, backward,
        *[ZERO] * draw(between(0, 1)), *LISTS,
    )  # fmt: skip


@strategy
def modes(draw):
    inside = Inside(draw)
    count, first = draw(between(1, 3)), draw(one_of("Double", "Scale", "Square"))
    layers = inside.layers(count, first=first)
    if first != "Double":
        layers += inside.layers(1, first="Double")
    first, second = passing(inside), passing(inside, "_2")
    change = [TRAIN] if draw(one_of(False, True)) else []
    return script(
        inside.given, *inside.steps, net(layers), EVAL, *[EVAL] * draw(between(0, 1)), first[0],
        *change, first[1], *(change or [TRAIN]), *second, LISTS[1],
    )  # fmt: skip


@strategy
def too_early(draw):
    inside = Inside(draw)
    layers, others = inside.layers(draw(between(1, 3))), inside.layers(1)
    forward, backward = passing(inside)
    other = [net(others, "other"), ("call", "other", *forward[2:])] * draw(between(0, 1))
    refusal = ("raises", "RuntimeError", *backward)
    return script(
        inside.given, *inside.steps, *other, net(layers), refusal, LISTS[1], forward, backward,
        LISTS[1],
    )  # fmt: skip


@strategy
def trained(draw):
    """Change the first parameter in place; look at the layer that it belongs to."""
    inside = Inside(draw)
    layers = inside.layers(draw(between(0, 1))) + inside.layers(draw(between(1, 2)), first="Scale")
    (forward, backward), change = passing(inside), ("change", "a", "parameters", 0.5)
    owner = f"layer_{inside.kinds.index('Scale') + 1}"
    return script(
        inside.given, *inside.steps, net(layers), forward, backward, change,
        ("get", owner, "weight"), *[ZERO] * draw(between(0, 1)), forward, backward,
        ("get", owner, "grad_weight"), *LISTS,
    )  # fmt: skip


def has(kind):
    """Return a feature: whether such a layer is among them."""
    return lambda script: any(step[0] == "make" and step[2] == kind for step in script)


def calls(method):
    """Return a feature: whether a script calls a method."""
    return lambda script: any(step[0] == "do" and step[2] == method for step in script)


def longest(script):
    """Return how many layers the largest Sequential has."""
    return max(len(step[2][0]) for step in script if step[0] == "new")


exercise = Exercise(
    points=4,
    decks=(),
    requires=("Linear", "Dropout"),
    levels={
        "one object, one pass": one_pass(),
        "again": again(),
        "two objects": either(two(), nested()),
        "modes": modes(),
        "backward too early": too_early(),
        "trained": trained(),
    },
    features={
        "a single layer": lambda script: longest(script) == 1,
        "three layers": lambda script: longest(script) > 2,
        "a layer without parameters": has("Square"),
        "a layer that has modes": has("Double"),
        "zero_grad": calls("zero_grad"),
        "eval": calls("eval"),
        "a Sequential inside": lambda script: any(
            step[0] == "new" and ref("inner") in step[2][0] for step in script
        ),
        "a change in place": lambda script: any(step[0] == "change" for step in script),
    },
    hints=(
        "What does a layer give to the one behind it, and what does that one give back? Must every "
        "layer have parameters, or a mode?",
        "one = Linear(array([[2.0]]), array([0.0]))\n"
        "two = Linear(array([[3.0]]), array([5.0]))\n"
        "a = Sequential([one, two])\n"
        "a.forward(array([[4.0]])) = [[29.0]]     3 * (2 * 4) + 5\n"
        "a.backward(array([[1.0]])) = [[6.0]]     1 through two: 3, through one: 3 * 2\n"
        "two.grad_weight = [[8.0]]\n"
        "one.grad_weight = [[12.0]]",
        "def forward(self, x):\n"
        "    for layer in ...:\n"
        "        x = ...\n"
        "    return x\n"
        "def eval(self):\n"
        "    for layer in ...:\n"
        "        if ...:              # not every layer has modes\n"
        "            ...",
    ),
)


def module_of(layer):
    """Return a layer as a module of torch's, whose backward is its own."""
    import torch

    class Through(torch.autograd.Function):
        @staticmethod
        def forward(_, x):
            return layer.forward(x).detach().clone()

        @staticmethod
        def backward(_, grad_out):
            return layer.backward(grad_out)

    class Module(torch.nn.Module):
        def forward(self, x):
            return Through.apply(x)

    return Module()


def joined(lists):
    """Return the items of all lists in one."""
    return [item for one in lists for item in one]


@exercise.equivalent
class Chain:
    def __init__(self, layers):
        self.layers, self.out = list(layers), None

    def forward(self, x):
        import torch

        with torch.enable_grad():
            self.given = x.detach().clone().requires_grad_()
            self.out = torch.nn.Sequential(*map(module_of, self.layers))(self.given)
        return self.out.detach().clone()

    def backward(self, grad_out):
        if self.out is None:
            raise RuntimeError
        return pulled_back(self.out, self.given, grad_out)[0]

    def each(self, method, layers=None):
        """Return what the layers say that have a method."""
        having = [one for one in layers or self.layers if hasattr(one, method)]
        return [getattr(one, method)() for one in having]

    def zero_grad(self):
        self.each("zero_grad")

    def train(self):
        self.each("train")

    def eval(self):
        self.each("eval")

    def parameters(self):
        return joined(self.each("parameters"))

    def gradients(self):
        return joined(self.each("gradients"))


# ----------------------------------------------------------------------------- forward, backward


class Looping(Chain):
    """A chain whose forward is left to the layers one by one."""

    def backward(self, grad_out):
        if self.out is None:
            raise RuntimeError
        return self.back(grad_out)


@exercise.mistake(
    "backward goes through the layers in the order of the forward: begin with the last one."
)
class backward_from_the_front(Looping):
    def back(self, grad_out):
        for layer in self.layers:
            grad_out = layer.backward(grad_out)
        return grad_out


@exercise.mistake(
    "Each layer gets grad_out itself: what a layer returns is what the one before it gets."
)
class grad_out_for_all(Looping):
    def back(self, grad_out):
        first, *_ = [layer.backward(grad_out) for layer in self.layers]
        return first


@exercise.mistake("backward ends at the last layer: go on to those before it.")
class last_layer_back(Looping):
    def back(self, grad_out):
        return self.layers[-1].backward(grad_out)


@exercise.mistake("backward leaves the first layer out: it returns the gradient of x.")
class first_left_out(Looping):
    def back(self, grad_out):
        for at in range(len(self.layers) - 1, 0, -1):
            grad_out = self.layers[at].backward(grad_out)
        return grad_out


@exercise.mistake("backward returns nothing: return what the first layer returned.")
class returns_nothing(Chain):
    def backward(self, grad_out):
        super().backward(grad_out)


@exercise.mistake(
    "backward turns the list of layers round itself (reverse), so that the next forward begins at "
    "the end: use reversed."
)
class list_turned(Looping):
    def back(self, grad_out):
        self.layers.reverse()
        for layer in self.layers:
            grad_out = layer.backward(grad_out)
        return grad_out


@exercise.mistake("backward begins with zero_grad; gradients add up until somebody asks for it.")
class zeroed_in_backward(Chain):
    def backward(self, grad_out):
        self.zero_grad()
        return super().backward(grad_out)


@exercise.mistake("forward calls zero_grad; gradients add up until somebody asks for it.")
class zeroed_in_forward(Chain):
    def forward(self, x):
        self.zero_grad()
        return super().forward(x)


@exercise.mistake("Each layer gets x itself: give it what the one before it returned.")
class x_for_all(Chain):
    def forward(self, x):
        self.out = True
        return [layer.forward(x) for layer in self.layers][-1]

    def backward(self, grad_out):
        if self.out is None:
            raise RuntimeError
        for layer in reversed(self.layers):
            grad_out = layer.backward(grad_out)
        return grad_out


@exercise.mistake("forward goes through the layers from the last to the first.")
class forward_from_the_end(Chain):
    def forward(self, x):
        self.layers.reverse()
        result = super().forward(x)
        self.layers.reverse()
        return result


@exercise.mistake("The last layer is left out.")
class without_the_last(Chain):
    def __init__(self, layers):
        super().__init__(layers[:-1])


@exercise.mistake("Only the first layer is used.")
class first_layer_only(Chain):
    def __init__(self, layers):
        super().__init__(layers[:1])


@exercise.mistake(
    "backward before any forward says nothing: let the RuntimeError of the layers through."
)
class silent(Chain):
    def backward(self, grad_out):
        return None if self.out is None else super().backward(grad_out)


@exercise.mistake(
    "The list of layers belongs to the class, so that all objects have the layers of all. Write "
    "it to self."
)
class layers_of_the_class(Chain):
    every = ()

    def __init__(self, layers):
        super().__init__(layers)
        type(self).every = [*self.every, *layers]

    @property
    def layers(self):
        return list(type(self).every)

    @layers.setter
    def layers(self, _):
        pass


@exercise.mistake(
    "The layers of the newest object are those of all: the list belongs to the class. Write it to "
    "self."
)
class newest_layers(Chain):
    layers = property(
        lambda self: type(self).newest, lambda self, value: setattr(type(self), "newest", value)
    )


# ---------------------------------------------------------------------------- what is handed on


@exercise.mistake("zero_grad is not handed on to the layers.")
class zero_grad_stays(Chain):
    def zero_grad(self):
        pass


@exercise.mistake("zero_grad is handed on to the first layer alone.")
class first_zeroed(Chain):
    def zero_grad(self):
        self.each("zero_grad", self.layers[:1])


@exercise.mistake("eval is not handed on to the layers.")
class eval_stays(Chain):
    def eval(self):
        pass


@exercise.mistake("train is not handed on to the layers.")
class train_stays(Chain):
    def train(self):
        pass


@exercise.mistake("train and eval are handed on to the first layer alone.")
class first_in_mode(Chain):
    def train(self):
        self.each("train", self.layers[:1])

    def eval(self):
        self.each("eval", self.layers[:1])


@exercise.mistake("train and eval are taken for each other.")
class modes_turned(Chain):
    train, eval = Chain.eval, Chain.train


@exercise.mistake(
    "The modes are set as an attribute of the layers: call their train() and eval(), which may do "
    "more, as a Sequential inside does."
)
class modes_set_from_outside(Chain):
    def train(self):
        self.set_modes(on=True)

    def eval(self):
        self.set_modes(on=False)

    def set_modes(self, *, on):
        for layer in self.layers:
            if isinstance(layer, Chain):
                layer.training = on
            else:
                (layer.train if on else layer.eval)() if hasattr(layer, "train") else None


@exercise.mistake("Not every layer has zero_grad: ask whether it is there (hasattr).")
class zero_grad_of_all(Chain):
    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()


@exercise.mistake("Not every layer has modes: ask whether train and eval are there (hasattr).")
class modes_of_all(Chain):
    def train(self):
        for layer in self.layers:
            layer.train()

    def eval(self):
        for layer in self.layers:
            layer.eval()


@exercise.mistake("Not every layer has parameters: ask whether it does (hasattr).")
class parameters_of_all(Chain):
    def parameters(self):
        return joined([layer.parameters() for layer in self.layers])

    def gradients(self):
        return joined([layer.gradients() for layer in self.layers])


@exercise.mistake("parameters and gradients are those of the first layer alone.")
class parameters_of_the_first(Chain):
    def parameters(self):
        return joined(self.each("parameters", self.layers[:1]))

    def gradients(self):
        return joined(self.each("gradients", self.layers[:1]))


@exercise.mistake("parameters and gradients are those of the last layer alone.")
class parameters_of_the_last(Chain):
    def parameters(self):
        return joined(self.each("parameters", self.layers[-1:]))

    def gradients(self):
        return joined(self.each("gradients", self.layers[-1:]))


@exercise.mistake(
    "parameters and gradients are lists of lists, one for each layer: they are one list of arrays "
    "(extend, not append)."
)
class lists_of_lists(Chain):
    def parameters(self):
        return self.each("parameters")

    def gradients(self):
        return self.each("gradients")


@exercise.mistake("parameters and gradients begin at the last layer: they follow the layers.")
class lists_from_the_end(Chain):
    def parameters(self):
        return joined(self.each("parameters")[::-1])

    def gradients(self):
        return joined(self.each("gradients")[::-1])


@exercise.mistake("parameters has all weights and then all biases: it goes layer by layer.")
class weights_first(Chain):
    def parameters(self):
        return super().parameters()[::2] + super().parameters()[1::2]


@exercise.mistake("gradients returns the parameters.")
class parameters_for_gradients(Chain):
    def gradients(self):
        return self.parameters()


@exercise.mistake("parameters returns copies: an optimiser then trains those, not the layers.")
class copies_of_parameters(Chain):
    def parameters(self):
        return [one.clone() for one in super().parameters()]


@exercise.mistake(
    "The list of gradients is made once, in the constructor: a layer may have other arrays by now. "
    "Ask for them each time."
)
class gradients_of_the_beginning(Chain):
    def __init__(self, layers):
        super().__init__(layers)
        self.kept = super().gradients()

    def gradients(self):
        return self.kept


@exercise.mistake(
    "parameters() has a list for each layer: put the arrays themselves into one, with extend and "
    "not with append."
)
class lists_of_parameters(Chain):
    def parameters(self):
        return self.each("parameters")
