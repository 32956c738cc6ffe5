"""Points follow the work that an exercise is, and nothing is asked before what it builds on."""

from __future__ import annotations

import ast
import math

import pytest

from grader.course.course import find_course
from grader.engine.audit.mutants import definitions, reachable

COURSE = find_course()
TASKS = COURSE.find([])
OPERATIONS = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Subscript, ast.comprehension,
    ast.IfExp,
)  # fmt: skip


def amount(node):
    """Return how many statements and operations a piece of code has; a refusal counts once."""
    if isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise) and not node.orelse:
        return 1
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return 0  # a docstring
    defines = isinstance(node, (ast.FunctionDef, ast.ClassDef))
    parts = node.body if defines else ast.iter_child_nodes(node)
    own = isinstance(node, (ast.stmt, *OPERATIONS)) and not defines
    return own + sum(amount(part) for part in parts if not _is_annotation(node, part))


def _is_annotation(node, part):
    return isinstance(node, ast.AnnAssign) and part is node.annotation


def work_of(exercise):
    """Return the amount of the reference and of the private helpers that it calls."""
    source = (COURSE.solutions_dir / f"{exercise.module}.py").read_text(encoding="utf-8")
    functions = definitions(ast.parse(source))
    return sum(amount(functions[name]) for name in reachable(functions, exercise.name))


def points_for(work):
    """Return 1 point up to 5, and one more whenever the work has doubled."""
    return 1 + max(0, math.ceil(math.log2(work / 5)))


def test_points_grow_by_one_when_the_work_doubles():
    assert [points_for(work) for work in (1, 5, 6, 10, 11, 20, 21, 40, 41)] == [
        1, 1, 2, 2, 3, 3, 4, 4, 5,
    ]  # fmt: skip


@pytest.mark.parametrize("exercise", TASKS, ids=[exercise.id for exercise in TASKS])
def test_points_follow_the_work_and_an_idea_that_no_line_shows_is_one_more(exercise):
    assert exercise.check.points - points_for(work_of(exercise)) in (0, 1)


def test_few_exercises_are_worth_an_idea_more():
    more = [one for one in TASKS if one.check.points > points_for(work_of(one))]
    assert len(more) <= len(TASKS) / 8


def test_what_an_exercise_builds_on_stands_before_it():
    for exercise in TASKS:
        for before in exercise.requires:
            assert COURSE.ids.index(before) < COURSE.ids.index(exercise.id), exercise.id


def test_the_first_of_a_module_is_no_harder_than_the_mean_of_those_after_it():
    for module in COURSE.modules:
        first, *others = [one.check.points for one in TASKS if one.module == module]
        assert first <= sum(others) / len(others), module


def test_half_points_suffice_for_every_level():
    for exercise in TASKS:
        shares = exercise.check.shares
        assert sum(shares.values()) == exercise.check.points
        assert [share for share in shares.values() if share * 2 % 1] == []
        assert list(shares.values()) == sorted(shares.values()), "the harder the more"
