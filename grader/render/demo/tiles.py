"""Pictures as characters: two pixels above each other, or one pixel as a shaded block.

A terminal of many colours gets shades of grey on their own ground, which look the same on light and
dark; any other gets ink or none, and shades made of characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

UPPER, LOWER, BOTH = "▀", "▄", "█"
SHADES = " ░▒▓█"
FULL = 255
PAPER, INK = 24, 231  # the darkest and the lightest grey of a picture


def grey(value: float) -> str:
    """Return a colour for a number from 0 to 1.

    Examples
    --------
    >>> grey(0.0), grey(1.0)
    ('#181818', '#ffffff')
    """
    level = PAPER + round((FULL - PAPER) * min(max(float(value), 0.0), 1.0))
    return f"#{level:02x}{level:02x}{level:02x}"


def draw_picture(image: Array, *, in_greys: bool) -> list[Text]:
    """Return the lines of a picture, two rows of pixels in each.

    Parameters
    ----------
    image
        (H, W) from 0 to 1, H even.
    in_greys
        Whether the terminal has enough colours; else a pixel is ink or none.
    """
    lines = []
    for above, below in zip(image[::2], image[1::2], strict=True):
        line = Text()
        for one, other in zip(above, below, strict=True):
            if in_greys:
                line.append(UPPER, f"{grey(one)} on {grey(other)}")
            else:
                line.append((" ", LOWER, UPPER, BOTH)[2 * (one >= 0.5) + (other >= 0.5)])
        lines.append(line)
    return lines


def draw_blocks(image: Array, *, in_greys: bool, low: float, high: float) -> list[Text]:
    """Return the lines of a small picture, each pixel two characters wide.

    Parameters
    ----------
    image
        (H, W) of any numbers.
    in_greys
        See `draw_picture`.
    low, high
        The numbers of the darkest and of the lightest shade.
    """
    spread = (high - low) or 1.0
    lines = []
    for row in image:
        line = Text()
        for value in row:
            share = min(max((float(value) - low) / spread, 0.0), 1.0)
            if in_greys:
                line.append("  ", f"on {grey(share)}")
            else:
                line.append(2 * SHADES[min(int(share * len(SHADES)), len(SHADES) - 1)])
        lines.append(line)
    return lines


def beside(pieces: Sequence[Sequence[Text]], gap: int = 1) -> list[Text]:
    """Return the lines of several pictures of one height, side by side."""
    return [Text(" " * gap).join(parts) for parts in zip(*pieces, strict=True)]
