"""A demo on a screen of 80 columns and 24 lines: what it is, its losses, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from grader.render.demo.bodies import draw_body
from grader.render.demo.charts import OWN, TORCHS, draw_losses
from grader.render.demo.shown import CrossesBody, PathsBody
from grader.render.demo.words import count_parts
from grader.render.signs import QUIET

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from grader.render.demo.shown import DemoView

WIDTH, HEIGHT = 80, 24  # of the smallest terminal that a demo is drawn in
CHART, HIGH = 46, 5
NARROW, LOW = 28, 3  # where the rest needs the lines


def has_greys(console: Console) -> bool:
    """Tell whether a terminal has enough colours for shades of grey."""
    return console.color_system in ("256", "truecolor") and not console.no_color


def render_view(view: DemoView, *, in_greys: bool) -> RenderableType:
    """Return a demo at one moment, on at most 21 lines: the end has two more.

    Parameters
    ----------
    view
        The moment.
    in_greys
        See `has_greys`.
    """
    lent = [part.id for part in view.parts if not part.own]
    said = f"{count_parts(view.parts)}" + (f"; torch lends {', '.join(lent)}" if lent else "")
    lines = [
        Text.assemble((f"{view.name}: ", "bold"), view.story),
        Text(said, QUIET),
    ]
    for line in lines:
        line.truncate(WIDTH - 1, overflow="ellipsis")
    if isinstance(view.body, PathsBody):
        lines.append(Text(f"step {view.step} of {view.steps}; + is the lowest point", QUIET))
    else:
        lines += _losses(view, is_low=isinstance(view.body, CrossesBody))
    if not isinstance(view.body, CrossesBody):
        lines.append(Text())
    return Group(*lines, *draw_body(view.body, in_greys=in_greys))


def _losses(view: DemoView, *, is_low: bool) -> list[Text]:
    """Return the chart of losses, and beside it the numbers: each on a line, or on three in all."""
    width, height = (NARROW, LOW) if is_low else (CHART, HIGH)
    chart = draw_losses(view.losses, view.torch_losses, view.steps, width, height)
    told = [Text(f"step {view.step} of {view.steps}")]
    if view.losses:
        own = Text.assemble(("━ ", OWN), f"loss {view.losses[-1]:.4f}")
        torchs = Text.assemble(("┈ ", TORCHS), f"torch's {view.torch_losses[-1]:.4f}")
        told += [Text("   ").join([own, torchs])] if is_low else [own, torchs]
    if view.score and is_low:
        told.append(Text(view.score, "bold"))
    elif view.score:
        score, _, more = view.score.partition(" (")
        told += [Text(score, "bold"), Text(f"({more}", QUIET)]
    told += [Text()] * (height - len(told))
    return [Text.assemble(left, "   ", right) for left, right in zip(chart, told, strict=True)]
