"""Moodle's grading worksheet: which column holds grades, and which of them may be changed."""

from __future__ import annotations

from io import StringIO

import pytest
from books import begin, from_platform, hand_in, passed, worksheet, wrong

from grader.errors import UsageError
from grader.gradebook.exporters import Options
from grader.gradebook.exporters.back.comments import write_comments
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person
from grader.gradebook.view import select_view

BOTH = [wrong(), passed("pool.flatten")]


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        yield made


def test_a_grade_that_moodle_would_not_change_is_kept_and_told(book, export, tmp_path):
    run = begin(book)
    for number, name in enumerate("abc", 1):
        hand_in(run, f"name{name}", BOTH, from_platform("moodle", number))
    rows = ["namea,1.5,3,No,-", "nameb,,3,Yes,-", "namec,2,3,No,-"]
    file = tmp_path / "into.csv"
    file.write_text(worksheet(*rows))
    text, told = export(book, "moodle", into=file)
    assert text == worksheet("namea,1.5,3,No,-", "nameb,2,3,Yes,-", "namec,2,3,No,-")
    assert told == [
        "hw2: 2 cells filled, 1 kept",
        "hw2: 1 cannot be changed there, so left as they are: namea",
    ]


LOCKS = [("Yes", "No"), ("Ja", "Nein"), ("예", "아니요"), ("はい", "いいえ"), ("Ναι", "Όχι"),  # noqa: RUF001
         ("نعم", "لا"), ("כן", "לא"), ("Có", "Không"), ("Sí", "No"), ("Ya", "Tidak")]  # fmt: skip
UNKNOWN = "does not tell whether a grade can be changed there (empty a cell to have it filled)"


@pytest.mark.parametrize("words", LOCKS)
@pytest.mark.parametrize("state", ["", ",Not marked"])
def test_a_grade_that_is_locked_in_the_sites_language_is_never_overwritten(
    book, export, tmp_path, words, state
):
    run = begin(book)
    for number, name in enumerate("abc", 1):
        hand_in(run, f"name{name}", BOTH, from_platform("moodle", number))
    yes, no = (f"3{state},{word}" for word in words)
    head = worksheet().replace(
        ",Grade can", f"{',Marking workflow state' if state else ''},Grade can"
    )
    file = tmp_path / "into.csv"
    rows = [f"namea,1.00,{no},-", f"nameb,1.00,{yes},-", f"namec,,{yes},-"]
    file.write_text(head + worksheet(*rows).partition("\n")[2], encoding="utf-8")
    text, told = export(book, "moodle", into=file)
    assert [line.split(",")[2] for line in text.splitlines()[1:]] == ["1.00", "2", "2"]
    assert told == [
        "hw2: 2 cells filled, 1 kept, 1 overwritten: nameb 1.00 -> 2",
        "hw2: 1 cannot be changed there, so left as they are: namea",
    ]


def test_a_word_that_is_not_understood_keeps_scores_and_is_told_once(book, export, tmp_path):
    run = begin(book)
    for number, name in enumerate("abc", 1):
        hand_in(run, f"name{name}", BOTH, from_platform("moodle", number))
    rows = ["namea,1.00,3,Kyl,-", "nameb,1.00,3,Ekk,-", "namec,,3,Kyl,-"]
    file = tmp_path / "into.csv"
    file.write_text(worksheet(*rows))
    text, told = export(book, "moodle", into=file)
    assert text == worksheet(*rows[:2], "namec,2,3,Kyl,-")
    assert told == [
        "hw2: 1 cell filled, 2 kept",
        f"hw2: 2 left as they are, since 'Kyl', 'Ekk' {UNKNOWN}: namea, nameb",
    ]


def test_one_cell_that_is_not_understood_does_not_open_those_that_are_locked(
    book, export, tmp_path
):
    run = begin(book)
    for number, name in enumerate("abc", 1):
        hand_in(run, f"name{name}", BOTH, from_platform("moodle", number))
    rows = ["namea,1.00,3,No,-", "nameb,1.00,3,,-", "namec,1.00,3,Yes,-"]
    file = tmp_path / "into.csv"
    file.write_text(worksheet(*rows))
    text, told = export(book, "moodle", into=file)
    assert text == worksheet(*rows[:2], "namec,2,3,Yes,-")
    assert f"hw2: 1 left as they are, since '' {UNKNOWN}: nameb" in told


WORKSHEET = "Identifier,Full name,{grade},Maximum Grade,Grade can be changed,Feedback comments\n"


@pytest.mark.parametrize("title", ["Grade", "Points of hw2"])
@pytest.mark.parametrize("other", ["", "excused by Ann"])
def test_a_word_in_moodles_grades_changes_neither_column_nor_maximum(
    book, export, tmp_path, title, other
):
    run = begin(book)
    hand_in(run, "namea", BOTH, from_platform("moodle", 1))
    hand_in(run, "nameb", BOTH, from_platform("moodle", 2))
    rows = ['Participant 1,namea,{},"100,00",Yes,5\n', 'Participant 2,nameb,{},"100,00",Yes,5\n']
    file = tmp_path / "mo.csv"
    head = WORKSHEET.format(grade=title)
    file.write_text(head + rows[0].format("") + rows[1].format(other))
    column = {} if title == "Grade" else {"column": title}
    text, _ = export(book, "moodle", into=file, scale=True, **column)
    kept = other or '"66,67"'
    assert text == head + rows[0].format('"66,67"') + rows[1].format(kept)


def test_points_go_below_the_title_that_means_a_grade_and_nowhere_else(book, export, tmp_path):
    run = begin(book)
    hand_in(run, "namea", BOTH, from_platform("moodle", 1))
    file = tmp_path / "mo.csv"
    head = "Identifier,Full name,Grade,Maximum Grade,Grade can be changed,Last modified (grade),F\n"
    file.write_text(head + "Participant 1,namea,,3.00,Yes,-,1\n")
    assert export(book, "moodle", into=file)[0] == head + "Participant 1,namea,2.00,3.00,Yes,-,1\n"
    file.write_text("Identifier,Full name,Grade,Grade\nParticipant 1,namea,,\n")
    with pytest.raises(UsageError, match="several columns 'Grade'"):
        export(book, "moodle", into=file, column="Grade")


@pytest.fixture
def team(book):
    """Hand a team's work in; what is known of its members is numbers of another assignment."""
    run = begin(book)
    for name, number in (("Ada Bee", 1), ("Cee Dee", 9)):
        came = from_platform("moodle", number, name, team="Team A", files=("Team A_31_file_",))
        hand_in(run, name, BOTH, came, content="the same")
    book.note_roster(run.assignment, [Person("Ada Bee", ("1",)), Person("Cee Dee", ("9",))])
    return book


@pytest.mark.parametrize("who", [{}, {"student": "Ada Bee", "is_alone": True}])
def test_a_number_that_another_assignment_gave_to_a_member_of_a_team_is_nobodys_here(
    team, export, tmp_path, who
):
    file = tmp_path / "into.csv"
    blind = worksheet("Participant 1,,3,Yes,-", "Participant 2,,3,Yes,-")
    file.write_text(blind)
    text, told = export(team, "moodle", into=file, **who)
    assert text == blind
    assert told[0] == "hw2: 0 cells filled"
    file.write_text(worksheet("Cee Dee,,3,Yes,-", "Ada Bee,,3,Yes,-"))
    text, told = export(team, "moodle", into=file, **who)
    assert "Participant 2,Ada Bee,2,3" in text
    assert ("Participant 1,Cee Dee,2,3" in text) == (not who)
    assert told == [f"hw2: {'1 cell' if who else '2 cells'} filled"]


def test_nor_does_a_comment_go_to_the_number_that_another_assignment_gave(team, tmp_path):
    text = worksheet("Participant 1,,3,Yes,-").replace("Maximum Grade", "Feedback comments")
    (tmp_path / "w.csv").write_text(text)
    stream, told = StringIO(), []
    options = Options(tell=told.append)
    assert write_comments(select_view(team), tmp_path / "w.csv", stream, options) == 0
    assert stream.getvalue() == text
    assert "hw2: 2 not in the file, so that they get no comment: Ada Bee, Cee Dee" in told
