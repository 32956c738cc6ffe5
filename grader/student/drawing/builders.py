"""Find the builder of a drawing by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.student.drawing.pictures import (
    attention,
    gradients,
    lstm,
    network,
    overlap,
    padding,
    paths,
    pooling,
    positions,
    receptive,
    tower,
    vanishing,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.render.drawings.parts import Picture
    from grader.student.drawing.calling import OwnCalls
    from grader.student.drawing.knobs import Knobs

    Builder = Callable[[OwnCalls, Knobs, str], Picture]

BUILDERS: Mapping[str, Builder] = {
    "window": window.build,
    "gradients": gradients.build,
    "positions": positions.build,
    "padding": padding.build,
    "overlap": overlap.build,
    "pool": pooling.build,
    "graph": network.build,
    "lstm": lstm.build,
    "signal": vanishing.build,
    "paths": paths.build,
    "tower": tower.build,
    "receptive": receptive.build,
    "attention": attention.build,
}
