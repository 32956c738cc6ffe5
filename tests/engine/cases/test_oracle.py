"""The right answer is computed twice, and nobody is graded where the two disagree."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis.extra import numpy as npst

from grader.course.strategies import array, bad, steps, strategy
from grader.course.vocabulary import Check, Mistake, carry
from grader.engine.cases.oracle import (
    RIGHT_ERROR,
    Oracles,
    from_torch,
    mistaken_answers,
    run_steps,
    tensor_function,
    to_torch,
)
from grader.errors import CourseError, GraderError, OraclesDisagreeError
from grader.model import Case, Raised


@strategy
def vectors(draw):
    return (draw(array(2)),)


def oracles(equivalent, reference):
    check = Check(1, ["1"], {"all": vectors()}, [])
    check.equivalent(equivalent)
    return Oracles(check, reference)


ONES = Case(((np.ones(2),),))
REFUSED = bad(np.ones(2))


def double(x):
    return x * 2.0


def refuse(x):
    raise ValueError(x)


def stumble(x):
    raise KeyError(x)


def test_where_both_agree_the_reference_answers():
    near = oracles(double, lambda x: x * 2.0 + 1e-12)
    assert near.expected(ONES)[0].tolist() == (np.ones(2) * 2.0 + 1e-12).tolist()


def test_without_a_reference_torch_alone_answers():
    (answer,) = oracles(double, None).expected(ONES)
    assert isinstance(answer, np.ndarray)
    assert answer.tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("equivalent", "reference", "words"),
    [
        (double, lambda x: x * 3.0, r"disagree: torch's result\[0\] = 2, expected 3"),
        (double, stumble, "the reference fails: KeyError"),
        (stumble, double, "the torch equivalent fails: KeyError"),
        (stumble, None, "the torch equivalent fails: KeyError"),
        (refuse, double, "the torch equivalent fails: ValueError"),
    ],
)
def test_where_they_differ_or_fail_nobody_can_be_graded(equivalent, reference, words):
    with pytest.raises(OraclesDisagreeError, match=words) as raised:
        oracles(equivalent, reference).expected(ONES)
    assert isinstance(raised.value, GraderError)


def test_the_tolerance_between_them_is_the_check_s():
    wide = oracles(double, lambda x: x * 2.0 + 1e-3)
    with pytest.raises(OraclesDisagreeError):
        wide.expected(ONES)
    wide.check.tolerance = 1e-2
    assert len(wide.expected(ONES)) == 1


def test_a_check_without_an_equivalent_is_the_course_s_fault():
    with pytest.raises(CourseError, match=r"@exercise.equivalent"):
        Oracles(Check(1, ["1"], {"all": vectors()}, []), double).expected(ONES)


def test_a_refusal_is_right_for_bad_arguments_and_torch_is_not_asked():
    assert oracles(stumble, refuse).expected(REFUSED) == (RIGHT_ERROR,)
    assert oracles(stumble, None).expected(REFUSED) == (RIGHT_ERROR,)


@pytest.mark.parametrize(
    ("reference", "words"), [(double, "accepts arguments"), (stumble, "raises KeyError")]
)
def test_a_reference_that_does_not_refuse_bad_arguments_is_told(reference, words):
    with pytest.raises(OraclesDisagreeError, match=words):
        oracles(double, reference).expected(REFUSED)


def test_a_later_step_gets_what_the_one_before_returned():
    case = steps([(1.0, 2.0), (carry(0), 10.0), (carry(1), carry())])
    seen = list(run_steps(lambda a, b: [a, b], case))
    assert seen == [[1.0, 2.0], [1.0, 10.0], [10.0, [1.0, 10.0]]]


def test_a_function_may_do_with_its_arguments_what_it_likes():
    def spoil(x):
        x += 1.0
        return x

    case = steps([(np.zeros(2),), (carry(),)])
    first, second = run_steps(spoil, case)
    assert case.steps[0][0].tolist() == [0.0, 0.0]
    assert (first.tolist(), second.tolist()) == ([1.0, 1.0], [2.0, 2.0])


arrays = npst.arrays(npst.floating_dtypes(sizes=64) | npst.integer_dtypes(sizes=64), (2, 3))


@given(arrays)
def test_an_array_comes_back_from_torch_as_it_went(values):
    native = values.astype(values.dtype.newbyteorder("="))
    for layout in (native, np.asfortranarray(native), native[:, ::-1]):
        back = from_torch(to_torch(layout))
        assert back.dtype == native.dtype
        assert np.array_equal(back, layout, equal_nan=native.dtype.kind == "f")


def test_a_tensor_of_torch_shares_nothing_with_the_array():
    given_array = np.zeros(2)
    to_torch(given_array).add_(1.0)
    assert given_array.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("tensors", "values"),
    [
        (torch.tensor(1.5, dtype=torch.float64), 1.5),
        (torch.tensor(3), 3),
        (torch.tensor(True), True),
        (torch.Size([2, 3]), (2, 3)),
        ([torch.tensor(1.0), (torch.tensor(2),)], [1.0, (2,)]),
        ({"a": 1}, {"a": 1}),
        ("text", "text"),
    ],
)
def test_torch_s_values_become_plain_ones(tensors, values):
    back = from_torch(tensors)
    assert back == values
    assert type(back) is type(values)


def test_a_function_of_tensors_is_called_with_arrays():
    seen = []

    def remember(x, sizes):
        seen.extend([x, *sizes])
        return x.sum()

    assert tensor_function(remember)(np.ones(3), [np.zeros(1), 2]) == 3.0
    assert [type(value) for value in seen] == [torch.Tensor, torch.Tensor, int]


def test_a_mistake_answers_good_arguments_and_refuses_bad_ones_as_is_right():
    assert mistaken_answers(Mistake("twice", "", double), ONES)[0].tolist() == [2.0, 2.0]
    assert mistaken_answers(Mistake("twice", "", double), REFUSED) == (RIGHT_ERROR,)
    told = mistaken_answers(Mistake("no-error", "", double, on_bad_arguments=True), REFUSED)
    assert told[0].tolist() == [2.0, 2.0]


def test_a_mistake_that_raises_answers_with_that_after_what_came_before():
    def second_fails(x, step):
        if step:
            raise IndexError("out of range")
        return x

    case = steps([(np.ones(1), 0), (carry(), 1)])
    first, last = mistaken_answers(Mistake("late", "", second_fails), case)
    assert first.tolist() == [1.0]
    assert last == Raised("IndexError", "out of range")
    (error,) = mistaken_answers(Mistake("refuses", "", refuse), ONES)
    assert error.value_error


def test_what_a_mistake_warns_of_is_not_heard():
    def warn(x):
        warnings.warn("division", RuntimeWarning, stacklevel=1)
        return x

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert len(mistaken_answers(Mistake("loud", "", warn), ONES)) == 1
    assert heard == []
