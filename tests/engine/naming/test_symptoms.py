"""Each general symptom is named when it explains every failing case, and not otherwise."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from answering import failing, judge_changed

from grader.engine.naming.diagnosis import diagnose
from grader.engine.naming.separation import separate
from grader.engine.naming.symptoms.recognition import find_symptom
from grader.model import Opaque, Raised, Status

IM2COL, BACKWARD = "conv.im2col", "conv.conv2d_backward"
MOMENTUM, ENTROPY = "optim.momentum_step", "losses.cross_entropy"
LINEAR = "linear.linear_forward"


@pytest.fixture
def answered(course, engine):
    return partial(judge_changed, course, engine)


def part(place, change):
    """Return a change to one item of a result."""

    def apply(_, value):
        return [change(item) if i == place else item for i, item in enumerate(value)]

    return apply


@pytest.mark.parametrize(
    ("exercise_id", "change", "name", "words"),
    [
        (IM2COL, lambda _, cols: cols.tolist(), "list-for-array", "np.array"),
        (IM2COL, lambda _, cols: cols.astype(int), "dtype", "dtype=int"),
        (IM2COL, lambda _, cols: cols.astype(np.float32), "dtype", "Single precision"),
        (IM2COL, lambda _, cols: cols.astype(np.float16), "dtype", "Half precision"),
        (IM2COL, lambda _, cols: cols.astype(complex), "dtype", "Complex numbers"),
        (IM2COL, lambda _, cols: cols.astype("datetime64[7s]"), "dtype", "Another dtype stands"),
        (IM2COL, lambda _, cols: Opaque("object", cols.shape), "dtype", "Python objects"),
        (IM2COL, lambda _, cols: cols[..., None], "keepdims", "keepdims"),
        (IM2COL, lambda _, cols: -cols, "sign", "wrong sign"),
        (IM2COL, lambda _, cols: cols * 2.0, "factor", "times 2"),
        (IM2COL, lambda case, cols: cols / len(case.steps[0][0]), "factor", "x.shape[0] (N)"),
        (IM2COL, lambda _, cols: cols.transpose(0, 2, 1), "swapped-axes", "axes 1 and 2"),
        (IM2COL, lambda _, cols: cols * np.nan, "not-finite", "overflows or divides by zero"),
        (IM2COL, lambda *_: Opaque("float64", (10**5, 10**5)), "broadcast", "(N, 1)"),
        (BACKWARD, part(2, lambda g: g[:, None]), "keepdims", "grad_bias"),
        (BACKWARD, part(1, lambda g: g * 0.5), "factor", "grad_weight"),
        (ENTROPY, lambda _, loss: np.array([loss]), "keepdims", "()"),
        (ENTROPY, lambda case, loss: loss * case.steps[0][0].shape[1], "factor", "shape[1] (K)"),
        (LINEAR, lambda case, out: out / case.steps[0][0].shape[1], "factor", "x.shape[1] (D)"),
    ],
)
def test_a_symptom_is_named_by_what_the_numbers_look_like(
    answered, exercise_id, change, name, words
):
    _, trials = answered(exercise_id, change)
    found = find_symptom(failing(trials))
    assert found.id == name
    assert words in found.message


def test_right_numbers_in_wrong_places_are_told_from_swapped_axes(answered):
    _, trials = answered(IM2COL, lambda _, cols: np.roll(cols.ravel(), 1).reshape(cols.shape))
    assert find_symptom(failing(trials)).id == "misplaced"


def test_a_wrong_border_is_named_when_the_inside_is_right(answered, course):
    def frame(_, x):
        if isinstance(x, Raised):
            return x
        changed = x.copy()
        changed[..., 0, :] += 1.0
        return changed

    _, trials = answered("conv.zero_pad2d", frame)
    wide = [t for t in failing(trials) if min(t.expected[0].shape[-2:]) >= 3]
    assert wide
    assert find_symptom(wide).id == "border"


def test_state_that_is_not_carried_shows_only_after_the_first_step(answered, course):
    _, trials = answered(MOMENTUM, lambda _, value: value)
    late = [t for t in trials if len(t.expected) > 1]
    assert late
    for trial in late:
        steps = list(trial.answer.steps)
        steps[1] = [steps[1][0] + 1.0, steps[1][1]]
        trial.answer = type(trial.answer)(tuple(steps))
        trial.verdict = type(trial.verdict)(
            Status.FAILED, trial.verdict.mismatch or mismatch_at_step_one()
        )
    assert find_symptom(late).id in ("state-not-carried", "factor")


def mismatch_at_step_one():
    from grader.model import Mismatch

    return Mismatch("values", "param[0] = 1, expected 0", step=1, path=(0,))


def test_numbers_without_a_pattern_have_no_name(answered):
    rng = np.random.default_rng(0)
    exercise, trials = answered(IM2COL, lambda _, cols: cols + rng.normal(size=cols.shape))
    assert diagnose(exercise, trials) is None


def test_a_symptom_that_explains_all_but_one_case_is_not_named(answered):
    seen = []

    def mostly_negative(_, cols):
        seen.append(1)
        return cols + 1.0 if len(seen) == 7 else -cols

    exercise, trials = answered(IM2COL, mostly_negative)
    assert diagnose(exercise, trials) is None


def test_a_known_mistake_that_differs_on_one_passing_case_is_not_named(answered, course):
    exercise = course.exercise("conv.conv2d_forward")
    mistake = exercise.check.mistakes["no-bias"]
    from grader.engine.cases.oracle import mistaken_answers

    count = []

    def almost(case, value):
        count.append(1)
        return value if len(count) == 30 else mistaken_answers(mistake, case)[0]

    _, trials = answered("conv.conv2d_forward", almost)
    found = diagnose(exercise, trials)
    assert found is None or found.id != "no-bias"


def test_exceptions_have_no_symptom_but_may_be_a_known_mistake(answered):
    exercise, trials = answered(IM2COL, lambda *_: Raised("KeyError"))
    assert {trial.verdict.status for trial in trials} == {Status.ERROR}
    assert diagnose(exercise, trials) is None


def test_a_slip_and_a_forgotten_valueerror_are_both_told(answered, course):
    exercise = course.exercise("conv.conv_output_size")

    def one_padding(case, value):
        size, kernel, *rest = case.steps[0]
        stride, padding = [*rest, 1, 0][:2] if len(rest) < 2 else rest
        if case.bad:
            return 0
        return (size + padding - kernel) // stride + 1

    _, trials = answered("conv.conv_output_size", one_padding)
    found = diagnose(exercise, trials)
    assert "ValueError" in found.message
    assert found.id in exercise.check.mistakes


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (lambda a: a[3] == 0, "Only cases with padding = 0 fail."),
        (lambda a: a[3] != 0, "Only cases with padding = 0 pass."),
        (lambda a: a[2] == 1, "Only cases with stride = 1 fail."),
        (lambda a: a[0].shape[0] > 1, "Only cases with several images fail."),
        (lambda a: a[0].shape[0] == 1, "Only cases with several images pass."),
        (lambda _: True, "Every case fails."),
    ],
)
def test_what_separates_failing_from_passing_cases_is_one_sentence(answered, rule, sentence):
    def change(case, cols):
        arguments = [*case.steps[0], *[1, 0][len(case.steps[0]) - 2 :]]
        return cols + 1.0 if rule(arguments) else cols

    exercise, trials = answered(IM2COL, change)
    wrong = failing(trials)
    right = [trial for trial in trials if trial not in wrong]
    assert separate(exercise, wrong, right) == sentence


def test_no_sentence_is_made_up_where_nothing_separates(answered):
    count = []

    def every_other(_, cols):
        count.append(1)
        return cols + len(count) % 2

    exercise, trials = answered(IM2COL, every_other)
    wrong = failing(trials)
    assert separate(exercise, wrong, [t for t in trials if t not in wrong]) == ""
