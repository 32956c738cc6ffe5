"""What a student may read of a result whose cases are hidden: nothing that student's code wrote.

A function sees every hidden case that it is asked about. Whatever it may write of its own could
carry them out: the text of an exception and even the name of its class, a result and the numbers
in it, the name of a file or a function on the stack. So could what it only chooses: a dtype, an
exit code, which element is wrong. So what is shown is told again in words of ours, from what a
message says before the student's part begins. The instructor reads all of it in the report.
"""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.translation import FIXED
from grader.engine.naming.phrases import UNREFUSED, WITHOUT_PARTICULARS
from grader.model import Status
from grader.model.results import UNWRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from grader.engine.document import Entry, NamedMistake
    from grader.model.sourcemap import FileLine

EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"LinAlgError", "AxisError"}
QUIZ = "quiz."
SAME_CASES = "The cases are hidden, and they are the same at every attempt."
OURS = (Status.PASSED, Status.TIMEOUT, Status.NOT_RUN)
MAX_LINE = 100_000
CELL = re.compile(r"cell \[?\d{1,4}\]?")
REFUSES = re.compile(r"it calls .{1,2000}, which raised ")
RAISED = re.compile(r"it raised (\w{1,40})")
# A file with a syntax error was never run, so that the line it shows can hold nothing but itself.
NOT_PYTHON = re.compile(r"\w+\.py does not import, line \d+: ")
NOT_IMPORTED = re.compile(r"(?P<file>\w+\.py|the notebook) does not import")
IMPORT_ERROR = re.compile(r"\): (\w{1,40})|does not import: (\w{1,40})")
KEPT: dict[str, re.Pattern[str]] = {
    Status.FAILED: re.compile(r"it changes its argument \w+;|\S+ has no .*, expected "),
    Status.ERROR: re.compile(r"the parameters of \w+ were changed; "),
    Status.MISSING: re.compile(
        r"nothing was handed in$|there is no file |(?:\w+\.py|the notebook) has no function "
    ),
    Status.REJECTED: re.compile(r"(?!it returns )"),  # what is read from the files themselves
}
OTHERWISE: dict[str, str] = {
    Status.REJECTED: "it returns an object of a type that the course does not know",
}
IMPORT_FULL = re.compile(r"importing (?:\w+\.py|the notebook) ran out of memory")
# A process can choose any exit code, any signal and what is wrong with its answer.
CHOSEN_END = re.compile(r"(?<=ended itself) with exit code -?\d+|(?<=by a signal) -?\w+| \(\w+\)$")
# Which element of an array or a list is wrong is the answer's choice.
ONE_PLACE = re.compile(r"\[[\d, -]*\]")
SHARED = re.compile(r"(?:Only cases with(?:out)? (.+) (?:fail|pass)|Every failing case has (.+))\.")
# How slow it is, to the digit, is what it chose to be.
TIMES_AS_SLOW = re.compile(r"^it is [\d,]{1,20} times as slow as")
AGAIN = "the same call again gives another answer"


def without_words(entry: Entry) -> Entry:
    """Return an entry in which nothing was written by the student's code.

    Parameters
    ----------
    entry
        Of a submission that was graded with hidden cases. A quiz runs nothing.
    """
    if entry["id"].startswith(QUIZ):
        return entry
    shown = entry["counterexample"]
    told: Entry = {**entry, "message": _told(entry["status"], entry["message"])}
    told["diagnosis"] = _without_particulars(entry["diagnosis"])
    if shown is not None:
        told["counterexample"] = {**shown, "actual": None}
    told.pop("output", None)  # what it printed is all its own, and which case tells is its choice
    told.pop("telling", None)
    return told


def own_line(exercise: str, where: FileLine | None) -> FileLine | None:
    """Return a line of the exercise's own file or of a cell; None for any other.

    Parameters
    ----------
    exercise
        Its id.
    where
        What a traceback says, whose names the student's code may have made up.
    """
    if where is None or not 0 <= where["line"] <= MAX_LINE:
        return None
    known = where["file"] == f"{exercise.partition('.')[0]}.py" or CELL.fullmatch(where["file"])
    return {**where, "function": ""} if known else None


def shared_feature(separation: str, features: Collection[str]) -> str:
    """Return what separates the failing cases if it is a feature, and not values of arguments.

    Parameters
    ----------
    separation
        One sentence.
    features
        What the exercise's check calls them.

    Examples
    --------
    >>> shared_feature("Only cases with a stride above 1 fail.", {"a stride above 1"})
    'Only cases with a stride above 1 fail.'
    >>> shared_feature("Only cases with input_size = 17 fail.", {"a stride above 1"})
    ''
    """
    found = SHARED.fullmatch(separation)
    return separation if found and (found[1] or found[2]) in features else ""


def _without_particulars(named: NamedMistake | None) -> NamedMistake | None:
    """Return a mistake as the course's author wrote it, or what else it is in fixed words."""
    fixed = (WITHOUT_PARTICULARS | FIXED).get(named["id"]) if named else None
    if named is None or fixed is None:
        return named
    more = f" {UNREFUSED}" if named["message"].endswith(UNREFUSED) else ""
    return {**named, "message": f"{fixed}{more}"}


def _told(status: str, message: str) -> str:
    """Return a message in words of ours.

    Examples
    --------
    >>> _told("error", "it raised KeyError: 'the arguments were 3, 4'")
    'it raised KeyError'
    >>> _told("failed", "cols[0, 1] = 3.14159, expected 2")
    'cols is wrong'
    >>> _told("crashed", "the process ended itself with exit code 107")
    'the process ended itself'
    """
    if message.startswith(AGAIN):
        return AGAIN
    if status == Status.TIMEOUT:
        return TIMES_AS_SLOW.sub("it is slower than", message)
    kept = KEPT.get(status)
    if not message or status in OURS or (kept is not None and kept.match(message)):
        return message
    if found := NOT_IMPORTED.match(message):
        return message if NOT_PYTHON.match(message) else _import_failed(found["file"], message)
    tell = TOLD.get(status)
    return OTHERWISE.get(status, "the grader could not tell") if tell is None else tell(message)


def _raised(message: str) -> str:
    found = RAISED.match(message)
    if found is None:
        refuses = REFUSES.match(message)
        return f"it calls something that {'refuses' if refuses else f'is {UNWRITTEN}'}"
    refused = ", expected ValueError" if message == f"{found[0]}, expected ValueError" else ""
    return f"it raised {_known(found[1])}{refused}"


def _ended(message: str) -> str:
    if IMPORT_FULL.match(message):
        return "importing it ran out of memory"
    return CHOSEN_END.sub("", message.replace("by signal ", "by a signal "))


def _known(name: str) -> str:
    return name if name in EXCEPTIONS else "an exception of its own"


def _import_failed(file: str, message: str) -> str:
    said = IMPORT_ERROR.search(message)
    name = (said[1] or said[2]) if said else ""
    return f"{file} does not import: {_known(name)}"


def _wrong(message: str) -> str:
    """Return which part of a result is wrong and what was expected, without what there was."""
    if message.endswith(", which is not expected"):
        return "the result holds something that is not expected"
    said, comma, wanted = message.rpartition(", expected ")
    part = re.split(r" = | has | is ", said, maxsplit=1)[0]
    if not comma:
        return (
            "the result is too large"
            if message.endswith("too large to be the answer")
            else ("the result is wrong")
        )
    whole = ONE_PLACE.sub("", part)
    return f"{part} is wrong, expected {_rounded(wanted)}" if whole == part else f"{whole} is wrong"


def _rounded(wanted: str) -> str:
    """Return a number with as many digits as ever: how many were needed depends on the answer."""
    try:
        return wanted if wanted.lstrip("-").isdigit() else f"{float(wanted):.6g}"
    except ValueError:
        return wanted


TOLD: dict[str, Callable[[str], str]] = {
    Status.ERROR: _raised, Status.FAILED: _wrong, Status.CRASHED: _ended,
    Status.UNIMPLEMENTED: lambda message: message.partition(": it raised ")[0],
}  # fmt: skip
