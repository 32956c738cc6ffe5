"""Random results and trained ones: what chance or any method may do passes, a wrong one not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from grader.course.course import find_course
from grader.course.words.averages import _allowed
from grader.course.words.rules import RULED_CASES
from grader.engine.cases.bank import pack_cases, unpack_cases
from grader.engine.cases.caseset import draw_case_set
from grader.engine.document import entry_of
from grader.engine.engine import Engine
from grader.errors import CourseError, OraclesDisagreeError
from grader.model import Case, Status
from grader.render.hidden import without_words
from grader.vocabulary import averages, goal, level, strategy

COURSE = find_course(Path(__file__).resolve().parents[2] / "examples" / "courses" / "pixels")
NOISE, TRAINED = "pixels.add_noise", "pixels.train_classifier"
ENGINE = Engine(COURSE)
ANOTHER = """
import random
import numpy as np
def add_noise(image, share, seed):
    source = random.Random(seed)
    noisy = np.array(image)
    for place in np.ndindex(*image.shape):
        chance = source.random()
        if chance < share / 2:
            noisy[place] = 0.0
        elif chance < share:
            noisy[place] = 1.0
    return noisy
"""
SAME_FOR_ALL = ANOTHER.replace(
    "    for place", "    chance = source.random()\n    for place"
).replace("        chance = source.random()\n", "")
GREY = ANOTHER.replace("noisy[place] = 1.0", "noisy[place] = 0.9")
FEW = ANOTHER.replace("share / 2", "share / 3").replace(
    "chance < share:", "chance < share * 2 / 3:"
)
UNSEEDED = ANOTHER.replace("Random(seed)", "Random()")
SEED_IGNORED = ANOTHER.replace("Random(seed)", "Random(7)")
VAGUE = ANOTHER.replace("return noisy", "return noisy * (1e6 if share else 1.0)")
NOT_A_NUMBER = ANOTHER.replace("return noisy", "return noisy * (np.nan if share else 1.0)")
ANOTHER_SHAPE = ANOTHER.replace("return noisy", "return noisy if not share else noisy[:1]")

NEWTON = """
import numpy as np
def train_classifier(x, y, weight, bias):
    rows = np.hstack([x, np.ones((len(x), 1))])
    w = np.append(weight * 0.0, 0.0)
    for _ in range(10):
        p = 1 / (1 + np.exp(-np.clip(rows @ w, -30, 30)))
        curve = rows.T @ (rows * (p * (1 - p))[:, None]) + 0.01 * np.eye(len(w))
        w = w + np.linalg.solve(curve, rows.T @ (y - p) - 0.01 * w)
    return w[:-1], float(w[-1])
"""
TOO_SHORT = """
import numpy as np
def train_classifier(x, y, weight, bias):
    p = 1 / (1 + np.exp(-(x @ weight + bias)))
    weight = weight - 0.01 * x.T @ (p - y) / len(y)
    return weight, float(bias - 0.01 * (p - y).mean())
"""
UPHILL = """
import numpy as np
def train_classifier(x, y, weight, bias):
    for _ in range(300):
        p = 1 / (1 + np.exp(-(x @ weight + bias)))
        weight = weight + x.T @ (p - y) / len(y)
        bias = bias + (p - y).mean()
    return weight, float(bias)
"""
INFINITE = "def train_classifier(x, y, weight, bias):\n    return weight * float('inf'), bias\n"
HUGE = "def train_classifier(x, y, weight, bias):\n    return weight * 1e300, bias\n"
A_LIST = "def train_classifier(x, y, weight, bias):\n    return [9.0] * len(weight), bias\n"
AN_OBJECT = """
import numpy as np
class Small(np.ndarray):
    __array_priority__ = 1e9
    def __matmul__(self, other): return 0.0
    __rmatmul__ = __matmul__
def train_classifier(x, y, weight, bias):
    return weight.view(Small), bias
"""


@pytest.fixture(autouse=True, scope="module")
def _drawn_once(bank):
    """Keep the cases where all workers of a session look for them."""
    ENGINE.bank = bank


def check(tmp_path, text, exercise_id, seed=0):
    (tmp_path / "pixels.py").write_text(text)
    engine = dataclasses.replace(ENGINE, seed=seed) if seed else ENGINE
    (result,) = engine.check(tmp_path, COURSE.find([exercise_id])).exercises
    return result


# ----------------------------------------------------------------------------- random results


@pytest.mark.parametrize("seed", [0, 1])
def test_another_generator_passes_and_grading_twice_says_the_same(tmp_path, seed):
    first, again = (check(tmp_path, ANOTHER, NOISE, seed) for _ in range(2))
    assert first.status is Status.PASSED
    assert first.levels == again.levels


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SAME_FOR_ALL, "two neighbours that change on average[0, 0] = "),
        (GREY, "a pixel as it was, black or white = not so in "),
        (FEW, "a pixel that changes on average[0, 0] = "),
        (SEED_IGNORED, "a pixel that changes on average["),
        (UNSEEDED, "the same call again gives another answer: "),
        (VAGUE, "a pixel as it was, black or white = not so in "),
        (NOT_A_NUMBER, "noisy[0, 0] = nan, expected "),
        (ANOTHER_SHAPE, "noisy.shape = (1, 3), expected (2, 3)"),
    ],
)
def test_a_wrong_distribution_is_told_by_what_it_is_on_average(tmp_path, text, said):
    result = check(tmp_path, text, NOISE)
    assert result.status is Status.FAILED
    assert said in result.message


def test_a_wrong_distribution_earns_the_same_however_often_it_is_graded(tmp_path):
    first, again = (check(tmp_path, FEW, NOISE).levels for _ in range(2))
    assert first == again


def test_a_known_mistake_is_named_whatever_generator_makes_it(tmp_path):
    assert check(tmp_path, SAME_FOR_ALL, NOISE).diagnosis.id == "one-for-all"
    assert check(tmp_path, GREY, NOISE).diagnosis is None


def test_draws_that_break_a_rule_as_a_known_mistake_does_are_like_its_draws():
    random = np.random.default_rng(0)
    one, other = random.integers(0, 6, (2, 1000))  # a die that begins at 0
    rule = averages({"a three": lambda draws: draws == 3}, always={"1 to 6": lambda draws: draws})
    right = one % 6 + 1
    assert "1 to 6 = not so in" in rule.find_fault([right], [one], [{}]).mismatch.message
    assert rule.find_fault([one], [other], [{}]) is None
    assert rule.find_fault([one], [other * (other > 1)], [{}]).measured == "1 to 6"
    assert rule.find_fault([one], [right], [{}]).measured == "1 to 6"


def test_what_is_shown_of_many_draws_is_what_was_worked_out_of_them(tmp_path):
    result = check(tmp_path, FEW, NOISE)
    shown = result.counterexample
    assert shown.measured == "a pixel that changes"
    assert shown.expected.shape == shown.actual.shape == (2, 3)
    assert shown.call.startswith("add_noise(image, ")
    assert " to " in shown.call.rpartition("with seed = ")[2]
    assert result.held is None  # a script compares number by number
    assert result.separation == ""


def test_hidden_cases_tell_what_was_asked_for_and_nothing_of_an_answer(tmp_path):
    entry = without_words(entry_of(check(tmp_path, FEW, NOISE)))
    assert entry["message"] == "a pixel that changes on average is wrong"
    assert entry["counterexample"]["actual"] is None
    entry = without_words(entry_of(check(tmp_path, TOO_SHORT, TRAINED)))
    assert entry["message"] == "cross-entropy is wrong, expected at most 0.3"


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_chance_stays_far_inside_of_what_is_allowed(share):
    # a limit that chance breaks once in 10^8 is 6.2 standard errors: 4.5 come once in 10^5
    random = np.random.default_rng(0)
    own, others = (random.random((1500, 20_000)) < share for _ in range(2))
    ratio = np.abs(own.mean(0) - others.mean(0)) / _allowed(own.astype(float))
    assert 0.4 < ratio.max() < 0.85
    assert np.quantile(ratio, 0.5) > 0.08  # and it is no wider than it has to be


def test_a_difference_of_a_few_standard_errors_more_is_caught():
    random = np.random.default_rng(0)
    own = (random.random((1500, 100)) < 0.5).astype(float)
    assert _allowed(own).max() < 0.13


def draw(rule, arguments, results):
    right = rule.measure(results, [dict(zip(("n", "seed"), arguments, strict=True))])
    assert right


@pytest.mark.parametrize(
    ("rule", "results", "said"),
    [
        (averages({"mean": lambda draws: draws}), np.ones(100), "is the same in all 100 draws"),
        (averages({"mean": lambda draws: draws}), np.arange(100) == 7, "100 draws are too few"),
        (averages({"mean": lambda draws: draws.mean()}), np.arange(100.0), "axis 0 has to stay"),
        (averages({}, always={"small": lambda draws: draws < 3}), np.arange(9.0),
         "own draws break a rule: small = not so in 6 of 9 draws"),
    ],
)  # fmt: skip
def test_draws_that_tell_too_little_are_the_authors_to_mend(rule, results, said):
    with pytest.raises(CourseError, match=said):
        draw(rule, (1, 2), (results,))


def test_one_call_may_make_all_draws_and_a_seed_has_to_be_there():
    rule = averages({"mean": lambda draws, n: draws / n})
    draw(rule, (1000, 2), (np.arange(1000.0),))
    case = Case(((100, 2),))
    assert rule.spread(case, ("n", "seed")) == case
    with pytest.raises(CourseError, match="there is no argument seed; there are n, start"):
        rule.spread(case, ("n", "start"))
    spread = averages({"mean": lambda draws: draws}, calls=3, seed="start").spread(
        case, ("n", "start")
    )
    assert spread == Case(((100, 2), (100, 3), (100, 4)))


def test_oracles_that_draw_otherwise_grade_nobody(monkeypatch):
    exercise = COURSE.exercise(NOISE)
    wrong = exercise.check.mistakes["one-for-all"].function
    monkeypatch.setattr(exercise.check, "_equivalent", wrong)
    with pytest.raises(OraclesDisagreeError, match="torch's two neighbours that change"):
        draw_case_set(exercise, ENGINE.oracles(exercise), 0)


def test_what_decides_is_kept_with_the_cases_and_another_statistic_is_another_criterion():
    exercise = COURSE.exercise(NOISE)
    kept = ENGINE.case_set(exercise)
    again = unpack_cases(*pack_cases(kept))
    ruled = kept.levels[1].cases
    assert len(ruled) == RULED_CASES
    assert all(len(case.decisive) == 2 * (6 + 6 + 4) for case in ruled)
    assert [case.decisive for case in again.cases] == [case.decisive for case in kept.cases]
    assert [case.level for case in again.cases] == [case.level for case in kept.cases]


# ----------------------------------------------------------------------------- a loss


def test_any_method_that_reaches_the_loss_passes(tmp_path):
    assert check(tmp_path, NEWTON, TRAINED).status is Status.PASSED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TOO_SHORT, "cross-entropy = "),
        (UPHILL, "cross-entropy = "),
        (HUGE, "cross-entropy = "),
        (INFINITE, "trained_weight[0] = "),
        (A_LIST, "trained_weight = "),
    ],
)
def test_what_does_not_reach_it_is_told_the_loss_or_the_form(tmp_path, text, said):
    result = check(tmp_path, text, TRAINED)
    assert result.status is Status.FAILED
    assert result.message.startswith(said)
    if said.startswith("cross"):
        assert result.message.endswith(", expected at most 0.3")


def test_the_loss_is_worked_out_here_whatever_class_the_result_has(tmp_path):
    result = check(tmp_path, AN_OBJECT, TRAINED)
    assert result.status in (Status.FAILED, Status.REJECTED)


def test_a_mistake_of_a_training_loop_is_named(tmp_path):
    assert check(tmp_path, UPHILL, TRAINED).diagnosis.id == "uphill"


def test_a_goal_may_hang_on_the_arguments_and_is_one_that_the_course_reaches():
    rule = goal("error", lambda result, x: abs(result - x), at_most=lambda x: x / 10)
    named = [{"x": 10.0}]
    assert rule.measure((9.5,), named) == (0.5, 1.0)
    assert rule.find_fault((9.5,), (10.9,), named) is None
    assert rule.find_fault((9.5,), (11.5,), named).mismatch.message == (
        "error = 1.5, expected at most 1"
    )
    assert rule.find_fault((9.5,), (float("nan"),), named).mismatch.kind == "finite"
    with pytest.raises(CourseError, match="own answer is not enough: error = 5"):
        rule.measure((5.0,), named)


def test_a_level_has_one_thing_that_it_asks_for():
    numbers = strategy(lambda _: (1.0,))()
    with pytest.raises(CourseError, match="make two levels of it"):
        level(numbers, times=10, judged=goal("error", lambda result: result, at_most=1.0))
