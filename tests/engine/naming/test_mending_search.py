"""The line of a wrong function is found by edits on the worker: the right one, or none."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from grader.engine.asking.calls import Caller
from grader.engine.audit.mutants import make_mutants
from grader.engine.engine import Engine
from grader.engine.naming import answers as answers_module
from grader.engine.naming.mending import search as search_module
from grader.engine.naming.mending import trying as trying_module
from grader.engine.naming.mending.telling import KINDS
from grader.errors import WorkerDiedError, WorkerStalledError
from grader.model import Limits, Status
from grader.model.sourcemap import Piece, SourceMap

TANH = "activations.tanh_backward"
HEAD = "import numpy as np\n\n\n"


@pytest.fixture
def check(engine, course, tmp_path):
    """Return what checks one exercise of one text."""

    def run(exercise_id, text, **more):
        exercise = course.exercise(exercise_id)
        (tmp_path / f"{exercise.module}.py").write_text(text)
        (result,) = (
            (more.pop("engine", None) or engine).check(tmp_path, [exercise], **more).exercises
        )
        assert result.faults == (), result.faults
        return result

    return run


def lines(result):
    return [line for _, line in result.mending.at] if result.mending else []


FAMILIES = {
    "assigns": (
        "embedding.embedding_backward",
        """def embedding_backward(grad_out, indices, num_embeddings):
    table = np.zeros((num_embeddings, grad_out.shape[-1]))
    for at in np.ndindex(*indices.shape):
        table[indices[at]] = grad_out[at]  # here
    return table
""",
    ),
    "sign": (
        "activations.tanh_backward",
        """def tanh_backward(grad_out, x):
    one = 1.0
    return grad_out * (one + np.tanh(x) ** 2)  # here
""",
    ),
    "factor": (
        TANH,
        """def tanh_backward(grad_out, x):
    return 1 - np.tanh(x) ** 2  # here
""",
    ),
    "mean": (
        "losses.mse_loss",
        """def mse_loss(predictions, targets):
    return float(np.sum((predictions - targets) ** 2))  # here
""",
    ),
    "transpose": (
        "linear.linear_forward",
        """def linear_forward(x, weight, bias):
    return x @ weight + bias  # here
""",
    ),
    "comparison": (
        "activations.relu_backward",
        """def relu_backward(grad_out, x):
    return grad_out * (x >= 0)  # here
""",
    ),
    "argument": (
        "optim.sgd_step",
        """def sgd_step(param, grad, lr):
    param -= lr * grad  # here
    return param
""",
    ),
    "helper": (
        "activations.softmax",
        """def softmax(x):
    return _share(np.exp(x - x.max(axis=-1, keepdims=True)))


def _share(e):
    return e / e.sum()  # here
""",
    ),
    "default": (
        "activations.leaky_relu",
        """def leaky_relu(x, negative_slope=0.1):  # here
    return np.where(x > 0, x, negative_slope * x)
""",
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_line_of_one_slip_is_told(check, family):
    exercise_id, text = FAMILIES[family]
    text = HEAD + text
    result = check(exercise_id, text)
    assert result.status in (Status.FAILED, Status.ERROR)
    wanted = [n for n, line in enumerate(text.splitlines(), 1) if line.endswith("# here")]
    assert lines(result) == wanted
    assert result.mending.kind in KINDS
    assert result.mending.message.startswith(f"Line {wanted[0]} ")
    assert all(before != after for before, after in result.mending.edits)


def test_what_no_one_edit_mends_is_told_no_line(check):
    text = "def tanh_backward(grad_out, x):\n    a = np.cos(x)\n    b = a * 7\n    return b + 1\n"
    assert not lines(check(TANH, HEAD + text))


def test_nothing_is_looked_for_where_all_is_right_or_nothing_is_written(check, monkeypatch):
    monkeypatch.setattr(search_module.MendingSearch, "find", None)
    right = "def tanh_backward(grad_out, x):\n    return grad_out * (1 - np.tanh(x) ** 2)\n"
    assert check(TANH, HEAD + right).status is Status.PASSED
    stub = "def tanh_backward(grad_out, x):\n    raise NotImplementedError\n"
    assert check(TANH, stub).status is Status.UNIMPLEMENTED


def test_two_lines_that_would_do_alike_are_both_told(check):
    text = "def tanh_backward(grad_out, x):\n    ds = 1 - np.tanh(x) ** 2\n    return ds\n"
    result = check(TANH, HEAD + text)
    assert lines(result) == [5, 6]
    assert result.mending.message.startswith("Line 5 or line 6 ")


def test_two_slips_that_are_mended_together_are_told_with_both_lines(check):
    text = """def linear_backward(grad_out, x, weight, bias):
    grad_x = grad_out @ weight * 3
    grad_w = grad_out.T @ x * 2
    return grad_x, grad_w, grad_out.sum(axis=0)
"""
    result = check("linear.linear_backward", HEAD + text)
    assert lines(result) == [5, 6]
    assert result.mending.message.startswith("Line 5 has ")
    assert "; line 6 has " in result.mending.message


def test_an_edit_beside_a_known_mistake_says_both(check):
    text = """def linear_backward(grad_out, x, weight, bias):
    grad_x = grad_out @ weight
    grad_w = grad_out.T @ x * 2
    return grad_x, grad_w, grad_out.mean(axis=0)
"""
    result = check("linear.linear_backward", HEAD + text)
    assert lines(result) == [6]
    assert " With that mended, what is left is: " in result.mending.message


def test_a_refusal_of_the_functions_own_and_its_condition_are_all_that_is_told(check):
    text = """def max_pool2d_forward(x, kernel_size, stride=None):
    kh, kw = _square(kernel_size)
    s = kh if stride is None else stride
    n, c, h, w = x.shape
    out = np.zeros((n, c, (h - kh) // s + 1, (w - kw) // s + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = x[:, :, i * s : i * s + kh, j * s : j * s + kw].max(axis=(2, 3))
    return out


def _square(size):
    if size[0] != size[1]:
        raise NotImplementedError("square windows only")
    return size
"""
    result = check("pool.max_pool2d_forward", HEAD + text)
    assert result.diagnosis.id == "own-refusal"
    assert lines(result) == [text.splitlines().index("    if size[0] != size[1]:") + 4]
    assert result.mending.message.endswith(": what is wrong comes from there.")


def test_of_a_condition_that_refuses_too_much_nothing_is_said_but_that(check):
    text = """def multi_task_loss(losses, weights):
    if len(losses) != len(weights) or sum(weights) == 1:
        raise ValueError("not as many weights as losses")
    return sum(l * w for l, w in zip(losses, weights))
"""
    result = check("losses.multi_task_loss", text)
    assert result.diagnosis.id == "own-refusal"
    assert lines(result) == [2]
    assert result.mending.message == "Line 2 refuses too much."


def test_no_statement_is_called_too_early_because_it_is_not_run_behind_the_return(check):
    text = "def tanh_backward(grad_out, x):\n    x = float(input())\n"
    text += "    return grad_out * (1 - np.tanh(x) ** 2)\n"
    result = check(TANH, HEAD + text)
    assert lines(result) == [5]
    assert result.mending.kind == "statement-extra"


def test_the_same_function_is_told_the_same(check, course, bank):
    exercise_id, text = FAMILIES["factor"]
    engines = [Engine(course, bank=bank) for _ in range(2)]
    first, second = (check(exercise_id, HEAD + text, engine=engine) for engine in engines)
    assert first.mending == second.mending
    assert repr(replace(first, seconds=0)) == repr(replace(second, seconds=0))


def test_a_line_of_a_notebook_is_one_of_its_cell(check):
    exercise_id, text = FAMILIES["factor"]
    sources = SourceMap({"activations.py": [Piece(1, "cell 1"), Piece(4, "cell 2")]})
    result = check(exercise_id, HEAD + text, sources=sources)
    assert result.mending.at == (("cell 2", 2),)
    assert result.mending.message.startswith("Cell 2, line 2 ")


# ----------------------------------------------------------------------------- searched once


@pytest.fixture
def check_once(check, course, bank, monkeypatch):
    """Return what checks texts with one engine, and tells whether the line was searched for."""
    engine, searched = Engine(course, bank=bank), []
    find = search_module.MendingSearch.find
    monkeypatch.setattr(
        search_module.MendingSearch, "find", lambda self: searched.append(1) or find(self)
    )

    def run(exercise_id, text):
        searched.clear()
        return check(exercise_id, text, engine=engine), bool(searched)

    return run


ELSEWHERE = """# another student's file
import numpy as np


def tanh(x):
    return np.tanh(x)


"""


@pytest.mark.parametrize("family", ["factor", "assigns", "sign"])
def test_the_same_function_in_another_file_is_told_its_own_line_without_a_search(
    check_once, family
):
    exercise_id, text = FAMILIES[family]
    first, searched = check_once(exercise_id, HEAD + text)
    second, again = check_once(exercise_id, ELSEWHERE + text)
    assert (searched, again) == (True, False)
    down = ELSEWHERE.count("\n") - HEAD.count("\n")
    assert lines(second) == [line + down for line in lines(first)] != []
    assert second.mending.edits == first.mending.edits
    assert second.mending.message != first.mending.message


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("1 - np", "1.0 - np"),
        lambda text: text.replace("import numpy as np", "import numpy as np\n\nLIMIT = 3"),
        lambda text: text.replace("    return", "    # a note\n    return"),
    ],
)
def test_another_text_or_another_file_around_it_is_searched_anew(check_once, change):
    exercise_id, text = FAMILIES["factor"]
    assert check_once(exercise_id, HEAD + text)[1]
    result, searched = check_once(exercise_id, change(HEAD + text))
    assert searched
    assert lines(result)


def test_a_function_that_needs_another_file_is_searched_each_time(check_once, tmp_path):
    (tmp_path / "helper.py").write_text("one = 1\n")
    exercise_id, text = FAMILIES["factor"]
    whole = "from helper import one\n" + HEAD + text.replace("1 - np", "one - np")
    assert [check_once(exercise_id, whole)[1] for _ in range(2)] == [True, True]


def test_no_more_is_remembered_than_is_said(check_once, monkeypatch):
    monkeypatch.setattr(answers_module, "MOST_REMEMBERED", 2)
    exercise_id, text = FAMILIES["factor"]
    texts = [HEAD + text + f"LAST = {number}\n" for number in range(3)]
    assert [check_once(exercise_id, one)[1] for one in texts] == [True] * 3
    assert [check_once(exercise_id, one)[1] for one in (texts[2], texts[0])] == [False, True]


@pytest.mark.parametrize("error", [WorkerDiedError, WorkerStalledError])
def test_a_worker_that_the_machine_takes_costs_no_line(check_once, monkeypatch, error):
    call, taken = Caller.call, []

    def take(self, cases, **more):
        for number, frame in enumerate(call(self, cases, **more)):
            if number == 3 and more.get("rewritten") and not taken:
                taken.append(1)
                self.lose()
                raise error("taken")
            yield frame

    monkeypatch.setattr(Caller, "call", take)
    exercise_id, text = FAMILIES["factor"]
    result, _ = check_once(exercise_id, HEAD + text)
    assert taken
    assert lines(result) == [5]
    assert check_once(exercise_id, HEAD + text)[1], "what the machine had a part in was kept"


# ----------------------------------------------------------------------------- what it may cost


HANGS = """def tanh_backward(grad_out, x):
    left = 3
    while left > 0:
        left -= 1
    return 1 - np.tanh(x) ** 2
"""


def test_an_edit_that_never_ends_costs_its_own_limit_and_no_line(check):
    assert lines(check(TANH, HEAD + HANGS)) == [8]


DIES = """import os


def tanh_backward(grad_out, x):
    if 1 + 1 != 2:
        os._exit(3)
    return 1 - np.tanh(x) ** 2
"""


def test_edits_that_end_the_process_end_the_search_and_not_the_check(check):
    result = check(TANH, HEAD + DIES)
    assert result.status is Status.FAILED
    assert result.mending is None or lines(result) == [10]


def test_the_search_stops_at_its_budget_and_then_tells_nothing(check, course, bank, monkeypatch):
    exercise_id, text = FAMILIES["factor"]
    assert lines(check(exercise_id, HEAD + text))
    monkeypatch.setattr(trying_module, "MAX_CALLS", 30)
    result = check(exercise_id, HEAD + text, engine=Engine(course, bank=bank))
    assert result.status is Status.FAILED
    assert result.mending is None


def test_the_next_exercise_of_the_file_is_as_if_nothing_had_been_tried(engine, course, tmp_path):
    text = (
        HEAD
        + """CACHE = {}
CALLS = []


def _one(x):
    return CACHE.setdefault("one", 1.0)


def tanh_backward(grad_out, x):
    CALLS.append(len(CALLS))
    return _one(x) - np.tanh(x) ** 2


def relu(x):
    return x * (x > 0) * _one(x)
"""
    )
    (tmp_path / "activations.py").write_text(text)
    wanted = [course.exercise(TANH), course.exercise("activations.relu")]
    first, second = engine.check(tmp_path, wanted).exercises
    assert lines(first)
    assert second.status is Status.PASSED


HOSTILE = {
    "itself": "def tanh_backward(grad_out, x):\n    return tanh_backward(grad_out, x)\n",
    "deep": "def tanh_backward(grad_out, x):\n    return " + "-" * 900 + "x\n",
    "prints": "def tanh_backward(grad_out, x):\n    print('x' * 9999)\n    return x\n",
    "other code": "exec('def tanh_backward(grad_out, x): return x')\n",
    "lambda": "tanh_backward = lambda grad_out, x: x\n",
    "wrapped": "def tanh_backward(grad_out, x):\n    return x\n"
    "tanh_backward = print and (lambda a, b: 1.0)\n",
    "long": "def tanh_backward(grad_out, x):\n" + "    x = 1\n" * 60_000 + "    return x\n",
    "huge": "def tanh_backward(grad_out, x):\n    return [x.tolist()] * 50\n",
    "state": "N = [0]\ndef tanh_backward(grad_out, x):\n    N[0] += 1\n    return x * N[0]\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_makes_the_search_raise_or_costs_a_verdict(check, name):
    result = check(TANH, HEAD + HOSTILE[name])
    assert result.status is not Status.PASSED
    assert result.status is not Status.UNGRADED


# ----------------------------------------------------------------------------- mutants


def changed_lines(course, exercise, mutant):
    """Return where a mutant differs from the reference as Python writes it."""
    file = course.solutions_dir / f"{exercise.module}.py"
    plain = ast.unparse(ast.parse(file.read_text())).splitlines()
    pairs = zip(plain, mutant.source.splitlines(), strict=False)
    return [n for n, (one, other) in enumerate(pairs, 1) if one != other]


def count_told(check, engine, exercise_id, most):
    course = engine.course
    exercise = course.exercise(exercise_id)
    source = (course.solutions_dir / f"{exercise.module}.py").read_text()
    right = wrong = none = 0
    for mutant in make_mutants(source, exercise.name, most):
        result = check(exercise_id, mutant.source, engine=replace(engine, limits=Limits(5.0)))
        told = lines(result)
        if result.status is not Status.PASSED:
            right += bool(set(told) & set(changed_lines(course, exercise, mutant)))
            none += not told
            wrong += bool(told) and not set(told) & set(changed_lines(course, exercise, mutant))
    return right, none, wrong


@pytest.mark.parametrize("exercise_id", ["linear.linear_backward", "losses.mse_loss", TANH])
def test_a_mutant_of_a_reference_is_mended_at_its_own_line_or_not_told(check, engine, exercise_id):
    right, none, wrong = count_told(check, engine, exercise_id, most=5)
    assert right > none
    assert wrong == 0


@pytest.mark.slow
def test_of_all_mutants_a_wrong_line_is_told_to_fewer_than_three_in_a_hundred(check, engine):
    told = [count_told(check, engine, one, most=6) for one in engine.course.ids]
    right, none, wrong = (sum(column) for column in zip(*told, strict=True))
    assert right > 2 * none
    assert wrong < 0.03 * (right + wrong)
