"""What is different in each demo: digits and filters, text, maps and votes, paths."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from grader.model import Status
from grader.render.demo.charts import Canvas
from grader.render.demo.shown import CrossesBody, DigitsBody, LettersBody
from grader.render.demo.tiles import beside, draw_blocks, draw_picture
from grader.render.signs import MARKS, QUIET, RIGHT, TELLING, WRONG_MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.render.demo.shown import DemoBody, Guess, OptimiserPath, PathsBody

SAMPLES, LETTERS = 9, 64
PANEL, TALL = 38, 4
VOTES = 12
X_RANGE = (-10.0, 3.0)  # of the valley that is drawn
Y_RANGE = (-1.68, 2.8)  # 0 is in the middle of a line, where the plus is


def draw_body(body: DemoBody, *, in_greys: bool) -> list[Text]:
    """Return the lines of what a demo shows beside its losses."""
    if isinstance(body, DigitsBody):
        return _digits(body, in_greys=in_greys)
    if isinstance(body, LettersBody):
        return _letters(body)
    if isinstance(body, CrossesBody):
        return _crosses(body, in_greys=in_greys)
    return _paths(body)


# ----------------------------------------------------------------------------- digits


def _digits(body: DigitsBody, *, in_greys: bool) -> list[Text]:
    """Return ten digits with the guess under each, and the filters before and now."""
    lines = []
    if body.guesses:
        # the first column of pixels is blank: ten pictures fit into 80 columns without it
        pictures = [draw_picture(one.image[:, 1:], in_greys=in_greys) for one in body.guesses]
        lines = beside(pictures)
        lines.append(Text(" ").join(_guess(one, len(pictures[0][0])) for one in body.guesses))
    low, high = body.before.min(), body.before.max()
    for word, filters in (("before", body.before), ("now", body.now)):
        shaded = [draw_blocks(one, in_greys=in_greys, low=low, high=high) for one in filters]
        rows = beside(shaded)
        lines.append(Text())
        for number, row in enumerate(rows):
            label = f"{'filters' if number == 0 else word if number == 1 else '':9}"
            lines.append(Text.assemble((label, QUIET), row))
    return lines


def _guess(one: Guess, width: int) -> Text:
    """Return what a digit was taken for: right or wrong by sign as well as by colour."""
    is_right = one.guess == one.target
    sign, _, style = MARKS[Status.PASSED] if is_right else WRONG_MARK
    said = f"{sign} {one.guess}" if is_right else f"{sign} {one.guess}≠{one.target}"
    return Text(said.center(width), style)


# ----------------------------------------------------------------------------- letters


def _letters(body: LettersBody) -> list[Text]:
    """Return what was written so far, the newest last and loud."""
    lines = [Text(f"what it writes ({body.learnt}):", QUIET)]
    shown = _spread(body.samples, SAMPLES)
    for number, (step, text) in enumerate(shown):
        style = TELLING if number == len(shown) - 1 else ""
        written = text.replace("\n", "/")[:LETTERS]
        lines.append(Text.assemble((f"{step:6}  ", QUIET), (written, style)))
    return [*lines, *[Text()] * (SAMPLES - len(shown))]


def _spread(samples: Sequence[tuple[int, str]], most: int) -> list[tuple[int, str]]:
    """Return as many samples as there is room for: the first, the newest, some between."""
    if len(samples) <= most:
        return list(samples)
    places = {round(n * (len(samples) - 1) / (most - 1)) for n in range(most)}
    return [samples[place] for place in sorted(places)]


# ----------------------------------------------------------------------------- X and O


def _crosses(body: CrossesBody, *, in_greys: bool) -> list[Text]:
    """Return the picture and the votes, and beside them each feature, its map, what is kept."""
    from_minus_one = partial(draw_blocks, in_greys=in_greys, low=-1.0, high=1.0)
    from_zero = partial(draw_blocks, in_greys=in_greys, low=0.0, high=1.0)
    left = [Text("picture", QUIET), *from_minus_one(body.picture), Text()]
    columns = [[*left, Text("votes", QUIET), *_votes(body.votes)]]
    for feature, fits, kept in zip(body.features, body.maps, body.pooled, strict=True):
        shown = [Text("feature", QUIET), *from_minus_one(feature)]
        shown += [Text("where it fits", QUIET), *from_zero(fits)]
        columns.append([*shown, Text("pooled", QUIET), *from_zero(kept)])
    height = max(map(len, columns))
    padded = []
    for lines in columns:
        width = max(line.cell_len for line in lines)
        for line in lines:
            line.pad_right(width - line.cell_len)
        padded.append([*lines, *[Text(" " * width)] * (height - len(lines))])
    return beside(padded, 4)


def _votes(votes: tuple[float, float]) -> list[Text]:
    return [
        Text.assemble(
            (f"{name} ", "bold"),
            ("━" * round(VOTES * share), TELLING),
            ("─" * (VOTES - round(VOTES * share)), QUIET),
            f" {share:4.0%}",
        )
        for name, share in zip("XO", votes, strict=True)
    ]


# ----------------------------------------------------------------------------- paths


def _paths(body: PathsBody) -> list[Text]:
    """Return a panel for each optimiser, two in a row."""
    panels = [_panel(path) for path in body.paths]
    lines = []
    for one, other in zip(panels[::2], panels[1::2], strict=True):
        lines += beside([one, other], 3)
    return lines


def _panel(path: OptimiserPath) -> list[Text]:
    """Return the way of an optimiser from the left; the lowest point has a plus."""
    canvas = Canvas(PANEL, TALL)
    low, high = np.array([X_RANGE[0], Y_RANGE[0]]), np.array([X_RANGE[1], Y_RANGE[1]])
    places = (path.points - low) / (high - low)
    canvas.line([(float(x), 1.0 - float(y)) for x, y in places], TELLING)
    rows = canvas.rows()
    x, y = -low / (high - low)
    column, row = int(x * PANEL), int((1.0 - y) * TALL)
    rows[row] = Text.assemble(rows[row][:column], ("+", RIGHT), rows[row][column + 1 :])
    whose = "" if path.own else ", lent"
    head = Text.assemble((path.name, "bold"), f": loss {path.loss:.2g}{whose}")
    head.truncate(PANEL, pad=True)
    return [head, *rows]
