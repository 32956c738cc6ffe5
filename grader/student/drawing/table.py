"""Which drawing belongs to which exercise: the one table.

Nothing here needs numpy, so that a message can offer a drawing at no cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UnknownTargetError
from grader.text.meant import did_you_mean, find_named

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.model import Counterexample, ExerciseResult


@dataclass(frozen=True)
class Drawing:
    """One drawing.

    Parameters
    ----------
    name
        What it is called.
    shows
        What is to be seen, as a sentence.
    exercises
        Whose drawing it is; empty where it belongs to no function of the course.
    uses
        Other exercises whose functions it calls where they pass.
    keys
        Which knobs it has besides the step: "stride", "padding", and what they do here.
    draws_cases
        Whether it can draw a failing case; else it has numbers of its own alone.
    """

    name: str
    shows: str
    exercises: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    draws_cases: bool = True


STRIDE_AND_PADDING = (("stride", "stride"), ("padding", "padding"))
STEPS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")

DRAWINGS = (
    Drawing(
        "window",
        "the window that moves over a picture, the number it gives and the column it becomes",
        ("conv.correlate2d", "conv.im2col", "conv.conv2d_forward"),
        keys=STRIDE_AND_PADDING,
    ),
    Drawing(
        "gradients",
        "what one number of the upstream gradient adds to those of picture, filter and bias",
        ("conv.conv2d_backward",),
        keys=STRIDE_AND_PADDING,
    ),
    Drawing(
        "positions",
        "the places along one axis at which a kernel fits",
        ("conv.conv_output_size",),
        keys=STRIDE_AND_PADDING,
    ),
    Drawing(
        "padding",
        "where each pixel goes when a frame of zeros is put around a picture",
        ("conv.zero_pad2d",),
        keys=(("padding", "padding"),),
    ),
    Drawing(
        "overlap",
        "columns that are put back, and how many windows meet in each pixel",
        ("conv.col2im",),
        keys=STRIDE_AND_PADDING,
    ),
    Drawing(
        "pool",
        "what a pooling window keeps, and who gets the gradient, ties coloured",
        (
            "pool.max_pool2d_forward",
            "pool.max_pool2d_backward",
            "pool.avg_pool2d_forward",
            "pool.avg_pool2d_backward",
        ),
        keys=(("stride", "stride"),),
    ),
    Drawing(
        "graph",
        "the computational graph of a two-layer net, numbers forward and gradients backward",
        ("linear.two_layer_forward", "linear.two_layer_backward"),
        uses=(
            "linear.linear_forward",
            "linear.linear_backward",
            "activations.relu",
            "activations.relu_backward",
            "losses.cross_entropy_backward",
        ),
    ),
    Drawing("lstm", "one step of an LSTM cell, its gates as bars", ("recurrent.lstm_cell",)),
    Drawing(
        "signal",
        "fifty steps of a gradient that vanishes or explodes, an RNN beside an LSTM",
        ("recurrent.backprop_signal",),
        uses=("recurrent.lstm_cell", "recurrent.lstm_cell_backward"),
        keys=(("stride", "size of the weights"),),
    ),
    Drawing(
        "paths",
        "the ways of the optimisers on a loss that is steep one way and shallow the other",
        tuple(f"optim.{name}_step" for name in STEPS),
    ),
    Drawing(
        "tower",
        "a network as a tower of layers, with sizes and parameters",
        ("blueprint.output_shapes", "blueprint.parameter_count"),
        keys=(("stride", "another network"),),
    ),
    Drawing(
        "receptive",
        "which pixels of the picture one number behind several layers sees",
        keys=(("stride", "another stack"),),
        draws_cases=False,
    ),
    Drawing(
        "attention",
        "where each word of a sentence looks, as a heat map",
        uses=("attention.scaled_dot_product_attention",),
        keys=(("padding", "mask"),),
        draws_cases=False,
    ),
)


def complete_drawing(incomplete: str) -> list[str]:
    """Return the names of drawings that begin so, for a shell that completes."""
    return [one.name for one in DRAWINGS if one.name.startswith(incomplete)]


def find_drawing(exercise_id: str) -> Drawing | None:
    """Return the drawing of an exercise; None where there is none."""
    return next((one for one in DRAWINGS if exercise_id in one.exercises), None)


def can_be_drawn(exercise_id: str, shown: Counterexample) -> bool:
    """Tell whether there is a drawing of this failing case.

    Parameters
    ----------
    exercise_id
        Whose.
    shown
        The case: one with bad arguments, which have to be refused, has no picture.
    """
    drawing = find_drawing(exercise_id)
    refused = getattr(shown.expected, "value_error", False)
    return drawing is not None and drawing.draws_cases and not refused


def shows_drawing(result: ExerciseResult) -> bool:
    """Tell whether the failing case of a result can be drawn."""
    shown = result.counterexample
    return shown is not None and can_be_drawn(result.id, shown)


def choose_drawing(
    target: str, ids: Collection[str], modules: Collection[str]
) -> tuple[Drawing, str]:
    """Return the drawing that a target names, and the exercise that is meant, if one is.

    Parameters
    ----------
    target
        A drawing, an exercise, its function's bare name, or a module, whose first drawing is meant.
    ids, modules
        Of the course.

    Raises
    ------
    UnknownTargetError
        There is no drawing of that name; the message says what was probably meant.
    """
    for one in DRAWINGS:
        here = [exercise for exercise in one.exercises if exercise in ids]
        if target == one.name:
            return one, here[0] if here else ""
    exercise = target if target in ids else find_named(target, ids)
    if exercise:
        drawing = find_drawing(exercise)
        if drawing is None:
            text = f"there is no drawing of {exercise}"
            raise UnknownTargetError(f"{text}; `dlgrade draw` lists what there is")
        return drawing, exercise
    if target in modules:
        return _of_module(target, ids)
    known = {one.partition(".")[2]: one for one in ids} | {name: name for name in (*modules, *ids)}
    known |= {one.name: one.name for one in DRAWINGS}
    help_ = did_you_mean(target, known, "`dlgrade draw` lists what there is")
    raise UnknownTargetError(f"no drawing, exercise or module is called {target!r}; {help_}")


def _of_module(module: str, ids: Collection[str]) -> tuple[Drawing, str]:
    for one in DRAWINGS:
        for exercise in one.exercises:
            if exercise in ids and exercise.partition(".")[0] == module:
                return one, exercise
    text = f"there is no drawing of anything in {module}"
    raise UnknownTargetError(f"{text}; `dlgrade draw` lists what there is")
