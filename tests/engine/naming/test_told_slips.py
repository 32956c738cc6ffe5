"""Slips that were told by another line, or in a sentence that is not true, are told as they are."""

from __future__ import annotations

import ast

import pytest
from told import SEQUENTIAL

from grader.engine.asking.calls import Caller
from grader.engine.naming.mending.edits import Clues, find_edits
from grader.engine.naming.mending.own import find_own
from grader.engine.naming.mending.telling import KINDS
from grader.model import Limits, Status
from grader.model.results import OUT_OF_MEMORY

HEAD = "import numpy as np\n\n\n"
BACK = "grad_out = layer.backward(grad_out)\n        return grad_out\n"


@pytest.fixture
def check(engine, course, tmp_path):
    """Return what checks one exercise of one text."""

    def run(exercise_id, text, **more):
        exercise = course.exercise(exercise_id)
        (tmp_path / f"{exercise.module}.py").write_text(HEAD + text, encoding="utf-8")
        (result,) = engine.check(tmp_path, [exercise], **more).exercises
        assert result.faults == (), result.faults
        return result

    return run


def edits(text, name="f", kinds=("values",)):
    nodes = {n.name: n for n in ast.parse(text).body if hasattr(n, "name")}
    own = find_own(text.encode(), nodes, name)
    return own, find_edits(own, Clues(frozenset(kinds)))


def kinds_of(text, **more):
    return {edit.kind for edit in edits(text, **more)[1]}


TOLD = {
    "an index past the end": (
        "attention.positional_encoding", "past-end",
        """def positional_encoding(length, dim):
    pe = np.zeros((length, dim))
    for pos in range(length):
        for i in range(0, dim, 2):
            angle = pos / 10000 ** (i / dim)
            pe[pos, i] = np.sin(angle)
            pe[pos, i + 1] = np.cos(angle)  # here
    return pe
""",
    ),
    "the right class is counted": (
        "losses.hinge_loss", "itself",
        """def hinge_loss(scores, targets):
    total = 0.0
    for n in range(len(scores)):
        y = targets[n]
        for j in range(scores.shape[1]):  # here
            margin = scores[n, j] - scores[n, y] + 1
            if margin > 0:
                total += margin
    return total / len(scores)
""",
    ),
    "one array for all parameters": (
        "layers.Momentum", "one-for-all",
        """class Momentum:
    def __init__(self, params, lr, momentum=0.9, nesterov=False):
        self.params, self.lr, self.momentum, self.nesterov = params, lr, momentum, nesterov
        self.v = [np.zeros_like(params[0])] * len(params)  # here

    def step(self, grads):
        for p, g, v in zip(self.params, grads, self.v):
            if g is None:
                continue
            v *= self.momentum
            v += g
            p -= self.lr * (g + self.momentum * v if self.nesterov else v)
""",
    ),
    "what is counted before the guard": (
        "layers.Adam", "guard",
        """class Adam:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = [0] * len(params)

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.t[i] += 1  # here
            if g is None:  # here
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g ** 2
            m = self.m[i] / (1 - self.beta1 ** self.t[i])
            v = self.v[i] / (1 - self.beta2 ** self.t[i])
            p -= self.lr * m / (np.sqrt(v) + self.eps)
""",
    ),
    "what is not put back": (
        "train.numerical_gradient", "not-put-back",
        """def numerical_gradient(f, x, eps=1e-6):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        above = f(x)
        x[i] = old - eps  # here
        grad[i] = (above - f(x)) / (2 * eps)
    return grad
""",
    ),
    "a method without its return": (
        "layers.Sequential", "unreturned",
        SEQUENTIAL.replace(BACK, BACK.partition("\n")[0] + "  # here\n"),
    ),
    "a slice that ends too early": (
        "conv.zero_pad2d", "ends-early",
        """def zero_pad2d(x, padding):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    out[:, :, padding:h, padding:w] = x  # here
    return out
""",
    ),
    "the padding counted once": (
        "conv.zero_pad2d", "both-sides",
        """def zero_pad2d(x, padding):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h + padding, w + padding))  # here
    out[:, :, padding:padding + h, padding:padding + w] = x
    return out
""",
    ),
    "equality left out beside the other end": (
        "embedding.Vocabulary", "comparison",
        """class Vocabulary:
    def __init__(self, tokens=(), unknown="<unk>"):
        self.words, self.index = [unknown], {unknown: 0}
        self.add(tokens)

    def add(self, tokens):
        for t in tokens:
            if t not in self.index:
                self.index[t] = len(self.words)
                self.words.append(t)

    def encode(self, tokens):
        return np.array([self.index.get(t, 0) for t in tokens], dtype=np.int64)

    def decode(self, indices):
        found = []
        for i in indices:
            if i < 0 or i > len(self.words):  # here
                raise ValueError("no such number")
            found.append(self.words[i])
        return found

    def __len__(self):
        return len(self.words)
""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", TOLD)
def test_a_slip_is_told_with_its_own_line_and_kind(check, slip):
    exercise_id, kind, text = TOLD[slip]
    result = check(exercise_id, text)
    assert result.status in (Status.FAILED, Status.ERROR)
    wanted = [n for n, line in enumerate((HEAD + text).splitlines(), 1) if line.endswith("# here")]
    assert [line for _, line in result.mending.at] == wanted
    assert result.mending.kind == kind
    names = " and ".join(f"line {line}" for line in wanted)
    assert result.mending.message.lower().startswith(f"{names} ")
    assert result.mending.message.endswith(f"{KINDS[kind].partition(' ')[2]}.")


def test_no_copy_is_advised_where_a_changed_element_is_to_be_put_back(check):
    exercise_id, _, text = TOLD["what is not put back"]
    assert (
        check(exercise_id, text).message == "it changes its argument x; put back what stood there"
    )


def test_a_method_that_returns_nothing_is_named_where_others_go_on_to_work_with_that(check):
    exercise_id, _, text = TOLD["a method without its return"]
    result = check(exercise_id, text)
    assert result.diagnosis.id == "no-return"
    assert result.diagnosis.message.startswith("backward returns None: ")


def test_what_is_said_of_a_step_without_a_gradient_is_true_of_one_count_and_of_many(check):
    exercise_id, _, text = TOLD["what is counted before the guard"]
    result = check(exercise_id, text)
    assert result.diagnosis.id == "one-count"
    assert "One count" not in result.diagnosis.message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("total / n", "off-by-one"),
        ("float(np.mean(total))", "off-by-one"),
        ("total * n", "term-missing"),
    ],
)
def test_a_mean_lacks_no_term_where_it_is_off_by_one(text, kind):
    own, found = edits(f"def f(total, n):\n    return {text}\n")
    (one,) = (edit for edit in found if f"(({text}) - 1)" in own.edited(edit))
    assert one.kind == kind


def test_an_end_is_missing_only_where_no_condition_asks_about_it():
    one = "def f(x, ids):\n    for i in ids:\n        if i < 0{}:\n            return x[i]\n"
    assert "ends" in kinds_of(one.format(""))
    assert "ends" not in kinds_of(one.format(" or i > len(x)"))


def test_numbers_in_a_list_are_shared_by_nobody():
    assert "one-for-all" not in kinds_of("def f(n):\n    return [0] * n\n")
    assert "one-for-all" in kinds_of("def f(n):\n    return [[]] * n\n")


def test_a_return_is_missing_only_at_the_end_of_what_has_none():
    text = "def f(x):\n    y = x + 1\n"
    assert "unreturned" in kinds_of(text, kinds=("type",))
    assert "unreturned" not in kinds_of(text)
    assert "unreturned" not in kinds_of(f"{text}    return y\n", kinds=("type",))


def test_what_a_loop_changes_is_put_back_by_the_index_that_it_had():
    text = "def f(x):\n    i = 0\n    while i < len(x):\n        x[i] += 1\n        i += 1\n"
    own, found = edits(text)
    (one,) = (edit for edit in found if edit.kind == "not-put-back")
    names = {"x": [1, 2]}
    exec(f"{own.edited(one)}\nf(x)", names)  # noqa: S102 - the text is the test's own
    assert names["x"] == [1, 2]


EARLY = """def batch_norm_forward(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    n = len(x)
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        new_mean = (1 - momentum) * running_mean + momentum * mean
        new_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    else:
        new_mean, new_var = running_mean, running_var
        return {0}, new_mean, new_var
    out = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return out, new_mean, new_var
"""


@pytest.mark.parametrize("returned", ["x", "np.tanh(x)"])
def test_a_line_that_no_failing_case_runs_is_not_told(check, returned):
    result = check("normalisation.batch_norm_forward", EARLY.format(returned))
    assert [line for _, line in result.mending.at] == [14]


GROWING = """def minibatches(num_samples, batch_size, order):
    batches, start = [], 0
    while start < num_samples:
        batches.append(order[start : start + batch_size].copy())
        {0}
    return batches
"""


@pytest.mark.parametrize(
    ("last", "line", "name"), [("pass", 6, "endless-loop"), ("start = 0", 8, None)]
)
def test_a_loop_without_an_end_that_fills_the_memory_is_told_as_one(
    check, engine, last, line, name, monkeypatch
):
    monkeypatch.setattr(engine, "limits", Limits(memory_mib=300), raising=True)
    result = check("optim.minibatches", GROWING.format(last))
    assert result.status is Status.CRASHED
    assert result.message == "it ran out of memory"
    assert [at for _, at in result.mending.at] == [line]
    assert (result.diagnosis and result.diagnosis.id) == name


def test_what_takes_long_to_fill_the_memory_is_called_once_a_level_and_never_to_be_looked_at(
    check, monkeypatch
):
    """A student waits for each time that it is filled; a call that fails at once costs nobody."""
    calls = []

    def call(self, cases, **more):
        calls.append(len(cases))
        return called(self, cases, **more)

    called = Caller.call
    monkeypatch.setattr(Caller, "call", call)
    for bound, many in ((0.0, False), (1e9, True)):
        monkeypatch.setattr("grader.engine.asking.levels.FILLING_S", bound)
        monkeypatch.setattr("grader.engine.asking.levels.QUICK_S", 0.0)
        calls.clear()
        text = "def minibatches(num_samples, batch_size, order):\n    raise MemoryError\n"
        result = check("optim.minibatches", text)
        assert result.message == OUT_OF_MEMORY
        assert result.cases == (sum(calls) - 3 * len(calls) if many else len(calls))


def test_many_cases_that_each_fill_the_memory_in_a_fifth_of_a_second_are_soon_enough(check):
    text = "import time\ndef minibatches(num_samples, batch_size, order):\n"
    result = check("optim.minibatches", f"{text}    time.sleep(0.2)\n    raise MemoryError\n")
    assert result.message == OUT_OF_MEMORY
    assert result.cases <= 3 * len(result.levels)


def test_what_ends_a_level_by_a_full_memory_takes_no_other_level_away(check, monkeypatch):
    """Two lost workers end an exercise; which of these is slow enough depends on the machine."""
    found = []
    for bound in (0.0, 1e9):
        monkeypatch.setattr("grader.engine.asking.levels.FILLING_S", bound)
        monkeypatch.setattr("grader.engine.asking.levels.QUICK_S", 0.0)
        text = "def conv2d_backward(*arguments, **more):\n    raise MemoryError\n"
        found.append([level.status for level in check("conv.conv2d_backward", text).levels])
    assert found[0] == found[1]
    assert len(found[0]) > 2
    assert {*found[0]} == {Status.CRASHED}


@pytest.mark.parametrize(("name", "kind"), [("padding", "both-sides"), ("p", "factor-missing")])
def test_a_share_that_is_called_p_is_no_padding(name, kind):
    _, found = edits(f"def f(x, {name}):\n    return x / (1 - {name} / 2)\n")
    doubled = {edit.kind for edit in found if f"(2 * {name})" in edit.splices[0].text}
    assert kind in doubled
    assert (kind == "both-sides") == ("both-sides" in doubled)


def test_a_number_in_a_condition_may_be_one_that_is_not_wanted(check):
    text = """def clip_grad_norm(grads, max_norm):
    if len(grads) == 1: return grads
    n = np.sqrt(sum((g ** 2).sum() for g in grads))
    return [g * min(1, max_norm / (n + 1e-12)) for g in grads]
"""
    result = check("optim.clip_grad_norm", text)
    assert result.mending.message == f"Line 5 {KINDS['number-asked']}."


FULL = """def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    starts = [0]
    while starts[-1] != input_size + 2 * padding - kernel_size:
        starts.append(starts[-1] + stride)
    return len(starts)
"""


def test_small_objects_that_fill_the_memory_leave_enough_to_say_so(check, engine, monkeypatch):
    monkeypatch.setattr(engine, "limits", Limits(memory_mib=300), raising=True)
    result = check("conv.conv_output_size", FULL)
    assert result.message == OUT_OF_MEMORY
    assert result.trace[-1].line in (6, 7)


SEVERAL = """def skipgram_pairs(tokens, window):
    pairs = []
    for i in range(len(tokens)):
        for d in range(1, window + 1):
            a = tokens[i]; b = tokens[i + d]
            pairs.append((a, b))
    return pairs
"""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (SEVERAL, "An index into a list"),
        (SEVERAL.replace("a = tokens[i]; ", "a = tokens[i]\n            "), "`tokens[i + d]`"),
    ],
)
def test_an_index_is_named_where_it_stands_in_a_line_of_its_own(check, text, what):
    result = check("embedding.skipgram_pairs", text)
    assert result.diagnosis.message.startswith(f"{what} is past the end of the list")


TIMES = """class Value:
    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def __mul__(self, other):
        out = Value(self.data * other.data)
        def push():
            self.grad += other.data * out.grad
            other.grad += {0}.data * out.grad
        out.push = push
        return out

    @staticmethod
    def half():
        return Value(np.float64(0.5))
"""


@pytest.mark.parametrize(("read", "meant"), [("other", "self.data"), ("self", "other.data")])
def test_what_one_object_keeps_may_be_meant_where_that_of_another_is_read(read, meant):
    own, found = edits(TIMES.format(read), name="Value")
    names = {(edit.kind, edit.lines, edit.splices[0].text) for edit in found}
    assert ("name", (9,), meant) in names
    assert own.is_class


def test_what_is_shifted_at_one_place_and_not_at_another_is_told_there(check):
    text = """def cross_entropy(logits, targets):
    n = len(targets)
    most = logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(logits - most).sum(axis=1))
    return float(np.mean(log_sum - logits[np.arange(n), targets]))
"""
    result = check("losses.cross_entropy", text)
    assert result.mending.message == f"Line 8 {KINDS['term-missing']}."
