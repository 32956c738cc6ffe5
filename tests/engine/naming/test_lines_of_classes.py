"""The line of a wrong class is found, too: in a method, in its attributes, in what objects keep."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from wronganswers import REALISTIC, read_written

from grader.engine.naming.mending.edits import Clues, find_edits
from grader.engine.naming.mending.own import find_own
from grader.engine.naming.mending.telling import KINDS
from grader.engine.reading.expressions import with_names
from grader.engine.reading.suspects import suspicion
from grader.model import Mismatch, Status

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"
CLASSES = [
    (file, node.name)
    for file in sorted(SOLUTIONS.glob("*.py"))
    for node in ast.parse(file.read_text(encoding="utf-8")).body
    if isinstance(node, ast.ClassDef)
]
TOLD = {  # which line is told, and of what kind it is
    "Adam/moments-lost": "rebinds",
    "Adam/same-zeros-for-both": "kept",
    "Dropout/divides-by-p": "term-missing",
    "Dropout/eval-keeps-mask": "stale",
    "Dropout/no-scaling": "factor-missing",
    "Linear/grads-overwritten": "assigns",
    "Linear/no-copy": "kept",
    "Momentum/first-buffer-is-gradient": "kept",
    "SGD/rebinds-local": "rebinds",
    "Sequential/backward-in-order": "backwards",
    "Sequential/eval-calls-train": "call",
    "Value/grads-set-not-added": "assigns",
    "Value/power-precedence": "bracket",
}


def own(text, name):
    nodes = {n.name: n for n in ast.parse(text).body if hasattr(n, "name")}
    return find_own(text.encode(), nodes, name)


@pytest.mark.parametrize("name", TOLD)
def test_a_realistic_wrong_class_is_told_its_line(name, engine, course, tmp_path):
    wrong = read_written(REALISTIC / "layers" / f"{name}.py.txt")
    (tmp_path / "layers.py").write_text(wrong.source, encoding="utf-8")
    (result,) = engine.check(tmp_path, [course.exercise(wrong.exercise)]).exercises
    assert result.faults == ()
    assert result.mending is not None
    assert result.mending.kind == TOLD[name]
    assert {line for _, line in result.mending.at} == {*wrong.lines}


@pytest.mark.parametrize(("file", "name"), CLASSES, ids=[name for _, name in CLASSES])
def test_every_edit_of_a_right_class_is_python_of_a_known_kind_at_a_line_of_it(file, name):
    text = file.read_text(encoding="utf-8")
    functions = own(text, name)
    edits = find_edits(functions, Clues(frozenset(["values", "shape", "changed"])))
    assert len(edits) > 50
    for edit in edits:
        assert {*edit.kinds} <= {*KINDS}
        assert all(0 < line <= len(text.splitlines()) for line in edit.lines)
        written = functions.edited(edit)
        if written is not None:
            ast.parse(written)


@pytest.mark.parametrize(("file", "name"), CLASSES, ids=[name for _, name in CLASSES])
def test_an_attribute_that_is_read_as_a_name_stands_where_it_stood(file, name):
    text = file.read_text(encoding="utf-8")
    node = next(n for n in ast.parse(text).body if getattr(n, "name", "") == name)
    names = [n for n in ast.walk(with_names(node)) if isinstance(n, ast.Name) and "." in n.id]
    assert all(ast.get_source_segment(text, one) == one.id for one in names)
    called = {part.func for part in ast.walk(node) if isinstance(part, ast.Call)}
    attributes = [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and getattr(one.value, "id", "") == "self"
    ]
    assert len(names) == len([one for one in attributes if one not in called])


def test_what_reaches_a_class_is_tried_with_it_and_what_does_not_is_left_out():
    text = (
        "def helper(x):\n    return x + 1\n\n\n"
        "def other(x):\n    return x\n\n\n"
        "class Tally:\n    def add(self, x):\n        self.n = helper(x)\n        return self.n\n"
    )
    functions = own(text, "Tally")
    assert set(functions.defined) == {"Tally", "helper"}
    lines = {line for edit in find_edits(functions, Clues()) for line in edit.lines}
    assert {2, 11, 12} <= lines
    assert not {5, 6} & lines


def test_what_the_class_has_for_all_objects_is_given_to_each():
    text = (
        "class Tally:\n    seen = []\n\n    def __init__(self):\n        self.n = 0\n\n"
        "    def add(self, x):\n        self.seen.append(x)\n"
    )
    functions = own(text, "Tally")
    (edit,) = (edit for edit in find_edits(functions, Clues()) if edit.kind == "shared")
    assert edit.lines == (2,)
    assert "self.seen = []; self.n = 0" in functions.edited(edit)


def test_asarray_keeps_the_very_array_and_array_a_copy():
    text = (
        "import numpy as np\n\n\nclass Layer:\n    def __init__(self, weight, bias):\n"
        "        self.weight = np.asarray(weight, dtype=float)\n"
        "        self.bias = np.array(bias)\n"
    )
    functions = own(text, "Layer")
    (edit,) = (edit for edit in find_edits(functions, Clues()) if edit.kind == "kept")
    assert edit.lines == (6,)
    assert "self.weight = np.asarray(weight, dtype=float).copy()" in functions.edited(edit)


def test_a_list_that_was_just_made_needs_no_copy():
    text = (
        "class Adam:\n    def __init__(self, params):\n"
        "        self.m = [0 * p for p in params]\n        self.v = self.m\n        self.t = []\n"
    )
    functions = own(text, "Adam")
    kept = [edit for edit in find_edits(functions, Clues()) if edit.kind == "kept"]
    assert [edit.lines for edit in kept] == [(4,)]


class Script:
    """A trial of which only the script and the verdict count."""

    def __init__(self, steps, wrong=None):
        self.arguments = steps
        self.verdict = self
        self.status = Status.PASSED if wrong is None else Status.FAILED
        self.mismatch = None if wrong is None else Mismatch("values", "wrong", wrong)


def test_the_method_that_only_failing_scripts_use_is_suspected_most():
    text = (
        "class Value:\n"
        "    def __init__(self, data):\n        self.data = data\n\n"
        "    def __add__(self, other):\n        return Value(self.data + other.data)\n\n"
        "    def __neg__(self):\n        return Value(self.data)\n\n"
        "    def __sub__(self, other):\n        return self + (-other)\n\n"
        "    def unused(self):\n        return 1\n"
    )
    new = ("new", "a", (1.0,), {})
    a = {"ref": "a"}
    trials = [
        Script((new, ("op", "b", "sub", (a, a))), wrong=1),
        Script((new, ("op", "b", "add", (a, a)))),
        Script((new, ("op", "b", "neg", (a,)), ("op", "c", "add", (a, a))), wrong=1),
    ]
    found = suspicion(own(text, "Value").methods, trials)
    assert found["__neg__"] == 1
    assert found["__neg__"] > found["__init__"] > found["__add__"]
    assert "unused" not in found
