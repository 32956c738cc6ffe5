"""Class lists and groups are read from what platforms hand out, and it is said how."""

from __future__ import annotations

import pytest

from grader.errors import UsageError
from grader.gradebook.people.groups import Group, read_groups
from grader.gradebook.people.person import Person
from grader.gradebook.people.roster import read_roster


def save(tmp_path, text, encoding="utf-8"):
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    return tmp_path / "list.csv"


def test_it_is_said_how_each_column_was_read(tmp_path):
    text = "Student\tID\tSIS User ID\tSIS Login ID\tSection\r\nExample, Given\t5\tS5\tgex\tA\r\n"
    assert read_roster(save(tmp_path, text, "utf-16")).how == (
        "--roster: name from 'Student', id from 'ID' and 'SIS User ID', login from 'SIS Login ID'; "
        "not used: 'Section'; 1 person, UTF-16"
    )


def test_d2ls_grades_are_a_roster(tmp_path):
    roster = read_roster(save(tmp_path, (
        "OrgDefinedId,Username,Last Name,First Name,Email,"
        "hw2 Points Grade <Numeric MaxPoints:14>,End-of-Line Indicator\r\n"
        "#100001,#gex,Example,Given,g@x.org,,#\r\n"
    )))  # fmt: skip
    assert roster.people == [Person("Given Example", ("100001",), "gex", "g@x.org")]


def test_who_is_on_the_roster_twice_is_told_and_the_same_line_counts_once(tmp_path):
    text = "name;id\n\nGiven Example;5\n;\nEric Roe;6\nGiven Example;5\nSomebody Else;6\n"
    roster = read_roster(save(tmp_path, text))
    names = ["Given Example", "Eric Roe", "Somebody Else"]
    assert [one.name for one in roster.people] == names
    assert roster.twice == [
        "Given Example, by 5 (lines 3, 6 of the roster)",
        "Eric Roe and Somebody Else, by 6 (lines 5, 7 of the roster)",
    ]


def test_a_number_is_taken_out_of_moodles_words_and_of_no_login(tmp_path):
    text = "Identifier,name\nParticipant 17,A\nTeilnehmer/in18,B\nstudent19,C\nperson20@x.org,D\n"
    ids = [one.ids for one in read_roster(save(tmp_path, text)).people]
    assert ids == [
        ("17", "Participant 17"), ("18", "Teilnehmer/in18"), ("student19",), ("person20@x.org",),
    ]  # fmt: skip


ONE, TWO = Person("Example, Given", ("101", "S1"), "gex"), Person("Roe, Eric", ("102", "S2"), "er")


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        (
            ("name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
            '"Example, Given",101,S1,gex,A,Team A,7,\n"Roe, Eric",102,S2,er,A,Team A,7,\n'
            '"Nobody, In",103,S3,ni,A,,,\n'),
            [Group("Team A", ("7",), (ONE, TWO))],
        ),
        (
            ("Identifier,Full name,Email address,Status,Group,Grade\n"
            "Participant 40,Given Example,g@x,Submitted,Team A,\n"),
            [Group("Team A", (), (Person("Given Example", ("40", "Participant 40"), "", "g@x"),))],
        ),
        (
            ('First name,Last name,Email address,Groups\nGiven,Example,g@x,"Team A, Lab 2"\n'
            'Eric,Roe,e@x,Team A\n'),
            [
                Group("Team A", (), (Person("Given Example", (), "", "g@x"),
                                     Person("Eric Roe", (), "", "e@x"))),
                Group("Lab 2", (), (Person("Given Example", (), "", "g@x"),)),
            ],
        ),
        (
            "group;member\nTeam A;gex\nteam a;er; x\nTeam A;gex\n",
            [Group("Team A", (), tuple(Person(n, also_called=(n,)) for n in ("gex", "er")))],
        ),
    ],
)  # fmt: skip
def test_groups_are_read_from_every_platforms_table(tmp_path, text, groups):
    assert read_groups(save(tmp_path, text)) == groups


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,id\nA,1\n", "no column of groups; it needs a header such as 'group,member'"),
        ("group,colour\nA,red\n", "no column that says who somebody is"),
        ("group,member\n\nTeam A,gex\nTeam B,\n", "line 4: it says a group and nobody in it"),
    ],
)
def test_a_table_that_puts_nobody_into_a_group_is_refused(tmp_path, text, why):
    with pytest.raises(UsageError, match=why):
        read_groups(save(tmp_path, text))
