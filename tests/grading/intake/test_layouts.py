"""What each platform hands out, as its documentation has it, is read without a hand touching it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from grader.errors import SubmissionError, UsageError
from grader.grading.intake.layouts import detect_layout, find_all, find_layouts
from grader.grading.intake.packages import read_package

METADATA = """\
---
submission_201:
  :submitters:
  - :name: Given Example
    :sid: '3031'
    :email: given@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-02 09:30:00.123456789 Z
  :score: 3.0
  :status: processed
  :results: {tests: [{name: a, score: 1.0}]}
  :history: []
submission_202:
  :submitters:
  - :name: Another Samename
    :sid: '3032'
    :email: another@example.org
  - :name: Given Example
    :sid: '3033'
    :email: given.example.2@example.org
  :created_at: 2026-11-03 10:00:00.180363000 Z
"""

GRADES = """\
"assignment_name","github_username","roster_identifier","student_repository_name",\
"submission_timestamp","points_awarded"
"hw2","octocat","given@example.org","hw2-octocat","2026-11-02 09:30:00 UTC","0"
"""


def put(folder, path, text="x = 1\n", when=None):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if when is not None:
        stamp = datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp()
        os.utime(file, (stamp, stamp))


def texts(submission):
    package = read_package(submission)
    return {name: content.decode() for name, content in package.files.items()}


def by_name(folder, **options):
    found = find_all(folder, **options)
    return {one.name: one for one in found.submissions}, found.skipped


def test_canvas_puts_a_students_flat_files_together_again(tmp_path):
    put(tmp_path, "examplegiven_101_9001_conv.py", "first\n", "2026-11-01T10:00:00")
    put(tmp_path, "examplegiven_101_9007_conv-1.py", "second\n", "2026-11-02T10:00:00")
    put(tmp_path, "examplegiven_101_9002_pool.py", "pool\n", "2026-11-01T11:00:00")
    put(tmp_path, "roeeric_LATE_102_9003_hw.zip", "zip\n")
    put(tmp_path, "von_der_tannö_103_9004_my_notes-2.py")
    put(tmp_path, "anon_x7Yz2_9005_conv.py")
    put(tmp_path, "late_anon_k2k2k_9006_conv.ipynb")
    put(tmp_path, "texttina_104_text.html")
    assert detect_layout(tmp_path) == "canvas"
    found, skipped = by_name(tmp_path)
    assert texts(found["examplegiven"]) == {"conv.py": "second\n", "pool.py": "pool\n"}
    delivery = found["examplegiven"].delivery
    assert (delivery.person.key, delivery.marked_late) == ("101", False)
    assert delivery.came_in == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert (found["roeeric"].kind, found["roeeric"].delivery.marked_late) == ("zip", True)
    assert list(texts(found["von_der_tannö"])) == ["my_notes.py"]
    assert found["anon_x7Yz2"].delivery.person.key == "x7Yz2"
    assert found["anon_k2k2k"].kind == "notebook"
    assert found["anon_k2k2k"].delivery.marked_late
    assert [name for name, _ in skipped] == ["texttina_104_text.html"]


@pytest.mark.parametrize("ending", ["_assignsubmission_file_", "_assignsubmission_file"])
def test_moodle_hands_out_a_folder_for_each_participant(tmp_path, ending):
    put(tmp_path, f"Given Example_17{ending}/conv.py", when="2026-11-02T10:00:00")
    put(tmp_path, f"Zé O'Name-Öz_18{ending}/handed in/hw.zip")
    put(tmp_path, f"Later Waiting_19{ending}/essay.pdf")
    put(tmp_path, "Later Waiting_19_assignsubmission_onlinetext_/onlinetext.html")
    put(tmp_path, "Given Example_20_assignsubmission_file_pool.py", "flat\n")
    assert detect_layout(tmp_path) == "moodle"
    found, skipped = by_name(tmp_path)
    assert list(found) == ["Given Example (17)", "Given Example (20)", "Zé O'Name-Öz"]
    assert found["Given Example (17)"].delivery.came_in == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert texts(found["Given Example (20)"]) == {"pool.py": "flat\n"}
    assert (found["Zé O'Name-Öz"].kind, found["Zé O'Name-Öz"].delivery.person.key) == ("zip", "18")
    assert len(skipped) == 2


def test_gradescope_says_in_its_metadata_who_and_when(tmp_path):
    put(tmp_path, "submission_metadata.yml", METADATA)
    put(tmp_path, "submission_201/conv.py")
    put(tmp_path, "submission_202/conv.py")
    put(tmp_path, "submission_203/conv.py", when="2026-11-04T10:00:00")
    assert detect_layout(tmp_path) == "gradescope"
    found, skipped = by_name(tmp_path)
    assert list(found) == [
        "Another Samename",
        "Given Example (3031)",
        "Given Example (3033)",
        "submission_203",
    ]
    assert not skipped
    assert found["Another Samename"].path == found["Given Example (3033)"].path
    delivery = found["Another Samename"].delivery
    assert (delivery.person.key, delivery.person.email) == ("3032", "another@example.org")
    assert delivery.came_in == datetime(2026, 11, 3, 10, 0, 0, 180363, tzinfo=UTC)
    first = found["Given Example (3031)"].delivery.came_in
    assert first == datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC)
    assert found["submission_203"].delivery.came_in == datetime(2026, 11, 4, 10, tzinfo=UTC)


def test_of_two_submissions_of_one_student_the_newer_counts_and_the_other_is_named(tmp_path):
    again = METADATA.replace("submission_202", "submission_204").replace("11-03", "11-09")
    put(tmp_path, "submission_metadata.yml", METADATA + again.partition("history: []\n")[2])
    put(tmp_path, "submission_204/conv.py", "newer\n")
    put(tmp_path, "submission_202/conv.py", "older\n")
    found, skipped = by_name(tmp_path)
    assert texts(found["Another Samename"]) == {"conv.py": "newer\n"}
    assert ("submission_202", "an older one of Another Samename") in skipped


def test_gradescopes_metadata_is_data_and_never_runs_anything(tmp_path):
    mark = tmp_path / "ran"
    bad = f"submission_1: !!python/object/apply:os.system ['touch {mark}']\n"
    put(tmp_path, "submission_metadata.yml", bad)
    put(tmp_path, "submission_1/conv.py")
    found, _ = by_name(tmp_path)
    assert list(found) == ["submission_1"]
    assert not mark.exists()
    put(tmp_path, "submission_metadata.yml", "a: [unclosed")
    with pytest.raises(SubmissionError, match=r"submission_metadata\.yml cannot be read"):
        find_all(tmp_path)


def test_classrooms_repositories_are_named_after_their_owners(tmp_path):
    folder = tmp_path / "hw2-submissions"
    for login in ("octocat", "abc-l", "alan"):
        put(folder, f"hw2-{login}/conv.py")
        put(folder, f"hw2-{login}/.git/HEAD", "ref: refs/heads/main\n")
    put(folder, "grades.csv", GRADES)
    assert detect_layout(folder) == "classroom"
    found, _ = by_name(folder)
    assert list(found) == ["abc-l", "alan", "octocat"]
    assert list(texts(found["octocat"])) == ["conv.py"]
    assert found["octocat"].delivery.came_in == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert found["octocat"].delivery.person.name == "given@example.org"


def test_plain_folders_stay_what_they_were(tmp_path):
    put(tmp_path, "abc/conv.py", when="2026-11-02T10:00:00")
    put(tmp_path, "bob_1_2_3.zip")
    assert detect_layout(tmp_path / "abc") == "folders"
    found, _ = by_name(tmp_path, layout="folders")
    assert list(found) == ["abc", "bob_1_2_3"]
    assert found["abc"].delivery.came_in == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_links_and_strangers_are_no_submissions_in_any_layout(tmp_path):
    outside = tmp_path / "secret.py"
    outside.write_text("secret\n")
    layouts = find_layouts()
    assert {"folders", "canvas", "moodle", "gradescope", "classroom"} <= set(layouts)
    for layout in layouts:
        folder = tmp_path / layout
        folder.mkdir()
        (folder / "examplegiven_101_9001_conv.py").symlink_to(outside)
        (folder / "Given_17_assignsubmission_file_").symlink_to(tmp_path)
        (folder / "submission_1").symlink_to(tmp_path)
        (folder / "hw2-abc").symlink_to(tmp_path)
        found, skipped = by_name(folder, layout=layout)
        assert not found
        assert layout == "classroom" or len(skipped) >= 1


def test_a_name_is_kept_for_the_whole_term_and_never_given_twice(tmp_path):
    put(tmp_path, "examplegiven_101_1_conv.py")
    found, _ = by_name(tmp_path, known={"101": "Given"})
    assert list(found) == ["Given"]
    found, _ = by_name(tmp_path, known={"999": "examplegiven"})
    assert list(found) == ["examplegiven (101)"]


def test_an_unknown_layout_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(UsageError, match="auto, canvas, classroom, folders, gradescope, moodle"):
        find_all(tmp_path, "blackboard")
