"""A slip is told at the place where it is, also where another line could undo it later on."""

from __future__ import annotations

import pytest
from told import SEQUENTIAL

from grader.engine.naming.mending.telling import KINDS
from grader.model import Status

HEAD = "import numpy as np\n\n\n"
CONV = """class Conv2d:
    def __init__(self, weight, bias, stride=1, padding=0):
        self.weight, self.bias = weight.copy(), bias.copy()
        self.stride, self.padding = stride, padding
        self.seen = None
        self.zero_grad()

    def zero_grad(self):
        self.grad_weight, self.grad_bias = 0 * self.weight, 0 * self.bias

    def forward(self, x):
        height, width = x.shape[2:]
        kh, kw = self.weight.shape[2:]
        p, s = self.padding, self.stride
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.seen = padded, (height, width)
        rows, cols = (height + 2 * p - kh) // s + 1, (width + 2 * p - kw) // s + 1
        out = np.zeros((len(x), len(self.weight), rows, cols))
        for i in range(rows):
            for j in range(cols):
                window = padded[:, :, i * s:i * s + kh, j * s:j * s + kw]
                out[:, :, i, j] = np.einsum("nchw,fchw->nf", window, self.weight) + self.bias
        return out

    def backward(self, grad_out):
        if self.seen is None:
            raise RuntimeError("forward comes first")
        padded, (height, width) = self.seen
        kh, kw = self.weight.shape[2:]
        s, p = self.stride, self.padding
        grad = np.zeros(padded.shape)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                g = grad_out[:, :, i, j]
                at = slice(None), slice(None), slice(i * s, i * s + kh), slice(j * s, j * s + kw)
                self.grad_weight += np.einsum("nf,nchw->fchw", g, padded[at])
                grad[at] += np.einsum("nf,fchw->nchw", g, self.weight)
        self.grad_bias += grad_out.sum(axis=(0, 2, 3))
        return grad[:, :, p:p + height, p:p + width]

    def parameters(self):
        return [self.weight, self.bias]

    def gradients(self):
        return [self.grad_weight, self.grad_bias]
"""
NORM = """class BatchNorm1d:
    def __init__(self, gamma, beta, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = gamma.copy(), beta.copy()
        self.momentum, self.eps = momentum, eps
        self.running_mean, self.running_var = np.zeros(len(gamma)), np.ones(len(gamma))
        self.training, self.mode, self.kept = True, None, None
        self.zero_grad()

    def zero_grad(self):
        self.grad_gamma, self.grad_beta = np.zeros(len(self.gamma)), np.zeros(len(self.beta))

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(x) < 2:
                raise ValueError("one row has no variance")
            mean, var = x.mean(axis=0), x.var(axis=0)
            keep = 1 - self.momentum
            self.running_mean = keep * self.running_mean + self.momentum * mean
            self.running_var = keep * self.running_var + self.momentum * x.var(axis=0, ddof=1)
        root = np.sqrt(var + self.eps)
        self.mode = self.training
        self.kept = (x - mean) / root, root
        return self.gamma * self.kept[0] + self.beta

    def backward(self, grad_out):
        if self.kept is None:
            raise RuntimeError("forward comes first")
        x_hat, root = self.kept
        self.grad_beta += grad_out.sum(axis=0)
        self.grad_gamma += (grad_out * x_hat).sum(axis=0)
        grad = grad_out * self.gamma / root
        if self.mode:
            grad = grad - grad.mean(axis=0) - x_hat * (grad * x_hat).mean(axis=0)
        return grad

    def parameters(self):
        return [self.gamma, self.beta]

    def gradients(self):
        return [self.grad_gamma, self.grad_beta]
"""
DROP = """class Dropout:
    def __init__(self, p):
        if not 0 <= p < 1:
            raise ValueError("p is a share below 1")
        self.p, self.training, self.mask = p, True, None

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x, keep_mask=None):
        if self.training:
            self.mask = keep_mask / (1 - self.p)
            out = x * self.mask
        else:
            self.mask = np.ones(x.shape)
            out = x.copy()
        return out

    def backward(self, grad_out):
        if self.mask is None:
            raise RuntimeError("forward comes first")
        return grad_out * self.mask
"""
IOU = """def iou(boxes, others):
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    size = np.maximum(0, high - low)
    both = size[..., 0] * size[..., 1]
    one = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))[:, None]
    other = ((others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1]))[None]
    union = one + other - both
    return np.where(union > 0, both / np.where(union > 0, union, 1), 0.0)
"""
BOXES = """def iou(boxes, others):
    out = np.zeros((len(boxes), len(others)))
    for i, (a, b, c, d) in enumerate(boxes):
        for j, (e, f, g, h) in enumerate(others):
            w = max(0, min(c, g) - max(a, e))
            h2 = max(0, min(d, h) - max(b, f))
            union = (c - a) * (d - b) + (g - e) * (h - f) - w * h2
            out[i, j] = w * h2 / union if union else 0
    return out
"""
GRAM = """def gram_matrix(features):
    n, c, h, w = features.shape
    flat = features.reshape(n, c, h * w)
    return flat @ flat.transpose(0, 2, 1) / (c * h * w)
"""
NESTED = """def discounted_returns(rewards, gamma):
    found = np.zeros(len(rewards))

    def fill(at):
        found[at] = rewards[at] + gamma * (found[at + 1] if at + 1 < len(found) else 0)

    for at in reversed(range(len(rewards))):
        fill(at)
    return found
"""
LINES = """def discounted_returns(rewards, gamma):
    found = np.zeros(len(rewards))
    for at in reversed(range(len(rewards))):
        found[at] = (
            rewards[at]
            + gamma * (found[at + 1] if at + 1 < len(found) else 0)
        )
    return found
"""
WITHOUT = DROP.replace("        else:\n            self.mask = np.ones(x.shape)\n", "")
FIRST = WITHOUT.replace("            out = x.copy()\n", "").replace(
    "        if self.training:\n",
    "        out = x.copy()\n        self.mask = np.ones(x.shape)\n        if self.training:\n",
)
ENDS = "(found[at + 1] if at + 1 < len(found) else 0)"
HIGH, LOW = "max(0, min(d, h) - max(b, f))", "min(d, h) - max(b, f)"

SLIPS = {  # the exercise, its right answer, what is replaced in it and by what, and the kind told
    "one window over the other": (
        "layers.Conv2d", CONV, "grad[at] += np", "grad[at] = np", "assigns",
    ),
    "a crop from 0": (
        "layers.Conv2d", CONV, "p:p + height, p:p + width", ":height, :width", "begin",
    ),
    "a variance of the batch": ("layers.BatchNorm1d", NORM, ", ddof=1", "", "biased"),
    "the batch's own variance": (
        "layers.BatchNorm1d", NORM, "x.var(axis=0, ddof=1)", "var", "biased",
    ),
    "the mode of now": ("layers.BatchNorm1d", NORM, "if self.mode:", "if self.training:", "of-now"),
    "a mask that stays": (
        "layers.Dropout", DROP, "self.mask = np.ones(x.shape)\n            out", "out", "stale",
    ),
    "a mask that stays before a condition": (
        "layers.Dropout", FIRST, "self.mask = np.ones(x.shape)\n        if", "if", "stale",
    ),
    "a method's name that was copied": (
        "layers.Sequential", SEQUENTIAL, '_all("eval")', '_all("train")', "call",
    ),
    "two sides below 0": ("vision.iou", IOU, "np.maximum(0, high - low)", "high - low", "cut"),
    "one side below 0": ("vision.iou", BOXES, HIGH, LOW, "cut"),
    "a divisor too small": ("vision.gram_matrix", GRAM, "(c * h * w)", "(h * w)", "divisor"),
    "an index past the end in an inner function": (
        "beyond.discounted_returns", NESTED, ENDS, "found[at + 1]", "past-end",
    ),
    "an index past the end in the third line of a statement": (
        "beyond.discounted_returns", LINES, ENDS, "found[at + 1]", "past-end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_where_it_is(slip, engine, course, tmp_path):
    exercise_id, right, before, after, kind = SLIPS[slip]
    exercise = course.exercise(exercise_id)
    written = tmp_path / f"{exercise.module}.py"
    written.write_text(HEAD + right, encoding="utf-8")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    assert result.status is Status.PASSED, result.message
    assert right.count(before) == 1
    written.write_text(HEAD + right.replace(before, after), encoding="utf-8")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    line = 1 + (HEAD + right[: right.index(before)]).count("\n")
    assert result.faults == ()
    assert (result.mending.at, result.mending.kind) == (((f"{exercise.module}.py", line),), kind)
    assert result.mending.message.startswith(f"Line {line} {KINDS[kind]}.")


NAIVE = """def mse_loss(prediction, target):
    diff = prediction - target
    squares = diff * diff
    return float(squares)
"""


def test_of_what_was_raised_no_line_before_it_is_told_with_what_is_left(engine, course, tmp_path):
    (tmp_path / "losses.py").write_text(HEAD + NAIVE, encoding="utf-8")
    (result,) = engine.check(tmp_path, [course.exercise("losses.mse_loss")]).exercises
    assert result.status is Status.ERROR
    assert result.mending is None or "what is left" not in result.mending.message
    assert result.location.line == 7


UNWRITTEN = """def numerical_gradient(f, x, eps=1e-6):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += eps
        above = f(moved)
        moved[i] -= 2 * eps
        below = f(moved)
    return gradient
"""


def test_a_return_of_what_nothing_was_written_to_is_not_told(engine, course, tmp_path):
    (tmp_path / "train.py").write_text(HEAD + UNWRITTEN, encoding="utf-8")
    (result,) = engine.check(tmp_path, [course.exercise("train.numerical_gradient")]).exercises
    assert result.status is Status.FAILED
    assert result.mending is None


IGNORING = """def dropout(x, keep_mask, p, training):
    if False:
        return x.copy()
    scale = 1.0 - p
    return np.where(keep_mask, x / scale, 0.0)
"""


def test_of_an_argument_that_is_ignored_no_line_is_told_from_which_all_comes(
    engine, course, tmp_path
):
    exercise = course.exercise("normalisation.dropout")
    (tmp_path / "normalisation.py").write_text(HEAD + IGNORING, encoding="utf-8")
    (result,) = engine.check(tmp_path, [exercise]).exercises
    assert "ignored" in result.diagnosis.id
    assert result.mending is None or result.mending.kind != "look"
