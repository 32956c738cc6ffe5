"""dlgrade: an auto-graded course in the building blocks of deep learning.

The trusted side draws the cases, knows the answers and gives the verdicts; a student's code runs
in another process that knows numpy and its arguments, and sends back plain bytes.
docs/engineer/design.md shows which wing knows which.

In a notebook, `grader.check("conv.im2col")` checks the function of that name,
`grader.draw("conv.im2col")` draws it, and `grader.ask("conv")` asks the quiz of its topic.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from grader._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.student.notebook.drawn import Drawn
    from grader.student.notebook.report import Report

__all__ = ["__version__", "ask", "check", "draw"]


def ask(topic: str = "", *, seed: int | None = None) -> None:
    """Ask a quiz in a notebook: each question below the cell, answered by typing a line.

    Parameters
    ----------
    topic
        A topic, as in `dlgrade quiz conv`; by default what is due today and eight new questions,
        as in `dlgrade quiz today`.
    seed
        These numbers; 0 are the deck's own. By default every question's next ones.

    Raises
    ------
    grader.errors.DlgradeError
        There is no such topic, or the notebook is run where nobody can type. A notebook shows the
        one line.

    Notes
    -----
    It is the sitting of the terminal, and has the same history: what was answered here is asked
    again in time there. Interrupting the kernel stops it as `quit` does.
    """
    import grader.student.notebook.asked  # noqa: PLC0415 - `import grader` loads nothing

    grader.student.notebook.asked.ask_questions(topic, seed)


def check(
    target: str | Callable[..., Any] = "",
    namespace: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    timeout: float = 10.0,
    explain: bool = False,
) -> Report:
    """Check the function of that name in a notebook, and show what was found.

    Parameters
    ----------
    target
        An exercise (`"conv.im2col"`, or the function `im2col` itself), or a module (`"conv"`) for
        all of it. By default every exercise whose function is there.
    namespace
        Functions by name, as in `vars(my_module)`. By default the cells that the notebook has run,
        in the order they were run, the last definition winning; outside of a notebook the
        caller's globals.
    seed
        Seed of the cases.
    timeout
        CPU seconds that each exercise may use.
    explain
        Show the long form of messages: the formula, the decks, both arrays.

    Returns
    -------
    Report
        Shown as HTML by a notebook and as text elsewhere; `report.passed` tells the verdict,
        `report.earned` and `report.possible` the points, `report.message` what is wrong, and
        `report.result` holds the facts.

    Raises
    ------
    grader.errors.DlgradeError
        There is no such target, or no source can be found. A notebook shows the one line.

    Notes
    -----
    The function runs in another process, with numpy and its arguments alone, as it does in
    `dlgrade check`; what else the notebook has in memory plays no part.
    """
    import grader.student.notebook.report  # noqa: PLC0415 - `import grader` loads nothing

    report = grader.student.notebook.report
    asked = report.Question(target, seed, timeout, explain)
    return report.check_functions(asked, namespace, sys._getframe(1).f_globals)  # noqa: SLF001


def draw(
    target: str,
    namespace: Mapping[str, Any] | None = None,
    *,
    step: int | None = None,
    stride: int | None = None,
    padding: int | None = None,
) -> Drawn:
    """Draw what an exercise is about with the function of a notebook, or the case that fails.

    Parameters
    ----------
    target
        An exercise (`"conv.im2col"`), a module or a drawing, as in `dlgrade draw`.
    namespace
        Functions by name; by default what `check` takes.
    step, stride, padding
        Another place of the drawing, and how its window moves, where it has one.

    Returns
    -------
    Drawn
        Shown as an image by a notebook and as text elsewhere; `drawn.svg` is the text of a file.

    Raises
    ------
    grader.errors.DlgradeError
        There is no such drawing. A notebook shows the one line.

    Notes
    -----
    The function runs where `check` runs it. What has not passed shows question marks: no right
    answer is drawn.
    """
    import grader.student.drawing.knobs  # noqa: PLC0415 - `import grader` loads nothing
    import grader.student.notebook.drawn  # noqa: PLC0415

    knobs = grader.student.drawing.knobs.Knobs(step, stride, padding)
    caller = sys._getframe(1).f_globals  # noqa: SLF001
    return grader.student.notebook.drawn.draw_function(target, knobs, namespace, caller)
