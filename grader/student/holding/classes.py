"""Write the case of a class as Python: its script, what is looked at last, expected and got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.model.scripts import OPERATORS, last_expression, statements
from grader.student.holding.literals import as_python

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = ("new", "call", "ask", "do", "op", "raises")
SHOWS = ("call", "ask", "get", "op", "see", "again")
RAISES = """\
try:
    {call}
except {kind} as error:
    print("expected: {kind}", "got:", repr(error), "nothing is wrong here", sep="\\n")
else:
    print("expected: {kind}", "first wrong: it raised nothing", sep="\\n")
"""


def script_before(made: str, steps: Sequence[tuple[Any, ...]]) -> list[str]:
    """Return the statements of all steps but the last one, each with the end of its line."""
    return [f"{text}\n" for text in statements(made, steps, as_python)]


def last_call(made: str, steps: Sequence[tuple[Any, ...]]) -> str:
    """Return the statement by which the answer to the last step is got."""
    verb, text = steps[-1][0], last_expression(made, steps)
    if verb == "raises":
        return RAISES.format(call=text, kind=steps[-1][1]).rstrip("\n")
    return f"got = {text}" if verb in SHOWS else f"{text}\ngot = None"


def last_method(made: str, steps: Sequence[tuple[Any, ...]]) -> tuple[str, int]:
    """Return the method that ran last, as it is found by its class, and at which step."""
    for number in range(len(steps) - 1, -1, -1):
        step = steps[number][2:] if steps[number][0] == "raises" else steps[number]
        if step[0] in RUNS and (step[0] != "ask" or number == len(steps) - 1):
            if step[0] == "op":
                return f"{made}.{_method_of(*step[2:])}", number
            return f"{made}.{'__init__' if step[0] == 'new' else step[2]}", number
    return made, len(steps) - 1


def _method_of(operation: str, given: Sequence[Any]) -> str:
    """Return the method that an operation calls; `1.0 - a` is the turn of `a`."""
    if operation == "sum":
        return "__add__"
    if operation in OPERATORS and not isinstance(given[0], dict):
        return f"__r{operation}__"
    return f"__{operation}__" if operation in (*OPERATORS, "neg") else operation
