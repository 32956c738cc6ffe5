"""The families of mistakes change what they say, and nothing else."""

from __future__ import annotations

import ast
import doctest
import re
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import _shared
from grader.checks._shared import (
    NAMED,
    SOFTMAXES,
    of_arguments,
    of_result,
    of_softmax,
    raising,
    renamed,
    transposed,
    zero,
)
from grader.course.strategies import asked_of
from grader.vocabulary import Exercise

CHECKS = Path(_shared.__file__).parent
numbers = st.floats(-100.0, 100.0)


def check(answer):
    exercise = Exercise(points=1, decks=(), levels={}, hints=())
    exercise.equivalent(answer)
    return exercise


def answer_of(exercise, name, *arguments):
    return exercise.mistakes[name].function(*arguments)


def line(x, slope, bias=1.0):
    return slope * x + bias


@given(numbers, numbers, numbers)
def test_a_mistake_of_the_result_is_the_change_of_the_right_answer(x, slope, bias):
    exercise = check(line)
    of_result(
        exercise,
        halved="A half.",
        wrong_sign="The sign.",
        far_off=("By the slope.", lambda y, slope: y + slope),
        by_default=("By the bias.", lambda y, bias: y * bias),
    )
    right = line(x, slope, bias)
    arguments = (x, slope, bias)
    assert answer_of(exercise, "halved", *arguments) == right / 2
    assert answer_of(exercise, "wrong-sign", *arguments) == -right
    assert answer_of(exercise, "far-off", *arguments) == right + slope
    assert answer_of(exercise, "by-default", x, slope) == line(x, slope)
    assert exercise.mistakes["far-off"].message == "By the slope."


@given(numbers, numbers, numbers)
def test_a_mistake_of_the_arguments_is_the_right_answer_to_others(x, slope, bias):
    exercise = check(line)
    of_arguments(
        exercise,
        no_bias=("No bias.", {"bias": zero}),
        fixed=("Always 3.", {"slope": 3.0}),
        exchanged=("Exchanged.", {"x": lambda _, slope: slope, "slope": lambda _, x: x + 1.0}),
    )
    assert answer_of(exercise, "no-bias", x, slope, bias) == line(x, slope, 0.0)
    assert answer_of(exercise, "fixed", x, slope) == line(x, 3.0)
    assert answer_of(exercise, "exchanged", x, slope, bias) == line(slope, x + 1.0, bias)


def test_items_of_a_tuple_are_changed_by_their_places_and_the_others_stay():
    exercise = check(lambda table, row: (table, row, row + 1.0))
    of_result(
        exercise,
        turned=("Turned.", {0: transposed}),
        two=("Two.", {1: zero, 2: lambda item, row: item * row}),
    )
    table, row = torch.tensor([[1.0, 2.0]]), torch.tensor([2.0, 3.0])
    turned, *others = answer_of(exercise, "turned", table, row)
    assert turned.tolist() == [[1.0], [2.0]]
    assert [item.tolist() for item in others] == [[2.0, 3.0], [3.0, 4.0]]
    same, none, product = answer_of(exercise, "two", table, row)
    assert (same.tolist(), none.tolist(), product.tolist()) == (
        [[1.0, 2.0]], [0.0, 0.0], [6.0, 12.0],
    )  # fmt: skip


def test_shapes_that_do_not_fit_are_a_value_error_as_numpy_has_it():
    exercise = check(lambda x, weight: x @ weight)
    of_arguments(exercise, turned=("Turned.", {"weight": transposed}))
    with pytest.raises(ValueError, match="shapes cannot be multiplied"):
        answer_of(exercise, "turned", torch.ones(1, 2), torch.ones(2, 3))


def test_an_error_is_raised_where_it_is_said_and_nowhere_else():
    exercise = check(line)
    raising(exercise, IndexError, lambda bias, x: x > bias, too_large="Too large.")
    assert answer_of(exercise, "too-large", 1.0, 5.0) == line(1.0, 5.0)
    with pytest.raises(IndexError):
        answer_of(exercise, "too-large", 2.0, 5.0)


def test_a_softmax_stands_for_the_right_one_in_own_words_or_in_the_common_ones():
    exercise = check(lambda z: z.softmax(-1))
    of_softmax(exercise, lambda softmax, z: softmax(z), "global_maximum", no_axis="Each row.")
    told = {mistake.id: mistake.message for mistake in exercise.mistakes.values()}
    assert told == {"global-maximum": SOFTMAXES["global_maximum"][0], "no-axis": "Each row."}
    z = torch.tensor([[0.0, 0.0], [-1000.0, -1000.0]], dtype=torch.float64)
    assert answer_of(exercise, "global-maximum", z)[1].isnan().all()
    assert answer_of(exercise, "no-axis", z).sum() == 1.0


def test_renamed_features_ask_by_the_new_names_and_hold_as_before():
    features = {"large": lambda scores, margin: scores > margin, "any": lambda x: x}
    new = renamed(features, scores="logits")
    assert {words: asked_of(feature) for words, feature in new.items()} == {
        "large": ("logits", "margin"),
        "any": ("x",),
    }
    assert new["large"](3, 2)
    assert not new["large"](2, 3)


@pytest.mark.parametrize("name", sorted({*NAMED, *SOFTMAXES}))
def test_every_named_change_is_the_mistake_of_some_check(name):
    files = [file for file in CHECKS.rglob("*.py") if file.name != "_shared.py"]
    used = [file for file in files if re.search(rf"\b{name}\b", file.read_text("utf-8"))]
    assert used


CHECK_FILES = sorted(CHECKS.glob("*/*.py"))


@pytest.mark.parametrize("file", CHECK_FILES, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_a_check_knows_the_vocabulary_and_what_checks_share_and_torch_inside_functions(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert imports
    for node in imports:
        for alias in node.names:
            name = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            if re.match(r"grader\.(vocabulary|checks\.(\w+\.)?_\w+)(\.|$)", name):
                continue
            wing = name.partition(".")[0]
            assert wing in {"torch", "numpy"} or wing in sys.stdlib_module_names, name
            assert wing in sys.stdlib_module_names or node not in tree.body, f"{name}, at once"


def test_the_examples_of_the_module_come_true():
    done = doctest.testmod(_shared)
    assert done.attempted
    assert not done.failed


def loads_the_compiler(call):
    """Tell whether a call of torch's loads what compiles: a second's worth of modules."""
    name = ast.unparse(call.func)
    told = len(call.args) > 2 or any(word.arg == "grad_outputs" for word in call.keywords)
    return re.fullmatch(r"(torch\.)?optim\.[A-Z]\w*", name) is not None or (
        name.endswith("autograd.grad") and told
    )


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("torch.optim.SGD(params, lr)", True),
        ("torch.autograd.grad(out, given, grad_out)", True),
        ("torch.autograd.grad(out, given, grad_outputs=grad_out)", True),
        ("torch.autograd.grad(total, given)", False),
        ("torch.optim.sgd.sgd(params, grads, moved)", False),
    ],
)
def test_what_loads_the_compiler_is_told_from_its_like(text, loads):
    assert loads_the_compiler(ast.parse(text, mode="eval").body) is loads


def test_no_check_loads_torchs_compiler():
    files = sorted(CHECKS.rglob("*.py"))
    assert len(files) > 100
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert not loads_the_compiler(node), f"{file}, line {node.lineno}"
