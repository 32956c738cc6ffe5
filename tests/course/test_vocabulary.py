"""What an author writes becomes levels, mistakes and features, or one clear line."""

from __future__ import annotations

import pytest

from grader.course.course import find_course
from grader.course.strategies import asked_of
from grader.course.words.levels import Level
from grader.errors import CourseError
from grader.vocabulary import Exercise, array, level, strategy


@strategy
def rows(draw):
    return (draw(array(2)),)


def check(**changed):
    given = {"points": 2, "decks": (), "levels": {"rows": rows()}, "hints": ()}
    return Exercise(**(given | changed))


def fixed():
    return []


def test_a_level_may_be_bare_and_is_a_level_all_the_same():
    levels = check(levels={"bare": rows(), "with fixed cases": level(rows(), fixed=fixed)}).levels
    assert levels == {"bare": Level(rows()), "with fixed cases": Level(rows(), fixed)}


def test_a_mistake_that_was_made_is_registered_as_one_that_was_written():
    exercise = check()

    @exercise.mistake("Twice.", on_bad_arguments=True)
    def far_too_much(x):
        return 2 * x

    exercise.add("half_of_it", "Half.", lambda x: x / 2)
    written, made = exercise.mistakes.values()
    assert (written.id, written.message, written.on_bad_arguments) == (
        "far-too-much", "Twice.", True,
    )  # fmt: skip
    assert (made.id, made.message, made.on_bad_arguments) == ("half-of-it", "Half.", False)
    assert (written.function(1.0), made.function(1.0)) == (2.0, 0.5)
    assert exercise.mistakes == {"far-too-much": written, "half-of-it": made}


def test_two_mistakes_of_one_name_are_refused():
    exercise = check()
    exercise.add("half_of_it", "Half.", lambda x: x / 2)
    with pytest.raises(CourseError, match="two mistakes are called 'half-of-it'"):
        exercise.add("half-of-it", "Half again.", lambda x: x / 2)


def test_a_feature_asks_for_its_arguments_by_name():
    assert asked_of(lambda stride, x: stride > len(x)) == ("stride", "x")
    assert asked_of(lambda x=1: x > 1) == ("x",)


@pytest.mark.parametrize(
    ("feature", "strange"),
    [
        ("lambda xs: True", "xs"),
        ("lambda _, stride: True", "_"),
        ("lambda x, *_: True", "*_"),
        ("lambda **arguments: True", "**arguments"),
    ],
)
def test_a_feature_that_asks_for_what_the_exercise_has_not_is_a_line_about_the_check(
    feature, strange, tmp_path
):
    file = tmp_path / "checks/m/f.py"
    for path, text in {
        tmp_path / "exercises/m.py": "def f(x, stride=1): ...",
        file: (
            "from grader.vocabulary import Exercise, strategy\n"
            "exercise = Exercise(points=1, decks=(), levels={}, hints=(),\n"
            f"    features={{'long rows': {feature}}})\n"
        ),
    }.items():
        path.parent.mkdir(parents=True)
        path.write_text(text)
    with pytest.raises(CourseError) as caught:
        find_course(tmp_path).find([])
    assert str(caught.value) == (
        f"the check {file}: the feature 'long rows' asks for {strange}; the arguments are x, stride"
    )


def test_the_size_of_terms_is_that_of_the_largest_call_and_at_least_1():
    exercise = check(terms=lambda weight: 2.0 * weight)
    exercise.equivalent(lambda x, weight: x * weight)
    assert exercise.largest_term([(1.0, -3.0), (9.0, 5.0)]) == 10.0
    assert exercise.largest_term([(9.0, 0.25)]) == 1.0
    assert check().largest_term([(9.0, 7.0)]) == 1.0


def test_terms_of_an_argument_that_the_equivalent_does_not_name_are_refused():
    exercise = check(terms=lambda bias: bias)
    exercise.equivalent(lambda x, weight: x * weight)
    with pytest.raises(CourseError, match="terms asks for bias; the equivalent takes x, weight"):
        exercise.largest_term([(1.0, 2.0)])


@pytest.mark.parametrize(
    ("points", "shares"),
    [(1, [0.5, 0.5]), (3, [1.5, 1.5]), (2, [0.5, 0.5, 1.0]), (4, [1.0, 1.5, 1.5]), (6, [2.0] * 3)],
)
def test_levels_share_the_points_in_halves_and_the_harder_ones_get_the_more(points, shares):
    levels = {str(number): rows() for number in range(len(shares))}
    assert list(check(points=points, levels=levels).shares.values()) == shares


@pytest.mark.parametrize("points", [1, 1.25])
def test_too_few_points_for_halves_are_shared_evenly(points):
    shares = check(points=points, levels=dict.fromkeys("abc", rows())).shares
    assert list(shares.values()) == [points / 3] * 3
