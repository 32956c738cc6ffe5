"""What can be turned while one looks at a drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.render.drawings.parts import Turn

if TYPE_CHECKING:
    from grader.render.drawings.parts import Picture
    from grader.student.drawing.table import Drawing

LARGEST = {"stride": (1, 99), "padding": (0, 9)}
"""From where to where what is turned may be asked for."""


@dataclass(frozen=True)
class Knobs:
    """What is wanted; None for what the drawing begins with.

    Parameters
    ----------
    step
        Which window, layer or moment, from 0.
    stride
        How far the window moves; where there is no window, which of several examples, from 1.
    padding
        How wide the frame is; where there is none, a switch.
    """

    step: int | None = None
    stride: int | None = None
    padding: int | None = None

    def moved(self, by: int, now: int, steps: int) -> Knobs:
        """Return these some steps on, round again at the end.

        Parameters
        ----------
        by
            How many, backwards if negative.
        now, steps
            Where the picture is, and how many there are.
        """
        return replace(self, step=(now + by) % max(1, steps))

    def turned(self, turn: Turn) -> Knobs:
        """Return these with one of them a little further, from the first step.

        Parameters
        ----------
        turn
            Which, and how it stands.
        """
        following = turn.now + 1 if turn.low <= turn.now < turn.high else turn.low
        if turn.name == "stride":
            return replace(self, stride=following, step=None)
        return replace(self, padding=following, step=None)


def stride_turn(now: int, says: str = "") -> Turn:
    """Return the turn of a window's stride."""
    return Turn("stride", says or f"stride {now}", now, 1, 3)


def padding_turn(now: int) -> Turn:
    """Return the turn of a frame's width."""
    return Turn("padding", f"padding {now}", now, 0, 2)


def choice_turn(says: str, now: int, count: int) -> Turn:
    """Return the turn of what is one of several examples, from 1."""
    return Turn("stride", says, now, 1, count)


def require_knobs(drawing: Drawing, knobs: Knobs, dash: str = "") -> None:
    """Make sure that a drawing has what is to be turned, and that it can be turned so far.

    Parameters
    ----------
    drawing, knobs
        What is to be drawn, and how it is wanted.
    dash
        What stands before the name of an option.

    Raises
    ------
    UsageError
        It has not, or cannot.
    """
    there = [name for name, _ in drawing.keys]
    for name, (low, high) in LARGEST.items():
        wanted = getattr(knobs, name)
        if wanted is not None and name not in there:
            raise UsageError(f"{dash}{name}: the drawing {drawing.name} has no {name}")
        if wanted is not None and not low <= wanted <= high:
            raise UsageError(f"{dash}{name}: {wanted} is not from {low} to {high}")


def require_step(picture: Picture, knobs: Knobs, dash: str = "") -> None:
    """Make sure that a drawing has the step that is wanted.

    Parameters
    ----------
    picture, knobs
        What is drawn, and how it was wanted.
    dash
        What stands before the name of an option.

    Raises
    ------
    UsageError
        It has not.
    """
    if knobs.step is not None and not 0 <= knobs.step < picture.steps:
        last = f"from 0 to {picture.steps - 1}" if picture.tells_steps else "fewer"
        text = f"{dash}step: this drawing has no step {knobs.step}; its steps are {last}"
        raise UsageError(text)
