"""A course of one exercise, whose files read each other by their paths."""

from __future__ import annotations

OWN, TOOL, SOL, STUB = (
    "checks/own/double.py", "checks/own/tools.py", "solutions/own.py", "exercises/own.py",
)  # fmt: skip
FILES = {
    OWN: '''"""One line."""

import importlib.util
from pathlib import Path

from grader.checks._shared import of_result
from grader.vocabulary import Exercise, array, strategy

spec = importlib.util.spec_from_file_location("own_tools", Path(__file__).with_name("tools.py"))
tools = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tools)


@strategy
def numbers(draw):
    return (draw(array(*tools.SIZES)),)


exercise = Exercise(
    points=2, decks=("001",), levels={"all": numbers()}, hints=("first", "second", "third"),
)


@exercise.equivalent
def right(x):
    """Twice of it."""
    return x * tools.factor()


@exercise.mistake("Three times is too much.")
def three_times(x):
    return x * 3


of_result(exercise, halved="There is a factor 1/2 too much.")
''',
    TOOL: """from pathlib import Path

SIZES = [2]


def factor():
    return float(Path(__file__).with_name("table.txt").read_text())
""",
    "checks/own/table.txt": "2",
    SOL: '''import numpy as np

FACTOR = [2]


def double(x):
    """Twice of it."""
    return FACTOR[0] * np.asarray(x)


def other(x):
    return x
''',
    STUB: '''import numpy as np


def double(x: np.ndarray) -> np.ndarray:
    """Return twice of it.

    Parameters
    ----------
    x : ndarray, shape (N,)

    Returns
    -------
    out : ndarray, shape (N,)
    """
    raise NotImplementedError
''',
    "quizzes/.keep": "",
}


def write_course(folder, *changes):
    """Write it into a folder with some texts exchanged: file, before, after."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        for file, before, after in changes:
            assert file != name or before in text
            text = text.replace(before, after) if file == name else text  # noqa: PLW2901
        (folder / name).write_text(text)
    return folder
