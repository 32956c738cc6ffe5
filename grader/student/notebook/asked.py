"""Ask a quiz in a notebook: what `grader.ask` does.

A cell shows the question as HTML and reads a line below it, as `input` does: that works wherever a
notebook has a keyboard, and needs no widgets. The last verdict and the open question are what the
cell shows; what came before is in the history.
"""

from __future__ import annotations

import sys
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from rich.text import Text

from grader.course.course import find_course
from grader.errors import UsageError
from grader.quiz.asking.browser.fields import render_lefts, render_options
from grader.quiz.asking.browser.page import render_asked
from grader.quiz.asking.daily import TODAY, tell_plan
from grader.quiz.asking.holding import load_asked, load_history, plan_today, sit
from grader.quiz.asking.telling import (
    tell_help,
    tell_summary,
    tell_taught,
    tell_verdict,
    tell_where_to_look,
)
from grader.quiz.asking.terminal.dialogue import hold
from grader.quiz.asking.terminal.screen import TerminalScreen
from grader.quiz.marking import expected_form
from grader.quiz.surroundings import Surroundings
from grader.render.web import to_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.quiz.asking.holding import WholeScreen
    from grader.quiz.asking.sitting import Sitting
    from grader.quiz.asking.turns import Summary
    from grader.quiz.items.item import Item, Mark, Variant

MOST_DUE = 30
UNHEARD = (
    "nothing can be typed into this notebook as it runs now; run the cell where you can type, or"
    " in a terminal: dlgrade quiz {} (with --browser as pages)"
)
# bullets are letters, and a question stands out; all else is the notebook's own
LOOK = (
    "<style>.dlgrade-quiz ul{list-style:none;padding:0;margin:.5em 0}"
    ".dlgrade-quiz li>div{display:inline}.dlgrade-quiz code{white-space:pre-wrap}"
    ".dlgrade-quiz .question{font-size:1.1em;font-weight:600;white-space:pre-wrap}"
    ".dlgrade-quiz .tables{display:flex;flex-wrap:wrap;gap:0 2em}"
    ".dlgrade-quiz td{border:1px solid #888;padding:.1em .5em;text-align:right}"
    ".dlgrade-quiz img{max-width:100%}.dlgrade-quiz p{margin:.4em 0}"
    ".dlgrade-quiz .told{border-left:4px solid;padding-left:.8em;margin:.8em 0}</style>"
)


def ask_questions(topic: str, seed: int | None = None) -> None:
    """Ask a topic's questions, or those of a day, and show what they came to.

    Parameters
    ----------
    topic
        As in `dlgrade quiz TOPIC`; "" or "today" for `dlgrade quiz today`.
    seed
        None for every question's next numbers; a number for that seed's.

    Raises
    ------
    UnknownTargetError
        There is no such topic.
    UsageError
        Nothing can be typed here, or something else was given than a text and a number.
    """
    if not isinstance(topic, str):
        raise UsageError('a topic is a text, as in grader.ask("conv")')
    if seed is not None and not isinstance(seed, int):
        raise UsageError('a seed is a whole number, as in grader.ask("conv", seed=5)')
    course = find_course()
    around = Surroundings(quizzes_dir=course.quizzes_dir)
    topic = "" if topic == TODAY else topic
    screen = _find_screen(topic or TODAY)
    if topic:
        items: Sequence[Item] = load_asked(around, topic).items
        told = ""
        history = load_history(around, screen)
    else:
        history = load_history(around, screen)
        plan = plan_today(around, screen, history, new=None, limit=MOST_DUE)
        if plan is None:
            return
        items, told = plan.items, tell_plan(plan)
    label = (topic or TODAY) if seed is None else f"{topic or TODAY} --seed {seed}"
    sit(around, screen, items, label=label, seed=seed, history=history, told=told)


def _find_screen(label: str) -> WholeScreen:
    """Return the cell in the kernel of a notebook, and the terminal at a prompt.

    Raises
    ------
    UsageError
        The notebook is run as a whole, and nobody types.
    """
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    kernel = getattr(running, "kernel", None)
    if kernel is None:
        return TerminalScreen()
    if not getattr(kernel, "_allow_stdin", True):
        raise UsageError(UNHEARD.format(label))
    return NotebookScreen(label)


class NotebookScreen:
    """Show a sitting in the output of a cell, and read lines below it.

    What is said is kept until a line is read; a question takes the place of all that was shown
    before the answer to the last one. A console that shows no HTML gets the text of a terminal.

    Parameters
    ----------
    label
        The kind of sitting, for what is said where nothing can be typed.
    """

    def __init__(self, label: str) -> None:
        self._label, self._text = label, StringIO()
        self._terminal = TerminalScreen(plain=True, stream=self._text, read_line=input)
        self._kept: list[str] = []
        self._begun = self._anew = False
        self._prompt = "> "

    def show(self, renderable: RenderableType) -> None:
        """Show anything that Rich can print; a line of text as prose."""
        self._terminal.show(renderable)
        if isinstance(renderable, Text):
            self._kept.append(_line(renderable.plain))
        else:
            self._kept.append(to_html([renderable]))

    def say(self, text: str) -> None:
        """Show a line."""
        self._terminal.say(text)
        self._kept.append(_line(text))

    def warn(self, text: str) -> None:
        """Show what the student should know before going on."""
        self._terminal.warn(text)
        self._kept.append(f"<p><strong>Warning:</strong> {escape(text)}</p>")

    def unreadable(self, message: str) -> None:
        """Show why a line is no answer, and that it cost nothing."""
        self.say(message)

    def read_as(self, shown: str) -> None:
        """Show how an answer was read."""
        self._terminal.read_as(shown)
        self._kept.append(_line(f"Read as {shown}."))

    def help(self, variant: Variant, words: str) -> None:
        """Show what may be typed."""
        self._terminal.help(variant, words)
        self._kept += map(_line, tell_help(variant, words))

    def ask(self, variant: Variant, place: int, total: int, *, again: bool) -> None:
        """Show a question; the verdict on the one before stays above it."""
        self._terminal.ask(variant, place, total, again=again)
        name = f"{variant.item.id}{', again' if again else ''}"
        head = " \N{MIDDLE DOT} ".join((f"{place} of {total}", name, tell_taught(variant.item)))
        self._kept.append(
            f"<p><small>{escape(head)}</small></p>"
            f"{render_asked(variant)}{render_lefts(variant)}"
            f"{render_options(variant, lambda _: '')}"
            f"<p><small>({escape(expected_form(variant))})</small></p>"
        )
        self._prompt, self._anew = f"Your answer to {place} of {total}: ", True

    def read(self) -> str:
        """Read a line below what is shown.

        Raises
        ------
        EOFError
            At the end of what can be read.
        UsageError
            Nothing can be typed here.
        """
        self._turn_over()
        try:
            return input(self._prompt)
        except NotImplementedError:  # IPython's, for a notebook that is run as a whole
            raise UsageError(UNHEARD.format(self._label)) from None

    def verdict(self, variant: Variant, mark: Mark) -> None:
        """Show whether the answer was right, and the explanation."""
        self._terminal.verdict(variant, mark)
        told, answer = tell_verdict(variant, mark)
        sign = "\N{CHECK MARK}" if mark.right else "~" if mark.partial else "\N{BALLOT X}"
        lines = [mark.says, variant.explanation]
        lines += [] if mark.right else tell_where_to_look(variant.item)
        says = "".join(_line(line) for line in lines if line)
        head = f"<p><strong>{sign} {escape(told)}</strong> {escape(answer)}</p>"
        self._kept.append(f"<div class='told'>{head}{says}</div>")
        self._prompt = "> "

    def manual(self, *, saves: bool) -> str:
        """Say what may be typed beside answers, and whether answers are kept."""
        return self._terminal.manual(saves=saves)

    def hold(self, sitting: Sitting) -> None:
        """Ask until nothing is left, or the student stops; raises KeyboardInterrupt at a stop."""
        hold(sitting, self)

    def sum_up(self, summary: Summary, again: str, *, saves: bool = True) -> None:
        """Show what a sitting came to, in place of all that was before."""
        self._terminal.sum_up(summary, again, saves=saves)
        line, advice = tell_summary(summary, again, saves=saves)
        self._kept.append(f"<p><strong>{escape(line)}</strong></p>")
        if advice:
            read = "".join(f"<li>{escape(one)}</li>" for one in advice)
            self._kept.append(f"<p>To read again:</p><ul>{read}</ul>")
        self._anew = True

    def close(self) -> None:
        """Show what was said last."""
        self._turn_over()

    def _turn_over(self) -> None:
        """Show what was kept, in place of all that stands there where it begins anew."""
        cell = sys.modules["IPython"].get_ipython().display_pub
        if self._begun and self._anew:
            cell.clear_output(wait=True)
        self._anew = False
        if self._kept:
            self._begun = True
            html = f'<div class="dlgrade-quiz">{LOOK}{"".join(self._kept)}</div>'
            text = self._text.getvalue().strip("\n")
            cell.publish({"text/html": html, "text/plain": text})
            self._kept = []
            self._text.seek(0)
            self._text.truncate()


def _line(text: str) -> str:
    return f"<p>{escape(text)}</p>"
