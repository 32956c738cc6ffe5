"""A script calls the function on the very arguments of a case, and says what the grader says."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import importlib
import io
import runpy
import subprocess
import sys
import types

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.course import find_course
from grader.engine.compare import first_mismatch
from grader.errors import UsageError
from grader.model import Carry, Counterexample, ExerciseResult, LevelResult, Mismatch, Status
from grader.model.functions import Lambda
from grader.student.holding.home import Home
from grader.student.holding.script import MAX_NUMBERS, write_script
from grader.worker.wire import pack_reply, read_steps, unpack_case

COURSE = find_course()
EXERCISES = COURSE.find([])
RIGHT = "nothing is wrong here"
WRONG = "first wrong: "
FUNCTIONS = [one for one in EXERCISES if not one.stub.is_class]
CLASSES = [one for one in EXERCISES if one.stub.is_class]
every_function = pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda one: one.id)
every_class = pytest.mark.parametrize("exercise", CLASSES, ids=lambda one: one.id)
quickly = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.fixture
def run(tmp_path):
    """Run the script of a case with a function of the test's in the student's place."""

    def run_script(exercise, shown, function, message=""):
        (tmp_path / f"{exercise.module}.py").write_text(f"from spy import {exercise.name}\n")
        level = LevelResult("all", Status.FAILED, 1.0)
        result = ExerciseResult(exercise.id, (level,), message=message, counterexample=shown)
        home = Home(tmp_path, tmp_path / f"{exercise.module}.py")
        script = write_script(exercise, result, home, f"dlgrade debug {exercise.id}")
        path = tmp_path / "case.py"
        path.write_text(script.text, encoding="utf-8")
        if not exercise.stub.is_class:
            assert f"{exercise.name}(" in script.text.splitlines()[script.line - 1]
        spy = types.ModuleType("spy")
        setattr(spy, exercise.name, function)
        path_before, modules_before = list(sys.path), dict(sys.modules)
        sys.modules["spy"] = spy
        try:
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                runpy.run_path(str(path))
        finally:
            sys.path[:] = path_before
            for name in sys.modules.keys() - modules_before.keys() | {exercise.module}:
                sys.modules.pop(name, None)
            sys.modules.update(modules_before)
        return printed.getvalue()

    return run_script


def shown_of(exercise, banked, step=None):
    """Return a case as if its step (the last one by default) were the wrong one."""
    steps, expected = unpack_case(banked.request), banked.expected
    step = len(expected) - 1 if step is None else step
    return Counterexample(
        "f(x)", {}, expected[step], None, shrunk=True, steps=steps[: step + 1],
        tolerance=exercise.check.tolerance,
    )  # fmt: skip


def filled(steps, answers):
    """Return what each call is handed, results of earlier ones included."""
    for step, arguments in enumerate(steps):
        before = answers[step - 1] if step else None
        yield [
            (before if one.index is None else before[one.index]) if isinstance(one, Carry) else one
            for one in arguments
        ]


def same_bits(one, other):
    if isinstance(other, Lambda):
        return one.__code__.co_code == other.made.__code__.co_code
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, (list, tuple)):
        pairs = zip(one, other, strict=True)
        return type(one) is type(other) and all(same_bits(a, b) for a, b in pairs)
    return type(one) is type(other) and repr(one) == repr(other)


@every_function
def test_the_function_is_called_on_the_arguments_of_the_case_to_the_last_bit(exercise, engine, run):
    @quickly
    @given(st.sampled_from(engine.case_set(exercise).cases))
    def holds(banked):
        seen, shown = [], shown_of(exercise, banked)

        def spy(*arguments):
            seen.append(copy.deepcopy(arguments))
            if banked.bad:
                raise ValueError("bad arguments")
            return banked.expected[len(seen) - 1]

        assert RIGHT in run(exercise, shown, spy)
        asked = list(filled(shown.steps, banked.expected))
        assert len(seen) == len(asked) >= 1
        for one, other in zip(seen, asked, strict=True):
            assert same_bits(list(one), other)

    holds()


def changed(value, kind):
    """Return an answer that is a little another one."""
    if isinstance(value, (list, tuple)) and value:
        return type(value)([*value[:-1], changed(value[-1], kind)])
    if isinstance(value, dict) and value:
        key = next(iter(value))
        return {**value, key: changed(value[key], kind)} if kind != "none" else {}
    if isinstance(value, (str, bool, type(None), list, tuple, dict)):  # the last three are empty
        return None if kind == "none" else value
    array = np.asarray(value)
    return {
        "none": lambda: None,
        "shape": lambda: array[None],
        "single": lambda: array.astype("f4")[()],
        "tiny": lambda: value + 1e-14,
        "more": lambda: value + 1e-3,
        "nan": lambda: value + np.nan,
    }[kind]()


@every_function
def test_the_script_calls_an_answer_wrong_when_the_grader_does(exercise, engine, run):
    good = [banked for banked in engine.case_set(exercise).cases if not banked.bad]
    kinds = st.sampled_from(["tiny", "more", "nan", "none", "shape", "single"])

    @quickly
    @given(st.sampled_from(good), kinds)
    def holds(banked, kind):
        shown = shown_of(exercise, banked, 0)
        answer = changed(shown.expected, kind)
        try:
            sent = read_back(answer, banked)
        except TypeError:
            return
        found = first_mismatch([shown.expected], [sent], exercise.check.tolerance)
        printed = run(exercise, shown, lambda *_: answer)
        assert (WRONG if found else RIGHT) in printed
        assert (RIGHT if found else WRONG) not in printed

    holds()


@every_class
def test_the_script_of_a_class_is_right_of_the_reference_and_else_says_what_the_grader_says(
    exercise, engine, run, monkeypatch
):
    monkeypatch.syspath_prepend(COURSE.solutions_dir)
    made = getattr(importlib.import_module(exercise.module), exercise.name)
    monkeypatch.delitem(sys.modules, exercise.module)
    cases = [one for one in engine.case_set(exercise).cases if showing(one)]

    @quickly
    @given(st.data())
    def holds(data):
        banked = data.draw(st.sampled_from(cases))
        shown = shown_of(exercise, banked, data.draw(st.sampled_from(showing(banked))))
        assert RIGHT in run(exercise, shown, made)
        kind = data.draw(st.sampled_from(["tiny", "more", "nan", "none", "shape"]))
        asked = dataclasses.replace(shown, expected=changed(shown.expected, kind))
        printed = run(exercise, asked, made)
        tolerance = exercise.check.tolerance
        found = first_mismatch([asked.expected], [shown.expected], tolerance)
        assert (WRONG if found else RIGHT) in printed

    holds()


def showing(banked):
    """Return which steps of a script show something."""
    steps = enumerate(unpack_case(banked.request))
    return [n for n, step in steps if step[0] in ("call", "get", "see", "again")]


def read_back(answer, banked):
    """Return what the grader reads of an answer that a worker sends."""
    return read_steps(*pack_reply([answer], banked.request))[0]


def case_where(engine, exercise, is_wanted):
    return next(one for one in engine.case_set(exercise).cases if is_wanted(one))


def test_bad_arguments_are_said_to_be_bad(engine, run):
    exercise = COURSE.exercise("conv.conv_output_size")
    shown = shown_of(exercise, case_where(engine, exercise, lambda one: one.bad))
    printed = run(exercise, shown, lambda *_: 3)
    assert printed.splitlines() == [
        "expected: ValueError", "got:", "3", "first wrong: it raised nothing",
    ]  # fmt: skip


def test_an_argument_that_is_changed_is_told(engine, run):
    exercise = COURSE.exercise("conv.im2col")
    banked = case_where(engine, exercise, lambda one: not one.bad)
    whole = shown_of(exercise, banked)
    found = Mismatch("changed", "it changes its argument x", path=("x",))
    shown = Counterexample("f(x)", {}, whole.expected, None, True, found, (), whole.steps)

    def spoils(x, *_):
        x += 1
        return shown.expected

    assert "it changes its argument x:" in run(exercise, shown, spoils)
    assert "it changes" not in run(exercise, shown, lambda *_: shown.expected)


def test_a_second_answer_is_asked_for_where_it_was_the_wrong_one(engine, run):
    exercise = COURSE.exercise("conv.im2col")
    banked = case_where(engine, exercise, lambda one: not one.bad)
    whole = shown_of(exercise, banked)
    found = Mismatch("again", "the same call again gives another answer")
    shown = Counterexample("f(x)", {}, whole.expected, None, True, found, (), whole.steps)
    calls = []

    def forgets(*_):
        calls.append(1)
        return shown.expected + (len(calls) > 1)

    assert WRONG in run(exercise, shown, forgets)
    assert len(calls) == 2


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_a_student_said_stays_a_comment(engine, run, text):
    exercise = COURSE.exercise("conv.conv_output_size")
    shown = shown_of(exercise, case_where(engine, exercise, lambda one: not one.bad))
    bad = f"{text}\nraise SystemExit\r\x0craise SystemExit\u2028raise SystemExit"
    assert RIGHT in run(exercise, shown, lambda *_: shown.expected, message=bad)


def test_too_many_numbers_are_one_line(tmp_path):
    exercise = COURSE.exercise("conv.im2col")
    steps = ((np.zeros((1, 1, 400, MAX_NUMBERS // 400 + 1)), (1, 1), 1, 0),)
    shown = Counterexample("f(x)", {}, 0.0, None, shrunk=True, steps=steps)
    result = ExerciseResult(exercise.id, (), counterexample=shown)
    with pytest.raises(UsageError, match="more than 100,000 are not written down"):
        write_script(exercise, result, Home(tmp_path, tmp_path / "conv.py"), "dlgrade debug")


def test_an_array_of_over_a_thousand_elements_is_there_in_full(engine, tmp_path, run):
    exercise = COURSE.exercise("conv.zero_pad2d")
    x = np.random.default_rng(0).normal(size=(1, 3, 30, 30))
    expected = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    shown = Counterexample("f(x)", {}, expected, None, shrunk=True, steps=((x, 1),))
    seen = []
    assert RIGHT in run(exercise, shown, lambda *got: seen.append(got) or expected)
    assert same_bits(seen[0][0], x)


@pytest.fixture
def bare(tmp_path):
    """Return an environment in which only numpy can be imported besides the standard library."""
    folder = tmp_path / "not here"
    folder.mkdir()
    for name in ("grader", "torch", "hypothesis", "rich", "typer"):
        (folder / f"{name}.py").write_text("raise ImportError('it must run alone')\n")
    return {"PYTHONPATH": str(folder)}


def test_it_runs_alone_and_marks_the_first_wrong_element(engine, tmp_path, bare):
    work = tmp_path / "mes éxercices, à moi"
    work.mkdir()
    (work / "helper.py").write_text("AXES = (3, 4)\n")
    (work / "statistics.py").write_text("raise SystemExit('not the one of Python')\n")
    (work / "conv.py").write_text(
        "import statistics\nimport numpy as np\nfrom helper import AXES\n\n"
        "def zero_pad2d(x, padding):\n    return np.pad(x, padding)\n"
    )
    exercise = COURSE.exercise("conv.zero_pad2d")
    (result,) = engine.check(work, [exercise]).exercises
    assert result.counterexample is not None, result
    path = work / "case.py"  # beside the files that may hide nothing
    home = Home(work, work / "conv.py")
    path.write_text(write_script(exercise, result, home, "x").text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(path)], env=bare, capture_output=True, encoding="utf-8", check=False
    )
    assert not done.stderr
    assert done.returncode == 0
    assert "first wrong: got.shape = " in done.stdout
    assert {one.name for one in work.iterdir()} == {
        "helper.py", "statistics.py", "conv.py", "case.py",
    }  # fmt: skip
