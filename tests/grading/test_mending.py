"""A damaged gradebook: whoever reads it says so and ends with 3, and grading mends it."""

from __future__ import annotations

import shutil

from classes import RIGHT, WRONG, dlgrade, grade, make_class, without_times
from damage import change

RESULT = "UPDATE fact SET status = 'passed' WHERE content IN (SELECT content FROM submission "
RESULT += "WHERE name = 'bob')"
DELIVERY = "UPDATE delivery SET submission = 'eve' WHERE submission = 'ada'"


def test_damage_is_told_by_whoever_reads_and_mended_by_the_next_run(tmp_path):
    folder, book = make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG), tmp_path / "g.db"
    assert grade(folder, book).returncode == 0
    before = without_times(book)
    change(book, RESULT, DELIVERY)
    copy = tmp_path / "copy.db"
    for words in (["show"], ["export"], ["report"], ["feedback"]):
        shutil.copyfile(book, copy)
        more = {"export": ["--format", "csv"], "show": []}.get(
            words[0], ["-o", tmp_path / words[0]]
        )
        done = dlgrade(*words, copy, *more)
        assert done.returncode == 3, done.stderr
        table, bob = done.stderr.splitlines()
        assert table == (
            f"dlgrade: {copy} is damaged (its table delivery (ada)): what was written there is "
            "known, and the next `dlgrade grade` mends it"
        )
        assert bob == "dlgrade: hw: the result of bob is damaged: grade it again"
        assert copy.read_bytes() == book.read_bytes()
    done = grade(folder, book)
    assert done.returncode == 0, done.stderr
    said = done.stdout.partition("mended in the gradebook:\n")[2].splitlines()
    assert said[0].endswith("known, and it is written anew")
    assert said[1] == "  the result of bob was damaged: graded again"
    assert without_times(book) == before
    assert "mended" not in grade(folder, book).stdout


def test_how_files_were_read_is_found_out_again(tmp_path):
    folder, book = make_class(tmp_path / "hw", ada=RIGHT, bob=WRONG), tmp_path / "g.db"
    (folder / "ada" / "conv.py").rename(folder / "ada" / "conv (1).py")
    assert grade(folder, book).returncode == 0
    before = without_times(book)
    assert "graded conv (1).py as conv.py" in str(before)
    change(book, "DELETE FROM reading", "UPDATE submission SET warnings = '['")
    done = grade(folder, book)
    assert done.returncode == 0, done.stderr
    assert "the result of ada was damaged: graded again" in done.stdout
    assert without_times(book) == before
