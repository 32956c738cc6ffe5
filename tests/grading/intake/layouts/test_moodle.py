"""Moodle's folders are known by participant, and teams by their names."""

from __future__ import annotations

import pytest
from layoutfiles import by_name, put, texts, told

from grader.grading.intake.layouts import detect_layout


@pytest.mark.parametrize("ending", ["_assignsubmission_file_", "_assignsubmission_file"])
def test_moodle_hands_out_a_folder_for_each_participant(tmp_path, ending):
    put(tmp_path, f"Given Example_17{ending}/conv.py", when="2026-11-02T10:00:00")
    put(tmp_path, f"Zé O'Name-Öz_18{ending}/handed in/hw.zip")
    put(tmp_path, f"Later Waiting_19{ending}/essay.pdf")
    put(tmp_path, "Later Waiting_19_assignsubmission_onlinetext_/onlinetext.html")
    put(tmp_path, "Given Example_20_assignsubmission_file_pool.py", "flat\n")
    assert detect_layout(tmp_path) == "moodle"
    found, skipped = by_name(tmp_path)
    assert list(found) == [
        "Given Example (17)", "Given Example (20)", "Later Waiting", "Zé O'Name-Öz",
    ]  # fmt: skip
    assert found["Given Example (17)"].delivery.judged_at is None
    assert texts(found["Given Example (20)"]) == {"pool.py": "flat\n"}
    assert found["Zé O'Name-Öz"].delivery.person.key == "18"
    assert list(texts(found["Later Waiting"])) == ["essay.pdf"]
    assert told(skipped) == {
        "Later Waiting_19_assignsubmission_onlinetext_": (
            "text typed into Moodle, beside files", False,
        )
    }  # fmt: skip


def test_moodles_teams_have_a_name_and_only_those_in_no_group_are_known_as_one(tmp_path):
    put(tmp_path, "Team A_17_assignsubmission_file/conv.py")
    put(tmp_path, "Default group_assignsubmission_file/conv.py")
    found, _ = by_name(tmp_path)
    assert found["Team A"].delivery.person.name == "Team A"
    assert found["Default group"].delivery.team == "Default group"
    assert found["Default group"].delivery.person.ids == ()


@pytest.mark.parametrize("word", ["Participant", "Teilnehmerin"])
def test_where_moodle_hides_names_there_is_a_number_and_no_name(tmp_path, word):
    put(tmp_path, f"{word}_17_assignsubmission_file/conv.py")
    put(tmp_path, f"{word}_18_assignsubmission_file/conv.py")
    found, _ = by_name(tmp_path)
    people = [one.delivery.person for one in found.values()]
    assert list(found) == [f"{word} 17", f"{word} 18"]
    assert [(one.name, one.ids) for one in people] == [("", ("17",)), ("", ("18",))]
