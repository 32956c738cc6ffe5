"""Every error of ours has one home, and ends the command or is caught inside."""

from __future__ import annotations

import ast
import builtins
import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader import errors

PACKAGE = Path(grader.__file__).parent
OURS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, Exception)
]


BUILT_IN = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}


def bare_exceptions(file):
    """Return the classes of a file that begin a tree of exceptions of their own."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    return {name for name, of in bases.items() if of and of <= BUILT_IN}


def test_every_exception_of_the_package_belongs_to_the_one_tree():
    assert bare_exceptions(PACKAGE / "errors.py") == {"DlgradeError", "Signal"}
    others = {*PACKAGE.rglob("*.py")} - {PACKAGE / "errors.py"}
    bare = {name for file in others for name in bare_exceptions(file)}
    assert bare == {"Overtime"}  # in a worker, which knows nothing of ours


@pytest.mark.parametrize("error", OURS, ids=lambda one: one.__name__)
def test_an_error_ends_the_command_or_is_a_signal_and_never_both(error):
    ends, tells = issubclass(error, errors.DlgradeError), issubclass(error, errors.Signal)
    assert ends != tells
    assert error.__doc__
    if ends:
        assert error.exit_code in (2, 3)


def end_of(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "grader", *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("check", "--nothing"), ("nothing",), ("show",), ("check", "--timeout", "soon")],
    ids=" ".join,
)
def test_wrong_usage_is_told_in_a_few_lines_and_ends_with_2(arguments):
    code, said = end_of(*arguments)
    assert code == 2
    assert said.strip()
    assert "Traceback" not in said
    assert "fault of dlgrade" not in said
