"""What a student may read of a result whose cases are hidden: nothing that student's code wrote.

A function sees every hidden case that it is asked about. Whatever it may write of its own could
carry them out: the text of an exception and even the name of its class, a result and the numbers
in it, the name of a file or a function on the stack. So what is shown is told again in words of
ours, from what a message says before the student's part begins. The instructor reads all of it in
the report.
"""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING

from grader.model import Status

if TYPE_CHECKING:
    from grader.engine.document import Entry, FileLine

EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"LinAlgError", "AxisError"}
QUIZ = "quiz."
SAME_CASES = "The cases are hidden, and they are the same at every attempt."
OURS = (Status.PASSED, Status.TIMEOUT, Status.UNIMPLEMENTED, Status.NOT_RUN)
MAX_LINE = 100_000
CELL = re.compile(r"cell \[?\d{1,4}\]?")
RAISED = re.compile(r"it raised (\w{1,40})")
# A file with a syntax error was never run, so that the line it shows can hold nothing but itself.
NOT_PYTHON = re.compile(r"\w+\.py does not import, line \d+: ")
NOT_IMPORTED = re.compile(r"(?P<file>\w+\.py|the notebook) does not import")
IMPORT_ERROR = re.compile(r"\): (\w{1,40})|does not import: (\w{1,40})")
KEPT: dict[str, re.Pattern[str]] = {
    Status.FAILED: re.compile(r"it changes its argument \w+;|\S+ has no .*, expected "),
    Status.ERROR: re.compile(r"the parameters of \w+ were changed; "),
    Status.MISSING: re.compile(r"there is no file |(?:\w+\.py|the notebook) has no function "),
    Status.REJECTED: re.compile(r"(?!it returns )"),  # what is read from the files themselves
    Status.CRASHED: re.compile(r"(?!importing )|importing (?:\w+\.py|the notebook) ended the "),
}
OTHERWISE: dict[str, str] = {
    Status.REJECTED: "it returns an object of a type that the course does not know",
    Status.CRASHED: "importing it ran out of memory",
}
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
    if shown is not None:
        told["counterexample"] = {**shown, "actual": None}
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
    return where if known else None


def _told(status: str, message: str) -> str:
    """Return a message in words of ours.

    Examples
    --------
    >>> _told("error", "it raised KeyError: 'the arguments were 3, 4'")
    'it raised KeyError'
    >>> _told("failed", "cols[0, 1] = 3.14159, expected 2")
    'cols[0, 1] is wrong, expected 2'
    """
    if message.startswith(AGAIN):
        return AGAIN
    kept = KEPT.get(status)
    if not message or status in OURS or (kept is not None and kept.match(message)):
        return message
    if found := NOT_IMPORTED.match(message):
        return message if NOT_PYTHON.match(message) else _import_failed(found["file"], message)
    if status == Status.ERROR:
        return _raised(message)
    if status == Status.FAILED:
        return _wrong(message)
    return OTHERWISE.get(status, "the grader could not tell")


def _raised(message: str) -> str:
    found = RAISED.match(message)
    if found is None:
        return "it calls something that is not written yet"
    refused = ", expected ValueError" if message == f"{found[0]}, expected ValueError" else ""
    return f"it raised {_known(found[1])}{refused}"


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
    return f"{part} is wrong, expected {wanted}"
