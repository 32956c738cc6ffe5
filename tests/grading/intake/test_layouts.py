"""What each platform hands out, as its documentation has it, is read without a hand touching it."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from handins import FATES, GUESSED, PACKED_AT, work
from hypothesis import given, settings
from hypothesis import strategies as st
from inboxes import PLATFORMS, WITH_TEAMS, make_class
from inboxfigures import figures, meant, recognised, seen
from layoutfiles import GRADES, METADATA, by_name, put, told

from grader.errors import UsageError
from grader.gradebook.people.delivery import Recognition, TimeSource
from grader.grading.intake.layouts import detect_layout, find_all, find_layouts

CLASSES = [(name, False) for name in PLATFORMS] + [(name, True) for name in WITH_TEAMS]


# ----------------------------------------------------------------------------- whole classes


@pytest.mark.parametrize(("platform", "teams"), CLASSES)
@pytest.mark.parametrize("seed", [1, 2])
def test_of_a_class_nobody_is_lost_and_all_that_its_platform_says_is_known(
    tmp_path, platform, teams, seed
):
    inbox = make_class(platform, tmp_path / "hw2", seed, teams=teams)
    assert detect_layout(inbox.folder) == platform
    found = find_all(inbox.folder)
    shown = [seen(one, platform) for one in found.submissions]
    assert len(shown) >= 18
    assert Counter(shown) == Counter(meant(one) for one in inbox.current)
    older = [one for one in found.skipped if one.delivery.files]
    assert {seen(one, "") for one in older} == {meant(one) for one in inbox.handed if one.older}
    assert not any(one.is_work for one in older)
    beside = {one.name: one.is_work for one in found.skipped if not one.delivery.files}
    assert beside == inbox.beside


@pytest.mark.parametrize(("platform", "teams"), CLASSES)
def test_of_a_class_everything_is_read_guessed_or_named_as_unreadable(tmp_path, platform, teams):
    inbox = make_class(platform, tmp_path / "hw2", 3, teams=teams)
    truth = {meant(one): one.fate for one in inbox.current}
    for place, one in enumerate(find_all(inbox.folder).submissions):
        how = recognised(one, tmp_path / "stages" / str(place))
        assert how == truth[seen(one, platform)], one.delivery.files
    assert set(truth.values()) == set(FATES.values())


@pytest.mark.parametrize(("platform", "teams"), CLASSES)
def test_nobody_is_late_by_the_time_of_a_file(tmp_path, platform, teams):
    inbox = make_class(platform, tmp_path / "hw2", 4, teams=teams)
    for one in find_all(inbox.folder).submissions:
        if one.delivery.came_in == PACKED_AT:
            assert one.delivery.time_source is TimeSource.FILE
        if one.delivery.time_source in (TimeSource.FILE, TimeSource.UNKNOWN):
            assert one.delivery.judged_at is None
    judged = {"gradescope", "classroom", "blackboard", "brightspace"}
    times = [one.delivery.judged_at for one in find_all(inbox.folder).submissions]
    assert all(times) if platform in judged else not any(times)


@given(st.sampled_from(CLASSES), st.integers(0, 10_000), st.integers(2, 14))
@settings(max_examples=40, deadline=None)
def test_for_any_class_those_who_delivered_are_those_who_are_known(chosen, seed, size):
    platform, teams = chosen
    with tempfile.TemporaryDirectory() as name:
        inbox = make_class(platform, Path(name) / "hw2", seed, size, teams=teams)
        found = find_all(inbox.folder, platform)
        shown = [seen(one, platform) for one in found.submissions]
        assert Counter(shown) == Counter(meant(one) for one in inbox.current)
        accounted = [file for one in found.submissions for file in one.delivery.files]
        accounted += [file for one in found.skipped for file in one.noted.files]
        entries = {entry.name for entry in inbox.folder.iterdir()}
        assert set(accounted) == entries
        if not teams:
            assert len(accounted) == len(entries)


def test_a_class_is_the_same_for_the_same_seed(tmp_path):
    first, again, other = (
        make_class("blackboard", tmp_path / name, seed, 12)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first.handed == again.handed != other.handed
    contents = [{p.name: p.read_bytes() for p in (tmp_path / n).glob("*.*")} for n in "abc"]
    assert contents[0] == contents[1] != contents[2]


def test_the_table_of_a_class_adds_up():
    _, entries, students, by_name, by_content, unreadable, _, strange, _ = figures("canvas")
    assert entries > students == by_name + by_content + unreadable
    assert min(by_name, by_content, unreadable, strange) > 0
    assert len(GUESSED) == 6


# ----------------------------------------------------------------------------- detection


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "folders"])
def test_a_download_with_strangers_in_it_is_still_the_platforms(tmp_path, platform):
    inbox = make_class(platform, tmp_path / "hw2", 5, 12)
    before = {seen(one, platform) for one in find_all(inbox.folder).submissions}
    strangers = {"Given_17_assignsubmission_file_conv.py", "sam_1_2_conv.py", "my notes.py"}
    strangers -= {"moodle": {min(strangers)}, "canvas": {max(strangers)}}.get(platform, set())
    for name in strangers:
        put(inbox.folder, name)
    assert detect_layout(inbox.folder) == platform
    found = find_all(inbox.folder)
    assert {seen(one, platform) for one in found.submissions} == before
    strange = {one.name for one in found.skipped if one.is_work} - set(inbox.beside)
    assert strange == strangers
    assert len(strangers) >= 2


def test_one_file_with_another_platforms_name_changes_nothing(tmp_path):
    for number in range(5):
        put(tmp_path, f"someone{number}_10{number}_900{number}_conv.py")
    put(tmp_path, "given_109_9010_HW_ada_attempt_2026-11-01-22-59-59_conv.py")
    put(tmp_path, "given_109_9011_1-2 - Name - Nov 1, 2026 1059 PM - conv.py")
    assert detect_layout(tmp_path) == "canvas"
    plain = tmp_path / "plain"
    for name in ("ada", "ben", "cem"):
        put(plain, f"{name}/conv.py")
    put(plain, "ada_1_2.zip")
    assert detect_layout(plain) == "folders"


# ----------------------------------------------------------------------------- any layout


def test_plain_folders_stay_what_they_were(tmp_path):
    put(tmp_path, "abc/conv.py", when="2026-11-02T10:00:00")
    put(tmp_path, "bob_1_2_3.zip")
    assert detect_layout(tmp_path / "abc") == "folders"
    found, _ = by_name(tmp_path, layout="folders")
    assert list(found) == ["abc", "bob_1_2_3"]
    assert found["abc"].delivery.came_in == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert found["abc"].delivery.time_source is TimeSource.FILE


@pytest.mark.parametrize("path", ["hw1/conv.py", "hw1/exercises/conv.py", "conv.ipynb", "c.zip"])
def test_a_folder_is_read_whatever_is_in_it(tmp_path, path):
    form = {"conv.ipynb": "notebook", "c.zip": "zip"}.get(path, "conv.py")
    (data,) = work(form, "").values()
    put(tmp_path / "class", f"ada/{path}", "")
    (tmp_path / "class" / "ada" / path).write_bytes(data)
    (one,) = find_all(tmp_path / "class").submissions
    assert recognised(one, tmp_path / "stage") == Recognition.NAME


def test_links_and_strangers_are_no_submissions_in_any_layout(tmp_path):
    outside = tmp_path / "secret.py"
    outside.write_text("secret\n")
    layouts = find_layouts()
    assert set(PLATFORMS) == set(layouts)
    for layout in layouts:
        folder = tmp_path / layout
        folder.mkdir()
        (folder / "examplegiven_101_9001_conv.py").symlink_to(outside)
        (folder / "Given_17_assignsubmission_file_").symlink_to(tmp_path)
        (folder / "submission_1").symlink_to(tmp_path)
        (folder / "hw2-abc").symlink_to(tmp_path)
        found, skipped = by_name(folder, layout=layout)
        assert not found
        assert {one.name for one in skipped} == {entry.name for entry in folder.iterdir()}
        assert layout == "folders" or told(skipped)["hw2-abc"][1]


def test_a_name_is_kept_for_the_whole_term_and_never_given_twice(tmp_path):
    put(tmp_path, "examplegiven_101_1_conv.py")
    found, _ = by_name(tmp_path, known={"101": "Given"})
    assert list(found) == ["Given"]
    found, _ = by_name(tmp_path, known={"999": "examplegiven"})
    assert list(found) == ["examplegiven (101)"]


def test_a_team_does_not_get_the_name_of_whoever_has_its_number(tmp_path):
    put(tmp_path, "Team A_17_assignsubmission_file/conv.py")
    put(tmp_path, "Ben B_18_assignsubmission_file/conv.py")
    found, _ = by_name(tmp_path, known={"17": "Ada Example", "18": "Participant 18"})
    assert list(found) == ["Participant 18", "Team A"]


def test_whoever_is_listed_twice_has_handed_in_once(tmp_path):
    row = GRADES.splitlines(keepends=True)[-1]
    put(tmp_path / "c", "grades.csv", GRADES + row)
    put(tmp_path / "c", "hw2-octocat/conv.py")
    assert find_all(tmp_path / "c").submissions[0].kind == "folder"
    twice = METADATA.replace("Another Samename", "Given Example").replace("3032", "3033")
    put(tmp_path / "g", "submission_metadata.yml", twice.replace("another@", "given.example.2@"))
    put(tmp_path / "g", "submission_202/conv.py")
    (one,) = find_all(tmp_path / "g").submissions
    assert (one.kind, one.delivery.team) == ("folder", "")


def test_an_unknown_layout_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(UsageError, match="auto, blackboard, brightspace, canvas, classroom"):
        find_all(tmp_path, "whiteboard")
