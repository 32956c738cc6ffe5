"""`dlgrade grade` pays a team's members, and nobody else, as soon as it is told who they are."""

from __future__ import annotations

from classes import HALF, RIGHT, WRONG, grade, make_class, results

WORKSHEET = """Identifier,Full name,Email address,Last modified (submission)
Participant 17,Somebody Else,s@x.org,-
Participant 40,Member One,m1@x.org,"Monday, 2 November 2026, 10:59 PM"
Participant 41,\u05e0\u05e2\u05dd Two,m2@x.org,"Monday, 2 November 2026, 10:59 PM"
"""


def earned(book):
    return {name: (one["earned"], one["complete"]) for name, one in results(book).items()}


def test_a_moodle_team_is_nobodys_until_it_is_said_who_is_in_it(tmp_path, book):
    folder = make_class(tmp_path / "hw", **{"Team A_17_assignsubmission_file_": RIGHT})
    (tmp_path / "w.csv").write_bytes(WORKSHEET.encode("utf-16"))
    (tmp_path / "groups.csv").write_text("team;member\nTeam A;Member One\nTeam A;m2@x.org\n")
    first = grade(folder, book, "--seed", 5, "--roster", tmp_path / "w.csv")
    assert first.returncode == 3, first.stderr
    assert "17 is Somebody Else on the roster, and that is not Team A: say with" in first.stdout
    assert "handed in nothing:" not in first.stdout
    assert (
        "nobody knows whose these are: Team A; so nobody on the roster gets 0 for handing in "
        "nothing, and cells stay empty until `--groups CSV` says who is in which team"
    ) in first.stdout
    assert "name from 'Full name', id from 'Identifier'" in first.stderr
    assert "3 people, UTF-16" in first.stderr
    assert earned(book)["Team A"] == (1.0, True)
    assert {one for name, one in earned(book).items() if name != "Team A"} == {(0.0, False)}
    words = ("--groups", tmp_path / "groups.csv", "--times", tmp_path / "w.csv")
    second = grade(folder, book, "--roster", tmp_path / "w.csv", *words)
    assert second.returncode == 0, second.stderr
    assert "[1/2] Member One: graded before\n" in second.stdout
    two = "\u2068\u05e0\u05e2\u05dd Two\u2069"
    assert f"[2/2] {two}: the same files as Member One\n" in second.stdout
    assert "handed in nothing: Somebody Else" in second.stdout
    assert "time from 'Last modified (submission)'" in second.stderr
    assert earned(book) == {
        "Member One": (1.0, True), "\u05e0\u05e2\u05dd Two": (1.0, True),
        "Somebody Else": (0.0, True),
    }  # fmt: skip
    delivered = results(book)["Member One"]["delivery"]
    assert (delivered["time_source"], delivered["time"][:4]) == ("times", "2026")


def test_a_table_that_cannot_be_read_stops_the_run_before_it_begins(tmp_path):
    folder = make_class(tmp_path / "hw", alice=RIGHT)
    (tmp_path / "t.csv").write_text("name,submitted_at\nalice,2/11/2026 10:00\n")
    done = grade(folder, tmp_path / "g.db", "--times", tmp_path / "t.csv")
    assert done.returncode == 2
    assert "--times: " in done.stderr
    assert not (tmp_path / "g.db").exists()


def test_what_the_table_of_times_has_and_the_folder_lacks_is_no_zero(tmp_path, book):
    folder = make_class(tmp_path / "hw", **{"Member One_40_assignsubmission_file_": RIGHT})
    (tmp_path / "w.csv").write_text(WORKSHEET)
    words = ("--roster", tmp_path / "w.csv", "--times", tmp_path / "w.csv")
    done = grade(folder, book, "--seed", 5, *words)
    assert done.returncode == 3, done.stderr
    two = "\u2068\u05e0\u05e2\u05dd Two\u2069"
    assert f"skipped {two}: handed in by --times, and not in this folder\n" in done.stdout
    assert f"handed in by --times, and not in this folder: {two}\n" in done.stdout
    assert "handed in nothing: Somebody Else" in done.stdout
    assert earned(book) == {
        "Member One": (1.0, True), "\u05e0\u05e2\u05dd Two": (0.0, False),
        "Somebody Else": (0.0, True),
    }  # fmt: skip
    told = results(book)["\u05e0\u05e2\u05dd Two"]
    assert told["term"]["handed_in"] is True
    assert {one["status"] for one in told["exercises"]} == {"ungraded"}


def test_a_member_who_is_not_on_the_roster_stops_the_run_before_it_begins(tmp_path):
    folder = make_class(tmp_path / "hw", **{"Team A_17_assignsubmission_file_": RIGHT})
    (tmp_path / "w.csv").write_text(WORKSHEET)
    (tmp_path / "groups.csv").write_text("team;member\nTeam A;Member Onne\nTeam A;m2@x.org\n")
    words = ("--roster", tmp_path / "w.csv", "--groups", tmp_path / "groups.csv")
    done = grade(folder, tmp_path / "g.db", *words)
    assert done.returncode == 2
    told = "--groups: not on the roster: Member Onne of Team A: did you mean 'Member One'?"
    assert told in " ".join(done.stderr.split())
    assert not (tmp_path / "g.db").exists()


def test_of_two_who_hand_in_the_same_files_the_second_is_told_as_that(tmp_path, book):
    folder = make_class(tmp_path / "hw", alice=RIGHT, bob=WRONG, carl=HALF, zoe=RIGHT)
    first = grade(folder, book, "--seed", 5)  # alice is done at carl
    assert "[1/4] alice: 1 of 1 point" in first.stdout
    assert "] zoe: the same files as alice\n" in first.stdout
    assert "graded before" not in first.stdout
    second = grade(folder, book).stdout
    for line in ("alice: graded before", "bob: graded before", "zoe: the same files as alice"):
        assert f"] {line}\n" in second
    assert earned(book)["zoe"] == (1.0, True)
