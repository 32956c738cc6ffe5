"""A function that passes is made wrong in one line, and the grader does fail it."""

from __future__ import annotations

import ast
import random
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.engine.engine import Engine
from grader.model import Limits, Status
from grader.quiz.items.variants import draw_variant
from grader.quiz.marking import mark_answer, right_answer
from grader.student.helping.lines import distinct_run, read_alike, shown_lines
from grader.student.helping.spoiling import FEWEST_LINES, MOST_LINES, spoil
from grader.student.helping.spoilt import make_question

LONG = ("conv.conv_output_size", "conv.col2im", "losses.cross_entropy_backward")
SHORT = ("losses.mse_loss", "activations.relu_backward")
CLASSES = ("layers.Linear", "layers.Value")


@pytest.fixture(scope="module")
def quick(course, bank):
    return Engine(course, limits=Limits(2.0), bank=bank)


@pytest.fixture
def passing(tmp_path, course):
    """Return a folder in which everything passes."""
    shutil.copytree(course.solutions_dir, tmp_path / "passing")
    return tmp_path / "passing"


def spoilt_text(text, spoilt):
    """Return a module with the right line of a function replaced by the wrong one."""
    tree = ast.parse(text)
    made, _, function = spoilt.function.rpartition(".")
    body = tree.body
    if made:
        body = next(node.body for node in body if getattr(node, "name", "") == made)
    for place, node in enumerate(body):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            lines = ast.unparse(node).split("\n")
            (at,) = [n for n, line in enumerate(lines) if line.strip() == spoilt.mended.strip()]
            margin = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines[at] = margin + spoilt.wrong.strip()
            body[place] = ast.parse("\n".join(lines)).body[0]
    return ast.unparse(tree)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", [*LONG, *SHORT, *CLASSES])
def test_the_grader_fails_a_function_with_the_wrong_line_in_it(course, quick, passing, name, seed):
    exercise = course.exercise(name)
    spoilt = spoil(quick, passing, exercise, random.Random(seed))
    file = passing / f"{exercise.module}.py"
    file.write_text(spoilt_text(file.read_text(encoding="utf-8"), spoilt), encoding="utf-8")
    (result,) = quick.check(passing, [exercise]).exercises
    assert result.status is Status.FAILED


@pytest.mark.parametrize("name", LONG)
def test_the_lines_that_are_shown_differ_and_one_of_them_is_wrong(course, quick, passing, name):
    spoilt = spoil(quick, passing, course.exercise(name), random.Random(1))
    assert FEWEST_LINES <= len(spoilt.lines) <= MOST_LINES
    assert len({read_alike(line) for line in spoilt.lines}) == len(spoilt.lines)
    assert spoilt.lines.count(spoilt.wrong) == 1
    assert spoilt.mended.strip() not in [line.strip() for line in spoilt.lines]
    assert not spoilt.others


@pytest.mark.parametrize("name", CLASSES)
def test_of_a_class_it_is_asked_about_one_method(course, quick, passing, name):
    exercise = course.exercise(name)
    spoilt = spoil(quick, passing, exercise, random.Random(1))
    made, method = spoilt.function.split(".")
    assert made == exercise.name
    assert spoilt.header.startswith(f"def {method}(self")
    question = draw_variant(make_question(spoilt), "a").question
    assert question.startswith(f"{spoilt.function} passes")


@pytest.mark.parametrize("name", LONG)
def test_what_is_shown_is_below_the_header_and_the_header_is_right(course, quick, passing, name):
    spoilt = spoil(quick, passing, course.exercise(name), random.Random(2))
    assert spoilt.header.startswith(f"def {spoilt.function}(")
    assert not [line for line in spoilt.lines if line.lstrip().startswith("def ")]
    tree = ast.parse((passing / "conv.py").read_text(encoding="utf-8")) if "conv" in name else None
    if tree is not None:
        (node,) = [n for n in tree.body if getattr(n, "name", "") == spoilt.function]
        assert spoilt.header == shown_lines(node)[0]


def test_the_last_line_is_not_the_wrong_one_more_often_than_by_chance(course, quick, passing):
    """Nearly every function can be made wrong in its last line, and in another one."""
    seeds = range(8)
    made = [
        spoil(quick, passing, course.exercise(one), random.Random(n)) for one in LONG for n in seeds
    ]
    last = sum(one.lines[-1] == one.wrong for one in made)
    chance = sum(1 / len(one.lines) for one in made)
    assert last <= chance + 2 * chance**0.5


@pytest.mark.parametrize("name", SHORT)
def test_of_a_short_function_it_is_asked_which_line_a_check_says_that_of(
    course, quick, passing, name
):
    exercise = course.exercise(name)
    spoilt = spoil(quick, passing, exercise, random.Random(1))
    assert all(line != spoilt.wrong.strip() and told for line, told in spoilt.others)
    assert spoilt.others
    assert spoilt.message in {mistake.message for mistake in exercise.check.mistakes.values()}


def test_a_known_mistake_of_the_exercise_is_taken_where_one_fits(course, quick, passing):
    exercise = course.exercise("conv.col2im")
    known = {mistake.message for mistake in exercise.check.mistakes.values()}
    told = {spoil(quick, passing, exercise, random.Random(n)).message for n in range(4)}
    assert told & known


@pytest.mark.parametrize("name", [LONG[0], LONG[1], *SHORT])
@pytest.mark.parametrize("key", ["", "0/1", "7/2"])
def test_a_question_is_right_with_its_own_answer_and_points_to_the_line(
    course, quick, passing, name, key
):
    spoilt = spoil(quick, passing, course.exercise(name), random.Random(3))
    variant = draw_variant(make_question(spoilt), key)
    assert mark_answer(variant, right_answer(variant)).right
    assert variant.item.sources == (f"{name.partition('.')[0]}.py, line {spoilt.location.line}",)


def test_the_line_is_where_it_is_said_to_be(course, quick, passing):
    spoilt = spoil(quick, passing, course.exercise(LONG[1]), random.Random(0))
    lines = (passing / "conv.py").read_text(encoding="utf-8").split("\n")
    line = ast.unparse(ast.parse(lines[spoilt.location.line - 1].strip()))
    assert line == spoilt.mended.strip()


def test_the_same_chance_makes_the_same_question(course, quick, passing):
    exercise = course.exercise(LONG[0])
    assert spoil(quick, passing, exercise, random.Random(8)) == spoil(
        quick, passing, exercise, random.Random(8)
    )


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos._exit(0)\n",
        "def conv_output_size(\n",
        "import time\ndef conv_output_size(a, b, stride=1, padding=0):\n    time.sleep(99)\n",
        "def conv_output_size(*_, **__): return 3\n",
        "",
    ],
)
def test_of_a_file_that_does_not_pass_there_is_no_question(course, bank, passing, text):
    quick = Engine(course, limits=Limits(0.3), bank=bank)
    (passing / "conv.py").write_text(text, encoding="utf-8")
    assert spoil(quick, passing, course.exercise(LONG[0]), random.Random(0)) is None


@given(st.lists(st.sampled_from("abcdeABC"), min_size=1, max_size=12), st.data())
def test_the_widest_run_without_a_repeat_cannot_be_made_wider(lines, data):
    at = data.draw(st.integers(0, len(lines) - 1))
    low, high = distinct_run(lines, at)
    inside = [read_alike(line) for line in lines[low:high]]
    assert low <= at < high
    assert len({*inside}) == len(inside)
    assert low == 0 or read_alike(lines[low - 1]) in inside
    assert high == len(lines) or read_alike(lines[high]) in inside
