"""Each format's text, written out in full; and what hostile names and unknown points become."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import xmlschema
from books import at, begin, fact, from_canvas, from_platform, hand_in, passed, wrong

from grader.errors import UsageError
from grader.gradebook.exporters import find_formats
from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person
from grader.gradebook.policy.lateness import read_rule
from grader.gradebook.students import Policy

SCHEMA = Path(__file__).parent / "data" / "xunit2.xsd"

JUNIT = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="dlgrade" tests="3" failures="1" errors="0">
  <testsuite name="hw2: roeric" tests="3" failures="1" errors="0" skipped="0">
    <properties>
      <property name="earned" value="2" />
      <property name="possible" value="3" />
      <property name="complete" value="true" />
      <property name="handed_in" value="true" />
      <property name="conv.im2col.earned" value="1" />
      <property name="conv.im2col.possible" value="2" />
      <property name="pool.flatten.earned" value="1" />
      <property name="pool.flatten.possible" value="1" />
    </properties>
    <testcase classname="conv.im2col" name="stride 1, no padding" />
    <testcase classname="conv.im2col" name="any stride">
      <failure message="cols is wrong" type="failed">\
Likely: Run along the rows first.</failure>
    </testcase>
    <testcase classname="pool.flatten" name="all" />
  </testsuite>
</testsuites>
"""

GRADESCOPE = """\
{
 "output": "2 of 3 points\\nThe cases are hidden, and they are the same at every attempt.",
 "output_format": "text",
 "visibility": "visible",
 "stdout_visibility": "hidden",
 "score": 2.0,
 "tests": [
  {
   "name": "conv.im2col",
   "number": "1",
   "max_score": 2.0,
   "output": "stride 1, no padding: passed, 1 of 1\\n\
any stride: wrong answer, 0 of 1\\nwrong answer: cols is wrong\\n\
expected:\\n  float64, shape (1, 2, 1)\\n     0.5\\n\
    0.25\\n\
Likely: Run along the rows first.",
   "output_format": "text",
   "visibility": "visible",
   "score": 1.0,
   "status": "failed"
  },
  {
   "name": "pool.flatten",
   "number": "2",
   "max_score": 1.0,
   "output": "all: passed, 1 of 1",
   "output_format": "text",
   "visibility": "visible",
   "score": 1.0,
   "status": "passed"
  }
 ]
}
"""

CSV = """\
submission,assignment,earned,possible,complete,conv.im2col,pool.flatten,ungraded,name,id,handed_in,\
came_in,marked_late,attempt
'=1+1,hw2,2,3,yes,2,0,,'=HYPERLINK(1),103,yes,,,1 of 1
examplegiven,hw2,3,3,yes,2,1,,examplegiven,101,yes,,,1 of 1
roeric,hw2,2,3,yes,1,1,,roeric,102,yes,,,1 of 1
waittim,hw2,,3,no,,1,conv.im2col,waittim,104,yes,,,1 of 1
"""

CANVAS_IN = """\
Student,ID,SIS Login ID,Section,"hw1 (41)","HW 2 (42)",Final Score\r
,,,,,Manual Posting,\r
    Points Possible,,,,10.0,3.0,(read only)\r
"Example, Given",101,example,"A, B",9.5,,91\r
"Roe, Ric",102,samename,A,,"1.0",50\r
"=HYPERLINK(1), Evil",103,evil,A,,,0\r
"Wait, Tim",104,tim,A,,2.0,0\r
"Not, Here",105,here,A,,2.5,0\r
"Student, Test",106,,A,,,0\r
"""

CANVAS_OUT = """\
Student,ID,SIS Login ID,Section,"hw1 (41)","HW 2 (42)",Final Score\r
,,,,,Manual Posting,\r
    Points Possible,,,,10.0,3.0,(read only)\r
"Example, Given",101,example,"A, B",9.5,3.0,91\r
"Roe, Ric",102,samename,A,,"2.0",50\r
"=HYPERLINK(1), Evil",103,evil,A,,2.0,0\r
"Wait, Tim",104,tim,A,,2.0,0\r
"Not, Here",105,here,A,,2.5,0\r
"Student, Test",106,,A,,,0\r
"""

MOODLE_IN = '''\
\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert \
werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in101,"Given Example",given@example.org,Abgegeben,,"100,00",Ja,"Montag, 2. \
November 2026, 10:00",-,
Teilnehmer/in102,"Another Samename",another@example.org,Abgegeben,"10,00","100,00",Ja,-,-,"Schon
gesehen, ""gut"""
Teilnehmer/in105,"Not Here",not@example.org,"Keine Abgabe",,"100,00",Ja,-,-,
'''

MOODLE_OUT = '''\
\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert \
werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in101,"Given Example",given@example.org,Abgegeben,"100,00","100,00",Ja,"Montag, 2. \
November 2026, 10:00",-,
Teilnehmer/in102,"Another Samename",another@example.org,Abgegeben,"66,67","100,00",Ja,-,-,"Schon
gesehen, ""gut"""
Teilnehmer/in105,"Not Here",not@example.org,"Keine Abgabe",,"100,00",Ja,-,-,
'''

NOT_OURS = """\
Username,up [Total Pts: up to 3 Score] |2,letter [Total Pts: 3 Letter] |3,new [Total Pts: 3 Score]
roeric,,,
"""
BLACKBOARD_TITLE = "hw2 [Total Pts: 3 Score] |12345"


def write(path, text):
    path.write_bytes(text.encode("utf-8"))
    return path


def test_a_junit_suite_is_a_student_and_a_case_is_a_level(book, export):
    assert export(book, "junit", student="102")[0] == JUNIT


def test_junit_validates_against_the_xunit2_schema_with_hostile_names_among_them(book, export):
    run = begin(book)
    hand_in(run, "]]><x>\x00\x0b\ud7ff", [wrong()], from_canvas(9))
    xmlschema.validate(export(book, "junit")[0], str(SCHEMA))


def test_gradescope_gets_one_students_results_without_the_seed_and_the_arguments(book, export):
    text, _ = export(book, "gradescope", student="102")
    assert text == GRADESCOPE
    assert "4711" not in text
    assert "0.25, 0.5" not in text


def test_the_arguments_are_shown_on_request_and_where_students_own_the_cases(tmp_path, export):
    with Gradebook(tmp_path / "own.db") as book:
        run = begin(book, seed=0)
        hand_in(run, "abc", [wrong()])
        shown = json.loads(export(book, "gradescope")[0])
        assert "call: im2col(x, (1, 2), stride=1, padding=0)" in shown["tests"][0]["output"]
    with Gradebook(tmp_path / "hidden.db") as book:
        run = begin(book)
        hand_in(run, "abc", [wrong()])
        assert "call:" in export(book, "gradescope", show_cases=True)[0]
        assert "call:" not in export(book, "gradescope")[0]


def test_gradescope_asks_which_student_when_there_are_several(book, export):
    with pytest.raises(UsageError, match="--student NAME"):
        export(book, "gradescope")


def from_gradescope(number, name, submission, **more):
    files = (f"submission_{submission}",)
    return from_platform("gradescope", number, name, files=files, **more)


def test_gradescope_gets_a_class_by_the_numbers_of_its_submissions(tmp_path, export):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        both = [wrong(), passed("pool.flatten")]
        hand_in(run, "Ric Roe", both, from_gradescope(1, "Ric Roe", 77))
        for number, name in ((2, "Ada B"), (3, "Cy D")):
            here = from_gradescope(number, name, 78, team="submission_78")
            hand_in(run, name, both, here, content="one")
        book.note_roster(run.assignment, [Person("Not Here", ("9",))])
        text, told = export(book, "gradescope")
        assert text.startswith('{\n "77": {\n  "output": "2 of 3 points')
        found = json.loads(text)
        assert found.keys() == {"77", "78"}
        assert found["77"] == json.loads(GRADESCOPE)
        assert told == [
            "2 submissions of Gradescope written",
            "1 without a submission there, left out: Not Here",
        ]
        book.note_overrides(run.assignment, [("Ada B", "conv.im2col", 2.0, "seen by hand")])
        text, told = export(book, "gradescope")
        assert json.loads(text).keys() == {"77"}
        assert told[-1] == (
            "1 whose members have other results than one another, left out (use --student): 78"
        )
        assert "seen by hand" in export(book, "gradescope", student="2")[0]


def test_a_class_of_one_that_came_from_gradescope_has_the_form_of_a_class(tmp_path, export):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        here = from_gradescope(1, "Ric Roe", 77)
        hand_in(run, "Ric Roe", [wrong(), passed("pool.flatten")], here)
        one = json.loads(GRADESCOPE)
        assert json.loads(export(book, "gradescope")[0]) == {"77": one}
        assert json.loads(export(book, "gradescope", student="1")[0]) == one


def test_gradescope_gets_no_score_for_what_nobody_could_grade(book, export):
    results = json.loads(export(book, "gradescope", student="waittim")[0])
    assert "score" not in results
    assert "could not be graded yet" in results["output"]
    assert len(results["tests"]) == 2
    for test in results["tests"]:  # a total that lacks one is no total
        assert not {"score", "max_score"} & test.keys()
    assert "1 of 1" in results["tests"][1]["output"]


def test_csv_says_who_it_is_and_makes_formulas_inert(book, export):
    assert export(book, "csv")[0] == CSV


@pytest.mark.parametrize("form", ["csv", "json", "junit", "gradescope"])
def test_what_an_author_called_an_exercise_is_harmless_in_every_format(tmp_path, export, form):
    exercise = "=conv.\x1b[2J\u202eim2col"
    lost = fact(exercise, "ungraded", message="\x1b", levels=[("l\x1b", "ungraded", 2.0)])
    with Gradebook(tmp_path / "g.db") as book:
        hand_in(begin(book, asked=((exercise, 0, 2.0),)), "roeric", [lost])
        text, _ = export(book, form)
    assert {c for c in text if not c.isprintable()} == {"\n"}
    if form == "csv":
        titles, cells = csv.reader(io.StringIO(text))
        assert titles[5] == cells[6] == "'=conv.\\x1b[2J\\u202eim2col"


def test_canvas_gets_its_own_file_back_with_one_column_filled(book, export, tmp_path):
    text, told = export(book, "canvas", into=write(tmp_path / "canvas.csv", CANVAS_IN))
    assert text == CANVAS_OUT
    assert told == [
        "hw2: 3 cells filled, 1 kept, 1 overwritten: roeric 1.0 -> 2.0",
        (
            "hw2: 2 in the file and not in the gradebook, so left as they are: "
            "Not, Here; Student, Test"
        ),
        (
            "hw2: 1 without points of ours, so that the score in the file stays: "
            "waittim 2.0 (not graded in full)"
        ),
    ]


def test_moodle_gets_its_own_worksheet_back_in_its_own_language(tmp_path, export):
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        hand_in(
            run, "Given Example", [passed(), passed("pool.flatten")], from_platform("moodle", 101)
        )
        hand_in(
            run, "Another Samename", [wrong(), passed("pool.flatten")], from_platform("moodle", 102)
        )
        hand_in(run, "Nobody", [wrong(), passed("pool.flatten")], from_platform("moodle", 999))
        file = write(tmp_path / "moodle.csv", MOODLE_IN)
        text, told = export(book, "moodle", into=file, scale=True)
        assert text == MOODLE_OUT
        assert told == [
            "hw2: 2 cells filled, 1 overwritten: Another Samename 10,00 -> 66,67",
            "hw2: 1 not in the file, so that their points go nowhere: Nobody",
            "hw2: 1 in the file and not in the gradebook, so left as they are: Teilnehmer/in105",
        ]
        _, told = export(book, "moodle", into=file)
        assert told[0].startswith("the file's maximum is 100,00, ours is 3: ")


def test_what_was_decided_by_hand_goes_out_with_its_reason(book, export, tmp_path):
    book.note_overrides(1, [("roeric", "conv.im2col", 2.0, "regraded: my stub was wrong")])
    into = write(tmp_path / "canvas.csv", CANVAS_IN)
    text, told = export(book, "canvas", into=into)
    assert '"Roe, Ric",102,samename,A,,"3.0",50' in text
    assert "roeric: conv.im2col: 2 points by hand: regraded: my stub was wrong" in told
    for form in ("csv", "json", "junit", "gradescope"):
        assert "regraded: my stub was wrong" in export(book, form, student="roeric")[0]


def test_a_late_rule_changes_what_goes_out_beside_the_raw_score(tmp_path, export):
    policy = Policy(read_rule("2026-11-01 00:00Z: 10%/day, at most 50%"))
    with Gradebook(tmp_path / "g.db") as book:
        run = begin(book)
        late = from_canvas(102, came_in=at("2026-11-02T00:00:01"))
        hand_in(run, "roeric", [wrong(), passed("pool.flatten")], late)
        row = next(csv.DictReader(io.StringIO(export(book, "csv", policy=policy)[0])))
        assert (row["earned"], row["late"], row["percent_off"]) == ("2", "2 days", "20")
        assert row["after_late"] == "1.6"
        assert json.loads(export(book, "gradescope", policy=policy)[0])["score"] == 1.6
        into = write(tmp_path / "canvas.csv", CANVAS_IN)
        assert 'A,,"1.6",50' in export(book, "canvas", policy=policy, into=into)[0]


@pytest.mark.parametrize("form", ["blackboard", "brightspace", "canvas", "moodle"])
def test_a_platform_that_takes_its_own_file_needs_it(book, export, form):
    with pytest.raises(UsageError, match="--into FILE is needed"):
        export(book, form)


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("canvas", "a,b\n1,2\n", "no gradebook of Canvas"),
        (
            "canvas",
            "Student,ID,one (1),two (2)\nA,1,,\n",
            "no column of points, or several, for 'hw2'",
        ),
        ("blackboard", "Last Name,First Name\nA,B\n", "no grade centre of Blackboard"),
        ("blackboard", NOT_OURS, "no column of points, or several, for 'hw2', among none"),
        ("moodle", "Student,ID\nA,1\n", "no grading worksheet"),
        ("moodle", "ID,Name\nParticipant 1,A\n", "no column of grades"),
        ("canvas", "one\n", "no table"),
        ("canvas", b"Student,ID\n\xff\xfe,1\n", "UTF-8"),
    ],
)
def test_a_file_that_is_not_the_platforms_is_refused(book, export, tmp_path, form, text, message):
    file = tmp_path / "into.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError, match=message):
        export(book, form, into=file)


@pytest.mark.parametrize("form", find_formats())
def test_an_export_is_a_pure_function_of_the_gradebook(book, export, tmp_path, form):
    options = {"into": write(tmp_path / "in.csv", CANVAS_IN)} if form == "canvas" else {}
    if form == "moodle":
        options["into"] = write(tmp_path / "in.csv", MOODLE_IN)
    if form == "brightspace":
        options["into"] = write(tmp_path / "in.csv", "Username,hw2 Points Grade\n#roeric,\n")
    if form == "blackboard":
        options["into"] = write(tmp_path / "in.csv", f"Username,{BLACKBOARD_TITLE}\nroeric,\n")
    first = export(book, form, student="roeric", **options)
    assert export(book, form, student="roeric", **options) == first
