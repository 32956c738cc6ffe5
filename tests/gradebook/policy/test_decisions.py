"""Another deadline, and who is excused: by hand, with a reason, one at a time or from a table."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from books import at, begin, from_canvas, hand_in, passed, wrong
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import DlgradeError
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.tally import ClassTally
from grader.gradebook.people.delivery import TimeSource
from grader.gradebook.people.person import Person
from grader.gradebook.policy.decisions import Excuse, note_excuses
from grader.gradebook.policy.lateness import deadline, read_rule
from grader.gradebook.students import Policy, final_points
from grader.gradebook.view import select_view

RULE = read_rule("2026-11-01 00:00Z: 10%/day, at most 50%, marked 20%")
ROSTER = [
    Person("Example, Given", ("101",), "given"),
    Person("Samename, Another", ("102",), "samename", "s@example.org"),
    Person("Here, Not", ("103",), "nothere"),
]


def invoke(*words):
    """Run a command in this process; return exit code and text."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, DlgradeError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


@pytest.fixture
def path(tmp_path):
    """Return a gradebook: one on time, one two days late, and one who handed in nothing."""
    with Gradebook(tmp_path / "g.db") as made:
        run = begin(made)
        for number, name, day in ((101, "given", "2026-10-30"), (102, "samename", "2026-11-02")):
            when = {"came_in": at(f"{day}T12:00"), "time_source": TimeSource.PLATFORM}
            hand_in(run, name, [wrong(), passed("pool.flatten")], from_canvas(number, **when))
        made.note_roster(run.assignment, ROSTER)
        run.finish()
    return tmp_path / "g.db"


def documents(path, **policy):
    with Gradebook(path, read_only=True) as made:
        return {d["submission"]: d for d in select_view(made, policy=Policy(**policy)).documents()}


def count(path, table):
    with sqlite3.connect(path) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    connection.close()
    return found


def test_a_deadline_of_ones_own_counts_until_it_is_taken_back(path):
    assert documents(path, late=RULE)["samename"]["term"]["late"]["percent"] == 20.0
    code, text = invoke("extend", path, "s@example.org", "2026-11-02 00:00Z", "--why", "was ill")
    until = deadline(at("2026-11-02T00:00"))
    assert (code, text) == (0, f"samename: due {until} (was ill)\n")
    term = documents(path, late=RULE)["samename"]["term"]
    assert (term["late"]["units"], term["extended"]["why"]) == (1, "was ill")
    assert at("2026-11-02T00:00").isoformat() == at_utc(term["due"])
    assert documents(path, late=RULE)["given"]["term"]["due"] == RULE.due.isoformat()
    assert documents(path)["samename"]["term"]["due"] == term["due"]
    code, text = invoke("extend", path, "102", "2026-11-09", "--why", "still ill")
    assert (code, text) == (0, "samename: due the end of 2026-11-09 (still ill)\n")
    assert documents(path, late=RULE)["samename"]["term"]["late"]["units"] == 0
    code, text = invoke("extend", path, "102", "--undo", "--why", "was not ill")
    assert (code, text) == (0, "samename: as for everybody (was not ill)\n")
    term = documents(path, late=RULE)["samename"]["term"]
    assert term["late"]["percent"] == 20.0
    assert "extended" not in term
    assert count(path, "extension") == 3


def at_utc(text):
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def test_a_platforms_mark_is_about_its_own_deadline_and_not_about_another(tmp_path):
    with Gradebook(tmp_path / "m.db") as book:
        facts = [wrong(), passed("pool.flatten")]
        hand_in(begin(book), "abc", facts, from_canvas(1, marked_late=True))
    path = tmp_path / "m.db"
    assert final_points(documents(path, late=RULE)["abc"]) == 1.6
    invoke("extend", path, "abc", "2026-12-01", "--why", "ill")
    assert final_points(documents(path, late=RULE)["abc"]) == 2.0


def test_whoever_is_excused_has_no_total_and_keeps_what_was_graded(path):
    code, text = invoke("excuse", path, "samename", "--why", "sick note")
    assert (code, text) == (0, "samename: excused, though they handed in (sick note)\n")
    code, text = invoke("excuse", path, "103", "--why", "sick note")
    assert (code, text) == (0, "nothere: excused (sick note)\n")
    found = documents(path, late=RULE)
    for name in ("samename", "nothere"):
        assert final_points(found[name]) is None
        assert found[name]["term"]["excused"]["why"] == "sick note"
        assert "late" not in found[name]["term"]
    assert found["samename"]["earned"] == 2.0
    assert final_points(found["given"]) == 2.0
    assert invoke("excuse", path, "nothere", "--undo", "--why", "no note")[1] == (
        "nothere: not excused (no note)\n"
    )
    assert final_points(documents(path)["nothere"]) == 0.0
    assert count(path, "excuse") == 3


def test_the_excused_are_in_no_statistic(path):
    invoke("excuse", path, "nothere", "--why", "ill")
    invoke("excuse", path, "samename", "--why", "ill")
    tally = ClassTally("hw2")
    with Gradebook(path, read_only=True) as book:
        for _, works in select_view(book).by_student():
            for one in works:
                tally.add(one, "page.html")
    assert [row.final for row in tally.rows] == [2.0, None, None]
    assert sum(count for _, count in tally.bins) == tally.present == len(tally.counted) == 1
    assert {sum(counts.values()) for counts in tally.statuses.values()} == {1}
    levels = [counts for of in tally.levels.values() for counts in of.values()]
    assert {counts.total() for counts in levels} == {1}
    assert [count for *_, count in tally.mistakes] == [1]
    notes = {row.name: row.notes for row in tally.rows}
    assert "excused" in notes["Here, Not"]
    assert "excused, though they handed in" in notes["Samename, Another"]
    assert "handed in nothing" not in notes["Here, Not"]


def test_no_export_writes_nought_for_the_excused(path, export):
    invoke("excuse", path, "nothere", "--why", "=ill")
    with Gradebook(path, read_only=True) as book:
        rows = list(csv.DictReader(io.StringIO(export(book, "csv")[0])))
        (row,) = [one for one in rows if one["submission"] == "nothere"]
        assert (row["earned"], row["conv.im2col"], row["excused"]) == ("", "", "'=ill")
        assert [one["excused"] for one in rows if one is not row] == ["", ""]
        results = json.loads(export(book, "gradescope", student="nothere")[0])
        assert "score" not in json.dumps(results["tests"]).replace("max_score", "")
        assert "score" not in results
        assert "Excused, so that no points count: =ill" in results["output"]
        suite = ET.fromstring(export(book, "junit", student="nothere")[0])  # noqa: S314 - our own
        assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
        assert {child.tag for case in suite.iter("testcase") for child in case} == {"skipped"}
        (document,) = json.loads(export(book, "json", student="nothere")[0])["results"]
        assert document["term"]["excused"]["why"] == "=ill"


def test_an_excuse_follows_somebody_who_hands_in_under_another_name(path):
    invoke("excuse", path, "nothere", "--why", "ill")
    with Gradebook(path) as book:
        hand_in(begin(book), "herenot", [wrong()], from_canvas(103, "Not Here"))
    found = documents(path)
    assert "nothere" not in found
    assert found["herenot"]["term"]["excused"]["why"] == "ill"
    invoke("excuse", path, "herenot", "--undo", "--why", "well again")
    assert "excused" not in documents(path)["herenot"]["term"]


def test_a_decision_makes_a_plain_folder_part_of_a_term(tmp_path):
    with Gradebook(tmp_path / "p.db") as book:
        hand_in(begin(book), "abc", [passed()])
        assert "term" not in next(select_view(book).documents())
        note_excuses(book, 1, [("abc", Excuse(True, "ill"))])
        assert next(select_view(book).documents())["term"]["excused"]["why"] == "ill"


def test_decisions_are_sealed_and_damage_is_found_and_told(path):
    invoke("excuse", path, "nothere", "--why", "ill")
    invoke("extend", path, "given", "2026-11-09", "--why", "ill")
    for table in ("excuse", "extension"):
        copy = path.with_name(f"{table}.db")
        copy.write_bytes(path.read_bytes())
        with sqlite3.connect(copy) as connection:
            connection.execute(f"UPDATE {table} SET why = 'well'")  # noqa: S608 - our words
        connection.close()
        code, text = invoke("export", copy, "--format", "csv", "-o", f"{copy}.csv")
        assert code == 3
        assert f"its table {table}" in text


# ---------------------------------------------------------------------- tables


def test_a_table_decides_about_many_at_once(path, tmp_path):
    table = tmp_path / "many.csv"
    table.write_text("\ufeffStudent;Due;Reason\n101;2026-11-05;ill\n\n samename ;2026-11-06;\n")
    code, text = invoke("extend", path, "--from", table, "--why", "moved")
    assert code == 0
    assert text.splitlines() == [
        "given: due the end of 2026-11-05 (ill)", "samename: due the end of 2026-11-06 (moved)",
    ]  # fmt: skip
    found = documents(path)
    assert found["given"]["term"]["extended"]["why"] == "ill"
    assert found["samename"]["term"]["extended"]["why"] == "moved"
    table.write_text("e-mail,why\ns@example.org,ill\nnothere,ill too\n")
    code, text = invoke("excuse", path, "--from", table)
    assert (code, text.splitlines()) == (
        0, ["samename: excused, though they handed in (ill)", "nothere: excused (ill too)"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "student,date,why\ngiven,2026-11-05,ill\nnobody,2026-11-05,ill\n",
            r"line 3: nobody, or more than one, in 'hw2' is called 'nobody': name the one",
        ),
        ("student,date,why\ngiven,soon,ill\n", "line 2: 'soon' is no date; write it as"),
        ("student,date,why\ngiven,2026-11-05,\n", "line 2: there is no why"),
        ("student,date,why\ngiven\n", "line 2: there is no date"),
        ("student,date,why\n,2026-11-05,ill\n", "line 2: there is no student"),
        (
            "student,date,why\ngiven,2026-11-05,a\n101,2026-11-06,b\n",
            "line 3: '101' is given, as --from: .*, line 2 says already",
        ),
        ("student,why\ngiven,ill\n", "has no column 'date'; it needs a header with: student, date"),
        ("name,id,date,why\nA,1,2026-11-05,b\n", "which of 'name', 'id' is the student"),
        ("student,date,why\n", "no rows below its header"),
        ("", "is empty: a header and rows are needed"),
        ("a,b\n1,2\n", "has no column 'student'"),
    ],
)
def test_a_table_with_one_wrong_row_decides_nothing_and_says_which(path, tmp_path, text, message):
    table = tmp_path / "many.csv"
    table.write_text(text)
    code, told = invoke("extend", path, "--from", table)
    assert code == 2
    assert "\n" not in told
    assert re.search(message, told), told
    assert count(path, "extension") == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("extend", "nobody", "2026-11-05", "--why", "x"),
            "nobody, or more than one, in 'hw2' is called 'nobody': name the one that you mean",
        ),
        (("excuse", "givven", "--why", "x"), "is called 'givven': did you mean 'given'?"),
        (("extend", "given", "--why", "x"), "no date"),
        (("extend", "given", "2026-11-05", "--undo", "--why", "x"), "leave the date out"),
        (("extend", "given", "2026-11-05"), "needs its reason"),
        (("extend", "given", "soon", "--why", "x"), "'soon' is no date"),
        (("excuse", "--why", "x"), "no student"),
        (("excuse", "given", "--why", " "), "needs its reason"),
        (("excuse", "given", "--from", "x.csv"), "leave out the student"),
        (("excuse", "--from", "none.csv"), "none.csv cannot be read"),
        (("excuse", "given", "--assignment", "hw9", "--why", "x"), "no assignment 'hw9'"),
    ],
)
def test_a_decision_that_makes_no_sense_ends_with_2_and_writes_nothing(path, words, message):
    code, text = invoke(words[0], path, *words[1:])
    assert code == 2
    assert message in text
    assert count(path, "extension") == count(path, "excuse") == 0


def test_of_several_assignments_a_decision_asks_which(path, tmp_path):
    with Gradebook(path) as book:
        hand_in(begin(book, "hw3"), "given", [passed()], from_canvas(101))
    assert "choose with --assignment" in invoke("excuse", path, "given", "--why", "x")[1]
    table = tmp_path / "many.csv"
    table.write_text("student,why\ngiven,x\n")
    assert (
        "choose with --assignment NAME: 'hw2', 'hw3'" in invoke("excuse", path, "--from", table)[1]
    )
    assert invoke("excuse", path, "--from", table, "--assignment", "hw3")[0] == 0
    with Gradebook(path, read_only=True) as book:
        for document in select_view(book, student="given").documents():
            assert ("excused" in document["term"]) == (document["assignment"] == "hw3")


def test_late_days_need_a_rule(path):
    code, text = invoke("export", path, "--format", "csv", "--late-days", 5)
    assert (code, text) == (2, "--late-days: nothing says what is late; add --late RULE")


def test_points_by_hand_are_given_to_many_at_once_or_to_nobody(path, tmp_path):
    table = tmp_path / "points.csv"
    head = "student;exercise;points;why\n"
    rows = "given;conv.im2col;1.5;read by hand\ngiven;pool.flatten;0;copied\n"
    table.write_text(head + rows + "given;conv.im2col;9;too much\n")
    code, told = invoke("override", path, "--from", table)
    assert code == 2
    assert "line 4: 'given' is given" in told
    table.write_text(head + rows.replace("1.5", "9"))
    code, told = invoke("override", path, "--from", table)
    assert code == 2
    assert "line 2: 9 points cannot be given" in told
    with Gradebook(path, read_only=True) as book:
        assert not book.query("SELECT * FROM override")
    table.write_text(head + rows)
    code, told = invoke("override", path, "--from", table)
    assert code == 0, told
    assert "pool.flatten: 0 of 1 point (copied)" in told
    with Gradebook(path, read_only=True) as book:
        found = book.query("SELECT exercise, points, why FROM override ORDER BY id")
    assert found == [("conv.im2col", 1.5, "read by hand"), ("pool.flatten", 0.0, "copied")]


def test_a_reason_with_a_comma_is_whole_or_refused(path, tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("student,exercise,points,why\ngiven,conv.im2col,1,ill, with a note\n")
    code, told = invoke("override", path, "--from", table)
    assert (code, "line 2: there are more cells than titles" in told) == (2, True)
    table.write_text('student,exercise,points,why\ngiven,conv.im2col,-0,"ill, with a note"\n')
    code, told = invoke("override", path, "--from", table)
    assert (code, "0 of 2 points (ill, with a note)" in told, "-0" in told) == (0, True, False)


def test_a_decision_about_points_that_lacks_something_says_what(path):
    code, told = invoke("override", path, "given", "--why", "x")
    assert (code, "no exercise: write `dlgrade override" in told) == (2, True)
    code, told = invoke("override", path, "given", "conv.im2col", "--why", "x")
    assert (code, "no points: write `dlgrade override" in told) == (2, True)


def points_of(path, name):
    (first, *_) = documents(path)[name]["exercises"]
    return first["earned"]


def test_points_may_have_a_decimal_comma_where_only_one_number_can_be_meant(path, tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("student;exercise;points;why\n101;conv.im2col;1,5;x\n102;conv.im2col;,25;x\n")
    code, told = invoke("override", path, "--from", table)
    assert (code, told) == (
        2, f"--from: {table}, line 3: ',25' is neither a number of points nor 'graded'"
    )  # fmt: skip
    table.write_text(table.read_text().replace(",25", "0,25"))
    assert invoke("override", path, "--from", table)[0] == 0
    assert [points_of(path, name) for name in ("given", "samename")] == [1.5, 0.25]
    assert invoke("override", path, "given", "conv.im2col", "0,5", "--why", "x")[0] == 0
    assert points_of(path, "given") == 0.5
    code, told = invoke("override", path, "given", "conv.im2col", "1,000", "--why", "x")
    doubt = "'1,000' may be a number of thousands or have a decimal comma"
    assert (code, told) == (2, f"{doubt}: write it with a decimal point")


@pytest.mark.parametrize("points", ["-1", "-0,5", "-1.25"])
def test_points_below_nothing_are_refused_as_points_and_not_as_an_option(path, points):
    for words in (("--why", "x", "given", "conv.im2col", points),
                  ("given", "conv.im2col", points, "--why", "x")):  # fmt: skip
        code, told = invoke("override", path, *words)
        assert (code, told) == (
            2, f"{points} points cannot be given: the exercise is worth 0 to 2"
        )  # fmt: skip
    code, told = invoke("override", path, "given", "conv.im2col", "1", "--wy", "x")
    assert code == 2
    assert "No such option: --wy" in told
