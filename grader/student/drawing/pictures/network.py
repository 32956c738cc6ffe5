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
OF_ALL = ("w1", "b1", "w2", "b2", "loss")  # what every sample has a share in
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
class Samples:
    """Samples and the net's parameters, with what is known of all values.

    Parameters
    ----------
    given
        x (N, D), w1, b1, w2, b2 as arrays.
    targets
        The right classes, shape (N,).
    row
        Which sample is shown.
    forward, gradient
        What the student's functions say of all samples, by name; missing where they do not.
    """

    given: dict[str, Array]
    targets: Array
    row: int = 0
    forward: dict[str, Array] = field(default_factory=dict)
    gradient: dict[str, Array] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many samples there are."""
        return int(self.given["x"].shape[0])

    @property
    def parameters(self) -> tuple[Array, ...]:
        """w1, b1, w2 and b2."""
        return tuple(self.given[name] for name in ("w1", "b1", "w2", "b2"))

    def shown(self, name: str, array: Array | None) -> Array | None:
        """Return what is shown of a value: the row of one sample; all of what is of all of them."""
        return array if array is None or name in OF_ALL else array[self.row : self.row + 1]


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
    batch = _samples(functions)
    _go_forward(functions, batch)
    _go_back(functions, batch)
    wrong = _wrong(functions, batch)
    steps = 2 * len(ORDER)
    step = (knobs.step if knobs.step is not None else steps - 1) % steps
    is_back = step >= len(ORDER)
    lit = ORDER[step] if not is_back else ORDER[::-1][step - len(ORDER)]
    vertices = [_vertex(name, batch, wrong, is_lit=name == lit) for name in PLACES]
    words = [("back: " if is_back else "forward: ") + (TELLS_BACK if is_back else TELLS)[lit]]
    which, count = "a sample", batch.count
    if count > 1:
        which = f"sample {batch.row} of 0-{count - 1},"
        words.append(
            f"loss and gradients are those of the mean over all {count} samples: each sample's "
            f"gradient is divided by {count}, and weights and biases get the sum of them"
        )
    legend = ((Role.FORWARD, "forward"), (Role.GRADIENT, "gradient of the loss"))
    graph = Graph(f"{which} of class {int(batch.targets[batch.row])}", tuple(vertices))
    return Picture(
        "graph", "The graph of a two-layer net", SAYS, ((graph,),), tuple(words), legend,
        functions.notes(), step, steps,
    )  # fmt: skip


def _samples(functions: OwnCalls) -> Samples:
    """Return the failing case, or the lecture's sample.

    Of a case of several samples the first is shown of which something is wrong.
    """
    held = functions.held
    if held is None or held.exercise_id not in (NET, BACK):
        return Samples(lecture(), np.array([0]))
    given = {name: held.arguments[name] for name in ("x", "w1", "b1", "w2", "b2")}
    count = given["x"].shape[0]
    index = held.first_wrong() if held.exercise_id == NET else None
    row = index[0] if index and index[0] < count else 0
    return Samples(given, held.arguments.get("targets", np.zeros(count, np.int64)), row)


def _go_forward(functions: OwnCalls, batch: Samples) -> None:
    """Ask for every value on the way from the samples to their probabilities."""
    w1, b1, w2, b2 = batch.parameters
    x, found = batch.given["x"], batch.forward
    hidden, classes = (batch.count, w1.shape[0]), (batch.count, w2.shape[0])
    z1 = functions.array(LAYER, x, w1, b1, shape=hidden)
    if z1 is not None:
        found["z1"] = z1
        a1 = functions.array(RELU, z1, shape=hidden)
        if a1 is not None:
            found["a1"] = a1
            z2 = functions.array(LAYER, a1, w2, b2, shape=classes)
            if z2 is not None:
                found["z2"] = z2
    p = functions.array(NET, x, *batch.parameters, shape=classes)
    if p is not None:
        found["p"] = p


def _go_back(functions: OwnCalls, batch: Samples) -> None:
    """Ask for the loss, and for its gradient with respect to every value."""
    x, forward, gradient = batch.given["x"], batch.forward, batch.gradient
    shapes = ((), *(one.shape for one in batch.parameters))
    call = (x, *batch.parameters, batch.targets)
    found = functions.arrays(BACK, *call, shapes=shapes)
    if found is not None:
        forward["loss"] = found[0].reshape(1, 1)
        gradient |= dict(zip(("w1", "b1", "w2", "b2"), found[1:], strict=True))
        gradient["loss"] = np.ones((1, 1))
    if "z2" not in forward:
        return
    z2 = functions.array(LOSS_BACK, forward["z2"], batch.targets, shape=forward["z2"].shape)
    if z2 is None:
        return
    gradient["z2"] = z2
    w1, b1, w2, b2 = batch.parameters
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


def _wrong(functions: OwnCalls, batch: Samples) -> dict[str, tuple[str, ...]]:
    """Return which of the values that are shown the check says are wrong."""
    x, found = batch.given["x"], dict[str, tuple[str, ...]]()
    marks = np.asarray(functions.is_wrong(NET, x, *batch.parameters))
    if np.any(marks[batch.row] if marks.ndim == 2 else marks):
        found["p"] = ("forward",)
    back = functions.is_wrong(BACK, x, *batch.parameters, batch.targets)
    for part, name in enumerate(("loss", "w1", "b1", "w2", "b2")):
        if back is not False and np.any(wrong_part(back, part)):
            found[name] = ("forward",) if name == "loss" else ("gradient",)
    return found


def _vertex(
    name: str, batch: Samples, wrong: dict[str, tuple[str, ...]], *, is_lit: bool
) -> Vertex:
    forward = batch.shown(name, batch.given.get(name, batch.forward.get(name)))
    gradient = batch.shown(name, batch.gradient.get(name))
    shown: Matrix | None = () if name == "p" else _matrix(gradient)
    formula = f"mean of {FORMULAS[name]}" if name == "loss" and batch.count > 1 else FORMULAS[name]
    return Vertex(
        name, formula, _matrix(forward), shown, *PLACES[name], MADE_OF.get(name, ()), is_lit,
        wrong.get(name, ()),
    )  # fmt: skip


def _matrix(array: Array | None) -> Matrix | None:
    if array is None:
        return None
    rows = array.reshape(1, -1) if array.ndim < 2 else array
    return tuple(tuple(float(v) for v in row) for row in rows)
