"""Brightspace writes a time into the names of folders, and into those of flat files none."""

from __future__ import annotations

from datetime import datetime

import pytest
from layoutfiles import by_name, put, texts, told

from grader.gradebook.people.delivery import TimeSource
from grader.grading.intake.layouts import detect_layout, find_all


@pytest.mark.parametrize("clock", ["1059 PM", "10-59 PM", "2259"])
def test_brightspaces_folders_have_a_time_in_their_names(tmp_path, clock):
    put(tmp_path, f"100001-654321 - Given Example - Nov 1, 2026 {clock}/hw2.zip")
    put(tmp_path, "100001-654321 - Given Example - Oct 31, 2026 959 AM/conv.py")
    put(tmp_path, f"100002-654321 - Mary-Ann O. - Nov 1, 2026 {clock}/conv.py")
    put(tmp_path, "100003-654321 - Jean Dupont - 1 nov. 2026 22 59/conv.py")
    put(tmp_path, "index.html")
    assert detect_layout(tmp_path) == "brightspace"
    found, skipped = by_name(tmp_path)
    assert list(found) == ["Given Example", "Jean Dupont", "Mary-Ann O."]
    delivery = found["Given Example"].delivery
    assert delivery.came_in == datetime(2026, 11, 1, 22, 59).astimezone()
    assert (delivery.time_source, delivery.person.key) == (TimeSource.NAME, "100001")
    assert found["Jean Dupont"].delivery.judged_at is None
    assert told(skipped) == {
        "index.html": ("Brightspace's own list", False),
        "100001-654321 - Given Example - Oct 31, 2026 959 AM": (
            "an older one of Given Example", False,
        ),
    }  # fmt: skip


def test_brightspaces_flat_files_are_put_together_and_a_shared_number_is_nobodys(tmp_path):
    for name in ("Ada A", "Ben B"):
        for file in ("conv.py", "pool - 2.py"):
            put(tmp_path, f"5-9 - {name} - Nov 1, 2026 1205 AM - {file}")
    found, _ = by_name(tmp_path)
    assert found["Ada A"].delivery.judged_at == datetime(2026, 11, 1, 0, 5).astimezone()
    put(tmp_path, "5-9 - Cem C - conv.py")
    found, _ = by_name(tmp_path)
    assert list(found) == ["Ada A", "Ben B", "Cem C"]
    assert list(texts(found["Ada A"])) == ["conv.py", "pool - 2.py"]
    assert found["Ada A"].delivery.judged_at is None  # a file without a date: none is the site's
    assert all(one.delivery.person.ids == () for one in found.values())


def test_brightspace_believes_no_date_that_a_student_wrote_into_a_files_name(tmp_path):
    (tmp_path / "12345-678 - Ann Bee - Nov 1, 2020 1059 PM - conv.py").write_text("x = 1\n")
    (tmp_path / "12346-678 - Bob Cee - conv.py").write_text("x = 1\n")
    assert [one.delivery.judged_at for one in find_all(tmp_path, "brightspace").submissions] == [
        None, None,
    ]  # fmt: skip
