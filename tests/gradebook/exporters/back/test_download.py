"""A name in a download is read as the platform itself will read it."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.exporters.back.download import _canvas, read_canvas_name, read_download
from grader.gradebook.people.person import Person

CANVAS = [
    "examplegiven_1001_9001_conv.py",
    "examplegiven_1001_9002_my_helper.py",
    "roeric_LATE_1002_9003_conv-1.py",
    "typed_1003_text.html",
    "linked_1004_link.html",
    "other_1005_9005_linked.py",
    "plain_1006_9006_Makefile",
    "notes.txt",
]
PAGES = [
    ("examplegiven", "1001", "examplegiven_1001_9002_my_helper.html"),
    ("plain", "1006", "plain_1006_9006_Makefile.html"),
    ("roeric", "1002", "roeric_LATE_1002_9003_conv-1.html"),
]
OTHERS = ["linked_1004_link.html", "notes.txt", "other_1005_9005_linked.py", "typed_1003_text.html"]


def told(download):
    return [(one.person.name, one.person.key, one.path) for one in download.recipients]


def make_folder(path, names):
    path.mkdir()
    for name in names:
        (path / name).parent.mkdir(exist_ok=True, parents=True)
        (path / name).write_text("x")
    return path


def make_zip(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path


def test_canvas_gets_a_page_under_the_name_of_the_newest_file_of_a_student(tmp_path):
    for download in (
        read_download(make_folder(tmp_path / "hw2", CANVAS)),
        read_download(make_zip(tmp_path / "hw2.zip", CANVAS)),
    ):
        assert download.platform == "Canvas"
        assert told(download) == PAGES
        assert list(download.others) == OTHERS


def canvas_itself(name):
    """Return what Canvas's `infer_comment_context_from_filename` finds, told again in Python."""
    parts = [part for part in name.split("_") if part != "LATE"]
    if parts[:1] == ["anon"]:
        student, file = [*parts[1:3], None, None][:2]
    else:
        numbers = [part for part in parts if part and all(c in "0123456789" for c in part)]
        student, file = [*numbers, None, None][:2]
    if (parts and parts[-1].startswith("link")) or name.startswith("._"):
        file = None
    return (student, file) if student and file else None


PART = st.sampled_from(
    ["anon", "LATE", "link", "17", "9001", "a", "conv.py", "link.html", "x-1.py"]
)


@given(st.lists(PART, min_size=1, max_size=7).map("_".join))
def test_a_page_goes_to_whom_canvas_will_give_it(name):
    read = read_canvas_name(name)
    (found,) = _canvas([(name,)]).recipients if read is not None else [None]
    if read is not None:
        person, file = read
        assert found.person == person
        assert canvas_itself(name) == canvas_itself(found.path) == (person.key, str(file))


@pytest.mark.parametrize("tail", ["", "_"])  # as Moodle from 4.1 on writes folders, and before
def test_moodle_gets_a_page_in_each_folder(tmp_path, tail):
    names = [
        f"Given Example_17_assignsubmission_file{tail}/conv.py",
        f"Given Example_17_assignsubmission_onlinetext{tail}/onlinetext.html",
        f"Zé Öz_18_assignsubmission_onlinetext{tail}/onlinetext.html",
        f"Under_Score_19_assignsubmission_file{tail}/conv.py",
        "readme.txt",
    ]
    wanted = [
        ("Given Example", "17", f"Given Example_17_assignsubmission_file{tail}/feedback.html"),
        ("Zé Öz", "18", f"Zé Öz_18_assignsubmission_onlinetext{tail}/feedback.html"),
    ]
    for download in (
        read_download(make_folder(tmp_path / "hw2", names)),
        read_download(make_zip(tmp_path / "hw2.zip", names)),
    ):
        assert download.platform == "Moodle"
        assert told(download) == wanted
        under = f"Under_Score_19_assignsubmission_file{tail}"
        assert list(download.others) == [under, "readme.txt"]


def test_moodle_gets_a_file_with_the_same_front_where_it_made_no_folders(tmp_path):
    names = ["Given Example_17_assignsubmission_file_conv.py", "A B_18_assignsubmission_file_a.py"]
    download = read_download(make_folder(tmp_path / "hw2", names))
    assert told(download) == [
        ("A B", "18", "A B_18_assignsubmission_file_feedback.html"),
        ("Given Example", "17", "Given Example_17_assignsubmission_file_feedback.html"),
    ]


def test_a_path_in_an_archive_leads_nowhere(tmp_path):
    names = ["../../evil_1001_9001_conv.py", "a\\b_1002_9002_conv.py", "good_1003_9003_conv.py"]
    download = read_download(make_zip(tmp_path / "hw2.zip", names))
    assert told(download) == [("good", "1003", "good_1003_9003_conv.html")]
    assert list(download.outside) == names[:2]


@pytest.mark.parametrize("names", [["alice/conv.py", "bob.ipynb"], []])
def test_a_folder_of_neither_platform_is_refused(tmp_path, names):
    with pytest.raises(UsageError, match="no download of submissions from Canvas or Moodle"):
        read_download(make_folder(tmp_path / "hw2", names))


def test_an_archive_that_is_none_and_one_without_end_are_one_line(tmp_path, monkeypatch):
    (tmp_path / "hw2.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(UsageError, match="cannot be read"):
        read_download(tmp_path / "hw2.zip")
    monkeypatch.setattr("grader.gradebook.exporters.back.download.MAX_NAMES", 3)
    with pytest.raises(UsageError, match="more files than any class"):
        read_download(make_zip(tmp_path / "many.zip", CANVAS))


def test_an_anonymous_student_of_canvas_is_known_by_the_letters(tmp_path):
    assert read_canvas_name("anon_Ab3xY_9001_conv.py") == (Person("anon_Ab3xY", ("Ab3xY",)), 9001)
    assert read_canvas_name("anon_LATE_Ab3xY_9001_conv.py") is not None
    assert read_canvas_name("anon_Ab3xY_text.html") is None
