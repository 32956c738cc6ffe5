"""Each page goes to the one whose it is, under the platform's own name, and to nobody else."""

from __future__ import annotations

import os
import subprocess
import zipfile
from types import SimpleNamespace

import pytest
from books import begin, from_canvas, from_platform, hand_in, passed
from classes import command, environment
from givenback import BOTH, MEMBER, STRANGE, WORKSHEET, feedback, read

from grader.errors import UsageError
from grader.gradebook.exporters.back.download import read_canvas_name
from grader.gradebook.facts import Gradebook
from grader.gradebook.pages.feedback import write_feedback
from grader.gradebook.people.person import Person
from grader.gradebook.view import select_view

FILES = (
    "examplegiven_1001_9001_conv.py",
    "roeric_LATE_1002_9002_conv.py",
    "strangersam_1099_9099_conv.py",
    "typed_1003_text.html",
)

TEAM = "on no roster, maybe a team whose number is somebody else's in Moodle, so given nothing"


@pytest.fixture
def hw2(tmp_path):
    folder = tmp_path / "hw2"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text(name)
    return folder


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        run = begin(made)
        hand_in(run, "examplegiven", BOTH, from_canvas(1001, "examplegiven"))
        hand_in(run, "roeric", [passed(), passed("pool.flatten")], from_canvas(1002, "roeric"))
        hand_in(run, "typed", BOTH, from_canvas(1003, "typed"))
        people = [Person(f"No{n}, Body", (f"200{n}",), f"nobody{n}") for n in range(2)]
        made.note_roster(run.assignment, people)
        yield made


def test_canvas_gets_back_an_archive_of_its_own_names(book, hw2, give, tmp_path, course):
    before = {file.name: file.read_bytes() for file in hw2.iterdir()}
    line, told = give(book, hw2, tmp_path / "back.zip")
    pages = read(tmp_path / "back.zip")
    assert list(pages) == ["examplegiven_1001_9001_conv.html", "roeric_LATE_1002_9002_conv.html"]
    made = write_feedback(select_view(book), course, tmp_path / "pages")
    for name, page in zip(("examplegiven", "roeric"), pages.values(), strict=True):
        assert page == (tmp_path / "pages" / made[name]).read_text(encoding="utf-8")
    assert line == (
        f"2 pages for Canvas in {tmp_path / 'back.zip'}: upload them under the assignment's "
        "'Re-Upload Submissions'; Canvas shows a page under the name of the student's own file: "
        "it is opened in a browser"
    )
    assert told == [
        "hw2: 2 handed in nothing, so that there is no place for their page: No0, Body; No1, Body",
        f"hw2: 1 {STRANGE}: strangersam_1099_9099_conv.html",
        "hw2: 1 in the download for which Canvas takes nothing back: typed_1003_text.html",
    ]
    assert {file.name: file.read_bytes() for file in hw2.iterdir()} == before
    first = (tmp_path / "back.zip").read_bytes()
    give(book, hw2, tmp_path / "back.zip")
    assert (tmp_path / "back.zip").read_bytes() == first


def test_whoever_handed_in_a_link_or_a_text_is_in_the_download(give, tmp_path):
    names = (
        "examplegiven_1001_9001_conv.py",
        "linked_1004_link.html",
        "texted_LATE_1005_text.html",
    )
    folder = tmp_path / "link"
    folder.mkdir()
    for name in names:
        (folder / name).write_text(name)
    with Gradebook(tmp_path / "own.db") as book:
        run = begin(book)
        for number, name in ((1001, "examplegiven"), (1004, "linked"), (1005, "texted")):
            hand_in(run, name, BOTH, from_canvas(number, name))
        hand_in(run, "nowhere", BOTH, from_canvas(1006, "nowhere"))
        _, told = give(book, folder, tmp_path / "back.zip")
    assert told == [
        "hw2: 1 not in the download, so that their page goes nowhere: nowhere",
        f"hw2: 2 in the download for which Canvas takes nothing back: {', '.join(names[1:])}",
    ]


def test_a_folder_and_an_archive_hold_the_same(book, hw2, give, tmp_path):
    give(book, hw2, tmp_path / "back.zip")
    give(book, hw2, tmp_path / "back")
    found = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "back").iterdir()}
    assert found == read(tmp_path / "back.zip")


def test_a_name_that_windows_cannot_hold_is_refused_there_and_fits_in_an_archive(
    book, hw2, give, tmp_path, monkeypatch
):
    """Windows would write the page behind another file, where nobody finds it."""
    (hw2 / FILES[0]).rename(hw2 / "examplegiven_1001_9001_a:b.py")
    monkeypatch.setattr("grader.files.names.sys", SimpleNamespace(platform="win32"))
    with pytest.raises(UsageError) as raised:
        give(book, hw2, tmp_path / "back")
    assert str(raised.value) == (
        "-o: examplegiven_1001_9001_a:b.html: Windows has no : in names: name an archive, back.zip"
    )
    assert not (tmp_path / "back").exists()
    give(book, hw2, tmp_path / "back.zip")
    assert "examplegiven_1001_9001_a:b.html" in read(tmp_path / "back.zip")


def test_a_number_of_one_and_the_name_of_another_gives_nobody_a_page(give, hw2, tmp_path):
    with Gradebook(tmp_path / "own.db") as book:
        run = begin(book)
        hand_in(run, "otherone", BOTH, from_canvas(1001, "otherone"))
        line, told = give(book, hw2, tmp_path / "back.zip")
        assert line.startswith("0 pages")
        assert line.endswith("there is nothing to upload")
        assert "1 not in the download, so that their page goes nowhere: otherone" in told[0]
        assert not read(tmp_path / "back.zip")


def test_a_namesake_with_another_number_of_the_same_platform_gets_nothing(give, hw2, tmp_path):
    with Gradebook(tmp_path / "own.db") as book:
        run = begin(book)
        hand_in(run, "examplegiven", BOTH, from_canvas(4711, "examplegiven"))
        line, told = give(book, hw2, tmp_path / "back.zip")
        assert line.startswith("0 pages")
        other = "of the name of somebody in the download who has another number, so given nothing"
        assert f"hw2: 1 {other}: examplegiven" in told


def test_whoever_came_without_the_platforms_number_is_found_by_name(give, hw2, tmp_path):
    with Gradebook(tmp_path / "own.db") as book:
        hand_in(begin(book), "examplegiven", BOTH)
        line, _ = give(book, hw2, tmp_path / "back.zip")
        assert line.startswith("1 page for Canvas")


def test_one_student_alone_gets_a_page_and_nothing_is_said_about_others(book, hw2, give, tmp_path):
    _, told = give(book, hw2, tmp_path / "back.zip", student="1002")
    assert list(read(tmp_path / "back.zip")) == ["roeric_LATE_1002_9002_conv.html"]
    assert told == [
        "hw2: 1 in the download for which Canvas takes nothing back: typed_1003_text.html"
    ]


def test_moodle_gets_back_its_folders_and_none_for_what_may_be_a_team(give, tmp_path):
    folder = tmp_path / "moodle"
    for name in ("Given Example_17", "Team A_31", "Team B_32"):
        (folder / f"{name}_assignsubmission_file_").mkdir(parents=True)
    with Gradebook(tmp_path / "own.db") as book:
        run = begin(book)
        hand_in(run, "Given Example", BOTH, from_platform("moodle", 17, "Given Example"))
        hand_in(run, "Team A", BOTH, from_platform("moodle", 31, "Team A"))
        shared = from_platform(
            "moodle", 32, "Ada Bee", team="Team B", files=("Team B_32_assignsubmission_file_",)
        )
        hand_in(run, "Ada Bee", BOTH, shared)
        book.note_roster(run.assignment, [Person("Given Example"), Person("Ada Bee")])
        line, told = give(book, folder, tmp_path / "back.zip")
        assert list(read(tmp_path / "back.zip")) == [
            "Given Example_17_assignsubmission_file_/feedback.html"
        ]
        assert line.startswith("1 page for Moodle in ")
        assert told == [f"hw2: 1 {TEAM}: Team A", f"hw2: 1 {MEMBER}: Ada Bee"]
        give(book, folder, tmp_path / "back")
        given = tmp_path / "back" / "Given Example_17_assignsubmission_file_" / "feedback.html"
        assert "hw2" in given.read_text(encoding="utf-8")


def test_a_name_that_leads_out_of_an_archive_is_told_and_nothing_is_written_there(
    book, give, tmp_path
):
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        for name in ("../../roeric_1002_9002_conv.py", "examplegiven_1001_9001_conv.py"):
            archive.writestr(name, "x")
    _, told = give(book, tmp_path / "m.zip", tmp_path / "back.zip")
    assert list(read(tmp_path / "back.zip")) == ["examplegiven_1001_9001_conv.html"]
    outside = "with a name that leads out of the download, so passed over"
    assert f"hw2: 1 {outside}: ../../roeric_1002_9002_conv.py" in told


def test_the_download_itself_and_several_assignments_are_refused(book, hw2, give, tmp_path):
    before = sorted(hw2.rglob("*"))
    with pytest.raises(UsageError, match="is the download itself: name another place"):
        give(book, hw2, hw2)
    for inside in ("back", "deeper/back.zip"):
        with pytest.raises(UsageError, match="is in the download: name another place"):
            give(book, hw2, hw2 / inside)
    assert sorted(hw2.rglob("*")) == before
    begin(book, "hw3")
    with pytest.raises(UsageError, match="choose with --assignment NAME: 'hw2', 'hw3'"):
        give(book, hw2, tmp_path / "back")


def test_an_output_that_cannot_be_written_is_one_line(book, hw2, give, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"-o: .* cannot be written"):
        give(book, hw2, tmp_path / "file")


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_a_name_of_any_length_stops_nobodys_page(book, give, tmp_path, kind):
    long = f"roeric_1002_9002_{'x' * 235}.py"  # as long as a name may be, and the page's is longer
    names = ("examplegiven_1001_9001_conv.py", long)
    into = tmp_path / ("hw2" if kind == "folder" else "hw2.zip")
    if kind == "folder":
        into.mkdir()
        for name in names:
            (into / name).write_text("x")
    else:
        with zipfile.ZipFile(into, "w") as archive:
            for name in (*names, f"{'x' * 250}_1003_9003_conv.py"):
                archive.writestr(name, "x")
    line, told = give(book, into, tmp_path / "back")
    pages = sorted(file.name for file in (tmp_path / "back").iterdir())
    assert line.startswith("2 pages for Canvas")
    assert pages[0] == "examplegiven_1001_9001_conv.html"
    assert read_canvas_name(pages[1]) == read_canvas_name(long)
    nothing = "in the download for which Canvas takes nothing back"
    assert any(nothing in line for line in told) == (kind == "archive")


def test_a_participant_of_any_name_gets_a_page(book, give, tmp_path):
    sheet = WORKSHEET.replace("Wrong Person", "漢" * 200).replace("Ada Bee", "examplegiven")
    (tmp_path / "w.csv").write_text(sheet)
    with Gradebook(tmp_path / "own.db") as own:
        hand_in(begin(own), "漢" * 200, BOTH)
        line, _ = give(own, tmp_path / "w.csv", tmp_path / "back")
    assert line.startswith("1 page for Moodle")
    (folder,) = (tmp_path / "back").iterdir()
    assert folder.name.endswith("漢_31_assignsubmission_file_")


def test_what_an_earlier_run_left_in_the_folder_is_told_and_stays(book, hw2, give, tmp_path):
    back = tmp_path / "back"
    give(book, hw2, back)
    (hw2 / "roeric_LATE_1002_9002_conv.py").unlink()
    _, told = give(book, hw2, back)
    assert told[-1] == (
        f"{back}: 1 there that this run did not write: pages of an earlier one, maybe, so do not "
        "upload them: roeric_LATE_1002_9002_conv.html"
    )
    assert (back / "roeric_LATE_1002_9002_conv.html").exists()


@pytest.mark.parametrize("name", ["pipe", "pipe.zip"])
def test_a_pipe_is_refused_and_never_waited_for(book, tmp_path, name):
    os.mkfifo(tmp_path / name)
    for words in (["feedback"], ["export", "--format", "moodle"]):
        line = command(*words, tmp_path / "g.db", "--into", tmp_path / name, "-o", tmp_path / "o")
        done = subprocess.run(
            line, capture_output=True, text=True, env=environment(), check=False, timeout=60
        )
        assert done.returncode == 2
        assert f"{name} is no file" in done.stderr
        assert done.stderr.endswith(": save what comes through it\n")


def test_the_command_writes_pages_with_their_table_or_gives_them_back(book, hw2, tmp_path):
    done = feedback(tmp_path, "-o", tmp_path / "pages")
    assert done.stdout == (
        f"5 pages are in {tmp_path / 'pages'}, listed in index.csv, 5 without an e-mail address\n"
    )
    assert len(list((tmp_path / "pages").glob("*.html"))) == 5
    done = feedback(tmp_path, "--into", hw2, "-o", tmp_path / "back.zip")
    assert done.returncode == 0
    assert done.stdout.startswith("2 pages for Canvas in ")
    assert "dlgrade: hw2: 2 handed in nothing, so that there is no place" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--into", "nowhere"], "--into: there is no file or folder nowhere"),
        (["--into", "BAD"], "--into: BAD cannot be read (File is not a zip file)"),
        (["--column", "x"], "--column: of which file? give it with --into FILE"),
        (["--into", "HW2", "--column", "x"], "--column: submissions have no columns"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_2(book, hw2, tmp_path, words, message):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK and no more")
    words = [{"HW2": str(hw2), "BAD": str(bad)}.get(word, word) for word in words]
    message = message.replace("BAD", str(bad))
    done = feedback(tmp_path, "-o", tmp_path / "out", *words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"dlgrade: {message}")
    assert not (tmp_path / "out").exists()
