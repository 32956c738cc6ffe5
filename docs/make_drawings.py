"""Draw docs/student/drawings.md: a picture of each drawing, by `python docs/make_drawings.py`.

The functions that are asked are the course's own solutions; the second picture of a few is what
somebody sees who has still to write them. tests/docs/test_drawings.py holds that the files are as
this script writes them.
"""

# ruff: noqa: E501 - the page is written as it is read: a sentence a line, and tables

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.course import find_course
from grader.engine.engine import Engine
from grader.render.drawings.svg import write_svg
from grader.student.drawing.builders import BUILDERS
from grader.student.drawing.calling import OwnCalls
from grader.student.drawing.knobs import Knobs
from grader.student.drawing.table import DRAWINGS

if TYPE_CHECKING:
    from grader.course.course import Course

HERE = Path(__file__).resolve().parent
STUDENT = HERE / "student"
HEAD = """\
# Drawings

`dlgrade draw conv.im2col` draws what an exercise is about, with your own function where it passes its check.
What you have still to write has question marks for numbers, and the line below says which command to run.
At a terminal the arrow keys move the drawing on, `s` and `p` turn its stride and its padding, and `q` leaves it.
When a check fails, its message ends with the command that draws the very case that fails: what came, and which of it is wrong.
In `dlgrade watch` the key `d` draws it, in a notebook `grader.draw("conv.im2col")` does.

| option | does |
|---|---|
| `-o FILE.svg` | writes it for a page or a slide: light and dark, the words as text; `.html` is a page of its own |
| `--step N` `--stride S` `--padding P` | draws one place, and stops |
| `--case lecture` | the lecture's numbers in place of the failing case; `--case telling` the failing case that tells more |
| `--plain` | ASCII alone, and no keys |

| drawing | shows | drawn for |
|---|---|---|
"""
TAIL = """
The pictures on this page are made by `python docs/make_drawings.py`, of the course's solutions.
"""


@dataclass(frozen=True)
class Example:
    """One picture of the page.

    Parameters
    ----------
    name
        Of its file.
    drawing, exercise
        Which drawing, for which exercise.
    says
        The sentence above it.
    knobs
        How it is turned.
    missing
        Exercises that are not written yet.
    """

    name: str
    drawing: str
    exercise: str
    says: str
    knobs: Knobs = field(default_factory=Knobs)
    missing: tuple[str, ...] = ()


EXAMPLES = (
    Example(
        "window", "window", "conv.im2col",
        "The filter for edges over the lecture's picture: one number, and its column.",
        Knobs(step=8),
    ),
    Example(
        "window_padded", "window", "conv.conv2d_forward",
        "The same with a frame of zeros, two pixels at a time.",
        Knobs(step=1, stride=2, padding=1),
    ),
    Example(
        "window_unsolved", "window", "conv.im2col",
        "What somebody sees who has written none of it yet.", Knobs(step=8),
        ("conv.correlate2d", "conv.im2col", "conv.conv2d_forward"),
    ),
    Example(
        "gradients", "gradients", "conv.conv2d_backward",
        "The way back: one number of the upstream gradient, and what it adds to.",
        Knobs(step=8),
    ),
    Example(
        "positions", "positions", "conv.conv_output_size",
        "A kernel of three on seven pixels and two zeros, two pixels at a time.",
        Knobs(step=3, stride=2, padding=1),
    ),
    Example("padding", "padding", "conv.zero_pad2d", "Each pixel moves by the width of the frame."),
    Example(
        "overlap", "overlap", "conv.col2im",
        "Where windows overlap, their columns add up.", Knobs(step=4),
    ),
    Example(
        "pool", "pool", "pool.max_pool2d_backward",
        "Three pixels are as large as each other, and the first of them takes the gradient.",
    ),
    Example(
        "pool_mean", "pool", "pool.avg_pool2d_backward",
        "In a mean all pixels share it.", Knobs(step=1),
    ),
    Example(
        "graph", "graph", "linear.two_layer_backward",
        "Green is the sample on its way forward, violet the gradient on its way back.",
        Knobs(step=8),
    ),
    Example("lstm", "lstm", "recurrent.lstm_cell", "Both units of a cell, at the last of four moments."),
    Example(
        "signal", "signal", "recurrent.backprop_signal",
        "Fifty steps: the signal of the RNN vanishes, that of the LSTM does not.",
    ),
    Example(
        "signal_exploding", "signal", "recurrent.backprop_signal",
        "The same RNN with weights four times as large explodes.", Knobs(stride=3),
    ),
    Example(
        "paths", "paths", "optim.sgd_step",
        "Forty steps of each optimiser; with momentum the ball rolls, without it zigzags.",
    ),
    Example(
        "tower", "tower", "blueprint.output_shapes",
        "LeNet: boxes as wide as their maps; what is green learns.",
    ),
    Example(
        "receptive", "receptive", "",
        "One pooled number behind a filter of 3x3 is made of sixteen pixels.", Knobs(step=3),
    ),
    Example(
        "attention", "attention", "",
        "Numbers of ours, chosen so that a language asks for a country.",
    ),
)  # fmt: skip


def draw(example: Example, engine: Engine) -> str:
    """Return a picture as SVG."""
    ids = engine.course.ids
    states = {one: "not written yet" if one in example.missing else "" for one in ids}
    folder = engine.course.solutions_dir
    if folder is None:
        raise SystemExit("this copy of the course has no solutions to draw with")
    with OwnCalls(engine, folder, states) as functions:
        picture = BUILDERS[example.drawing](functions, example.knobs, example.exercise)
        return write_svg(picture)


def write_page(course: Course) -> str:
    """Return docs/student/drawings.md."""
    lines = []
    for one in DRAWINGS:
        whose = " ".join(f"`{name}`" for name in one.exercises if name in course.ids)
        lines.append(
            f"| `{one.name}` | {one.shows} | {whose or 'no exercise: its numbers are ours'} |"
        )
    page = HEAD + "\n".join(lines) + "\n"
    for example in EXAMPLES:
        knobs = example.knobs
        options = [("--step", knobs.step), ("--stride", knobs.stride), ("--padding", knobs.padding)]
        said = " ".join(f"{name} {value}" for name, value in options if value is not None)
        command = f"dlgrade draw {example.exercise or example.drawing} {said}".strip()
        page += f"\n`{command}`\n\n{example.says}\n\n"
        page += f"![{example.says}](drawings/{example.name}.svg)\n"
    return page + TAIL


def main() -> None:
    """Write the pictures and the page."""
    course = find_course()
    engine = Engine(course)
    folder = STUDENT / "drawings"
    folder.mkdir(exist_ok=True)
    for example in EXAMPLES:
        (folder / f"{example.name}.svg").write_text(draw(example, engine), encoding="utf-8")
    (STUDENT / "drawings.md").write_text(write_page(course), encoding="utf-8")


if __name__ == "__main__":
    main()
