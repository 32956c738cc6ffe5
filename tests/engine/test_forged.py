"""Whatever a worker sends is an answer with a verdict or a forged frame, down to the last word."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest
from growth import assert_linear
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from remembered import remembered
from rich.console import Console

from grader.engine.document import entry_of
from grader.engine.judge import judge_level
from grader.engine.naming.words import Words
from grader.errors import ForgedFrameError
from grader.model import ExerciseResult, LevelResult, Status
from grader.render.failure import Manner, render_failure
from grader.render.recorded import case_lines
from grader.worker.child.encoding import DTYPES

EXERCISES = ("conv.conv_output_size", "conv.im2col", "recurrent.lstm_forward",
             "embedding.build_vocabulary", "linear.linear_backward")  # fmt: skip

texts = st.text(max_size=6) | st.sampled_from(["\x1b[31m\u202e", "a" * 3000, "\ud800"])
wholes = st.integers(-5, 5) | st.integers(-(2**260), 2**260)
odd = st.sampled_from([None, True, float("inf"), float("nan"), 1e400, 10**5000 // 10**4200, {}, []])
dtypes = st.sampled_from([*sorted(DTYPES), "|O", "x"])
shapes = st.lists(st.integers(0, 4) | wholes | odd, max_size=5)
leaves = st.one_of(
    st.none(), st.booleans(), wholes, texts, odd,
    st.builds(lambda width: {"f": width}, st.sampled_from([2, 4, 8, 12, 16, 7]) | odd),
    st.builds(lambda dtype, shape: {"a": dtype, "s": shape}, dtypes, shapes),
    st.builds(lambda dtype, shape: {"o": dtype, "s": shape}, texts | dtypes, shapes),
    st.builds(lambda name: {"u": name}, texts | odd),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.builds(lambda pairs: {"d": pairs}, st.lists(st.tuples(inner, inner), max_size=3)),
        st.builds(lambda items: {"t": items}, st.lists(inner, max_size=2)),
    ),
    max_leaves=8,
)
raised = st.fixed_dictionaries({
    "type": st.sampled_from(["ValueError", "KeyError"]) | texts | odd,
    "message": texts | odd,
    "value_error": st.booleans() | odd,
    "memory": st.booleans(),
    "unwritten": st.booleans(),
    "frames": st.lists(st.tuples(texts | odd, wholes | odd, texts), max_size=3) | odd,
})  # fmt: skip


def fitting(tree, data):
    """Return as many bytes as a tree asks for, where that can be told."""
    if isinstance(tree, list):
        return b"".join(fitting(item, data) for item in tree)
    if not isinstance(tree, dict):
        return b""
    if "f" in tree:
        return data[:8]
    if "a" in tree:
        try:
            size = int(math.prod(tree["s"])) * np.dtype(tree["a"]).itemsize
        except (TypeError, ValueError, OverflowError):
            return b""
        return (data * (size // len(data) + 1))[:size] if 0 <= size < 10_000 else b""
    return b"".join(fitting(item, data) for item in tree.values())


@st.composite
def frames(draw, banked):
    """Return a reply to a case that is nearly one: each part as it should be, or not."""
    right = json.loads(banked.expected_text or json.dumps({"r": [], "d": banked.request.digests}))
    tree = {"r": right["r"], "d": banked.request.digests}
    if draw(st.booleans()):
        tree["r"] = draw(st.lists(trees, max_size=len(banked.request.digests) + 1))
    if draw(st.integers(0, 3)) == 0:
        tree["x"] = draw(raised)
        tree["r"] = tree["r"][: draw(st.integers(0, 3))]
    if draw(st.integers(0, 5)) == 0:
        tree["d"] = draw(trees)
    numbers = np.array(draw(st.lists(st.floats(width=64), min_size=8, max_size=8)))
    data = draw(st.sampled_from([banked.expected_data, fitting(tree["r"], numbers.tobytes())]))
    return json.dumps(tree).encode(), data


def tell(exercise, trials, first):
    """Return what a run would make of some trials, as the gradebook and the screens show it."""
    status = first.verdict.status
    wordless = ExerciseResult(exercise.id, (LevelResult("all", status, 1.0),))
    told = Words(exercise).tell(wordless, trials, (first, False), None, remembered(exercise))
    entry = entry_of(told)
    json.dumps(entry, allow_nan=False)
    for arguments in (True, False):
        assert all(len(line) < 10_000 for line in case_lines(entry, arguments=arguments))
    console = Console(file=io.StringIO(), width=80, color_system=None)
    console.print(render_failure(told, exercise, manner=Manner(explain=True)))
    assert len(told.message) < 5_000
    return told


@pytest.mark.parametrize("name", EXERCISES)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_reply_is_forged_or_has_a_verdict_that_can_be_told(course, engine, name, data):
    exercise = course.exercise(name)
    cases = engine.case_set(exercise).cases
    asked = data.draw(st.lists(st.sampled_from(cases), min_size=1, max_size=3))
    sent = [data.draw(frames(banked)) for banked in asked]
    try:
        trials = judge_level(exercise, asked, sent)
    except ForgedFrameError:
        return
    wrong = [trial for trial in trials if trial.verdict.status is not Status.PASSED]
    if wrong:
        faults = tell(exercise, trials, wrong[0]).faults
        places = [next(n for n, case in enumerate(cases) if case is one) for one in asked]
        assert not faults, f"{faults} of cases {places}, sent {sent}"


WIDE = {"<f16": np.longdouble, "<c32": np.clongdouble, "<c16": np.complex128, "<f2": np.float16}


@pytest.mark.parametrize("dtype", WIDE.values())
@pytest.mark.parametrize("size", [4, 2_000])
def test_an_array_of_any_width_can_be_written_into_a_document(course, engine, dtype, size):
    exercise = course.exercise("conv.im2col")
    banked = next(case for case in engine.case_set(exercise).cases if not case.bad)
    array = np.full((size,), 1.5, dtype)
    text = json.dumps({"r": [{"a": array.dtype.str, "s": [size]}], "d": banked.request.digests})
    (trial,) = judge_level(exercise, [banked], [(text.encode(), array.tobytes())])
    assert trial.verdict.status is Status.FAILED
    assert tell(exercise, [trial], trial).counterexample is not None


def test_lists_of_unlike_lengths_beside_wrong_arrays_are_told_without_a_fault(course, engine):
    exercise = course.exercise("conv.im2col")
    good = [case for case in engine.case_set(exercise).cases if not case.bad][:2]
    trees = [{"t": [1, [2, 3]]}], json.loads(good[1].expected_text)["r"]
    sent = [
        json.dumps({"r": tree, "d": banked.request.digests}).encode()
        for tree, banked in zip(trees, good, strict=True)
    ]
    zeros = bytes(len(good[1].expected_data))
    trials = judge_level(exercise, good, [(sent[0], b""), (sent[1], zeros)])
    assert [trial.verdict.status for trial in trials] == [Status.FAILED] * 2
    assert tell(exercise, trials, trials[0]).faults == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda size: [[]] * size,
        lambda size: [[[[0] * 4] * 4] * 4] * (size // 64),
        lambda size: {"d": [[n, "a"] for n in range(size)]},
        lambda size: ["a" * 100] * (size // 100),
    ],
)
def test_judging_and_telling_an_answer_is_linear_in_its_length(course, engine, make):
    exercise = course.exercise("conv.im2col")
    banked = next(case for case in engine.case_set(exercise).cases if not case.bad)

    def prepare(size):
        return json.dumps({"r": [make(size)], "d": banked.request.digests}).encode()

    def work(text):
        (trial,) = judge_level(exercise, [banked], [(text, b"")])
        told = tell(exercise, [trial], trial)
        assert not told.faults

    assert_linear(prepare, work, 8_000)
