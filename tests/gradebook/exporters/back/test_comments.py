"""Moodle's worksheet comes back with feedback comments, and with everybody else's as they were."""

from __future__ import annotations

import io

import pytest
from books import begin, fact, from_platform, hand_in, passed, wrong
from classes import dlgrade
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.exporters import Options
from grader.gradebook.exporters._sheet import load_sheet
from grader.gradebook.exporters.back.comments import _is_ours, _ours, write_comments
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person
from grader.gradebook.view import select_view

GIVEN = """\
\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert \
werden","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in101,"Given Example",given@example.org,Abgegeben,,"3,00",Ja,-,
Teilnehmer/in102,"Another Samename",another@example.org,Abgegeben,"2,00","3,00",Ja,-,"<p>Schon
gesehen, ""gut""</p>"
Teilnehmer/in103,"Tim Wait",tim@example.org,Abgegeben,,"3,00",Ja,-,\
"<div class=""dlgrade 49c4b4c5e75d""><p>old</p><ul></ul></div>"
Teilnehmer/in104,"Not Here",not@example.org,"Keine Abgabe",,"3,00",Ja,-,
Teilnehmer/in105,"Who Else",else@example.org,"Keine Abgabe",,"3,00",Ja,-,
"""
FILLED = """\
\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert \
werden","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in101,"Given Example",given@example.org,Abgegeben,,"3,00",Ja,-,"<div class=\
""dlgrade dccd870873e2"">\
<p>hw2: 2 of 3 points</p><p>The cases are hidden, and they are the same at every attempt.</p>\
<ul><li>conv.im2col: 1 of 2, wrong answer: cols is wrong. Likely: Run along the rows first.</li>\
<li>pool.flatten: 1 of 1, passed</li></ul></div>"
Teilnehmer/in102,"Another Samename",another@example.org,Abgegeben,"2,00","3,00",Ja,-,"<p>Schon
gesehen, ""gut""</p>"
Teilnehmer/in103,"Tim Wait",tim@example.org,Abgegeben,,"3,00",Ja,-,"<div class=\
""dlgrade 8de1b29b7548"">\
<p>hw2: 1 of 3 points</p><p>could not be graded yet, so that there is no total: conv.im2col</p>\
<p>The cases are hidden, and they are the same at every attempt.</p>\
<ul><li>conv.im2col: could not be graded: the grader could not tell</li>\
<li>pool.flatten: 1 of 1, passed</li></ul></div>"
Teilnehmer/in104,"Not Here",not@example.org,"Keine Abgabe",,"3,00",Ja,-,"<div class=\
""dlgrade 53fd2dc8e746"">\
<p>hw2: 0 of 3 points</p><p>Nothing was handed in.</p>\
<p>The cases are hidden, and they are the same at every attempt.</p>\
<ul><li>conv.im2col: 0 of 2, could not be loaded: nothing was handed in</li>\
<li>pool.flatten: 0 of 1, could not be loaded: nothing was handed in</li></ul></div>"
Teilnehmer/in105,"Who Else",else@example.org,"Keine Abgabe",,"3,00",Ja,-,
"""


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        run = begin(made)
        rest = passed("pool.flatten")
        for number, name, first in (
            (101, "Given Example", wrong()),
            (102, "Another Samename", wrong()),
            (103, "Tim Wait", fact("conv.im2col", "ungraded", message="a secret of ours")),
            (999, "Nobody", wrong()),
        ):
            hand_in(run, name, [first, rest], from_platform("moodle", number, name))
        names = ("Given Example", "Another Samename", "Tim Wait", "Not Here")
        people = [Person(name, (str(number),)) for number, name in enumerate(names, 101)]
        made.note_roster(run.assignment, [*people, Person("Nobody", ("999",))])
        run.finish()
        yield made


@pytest.fixture
def worksheet(tmp_path):
    file = tmp_path / "worksheet.csv"
    file.write_bytes(GIVEN.encode())
    return file


def comment(book, file, assignment=("hw2",), **how):
    told = []
    stream = io.StringIO(newline="")
    count = write_comments(
        select_view(book, assignment), file, stream, Options(tell=told.append, **how)
    )
    return count, stream.getvalue(), told


def test_the_column_is_filled_in_full_and_a_comment_of_somebody_is_kept(book, worksheet):
    count, text, told = comment(book, worksheet)
    assert text == FILLED
    assert count == 3
    assert told == [
        "hw2: 3 comments filled, 1 kept, 1 overwritten, which were ours",
        "hw2: 1 with a comment of somebody's in the file, so left as they are: Another Samename",
        "hw2: 1 not in the file, so that they get no comment: Nobody",
        "hw2: 1 in the file and not in the gradebook, so left as they are: Teilnehmer/in105",
    ]


EDITED = (  # what a tutor's editor makes of a comment of ours
    lambda ours: f"{ours}<p>Come and see me.</p>",
    lambda ours: ours.replace("</ul></div>", "</ul><p>Come and see me.</p></div>"),
    lambda ours: ours.replace("</ul></div>", "<li>Come and see me.</li></ul></div>"),
    lambda ours: ours.replace("passed</li>", "passed. Come and see me.</li>"),
)


@pytest.mark.parametrize("edit", EDITED)
def test_what_a_tutor_wrote_into_or_behind_our_comment_is_kept_and_told(book, worksheet, edit):
    sheet = load_sheet_of(worksheet, FILLED)
    sheet.set(1, 8, edit(sheet.value(1, 8)))
    worksheet.write_bytes(sheet.text.encode())
    _, text, told = comment(book, worksheet)
    assert text == sheet.text
    assert text.count("Come and see me.") == 1
    kept = "with a comment of somebody's in the file, so left as they are"
    assert f"hw2: 2 {kept}: Another Samename, Given Example" in told


def load_sheet_of(file, text):
    file.write_bytes(text.encode())
    return load_sheet(file)


@given(st.text(), st.text(min_size=1), st.data())
def test_a_comment_is_ours_as_it_was_written_and_with_nothing_more(words, more, data):
    ours = _ours(f"<p>{words}</p>")
    assert _is_ours(ours)
    at = data.draw(st.integers(0, len(ours)))
    assert not _is_ours(ours[:at] + more + ours[at:])


def test_a_namesake_with_another_number_of_moodles_gets_no_comment(book, worksheet):
    run = begin(book, "hw3")
    hand_in(run, "Who Else", [wrong()], from_platform("moodle", 777, "Who Else"))
    count, text, told = comment(book, worksheet, assignment=["hw3"])
    assert (count, text) == (0, GIVEN)
    who = "of the name of somebody in the file who has another number, so left as they are"
    assert f"hw3: 1 {who}: Who Else" in told


def test_what_was_filled_once_is_filled_again_and_stays(book, worksheet):
    worksheet.write_bytes(FILLED.encode())
    count, text, told = comment(book, worksheet)
    assert text == FILLED
    assert (count, told[0]) == (3, "hw2: 3 comments filled, 1 kept")


def test_a_comment_says_nothing_that_the_students_code_wrote_and_is_no_markup(tmp_path, worksheet):
    evil = "<script>alert('0.5, 0.25')</script>"
    with Gradebook(tmp_path / "own.db") as book:
        run = begin(book)
        raised = fact("conv.im2col", "error", message=f"it raised ValueError: {evil}")
        note = {"id": "own", "message": "<b>Look</b> & see."}
        missing = fact("pool.flatten", "failed", message=evil, diagnosis=note)
        hand_in(run, "Given Example", [raised, missing], from_platform("moodle", 101))
        book.note_overrides(
            run.assignment, [("Given Example", "conv.im2col", 1.0, "<i>by hand</i>")]
        )
        _, text, _ = comment(book, worksheet)
        (line,) = [line for line in text.splitlines() if "in101" in line]
        assert "0.25" not in line
        assert not [sign for sign in ("<script", "<b>", "<i>") if sign in line]
        assert "it raised ValueError. Points given by hand: &lt;i&gt;by hand&lt;/i&gt;" in line
        assert "Likely: &lt;b&gt;Look&lt;/b&gt; &amp; see." in line
        assert "<script" not in comment(book, worksheet, show_cases=True)[1]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"column": "nosuch"}, "--column: the file has no column 'nosuch', or several"),
        ({}, "--into: no column of feedback comments, among .*; name it with --column TITLE"),
    ],
)
def test_a_worksheet_without_such_a_column_is_refused_with_what_helps(
    book, worksheet, how, message
):
    text = GIVEN.replace("Feedback als Kommentar", "Hinweise")
    worksheet.write_bytes(text.encode())
    with pytest.raises(UsageError, match=message):
        comment(book, worksheet, **how)
    assert comment(book, worksheet, column="Hinweise")[0] == 3


def test_the_command_fills_a_worksheet_into_another_file_or_itself(book, worksheet, tmp_path):
    words = ("feedback", tmp_path / "g.db", "--into", worksheet, "-o")
    for output in (tmp_path / "filled.csv", worksheet):
        done = dlgrade(*words, output)
        assert done.returncode == 0, done.stderr
        assert output.read_bytes() == FILLED.encode()
        line = f"3 comments are in {output}: upload it under 'Upload grading worksheet'\n"
        assert done.stdout == line
