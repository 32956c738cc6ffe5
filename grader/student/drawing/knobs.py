"""What can be turned while one looks at a drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

FEWEST = {"step": 0, "stride": 1, "padding": 0}
MOST_STRIDE, MOST_PADDING = 3, 2


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

    def turned(self, name: str, now: int) -> Knobs:
        """Return these with the next stride or padding, from the first step."""
        low = FEWEST[name]
        most = MOST_STRIDE if name == "stride" else MOST_PADDING
        following = now + 1 if now < most else low
        if name == "stride":
            return replace(self, stride=following, step=None)
        return replace(self, padding=following, step=None)
