"""A class is an exercise, whose cases are scripts of calls on its objects."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.course.course import find_course
from grader.course.outline import outline_of
from grader.course.strategies import script
from grader.course.stubs import derive_stub, read_stubs
from grader.engine.audit.audit import audit_exercise
from grader.engine.cases.bank import Bank
from grader.engine.cases.scripted import run_script
from grader.engine.document import entry_of
from grader.engine.engine import Engine
from grader.errors import CourseError
from grader.model import Limits, Status
from grader.model.scripts import ref, script_lines
from grader.student.holding.classes import last_call, last_method
from grader.student.holding.home import Home
from grader.student.holding.script import write_script
from grader.student.standing import Files

COURSE = find_course()
STREAMS = find_course(Path(__file__).resolve().parents[2] / "examples" / "courses" / "streams")
CLASSES = [name for name in COURSE.ids if name.startswith("layers.")]
RIGHT = (COURSE.solutions_dir / "layers.py").read_text(encoding="utf-8")
LINEAR = "layers.Linear"


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Return what checks the classes of the example with a bank of their own."""
    return Engine(COURSE, bank=Bank(tmp_path_factory.mktemp("bank")), limits=Limits(timeout_s=5))


def check(engine, folder, *changes, name=LINEAR):
    """Return the result of a class in which pieces of the right answer are exchanged."""
    text = RIGHT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "layers.py").write_text(text, encoding="utf-8")
    (result,) = engine.check(folder, [COURSE.exercise(name)]).exercises
    assert not result.faults
    return result


def levels(result):
    """Return the names of the levels that did not pass."""
    return [one.name for one in result.levels if one.status is not Status.PASSED]


@pytest.mark.parametrize("name", STREAMS.ids)
def test_every_mistake_and_every_mutant_of_a_class_is_caught_and_named(name, tmp_path):
    engine = Engine(STREAMS, bank=Bank(tmp_path), limits=Limits(timeout_s=5))
    audit = audit_exercise(engine, STREAMS.exercise(name), most_mutants=100)
    assert audit.mistakes
    assert [one.mistake.id for one in audit.mistakes if not one.is_sharp] == []
    assert not audit.survivors


@pytest.mark.parametrize("name", CLASSES)
def test_the_reference_passes_and_the_stub_is_unwritten(name, judged):
    folders = {COURSE.solutions_dir: "passed", COURSE.exercises_dir: "unimplemented"}
    for folder, status in folders.items():
        (result,) = judged.check(folder, [COURSE.exercise(name)]).exercises
        assert result.status == status, result.message


WRONG = {
    "added up": (
        ("self.grad_weight += ", "self.grad_weight = "),
        ("self.grad_bias += ", "self.grad_bias = "),
        "again", "overwritten",
    ),
    "not copied": (
        ("weight.copy(), bias.copy()", "weight, bias"), "trained", "keeps-what-it-is-given",
    ),
    "nothing said": (
        ('raise RuntimeError("backward needs a forward before it")', "return None"),
        "backward too early", "silent",
    ),
    "no bias": (
        ("self.weight.T + self.bias", "self.weight.T"), "one object, one pass", "without-bias",
    ),
    "no zeros": (
        ("        self.zero_grad()\n", "        self.grad_weight = self.grad_bias = None\n"),
        "one object, one pass", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_slip_is_found_in_the_first_level_that_shows_it_and_named(name, judged, tmp_path):
    *changes, level, mistake = WRONG[name]
    result = check(judged, tmp_path, *changes)
    assert levels(result)[0] == level, result.message
    assert (result.diagnosis.id if result.diagnosis and mistake else "") == mistake


def test_an_attribute_that_is_none_is_not_told_as_a_forgotten_return(judged, tmp_path):
    zeros = "self.grad_weight = np.zeros_like(self.weight)"
    late = "\n        if self.grad_weight is None:\n            self.grad_weight = 0.0"
    line = "        self.grad_weight += "
    result = check(judged, tmp_path, (zeros, "self.grad_weight = None"), (line, late + "\n" + line))
    assert "grad_weight" in result.diagnosis.message
    assert "return" not in result.diagnosis.message


def test_what_belongs_to_the_class_fails_where_there_are_two_objects(judged, tmp_path):
    result = check(judged, tmp_path, ("self._x", "Linear._x"))
    assert "two objects" in levels(result)
    assert "one object, one pass" not in levels(result)


def test_an_optimiser_that_makes_new_arrays_changes_nothing(judged, tmp_path):
    before, after = "param[...] -= self.lr * (", "param = param - self.lr * ("
    result = check(judged, tmp_path, (before, after), name="layers.SGD")
    assert result.diagnosis.id == "new-arrays"
    assert result.message.startswith("after all that, p[")


def test_a_method_that_is_not_written_costs_its_own_levels(judged, tmp_path):
    line = "        self.grad_weight += grad_out.T @ self._x\n"
    result = check(judged, tmp_path, (line, "        raise NotImplementedError\n" + line))
    assert result.status is Status.UNIMPLEMENTED
    assert result.message == "a.backward(grad_out): not written yet"


def test_what_a_method_raises_is_told_with_its_call_and_its_line(judged, tmp_path):
    result = check(judged, tmp_path, ("grad_out.T @ self._x", "grad_out @ self._y"))
    assert result.status is Status.ERROR
    assert result.message.startswith("a.backward(grad_out): it raised AttributeError")
    (told,) = [line for line in RIGHT.splitlines() if "grad_out.T @ self._x" in line]
    assert result.location.line == RIGHT.splitlines().index(told) + 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("def zero_grad(self)", "def zeroes(self)", "Linear has no method zero_grad"),
        ("def forward(self, x:", "def forward(self, x, y:", "forward(self, x)"),
        ("self.weight, self.bias = weight", "raise SystemExit; x = weight", "it raised SystemExit"),
    ],
)
def test_a_class_of_another_form_is_told_in_one_line(before, after, said, judged, tmp_path):
    result = check(judged, tmp_path, (before, after))
    assert result.status is Status.ERROR
    assert said in result.message


def test_the_script_of_a_document_can_be_pasted_and_shows_what_is_wrong(judged, tmp_path):
    change = "self.grad_bias += ", "self.grad_bias = "
    shown = entry_of(check(judged, tmp_path, change))["counterexample"]
    names = {"np": np}
    exec((tmp_path / "layers.py").read_text(encoding="utf-8"), names)  # noqa: S102 - our own
    *before, last = shown["script"]
    assert last == shown["call"]
    exec("\n".join(before), names)  # noqa: S102 - as above
    got = eval(last, names)  # noqa: S307 - as above
    assert got.tolist() == shown["actual"]["data"] != shown["expected"]["data"]


@pytest.mark.parametrize(
    "change",
    [
        ("self.grad_bias += ", "self.grad_bias = "),
        ("if self._x is None", "if False"),
        ("weight.copy(), bias.copy()", "weight, bias"),
        ("grad_out.T @ self._x", "grad_out @ self._y"),
        (
            "return x @ self.weight.T + self.bias",
            (
                "fresh = x @ self.weight.T + self.bias\n"
                "        old = getattr(self, '_out', fresh)\n"
                "        self._out = old if old.shape == fresh.shape else fresh\n"
                "        self._out[...] = fresh\n"
                "        return self._out"
            ),
        ),
    ],
)
def test_the_file_that_debug_writes_shows_the_same(change, judged, tmp_path):
    result = check(judged, tmp_path, change)
    home = Home(tmp_path, tmp_path / "layers.py")
    held = write_script(COURSE.exercise(LINEAR), result, home, "dlgrade debug")
    path = tmp_path / "case.py"
    path.write_text(held.text, encoding="utf-8")
    ran = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert "first wrong" in ran.stdout or "Error" in ran.stderr, ran
    assert held.function.startswith("Linear.")
    lines = held.text.splitlines()
    assert held.function.partition(".")[2] in lines[held.line - 1] + lines[held.line]


FORGED = {
    "its own names": "{'ref': 'weight'}",
    "a class of its own": "type('Answer', (), {'shape': (1, 1), 'ref': 'x'})()",
    "a list that holds itself": "(lambda one: one.append(one) or one)([])",
    "an array that says it is equal": (
        "type('Equal', (np.ndarray,), {'__eq__': lambda *_: True})((1, 1))"
    ),
    "the word for what was raised": "'RuntimeError'",
}


@pytest.mark.parametrize("name", FORGED)
def test_what_a_method_returns_is_never_taken_for_a_step_or_a_name(name, judged, tmp_path):
    result = check(judged, tmp_path, ("return grad_out @ self.weight", f"return {FORGED[name]}"))
    assert result.status in (Status.FAILED, Status.REJECTED)
    assert not [one for one in result.levels if one.earned and "early" not in one.name]


def test_a_class_that_takes_over_what_runs_the_script_gains_nothing(judged, tmp_path):
    attack = """
import sys

def find(frame):
    while frame:
        if "self" in frame.f_locals and type(frame.f_locals["self"]).__name__ == "ScriptRunner":
            return frame.f_locals["self"]
        frame = frame.f_back

class Linear:
    def __init__(self, weight, bias):
        found = find(sys._getframe())
        if found is not None:
            type(found).__call__ = lambda *_: None
    def forward(self, x): return x
    def backward(self, grad_out): return grad_out
    def zero_grad(self): pass
    def parameters(self): return []
    def gradients(self): return []
"""
    (tmp_path / "layers.py").write_text(attack, encoding="utf-8")
    (result,) = judged.check(tmp_path, [COURSE.exercise(LINEAR)]).exercises
    assert result.status is not Status.PASSED
    assert not result.earned


def test_a_level_that_hangs_or_dies_costs_itself_alone(judged, tmp_path):
    quick = dataclasses.replace(judged, limits=Limits(timeout_s=0.6))
    text = "self.grad_bias = np.zeros_like(self.bias)"
    counted = "self._calls = getattr(self, '_calls', 0) + 1\n        while self._calls > 1: pass"
    result = check(quick, tmp_path, (text, f"{text}\n        {counted}"))
    statuses = {one.name: one.status for one in result.levels}
    assert statuses["one object, one pass"] is Status.PASSED
    assert statuses["again"] is Status.TIMEOUT


def test_an_array_inside_of_a_step_is_refused_since_it_has_no_name():
    with pytest.raises(CourseError, match="holds an array"):
        script({}, ("new", "a", ()), ("call", "a", "forward", (np.zeros(2),)))


def test_a_check_of_a_class_whose_equivalent_is_a_function_is_told(tmp_path):
    for name in ("exercises", "checks", "solutions", "quizzes"):
        source = STREAMS.exercises_dir.parent / name
        for file in source.rglob("*.*"):
            if file.suffix in (".py", ".toml"):
                place = tmp_path / file.relative_to(source.parent)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.read_bytes())
    check_file = tmp_path / "checks" / "streams" / "MovingAverage.py"
    (tmp_path / "quizzes").mkdir(exist_ok=True)
    check_file.write_text(
        '"""A line."""\nfrom grader.vocabulary import Exercise\n'
        "exercise = Exercise(points=1, decks=(), levels={}, hints=())\n"
        "@exercise.equivalent\ndef right(x):\n    return x\n",
        encoding="utf-8",
    )
    told = r"MovingAverage\.py: MovingAverage is a class: its equivalent has to be"
    with pytest.raises(CourseError, match=told):
        find_course(tmp_path).exercise("streams.MovingAverage")


def test_what_is_given_may_be_meant_by_its_name_inside_of_lists():
    case = script({"w": np.ones(2)}, ("new", "a", ([ref("w"), 2.0],)), ("get", "a", "n"))
    assert [step[0] for step in case.steps] == ["let", "new", "get", "see"]


def test_a_class_is_listed_as_written_once_a_method_is_and_edits_are_noticed(judged, tmp_path):
    (tmp_path / "layers.py").write_bytes((COURSE.exercises_dir / "layers.py").read_bytes())
    outline = outline_of(COURSE.exercise(LINEAR))
    assert Files(tmp_path).state(outline) == "not written yet"
    check(judged, tmp_path)
    assert Files(tmp_path).state(outline) == "written"
    before = Files(tmp_path).seal(LINEAR)
    check(judged, tmp_path, ("self.grad_bias += ", "self.grad_bias = "))
    assert before
    assert Files(tmp_path).seal(LINEAR) != before


def test_all_calls_up_to_the_one_that_is_wrong_are_told(judged, tmp_path):
    change = "param[...] -= self.lr * (", "param = param - self.lr * ("
    shown = check(judged, tmp_path, change, name="layers.SGD").counterexample
    assert [call.partition("(")[0] for call in shown.earlier] == ["a = SGD", "a.step"]
    assert shown.call == "p"


def test_arrays_that_no_call_so_far_was_given_are_not_shown(judged, tmp_path):
    shown = check(judged, tmp_path, ("self.grad_bias += ", "self.grad_bias = ")).counterexample
    called = " ".join([*shown.earlier, shown.call])
    assert shown.arguments
    assert [name for name in shown.arguments if name not in called] == []
    assert [line for line in shown.script if line.partition(" = ")[0] in shown.arguments]


def test_the_stub_of_a_class_has_its_docstrings_and_none_of_its_bodies():
    assert derive_stub(RIGHT) == (COURSE.exercises_dir / "layers.py").read_text(encoding="utf-8")
    linear = next(one for one in COURSE.stubs("layers") if one.name == "Linear")
    assert str(linear) == "Linear(weight, bias)"
    assert [str(one) for one in linear.methods[1:3]] == ["forward(x)", "backward(grad_out)"]


def test_a_stub_shows_no_statement_of_a_body_without_a_docstring():
    source = '"""A line."""\n\n\nclass A:\n    """One."""\n\n    def b(self):\n        return 42\n'
    source += "\n\ndef c(x):\n    y = 43\n    return y\n\n\ndef d(x): return 44\n"
    stub = derive_stub(source)
    assert "42" not in stub
    assert "43" not in stub
    assert "44" not in stub
    assert [one.name for one in read_stubs(stub)] == ["A", "c", "d"]
    ast.parse(stub)


class Number:
    """A number that counts how many operations it came from."""

    def __init__(self, data, depth=0):
        self.data, self.depth = data, depth

    def __mul__(self, other):
        return Number(self.data * getattr(other, "data", other), self.depth + 1)

    def __add__(self, other):
        return Number(self.data + getattr(other, "data", other), self.depth + 1)

    __radd__ = __add__

    def __rsub__(self, other):
        return Number(other - self.data, self.depth + 1)

    def __neg__(self):
        return Number(-self.data, self.depth + 1)

    def half(self):
        return Number(self.data / 2, self.depth + 1)


OPERATION_STEPS = [
    ("new", "a", (3.0,)),
    ("op", "b", "mul", (ref("a"), -2.0)),
    ("op", "c", "sub", (1.0, ref("b"))),
    ("op", "d", "sum", (ref("b"), ref("c"))),
    ("op", "e", "neg", (ref("d"),)),
    ("op", "f", "half", (ref("e"),)),
]


def test_operators_and_methods_make_objects_by_name_whose_data_are_looked_at():
    step = run_script(Number)
    assert [step(*one) for one in OPERATION_STEPS] == [None, -6.0, 7.0, 1.0, -1.0, -0.5]
    assert step("get", "f", "depth") == 5


def test_operations_read_as_python_that_gives_the_same():
    lines = script_lines("Number", OPERATION_STEPS)
    assert lines[1:] == [
        "b = a * (-2.0)", "c = 1.0 - b", "d = sum([b, c])", "e = -d", "(e.half()).data",
    ]  # fmt: skip
    names = {"Number": Number}
    exec("\n".join(lines[:-1]), names)  # noqa: S102 - our own
    assert eval(lines[-1], names) == -0.5  # noqa: S307 - as above


def test_a_debugger_stops_in_the_method_of_the_operator_that_ran_last():
    assert last_method("Number", OPERATION_STEPS) == ("Number.half", 5)
    assert last_method("Number", OPERATION_STEPS[:2]) == ("Number.__mul__", 1)
    assert last_method("Number", OPERATION_STEPS[:3]) == ("Number.__rsub__", 2)
    assert last_call("Number", OPERATION_STEPS[:3]) == "got = (1.0 - b).data"


LENT = "class Twice:\n    def of(self, x):\n        return 2.0 * x"


class User:
    """An object that works with what it is lent."""

    def __init__(self, tool, *, other=None):
        self.tools = [tool, other]

    def use(self, x):
        return [tool.of(x) for tool in self.tools]


LENDING_STEPS = [
    ("lend", "Twice", LENT),
    ("make", "one", "Twice", ()),
    ("make", "two", "Twice", ()),
    ("new", "a", (ref("one"),), {"other": ref("two")}),
    ("call", "a", "use", (3.0,)),
]


def test_a_class_that_the_course_lends_is_run_and_its_objects_are_handed_over_by_name():
    step = run_script(User)
    assert [step(*one) for one in LENDING_STEPS] == [None, None, None, None, [6.0, 6.0]]


def test_a_script_with_a_lent_class_can_be_pasted_since_the_class_stands_in_it():
    lines = script_lines("User", LENDING_STEPS)
    assert lines == [
        LENT,
        "one = Twice()",
        "two = Twice()",
        "a = User(one, other=two)",
        "a.use(3.0)",
    ]
    names = {"User": User}
    exec("\n".join(lines[:-1]), names)  # noqa: S102 - our own
    assert eval(lines[-1], names) == [6.0, 6.0]  # noqa: S307 - as above


def test_a_failure_with_lent_layers_tells_the_calls_and_its_file_runs(engine, course, tmp_path):
    """What the student is told are calls; the file that debug writes has the classes, too."""
    right = (course.solutions_dir / "layers.py").read_text(encoding="utf-8")
    wrong = right.replace("in reversed(self.layers)", "in self.layers")
    assert wrong != right
    (tmp_path / "layers.py").write_text(wrong, encoding="utf-8")
    exercise = course.exercise("layers.Sequential")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    shown = result.counterexample
    assert result.diagnosis.id == "backward-from-the-front"
    assert any(line.startswith("layer_1 = ") for line in shown.earlier)
    assert not any("class " in line for line in shown.earlier)
    home = Home(tmp_path, tmp_path / "layers.py")
    held = write_script(exercise, result, home, "dlgrade debug")
    path = tmp_path / "case.py"
    path.write_text(held.text, encoding="utf-8")
    ran = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert "first wrong" in ran.stdout, ran
    assert held.function.startswith("Sequential.")
