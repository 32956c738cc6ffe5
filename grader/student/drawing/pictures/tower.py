"""A network as a tower: what each layer hands on, and how many numbers it learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.render.drawings.figures import Storey, Tower
from grader.render.drawings.parts import Picture
from grader.render.drawings.squares import word_of
from grader.student.drawing.held import wrong_part
from grader.student.drawing.knobs import choice_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Layer = tuple[Any, ...]

SHAPES, COUNT = "blueprint.output_shapes", "blueprint.parameter_count"
MOST = 16
LENET: tuple[Layer, ...] = (
    ("conv", 6, 5, 1, 0), ("relu",), ("maxpool", 2, 2), ("conv", 16, 5, 1, 0), ("relu",),
    ("maxpool", 2, 2), ("flatten",), ("linear", 120), ("relu",), ("linear", 84), ("relu",),
    ("linear", 10),
)  # fmt: skip
ALEXNET: tuple[Layer, ...] = (
    ("conv", 96, 11, 4, 0), ("maxpool", 3, 2), ("conv", 256, 5, 1, 2), ("maxpool", 3, 2),
    ("conv", 384, 3, 1, 1), ("conv", 384, 3, 1, 1), ("conv", 256, 3, 1, 1), ("maxpool", 3, 2),
    ("flatten",), ("linear", 4096), ("linear", 4096), ("linear", 1000),
)  # fmt: skip
NETWORKS = (("LeNet", LENET, (1, 32, 32)), ("AlexNet without its ReLUs", ALEXNET, (3, 227, 227)))
SAYS = (
    "A network from its picture at the top to its classes at the bottom. Beside each layer stand "
    "the shape that it hands on and the numbers that it learns."
)


def build(functions: OwnCalls, knobs: Knobs, _exercise_id: str = "") -> Picture:
    """Return the tower, with one layer lit.

    Parameters
    ----------
    functions
        The student's.
    knobs
        Which layer, and as `stride` which network.
    """
    which = min(knobs.stride or 0, len(NETWORKS))
    name, layers, first = _network(functions, which)
    is_case = "case" in name
    shapes = _shapes(functions, layers, first)
    wrong = functions.is_wrong(SHAPES, layers, first)
    counts = _counts(functions, layers, first)
    steps = len(layers)
    step = (knobs.step if knobs.step is not None else _first(wrong)) % steps
    shown = range(max(0, min(step - MOST // 2, steps - MOST)), steps)[:MOST]
    storeys = [Storey("input", first, 0)] if shown[0] == 0 else []
    for number in shown:
        shape = None if shapes is None else shapes[number]
        is_wrong = shape is not None and bool(np.any(wrong_part(wrong, number)))
        storeys.append(
            Storey(layer_words(layers[number]), shape, counts[number], number == step, is_wrong)
        )
    total = functions.ask(COUNT, layers, first)
    all_of_it = float(total) if isinstance(total, (int, float)) else None
    mark = "*, which is wrong" if functions.is_wrong(COUNT, layers, first) is True else ""
    said = word_of(None) if all_of_it is None else f"{all_of_it:,.0f}"
    words = (_tell(layers[step]), f"parameters in all: {said}{mark}")
    return Picture(
        "tower", name, SAYS, ((Tower("layer, shape, parameters", tuple(storeys)),),), words, (),
        functions.notes(), step, steps,
        (choice_turn("another network", max(which, 1 - is_case), len(NETWORKS)),),
    )  # fmt: skip


def _network(functions: OwnCalls, which: int) -> tuple[str, list[Layer], tuple[int, ...]]:
    """Return the failing case for 0, if there is one; else one of the lecture's."""
    held = functions.held
    if held is not None and held.exercise_id in (SHAPES, COUNT) and not which:
        given = held.arguments
        return "The network of this case", list(given["layers"]), tuple(given["input_shape"])
    name, layers, first = NETWORKS[max(1, which) - 1]
    return f"{name} as a tower", list(layers), first


def _shapes(
    functions: OwnCalls, layers: list[Layer], first: tuple[int, ...]
) -> list[tuple[int, ...]] | None:
    """Return the shape after each layer, if the student's function returns so many tuples."""
    answer = functions.ask(SHAPES, layers, first)
    if not isinstance(answer, (list, tuple)) or len(answer) != len(layers):
        return None
    if not all(isinstance(one, (list, tuple)) for one in answer):
        return None
    whole = [all(isinstance(n, (int, np.integer)) for n in one) and len(one) > 0 for one in answer]
    return [tuple(int(n) for n in one) for one in answer] if all(whole) else None


def _counts(functions: OwnCalls, layers: list[Layer], first: tuple[int, ...]) -> list[int | None]:
    """Return how many numbers each layer learns: what it adds to the layers before it."""
    if not functions.passes(COUNT):
        return [0 if layer[0] not in ("conv", "linear") else None for layer in layers]
    before, found = 0, []
    for number, layer in enumerate(layers, 1):
        if layer[0] not in ("conv", "linear"):
            found.append(0)
            continue
        total = functions.ask(COUNT, layers[:number], first)
        if not isinstance(total, (int, np.integer)):
            return [None] * len(layers)
        found.append(int(total) - before)
        before = int(total)
    return list(found)


def _first(wrong: Any) -> int:
    if isinstance(wrong, tuple):
        return next((place for place, one in enumerate(wrong) if np.any(one)), 0)
    return 0


def layer_words(layer: Sequence[Any]) -> str:
    """Return a layer in a few words.

    Examples
    --------
    >>> layer_words(("conv", 6, 5, 1, 0)), layer_words(("maxpool", (1, 2), 2))
    ('conv 6 of 5x5', 'maxpool 1x2 /2')
    """
    kind, *options = layer
    if kind == "conv":
        filters, kernel, stride, padding = options
        moves = "" if stride == 1 else f" /{stride}"
        return f"conv {filters} of {_size(kernel)}{moves}" + ("" if not padding else f" +{padding}")
    if kind == "maxpool":
        return f"maxpool {_size(options[0])} /{options[1]}"
    return " ".join(str(one) for one in layer)


def _size(kernel: int | Sequence[int]) -> str:
    high, wide = (kernel, kernel) if isinstance(kernel, int) else kernel
    return f"{high}x{wide}"


def _tell(layer: Sequence[Any]) -> str:
    """Return what a layer does with shapes and parameters, in words without numbers of a result."""
    kind, *options = layer
    if kind == "conv":
        return (
            f"conv: {options[0]} filters, each as deep as what comes in, of {_size(options[1])}; "
            f"(N + 2·{options[3]} - F) / {options[2]} + 1 rounded down"
        )
    told: dict[str, str] = {
        "maxpool": "maxpool: (N - F) / S + 1 rounded down; the depth stays, nothing is learnt",
        "relu": "relu: the shape stays, nothing is learnt",
        "flatten": "flatten: C · H · W numbers in a row, nothing is learnt",
        "linear": "linear: a weight for each pair of what comes in and goes out, and a bias each",
    }
    return told[kind]
