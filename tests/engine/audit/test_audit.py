"""The audit tells sharp checks from blunt ones."""

from __future__ import annotations

import ast
import dataclasses

import pytest

from grader.course.vocabulary import Mistake
from grader.engine.audit.audit import audit_exercise, audit_mistake, explanations, find_survivors
from grader.engine.audit.limited import make_limited
from grader.engine.audit.mutants import Mutant, make_mutants
from grader.engine.cases.caseset import CaseSet

SOURCE = '''
"""Doc."""

import numpy as np


def _half(x):
    return x / 2.0


def _unused(x):
    return x - 7


def f(x, n):
    """Do."""
    if n < 1:
        raise ValueError(f"{n} is less than {1}")
    total = np.zeros(n)
    total += _half(x)[:, 1:].sum(axis=0)
    return total, n
'''


def test_every_mutant_is_a_program_that_differs_in_one_line():
    original = ast.unparse(ast.parse(SOURCE)).splitlines()
    mutants = make_mutants(SOURCE, "f", 1000)
    assert len(mutants) > 15
    for mutant in mutants:
        changed = mutant.source.splitlines()
        assert len(changed) <= len(original)
        assert sum(one != other for one, other in zip(original, changed, strict=False)) >= 1
        ast.parse(mutant.source)
        assert mutant.before != mutant.after


def test_helpers_that_are_called_are_mutated_and_others_and_error_texts_are_not():
    befores = {mutant.before for mutant in make_mutants(SOURCE, "f", 1000)}
    assert "return x / 2.0" in befores
    assert "return x - 7" not in befores
    assert not any("raise" in before for before in befores)


def test_types_are_not_mutated_since_they_do_nothing():
    source = "class A:\n    def __init__(self, x: tuple[int, float]) -> tuple[int, float]:\n"
    source += "        self.x: dict[int, float] = {1: x}\n"
    found = {mutant.after for mutant in make_mutants(source, "A", 1000)}
    assert found == {f"self.x: dict[int, float] = {{{key}: x}}" for key in (0, 2)}


def test_a_seed_chooses_the_same_mutants():
    assert make_mutants(SOURCE, "f", 5, 1) == make_mutants(SOURCE, "f", 5, 1)
    assert make_mutants(SOURCE, "f", 5, 1) != make_mutants(SOURCE, "f", 5, 2)
    assert len(make_mutants(SOURCE, "f", 5, 1)) == 5


@pytest.mark.parametrize("change", ["x[:, 1:]", "x[:, :1]", "axis=0", "total +=", "n < 1"])
def test_the_usual_slips_are_among_the_mutants(change):
    diffs = [mutant.diff for mutant in make_mutants(SOURCE, "f", 1000)]
    assert any(change.partition("[")[0] in diff for diff in diffs)


@pytest.fixture
def exercise(course):
    return course.exercise("conv.correlate2d")


def test_a_mistake_that_is_right_is_not_caught(engine, exercise):
    right = Mistake("right", "It is right.", exercise.check.answer)
    audit = audit_mistake(exercise, engine.case_set(exercise), right)
    assert (audit.caught, audit.named, audit.is_sharp) == (0, None, False)


def test_a_mistake_under_another_name_is_misnamed(engine, exercise):
    first = next(iter(exercise.check.mistakes.values()))
    copy = dataclasses.replace(first, id="another-name")
    audit = audit_mistake(exercise, engine.case_set(exercise), copy)
    assert audit.caught
    assert audit.named == first.id
    assert not audit.is_sharp


def mutant(course, before, after):
    text = (course.solutions_dir / "conv.py").read_text(encoding="utf-8")
    changed = text.replace(before, after) if before else text
    assert before is None or changed != text
    return Mutant(changed, 1, str(before), after)


def test_wrong_looping_crashing_and_broken_mutants_are_caught_and_right_ones_survive(
    engine, exercise, course
):
    right = mutant(course, None, "the reference itself")
    body = "def correlate2d(image, kernel):\n    "
    mutants = [
        Mutant(body + "return image\n", 1, "", "wrong"),
        right,
        Mutant(body + "while True: pass\n", 1, "", "looping"),
        Mutant(body + "import os; os._exit(0)\n", 1, "", "crashing"),
        Mutant("1 / 0\n", 1, "", "broken"),
    ]
    assert find_survivors(engine, exercise, mutants) == [right]


def test_blunt_checks_let_mutants_survive(engine, course):
    exercise = course.exercise("conv.conv_output_size")
    levels = engine.case_set(exercise).levels
    few = CaseSet(tuple(dataclasses.replace(level, cases=level.cases[:1]) for level in levels))
    blunt = dataclasses.replace(engine)
    blunt._case_sets[exercise.id] = few
    assert audit_exercise(blunt, exercise, 20).survivors
    assert not audit_exercise(engine, exercise, 20).survivors


def test_every_explanation_belongs_to_a_mutant_that_can_be_made(course):
    explained = {}
    for exercise_id, before, after in explanations(course):
        explained.setdefault(exercise_id, set()).add((before, after))
    assert explained
    for exercise_id, changes in explained.items():
        exercise = course.exercise(exercise_id)
        source = (course.solutions_dir / f"{exercise.module}.py").read_text(encoding="utf-8")
        mutants = make_mutants(source, exercise.name, 10_000) + make_limited(source, exercise.name)
        made = {(m.before, m.after) for m in mutants}
        assert changes <= made, exercise_id
