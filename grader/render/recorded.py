"""Show a counterexample of a result document as text: expected beside got, in small grids.

The document is all that is needed: a gradebook keeps no arrays but these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from grader.model import Status
from grader.render.signs import number_text

if TYPE_CHECKING:
    import numpy as np

    from grader.engine.document import Entry
    from grader.engine.values import ArrayValue, ShownCase, WrongElement

MAX_WRONG = 5
MAX_TEXT = 400
NEVER_BACK = (Status.CRASHED, Status.TIMEOUT)


def case_lines(entry: Entry, *, arguments: bool) -> list[str]:
    """Return the lines that show the counterexample of an exercise; see `case_blocks`."""
    lines = []
    for name, block in case_blocks(entry, arguments=arguments):
        if len(block) == 1 and not name.startswith("with"):
            lines.append(f"{name}: {block[0]}")
        else:
            lines += [f"{name}:", *(f"  {line}" for line in block)]
    return lines


def case_blocks(entry: Entry, *, arguments: bool) -> list[tuple[str, list[str]]]:
    """Return the parts of an exercise's counterexample, each with a title and its lines.

    Parameters
    ----------
    entry
        The exercise in a result document.
    arguments
        Whether the call, its arguments and what was answered are shown too: not to students, where
        cases are hidden, since an answer can hold arguments.

    Returns
    -------
    list of tuple
        Nothing where there is no case, or where a call never came back and is hidden.
    """
    shown = entry["counterexample"]
    answered = entry["status"] not in NEVER_BACK
    if shown is None or not (arguments or answered):
        return []
    blocks = []
    if arguments:
        blocks.append(("call", [shown["call"]]))
        blocks += _argument_blocks(shown)
    blocks += _answer_blocks(shown, arguments=arguments, answered=answered)
    if arguments and "output" in entry:
        blocks.append(("printed", entry["output"].split("\n")))
    if arguments and "telling" in entry:
        telling = entry["telling"]
        blocks.append(("a case that shows more", [telling["call"]]))
        blocks += _argument_blocks(telling)
        blocks += _answer_blocks(telling, arguments=True, answered=True)
    return blocks


def _argument_blocks(shown: ShownCase) -> list[tuple[str, list[str]]]:
    return [
        (f"with {name}", value_lines(value))
        for name, value in shown["arguments"].items()
        if isinstance(value, (dict, list))
    ]


def _answer_blocks(
    shown: ShownCase, *, arguments: bool, answered: bool
) -> list[tuple[str, list[str]]]:
    expected, actual = shown["expected"], shown["actual"]
    blocks = [("expected", value_lines(expected, actual if arguments else None))]
    if answered and arguments:
        blocks.append(("got", value_lines(actual, expected, got=True)))
    return blocks


def value_lines(value: Any, beside: Any = None, *, got: bool = False) -> list[str]:
    """Return a value of a document as lines.

    Parameters
    ----------
    value
        As the document writes it.
    beside
        What it is compared with, so that as many digits are shown as tell the two apart.
    got
        Whether it is the answer, whose wrong entries are marked with `*`.

    Examples
    --------
    >>> value_lines({"shape": [2], "dtype": "float64", "data": [1.0, "nan"]})
    ['float64, shape (2,)', '    1 nan']
    >>> value_lines({"raises": "ValueError", "message": ""}), value_lines(0.5)
    (['ValueError is raised'], ['0.5'])
    """
    if isinstance(value, dict) and "raises" in value:
        return [f"{value['raises']} is raised"]
    if _is_array(value):
        return _array_lines(value, beside, got=got)
    if isinstance(value, dict):
        return [_short(str({str(key): str(item) for key, item in value["dict"]}))]
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        others = beside if isinstance(beside, list) and len(beside) == len(value) else None
        lines = []
        for place, item in enumerate(value):
            inner = value_lines(item, others[place] if others else None, got=got)
            lines += [f"[{place}] {inner[0]}", *inner[1:]]
        return lines
    if isinstance(value, float):
        return [number_text(value)]
    return [_short(str(value))]


def _is_array(value: Any) -> TypeGuard[ArrayValue]:
    return isinstance(value, dict) and "shape" in value


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " …"


def _array_lines(value: ArrayValue, beside: Any, *, got: bool) -> list[str]:
    shape = tuple(value["shape"])
    head = f"{value['dtype']}, shape {shape}"
    array = find_array(value)
    if array is None:
        wrong = value.get("first_wrong", [])[:MAX_WRONG]
        return [f"{head}, too large to show", *(_wrong_line(one) for one in wrong)]
    from grader.render.grids import Frame, render_array  # noqa: PLC0415 - numpy, for failures alone

    other = find_array(beside) if _is_array(beside) else None
    shown = render_array(array, Frame(is_shaded=True), other, got=got).plain
    return [head, *(f"  {line}" for line in shown.splitlines())]


def _wrong_line(one: WrongElement) -> str:
    return f"  {one['index']}: expected {one['expected']}, got {one['actual']}"


def find_array(value: ArrayValue) -> np.ndarray[Any, Any] | None:
    """Return the numbers of a document's array, or None when they are not all there."""
    if value.get("data") is None or value["dtype"] in ("object", "complex128", "complex64"):
        return None
    import numpy as np  # noqa: PLC0415 - for failures alone

    try:
        numbers = np.array(value["data"], dtype=np.float64)
        return numbers.reshape(tuple(value["shape"]))
    except (ValueError, TypeError):  # text where numbers belong: nothing to lay out
        return None
