"""What each platform hands out, as its documentation has it, is read without a hand touching it."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from handins import FATES, GUESSED, PACKED_AT, work
from hypothesis import given, settings
from hypothesis import strategies as st
from inboxes import PLATFORMS, WITH_TEAMS, make_class
from inboxfigures import figures, meant, recognised, seen

from grader.errors import SubmissionError, UnreadableError, UsageError
from grader.gradebook.people.delivery import Recognition, TimeSource
from grader.gradebook.people.tables import MAX_BYTES
from grader.grading.intake.layouts import detect_layout, find_all, find_layouts, gradescope
from grader.grading.intake.packages import read_package
from grader.grading.intake.submissions import TWINS

CLASSES = [(name, False) for name in PLATFORMS] + [(name, True) for name in WITH_TEAMS]

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


def told(skipped):
    """Return why each entry is not graded, and whether it may be somebody's work."""
    return {one.name: (one.reason, one.is_work) for one in skipped}


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


# ----------------------------------------------------------------------------- each platform


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


def test_each_member_of_a_classroom_team_is_known(tmp_path):
    folder = tmp_path / "hw2-submissions"
    rows = ["github_username,student_repository_name,submission_timestamp,group_name"]
    rows += [f"octo{n},hw2-team-{'ab'[n > 2]},2026-11-02 09:30:00 UTC,Team" for n in (1, 2, 3, 4)]
    rows += ["octo5,hw2-team-z,2026-11-02 09:30:00 UTC,Team Z"]
    put(folder, "grades.csv", "\n".join(rows) + "\n")
    for team in "abc":
        put(folder, f"hw2-team-{team}/conv.py")
    put(folder, "by mail/conv.py")
    assert detect_layout(folder) == "classroom"
    found, skipped = by_name(folder)
    assert list(found) == ["octo1", "octo2", "octo3", "octo4", "team-c"]
    assert {one.delivery.team for one in found.values()} == {"Team", "team-c"}
    assert [one.delivery.files[0][-1] for one in found.values()] == list("aabbc")
    assert found["team-c"].delivery.person.ids == ()  # nobody says who is in it
    assert {one.name: one.student for one in skipped if one.is_work} == {
        "hw2-team-z": "octo5", "by mail": "",
    }  # fmt: skip
    assert "--per-page" in told(skipped)["hw2-team-z"][0]


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


def test_canvas_files_that_their_author_numbered_are_two_files(tmp_path):
    for name in ("annx_1001_9001_part-1.py", "annx_1001_9002_part-2.py"):
        (tmp_path / name).write_text("x = 1\n")
    (found,) = find_all(tmp_path, "canvas").submissions
    assert [name for name, _ in found.files] == ["part-1.py", "part-2.py"]


def test_canvas_never_takes_two_names_for_one_student(tmp_path):
    for name in ("ann_2026_1_conv.py", "bob_2026_2_conv.py", "cyd_2026_3_conv.py"):
        (tmp_path / name).write_text("x = 1\n")
    assert len(find_all(tmp_path, "canvas").submissions) == 3


def test_brightspace_believes_no_date_that_a_student_wrote_into_a_files_name(tmp_path):
    (tmp_path / "12345-678 - Ann Bee - Nov 1, 2020 1059 PM - conv.py").write_text("x = 1\n")
    (tmp_path / "12346-678 - Bob Cee - conv.py").write_text("x = 1\n")
    assert [one.delivery.judged_at for one in find_all(tmp_path, "brightspace").submissions] == [
        None, None,
    ]  # fmt: skip
