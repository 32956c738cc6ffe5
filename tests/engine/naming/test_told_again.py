"""What a reader of sixty wrong answers found untrue, vague or missing is told as it is."""

from __future__ import annotations

import ast
import io

import pytest
from rich.console import Console

from grader.engine.naming.exceptions.names import _is_misspelt
from grader.engine.naming.mending.edits import Clues, find_edits
from grader.engine.naming.mending.own import find_own
from grader.model import Status
from grader.render.failure import Manner, render_failure

HEAD = "import numpy as np\n\n\n"


@pytest.fixture
def check(engine, course, tmp_path):
    """Return what checks one exercise of one text."""

    def run(exercise_id, text):
        exercise = course.exercise(exercise_id)
        (tmp_path / f"{exercise.module}.py").write_text(HEAD + text, encoding="utf-8")
        (result,) = engine.check(tmp_path, [exercise]).exercises
        assert result.faults == (), result.faults
        return result

    return run


@pytest.fixture
def screen(course):
    """Return the words of a result on a screen."""

    def show(result):
        console = Console(file=io.StringIO(), width=200)
        exercise = course.exercise(result.id)
        console.print(render_failure(result, exercise, None, Manner(plain=True)))
        return console.file.getvalue()

    return show


LINES = {
    "an index in a sum lacks the dilation": (
        "conv.conv1d_causal", "stride",
        """def conv1d_causal(x, weight, bias, dilation=1):
    N, C, L = x.shape
    F, _, K = weight.shape
    left = (K - 1) * dilation
    series = np.concatenate([np.zeros((N, C, left)), x], axis=2)
    out = np.zeros((N, F, L))
    for t in range(L):
        total = np.tile(bias, (N, 1))
        for k in range(K):
            column = series[:, :, t + k]  # here
            total = total + column @ weight[:, :, k].T
        out[:, :, t] = total
    return out
""",
    ),
    "a statement stands before the loop that it belongs behind": (
        "beyond.graph_conv", "too-early",
        """def graph_conv(adjacency, h, weight):
    a = adjacency.copy()
    degree = a.sum(axis=1)  # here
    for v in range(len(a)):
        a[v, v] = 1.0
    scale = 1.0 / np.sqrt(degree)
    norm = scale[:, None] * a * scale[None, :]
    return norm @ (h @ weight)
""",
    ),
    "an array of another array's shape": (
        "recurrent.rnn_forward", "shape",
        """def rnn_forward(x, h0, w_ih, w_hh, b_ih, b_hh):
    h = h0
    hidden = np.zeros(x.shape)  # here
    for t in range(x.shape[0]):
        h = np.tanh(x[t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
        hidden[t] = h
    return hidden
""",
    ),
    "a reshape for a transpose": (
        "attention.scaled_dot_product_attention_backward", "transpose",
        """def scaled_dot_product_attention_backward(grad_out, query, key, value, mask=None):
    N, T, D = query.shape
    S = key.shape[1]
    allowed = np.ones((N, T, S), dtype=bool)
    if mask is not None:
        allowed &= mask
    score = np.where(allowed, query @ key.reshape(N, D, S) / np.sqrt(D), -np.inf)  # here
    top = score.max(axis=2, keepdims=True)
    top[~np.isfinite(top)] = 0.0
    w = np.exp(score - top)
    total = w.sum(axis=2, keepdims=True)
    w = w / np.where(total > 0, total, 1.0)
    grad_value = w.transpose(0, 2, 1) @ grad_out
    u = grad_out @ value.transpose(0, 2, 1)
    a = (w * u).sum(axis=2, keepdims=True)
    b = w * (u - a) / np.sqrt(D)
    grad_query = b @ key
    grad_key = b.transpose(0, 2, 1) @ query
    return grad_query, grad_key, grad_value
""",
    ),
    "a loop that is left too early": (
        "layers.Sequential", "leaves",
        """class Sequential:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        out = x
        for layer in self.layers:
            out = layer.forward(out)
        return out

    def backward(self, grad_out):
        grad = grad_out
        for k in range(len(self.layers) - 1, -1, -1):
            grad = self.layers[k].backward(grad)
        return grad

    def zero_grad(self):
        for layer in self.layers:
            if hasattr(layer, "zero_grad"):
                layer.zero_grad()

    def train(self):
        for layer in self.layers:
            if hasattr(layer, "train"):
                layer.train()

    def eval(self):
        for layer in self.layers:
            if not hasattr(layer, "eval"):
                break  # here
            layer.eval()

    def parameters(self):
        found = []
        for layer in self.layers:
            if hasattr(layer, "parameters"):
                found += layer.parameters()
        return found

    def gradients(self):
        found = []
        for layer in self.layers:
            if hasattr(layer, "gradients"):
                found += layer.gradients()
        return found
""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_the_line_is_told(check, name):
    exercise_id, kind, text = LINES[name]
    assert text.count("# here") == 1
    result = check(exercise_id, text)
    here = (HEAD + text).splitlines().index(next(x for x in text.splitlines() if "# here" in x)) + 1
    assert result.mending is not None
    assert [at for _, at in result.mending.at] == [here]
    assert kind in result.mending.kind


def test_a_continue_may_have_to_be_a_break_and_a_loop_is_moved_with_all_that_is_in_it():
    text = "def f(x):\n    n = len(x)\n    for i in x:\n        if i:\n            continue\n"
    nodes = {node.name: node for node in ast.parse(text).body}
    own = find_own(text.encode(), nodes, "f")
    found = {edit.kind: own.edited(edit) for edit in find_edits(own, Clues(frozenset(["values"])))}
    assert "break" in found["goes-on"]
    assert found["too-early"].index("for i") < found["too-early"].index("n = len")


NEGATIVES = """def negative_sampling_loss_backward(center, context, negatives):
    pull = 1 / (1 + np.exp(-context @ center)) - 1
    push = 1 / (1 + np.exp(-negatives @ center))
    weighted = push.reshape(-1, 1) * negatives
    grad_center = pull * context + weighted.sum(axis=1)
    grad_context = pull * center
    return grad_center, grad_context, np.outer(push, center)
"""


def test_what_raises_in_some_cases_makes_no_right_result_a_wrong_one(check):
    """A sum along the wrong axis fits where there are as many negatives as numbers, or one."""
    result = check("embedding.negative_sampling_loss_backward", NEGATIVES)
    assert [at for _, at in result.mending.at] == [8]
    said = result.diagnosis.message if result.diagnosis else ""
    assert "grad_context" not in said
    assert "grad_negatives" not in said


MOMENTUM = """class Momentum:
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        self.params = list(params)
        self.lr, self.momentum, self.nesterov = lr, momentum, nesterov
        self.velocity = [np.zeros(params[0].shape)] * len(params)

    def step(self, grads):
        for i, g in enumerate(grads):
            if g is None:
                continue
            v = self.velocity[i]
            v *= self.momentum
            v += g
            self.params[i] -= self.lr * (g + self.momentum * v if self.nesterov else v)
"""


def test_what_does_not_fit_in_place_is_told_in_the_students_names_and_not_to_be_made_anew(check):
    said = check("layers.Momentum", MOMENTUM).diagnosis.message
    assert said.startswith("`v += g` keeps the shape of v, (1,)")
    assert "write" not in said


LINEAR = """class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight.copy(), bias.copy()
        self.grad_weight, self.grad_bias = np.zeros_like(weight), np.zeros_like(bias)

    def forward(self, x):
        self.x = x.copy()
        return x @ self.weight.T + self.bias

    def backward(self, grad_out):
        if self.x is None:
            raise RuntimeError("forward first")
        self.grad_weight += grad_out.T @ self.x
        self.grad_bias += grad_out.sum(axis=0)
        return grad_out @ self.weight

    def zero_grad(self):
        self.grad_weight[:] = 0
        self.grad_bias[:] = 0

    def parameters(self):
        return [self.weight, self.bias]

    def gradients(self):
        return [self.grad_weight, self.grad_bias]
"""


def test_who_asks_and_has_nothing_to_ask_about_is_not_told_to_ask(check, screen):
    result = check("layers.Linear", LINEAR)
    said = result.diagnosis.message
    assert "the question for that raises AttributeError" in said
    assert "`self.x` gets its value in forward (line 10)" in said
    assert "ask first" not in said
    words = screen(result).split()
    assert "RuntimeError" in words
    assert "'RuntimeError'" not in words


def test_an_array_that_is_kept_as_it_was_given_is_called_that(check):
    kept = LINEAR.replace("self.weight, self.bias = weight.copy(), bias.copy()",
                          "self.x, self.weight, self.bias = None, weight.copy(), bias")  # fmt: skip
    diagnosis = check("layers.Linear", kept).diagnosis
    assert diagnosis is not None
    assert "bias" in diagnosis.message
    assert "too small" not in diagnosis.message


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("grad_query", "grad_key"), ("grad_x", "grad_h_next"), ("var", "vars"), ("w_hh", "b_ih"),
        ("x_mean", "x_max"),
    ],
)  # fmt: skip
def test_a_name_that_stands_for_something_else_is_not_taken_for_a_slip(name, near):
    assert not _is_misspelt(name, near)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("grad_qeury", "grad_query"), ("hnext", "h_next"), ("weigth", "weight"), ("pirnt", "print"),
        ("gradx", "grad_x"), ("out_hight", "out_height"), ("Bias", "bias"),
    ],
)  # fmt: skip
def test_a_slip_is_taken_for_one(name, near):
    assert _is_misspelt(name, near)


def test_a_number_whose_part_is_written_to_is_called_that(check):
    text = "def softmax(x):\n    top = np.exp(x).max()\n    top[0] = 0.0\n    return x / top\n"
    result = check("activations.softmax", text)
    assert result.status is Status.ERROR
    assert result.diagnosis.message.startswith("`top` is a single value here (numpy.float64)")


def test_a_tuple_is_not_called_a_list_and_one_element_is_wrong(check, screen):
    text = """def bidirectional_rnn(x, h0, forward_params, backward_params):
    N, T, D = x.shape
    out = np.zeros((N, T, 2 * h0.shape[-1]))
    return out, h0
"""
    shown = screen(check("recurrent.bidirectional_rnn", text))
    assert "forward_params a tuple of 4" in shown
    softmax = "def softmax(x):\n    return np.where(x == x, 1.0 / x.shape[-1], 0) + 0 * x\n"
    assert "1 of 2 elements are" not in screen(check("activations.softmax", softmax))


def test_what_changes_a_list_in_its_place_gives_nothing_to_go_through(check):
    text = LINES["a loop that is left too early"][2].replace("break  # here", "continue")
    text = text.replace(
        "for k in range(len(self.layers) - 1, -1, -1):\n            grad = self.layers[k]",
        "for layer in self.layers.reverse():\n            grad = layer",
    )
    said = check("layers.Sequential", text).diagnosis.message
    assert said.startswith(".reverse() changes a list in its place and is None")


def test_two_lines_that_are_wrong_in_two_ways_are_told_each_its_own(check):
    text = """def linear_backward(grad_out, x, weight, bias):
    dx = np.einsum("no,od->nd", grad_out, weight)
    dw = np.einsum("no,nd->do", grad_out, x)
    db = np.einsum("no->o", grad_out)
    return dx, dw, db
"""
    said = check("linear.linear_backward", text).mending.message
    first, between, second = said.partition(", or line 8 ")
    assert first.startswith("Line 6 ")
    assert between
    assert second not in first
