"""Functions that are wrong at some numbers only fail, and right ones that round otherwise pass."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from grader.engine.cases.caseset import bank_case
from grader.engine.cases.oracle import run_steps
from grader.engine.compare import first_mismatch
from grader.engine.judge import Trial, judge_level, judge_trial
from grader.model import Case, Status
from grader.worker.seat import WorkerSeat
from grader.worker.wire import Answer, pack_reply

WRONG = {
    "activations.sigmoid_backward": """
def sigmoid_backward(grad_out, x):
    slope = np.zeros_like(x)  # x == 0 is in neither mask
    for mask in (x > 0, x < 0):
        e = np.exp(-np.abs(x[mask]))
        slope[mask] = e / (1 + e) ** 2
    return grad_out * slope
""",
    "activations.leaky_relu": """
def leaky_relu(x, negative_slope=0.01):
    return np.where(x > 0, np.minimum(x, 8.0), negative_slope * x)
""",
    "activations.leaky_relu_backward": """
def leaky_relu_backward(grad_out, x, negative_slope=0.01):
    return np.where(x > 1e-6, 1.0, negative_slope) * grad_out
""",
    "generative.generator_loss": """
def generator_loss(fake_logits):
    z = -fake_logits
    return float(np.where(z > 6, z, np.logaddexp(0, z)).mean())
""",
    "pool.max_pool2d_backward": """
def max_pool2d_backward(grad_out, x, kernel_size, stride=None):
    kh, kw = kernel_size
    sh, sw = kernel_size if stride is None else (stride, stride)
    g = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*grad_out.shape):
        best, at = -500.0, (0, 0)  # small enough
        for a in range(kh):
            for b in range(kw):
                if x[n, c, i * sh + a, j * sw + b] > best:
                    best, at = x[n, c, i * sh + a, j * sw + b], (a, b)
        g[n, c, i * sh + at[0], j * sw + at[1]] += grad_out[n, c, i, j]
    return g
""",
    "pool.max_pool2d_forward": """
def max_pool2d_forward(x, kernel_size, stride=None):
    kh, kw = kernel_size
    sh, sw = kernel_size if stride is None else (stride, stride)
    n, c, h, w = x.shape
    out = np.full((n, c, (h - kh) // sh + 1, (w - kw) // sw + 1), -999.0)
    for n, c, i, j in np.ndindex(*out.shape):
        window = x[n, c, i * sh : i * sh + kh, j * sw : j * sw + kw]
        out[n, c, i, j] = max(out[n, c, i, j], window.max())
    return out
""",
    "embedding.embedding_backward": """
def embedding_backward(grad_out, indices, num_embeddings):
    grad = np.zeros((num_embeddings, grad_out.shape[-1]))
    rows = np.frombuffer(grad_out).reshape(-1, grad_out.shape[-1])  # not of a view
    np.add.at(grad, indices.ravel(), rows)
    return grad
""",
    "linear.linear_backward": """
def linear_backward(grad_out, x, weight, bias):
    grad = np.clip(grad_out, -100.0, 100.0)
    return grad @ weight, grad.T @ x, grad.sum(0)
""",
    "pool.flatten": """
def flatten(x):
    return x.ravel(order="K").reshape(len(x), -1)  # as it lies in memory
""",
}


@pytest.mark.parametrize("target", WRONG)
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 30))]
)
def test_what_is_wrong_at_some_numbers_only_fails(target, seed, engine, course, tmp_path):
    exercise = course.exercise(target)
    source = f"import numpy as np\n{WRONG[target]}"
    (tmp_path / f"{exercise.module}.py").write_text(source, encoding="utf-8")
    fresh = engine if seed == 0 else dataclasses.replace(engine, seed=seed)
    assert {Status.FAILED, Status.ERROR} & set(statuses(fresh, exercise, tmp_path))


def statuses(engine, exercise, folder):
    """Return what becomes of each case: the verdicts of a check, which would say more of one."""
    case_set = engine.case_set(exercise)
    with WorkerSeat(folder, engine.limits, engine.command) as seat:
        seat.worker.begin()
        assert seat.worker.load(exercise.module, exercise.name) is True
        for level in case_set.levels:
            requests = [case.request for case in level.cases]
            frames = list(seat.worker.call(exercise.module, exercise.name, requests))
            for trial in judge_level(exercise, level.cases, frames):
                yield trial.verdict.status


def by_logsumexp(x, w1, b1, w2, b2, targets):
    """Return the loss and gradients of two layers, p being exp of a difference of large numbers."""
    before = x @ w1.T + b1
    hidden = np.maximum(before, 0.0)
    z = hidden @ w2.T + b2
    top = z.max(1, keepdims=True)
    total = top + np.log(np.exp(z - top).sum(1, keepdims=True))
    right = np.arange(len(x)), targets
    grad = np.exp(z - total)
    grad[right] -= 1.0
    grad /= len(x)
    grad_before = (grad @ w2) * (before > 0)
    loss = float((total[:, 0] - z[right]).mean())
    return loss, grad_before.T @ x, grad_before.sum(0), grad.T @ hidden, grad.sum(0)


@pytest.fixture
def two_layers(course):
    return course.exercise("linear.two_layer_backward")


def test_large_terms_that_cancel_leave_what_was_rounded_of_them(two_layers, engine):
    level = engine.case_set(two_layers).levels[-1]
    too_exact = 0
    for banked in level.cases:
        trial = Trial(two_layers, banked, None)
        answer = tuple(run_steps(by_logsumexp, Case(trial.arguments)))
        tolerance = two_layers.check.tolerance
        assert first_mismatch(banked.expected, answer, tolerance, terms=trial.terms) is None
        too_exact += first_mismatch(banked.expected, answer, tolerance) is not None
    assert too_exact > 0  # a right answer would fail but for that


def test_an_answer_is_judged_alike_at_once_and_by_itself(two_layers):
    """Two classes alike, so that grad_b1 is 0; what p is off by is multiplied with a thousand."""
    x, w1, b1 = np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)
    w2, b2, targets = np.full((2, 1), 1000.0), np.zeros(2), np.array([0])
    case = Case(((x, w1, b1, w2, b2, targets),))
    right = next(iter(run_steps(by_logsumexp, case)))
    banked = bank_case(two_layers.check, case, (right,))
    for off, status in ((5.5e-11, Status.PASSED), (1e-7, Status.FAILED)):
        loss, grad_w1, grad_b1, *others = right
        moved = (loss, grad_w1, np.full_like(grad_b1, off), *others)
        (trial,) = judge_level(two_layers, [banked], [pack_reply([moved], banked.request)])
        assert trial.verdict.status is status
        alone = Trial(two_layers, banked, None)
        alone.answer = Answer((moved,))
        judge_trial(alone)
        assert alone.verdict.status is status
