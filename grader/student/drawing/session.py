"""Turn a drawing by keys: step by step, with another stride or padding, until it is left."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.text import Text

from grader.render.drawings.terminal import render_picture
from grader.render.signs import QUIET, has_colours
from grader.student.drawing.knobs import Knobs
from grader.student.watching.keys import Keys, next_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, RenderableType

    from grader.render.drawings.parts import Picture

FORWARD = (" ", "+", "=", "right", "\n", "\r")
BACK = ("-", "left", "\x7f", "\b")
TURNS = {"s": "stride", "p": "padding"}
QUIT = ("q", "")


class DrawingSession:
    """Show a drawing and turn it until told to stop.

    Parameters
    ----------
    build
        Makes the picture for some knobs.
    console
        Where it is shown: a terminal.
    """

    def __init__(self, build: Callable[[Knobs], Picture], console: Console) -> None:
        self._build, self._console = build, console
        self._knobs = Knobs()
        self._events: SimpleQueue[str] = SimpleQueue()

    def run(self) -> None:
        """Go on until `q`, or until the terminal is closed; the last picture stays."""
        picture = self._build(self._knobs)
        with (
            Live(
                self._page(picture), console=self._console, auto_refresh=False,
                vertical_overflow="crop",
            ) as live,
            Keys(self._events.put),
        ):  # fmt: skip
            live.refresh()
            while True:
                for key in self._pressed():
                    if key.lower() in QUIT:
                        live.update(self._still(picture), refresh=True)
                        return
                    self._knobs = turned(self._knobs, key.lower(), picture)
                    # the next key counts from where this one leads
                    picture = self._build(self._knobs)
                live.update(self._page(picture), refresh=True)

    def _pressed(self) -> list[str]:
        """Return the key that is pressed next, with all that came while nobody looked."""
        keys = [next_event(self._events)]
        while True:
            try:
                keys.append(self._events.get_nowait())
            except Empty:
                return keys

    def _still(self, picture: Picture) -> RenderableType:
        return render_picture(picture, self._console.width, coloured=has_colours(self._console))

    def _page(self, picture: Picture) -> RenderableType:
        """Return the picture with its keys below it, as much of it as the screen has room for."""
        keys = Text(legend_of(picture), QUIET, no_wrap=True, overflow="ellipsis")
        room, wide = self._console.height - 2, self._console.width
        coloured = has_colours(self._console)
        return Group(render_picture(picture, wide, height=room, coloured=coloured), keys)


def legend_of(picture: Picture) -> str:
    """Return which keys do what, in one line."""
    steps = ["←→ or space step"] if picture.steps > 1 else []
    if picture.down > 1 and picture.steps > picture.down:
        steps = ["←↑↓→ or space step"]
    letters = {name: letter for letter, name in TURNS.items()}
    turns = [f"{letters[turn.name]} {turn.says}" for turn in picture.turns]
    return " · ".join([*steps, *turns, "q quit"])


def turned(knobs: Knobs, key: str, picture: Picture) -> Knobs:
    """Return the knobs after a key; as they were after one that means nothing here.

    Parameters
    ----------
    knobs, key
        Before, and what was pressed.
    picture
        What is seen.
    """
    if key in TURNS:
        turn = next((one for one in picture.turns if one.name == TURNS[key]), None)
        return knobs if turn is None else knobs.turned(turn)
    moves = dict.fromkeys(FORWARD, 1) | dict.fromkeys(BACK, -1)
    moves |= {"down": picture.down, "up": -picture.down}
    return knobs.moved(moves[key], picture.step, picture.steps) if key in moves else knobs
