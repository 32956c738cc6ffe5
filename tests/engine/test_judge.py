"""A verdict is the same for a whole level at once and for one case at a time."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader.engine.judge as judge_module
from grader.engine.compare import allowed_error
from grader.engine.judge import MAX_READ_BYTES, Reading, Trial, judge, judge_level
from grader.engine.naming.diagnosis import diagnose
from grader.errors import ForgedFrameError
from grader.model import NarrowFloat, Opaque, Raised, Status, Unsupported
from grader.worker.wire import Answer, pack_reply

IM2COL, SIZE, LSTM = "conv.im2col", "conv.conv_output_size", "recurrent.lstm_cell"


@pytest.fixture(scope="module")
def im2col(course):
    return course.exercise(IM2COL)


def verdict_of(exercise, expected, actual):
    return judge(exercise, Answer((actual,)), (expected,))


def frame_of(banked, steps):
    return pack_reply(steps, banked.request)


@pytest.mark.parametrize("name", [IM2COL, SIZE, LSTM])
def test_right_answers_pass_and_have_no_mismatch(course, engine, name):
    exercise = course.exercise(name)
    cases = engine.case_set(exercise).levels[0].cases
    frames = [frame_of(banked, banked.expected) for banked in cases if not banked.bad]
    trials = judge_level(exercise, [banked for banked in cases if not banked.bad], frames)
    assert len(trials) >= 30
    assert {trial.verdict.status for trial in trials} == {Status.PASSED}
    assert {trial.verdict.mismatch for trial in trials} == {None}


CHANGES = {
    "nothing": lambda value, _: value,
    "within the tolerance": lambda value, limit: value + 0.9 * limit,
    "beyond the tolerance": lambda value, limit: value + 1.1 * limit,
    "a sign": lambda value, _: -value,
    "one nan": lambda value, _: np.where(np.arange(value.size).reshape(value.shape) == 0, np.nan,
                                         value),
    "an infinity": lambda value, _: value + np.inf,
    "another dtype": lambda value, _: value.astype(np.float32),
    "another shape": lambda value, _: value[None],
    "fewer": lambda value, _: value[:0],
    "a list": lambda value, _: value.tolist(),
    "none": lambda *_: None,
    "in another layout": lambda value, _: np.asfortranarray(value),
}  # fmt: skip


@given(st.data())
def test_a_level_at_once_has_the_verdicts_of_its_cases_one_by_one(course, engine, data):
    exercise = course.exercise(IM2COL)
    cases = data.draw(st.lists(st.sampled_from(engine.case_set(exercise).cases), max_size=6))
    frames = []
    for banked in cases:
        (value,) = banked.expected
        change = CHANGES[data.draw(st.sampled_from(sorted(CHANGES)))]
        limit = allowed_error(value, exercise.check.tolerance)
        frames.append(frame_of(banked, [change(value, limit)]))
    at_once = [trial.verdict for trial in judge_level(exercise, cases, frames)]
    pairs = zip(cases, frames, strict=True)
    trials = [Trial(exercise, banked, frame) for banked, frame in pairs]
    assert at_once == [judge(exercise, trial.answer, trial.expected) for trial in trials]


def test_every_change_but_three_is_wrong(course, engine, im2col):
    banked = engine.case_set(im2col).cases[-1]
    (value,) = banked.expected
    assert np.any(value)
    limit = allowed_error(value, im2col.check.tolerance)
    right = set()
    for name, change in CHANGES.items():
        (trial,) = judge_level(im2col, [banked], [frame_of(banked, [change(value, limit)])])
        right |= {name} if trial.verdict.status is Status.PASSED else set()
    assert right == {"nothing", "within the tolerance", "in another layout"}


def test_a_worker_that_died_has_verdicts_on_what_it_answered(engine, im2col):
    cases = engine.case_set(im2col).levels[0].cases
    frames = [frame_of(banked, banked.expected) for banked in cases[:3]]
    assert [trial.banked for trial in judge_level(im2col, cases, frames)] == list(cases[:3])
    assert judge_level(im2col, cases, []) == []


def test_a_forged_reply_has_no_verdict(engine, im2col):
    cases = engine.case_set(im2col).levels[0].cases[:1]
    with pytest.raises(ForgedFrameError):
        judge_level(im2col, cases, [(b"{}", b"")])


def test_a_right_answer_that_changed_an_argument_fails_and_says_which(engine, im2col):
    banked = engine.case_set(im2col).levels[0].cases[0]
    text, data = frame_of(banked, banked.expected)
    tree = json.loads(text)
    tree["d"][0][0] = "0" * 16
    (trial,) = judge_level(im2col, [banked], [(json.dumps(tree).encode(), data)])
    assert trial.verdict.status is Status.FAILED
    assert trial.verdict.mismatch.kind == "changed"
    assert trial.verdict.mismatch.path == ("x",)


@pytest.mark.parametrize(
    "actual",
    [
        Unsupported("set"),
        [1, Unsupported("set")],
        {0: Unsupported("set")},
        {0: {1: [Unsupported("set")]}},
        (Unsupported("set"), 2),
    ],
)
def test_a_foreign_object_is_rejected_wherever_it_is_in_a_result(im2col, actual):
    for expected in (np.zeros(2), {0: 1}, [1, 2]):
        verdict = verdict_of(im2col, expected, actual)
        assert verdict.status is Status.REJECTED
        assert "type set" in verdict.mismatch.message


@pytest.mark.parametrize("actual", ["b", ["b"], {"b": 0}, {0: "b"}, [["b"]]])
def test_text_is_foreign_where_the_right_answer_holds_none(im2col, actual):
    assert verdict_of(im2col, np.zeros(2), actual).status is Status.REJECTED
    assert verdict_of(im2col, {0: [1]}, actual).status is Status.REJECTED


@pytest.mark.parametrize("expected", ["a", ["a"], {"a": 0}, {0: "a"}, [1, ["a"]], {0: [{"a": 1}]}])
def test_text_is_just_wrong_where_the_right_answer_holds_some(im2col, expected):
    for actual in ("b", ["b"], {"b": 0}, {0: "b"}, [1, ["b"]]):
        assert verdict_of(im2col, expected, actual).status is Status.FAILED


@pytest.mark.parametrize("expected", [[], {}, [1, []]])
def test_text_is_just_wrong_where_the_right_answer_is_empty_and_could_hold_some(im2col, expected):
    for actual in (["b"], [["b", "b"]], {"b": 0}):
        assert verdict_of(im2col, expected, actual).status is Status.FAILED


def test_a_wrong_answer_says_what_is_wrong_by_the_result_s_name(im2col):
    verdict = verdict_of(im2col, np.zeros(2), np.ones(2))
    assert verdict.status is Status.FAILED
    assert verdict.mismatch.message == "cols[0] = 1, expected 0"


@pytest.mark.parametrize(
    "actual", [Opaque("float64", (2,)), Opaque("float64", (10**6,)), Opaque("object", (2,))]
)
def test_an_array_whose_elements_were_not_sent_is_never_right(im2col, actual):
    assert verdict_of(im2col, np.zeros(2), actual).status is Status.FAILED


def test_a_number_of_single_precision_is_wrong(im2col):
    narrow = NarrowFloat(0.5)
    narrow.dtype = "float32"
    assert verdict_of(im2col, 0.5, narrow).mismatch.kind == "dtype"


@pytest.mark.parametrize(
    ("raised", "status", "words"),
    [
        (Raised("KeyError", "no"), Status.ERROR, "it raised KeyError: no"),
        (Raised("KeyError"), Status.ERROR, "it raised KeyError"),
        (Raised("MemoryError", memory=True), Status.CRASHED, "it ran out of memory"),
        (Raised("NotImplementedError", unwritten=True), Status.UNIMPLEMENTED, "not written yet"),
        (
            Raised("NotImplementedError", unwritten=True, frames=(("conv.py", 3, "im2col"),)),
            Status.UNIMPLEMENTED,
            "not written yet",
        ),
        (
            Raised("NotImplementedError", unwritten=True, frames=(("conv.py", 9, "zero_pad2d"),)),
            Status.ERROR,
            "it calls zero_pad2d, which is not written yet",
        ),
        (
            Raised("NotImplementedError", "no", unwritten=True, frames=(("conv.py", 9, "pad"),)),
            Status.ERROR,
            "it calls pad, which raised NotImplementedError: no",
        ),
        (
            Raised("NotImplementedError", "no", unwritten=True, frames=(("conv.py", 3, "im2col"),)),
            Status.UNIMPLEMENTED,
            "not written yet: it raised NotImplementedError: no",
        ),
    ],
)
def test_an_exception_is_what_it_says_where_a_value_is_expected(im2col, raised, status, words):
    verdict = verdict_of(im2col, np.zeros(2), raised)
    assert (verdict.status, verdict.mismatch.message) == (status, words)


REFUSAL = Raised("ValueError", value_error=True)


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        (Raised("ValueError", "in other words", value_error=True), Status.PASSED),
        (Raised("UnicodeError", value_error=True), Status.PASSED),
        (Raised("TypeError"), Status.ERROR),
        (Raised("NotImplementedError", unwritten=True), Status.UNIMPLEMENTED),
        (np.zeros(2), Status.FAILED),
        (None, Status.FAILED),
    ],
)
def test_bad_arguments_want_a_value_error_of_any_words(im2col, actual, status):
    assert verdict_of(im2col, REFUSAL, actual).status is status


def test_the_first_step_that_goes_wrong_is_named(im2col):
    expected = (np.zeros(1), np.zeros(1), np.zeros(1))
    late = judge(im2col, Answer((np.zeros(1), np.ones(1), np.ones(1))), expected)
    assert late.mismatch.step == 1
    ended = judge(im2col, Answer((np.zeros(1), Raised("KeyError"))), expected)
    assert (ended.status, ended.mismatch.step) == (Status.ERROR, 1)


def test_after_so_much_text_only_what_must_be_known_is_read(course, engine, monkeypatch):
    exercise = course.exercise(SIZE)
    cases = [banked for banked in engine.case_set(exercise).cases if not banked.bad]
    long = [[] for _ in range(21_000)]
    frames = [frame_of(banked, [long]) for banked in cases]
    frames[-1] = frame_of(cases[-1], cases[-1].expected)
    read = []
    whole = judge_module.read_reply
    monkeypatch.setattr(
        judge_module, "read_reply", lambda *frame: read.append(len(frame[0])) or whole(*frame)
    )
    reading = Reading()
    trials = judge_level(exercise, cases, frames, reading=reading)
    assert len(cases) > 30
    assert sum(read) <= MAX_READ_BYTES + max(read)
    assert [trial.verdict.status for trial in trials[:-1]] == [Status.FAILED] * (len(trials) - 1)
    assert trials[-1].verdict.status is Status.PASSED
    assert trials[-2].verdict.mismatch.kind == "unread"
    before = len(read)
    assert diagnose(exercise, trials) is None
    assert all(trial.answer.steps for trial in trials[-9:])
    assert len(read) <= before + 1
    again = judge_level(exercise, cases[:3], frames[:3], reading=reading)
    kinds = [trial.verdict.mismatch.kind for trial in again]
    assert kinds == ["type", "unread", "unread"]  # the first of a level is always read


def test_of_a_list_or_a_tuple_that_was_changed_what_it_holds_is_to_be_copied(course):
    told = {}
    for name in ("train.sgd_epoch", "optim.clip_grad_norm", "activations.relu"):
        exercise = course.exercise(name)
        position = next(
            at for at, one in enumerate(exercise.stub.names) if one in ("params", "grads", "x")
            if (name, one) != ("train.sgd_epoch", "x")
        )  # fmt: skip
        verdict = judge(exercise, Answer((1.0,), (0, position)), (1.0,))
        told[name] = verdict.mismatch.message.partition("; ")[2]
    assert told == {
        "train.sgd_epoch": "work on copies of what it holds",
        "optim.clip_grad_norm": "work on copies of what it holds",
        "activations.relu": "work on a copy (x.copy())",
    }
