"""The course checks itself: every check is sharp, fair, and says what it must."""

from __future__ import annotations

import dataclasses
import re

import pytest
from quiz_helpers import ITEMS, TOPICS
from remembered import remembered

from grader.course.course import find_course
from grader.engine.audit.audit import MistakeAudit, answer_cases
from grader.engine.audit.drawn import audit_drawn
from grader.engine.naming.diagnosis import diagnose
from grader.engine.naming.separation import has_feature, named_arguments
from grader.model import Status

COURSE = find_course()
TASKS = COURSE.find([])
TASK_IDS = [exercise.id for exercise in TASKS]
MISTAKES = [
    (exercise, mistake) for exercise in TASKS for mistake in exercise.check.mistakes.values()
]
FEATURES = [(exercise, words) for exercise in TASKS for words in exercise.check.features]

every_task = pytest.mark.parametrize("exercise", TASKS, ids=TASK_IDS)


FEW = 10


def some_of(case_set):
    """Return every tenth case of each level."""
    levels = [
        dataclasses.replace(level, cases=level.cases[number % FEW :: FEW])
        for number, level in enumerate(case_set.levels)
    ]
    return dataclasses.replace(case_set, levels=tuple(levels))


def audit_mistake(exercise, case_set, mistake):
    """Return what the audit's own does, from answers that are remembered."""
    known = remembered(exercise)
    answers = iter([known.wrong(mistake, banked) for banked in case_set.cases])
    trials = answer_cases(exercise, case_set, lambda _: next(answers))
    caught = sum(trial.verdict.status is not Status.PASSED for trial in trials)
    named = diagnose(exercise, trials, answers=known)
    return MistakeAudit(mistake, caught, named.id if named else None)


@pytest.mark.parametrize(
    ("exercise", "mistake"),
    MISTAKES,
    ids=[f"{exercise.id}-{mistake.id}" for exercise, mistake in MISTAKES],
)
def test_a_known_mistake_fails_its_exercise_and_is_the_one_that_is_named(exercise, mistake, engine):
    """Some of the cases prove it for all of them: another mistake would have to fit these, too."""
    audit = audit_mistake(exercise, some_of(engine.case_set(exercise)), mistake)
    if not audit.is_sharp:
        audit = audit_mistake(exercise, engine.case_set(exercise), mistake)
    assert audit.caught > 0
    assert audit.named == mistake.id


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("README.md", ["stubs", "mistakes", "questions", "topics"]),
        ("docs/engineer/core.md", ["mistakes"]),
        ("docs/instructor/scale.md", ["exercises"]),
    ],
)
def test_a_page_counts_what_the_course_and_its_quizzes_hold(page, told):
    held = {"topics": len(TOPICS), "questions": len(ITEMS)}
    held |= {"stubs": len(TASKS), "exercises": len(TASKS), "mistakes": len(MISTAKES)}
    text = (COURSE.exercises_dir.parent / page).read_text(encoding="utf-8")
    counted = re.findall(rf"(?<![\w.,])([\d,]*\d) (?:NumPy )?({'|'.join(held)})\b", text)
    assert counted == [(f"{held[word]:,}", word) for word in told]


def test_the_table_of_the_audit_has_a_row_for_every_exercise_in_the_order_of_the_course():
    page = COURSE.exercises_dir.parent / "docs" / "author" / "audit.md"
    table = page.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+\.\w+) \| (\d+) \|", table, re.MULTILINE)
    assert rows == [(one.id, str(len(one.check.mistakes))) for one in TASKS]


def test_the_table_of_the_audit_names_every_mistake_and_its_last_row_is_the_sum_of_the_others():
    page = COURSE.exercises_dir.parent / "docs" / "author" / "audit.md"
    table = page.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+\.\w+|total) ((?:\| \d+ ){6})\|$", table, re.MULTILINE)
    numbers = [[int(number) for number in re.findall(r"\d+", row)] for _, row in rows]
    assert rows[-1][0] == "total"
    assert numbers[-1] == [sum(column) for column in zip(*numbers[:-1], strict=True)]
    assert numbers[-1][:3] == [len(MISTAKES)] * 3


@every_task
def test_an_exercise_has_three_hints_mistakes_and_a_line_for_the_student(exercise):
    assert len(exercise.check.hints) == 3
    assert all(hint.strip() for hint in exercise.check.hints)
    assert set(exercise.check.decks) <= set(COURSE.settings["decks"])
    assert exercise.check.mistakes
    assert exercise.lesson.endswith(".")


@every_task
def test_an_exercise_requires_only_exercises_that_exist(exercise):
    assert set(exercise.requires) <= set(COURSE.ids) - {exercise.id}


@every_task
def test_at_least_100_cases_are_drawn_fixed_ones_apart(exercise, engine):
    cases = engine.case_set(exercise).cases
    assert sum(case.recipe is not None for case in cases) >= 100


@pytest.mark.parametrize(
    ("exercise", "words"),
    FEATURES,
    ids=[f"{exercise.id}-{words}" for exercise, words in FEATURES],
)
def test_the_strategy_contains_each_feature_and_its_absence(exercise, words, engine):
    feature = exercise.check.features[words]
    cases = [case for level in engine.case_set(exercise).levels for case in level.cases]
    found = sum(has_feature(named_arguments(exercise, case), feature) for case in cases)
    assert found >= 3, f"only {found} of {len(cases)} cases have {words}"
    assert found <= len(cases) - 3, f"all but {len(cases) - found} cases have {words}"


@every_task
def test_every_number_that_catches_is_drawn_or_the_check_says_why_not(exercise, engine):
    drawn = audit_drawn(exercise, engine.case_set(exercise))
    assert [(gap.parameter, gap.kind) for gap in drawn.gaps if not gap.why] == []
    assert [one.why for one in drawn.needless] == []


@every_task
def test_every_exercise_names_features_that_may_tell_its_cases_apart(exercise):
    assert exercise.check.features


@every_task
def test_no_case_can_be_answered_by_a_constant(exercise, engine):
    answers = set()
    for case in engine.case_set(exercise).cases:
        answers.add(repr(case.expected))
        if len(answers) > 2:
            return
    raise AssertionError(f"no answers but {answers}")


@pytest.mark.parametrize("folder", ["solutions", "tests/checks/other_styles"])
@pytest.mark.parametrize("module", sorted({exercise.module for exercise in TASKS}))
def test_a_right_answer_passes_in_whatever_style_it_is_written(folder, module, engine):
    root = COURSE.exercises_dir.parent
    result = engine.check(root / folder, COURSE.find([module]))
    wrong = {e.id: (e.message, e.counterexample) for e in result.exercises if e.status != "passed"}
    assert not wrong


@every_task
def test_every_stub_is_unimplemented(exercise, engine):
    (result,) = engine.check(COURSE.exercises_dir, [exercise]).exercises
    assert result.status is Status.UNIMPLEMENTED
    assert result.earned == 0


SEEDS = [(1, TASKS[::5]), *(pytest.param(n, TASKS, marks=pytest.mark.slow) for n in range(1, 20))]


@pytest.mark.parametrize(("seed", "some"), SEEDS)
def test_references_pass_whatever_the_seed(seed, some, engine):
    fresh = dataclasses.replace(engine, seed=seed)
    result = fresh.check(COURSE.exercises_dir.parent / "solutions", some)
    wrong = {e.id: (e.message, e.counterexample) for e in result.exercises if e.status != "passed"}
    assert not wrong
