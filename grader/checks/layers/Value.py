"""A number that remembers what it was made of, and so finds its own derivatives."""

import math
import operator

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

VALUES = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv,
    "pow": operator.pow, "neg": operator.neg, "sum": lambda *all_: sum(all_), "tanh": math.tanh,
    "relu": lambda a: max(a, 0.0), "exp": math.exp, "log": math.log,
}  # fmt: skip
EXACT = ("add", "sub", "mul", "neg", "relu", "sum")  # of numbers with few binary places
ONE = ("neg", "tanh", "relu", "exp", "log", "pow")
TWO = ("mul", "add", "sub", "truediv")
ANY = (*TWO, *TWO, *ONE)
NUMBERS = one_of(2.0, 3.0, -1.0, 0.5, -2.5, 1.0)
EXPONENTS = one_of(2, 3, -1, 1, 0.5, -2, 0)
LARGEST, STEEPEST, APART, STEP = 40.0, 300.0, 1e-3, 1e-5


class ScriptOfValues:
    """A script about Values that is being drawn: its steps, and the numbers that are known."""

    def __init__(self, draw, leaves):
        self.draw, self.steps, self.known = draw, [], {}
        for name, number in zip("abc", leaves, strict=False):
            self.steps.append(("new", name, (number,)))
            self.known[name] = number, 1.0, True
        self.loose = list(self.known)  # what nothing was made of yet

    def add(self, operation, *given):
        """Make one Value more; where its number or slope would be none to compare, by tanh."""
        made = self._outcome(operation, given)
        if made is None:
            operation, given = "tanh", [one for one in given if isinstance(one, str)][:1]
            made = self._outcome(operation, given)
        name = f"y{len(self.known) - 1}" if len(self.known) > 1 else "y"
        refs = tuple(ref(one) if isinstance(one, str) else one for one in given)
        self.steps.append(("op", name, operation, refs))
        self.known[name] = made
        self.loose = [one for one in self.loose if one not in given] + [name]
        return name

    def _outcome(self, operation, given):
        """Return what is known of a result: its number, how steep it is, whether it is exact."""
        known = [self.known[one] if isinstance(one, str) else (one, 0.0, True) for one in given]
        numbers, exact = [one[0] for one in known], all(one[2] for one in known)
        last = numbers[-1]
        allowed = {
            "truediv": abs(last) >= 0.25,
            "pow": last >= 1 or numbers[0] >= 0.25 or (last in (-1, -2, 0) and numbers[0] <= -0.25),
            "exp": last < 4.0,
            "log": last >= 0.1,
            "relu": exact or abs(last) > APART,
        }.get(operation, True)
        if not allowed:
            return None
        value = VALUES[operation](*numbers)
        steep = sum(
            abs(_moved(operation, numbers, at, STEP) - _moved(operation, numbers, at, -STEP))
            / (2 * STEP) * one[1]
            for at, one in enumerate(known)
        )  # fmt: skip
        if abs(value) > max(LARGEST, *map(abs, numbers)) or steep > STEEPEST:
            return None
        return value, max(1.0, steep), exact and operation in EXACT

    def draw_operation(self, left=False, again=False):
        """Draw an operation on what is there: on loose ends, or on anything."""
        names = list(self.known) if again else self.loose
        name = names[-1 - self.draw(between(0, len(names) - 1))]
        operation = self.draw(one_of(*ANY))
        if operation == "pow":
            return self.add(operation, name, self.draw(EXPONENTS))
        if operation in ONE:
            return self.add(operation, name)
        others = names if again else [one for one in names if one != name]
        place = self.draw(between(0, len(others)))
        if place == len(others):
            return self.add(operation, name, self.draw(NUMBERS))
        given = (name, others[place])
        return self.add(operation, *(given if self.draw(one_of(True, False)) else given[::-1]))

    def backward(self, name):
        """Add a backward, and a look at every gradient."""
        self.steps.append(("do", name, "backward", ()))
        self.look()

    def look(self, attribute="grad"):
        """Look at all Values."""
        self.steps += [("get", name, attribute) for name in self.known]

    @property
    def last(self):
        """What was made last."""
        return list(self.known)[-1]


def _moved(operation, numbers, at, by):
    """Return an operation's number where one that it is made of is a little more or less."""
    moved = [number + by * (place == at) for place, number in enumerate(numbers)]
    return VALUES[operation](*moved)


def leaves(draw, most=3):
    """Draw a few numbers; two of them may be equal."""
    found = draw(array(draw(between(1, most)), of=dyadic)).tolist()
    return found[:1] + found[:1] * draw(between(0, 1)) + found[1:]


@strategy
def trees(draw, backward=False, most=5):
    """Use each Value once."""
    drawn = ScriptOfValues(draw, leaves(draw))
    if not backward:
        drawn.look()
    for _ in range(draw(between(1, most))):
        drawn.draw_operation()
    if backward:
        drawn.backward(drawn.last)
    else:
        drawn.look("data")
        drawn.look()
    return script({}, *drawn.steps)


@strategy
def edges(draw, backward=False):
    """Go where a tanh is flat, and where a ReLU has its kink."""
    number, operation = draw(
        one_of(
            (0.0, "relu"), (1000.0, "tanh"), (-1000.0, "tanh"), (0.0, "tanh"), (-2.0, "relu"),
            (800.0, "relu"), (-800.0, "tanh"), (0.0, "pow"),
        )
    )  # fmt: skip
    drawn = ScriptOfValues(draw, [number])
    drawn.add(operation, "a", *([draw(one_of(1, 2, 3))] if operation == "pow" else []))
    for _ in range(draw(between(0, 2))):
        drawn.draw_operation()
    if backward:
        drawn.backward(drawn.last)
    return script({}, *drawn.steps)


@strategy
def woven(draw, most=7):
    """Use Values in any number of places; not all need be a part of what comes last."""
    drawn = ScriptOfValues(draw, leaves(draw))
    for _ in range(draw(between(1, most))):
        drawn.draw_operation(again=True)
    drawn.backward(drawn.last)
    return script({}, *drawn.steps)


@strategy
def squares(draw):
    """Use one Value on both sides of an operation."""
    drawn = ScriptOfValues(draw, draw(array(1, of=dyadic)).tolist())
    name = drawn.add(draw(one_of(*TWO)), "a", "a")
    for _ in range(draw(between(0, 2))):
        name = drawn.add(draw(one_of("add", "mul")), *draw(one_of((name, "a"), ("a", name))))
    drawn.backward(name)
    return script({}, *drawn.steps)


@strategy
def chains(draw):
    """Double a Value some twelve times, or go on for up to 200 steps."""
    drawn, name = ScriptOfValues(draw, [draw(one_of(0.125, -0.125))]), "a"
    if draw(one_of(True, False)):
        drawn.known["a"] = 2.0**-10, 2.0**-10, True
        drawn.steps = [("new", "a", (2.0**-10,))]
        for _ in range(draw(between(2, 12))):
            name = drawn.add("add", name, name)
    else:
        operation, other = draw(one_of(("add", "a"), ("sub", "a"), ("add", 0.125)))
        for _ in range(draw(between(2, 200))):
            name = drawn.add(operation, name, other)
    drawn.steps += [("do", name, "backward", ()), ("get", "a", "grad"), ("get", name, "grad")]
    return script({}, *drawn.steps)


@strategy
def detours(draw):
    """Use an inner Value at once, and again by way of others that come of it."""
    drawn = ScriptOfValues(draw, leaves(draw, most=2))
    inner = name = drawn.draw_operation()
    for _ in range(draw(between(1, 3))):
        operation = draw(one_of("mul", "neg", "tanh", "add"))
        name = drawn.add(operation, name, *([] if operation in ONE else [draw(NUMBERS)]))
    drawn.add(draw(one_of("add", "mul", "sub")), *draw(one_of((inner, name), (name, inner))))
    drawn.backward(drawn.last)
    return script({}, *drawn.steps)


@strategy
def on_the_left(draw):
    """Put a number before the operator, or take the sum of a list."""
    drawn = ScriptOfValues(draw, leaves(draw))
    for _ in range(draw(between(0, 1))):
        drawn.draw_operation(again=True)
    for _ in range(draw(between(1, 2))):
        operation = draw(one_of("sub", "truediv", "add", "mul", "sum"))
        if operation == "sum":
            names = list(drawn.known)
            drawn.add("sum", *names[: draw(between(1, len(names)))])
        else:
            drawn.add(operation, draw(NUMBERS), drawn.last)
    drawn.backward(drawn.last)
    return script({}, *drawn.steps)


@strategy
def several(draw, most=4):
    """Go backward more than once: from one Value, or from two that have a part in common."""
    drawn = ScriptOfValues(draw, leaves(draw, most=2))
    for _ in range(draw(between(1, most))):
        drawn.draw_operation(again=True)
    first = drawn.last
    drawn.backward(first)
    other = draw(one_of("same", "more", "part"))
    if other == "more":
        drawn.add(draw(one_of("mul", "add")), *draw(one_of((first, "a"), ("a", first))))
        drawn.draw_operation(again=True)
    elif other == "part":
        names = list(drawn.known)
        first = names[draw(between(0, len(names) - 1))]
    if draw(one_of(False, True)):
        names = list(drawn.known)
        drawn.steps.append(("set", names[draw(between(0, len(names) - 1))], "grad", 0.0))
    for _ in range(draw(between(1, 2))):
        drawn.backward(drawn.last if other == "more" else first)
    return script({}, *drawn.steps)


def makes(operation):
    """Return a feature: whether a script has this operation."""
    return lambda script: any(step[0] == "op" and step[2] == operation for step in script)


def uses_twice(script):
    """Tell whether a Value has a part in two others, or twice in one."""
    used = [str(one) for step in script if step[0] == "op" for one in step[3]]
    return any(used.count(one) > 1 for one in used if "ref" in one)


def has_number_first(script):
    """Tell whether a number stands on the left of an operator."""
    return any(step[0] == "op" and not isinstance(step[3][0], dict) for step in script)


def has_equal_leaves(script):
    """Tell whether two Values are made of equal numbers."""
    numbers = [step[2] for step in script if step[0] == "new"]
    return len(set(numbers)) < len(numbers)


exercise = Exercise(
    points=6,
    decks=(),
    levels={
        "values": either(trees(), edges()),
        "one backward": either(trees(backward=True), edges(backward=True)),
        "nodes used twice": either(squares(), woven(), chains(), detours()),
        "numbers on the left": on_the_left(),
        "more than one backward": several(),
    },
    features={
        "a number on the left": has_number_first,
        "a Value that is used twice": uses_twice,
        "two Values of equal numbers": has_equal_leaves,
        "more than one backward": lambda script: sum(step[0] == "do" for step in script) > 1,
        "a gradient that is set": lambda script: any(step[0] == "set" for step in script),
        "relu": makes("relu"),
        "tanh": makes("tanh"),
        "exp": makes("exp"),
        "log": makes("log"),
        "a power": makes("pow"),
        "a quotient": makes("truediv"),
    },
    terms=lambda script: STEEPEST,  # noqa: ARG005 - they are drawn so that they fit
    hints=(
        "Which slopes does a new Value know when it is made? When backward comes to a Value, must "
        "all that was made of it have had its turn before?",
        "a = Value(3.0)\n"
        "b = a * a\n"
        "b.data = 9.0\n"
        "c = b + a\n"
        "c.data = 12.0\n"
        "c.backward() = None    d c / d b is 1; d c / d a is 1 + 2 * 3\n"
        "b.grad = 1.0\n"
        "a.grad = 7.0",
        "def backward(self):\n"
        "    order = ...              # each Value once, after all that it was made of\n"
        "    passed = {self: 1.0}     # of this call alone\n"
        "    for node in ...:         # the other way round\n"
        "        node.grad += ...\n"
        "        for each part of node and the slope towards it:\n"
        "            ...              # the part gets slope times what came to the node",
    ),
)


def sides(function):
    """Return an operator for a Value on the left, and for one on the right."""
    return (
        lambda self, other: self.made(function, self, other),
        lambda self, other: self.made(function, other, self),
    )


def torch_function(name):
    """Return a method that makes a Value by a function of torch's."""

    def method(self):
        import torch

        return self.made(getattr(torch, name), self)

    return method


@exercise.equivalent
class Scalar:
    def __init__(self, data):
        import torch

        self.tensor = torch.tensor(float(data), dtype=torch.float64, requires_grad=True)

    def made(self, function, *given):
        new = type(self)(0.0)
        new.tensor = function(*(one.tensor if isinstance(one, Scalar) else one for one in given))
        new.tensor.retain_grad()
        return new

    __add__, __radd__ = sides(operator.add)
    __sub__, __rsub__ = sides(operator.sub)
    __mul__, __rmul__ = sides(operator.mul)
    __truediv__, __rtruediv__ = sides(operator.truediv)
    __pow__, _ = sides(operator.pow)
    tanh, relu, exp, log = map(torch_function, ("tanh", "relu", "exp", "log"))

    def __neg__(self):
        return self.made(operator.neg, self)

    @property
    def data(self):
        return self.tensor.detach()

    @property
    def grad(self):
        return 0.0 if self.tensor.grad is None else self.tensor.grad.item()

    @grad.setter
    def grad(self, value):
        self.tensor.grad = self.tensor.detach() * 0 + value

    def backward(self):
        self.tensor.backward(retain_graph=True)


# ------------------------------------------------------------------- slopes that are other ones


def sloping(result, *towards):
    """Return a Value whose slopes towards others are not those of its number."""
    tensor = result.tensor.detach()
    for one, slope in towards:
        tensor = tensor + slope.detach() * (one.tensor - one.tensor.detach())
    result.tensor = tensor
    tensor.retain_grad()
    return result


@exercise.mistake("relu has slope 1 at 0: it is 0 there (x > 0, not x >= 0).")
class slope_at_zero(Scalar):
    def relu(self):
        return sloping(super().relu(), (self, (self.tensor >= 0) * 1.0))


@exercise.mistake("relu lets every gradient pass: where it gives 0, its slope is 0, too.")
class relu_passes_all(Scalar):
    def relu(self):
        return sloping(super().relu(), (self, self.tensor * 0 + 1))


@exercise.mistake(
    "relu gives the Value itself where it is positive: each operation gives a new one."
)
class relu_of_itself(Scalar):
    def relu(self):
        return self if self.tensor > 0 else super().relu()


@exercise.mistake("tanh is computed by exp(2 * x), which overflows at large x: math.tanh does not.")
class tanh_overflows(Scalar):
    def tanh(self):
        if self.tensor > 354.5:
            raise OverflowError
        return super().tanh()


@exercise.mistake(
    "tanh is computed by exp(x) and exp(-x), one of which overflows at large numbers of either "
    "sign: math.tanh does not."
)
class tanh_overflows_on_both_sides(Scalar):
    def tanh(self):
        if abs(self.tensor) > 709.5:
            raise OverflowError
        return super().tanh()


@exercise.mistake(
    "tanh is not a number where its exponentials are infinite: inf / inf. np.tanh is right there."
)
class tanh_not_a_number(Scalar):
    def tanh(self):
        one = (2 * self.tensor).exp()
        return super().tanh() if one.isfinite() else self.made(lambda x: (one - 1) / (one + 1) * x)


@exercise.mistake("The slope of tanh is 1 - out ** 2, of what it gave; not 1 - x ** 2.")
class tanh_slope_of_input(Scalar):
    def tanh(self):
        return sloping(super().tanh(), (self, 1 - self.tensor**2))


@exercise.mistake("The slope of tanh is 1 - out ** 2; the square is missing.")
class tanh_slope_without_square(Scalar):
    def tanh(self):
        result = super().tanh()
        return sloping(result, (self, 1 - result.tensor))


@exercise.mistake("exp is its own slope; this takes the number itself.")
class exp_slope_of_input(Scalar):
    def exp(self):
        return sloping(super().exp(), (self, self.tensor))


@exercise.mistake("exp is taken for a power: its slope is exp(x), not x * exp(x - 1).")
class exp_as_power(Scalar):
    def exp(self):
        return sloping(super().exp(), (self, self.tensor * (self.tensor - 1).exp()))


@exercise.mistake("The slope of log is 1 / x, of the number itself and not of its logarithm.")
class log_slope_of_output(Scalar):
    def log(self):
        result = super().log()
        return sloping(result, (self, 1 / result.tensor))


@exercise.mistake("The slope of a power is k * x ** (k - 1): the exponent has to be one less.")
class exponent_kept(Scalar):
    def __pow__(self, k):
        return sloping(super().__pow__(k), (self, k * self.tensor**k))


@exercise.mistake("The slope of a power is k * x ** (k - 1): the factor k is missing.")
class exponent_no_factor(Scalar):
    def __pow__(self, k):
        return sloping(super().__pow__(k), (self, self.tensor ** (k - 1)))


def number_of(one):
    return one if isinstance(one, Scalar) else Scalar(one)


@exercise.mistake("The slope of a product towards one factor is the other; each gets its own here.")
class own_factor(Scalar):
    def __mul__(self, other):
        other = number_of(other)
        towards = (self, self.tensor), (other, other.tensor)
        return sloping(super().__mul__(other), *towards)

    __rmul__ = __mul__


@exercise.mistake("What is subtracted gets a gradient of the wrong sign.")
class subtracted_with_plus(Scalar):
    def __sub__(self, other):
        other = number_of(other)
        return sloping(super().__sub__(other), (self, self.tensor**0), (other, self.tensor**0))

    def __rsub__(self, other):
        return number_of(other) - self


@exercise.mistake("The slope towards the divisor is -a / b ** 2; the minus is missing.")
class divisor_without_minus(Scalar):
    def __truediv__(self, other):
        a, b = self.tensor, number_of(other).tensor
        towards = (self, 1 / b), (number_of(other), a / b**2)
        return sloping(super().__truediv__(other), *towards)

    def __rtruediv__(self, other):
        return number_of(other) / self


@exercise.mistake("The slope towards the divisor is -a / b ** 2; the square is missing.")
class divisor_without_square(Scalar):
    def __truediv__(self, other):
        a, b = self.tensor, number_of(other).tensor
        towards = (self, 1 / b), (number_of(other), -a / b)
        return sloping(super().__truediv__(other), *towards)

    def __rtruediv__(self, other):
        return number_of(other) / self


# ------------------------------------------------------------------------ numbers and operators


@exercise.mistake("number - Value comes out as Value - number: __rsub__ has them turned round.")
class rsub_turned(Scalar):
    def __rsub__(self, other):
        return self - other


@exercise.mistake("number / Value comes out as Value / number: __rtruediv__ has them turned round.")
class rtruediv_turned(Scalar):
    def __rtruediv__(self, other):
        return self / other


@exercise.mistake(
    "A number on the left is not understood: Python then asks the Value on the right, by __radd__, "
    "__rsub__, __rmul__ and __rtruediv__."
)
class no_number_on_the_left(Scalar):
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = None


@exercise.mistake(
    "number + Value is missing, and with it sum([...]), which begins with 0 + the first: write "
    "__radd__."
)
class radd_missing(Scalar):
    __radd__ = None


@exercise.mistake(
    "number - Value and number / Value are missing: write __rsub__ and __rtruediv__, too."
)
class rsub_and_rtruediv_missing(Scalar):
    __rsub__ = __rtruediv__ = None


@exercise.mistake(
    "number * Value is missing: 2 * a asks a for __rmul__, since a number knows no Values."
)
class rmul_missing(Scalar):
    __rmul__ = None


@exercise.mistake(
    "number + Value and number * Value are missing, and with the first sum([...]): write __radd__ "
    "and __rmul__, too."
)
class radd_and_rmul_missing(Scalar):
    __radd__ = __rmul__ = None


@exercise.mistake(
    "number - Value is missing: 1 - a asks a for __rsub__, since a number knows no Values."
)
class rsub_missing(Scalar):
    __rsub__ = None


@exercise.mistake(
    "number / Value is missing: 1 / a asks a for __rtruediv__, since a number knows no Values."
)
class rtruediv_missing(Scalar):
    __rtruediv__ = None


@exercise.mistake("A Python number has no .data: make a Value of it before you compute with it.")
class numbers_not_wrapped(Scalar):
    def made(self, function, *given):
        if function is not operator.pow and not all(isinstance(one, Scalar) for one in given):
            raise AttributeError
        return super().made(function, *given)


@exercise.mistake("The operation changes the Value itself: each one gives a new Value.")
class changes_itself(Scalar):
    def __add__(self, other):
        new = super().__add__(other)
        self.tensor = new.tensor
        return self


@exercise.mistake("grad is None until backward: it is 0.0 at first.")
class none_at_first(Scalar):
    @property
    def grad(self):
        return None if self.tensor.grad is None else self.tensor.grad.item()

    @grad.setter
    def grad(self, value):
        self.tensor.grad = self.tensor.detach() * 0 + value


# ----------------------------------------------------------------------- other ways to go back


class Walked(Scalar):
    """A Value that knows its parts and the slopes towards them, for those who go astray."""

    grad = 0.0

    def __init__(self, data):
        super().__init__(data)
        self.parts = []

    def made(self, function, *given):
        import torch

        new = super().made(function, *given)
        parts = [one for one in given if isinstance(one, Scalar)]
        alone = [one.tensor.detach().requires_grad_() for one in parts]
        left = iter(alone)
        out = function(*(next(left) if isinstance(one, Scalar) else one for one in given))
        slopes = torch.autograd.grad(out, alone)
        new.parts = [(one, slope.item()) for one, slope in zip(parts, slopes, strict=True)]
        return new

    def before(self, found):
        """Return what this was made of, the parts first, and itself; what is found is not again."""
        if self not in found:
            found.append(self)
            parts = [one for part, _ in self.parts for one in part.before(found)]
            return [*parts, self]
        return []

    def give(self):
        """Give to each part what is in the gradient by now."""
        for part, slope in self.parts:
            part.grad += slope * self.grad


def going(walk):
    """Make a backward that goes through what a function says, and gives on at each."""

    def backward(self):
        self.grad += 1.0
        for one in walk(self):
            one.give()

    return backward


@exercise.mistake(
    "The old gradients of inner Values are passed on once more by a second backward: pass on what "
    "came in this call alone, and add it to grad."
)
class passes_old_on(Walked):
    def backward(self):
        self.grad = 1.0
        for one in reversed(self.before([])):
            one.give()


@exercise.mistake(
    "The old gradients of inner Values, such as the -b in a + (-b), are passed on once more by a "
    "second backward: pass on what came in this call alone, and add it to grad."
)
class passes_old_on_by_helpers(passes_old_on):
    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1


@exercise.mistake(
    "The old gradients are passed on once more by a second backward, its own and those of inner "
    "Values: pass on what came in this call alone, and add it to grad."
)
class passes_all_old_on(passes_old_on):
    backward = going(lambda self: reversed(self.before([])))


@exercise.mistake(
    "The old gradients are passed on once more by a second backward, its own and those of inner "
    "Values, such as the -b in a + (-b): pass on what came in this call alone, and add it to grad."
)
class passes_all_old_on_by_helpers(passes_old_on_by_helpers):
    backward = going(lambda self: reversed(self.before([])))


@exercise.mistake(
    "A gradient is overwritten where it has to be added to: a Value that is used twice gets from "
    "both."
)
class overwritten(Walked):
    def give(self):
        for part, slope in self.parts:
            part.grad = slope * self.grad

    backward = going(lambda self: reversed(self.before([])))


@exercise.mistake(
    "Each Value is gone through as often as it is met, and passes on all that is in its grad by "
    "then: what is used twice has its turn once, after both."
)
class as_often_as_met(Walked):
    def backward(self):
        self.grad += 1.0
        self.go_on()

    def go_on(self):
        for part, slope in self.parts:
            part.grad += slope * self.grad
            part.go_on()


def breadth_first(self):
    found = [self]
    for one in found:  # which grows meanwhile
        for part, _ in one.parts:
            found += [] if part in found else [part]
    return found


@exercise.mistake(
    "The Values are gone through in the order in which they are met, so that one may pass on its "
    "gradient before all of it has come: first all that was made of it (a topological order)."
)
class as_met(Walked):
    def backward(self):
        self.grad += 1.0
        found = []
        self.before(found)
        for one in found:
            one.give()


@exercise.mistake(
    "The Values are gone through level by level, so that one may pass on its gradient before all "
    "of it has come: first all that was made of it (a topological order)."
)
class level_by_level(Walked):
    backward = going(breadth_first)


@exercise.mistake(
    "The Values are gone through in the order of the forward: backward begins at the end, by "
    "reversed."
)
class not_reversed(Walked):
    backward = going(lambda self: self.before([]))


@exercise.mistake(
    "The order holds a Value several times, once for each use: remember which ones are in it."
)
class several_times(Walked):
    def before(self, found):
        return [*(one for part, _ in self.parts for one in part.before(found)), self]

    backward = going(lambda self: reversed(self.before([])))


@exercise.mistake(
    "The slopes are added without what came from above: multiply each by the gradient of the "
    "result (the chain rule)."
)
class without_the_chain_rule(Walked):
    def give(self):
        for part, slope in self.parts:
            part.grad += slope

    backward = going(lambda self: reversed(self.before([])))


@exercise.mistake(
    "Only what the last operation was made of gets a gradient: go on to what that was made of."
)
class one_operation_only(Walked):
    backward = going(lambda self: [self])


@exercise.mistake(
    "A Value is taken for another one whose number is equal: which it is decides (`is`), not data."
)
class equal_for_the_same(Walked):
    def __eq__(self, other):
        return self.data == other.data

    __hash__ = None
    backward = going(lambda self: reversed(self.before([])))


def reached(value):
    """Return a Value and all that it was made of."""
    found = [value]
    for one in found:  # which grows meanwhile
        found += [part for part, _ in one.parts if part not in found]
    return found


def of_this_call(wrong):
    """Return the same mistake where backward passes on what came in this call alone."""

    class Other(wrong):
        def backward(self):
            before = {one: one.grad for one in reached(self)}
            for one in before:
                one.grad = 0.0
            super().backward()
            for one, old in before.items():
                one.grad += old

    return Other


for wrong in (overwritten, as_often_as_met, as_met, level_by_level, several_times):
    message = exercise.mistakes[wrong.__name__.replace("_", "-")].message
    exercise.add(f"{wrong.__name__}_in_this_call", message, of_this_call(wrong))


@exercise.mistake("backward does not set the gradient of the Value itself to 1, so all stay 0.")
class without_a_beginning(Scalar):
    def backward(self):
        pass


@exercise.mistake("The inner Values get no gradient: all that it was made of do, and itself.")
class leaves_only(Scalar):
    @property
    def grad(self):
        return Scalar.grad.fget(self) if self.tensor.is_leaf else 0.0

    @grad.setter
    def grad(self, value):
        Scalar.grad.fset(self, value)


@exercise.mistake("The Value on which backward is called gets no gradient: its own is 1.")
class not_itself(Scalar):
    def backward(self):
        before = self.grad
        super().backward()
        self.grad = before


@exercise.mistake(
    "backward sets the gradient of the Value itself to 1: it adds 1 to what is there."
)
class own_gradient_set(Scalar):
    def backward(self):
        super().backward()
        self.grad = 1.0


@exercise.mistake("backward begins with zeros: it adds to the gradients of the calls before.")
class begins_anew(Walked):
    grad = Scalar.grad

    def backward(self):
        for one in self.before([]):
            one.grad = 0.0
        super().backward()


@exercise.mistake(
    "Which Values backward has been to is remembered from one call to the next, by the class or in "
    "a default: a second backward leaves them out. Begin with an empty set."
)
class been_there(Walked):
    def backward(self):
        if not hasattr(type(self), "been"):
            type(self).been = []
        self.grad += 1.0
        passed = {}
        for one in reversed(self.before(type(self).been)):
            came = passed.get(one, 0.0) + (one is self)
            for part, slope in one.parts:
                passed[part] = passed.get(part, 0.0) + slope * came
        for one, more in passed.items():
            one.grad += more


@exercise.mistake(
    "The order of the Values is kept from one backward to the next, by the class or in a default, "
    "so that it holds them twice. Begin with an empty list."
)
class order_kept(Walked):
    def backward(self):
        kept = type(self).__dict__.get("kept", [])
        type(self).kept = [*kept, *self.before([])]
        self.grad = 1.0
        for one in reversed(self.kept):
            one.give()
