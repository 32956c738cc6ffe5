"""Hold a sitting from its first question to its sum, on any screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import INTERRUPTED

if TYPE_CHECKING:
    from grader.quiz.asking.screen import TerminalScreen
    from grader.quiz.asking.sitting import Sitting


def hold_and_sum_up(
    sitting: Sitting, screen: TerminalScreen, again: str, *, saves: bool = True
) -> int:
    """Hold a sitting, then show what it came to.

    Parameters
    ----------
    sitting
        What is asked.
    screen
        Where.
    again
        The command that goes on.
    saves
        Whether answers are to be remembered at all.

    Returns
    -------
    int
        The command's exit code.
    """
    ended = 0
    try:
        screen.hold(sitting)
    except KeyboardInterrupt:
        ended = INTERRUPTED
    screen.sum_up(sitting.summary, again, saves=saves)
    return ended
