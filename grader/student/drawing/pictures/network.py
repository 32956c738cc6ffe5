"""The computational graph of a two-layer net: one sample's numbers forward, gradients backward."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.figures import Graph, Vertex
from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import Role
from grader.student.drawing.held import wrong_part

if TYPE_CHECKING:
    from grader.render.drawings.figures import Matrix
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Array = np.ndarray[Any, Any]

NET, BACK = "linear.two_layer_forward", "linear.two_layer_backward"
LAYER, LAYER_BACK = "linear.linear_forward", "linear.linear_backward"
RELU, RELU_BACK = "activations.relu", "activations.relu_backward"
LOSS_BACK = "losses.cross_entropy_backward"
ORDER = ("z1", "a1", "z2", "p", "loss")  # forward, and then back again
SAYS = (
    "One sample goes through a two-layer net from the left to the right: a linear layer, ReLU, "
    "another linear layer, softmax, cross-entropy. From the right to the left comes the gradient "
    "of the loss with respect to every value on the way."
)
FORMULAS = {
    "x": "the sample", "w1": "weights", "b1": "bias", "z1": "x w1ᵀ + b1",
    "a1": "relu(z1)", "w2": "weights", "b2": "bias", "z2": "a1 w2ᵀ + b2", "p": "softmax(z2)",
    "loss": "-log p[target]",
}  # fmt: skip
PLACES = {
    "x": (0, 1), "w1": (1, 0), "b1": (1, 2), "z1": (1, 1), "a1": (2, 1), "w2": (3, 0), "b2": (3, 2),
    "z2": (3, 1), "p": (4, 1), "loss": (5, 1),
}  # fmt: skip
MADE_OF = {
    "z1": ("x", "w1", "b1"), "a1": ("z1",), "z2": ("a1", "w2", "b2"), "p": ("z2",), "loss": ("p",),
}  # fmt: skip
TELLS = {
    "z1": "z1 = x w1ᵀ + b1: the hidden layer before its activation",
    "a1": "a1 = relu(z1): what is below 0 becomes 0",
    "z2": "z2 = a1 w2ᵀ + b2: a score for each class",
    "p": "p = softmax(z2): probabilities",
    "loss": "loss = -log p[target]",
}
TELLS_BACK = {
    "loss": "the gradient of the loss itself is 1",
    "p": "softmax and cross-entropy together: their gradient lands on z2",
    "z2": "∂loss/∂z2 = p - 1 at the target, p elsewhere; w2 gets its product with a1",
    "a1": "∂loss/∂a1 = ∂loss/∂z2 w2",
    "z1": "∂loss/∂z1 = ∂loss/∂a1 where z1 > 0, else 0; w1 gets its product with x",
}


@dataclass
class Sample:
    """One sample and the net's parameters, with what is known of all values.

    Parameters
    ----------
    given
        x (1, D), w1, b1, w2, b2 as arrays.
    targets
        The right class, shape (1,).
    forward, gradient
        What the student's functions say, by name; missing where they do not.
    """

    given: dict[str, Array]
    targets: Array
    forward: dict[str, Array] = field(default_factory=dict)
    gradient: dict[str, Array] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[Array, ...]:
        """w1, b1, w2 and b2."""
        return tuple(self.given[name] for name in ("w1", "b1", "w2", "b2"))


def lecture() -> dict[str, Array]:
    """Return numbers small enough to be worked out by hand."""
    return {
        "x": np.array([[1.0, 2.0]]),
        "w1": np.array([[1.0, -0.5], [0.5, 1.0], [-1.0, 0.25]]),
        "b1": np.array([0.5, 0.0, 0.25]),
        "w2": np.array([[1.0, -0.5, 0.5], [0.0, 1.0, -1.0]]),
        "b2": np.array([0.25, -0.5]),
    }


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the graph, with the value lit that this step is about.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which step: forward through five values, then back through them.
    """
    sample, which = _sample(functions)
    _go_forward(functions, sample)
    _go_back(functions, sample)
    wrong = _wrong(functions, sample)
    steps = 2 * len(ORDER)
    step = (knobs.step if knobs.step is not None else steps - 1) % steps
    is_back = step >= len(ORDER)
    lit = ORDER[step] if not is_back else ORDER[::-1][step - len(ORDER)]
    vertices = [_vertex(name, sample, wrong, is_lit=name == lit) for name in PLACES]
    words = [("back: " if is_back else "forward: ") + (TELLS_BACK if is_back else TELLS)[lit]]
    if which:
        words.append("what failed was a call with several samples; this is one of them alone")
    legend = ((Role.FORWARD, "forward"), (Role.GRADIENT, "gradient of the loss"))
    graph = Graph(f"{which or 'a sample'} of class {int(sample.targets[0])}", tuple(vertices))
    return Picture(
        "graph", "The graph of a two-layer net", SAYS, ((graph,),), tuple(words), legend,
        functions.notes(), step, steps,
    )  # fmt: skip


def _sample(functions: OwnCalls) -> tuple[Sample, str]:
    """Return the failing case, or the lecture's sample.

    Of a case of several samples it is the first of which something is wrong, and which it is. What
    came for all of them together, gradients and loss, is not of one sample and is not shown.
    """
    held = functions.held
    if held is None or held.exercise_id not in (NET, BACK):
        return Sample(lecture(), np.array([0])), ""
    given = {name: held.arguments[name] for name in ("x", "w1", "b1", "w2", "b2")}
    count = given["x"].shape[0]
    index = held.first_wrong() if held.exercise_id == NET else None
    row = index[0] if index else 0
    targets = held.arguments.get("targets", np.zeros(count, np.int64))[row : row + 1]
    given["x"] = given["x"][row : row + 1]
    return Sample(given, targets), f"sample {row}" if count > 1 else ""


def _go_forward(functions: OwnCalls, sample: Sample) -> None:
    """Ask for every value on the way from the sample to its probabilities."""
    w1, b1, w2, b2 = sample.parameters
    x, found = sample.given["x"], sample.forward
    hidden, classes = (1, w1.shape[0]), (1, w2.shape[0])
    z1 = functions.array(LAYER, x, w1, b1, shape=hidden)
    if z1 is not None:
        found["z1"] = z1
        a1 = functions.array(RELU, z1, shape=hidden)
        if a1 is not None:
            found["a1"] = a1
            z2 = functions.array(LAYER, a1, w2, b2, shape=classes)
            if z2 is not None:
                found["z2"] = z2
    p = functions.array(NET, x, *sample.parameters, shape=classes)
    if p is not None:
        found["p"] = p


def _go_back(functions: OwnCalls, sample: Sample) -> None:
    """Ask for the loss, and for its gradient with respect to every value."""
    x, forward, gradient = sample.given["x"], sample.forward, sample.gradient
    shapes = ((), *(one.shape for one in sample.parameters))
    call = (x, *sample.parameters, sample.targets)
    found = functions.arrays(BACK, *call, shapes=shapes)
    if found is not None:
        forward["loss"] = found[0].reshape(1, 1)
        gradient |= dict(zip(("w1", "b1", "w2", "b2"), found[1:], strict=True))
        gradient["loss"] = np.ones((1, 1))
    if "z2" not in forward:
        return
    z2 = functions.array(LOSS_BACK, forward["z2"], sample.targets, shape=forward["z2"].shape)
    if z2 is None:
        return
    gradient["z2"] = z2
    w1, b1, w2, b2 = sample.parameters
    shapes = (forward["a1"].shape, w2.shape, b2.shape)
    upper = functions.arrays(LAYER_BACK, z2, forward["a1"], w2, b2, shapes=shapes)
    if upper is None:
        return
    gradient["a1"] = upper[0]
    z1 = functions.array(RELU_BACK, upper[0], forward["z1"], shape=forward["z1"].shape)
    if z1 is None:
        return
    gradient["z1"] = z1
    lower = functions.arrays(LAYER_BACK, z1, x, w1, b1, shapes=(x.shape, w1.shape, b1.shape))
    if lower is not None:
        gradient["x"] = lower[0]


def _wrong(functions: OwnCalls, sample: Sample) -> dict[str, tuple[str, ...]]:
    """Return which values the check says are wrong: of a case of one sample alone."""
    x, found = sample.given["x"], dict[str, tuple[str, ...]]()
    if np.any(functions.is_wrong(NET, x, *sample.parameters)):
        found["p"] = ("forward",)
    back = functions.is_wrong(BACK, x, *sample.parameters, sample.targets)
    for part, name in enumerate(("loss", "w1", "b1", "w2", "b2")):
        if back is not False and np.any(wrong_part(back, part)):
            found[name] = ("forward",) if name == "loss" else ("gradient",)
    return found


def _vertex(
    name: str, sample: Sample, wrong: dict[str, tuple[str, ...]], *, is_lit: bool
) -> Vertex:
    forward = sample.given.get(name, sample.forward.get(name))
    gradient = sample.gradient.get(name)
    shown: Matrix | None = () if name == "p" else _matrix(gradient)
    return Vertex(
        name, FORMULAS[name], _matrix(forward), shown, *PLACES[name], MADE_OF.get(name, ()), is_lit,
        wrong.get(name, ()),
    )  # fmt: skip


def _matrix(array: Array | None) -> Matrix | None:
    if array is None:
        return None
    rows = array.reshape(1, -1) if array.ndim < 2 else array
    return tuple(tuple(float(v) for v in row) for row in rows)
