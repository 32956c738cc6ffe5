"""A class, an exercise and a mistake count the same people and attempts, and tell them apart."""

from __future__ import annotations

import json

import pytest
from books import begin, from_canvas, hand_in, passed, wrong
from typer.testing import CliRunner

from grader.cli import app
from grader.gradebook.facts import Gradebook
from grader.gradebook.inquiry.standing import describe_class, describe_exercise
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.students import Policy
from grader.gradebook.view import select_view
from grader.render.signs import word_for

FLATTEN = "pool.flatten"
FULL, HALF = [passed(), passed(FLATTEN)], [wrong(), passed(FLATTEN)]


@pytest.fixture
def ask(tmp_path):
    """Ask the gradebook `g.db` with the command: what it prints, and how it ends."""

    def ask(*words, columns=100):
        environment = {"COLUMNS": str(columns), "NO_COLOR": "1", "TZ": "UTC"}
        words = ["show", str(tmp_path / "g.db"), *words]
        return CliRunner().invoke(app, words, env=environment)

    return ask


@pytest.fixture
def better_before(tmp_path):
    """Grade somebody whose first attempt was better, and somebody who is excused."""
    with Gradebook(tmp_path / "g.db") as book:
        first = begin(book)
        hand_in(first, "ann", FULL, from_canvas(1, "Roe, Ann"))
        hand_in(first, "bob", HALF, from_canvas(2, "Roe, Bob"))
        hand_in(begin(book), "ann", HALF, from_canvas(1, "Roe, Ann"))
        note_excuses(book, first.assignment, [("bob", Excuse(True, "ill"))])
    return tmp_path / "g.db"


@pytest.mark.parametrize(("best", "status"), [(False, "failed"), (True, "passed")])
def test_an_exercise_counts_the_attempts_and_the_people_that_the_class_does(
    better_before, ask, best, status
):
    with Gradebook(better_before, read_only=True) as book:
        view = select_view(book, policy=Policy(best=best), brief=True)
        (answer,) = describe_exercise(view, "conv.im2col")
        (the_class,) = describe_class(view)
    counts = {name: len(who) for name, who in answer.statuses}
    assert answer.statuses == ((status, ("Roe, Ann",)),)
    assert counts == dict(the_class.exercises)["conv.im2col"]
    made = [(exercise, name, len(who)) for exercise, (name, _, who) in zip(
        ["conv.im2col"] * len(answer.mistakes), answer.mistakes, strict=True)]  # fmt: skip
    assert made == list(the_class.mistakes)
    assert answer.levels == ((("all", 1, 1),) if best else (
        ("stride 1, no padding", 1, 1), ("any stride", 0, 1)))  # fmt: skip
    done = ask("--mistake", "window-transposed", *["--best"] * best)
    assert ("Roe, Ann" in done.stdout) is not best
    assert "Roe, Bob" not in done.stdout
    assert ("of those who count nobody made one" in str(done.exception)) is best


@pytest.mark.usefixtures("better_before")
def test_what_an_exercise_is_now_is_of_the_attempt_whose_points_stand_beside_it(ask):
    for words, now, before in (([], "failed", True), (["--best"], "passed", False)):
        said = ask("ann", *words).stdout
        (line,) = [line for line in said.splitlines() if line.startswith("conv.im2col")]
        assert word_for(now) in line
        assert ("until" in said) is before
        (story,) = json.loads(ask("ann", "--json", *words).stdout)["answers"]
        assert story["exercises"][0]["status"] == now
        assert story["exercises"][0]["marks"][-1][1]["status"] == now


@pytest.fixture
def namesakes(tmp_path):
    """Grade two who are called the same, twice, and somebody in the first assignment alone."""
    with Gradebook(tmp_path / "g.db") as book:
        for name in ("hw1", "hw2"):
            run = begin(book, name)
            hand_in(run, "leekim", FULL, from_canvas(1004, "Lee, Kim"))
            hand_in(run, "leekim (1005)", HALF, from_canvas(1005, "Lee, Kim"))
            if name == "hw1":
                hand_in(run, "roe", FULL, from_canvas(1006, "Roe, Ann"))
            people = [Person("Lee, Kim", ("1004",)), Person("Lee, Kim", ("1005",))]
            book.note_roster(run.assignment, people)
            book.note_overrides(run.assignment, [("leekim (1005)", FLATTEN, 0.5, "copied")])
            run.finish()


BOTH = ("Lee, Kim (1004)", "Lee, Kim (1005)")


@pytest.mark.usefixtures("namesakes")
@pytest.mark.parametrize(
    "words", [(), ("--assignment", "hw1"), ("pool.flatten",), ("--deliveries",)]
)
def test_namesakes_are_told_apart_by_a_key_wherever_they_stand(ask, words):
    said = ask(*words).stdout
    assert [name for name in BOTH if name not in said] == []
    assert said.count("Lee, Kim") == said.count("Lee, Kim (")
    assert "Roe, Ann (" not in said


@pytest.mark.usefixtures("namesakes")
def test_namesakes_in_several_assignments_have_a_row_each(ask):
    rows = [line.split() for line in ask().stdout.splitlines()]
    assert ["Lee,", "Kim", "(1004)", "3", "3"] in rows
    assert ["Lee,", "Kim", "(1005)", "1.5", "1.5"] in rows


@pytest.mark.usefixtures("namesakes")
def test_a_namesakes_mistake_and_decision_are_told_with_the_key(ask):
    assert "Lee, Kim (1005)" in ask("--mistake", "window-transposed").stdout
    assert "Lee, Kim (1005)" in ask("--decisions").stdout


@pytest.mark.usefixtures("namesakes")
def test_a_document_has_the_key_of_each_student_by_which_they_are_found(ask):
    members = json.loads(ask("--json").stdout)["answers"][0]["members"]
    keys = [one["key"] for one in members if one["name"] == "Lee, Kim"]
    assert keys == ["1004", "1005"]
    for one in members:
        for word in (one["key"], one["student"]):
            (story, *_) = json.loads(ask(word, "--json").stdout)["answers"]
            assert story["member"]["student"] == one["student"]


@pytest.mark.usefixtures("namesakes")
def test_a_namesake_is_found_as_the_name_is_shown_unless_it_is_somebodys_name(ask, tmp_path):
    for name, student in zip(BOTH, ("leekim", "leekim (1005)"), strict=True):
        (story, *_) = json.loads(ask(name, "--json").stdout)["answers"]
        assert story["member"]["student"] == student
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book, "hw3"), "odd", FULL, from_canvas(1009, "Lee, Kim (1004)"))
    assert "more than one" in str(ask("Lee, Kim (1004)").exception)


@pytest.mark.usefixtures("namesakes")
def test_a_name_that_two_have_is_asked_back_with_the_key_of_each(ask):
    said = str(ask("Lee, Kim").exception)
    assert said == "2 are called 'Lee, Kim': name the one that you mean by a key: 1004, 1005"


@pytest.mark.usefixtures("better_before")
def test_a_word_that_is_a_mistake_leads_to_who_made_it(ask):
    assert str(ask("window-transposed").exception) == (
        "'window-transposed' is a mistake, no student and no exercise: "
        "`dlgrade show GRADEBOOK --mistake window-transposed` says who made it"
    )


def test_people_stand_in_the_order_of_a_list_of_people_with_numbers_as_numbers(tmp_path, ask):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        for number in (10, 2, 1, 11):
            hand_in(run, f"s{number}", FULL, from_canvas(number, f"Roe, N{number}"))
        hand_in(run, "a", FULL, from_canvas(12, "roe, N3"))
        hand_in(begin(book, "hw3"), "s10", FULL, from_canvas(10, "Roe, N10"))
    wanted = ["Roe, N1", "Roe, N2", "roe, N3", "Roe, N10", "Roe, N11"]
    with Gradebook(tmp_path / "g.db", read_only=True) as book:
        found = [works[0].student.person.name for _, works in select_view(book).by_student()]
    assert found == wanted
    for words in ((), ("--assignment", "hw2")):
        lines = ask(*words).stdout.splitlines()
        assert [line[:8].strip() for line in lines if line[:3].lower() == "roe"] == wanted
