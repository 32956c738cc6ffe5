"""The terminal: where questions are shown and lines are read."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, TextIO

from rich.console import Console

from grader.quiz.asking.telling import tell_saved
from grader.quiz.asking.terminal.dialogue import hold
from grader.quiz.asking.terminal.render import (
    render_help,
    render_question,
    render_summary,
    render_verdict,
)
from grader.text import wants_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.turns import Summary
    from grader.quiz.items.item import Mark, Variant

MAX_WIDTH = 100
PASTED = 0.02
"""Seconds within which the rest of a pasted text is there."""
ONE_LINE = (
    "several lines came at once, and none of them was counted: an answer is one line"
    " (a matrix has ; between its rows)"
)


class TerminalScreen:
    """Show a sitting on a terminal, or over a pipe.

    Parameters
    ----------
    plain
        Without colour, boxes and signs: ASCII only, 80 columns. What is not a terminal is plain.
    stream
        Where to write; None for standard output.
    read_line
        Reads a line behind a prompt; None for `input`, with the keys of an editor on a terminal.
    """

    def __init__(
        self,
        *,
        plain: bool = False,
        stream: TextIO | None = None,
        read_line: Callable[[str], str] | None = None,
    ) -> None:
        out = stream or sys.stdout
        _forgive(out)
        self.plain = plain or not out.isatty() or not _is_unicode(out) or wants_plain()
        self._read_line = read_line or _line_reader(plain=self.plain)
        self._console = make_console(out, plain=self.plain)

    def _fit(self) -> None:
        """Follow a terminal that was made wider or narrower."""
        if not self.plain:
            self._console.width = min(shutil.get_terminal_size().columns, MAX_WIDTH)

    def show(self, renderable: RenderableType) -> None:
        """Print anything that Rich can print."""
        self._fit()
        self._console.print(renderable)

    def say(self, text: str) -> None:
        """Print a line as it is."""
        self._fit()
        self._console.print(text, markup=False, highlight=False)

    def ask(self, variant: Variant, place: int, total: int, *, again: bool) -> None:
        """Show a question."""
        self.show(render_question(variant, place, total, again=again, plain=self.plain))

    def read(self) -> str:
        """Read one line of an answer.

        Returns
        -------
        str
            Without the line's end.

        Raises
        ------
        EOFError
            At the end of the input, and when the terminal is gone.
        """
        _forgive(sys.stdin)
        try:
            line = self._read_line("> ")
            while _drained():
                self.warn(ONE_LINE)
                line = self._read_line("> ")
        except OSError as error:  # the terminal was closed under us
            raise EOFError from error
        if not sys.stdin.isatty():
            # over a pipe the terminal does not echo what was typed, and a transcript needs it
            self._console.out(line, highlight=False)
        return line

    def unreadable(self, message: str) -> None:
        """Say why a line is no answer, and that it cost nothing."""
        self._fit()
        self._console.print(message, style="magenta", markup=False, highlight=False)

    def warn(self, text: str) -> None:
        """Say what the student should know before going on."""
        self._fit()
        self._console.print(f"warning: {text}", style="yellow", markup=False, highlight=False)

    def read_as(self, shown: str) -> None:
        """Say how an answer was read."""
        self._fit()
        self._console.print(f"  Read as {shown}.", style="dim", markup=False, highlight=False)

    def help(self, variant: Variant, words: str) -> None:
        """Say what may be typed."""
        self.show(render_help(variant, words))

    def verdict(self, variant: Variant, mark: Mark) -> None:
        """Show whether the answer was right, and the explanation."""
        self.show(render_verdict(variant, mark, plain=self.plain))

    def manual(self, *, saves: bool) -> str:
        """Say what works in this mode whatever is asked, and whether answers are kept."""
        saved = f"; {tell_saved(saves=True)}" if saves else ""
        return f"Type ? for help, undo (u) to take back, quit (q) to stop{saved}."

    def hold(self, sitting: Sitting) -> None:
        """Ask until nothing is left, or the student stops; raises KeyboardInterrupt at Ctrl-C."""
        hold(sitting, self)

    def sum_up(self, summary: Summary, again: str, *, saves: bool = True) -> None:
        """Show what a sitting came to; `again` is the command that goes on."""
        self.show(render_summary(summary, again, saves=saves))

    def close(self) -> None:
        """Let go of what was shown: nothing follows."""


def make_console(stream: TextIO, *, plain: bool) -> Console:
    """Make the console that everything of the quiz is printed on.

    Parameters
    ----------
    stream
        Where to write.
    plain
        Without colour, and at 80 columns where there is room for them.

    Returns
    -------
    Console
        It never reads markup or emoji out of a text.
    """
    if plain:
        width = min(80, shutil.get_terminal_size().columns)
        return Console(
            file=stream, width=width, color_system=None, no_color=True, force_terminal=False,
            force_jupyter=False, markup=False, emoji=False, highlight=False,
        )  # fmt: skip  # in a notebook Rich would print past the stream
    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    console.width = min(console.width, MAX_WIDTH)  # longer lines are hard to read
    return console


def _line_reader(*, plain: bool) -> Callable[[str], str]:
    """Return `input`, which the library for lines gives arrows, history and Ctrl-L on a terminal.

    It is Python's own, where the platform has it, and costs 2 ms; Windows' console edits lines by
    itself. A library for prompts would cost as much as half of the start.
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        try:
            import readline  # noqa: PLC0415 - Windows has none, and a pipe needs none
        except ImportError:
            return input
        if plain and "libedit" not in (readline.__doc__ or ""):
            # else it writes signs around each prompt, which a screen without them would show
            readline.parse_and_bind("set enable-bracketed-paste off")
    return input


def _drained() -> bool:
    """Throw away what stands behind a line that was read; whether there was anything.

    Whoever types is behind the program, and a line over a pipe waits in its turn: only what was
    pasted into a terminal is there already. Its second line is no answer to the next question.
    """
    if not sys.stdin.isatty():
        return False
    try:
        import select  # noqa: PLC0415 - a terminal alone needs both, and Windows has not the other
        import termios  # noqa: PLC0415
    except ImportError:
        return False
    found = False
    while select.select([sys.stdin], [], [], PASTED)[0]:
        found = True
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    return found


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def _forgive(stream: TextIO) -> None:
    """Replace what the terminal's encoding cannot hold, instead of ending in a traceback."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None and stream.errors == "strict":
        reconfigure(errors="replace")
