"""Files of Google Classroom belong to the name in front, and Takeout is looked into."""

from __future__ import annotations

from layoutfiles import by_name, put, texts

from grader.grading.intake.layouts import detect_layout


def test_googles_files_are_those_whose_name_is_in_front_and_no_others(tmp_path):
    put(tmp_path, "Ada A - Homework 2.ipynb")
    put(tmp_path, "Copy of Ben B - conv.py")
    put(tmp_path, "Cem C - hw2/conv.py")
    put(tmp_path, "conv (1).py")
    assert detect_layout(tmp_path) == "google"
    found, skipped = by_name(tmp_path)
    assert list(found) == ["Ada A", "Ben B", "Cem C"]
    assert list(texts(found["Ben B"])) == ["Copy of conv.py"]
    assert found["Ada A"].kind == "notebook"
    assert [(one.name, one.is_work) for one in skipped] == [("conv (1).py", True)]
    form = tmp_path / "form"
    for name in ("Ada", "Ben"):
        put(form, f"hw2 - {name}.py")
    assert detect_layout(form) != "google"  # what a form collects has the name behind


def test_takeout_is_looked_into_and_what_lies_beside_is_told(tmp_path):
    inside = "Takeout/Classroom/Deep Learning/Homework 2"
    put(tmp_path, f"{inside}/Ada A - conv.py")
    put(tmp_path, f"{inside}/conv.py")
    put(tmp_path, "Takeout/archive_browser.html")
    put(tmp_path, "Takeout/Mail/inbox.txt")
    assert detect_layout(tmp_path) == "google"
    found, skipped = by_name(tmp_path)
    assert list(found) == ["Ada A"]
    assert {one.name: one.is_work for one in skipped} == {
        "archive_browser.html": False, "Mail": True, "conv.py": True,
    }  # fmt: skip
