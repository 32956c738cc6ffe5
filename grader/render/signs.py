"""The signs, words and colours that every screen, page and export shares.

Each status has a sign of its own, so that nothing depends on colour alone, and a word for screen
readers (`--plain`) and for terminals that cannot show the sign. Only colours that can be read on
light and on dark backgrounds are used: no yellow, no blue.
"""

from __future__ import annotations

import numbers
import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text

from grader.model import Status
from grader.model.results import RETURNS_NONE, RETURNS_NOTHING, UNWRITTEN
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from grader.model import ExerciseResult, SubmissionResult

RIGHT = "green"
WRONG = "red"
TELLING = "bold magenta"
QUIET = "dim"

MARKS: dict[str, tuple[str, str, str]] = {
    Status.PASSED: ("✔", "ok", RIGHT),
    Status.UNIMPLEMENTED: ("·", "todo", QUIET),
    Status.UNGRADED: ("?", "????", "magenta"),
    Status.NOT_RUN: ("·", "----", QUIET),
}
WRONG_SIGN = "*"  # behind a number
SHADES = "·░▒▓█"
WRONG_MARK = ("✘", "FAIL", WRONG)
PARTLY = ("◐", "a part of the points")  # of a class: beside the word of the status
OF_A_CLASS: dict[str, str] = {Status.MISSING: "-"}  # nothing is there that could be wrong
ROW = 70  # columns of an exercise's line with the longest word for a status
HUNDRED = 100  # points: the whole course is worth more
OPEN = (Status.UNGRADED, Status.NOT_RUN)  # nobody knows yet: neither right nor wrong
NOT_IMPORTED = " does not import"  # as `engine.inspection` says it
SYNTAX_ERROR = re.compile(r": (?:Syntax|Indentation|Tab)Error\b")
WORDS: dict[str, str] = {
    Status.PASSED: "passed",
    Status.UNIMPLEMENTED: UNWRITTEN,
    Status.FAILED: "wrong answer",
    Status.ERROR: "it raised an error",
    Status.TIMEOUT: "it took too long",
    Status.CRASHED: "the process died",
    Status.REJECTED: "not allowed",
    Status.MISSING: "could not be loaded",
    Status.UNGRADED: "could not be graded",
    Status.NOT_RUN: "not run",
}


def points(number: float | None) -> str:
    """Return points without a useless fraction; a quarter of a point is none, of however many.

    Examples
    --------
    >>> points(1.0), points(0.5), points(None)
    ('1', '0.5', '-')
    >>> points(1 / 3), points(102.75)
    ('0.3333', '102.75')
    """
    if number is None:
        return "-"
    return f"{number:.4g}" if abs(number) < HUNDRED else f"{number:.6g}"


def number_text(value: Any, digits: int = 4) -> str:
    """Return a number as short as it can be without hiding what it is.

    Examples
    --------
    >>> [number_text(v) for v in (2.0, 0.125, 1 / 3, float("nan"), True, -0.0)]
    ['2', '0.125', '0.3333', 'nan', '1', '0']
    """
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        return f"{complex(value):.{digits}g}"
    return f"{float(value) + 0.0:.{digits}g}"


def worth(number: float) -> str:
    """Return points in words.

    Examples
    --------
    >>> worth(1.0), worth(0.5), worth(2.0)
    ('1 point', '0.5 points', '2 points')
    """
    return f"{points(number)} point{'' if number == 1 else 's'}"


def moment(when: str) -> str:
    """Return a time of a document as people write it, in the zone of this machine, which it names.

    Examples
    --------
    >>> here = datetime.fromisoformat("2026-11-05 10:00").astimezone()
    >>> moment(here.isoformat()) == f"2026-11-05 10:00 {here:%z}"
    True
    >>> moment("")
    ''
    """
    try:
        return f"{datetime.fromisoformat(when).astimezone():%Y-%m-%d %H:%M %z}"
    except (ValueError, OverflowError):
        return when


def exact(number: float | None) -> str:
    """Return a number for another program: nothing rounded away, empty when there is none.

    Examples
    --------
    >>> exact(1.0), exact(1 / 3), exact(None)
    ('1', '0.3333333333', '')
    """
    return "" if number is None else f"{number:.10g}"


def mark(status: Status, *, plain: bool) -> Text:
    """Return the sign of a status: a word in plain output, so that it can be heard."""
    sign, word, style = MARKS.get(status, WRONG_MARK)
    return Text(word.ljust(4) if plain else sign, style)


def sign_of_class(status: str) -> str:
    """Return the sign of a status where a whole class is seen at once.

    Examples
    --------
    >>> sign_of_class("passed"), sign_of_class("failed"), sign_of_class("missing")
    ('✔', '✘', '-')
    """
    return OF_A_CLASS.get(status) or MARKS.get(status, WRONG_MARK)[0]


def word_for(status: str) -> str:
    """Return what became of an exercise or a level, in a few words."""
    return WORDS.get(status, status)


def words_for(state: str) -> str:
    """Return how far an exercise is, in a few words.

    Parameters
    ----------
    state
        Of a `Standing`: a status, with what happened since, or words already.

    Examples
    --------
    >>> words_for("failed, edited since"), words_for("unimplemented"), words_for("no file")
    ('wrong answer, edited since', 'not written yet', 'no file')
    """
    status, comma, since = state.partition(",")
    return f"{word_for(status)}{comma}{since}"


def word_of(result: ExerciseResult) -> str:
    """Return what became of an exercise, and of a file that is there that it does not import."""
    if result.is_begun:
        returns = result.message in (RETURNS_NOTHING, RETURNS_NONE)
        return "returns nothing" if returns else "defined twice"
    if result.status is not Status.MISSING or NOT_IMPORTED not in result.message:
        return word_for(result.status)
    said = result.message.partition(NOT_IMPORTED)[2]
    return f"does not import{': syntax error' if SYNTAX_ERROR.search(said) else ''}"


def style_for(status: str) -> str:
    """Return the colour of a status."""
    return MARKS.get(status, WRONG_MARK)[2]


def count_words(counts: Mapping[str, int]) -> str:
    """Return how often each status occurs.

    Examples
    --------
    >>> count_words({"failed": 2, "not_run": 1})
    '2 x wrong answer, 1 x not run'
    """
    return ", ".join(f"{count} x {word_for(status)}" for status, count in counts.items())


def render_line(result: ExerciseResult, *, plain: bool = False) -> RenderableType:
    """Return the one line of an exercise: sign, name, points, what became of it."""
    return _Line(result, plain)


@dataclass(frozen=True)
class _Line:
    """The line of an exercise, in columns below those of others where there is room for them."""

    result: ExerciseResult
    plain: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        name, earned = self.result.id, points(self.result.earned)
        possible = points(self.result.possible)
        if not self.plain and options.max_width >= ROW:
            name, earned, possible = name.ljust(32), f"{earned:>5}", f"{possible:<4}"
        else:
            name, possible = f"{name}  ", f"{possible} "
        line = Text.assemble(
            "  ", mark(self.result.status, plain=self.plain), " ", (name, "bold"),
            f"{earned} / {possible}",
        )  # fmt: skip
        if self.result.status is not Status.PASSED:
            line.append(f" {word_of(self.result)}", style_for(self.result.status))
        yield line


class Checking:
    """One line that says what is being checked and, after a second, for how long so far."""

    def __init__(self) -> None:
        self._name, self._since = "", time.monotonic()

    def begin(self, name: str) -> str:
        """Go on to the next exercise; there is always time for it."""
        self._name, self._since = name, time.monotonic()
        return ""

    def __rich__(self) -> Text:
        """Return the line as it is now."""
        waited = int(time.monotonic() - self._since)
        return Text(f"  checking {self._name} …" + f"  {waited} s" * (waited > 0), QUIET)


def render_total(result: SubmissionResult) -> RenderableType:
    """Return the last line: points, and which oracles served when it was not both."""
    total = f"{points(result.earned)} of {worth(result.possible)}"
    passed = sum(exercise.status is Status.PASSED for exercise in result.exercises)
    text = Text.assemble(
        "\n", (total, "bold"),
        f" · {passed} of {counted(len(result.exercises), 'exercise')} passed",
    )  # fmt: skip
    text.append(f" · seed {result.seed} · checked against {' and '.join(result.oracles)}", QUIET)
    return text


def has_colours(console: Console) -> bool:
    """Tell whether colours are seen on a screen."""
    return console.color_system is not None and not console.no_color
