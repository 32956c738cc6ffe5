"""What an author gets wrong in a script, or in the check of a class, is told with its place."""

from __future__ import annotations

import pytest

from grader.course.course import find_course
from grader.course.strategies import script
from grader.engine.audit.slips import find_slips
from grader.engine.cases.bank import Bank
from grader.engine.engine import Engine
from grader.errors import CourseError, OraclesDisagreeError
from grader.model.scripts import ref, script_fault

SOLUTION = '''"""Things with a memory."""


class Tally:
    """A sum that goes on."""

    def __init__(self, start: float = 0.0) -> None:
        """Begin."""
        self.sum = start

    def add(self, x: float) -> None:
        """Add a number, which is not negative."""
        if x < 0:
            raise ValueError("negative")
        self.sum += x

    def total(self) -> float:
        """Return the sum so far."""
        return self.sum
'''
CHECK = '''"""A sum that goes on."""

from grader.vocabulary import Exercise, one_of, ref, script, strategy


@strategy
def sums(draw):
    return script(
        {"x": draw(one_of(1.0, 2.0))}, ("new", "a", ()), ("do", "a", "add", (ref("x"),)),
        ("raises", "ValueError", "call", "a", "add", (-1.0,)), ("call", "a", "total", ()),
    )


exercise = Exercise(points=1, decks=(), levels={"one": sums()}, hints=("a?", "1 + 2 = 3", "..."))


@exercise.equivalent
class Tally:
    def __init__(self, start=0.0):
        self.sum = start

    def add(self, x):
        if x < 0:
            raise ValueError
        self.sum = self.sum + x

    def total(self):
        return self.sum


@exercise.mistake("Only the last number counts.")
class forgets(Tally):
    def add(self, x):
        super().add(x)
        self.sum = x
'''


def cases_of(folder, *changes):
    """Draw the cases of a small course, with pieces of its check exchanged."""
    text = CHECK
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    for name in ("solutions", "exercises", "quizzes", "checks/memory"):
        (folder / name).mkdir(parents=True)
    (folder / "solutions/memory.py").write_text(SOLUTION)
    stub = SOLUTION.replace("self.sum = start", "raise NotImplementedError")
    stub = stub.replace("return self.sum", "raise NotImplementedError")
    stub = stub.replace("        self.sum += x\n", "").replace(
        'ValueError("negative")', "NotImplementedError"
    )
    (folder / "exercises/memory.py").write_text(stub.replace("        if x < 0:\n    ", ""))
    (folder / "checks/memory/Tally.py").write_text(text)
    course = find_course(folder)
    engine = Engine(course, bank=Bank(folder / "bank"))
    return engine.case_set(course.exercise("memory.Tally"))


def test_the_course_of_these_tests_has_cases(tmp_path):
    assert len(cases_of(tmp_path).levels[0].cases) > 1


FAULTS = {
    "a verb that is none": (
        ('("do", "a", "add"', '("did", "a", "add"'), "'did' is no step of a script"
    ),
    "a name that nothing made": (('ref("x")', 'ref("z")'), "nothing before it makes 'z'"),
    "an object that nothing made": (
        (', ("call", "a"', ', ("call", "b"'), "nothing before it makes 'b'"
    ),
    "arguments that are no tuple": (
        ('"add", (ref("x"),)', '"add", ref("x")'), "the arguments are a tuple"
    ),
    "arguments that are left out": (
        ('"a", "total", ()', '"a", "total"'), "come name, method, arguments; none of these may"
    ),
    "an object without arguments": (('"new", "a", ()', '"new", "a"'), "come name, arguments;"),
    "arguments with names that are no dict": (
        ('"new", "a", ()', '"new", "a", (), 2.0'), "arguments with names are a dict"
    ),
    "a name too few": (('("call", "a", "total", ())', '("get", "a")'), "come name, attribute"),
    "a name too many": (
        ('("call", "a", "total", ())', '("get", "a", "sum", ())'), "come name, attribute"
    ),
    "an exception of another kind": (
        ('"ValueError", "call"', '"KeyError", "call"'), "ValueError or RuntimeError"
    ),
    "no script": (("return script(", "return ("), "the case of a class is script(…): script({}, *"),
    "no equivalent": (("@exercise.equivalent\n", ""), "a check needs an @exercise.equivalent"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_script_that_cannot_be_run_is_the_author_s_and_names_the_check(fault, tmp_path):
    change, words = FAULTS[fault]
    with pytest.raises(CourseError) as raised:
        cases_of(tmp_path, change)
    assert str(raised.value).startswith("the check of memory.Tally: ")
    assert words in str(raised.value)


def test_a_feature_of_a_script_that_raises_is_told_by_the_audit(tmp_path):
    feature = 'decks=(), features={"a two": lambda script: script.x == 2.0}'
    case_set = cases_of(tmp_path, ("decks=()", feature))
    course = find_course(tmp_path)
    (slip,) = [
        one
        for one in find_slips(course, course.exercise("memory.Tally"), case_set)
        if "'a two'" in one
    ]
    assert slip.startswith("checks/memory/Tally.py, line 14: the feature 'a two' raises Attribute")


def test_a_mistake_of_a_class_has_to_be_a_class(tmp_path):
    before = CHECK[CHECK.index("class forgets") :]
    with pytest.raises(CourseError, match="the mistake 'forgets' has to be one, too"):
        cases_of(tmp_path, (before, "def forgets(x):\n    return x\n"))


DISAGREEING = {
    "it lacks a method": (
        ("    def total", "    def totals"),
        "the torch equivalent fails in a.total(): AttributeError: ",
    ),
    "it raises nothing": (
        ("        if x < 0:\n            raise ValueError\n", ""),
        "the torch equivalent raises no ValueError, which the script says it does",
    ),
    "it answers otherwise": (
        ("self.sum = self.sum + x", "self.sum = x - self.sum - 1"),
        "the reference and torch disagree in a.total(): torch's result = ",
    ),
}


@pytest.mark.parametrize("how", DISAGREEING)
def test_an_equivalent_that_fails_is_told_with_the_step_and_the_whole_script(how, tmp_path):
    change, words = DISAGREEING[how]
    with pytest.raises(OraclesDisagreeError) as raised:
        cases_of(tmp_path, change)
    assert words in str(raised.value)
    assert str(raised.value).endswith("on a = Tally(); a.add(x); a.add(-1.0); a.total()")


def test_what_is_made_later_or_never_cannot_be_meant_before():
    assert "makes 'w'" in script_fault([("new", "a", (ref("w"),)), ("let", "w", 1.0)])
    assert "makes 'w'" in script_fault([("new", "a", (), {"weight": [ref("w")]})])
    assert script_fault([("let", "w", 1.0), ("new", "a", ([ref("w")],)), ("get", "a", "w")]) == ""
    lent = [("lend", "Scale", "class Scale: pass"), ("make", "s", "Scale", ())]
    assert script_fault([*lent, ("new", "a", ([ref("s")],))]) == ""
    assert "makes 'Scale'" in script_fault(lent[1:])
    with pytest.raises(CourseError, match="a script cannot be run"):
        script({}, ("call", "a", "forward", ()))
