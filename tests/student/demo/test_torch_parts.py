"""What a demo lends, and compares with, is what the checks call right."""

from __future__ import annotations

import pytest

from grader.engine.cases.oracle import run_steps
from grader.engine.compare import first_mismatch
from grader.model import Case
from grader.student.demo.catalogue import DEMOS
from grader.student.demo.torch_parts import LENT, find_lent
from grader.worker.wire import unpack_case

CASES = 15  # of each level


def test_every_part_of_every_demo_can_be_lent_and_nothing_else_is():
    assert set(LENT) == {name for demo in DEMOS for name in (*demo.parts, *demo.extra)}


@pytest.mark.parametrize("name", sorted(LENT))
def test_a_lent_part_answers_as_the_checks_expect(name, course, engine):
    exercise = course.exercise(name)
    asked = 0
    for level in engine.case_set(exercise).levels:
        for banked in [one for one in level.cases if not one.bad][:CASES]:
            steps = unpack_case(banked.request)
            got = list(run_steps(find_lent(name), Case(steps)))
            terms = exercise.check.largest_term(steps)
            mismatch = first_mismatch(banked.expected, got, exercise.check.tolerance, terms=terms)
            assert mismatch is None, mismatch
            asked += 1
    assert asked > CASES
