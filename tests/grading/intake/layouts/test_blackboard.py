"""Blackboard's notes say who, when, and how the files were called."""

from __future__ import annotations

from datetime import UTC, datetime

from layoutfiles import by_name, put, texts

from grader.gradebook.people.delivery import TimeSource
from grader.grading.intake.layouts import detect_layout

NOTE = """\
Name: Given (G.) Example (user_03)
Assignment: HW_2
Date Submitted: {date}
Current Mark: Needs Marking

Submission Field:
Name: Another Person (root)
Date Submitted: Tuesday, 21 April 2020 06:34:13 o'clock GMT
Files:
\tOriginal filename: stolen.py
\tFilename: HW_2_root_attempt_2026-11-01-22-59-59_conv.py

Comments:
There are no student comments for this assignment.

Files:
\tOriginal filename: my conv.py
\tFilename: HW_2_user_03_attempt_2026-11-01-22-59-59_my_conv.py
\tOriginal filename: ../../notes_1.py
\tFilename: HW_2_user_03_attempt_2026-11-01-22-59-59_notes_1.py
"""


def test_blackboards_note_says_who_when_and_how_the_files_were_called(tmp_path):
    head = "HW_2_user_03_attempt_2026-11-01-22-59-59"
    put(tmp_path, f"{head}_my_conv.py")
    put(tmp_path, f"{head}_notes_1.py")
    put(tmp_path, f"{head}.txt", NOTE.format(date="Sunday, 1 November 2026 22:59:59 o'clock CET"))
    put(tmp_path, "HW_2_user_03_attempt_2026-10-01-22-59-59_conv.py", "older\n")
    put(tmp_path, "HW_2_o_o_attempt_2026-11-02-10-00-00_conv.py")
    put(tmp_path, "HW_2_typing_attempt_2026-11-02-10-00-00.txt", "Name: Tina Text (typing)\n")
    assert detect_layout(tmp_path) == "blackboard"
    found, skipped = by_name(tmp_path)
    assert list(found) == ["Given (G.) Example", "Tina Text", "o_o"]
    one = found["Given (G.) Example"]
    assert list(texts(one)) == ["my conv.py", "notes_1.py"]
    assert one.delivery.came_in == datetime(2026, 11, 1, 21, 59, 59, tzinfo=UTC)
    assert one.delivery.time_source is TimeSource.PLATFORM
    assert (one.delivery.person.login, one.delivery.person.key) == ("user_03", "user_03")
    assert found["o_o"].delivery.time_source is TimeSource.NAME
    assert found["o_o"].delivery.came_in == datetime(2026, 11, 2, 10).astimezone()
    assert list(texts(found["Tina Text"])) == ["HW_2_typing_attempt_2026-11-02-10-00-00.txt"]
    (older,) = skipped
    assert (older.student, older.is_work) == ("Given (G.) Example", False)
    assert older.delivery.files == ("HW_2_user_03_attempt_2026-10-01-22-59-59_conv.py",)


def test_what_a_note_of_blackboards_names_and_the_download_lacks_is_told(tmp_path):
    head = "HW_2_user_03_attempt_2026-11-01-22-59-59"
    put(tmp_path, f"{head}_my_conv.py")
    put(tmp_path, f"{head}.txt", NOTE.format(date="Sunday, 1 November 2026 22:59:59 o'clock XYZ"))
    found, skipped = by_name(tmp_path)
    told_of = found["Given (G.) Example"].delivery
    assert told_of.time_source is TimeSource.NAME  # a zone that nobody knows
    assert told_of.came_in == datetime(2026, 11, 1, 22, 59, 59).astimezone()
    assert [(one.name, one.is_work) for one in skipped] == [(f"{head}_notes_1.py", True)]
