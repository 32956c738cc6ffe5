"""Where no edit mends, the line is told that all that is wrong comes from; or none."""

from __future__ import annotations

import pytest
from wronganswers import REALISTIC, read_written

from grader.engine.naming.mending import search as search_module
from grader.engine.naming.mending.looking import LOOK
from grader.model import Status

HEAD = "import numpy as np\n\n\n"


@pytest.fixture
def told(engine, course, tmp_path, monkeypatch):
    """Return the lines that are told of one exercise of one text where no edit is tried."""
    monkeypatch.setattr(search_module, "find_edits", lambda *_: [])

    def run(exercise_id, text):
        exercise = course.exercise(exercise_id)
        (tmp_path / f"{exercise.module}.py").write_text(HEAD + text)
        (result,) = engine.check(tmp_path, [exercise]).exercises
        assert result.status in (Status.FAILED, Status.ERROR)
        assert result.faults == (), result.faults
        if result.mending is None:
            return [], ""
        assert result.mending.kind == LOOK
        assert result.mending.edits == ()
        return [line for _, line in result.mending.at], result.mending.message

    return run


BACKWARD = """def linear_backward(grad_out, x, weight, bias):
    grad_x = grad_out @ weight
    grad_weight = {0}
    grad_bias = {1}
    return grad_x, grad_weight, grad_bias
"""


def test_what_one_wrong_result_alone_comes_from_is_told(told):
    text = BACKWARD.format("(grad_out ** 3).T @ x", "grad_out.sum(axis=0)")
    lines, message = told("linear.linear_backward", text)
    assert lines == [6]
    assert message == "Look at line 6: what is wrong comes from there."


def test_what_two_wrong_results_come_from_is_told_with_two_lines(told):
    text = BACKWARD.format("(grad_out ** 3).T @ x", "np.tanh(grad_out).sum(axis=0)")
    lines, message = told("linear.linear_backward", text)
    assert lines == [6, 7]
    assert message.startswith("Look at line 6 and line 7: ")


def test_where_more_lines_than_two_are_suspected_none_is_told(told):
    text = """def linear_backward(grad_out, x, weight, bias):
    g = np.tanh(grad_out)
    h = g * 2
    k = h + 1
    return k @ weight, k.T @ x, k.sum(axis=0)
"""
    assert told("linear.linear_backward", text) == ([], "")


def test_the_only_statement_of_a_function_is_told(told):
    lines, _ = told(
        "losses.mae_loss", "def mae_loss(pred, target):\n    return float(pred.std())\n"
    )
    assert lines == [5]


def test_what_is_wrong_in_one_call_is_not_looked_for_in_the_next(told):
    text = """def momentum_step(param, grad, velocity, lr, momentum=0.9):
    velocity = momentum * velocity + grad
    return param - lr * np.tanh(velocity), velocity
"""
    lines, _ = told("optim.momentum_step", text)
    assert lines == [6]


POOL = """def max_pool2d_forward(x, kernel_size, stride=None):
    kh, kw = kernel_size
    if {0}:
        stride = 1
    sh, sw = (kh, kw) if stride is None else (stride, stride)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return windows[:, :, ::sh, ::sw].max(axis=(4, 5))
"""


def test_the_branch_that_the_failing_cases_go_through_is_told(told):
    lines, _ = told("pool.max_pool2d_forward", POOL.format("stride is None"))
    assert lines == [7]


def test_a_branch_under_what_was_computed_is_not_told(told):
    assert told("pool.max_pool2d_forward", POOL.format("not stride > 0 if stride else True")) == (
        [],
        "",
    )


def test_an_exception_has_its_own_line_and_no_second_one(told):
    text = "def linear_backward(grad_out, x, weight, bias):\n    return grad_out @ x, 1, 2\n"
    assert told("linear.linear_backward", text) == ([], "")


def test_an_argument_that_is_changed_is_no_fault_of_naming(told):
    text = """def linear_forward(x, weight, bias):
    rows = []
    for sample in x:
        out = bias
        out += weight @ sample
        rows.append(out)
    return np.array(rows)
"""
    told("linear.linear_forward", text)


REFUSING = """def correlate2d(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    if {0}:
        raise {1}
    out = np.zeros((rows, image.shape[1] - kernel.shape[1] + 1))
    for i in range(rows):
        for j in range(out.shape[1]):
            window = image[i : i + len(kernel), j : j + kernel.shape[1]]
            out[i, j] = (window * kernel).sum()
    return out
"""


@pytest.mark.parametrize("made", ["ValueError('too small')", "KeyError", "ValueError(f'{rows}')"])
def test_what_is_refused_is_told_by_the_condition_of_the_raise(told, made):
    lines, message = told("conv.correlate2d", REFUSING.format("rows < 3 + np.pi", made))
    assert lines == [6]
    assert message == "Look at line 6: what is wrong comes from there."


def test_a_raise_that_goes_wrong_itself_has_its_own_line_alone(told):
    assert told("conv.correlate2d", REFUSING.format("rows < 9", "ValueError('a' + rows)")) == (
        [],
        "",
    )


def test_what_is_refused_in_some_cases_and_wrong_in_others_is_told_by_no_condition(told):
    text = REFUSING.format("rows == 1", "ValueError").replace(".sum()", ".max()")
    assert told("conv.correlate2d", text) == ([], "")


def test_the_conditions_of_two_refusals_are_told_and_no_more(told):
    other = "    if kernel.shape[1] {0}:\n        raise ValueError\n    out ="
    two = REFUSING.format("rows == 1", "ValueError").replace("    out =", other.format("== 2"), 1)
    assert told("conv.correlate2d", two)[0] == [6, 8]
    three = two.replace("    out =", other.format("== 1"), 1)
    assert told("conv.correlate2d", three) == ([], "")


STEP = """def momentum_step(param, grad, velocity, lr, momentum={0}):
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity
"""


def test_a_default_that_is_not_the_one_asked_for_is_told(told):
    lines, _ = told("optim.momentum_step", STEP.format("0.99"))
    assert lines == [4]


def test_a_right_default_is_not_told_where_something_else_is_wrong(told):
    text = STEP.format("0.9").replace("+ grad", "+ np.tanh(grad)")
    lines, _ = told("optim.momentum_step", text)
    assert lines == [5]


NONE = """def linear_backward(grad_out, x, weight, bias):
    grad_bias = None
    grad_x = grad_out @ weight
    if x.sum() > 1e9:
        grad_bias = grad_out.sum(axis=0)
    return grad_x, grad_out.T @ x, grad_bias
"""


def test_a_none_that_is_handed_back_is_told_by_the_line_that_makes_it(told):
    assert told("linear.linear_backward", NONE)[0] == [5]


UNBOUND = """def max_pool2d_forward(x, kernel_size, stride=None):
    kh, kw = kernel_size
    if stride is None:
        sh, sw = kh, kw
    {0}
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return windows[:, :, ::sh, ::sw].max(axis=(4, 5))
"""


@pytest.mark.parametrize(
    ("rest", "lines"), [("else:\n        stride = stride + 0", [9]), ("", [6])]
)
def test_a_name_without_a_value_is_told_by_the_branch_that_gives_it_none(told, rest, lines):
    assert told("pool.max_pool2d_forward", UNBOUND.format(rest))[0] == lines


def test_what_three_wrong_results_share_is_told_though_it_only_renames(told):
    path = REALISTIC / "recurrent" / "gru_cell_backward" / "reset-gate-not-scaled.py.txt"
    before, head, text = read_written(path).source.partition(HEAD)
    lines, _ = told("recurrent.gru_cell_backward", text)
    assert text.splitlines()[lines[0] - 1 - HEAD.count("\n")].strip() == "dhn = dn"
    assert (len(lines), bool(before), head) == (1, True, HEAD)
