"""Flat files of Canvas are put together by the numbers that Canvas wrote."""

from __future__ import annotations

from layoutfiles import by_name, put, texts, told

from grader.gradebook.people.delivery import TimeSource
from grader.grading.intake.layouts import detect_layout, find_all


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
    assert set(delivery.files) == {
        "examplegiven_101_9002_pool.py", "examplegiven_101_9007_conv-1.py",
    }  # fmt: skip
    assert (delivery.time_source, delivery.judged_at) == (TimeSource.FILE, None)
    assert (found["roeeric"].kind, found["roeeric"].delivery.marked_late) == ("zip", True)
    assert list(texts(found["von_der_tannö"])) == ["my_notes.py"]
    assert found["anon_x7Yz2"].delivery.person.key == "x7Yz2"
    assert found["anon_k2k2k"].kind == "notebook"
    assert found["anon_k2k2k"].delivery.marked_late
    assert list(texts(found["texttina"])) == ["text.html"]
    assert told(skipped) == {"examplegiven_101_9001_conv.py": ("an older conv.py", False)}


def test_canvas_files_that_their_author_numbered_are_two_files(tmp_path):
    for name in ("annx_1001_9001_part-1.py", "annx_1001_9002_part-2.py"):
        (tmp_path / name).write_text("x = 1\n")
    (found,) = find_all(tmp_path, "canvas").submissions
    assert [name for name, _ in found.files] == ["part-1.py", "part-2.py"]


def test_canvas_never_takes_two_names_for_one_student(tmp_path):
    for name in ("ann_2026_1_conv.py", "bob_2026_2_conv.py", "cyd_2026_3_conv.py"):
        (tmp_path / name).write_text("x = 1\n")
    assert len(find_all(tmp_path, "canvas").submissions) == 3
