"""What a platform's file holds already is read before it is written."""

from __future__ import annotations

import csv
import io

import pytest
from books import begin, fact, from_canvas, from_platform, hand_in, passed, worksheet, wrong

from grader.errors import UsageError
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.delivery import Delivery, Recognised, Recognition
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses

CANVAS = """\
Student,ID,SIS Login ID,Section,hw2 (42)\r
    Points Possible,,,,3.0\r
"""
IDS = ("1001", "1002", "1003")
BOTH = [wrong(), passed("pool.flatten")]
ASK_AGAIN = "this file cannot be read"


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        yield made


def into(tmp_path, *rows):
    file = tmp_path / "into.csv"
    file.write_bytes((CANVAS + "".join(f"{row}\r\n" for row in rows)).encode())
    return file


def cells(text):
    return [line.rpartition(",")[2] for line in text.splitlines()[2:]]


def test_whoever_is_excused_in_the_file_stays_so_and_is_told(book, export, tmp_path):
    run = begin(book)
    hand_in(run, "teama", BOTH, from_canvas(1001))
    hand_in(run, "teamb", BOTH, from_canvas(1002))
    people = [Person(f"Team, {x}", (key,)) for x, key in zip("ABC", IDS, strict=True)]
    book.note_roster(run.assignment, people)
    rows = ["Team A,1001,,1,EX", "Team B,1002,,1,", "Team C,1003,,1,ex"]
    text, told = export(book, "canvas", into=into(tmp_path, *rows))
    assert cells(text) == ["EX", "2.0", "ex"]
    assert told == [
        "hw2: 1 cell filled, 2 kept",
        "hw2: 2 excused in the file, so left as they are: Team, C; Team, A",
    ]


def test_whoever_we_excuse_is_so_in_canvas_and_empty_elsewhere(book, export, tmp_path):
    run = begin(book)
    hand_in(run, "teama", BOTH, from_canvas(1001))
    hand_in(run, "teamb", BOTH, from_canvas(1002))
    book.note_roster(run.assignment, [Person("Team, C", ("1003",), "teamc")])
    for name in ("teama", "teamc"):
        note_excuses(book, run.assignment, [(name, Excuse(True, "ill"))])
    rows = ["Team A,1001,,1,1.0", "Team B,1002,,1,2", "Team C,1003,,1,"]
    text, told = export(book, "canvas", into=into(tmp_path, *rows))
    assert cells(text) == ["EX", "2", "EX"]
    assert told[0] == "hw2: 1 cell filled, 1 overwritten: teama 1.0 -> EX"
    assert "hw2: 1 excused: Team, C" in told
    assert "hw2: 1 excused, though they handed in: teama" in told
    assert not [line for line in told if "handed in nothing" in line]
    text = (
        "Identifier,Full name,Grade,Maximum Grade\nParticipant 1001,A,,3\nParticipant 1003,C,,3\n"
    )
    file = tmp_path / "moodle.csv"
    file.write_text(text)
    assert export(book, "moodle", into=file)[0] == text


def test_whoever_handed_in_nothing_gets_nought_and_is_named(book, export, tmp_path):
    run = begin(book)
    hand_in(run, "teama", BOTH, from_canvas(1001))
    people = [Person("Team, A", ("1001",)), Person("Team, C", ("1003",), "teamc")]
    book.note_roster(run.assignment, people)
    rows = ["Team A,1001,,1,", "Team C,1003,,1,"]
    text, told = export(book, "canvas", into=into(tmp_path, *rows))
    assert cells(text) == ["2.0", "0.0"]
    assert told[0] == "hw2: 2 cells filled"
    assert "hw2: 1 handed in nothing, so 0: Team, C" in told


def test_of_whoever_is_not_in_the_file_nothing_is_said_to_be_written_there(book, export, tmp_path):
    run = begin(book)
    lost = fact("conv.im2col", "ungraded", message="the grader could not tell")
    hand_in(run, "teama", BOTH, from_canvas(1001))
    hand_in(run, "teamb", [lost], from_canvas(1002, marked_late=True))
    hand_in(run, "teame", BOTH, from_canvas(1005))
    people = [Person(f"Team, {x}", (f"100{n}",)) for n, x in enumerate("ABCDE", 1)]
    book.note_roster(run.assignment, people)
    note_excuses(book, run.assignment, [("teame", Excuse(True, "ill"))])
    _, told = export(book, "canvas", into=into(tmp_path, "Team A,1001,,1,", "Team D,1004,,1,"))
    assert told == [
        "hw2: 2 cells filled",
        "hw2: 3 not in the file, so that their points go nowhere: Team, C; Team, B; Team, E",
        "hw2: 1 handed in nothing, so 0: Team, D",
    ]


@pytest.mark.parametrize("form", ["canvas", "moodle", "brightspace", "blackboard"])
def test_a_name_with_a_comma_and_no_quotes_moves_nobodys_points(book, export, tmp_path, form):
    heads = {
        "canvas": "Student,ID,hw1 (1),hw2 (2)",
        "moodle": "Identifier,Full name,Grade,Maximum Grade",
        "brightspace": "OrgDefinedId,Last Name,hw1 Points Grade,hw2 Points Grade",
        "blackboard": "Username,Last Name,hw1 [Total Pts: 3] |1,hw2 [Total Pts: 3] |2",
    }
    hand_in(begin(book), "roeric", BOTH)
    file = tmp_path / "file.csv"
    row = "Participant 2,Roe, Eric,3,3" if form == "moodle" else "Roe, Eric,102,3,2"
    file.write_text(f"{heads[form]}\nParticipant 1,examplegiven,3,3\n{row}\n")
    with pytest.raises(UsageError, match="--into: line 3 has more cells than there are titles"):
        export(book, form, into=file)


def test_scores_that_are_overwritten_are_named_and_of_many_twenty(book, export, tmp_path):
    run = begin(book)
    for number in range(25):
        hand_in(run, f"given{number:02}", BOTH, from_canvas(number))
    rows = [f"Given {number:02},{number},,1,{2 if number < 2 else 3}" for number in range(25)]
    text, told = export(book, "canvas", into=into(tmp_path, *rows))
    assert cells(text) == ["2", "2", *["2.0"] * 23]
    assert told[0].startswith("hw2: 25 cells filled, 23 overwritten: given02 3 -> 2.0, given03 ")
    assert told[0].endswith(" and 3 more")


def test_what_nobody_could_read_or_grade_is_empty_and_named_and_never_nothing(
    book, export, tmp_path
):
    run = begin(book)
    open_one = fact("conv.im2col", "ungraded", message="the grader could not tell")
    pdf = Recognised(Recognition.UNREADABLE, "answers.pdf is a PDF")
    book.note_deliveries(run.assignment, run.number, [("teama", from_canvas(1001))])
    run.record("teama", "a" * 64, [open_one], (), pdf)
    hand_in(run, "teamb", [open_one, passed("pool.flatten")], from_canvas(1002))
    twice = from_canvas(1003, why_not="there are two of this name")
    book.note_deliveries(run.assignment, run.number, [("teamc", twice)])
    book.note_deliveries(run.assignment, run.number, [("teamd", from_canvas(1004))])
    people = [Person(f"Team, {x.upper()}", (f"100{n}",)) for n, x in enumerate("abcd", 1)]
    book.note_roster(run.assignment, people)
    rows = [f"Team {x.upper()},100{n},,1," for n, x in enumerate("abcd", 1)]
    text, told = export(book, "canvas", into=into(tmp_path, *rows))
    assert cells(text) == ["", "", "", ""]
    assert told == [
        "hw2: 0 cells filled",
        "hw2: 2 could not be read, so left empty: Team, A; Team, C",
        "hw2: 2 not graded in full, so left empty: Team, B; Team, D",
    ]
    table, _ = export(book, "csv")
    assert table.splitlines()[0].endswith(",files")
    assert "could not be read: answers.pdf is a PDF" in table
    assert "could not be read: there are two of this name" in table
    assert {row["handed_in"] for row in csv.DictReader(io.StringIO(table))} == {"yes"}
    summary = export(book, "gradescope", student="teama")[0]
    assert "could not be read: answers.pdf is a PDF" in summary


def test_a_guess_about_a_file_is_shown_where_points_are(book, export):
    run = begin(book)
    guess = Recognised(Recognition.CONTENT, "graded conv (1).py as conv.py")
    run.record("abc", "a" * 64, [passed()], (), guess)
    plain = Recognised(Recognition.NAME, "")
    run.record("def", "b" * 64, [passed()], (), plain)
    text, _ = export(book, "csv")
    assert "graded conv (1).py as conv.py" in text.splitlines()[1]
    assert text.splitlines()[0].endswith(",ungraded,files")
    assert "graded conv (1).py as conv.py" in export(book, "junit", student="abc")[0]


FILES = {  # what a word looks like in a file of each platform, before and after an export
    "canvas": (f"{CANVAS}namea,1,,1,see me\r\nnameb,2,,1,Excused\r\nnamec,3,,1,\r\n",
               f"{CANVAS}namea,1,,1,see me\r\nnameb,2,,1,Excused\r\nnamec,3,,1,2.0\r\n"),
    "moodle": (worksheet("namea,see me,3,Yes,-", "nameb,EX,3,Yes,-", "namec,-,3,Yes,-"),
               worksheet("namea,see me,3,Yes,-", "nameb,EX,3,Yes,-", "namec,2,3,Yes,-")),
    "brightspace": (
        "Username,hw2 Points Grade,End-of-Line Indicator\n#1,see me,#\n#2,Exempt,#\n#3,,#\n",
        "Username,hw2 Points Grade,End-of-Line Indicator\n#1,see me,#\n#2,Exempt,#\n#3,2,#\n",
    ),
    "blackboard": (
        "Username,hw2 [Total Pts: 3 Score] |1\n1,see me\n2,Exempt\n3,Needs Grading(1.00)\n",
        "Username,hw2 [Total Pts: 3 Score] |1\n1,see me\n2,Exempt\n3,2\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FILES)
def test_a_word_and_an_excuse_in_the_file_are_kept_and_told(book, export, tmp_path, form):
    run = begin(book)
    for number, name in enumerate("abc", 1):
        hand_in(run, f"name{name}", BOTH, from_platform(form, number))
    before, after = FILES[form]
    file = tmp_path / "into.csv"
    file.write_bytes(before.encode())
    text, told = export(book, form, into=file)
    assert text == after
    assert told == [
        "hw2: 1 cell filled, 2 kept",
        "hw2: 1 excused in the file, so left as they are: nameb",
        "hw2: 1 with a word in the file and no points, so left as they are: namea 'see me'",
    ]


def test_whoever_is_found_by_name_though_the_keys_differ_is_told(book, export, tmp_path):
    run = begin(book)
    hand_in(run, "teama", BOTH, from_platform("gradescope", 4711, "Team A"))
    hand_in(run, "teamb", BOTH, from_canvas(1002, "Team B"))
    file = into(tmp_path, "Team A,1001,,1,", "Team B,1002,,1,")
    text, told = export(book, "canvas", into=file)
    assert cells(text) == ["2.0", "2.0"]
    line = "hw2: 1 found by name alone, with other keys in the file (look at them): Team A"
    assert told == ["hw2: 2 cells filled", line]


SAME_NAME = {  # a row of somebody who has the name of ours, and another key of the same platform
    "canvas": f"{CANVAS}Roe Ann,1003,u3,1,\r\n",
    "moodle": "Identifier,Full name,Grade,Maximum Grade\nParticipant 1003,Roe Ann,,3\n",
    "blackboard": (
        "Last Name,First Name,Username,hw2 [Total Pts: 3 Score] |1\nRoe,Ann,1003,Needs Grading\n"
    ),
}


@pytest.mark.parametrize("form", SAME_NAME)
def test_a_namesake_with_another_key_of_the_same_platform_gets_nothing(
    book, export, tmp_path, form
):
    run = begin(book)
    hand_in(run, "Roe Ann", BOTH, from_platform(form, 1002, "Roe Ann"))
    file = tmp_path / "into.csv"
    file.write_bytes(SAME_NAME[form].encode())
    text, told = export(book, form, into=file)
    assert text == SAME_NAME[form]
    who = "of the name of somebody in the file who has another number, so left as they are"
    assert told == ["hw2: 0 cells filled", f"hw2: 1 {who}: Roe Ann"]


def test_who_is_asked_for_alone_gets_no_namesakes_row(book, export, tmp_path):
    run = begin(book)
    for name, number in (("a", 1004), ("b", 1005)):
        hand_in(run, name, BOTH, from_platform("gradescope", number, "Lee Kim"))
    before = f"{CANVAS}Lee Kim,1004,,1,\r\n"
    file = tmp_path / "into.csv"
    file.write_bytes(before.encode())
    assert export(book, "canvas", into=file, student="b")[0] == before
    alone = export(book, "canvas", into=file, student="a")[0]
    assert alone == before.replace(",1,\r", ",1,2.0\r") == export(book, "canvas", into=file)[0]


def test_a_name_is_enough_where_a_download_calls_people_otherwise_than_the_file(
    book, export, tmp_path
):
    run = begin(book)
    hand_in(run, "Roe Ann", BOTH, from_platform("brightspace", 12345, "Roe Ann"))
    file = tmp_path / "into.csv"
    file.write_text("OrgDefinedId,Last Name,First Name,hw2 Points Grade\n#0017,Roe,Ann,\n")
    text, told = export(book, "brightspace", into=file)
    assert text.endswith("#0017,Roe,Ann,2\n")
    assert told[-1].endswith("with other keys in the file (look at them): Roe Ann")


def test_a_score_stays_where_there_is_nothing_of_ours_to_write(book, export, tmp_path):
    run = begin(book)
    lost = fact("conv.im2col", "ungraded", message="the grader could not tell")
    hand_in(run, "eded", [lost, passed("pool.flatten")], from_canvas(1001))
    unread = from_canvas(1002, why_not="there are two of this name")
    book.note_deliveries(run.assignment, run.number, [("anna", unread)])
    names = ("Ed Ed", "An Na", "Ab Sent", "By Hand", "No Ught")
    people = [Person(name, (f"100{n}",)) for n, name in enumerate(names, 1)]
    book.note_roster(run.assignment, people)
    book.note_overrides(run.assignment, [("By Hand", "conv.im2col", 1.0, "on paper")])
    scores = ("2.5", "2.5", "2.5", "2.5", "0")
    rows = [f"{one.name},{one.key},,1,{score}" for one, score in zip(people, scores, strict=True)]
    text, told = export(book, "canvas", into=into(tmp_path, *rows))
    assert cells(text) == ["2.5", "2.5", "2.5", "1.0", "0"]
    assert told == [
        "hw2: 2 cells filled, 3 kept, 1 overwritten: By Hand 2.5 -> 1.0",
        (
            "hw2: 3 without points of ours, so that the score in the file stays: Ab Sent 2.5 "
            "(handed in nothing), An Na 2.5 (could not be read), Ed Ed 2.5 (not graded in full)"
        ),
        "hw2: 1 handed in nothing, so 0: No Ught",
        "By Hand: conv.im2col: 1 point by hand: on paper",
    ]


def test_where_one_student_was_asked_for_nothing_is_said_about_others_in_the_file(
    book, export, tmp_path
):
    run = begin(book)
    hand_in(run, "teama", BOTH, from_canvas(1001))
    file = into(tmp_path, "Team A,1001,,1,", "Team B,1002,,1,")
    _, told = export(book, "canvas", student="teama", into=file, is_alone=True)
    assert told == ["hw2: 1 cell filled"]


def test_the_only_column_is_filled_whatever_it_is_called_and_that_is_told(book, export, tmp_path):
    hand_in(begin(book), "teama", BOTH, from_canvas(1001))
    file = into(tmp_path, "Team A,1001,,1,")
    file.write_bytes(file.read_bytes().replace(b"hw2 (42)", b"Homework (42)"))
    text, told = export(book, "canvas", into=file)
    assert cells(text) == ["2.0"]
    assert told[0] == (
        "hw2: goes into 'Homework (42)', the only column of points that the file has"
    )


# ---------------------------------------------------------------------- Brightspace

BRIGHTSPACE = """\
\ufeffOrgDefinedId,Username,Last Name,First Name,Email,\
HW 2 Points Grade <Numeric MaxPoints:6 Weight:50 Category:Homework>,\
"Quiz, 1 Points Grade <Numeric MaxPoints:10>",Essay Text Grade <Text>,End-of-Line Indicator\r
#00101,#given,Example,Given,given@example.org,,7,good,#\r
#00102,#samename,Samename,Another,s@example.org,1.5,,,#\r
#00109,#nobody,Body,No,no@example.org,3,,,#\r
"""
BRIGHTSPACE_OUT = """\
\ufeffOrgDefinedId,Username,Last Name,First Name,Email,\
HW 2 Points Grade <Numeric MaxPoints:6 Weight:50 Category:Homework>,\
"Quiz, 1 Points Grade <Numeric MaxPoints:10>",Essay Text Grade <Text>,End-of-Line Indicator\r
#00101,#given,Example,Given,given@example.org,3,7,good,#\r
#00102,#samename,Samename,Another,s@example.org,2,,,#\r
#00109,#nobody,Body,No,no@example.org,3,,,#\r
"""


@pytest.fixture
def d2l(book, tmp_path):
    run = begin(book)
    for number, name in ((1, "Given Example"), (2, "Another Samename")):
        facts = [passed() if number == 1 else wrong(), passed("pool.flatten")]
        hand_in(run, name, facts, from_platform("brightspace", f"00{100 + number}", name))
    file = tmp_path / "d2l.csv"
    file.write_bytes(BRIGHTSPACE.encode())
    return file


def test_brightspace_gets_its_own_file_back_with_one_column_filled(book, export, d2l):
    text, told = export(book, "brightspace", into=d2l)
    assert text == BRIGHTSPACE_OUT
    assert told == [
        (
            "the file's maximum is 6, ours is 3: points are written as they are; "
            "--scale writes shares of the file's maximum"
        ),
        "hw2: 2 cells filled, 1 overwritten: Another Samename 1.5 -> 2",
        "hw2: 1 in the file and not in the gradebook, so left as they are: #00109",
    ]
    assert "given@example.org,6,7" in export(book, "brightspace", into=d2l, scale=True)[0]


@pytest.mark.parametrize("column", ["Quiz, 1", "Quiz, 1 Points Grade <Numeric MaxPoints:10>"])
def test_a_column_of_brightspace_is_named_with_or_without_what_is_said_about_it(
    book, export, d2l, column
):
    text, _ = export(book, "brightspace", into=d2l, column=column)
    assert "given@example.org,,3,good" in text


@pytest.mark.parametrize(
    ("column", "title", "message"),
    [
        ("Essay", "HW 2", "no column of points 'Essay', among 'HW 2 Points Grade <Numeric"),
        (None, "HW 9", "no column of points, or several, for 'hw2', among 'HW 9 Points Grade"),
    ],
)
def test_a_column_that_is_not_clear_is_asked_for_with_those_that_are_there(
    book, export, d2l, column, title, message
):
    d2l.write_bytes(BRIGHTSPACE.replace("HW 2 ", f"{title} ").encode())
    with pytest.raises(UsageError, match=message):
        export(book, "brightspace", into=d2l, column=column)


def test_a_file_of_another_kind_is_no_file_of_brightspace(book, export, d2l):
    d2l.write_text("Name,Grade\nA,1\n")
    with pytest.raises(UsageError, match="neither OrgDefinedId nor Username"):
        export(book, "brightspace", into=d2l)


def test_a_delivery_that_is_nobodys_adds_nobody(book, export):
    run = begin(book)
    hand_in(run, "abc", [passed()])
    lost = Delivery(files=("notes.txt",), why_not="nobody's")
    book.note_deliveries(run.assignment, run.number, [("", lost)])
    assert len(export(book, "csv")[0].splitlines()) == 2


D2L_ROWS = (
    "OrgDefinedId,Username,Last Name,First Name,hw2 Points Grade,End-of-Line Indicator\n"
    "#1001,#a,A,Given,,#\n,,Number,No,2,#\n"
)
CENTRE = "Last Name,First Name,Username,hw2 [Total Pts: 3 Score] |42\nA,Given,1001,\nNumber,No,,2\n"
IN_FRENCH = CANVAS.replace("Points Possible", "Points possibles")


@pytest.mark.parametrize(
    ("platform", "text", "key"),
    [
        ("canvas", f"{IN_FRENCH}Given A,1001,,1,\r\nNo Number,,,1,2\r\n,,,1,\r\n", "an ID"),
        ("brightspace", D2L_ROWS, "an OrgDefinedId or a Username"),
        ("blackboard", CENTRE, "a Username"),
    ],
)
def test_a_row_with_a_name_and_no_key_stays_as_it_is_and_is_named(
    book, export, tmp_path, platform, text, key
):
    hand_in(begin(book), "givena", BOTH, from_canvas(1001))
    hand_in(begin(book), "No Number", BOTH)
    file = tmp_path / "into.csv"
    file.write_bytes(text.encode())
    filled, told = export(book, platform, into=file)
    line = f"1 in the file without {key}, so left as they are: "
    assert [one.removeprefix(line) for one in told if one.startswith(line)] == ["No Number"]
    rows = [row for row in text.splitlines() if "Number" in row]
    assert [row for row in filled.splitlines() if "Number" in row] == rows
