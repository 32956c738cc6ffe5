"""Gradescope's metadata says who and when; it is data, and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from layoutfiles import METADATA, by_name, put, texts

from grader.errors import SubmissionError, UnreadableError
from grader.gradebook.people.tables import MAX_BYTES
from grader.grading.intake.layouts import detect_layout, find_all, gradescope
from grader.grading.intake.packages import read_package
from grader.grading.intake.submissions import TWINS


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
    assert not any(one.is_work for one in skipped)
    teams = [one.delivery.team for one in found.values()]
    assert teams == ["submission_202", "", "submission_202", ""]
    assert found["Another Samename"].path == found["Given Example (3033)"].path
    delivery = found["Another Samename"].delivery
    assert (delivery.person.key, delivery.person.email) == ("3032", "another@example.org")
    assert delivery.came_in == datetime(2026, 11, 3, 10, 0, 0, 180363, tzinfo=UTC)
    first = found["Given Example (3031)"].delivery.came_in
    assert first == datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC)
    assert found["submission_203"].delivery.judged_at is None


def test_what_gradescopes_metadata_names_and_the_download_lacks_is_told(tmp_path):
    put(tmp_path, "submission_metadata.yml", METADATA)
    put(tmp_path, "submission_201/conv.py")
    found, skipped = by_name(tmp_path)
    assert list(found) == ["Given Example"]
    lost = [(one.name, one.student, one.is_work) for one in skipped if one.is_work]
    assert lost == [
        ("submission_202", "Another Samename", True), ("submission_202", "Given Example", True),
    ]  # fmt: skip


def test_of_two_submissions_of_one_student_the_newer_counts_and_the_other_is_named(tmp_path):
    again = METADATA.replace("submission_202", "submission_204").replace("11-03", "11-09")
    put(tmp_path, "submission_metadata.yml", METADATA + again.partition("history: []\n")[2])
    put(tmp_path, "submission_204/conv.py", "newer\n")
    put(tmp_path, "submission_202/conv.py", "older\n")
    found, skipped = by_name(tmp_path)
    assert texts(found["Another Samename"]) == {"conv.py": "newer\n"}
    older = {(one.name, one.reason, one.student) for one in skipped}
    name = "Another Samename"
    assert ("submission_202", f"an older one of {name}", name) in older


def test_of_two_deliveries_without_a_time_nobody_knows_which_is_meant(tmp_path):
    text = METADATA.replace("submission_202", "submission_204").replace(":created_at", ":when")
    again = text.partition("history: []\n")[2]
    put(tmp_path, "submission_metadata.yml", METADATA + again)
    for number in (202, 204):
        put(tmp_path, f"submission_{number}/conv.py")
    found, skipped = by_name(tmp_path)
    assert found["Another Samename"].kind == TWINS
    assert found["Another Samename"].delivery.files == ("submission_202", "submission_204")
    with pytest.raises(UnreadableError, match="submission_202 and submission_204; keep one"):
        read_package(found["Another Samename"])
    assert sum(one.is_work for one in skipped if one.student == "Another Samename") == 2


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


def read_metadata(folder, text):
    put(folder, "submission_metadata.yml", text)
    put(folder, "submission_1/conv.py")
    (one,) = find_all(folder).submissions
    return one


def test_a_number_of_gradescopes_metadata_is_text_and_keeps_its_zeros(tmp_path):
    person = "  - :name: 12:30\n    :sid: 0071\n    :email: ~\n"
    one = read_metadata(tmp_path, f"submission_1:\n  :submitters:\n{person}")
    person = one.delivery.person
    assert (person.name, person.key, person.email) == ("12:30", "0071", "")


@pytest.mark.parametrize("text", [
    f"submission_1: {{a: 1{':1' * 700_000}}}\n",
    "a: &a {x: 1}\n" + "".join(
        f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 12)}], {new}: 1}}\n"
        for old, new in pairwise("abcdefghijkl")
    ) + "submission_1: *l\n",
    "a: &a [x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 12)}]\n"
        for old, new in pairwise("abcdefghijkl")
    ) + "submission_1: {':submitters': [{':name': *l, ':sid': *l}]}\n",
], ids=["base 60", "merged", "repeated"])  # fmt: skip
def test_gradescopes_metadata_never_grows_when_it_is_read(tmp_path, text):
    one = read_metadata(tmp_path, text)
    assert one.name == "submission_1"
    assert not one.delivery.person.name


def test_gradescopes_metadata_that_is_no_file_or_of_no_class_is_one_line(tmp_path, monkeypatch):
    put(tmp_path, "submission_1/conv.py")
    file = tmp_path / "submission_metadata.yml"
    os.mkfifo(file)
    with pytest.raises(SubmissionError, match=r"submission_metadata\.yml cannot be read: it is no"):
        find_all(tmp_path)
    file.unlink()
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(SubmissionError, match="cannot be read: it is larger than 16 MiB"):
        find_all(tmp_path)
    many = "a: &a [{':name': x}, {':name': y}]\n"
    many += "".join(f"submission_{n}: {{':submitters': *a}}\n" for n in range(3))
    monkeypatch.setattr(gradescope, "MAX_PEOPLE", 5)
    file.write_text(many)
    with pytest.raises(SubmissionError, match="it names more people than any class has"):
        find_all(tmp_path)
