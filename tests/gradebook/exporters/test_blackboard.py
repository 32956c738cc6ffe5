"""Blackboard gets its grade centre back in its own encoding, with one column filled."""

from __future__ import annotations

import codecs

import pytest
from books import begin, fact, from_platform, hand_in, passed, wrong
from classes import dlgrade

from grader.gradebook.facts import Gradebook
from grader.gradebook.people.person import Person

GIVEN = """\
"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t\
"Weighted Total [Total Pts: up to 13 Percentage] |90001"\t"HW 2 [Total Pts: 3 Score] |90002"\t\
"Quiz ""1"" [Total Pts: 10 Score] |90003"\r
"Example"\t"Given"\t"given"\t"00101"\t"2026-11-02 10:00:00"\t"Yes"\t"50.0"\t""\t"7.00"\r
"Übung-Öz"\t"Zé"\t"zoe"\t"00102"\t""\t"Yes"\t""\t"1.50"\t""\r
"Wait"\t"Tim"\t"tim"\t"00103"\t""\t"No"\t""\t"Needs Grading"\t""\r
"Not"\t"Here"\t"here"\t"00104"\t""\t"Yes"\t""\t"In Progress(1.00)"\t""\r
"Ill"\t"Ida"\t"ida"\t"00105"\t""\t"Yes"\t""\t"Exempt"\t""\r
"""
FILLED = """\
"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t\
"Weighted Total [Total Pts: up to 13 Percentage] |90001"\t"HW 2 [Total Pts: 3 Score] |90002"\t\
"Quiz ""1"" [Total Pts: 10 Score] |90003"\r
"Example"\t"Given"\t"given"\t"00101"\t"2026-11-02 10:00:00"\t"Yes"\t"50.0"\t"3"\t"7.00"\r
"Übung-Öz"\t"Zé"\t"zoe"\t"00102"\t""\t"Yes"\t""\t"2"\t""\r
"Wait"\t"Tim"\t"tim"\t"00103"\t""\t"No"\t""\t"Needs Grading"\t""\r
"Not"\t"Here"\t"here"\t"00104"\t""\t"Yes"\t""\t"In Progress(1.00)"\t""\r
"Ill"\t"Ida"\t"ida"\t"00105"\t""\t"Yes"\t""\t"Exempt"\t""\r
"""
AS_CSV = """\
\ufeffLast Name,First Name,Username,Student ID,"hw2 [Total Pts: 3,5 Score] |9"
Example,Given,given,00101,
"Ü, Zé",Z,zoe,00102,2
"""
AS_CSV_FILLED = """\
\ufeffLast Name,First Name,Username,Student ID,"hw2 [Total Pts: 3,5 Score] |9"
Example,Given,given,00101,"3,0"
"Ü, Zé",Z,zoe,00102,2
"""


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        run = begin(made)
        rest = passed("pool.flatten")
        hand_in(run, "Given Example", [passed(), rest], of("given", "Given Example"))
        hand_in(run, "Zé Übung-Öz", [wrong(), rest], of("zoe", "Zé Übung-Öz"))
        lost = fact("conv.im2col", "ungraded", message="the grader could not tell")
        hand_in(run, "Tim Wait", [lost, rest], of("tim", "Tim Wait"))
        hand_in(run, "Ida Ill", [passed(), rest], of("ida", "Ida Ill"))
        hand_in(run, "Nobody", [passed(), rest], of("nobody", "Nobody"))
        run.finish()
        yield made


def of(login, name):
    return from_platform("blackboard", login, name, login)


def test_a_file_of_tabs_in_utf_16_comes_back_in_full_with_one_column_filled(book, tmp_path):
    file, output = tmp_path / "gc.xls", tmp_path / "filled.xls"
    file.write_bytes(codecs.BOM_UTF16_LE + GIVEN.encode("utf-16-le"))
    words = ("export", tmp_path / "g.db", "--format", "blackboard", "--into", file)
    done = [dlgrade(*words, *more, encoding=None) for more in (("-o", output), ())]
    assert [one.returncode for one in done] == [0, 0]
    assert output.read_bytes() == codecs.BOM_UTF16_LE + FILLED.encode("utf-16-le")
    assert done[1].stdout == output.read_bytes()
    assert done[0].stderr.decode().splitlines() == [
        "dlgrade: hw2: 2 cells filled, 1 kept, 1 overwritten: Zé Übung-Öz 1.50 -> 2",
        "dlgrade: hw2: 1 not in the file, so that their points go nowhere: Nobody",
        "dlgrade: hw2: 1 in the file and not in the gradebook, so left as they are: Not",
        "dlgrade: hw2: 1 excused in the file, so left as they are: Ida Ill",
        "dlgrade: hw2: 1 not graded in full, so left empty: Tim Wait",
    ]


def test_a_file_of_commas_comes_back_in_full_with_a_decimal_comma(book, export, tmp_path):
    file = tmp_path / "gc.csv"
    file.write_bytes(AS_CSV.encode())
    text, told = export(book, "blackboard", into=file)
    assert text == AS_CSV_FILLED
    assert told[0].startswith("the file's maximum is 3,5, ours is 3: points are written as they")
    assert told[1] == "hw2: 2 cells filled"


def test_a_row_with_the_login_of_one_and_the_name_of_another_is_nobodys(book, export, tmp_path):
    book.note_roster(1, [Person("Given Example", ("given",), "given")])
    file = tmp_path / "gc.csv"
    rows = "Roe,Ric,given,7,\nExample,Given,other,8,\nExample,Given,more,9,\n"
    title = "hw2 [Total Pts: 3 Score] |9"
    file.write_text(f"Last Name,First Name,Username,Student ID,{title}\n{rows}")
    text, told = export(book, "blackboard", student="given", into=file)
    assert text == file.read_text()
    assert "1 not in the file, so that their points go nowhere: Given Example" in told[1]
    assert "3 in the file and not in the gradebook, so left as they are: Roe, Example" in told[2]
