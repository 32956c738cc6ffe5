"""What wrong numbers look like beside a factor and a shape: each is named by one true sentence."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from answering import failing, judge_changed, passing

from grader.engine.audit.audit import answer_cases
from grader.engine.cases.caseset import draw_level
from grader.engine.cases.oracle import mistaken_answers
from grader.engine.naming.composed import compose
from grader.engine.naming.diagnosis import diagnose
from grader.engine.naming.phrases import WITHOUT_PARTICULARS
from grader.engine.naming.separation import separate, size_fact
from grader.engine.naming.symptoms.recognition import find_symptom
from grader.engine.naming.symptoms.sizes import tell_sizes
from grader.model import Raised

IM2COL, FORWARD, BACKWARD = "conv.im2col", "conv.conv2d_forward", "conv.conv2d_backward"
LINEAR, LSTM, RNN = (
    "linear.linear_forward", "recurrent.lstm_cell_backward", "recurrent.rnn_forward",
)  # fmt: skip
SIGMOID, SLOPE = "activations.sigmoid", "activations.leaky_relu"


@pytest.fixture
def answered(course, engine):
    return partial(judge_changed, course, engine)


def item(place, change):
    """Return a change of one item of a result."""

    def apply(case, value):
        return [change(case, one) if at == place else one for at, one in enumerate(value)]

    return apply


def in_parts_unwritten(_, value):
    """Leave every other number unwritten."""
    changed = value.copy()
    changed.flat[::2] = 0.0
    return changed


def gates(order):
    def change(_, value):
        return np.concatenate([np.split(value, 4)[place] for place in order])

    return change


def others_halved(_, value):
    changed = value.copy()
    changed.flat[::2] *= 2.0
    return changed


PATTERNS = [
    (LINEAR, lambda _, out: np.abs(out), "without-sign", "has lost its sign"),
    (LINEAR, lambda _, out: out**2, "square-of-it", "square of the right one"),
    (SIGMOID, lambda _, out: np.sqrt(out), "root-of-it", "root of the right one"),
    (LINEAR, lambda _, out: np.exp(out), "exp-of-it", "exp of the right"),
    (LINEAR, lambda _, out: np.trunc(out), "cut-off", "Everything after the point"),
    (LINEAR, lambda _, out: np.rint(out), "cut-off", "rounded to whole ones"),
    (LINEAR, lambda _, out: out + 3.0, "offset", "out is 3 too large everywhere"),
    (LINEAR, lambda _, out: np.minimum(out, 0.25), "capped", "0.25 wherever it should be above"),
    (LINEAR, lambda _, out: np.maximum(out, -0.5), "capped", "-0.5 wherever it should be below"),
    (LINEAR, lambda case, out: out + case.steps[0][2], "term", "bias is added to out once too"),
    (LINEAR, lambda case, out: out * case.steps[0][2], "times", "by bias once too often"),
    (LINEAR, lambda _, out: out * 0.0, "zeros", "out is 0 everywhere"),
    (SIGMOID, lambda case, _: case.steps[0][0].copy(), "argument-returned", "out is x as it was"),
    (LINEAR, lambda _, out: out + 1e-7 * np.abs(out).max(), "almost", "right to six digits"),
    (LINEAR, lambda _, out: out.ravel(), "shape-alone", "only its shape is another"),
    (IM2COL, lambda _, cols: cols[:, ::-1], "backwards", "runs backwards along axis 1"),
    (LSTM, item(4, gates((0, 1, 3, 2))), "blocks", "in the order 0, 1, 3, 2"),
    (LINEAR, lambda _, out: np.concatenate([out[:1] + 7, out[:-1]]), "shifted", "too late along"),
    (LINEAR, lambda _, out: np.concatenate([out[1:], out[:1] + 7]), "shifted", "too early along"),
    (FORWARD, in_parts_unwritten, "part-zero", "Every wrong number of out is 0"),
    (LINEAR, others_halved, "part-factor", "the right ones times 2"),
    (LINEAR, lambda _, out: out / np.arange(2, len(out) + 2)[:, None], "own-factors", "Every row"),
    (LINEAR, lambda _, out: out.sum(1), "reduced", "summed over axis 1"),
    (BACKWARD, lambda _, g: [g[1], g[0], g[2]], "items-order", "grad_weight, grad_x, grad_bias:"),
    (BACKWARD, lambda _, g: [g[0], g[1]], "items-missing", "grad_bias is not"),
    (BACKWARD, lambda _, g: [g[0], None, g[2]], "none", "grad_weight is None"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("exercise_id", "change", "name", "words"),
    PATTERNS,
    ids=[f"{pattern[2]}-{at}" for at, pattern in enumerate(PATTERNS)],
)
def test_a_pattern_is_named_by_what_the_numbers_look_like(
    answered, exercise_id, change, name, words
):
    _, trials = answered(exercise_id, change)
    found = find_symptom(failing(trials), passing(trials))
    assert found is not None
    assert (found.id, words in found.message) == (name, True), found.message


def test_only_the_first_of_many_is_told_with_its_axis(answered):
    def first_only(_, out):
        changed = out + 1.0
        changed[0] = out[0]
        return changed

    _, trials = answered(LINEAR, first_only)
    found = find_symptom(failing(trials), passing(trials))
    assert found.id == "only-the-first"
    assert "Only the first along N" in found.message


@pytest.mark.parametrize(
    ("holds", "name", "by_feature", "by_size"),
    [
        (lambda x: x.shape[2] != x.shape[3], "size-for-another", "H and W different", "H ≠ W"),
        (lambda x: x.shape[1] > 1, "one-only", "several channels", "C > 1"),
    ],
)
def test_a_size_that_tells_failing_cases_from_passing_ones_is_named(
    answered, holds, name, by_feature, by_size
):
    rng = np.random.default_rng(0)

    def change(case, x):
        return x + rng.normal(size=x.shape) if holds(case.steps[0][0]) else x

    exercise, trials = answered("augment.mirror", change)
    wrong, right = failing(trials), passing(trials)
    assert diagnose(exercise, trials).id == name
    assert separate(exercise, wrong, right) == f"Only cases with {by_feature} fail."
    assert size_fact(exercise, wrong, right).sentence == f"Only cases with {by_size} fail."


def test_a_size_is_not_named_where_all_that_is_right_without_it_is_nothing(answered):
    """The gradient through a mean of one number is 0 whatever is done, and right by that."""

    def change(_, grads):
        return grads[0] * 1.1 + 0.01 * (grads[0] != 0), *grads[1:]

    _, trials = answered("normalisation.layer_norm_backward", change)
    wrong, right = failing(trials), passing(trials)
    fact = size_fact(wrong[0].exercise, wrong, right)
    assert fact.sentence == "Only cases with D > 1 fail."
    assert tell_sizes(wrong, right) is None


def test_a_default_that_is_another_number_is_told_with_the_right_one(answered):
    rng = np.random.default_rng(0)

    def change(case, result):
        return result if len(case.steps[0]) > 1 else result + rng.normal(size=result.shape)

    exercise, trials = answered(SLOPE, change)
    found = diagnose(exercise, trials)
    assert found.id == "default"
    assert "the default of negative_slope is 0.01" in found.message


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_named_by_nothing(answered, seed):
    rng = np.random.default_rng(seed)
    _, trials = answered(LINEAR, lambda _, out: out + rng.normal(size=out.shape))
    assert find_symptom(failing(trials), passing(trials)) is None


# ----------------------------------------------------------------------------- made of others


def of(course, engine, exercise_id, mistake):
    """Judge what a mistake answers, as a student's."""
    exercise = course.exercise(exercise_id)
    case_set = engine.case_set(exercise)
    return exercise, answer_cases(exercise, case_set, lambda case: mistaken_answers(mistake, case))


@pytest.mark.parametrize(
    ("exercise_id", "wanted", "words"),
    [
        (FORWARD, "held-padding-0", "The answers are those of padding = 0, whatever it is."),
        (
            "pool.avg_pool2d_forward",
            "pair-kernel_size-10",
            "are exchanged: the first is",
        ),
        ("augment.translate", "exchanged-dy-dx", "dy and dx are exchanged."),
        (RNN, "zero-b_hh", "b_hh plays no part"),
    ],
)
def test_the_right_answer_to_another_question_is_told(course, engine, exercise_id, wanted, words):
    exercise = course.exercise(exercise_id)
    _, right = judge_changed(course, engine, exercise_id, lambda _, value: value)
    made = {mistake.id: mistake for mistake in compose(exercise, right[-1])}
    assert words in made[wanted].message
    _, trials = of(course, engine, exercise_id, made[wanted])
    found = diagnose(exercise, trials)
    assert found is not None
    assert found.id == wanted or found.id in exercise.check.mistakes


def test_two_mistakes_at_once_are_both_told(course, engine):
    exercise = course.exercise(BACKWARD)
    _, right = judge_changed(course, engine, BACKWARD, lambda _, value: value)
    pairs = [m for m in compose(exercise, right[-1]) if "+" in m.id]
    assert len(pairs) > 50
    pair = next(m for m in pairs if m.id == "kernel-not-flipped+grad-bias-averaged")
    _, trials = of(course, engine, BACKWARD, pair)
    found = diagnose(exercise, trials)
    assert found.id == pair.id
    for known in pair.id.split("+"):
        assert exercise.check.mistakes[known].message in found.message


def test_a_mistaken_forward_pass_is_seen_in_one_gradient(course, engine):
    exercise = course.exercise(BACKWARD)
    _, right = judge_changed(course, engine, BACKWARD, lambda _, value: value)
    made = {mistake.id: mistake for mistake in compose(exercise, right[-1])}
    carried = [name for name in made if name.startswith("forward-")]
    assert len(carried) >= 5
    mistake = exercise.check.mistakes["upstream-forgotten"]
    _, trials = judge_changed(
        course, engine, BACKWARD,
        lambda case, value: [value[0], mistaken_answers(mistake, case)[0][1], value[2]],
    )  # fmt: skip
    found = diagnose(exercise, trials)
    assert found.id == "grad_weight:upstream-forgotten"
    assert found.message == f"In grad_weight: {mistake.message}"


def test_what_is_made_of_others_never_takes_the_name_of_a_known_mistake_or_a_symptom(course):
    made = 0
    for exercise in course.find(()):
        for mistake in compose(exercise, _any_trial(exercise)):
            made += 1
            assert mistake.id not in exercise.check.mistakes
            assert mistake.id not in WITHOUT_PARTICULARS
    assert made > 1000


def _any_trial(exercise):
    """Return what a trial is asked for: arguments of the first call."""
    name = next(iter(exercise.check.levels))
    drawn = [case for case, _ in draw_level(exercise, name, 0) if not case.bad]
    return SimpleNamespace(arguments=drawn[-1].steps)


def test_what_is_right_but_for_its_type_is_no_known_mistake(answered):
    exercise, trials = answered(
        "conv.conv_output_size",
        lambda _, size: float(size) if isinstance(size, int) else size,
    )
    assert failing(trials)
    found = diagnose(exercise, trials)
    assert found is None or found.id not in exercise.check.mistakes


def test_truth_values_are_told_as_such(answered):
    _, trials = answered("activations.relu_backward", lambda _, grad: grad > 0)
    found = find_symptom(failing(trials), passing(trials))
    assert (found.id, "Truth values" in found.message) == ("dtype", True)


def test_another_exception_than_valueerror_is_not_told_as_accepted(answered):
    exercise, trials = answered(
        "conv.conv_output_size", lambda case, size: Raised("TypeError") if case.bad else size
    )
    found = diagnose(exercise, trials)
    assert found is None or found.id != "not-refused"


def test_of_two_mistakes_that_explain_a_result_the_one_that_explains_more_is_named(course, engine):
    """The losses are the same; most of the parameters are those of the second mistake alone."""
    exercise = course.exercise("train.sgd_epoch")
    mistakes = exercise.check.mistakes
    first, second = "every-batch-from-the-start", "gradients-at-the-start"
    assert list(mistakes).index(first) < list(mistakes).index(second)

    def answer(case):
        ((w1, *others), losses), *_ = mistaken_answers(mistakes[second], case)
        return (((w1 + 0.125, *others), losses),)

    trials = answer_cases(exercise, engine.case_set(exercise), answer)
    assert diagnose(exercise, trials).id == f"losses:{second}"
