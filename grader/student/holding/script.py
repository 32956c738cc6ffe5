"""Write a failing case as a plain Python file: arguments, the call, expected and got.

It needs numpy and the student's file, nothing of ours. What a student's process said is left to be
found out anew, but for one line that stands in a comment.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.engine.compare import ABSOLUTE
from grader.errors import UsageError
from grader.model import Carry, Raised, Status
from grader.render.signs import word_for
from grader.student.holding import pieces
from grader.student.holding.classes import last_call, last_method, script_before
from grader.student.holding.literals import as_python, count_numbers
from grader.text import safe_text

if TYPE_CHECKING:
    from grader.course.course import Exercise
    from grader.model import Counterexample, ExerciseResult
    from grader.student.holding.home import Home

MAX_NUMBERS = 100_000
MAX_WORDS = 400
WIDTH = 88
OURS = frozenset(
    {"FOLDER", "ROUNDED", "TOLERANCE", "before", "copy", "error", "expected", "first_wrong", "got",
     "importlib", "np", "result", "run_in_parts", "spec", "sys", "wrong"}
)  # fmt: skip


@dataclass(frozen=True)
class Script:
    """A case as a Python file.

    Parameters
    ----------
    text
        Of the file.
    line
        The one that calls the student's function on what fails.
    function
        What that function is called there.
    """

    text: str
    line: int
    function: str


def write_script(exercise: Exercise, result: ExerciseResult, home: Home, made_by: str) -> Script:
    """Return the failing case of a result as a Python file.

    Parameters
    ----------
    exercise
        Knows what the arguments are called, and how exact an answer must be.
    result
        What became of it, with a counterexample.
    home
        Where the student's code lies.
    made_by
        The command that asks for this.

    Raises
    ------
    UsageError
        The case holds too many numbers for a file that somebody reads.
    """
    shown = result.counterexample
    assert shown is not None  # noqa: S101 - without a case nobody asks for a script
    refuses = isinstance(shown.expected, Raised)
    count = count_numbers(shown.steps) + (0 if refuses else count_numbers(shown.expected))
    if count > MAX_NUMBERS:
        text = f"the failing case of {exercise.id} holds {count:,} numbers"
        raise UsageError(f"{text}: more than {MAX_NUMBERS:,} are not written down")
    kind = shown.mismatch.kind if shown.mismatch else ""
    head = [_head(exercise, result, shown, made_by), _load(exercise, home)]
    if result.status is Status.CRASHED:
        head.append(pieces.MAY_END)
    if exercise.stub.is_class:
        return _of_class(exercise, shown, head)
    before, call = _calls(exercise, shown)
    head += [before, "\n"]
    if refuses:
        head.append("try:\n")
        return _script(exercise, head, f"    got = {call}", [pieces.REFUSAL])
    head.append(f"expected = {as_python(shown.expected)}\n")
    head += _exactness(shown)
    if kind == "again":
        head.append(f"{call}  # the first time; the second is wrong\n")
    tail = [pieces.SHOW, *[pieces.SHOW_ONCE] * (kind == "again")]
    if kind == "changed" and shown.mismatch is not None:
        place = exercise.stub.names.index(str(shown.mismatch.path[0]))
        name, value = _name(exercise, shown, len(shown.steps) - 1, place), shown.steps[-1][place]
        head.append(f"import copy\n\nbefore = copy.deepcopy({name})\n")
        bits = isinstance(value, np.ndarray)
        changed = (
            f"{name}.tobytes() != before.tobytes()" if bits else f"repr({name}) != repr(before)"
        )
        tail.append(pieces.SHOW_CHANGE.format(name=name, changed=changed))
    return _script(exercise, head, f"got = {call}", tail)


def _of_class(exercise: Exercise, shown: Counterexample, head: list[str]) -> Script:
    """Return the script of a class; a debugger stops in the method that ran last."""
    made, steps = exercise.name, shown.steps
    method, number = last_method(made, steps)
    before = script_before(made, steps)
    at = len(script_before(made, [*steps[: number + 1], ("see", "")]))  # statements up to it
    if steps[-1][0] != "raises":
        head = [*head, f"expected = {as_python(shown.expected)}\n", *_exactness(shown)]
    text = "".join([*head, *before])
    line = "".join([*head, *before[: at - 1]]).count("\n") + 1
    tail = "" if steps[-1][0] == "raises" else pieces.SHOW
    if number == len(steps) - 1:
        line = text.count("\n") + 1
    return Script(f"{text}{last_call(made, steps)}\n{tail}", line, method)


def _exactness(shown: Counterexample) -> list[str]:
    """Return how exact an answer must be, and what compares it."""
    return [
        f"TOLERANCE = {shown.tolerance!r}  # of the largest expected number\n",
        f"ROUNDED = {ABSOLUTE * shown.terms!r}  # of what is added up on the way\n",
        pieces.COMPARE,
    ]


def _script(exercise: Exercise, head: list[str], call: str, tail: list[str]) -> Script:
    before = "".join(head)
    return Script(f"{before}{call}\n{''.join(tail)}", before.count("\n") + 1, exercise.name)


def _head(exercise: Exercise, result: ExerciseResult, shown: Counterexample, made_by: str) -> str:
    """Return what the script is about, in comments: whatever was said stays one."""
    said = [
        f"{exercise.id}, {word_for(result.status)}: {shown.call}",
        f"Found: {result.message}",
        f"Made by `{made_by}`. It needs numpy alone.",
    ]
    lines = []
    for text in said:
        one_line = safe_text(text[:MAX_WORDS], spelt_out=False)
        lines += textwrap.wrap(one_line, WIDTH, initial_indent="# ", subsequent_indent="#   ")
    return "\n".join([*lines, "", ""])


def _load(exercise: Exercise, home: Home) -> str:
    text = pieces.LOAD + (pieces.RUN_IN_PARTS if home.in_parts else pieces.RUN)
    words = {"folder": str(home.folder), "file": str(home.file), "module": exercise.module}
    return f"{text.format(**words)}{exercise.name} = {exercise.module}.{exercise.name}\n\n"


def _calls(exercise: Exercise, shown: Counterexample) -> tuple[str, str]:
    """Return the arguments of all calls and those that come first, and the call that fails."""
    lines, call = [], ""
    for step, arguments in enumerate(shown.steps):
        if call:
            lines.append(f"result = {call}\n\n")
        words = []
        for place, value in enumerate(arguments):
            if isinstance(value, Carry):
                words.append("result" if value.index is None else f"result[{value.index}]")
                continue
            words.append(_name(exercise, shown, step, place))
            lines.append(f"{words[-1]} = {as_python(value)}\n")
        call = f"{exercise.name}({', '.join(words)})"
    return "".join(lines), call


def _name(exercise: Exercise, shown: Counterexample, step: int, place: int) -> str:
    """Return what an argument is called: as the stub calls it, unless that is taken."""
    name = exercise.stub.parameters[place].name
    name = name if len(shown.steps) == 1 else f"{name}_{step + 1}"
    return f"{name}_" if name in OURS | {exercise.name, exercise.module} else name
