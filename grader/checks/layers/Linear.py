"""A layer that remembers: its weights, the last inputs, and the gradients so far."""

from grader.checks.layers._layers import (
    BACKWARD,
    FORWARD,
    TOO_EARLY,
    ZERO,
    Remembering,
    backward,
    first_of,
    forward,
    has,
    of_layers,
    reads,
)
from grader.vocabulary import Exercise, array, between, one_of, ref, script, strategy

NEW = ("new", "a", (ref("weight"), ref("bias")))
OTHER = ("new", "other", (ref("weight"), ref("bias")))
GRADS = reads("grad_weight", "grad_bias")


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
    second = [forward("_2"), backward("_2")]
    zero, goes_on, twice = draw(one_of(False, True)), draw(one_of(True, False)), second[1:]
    calls = [BACKWARD, *GRADS, *[ZERO] * zero, *GRADS]
    calls += [*second, *twice * draw(between(0, 1))] if goes_on else [BACKWARD]
    return script(given, NEW, *GRADS, FORWARD, *calls, *GRADS, ("ask", "a", "gradients", ()))


@strategy
def two(draw):
    given = arrays(draw, "_2")
    once = [BACKWARD] * draw(between(0, 1))
    return script(
        given, NEW, OTHER, FORWARD, forward("_2", "other"), *once,
        *reads("grad_weight", "grad_bias", name="other"),
        backward("_2", "other"), BACKWARD, *GRADS, *reads("grad_weight", name="other"),
    )  # fmt: skip


@strategy
def too_early(draw):
    given = arrays(draw)
    others = [OTHER, forward(name="other")] * draw(between(0, 1))
    return script(given, *others, NEW, TOO_EARLY, *GRADS, FORWARD, BACKWARD)


@strategy
def trained(draw):
    given = arrays(draw)
    change = ("change", "a", draw(one_of("parameters", "weight", "bias")), 0.5)
    other = [OTHER] * draw(between(0, 1))
    after = forward(name="other") if other else FORWARD
    return script(
        given, NEW, *other, ("ask", "a", "parameters", ()), FORWARD, BACKWARD, change, after,
        ("get", "a", "weight"), ("get", "a", "bias"), FORWARD, BACKWARD, *GRADS,
    )  # fmt: skip


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
        "one sample": lambda script: len(first_of(script, "x")) == 1,
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
class LinearLayer(Remembering):
    def compute(self, x, weight, bias):
        import torch.nn.functional as F

        return F.linear(x, weight, bias)


of_layers(exercise, LinearLayer)


@exercise.mistake("grad_bias is averaged over the batch: add up the samples.")
class bias_averaged(LinearLayer):
    def backward(self, grad_out):
        before = self.grad_bias
        result = super().backward(grad_out)
        self.grad_bias = before + (self.grad_bias - before) / len(grad_out)
        return result


@exercise.mistake("The bias is forgotten in forward.")
class without_bias(LinearLayer):
    def forward(self, x):
        return super().forward(x) - self.bias
