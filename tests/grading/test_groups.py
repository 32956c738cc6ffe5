"""`dlgrade grade` pays a team's members, and nobody else, as soon as it is told who they are."""

from __future__ import annotations

from classes import RIGHT, grade, make_class, results

WORKSHEET = """Identifier,Full name,Email address,Last modified (submission)
Participant 17,Somebody Else,s@x.org,-
Participant 40,Member One,m1@x.org,"Monday, 2 November 2026, 10:59 PM"
Participant 41,\u05e0\u05e2\u05dd Two,m2@x.org,"Monday, 2 November 2026, 10:59 PM"
"""


def earned(book):
    return {name: (one["earned"], one["complete"]) for name, one in results(book).items()}


def test_a_moodle_team_is_nobodys_until_it_is_said_who_is_in_it(tmp_path):
    folder = make_class(tmp_path / "hw", **{"Team A_17_assignsubmission_file_": RIGHT})
    (tmp_path / "w.csv").write_bytes(WORKSHEET.encode("utf-16"))
    (tmp_path / "groups.csv").write_text("team;member\nTeam A;Member One\nTeam A;m2@x.org\n")
    book = tmp_path / "g.db"
    first = grade(folder, book, "--seed", 5, "--roster", tmp_path / "w.csv")
    assert first.returncode == 3, first.stderr
    assert "17 is Somebody Else on the roster, and that is not Team A: say with" in first.stdout
    assert "handed in nothing:" not in first.stdout
    assert "name from 'Full name', id from 'Identifier'" in first.stderr
    assert "3 people, UTF-16" in first.stderr
    assert earned(book)["Team A"] == (1.0, True)
    assert {one for name, one in earned(book).items() if name != "Team A"} == {(0.0, False)}
    words = ("--groups", tmp_path / "groups.csv", "--times", tmp_path / "w.csv")
    second = grade(folder, book, "--roster", tmp_path / "w.csv", *words)
    assert second.returncode == 0, second.stderr
    assert second.stdout.count("graded before") == 2
    assert "\u2068\u05e0\u05e2\u05dd Two\u2069: graded before" in second.stdout
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
