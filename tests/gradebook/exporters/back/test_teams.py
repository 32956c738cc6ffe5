"""A team's page goes to its members alone, and to each under the name that the platform has."""

from __future__ import annotations

import pytest
from books import begin, from_canvas, from_platform, hand_in
from givenback import ABSENT, BOTH, MEMBER, STRANGE, WORKSHEET, feedback, read

from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person

UNLIKE = (
    "a team whose members do not have the same results, and Canvas shows a page to all of them, "
    "so given nothing"
)
CANVAS_FILE = "teamawesome_1001_9001_conv.py"
CANVAS_PAGE = "teamawesome_1001_9001_conv.html"
MOODLE_FOLDER = "Team A_31_assignsubmission_file_"


def hand_in_together(run, layout, file, people, facts=BOTH):
    """Hand a team's work in for each of its members, by numbers that a table of teams gave."""
    for name, number in people:
        came = from_platform(layout, number, name, team="Team Awesome", files=(file,))
        hand_in(run, name, facts, came, content="the same")


@pytest.fixture
def canvas_team(tmp_path):
    folder = tmp_path / "hw2"
    folder.mkdir()
    for name in (CANVAS_FILE, "solodee_1003_9003_conv.py"):
        (folder / name).write_text(name)
    with Gradebook(tmp_path / "g.db") as made:
        run = begin(made)
        people = [("Ada Bee", 1001), ("Cee Under", 1002)]
        hand_in_together(run, "canvas", CANVAS_FILE, people)
        hand_in(run, "solodee", BOTH, from_canvas(1003, "solodee"))
        made.note_roster(run.assignment, [Person(n, (str(i),)) for n, i in people])
        yield made, run, folder


def test_canvas_gets_one_page_for_a_team_under_the_file_that_all_of_it_sees(
    canvas_team, give, tmp_path
):
    book, _, folder = canvas_team
    line, told = give(book, folder, tmp_path / "back.zip")
    pages = read(tmp_path / "back.zip")
    assert list(pages) == ["solodee_1003_9003_conv.html", CANVAS_PAGE]
    assert line.startswith("2 pages for Canvas")
    assert told == []
    assert "Team Awesome" in pages[CANVAS_PAGE]
    assert "Ada Bee" not in pages[CANVAS_PAGE]
    assert "1 of 2" in pages[CANVAS_PAGE]


def test_what_is_about_one_member_alone_is_shown_to_no_other(canvas_team, give, tmp_path):
    book, run, folder = canvas_team
    book.note_overrides(run.assignment, [("Cee Under", "conv.im2col", 2.0, "was ill")])
    for how in ({}, {"student": "Ada Bee"}):
        line, told = give(book, folder, tmp_path / "back.zip", **how)
        assert told == [f"hw2: 1 {UNLIKE}: Team Awesome"]
        assert CANVAS_PAGE not in read(tmp_path / "back.zip")
        assert line.startswith("0 pages" if how else "1 page ")


def test_one_member_who_is_asked_for_gets_the_page_of_the_team(canvas_team, give, tmp_path):
    book, _, folder = canvas_team
    _, told = give(book, folder, tmp_path / "back.zip", student="Cee Under")
    assert list(read(tmp_path / "back.zip")) == [CANVAS_PAGE]
    assert told == []


def test_a_team_of_which_the_download_has_no_file_is_told_and_takes_no_place_of_anybody(
    canvas_team, give, tmp_path
):
    book, _, folder = canvas_team
    (folder / CANVAS_FILE).rename(folder / "adabee_1001_9009_conv.py")  # as hers alone would be
    _, told = give(book, folder, tmp_path / "back.zip")
    assert list(read(tmp_path / "back.zip")) == ["solodee_1003_9003_conv.html"]
    assert told == [
        f"hw2: 2 {ABSENT}: Ada Bee, Cee Under",
        f"hw2: 1 {STRANGE}: adabee_1001_9009_conv.html",
    ]


@pytest.fixture
def moodle_team(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        run = begin(made)
        people = [("Ada Bee", 31), ("Under_Score Cee", 43)]  # numbers of another assignment
        hand_in_together(run, "moodle", MOODLE_FOLDER, people)
        hand_in(run, "Solo Dee", BOTH, from_platform("moodle", 43, "Solo Dee"))
        everybody = [*people, ("Solo Dee", 43), ("Not There", 99)]
        made.note_roster(run.assignment, [Person(n, (str(i),)) for n, i in everybody])
        yield made


def test_by_moodles_worksheet_each_member_gets_the_page_under_the_own_number(
    moodle_team, give, tmp_path
):
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    line, told = give(moodle_team, tmp_path / "worksheet.csv", tmp_path / "back.zip")
    pages = read(tmp_path / "back.zip")
    assert sorted(pages) == [
        "Ada Bee_41_assignsubmission_file_/feedback.html",
        "Solo Dee_43_assignsubmission_file_/feedback.html",
        "Under Score Cee_42_assignsubmission_file_/feedback.html",
    ]
    for path, page in pages.items():
        assert f"<h1><bdi>{path.partition('_')[0].replace('Under ', 'Under_')}" in page
    assert line.startswith("3 pages for Moodle in ")
    strange = "in the worksheet and not in the gradebook, so given nothing"
    assert told == [
        "hw2: 1 not in the worksheet, so that their page goes nowhere: Not There",
        f"hw2: 1 {strange}: Wrong Person_31_assignsubmission_file_/feedback.html",
    ]


def test_a_participant_with_the_number_of_a_team_or_of_another_assignment_gets_nothing(
    moodle_team, give, tmp_path
):
    folder = tmp_path / "moodle"
    for name in (MOODLE_FOLDER, "Solo Dee_43_assignsubmission_file_"):
        (folder / name).mkdir(parents=True)
    _, told = give(moodle_team, folder, tmp_path / "back.zip")
    assert list(read(tmp_path / "back.zip")) == ["Solo Dee_43_assignsubmission_file_/feedback.html"]
    assert f"hw2: 2 {MEMBER}: Ada Bee, Under_Score Cee" in told


def test_the_command_takes_a_worksheet_for_pages_and_for_comments(moodle_team, tmp_path):
    text = WORKSHEET.replace('"Maximum grade"', "Feedback comments").replace(",3\n", ",\n")
    (tmp_path / "w.csv").write_text(text)
    done = feedback(tmp_path, "--into", tmp_path / "w.csv", "-o", tmp_path / "back.zip")
    assert done.stdout.startswith("3 pages for Moodle in ")
    done = feedback(tmp_path, "--into", tmp_path / "w.csv", "-o", tmp_path / "filled.csv")
    assert done.stdout.startswith("3 comments are in ")
    filled = (tmp_path / "filled.csv").read_text()
    assert [line.count("hw2: 2 of 3 points") for line in filled.splitlines()] == [0, 0, 1, 1, 1]
