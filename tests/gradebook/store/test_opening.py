"""Whatever lies where a gradebook should be: it is read, made, or told in one line, at once."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from books import begin, documents, from_canvas, hand_in, make_class, names, passed
from classes import command, dlgrade, environment

from grader.gradebook.facts import Gradebook
from grader.gradebook.store.lock import bank_folder, only_run
from grader.gradebook.store.opening import GradebookError, NothingYetError
from grader.gradebook.view import select_view

HOT = """
import sqlite3, os, sys
sql = sqlite3.connect(sys.argv[1], isolation_level=None)
sql.execute("PRAGMA cache_size = 1")
sql.execute("BEGIN IMMEDIATE")
sql.execute("UPDATE fact SET status = 'passed', message = hex(randomblob(9000))")
sql.execute("UPDATE level SET status = 'passed'")
os._exit(9)
"""


def names_in(folder):
    return sorted(one.name for one in folder.iterdir())


# ---------------------------------------------------------------------- what is no gradebook


def make_pipe(path):
    os.mkfifo(path)


def make_folder(path):
    path.mkdir()


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket may not be long
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


def make_link_to_a_device(path):
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_pipe, "a pipe"),
        (make_folder, "a folder"),
        (make_socket, "a socket"),
        (make_link_to_a_device, "a device"),
    ],
)
def test_what_is_no_file_is_told_at_once(tmp_path, make, kind, read_only):
    path = tmp_path / "g.db"
    make(path)
    with pytest.raises(GradebookError, match=f"{kind}, not a gradebook"):
        Gradebook(path, read_only=read_only)
    with pytest.raises(GradebookError, match=kind), only_run(path):
        pass
    assert not bank_folder(path).exists()


def test_a_pipe_beside_a_gradebook_is_not_waited_for(path):
    os.mkfifo(f"{path}-journal")
    with pytest.raises(GradebookError, match=r"g\.db-journal is a pipe"):
        Gradebook(path, read_only=True)


@pytest.mark.parametrize("words", [("export", "--format", "csv"), ("feedback", "-o", "pages")])
def test_a_command_ends_with_2_at_a_pipe(tmp_path, words):
    os.mkfifo(tmp_path / "g.db")
    done = dlgrade(words[0], "g.db", *words[1:], folder=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "a pipe, not a gradebook" in done.stderr


def test_a_link_that_leads_nowhere_is_one_line(tmp_path):
    path = tmp_path / "g.db"
    path.symlink_to("gone.db")
    for read_only in (True, False):
        with pytest.raises(GradebookError, match=r"a link to gone\.db, which is not there"):
            Gradebook(path, read_only=read_only)
    assert names_in(tmp_path) == ["g.db"]


@pytest.mark.bwrap
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")
def test_a_file_that_cannot_be_made_is_one_line(tmp_path):
    code = "import sys; from pathlib import Path; from grader.gradebook.facts import Gradebook\n"
    code += "from grader.errors import DlgradeError\ntry: Gradebook(Path(sys.argv[1]))\n"
    code += "except DlgradeError as error: print(error)"
    line = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--ro-bind", str(tmp_path), str(tmp_path)]
    done = subprocess.run(
        [*line, sys.executable, "-c", code, str(tmp_path / "g.db")],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"{tmp_path / 'g.db'} cannot be made (Read-only file system)\n", (
        done.stderr
    )


# ---------------------------------------------------------------------- what was begun


def test_an_empty_file_is_told_to_readers_and_made_by_the_next_run(tmp_path):
    path = tmp_path / "g.db"
    with pytest.raises(NothingYetError, match="there is no gradebook"):
        Gradebook(path, read_only=True)
    path.touch()
    with pytest.raises(NothingYetError, match=r"is empty: .* run the same `dlgrade grade` again"):
        Gradebook(path, read_only=True)
    Gradebook(path).close()
    assert names(path) == []


def test_a_file_without_its_first_page_is_taken_back_and_made(tmp_path):
    path = tmp_path / "g.db"
    path.write_bytes(bytes(4096))
    with pytest.raises(GradebookError, match="is not a gradebook"):
        Gradebook(path)
    head = bytes.fromhex("d9d505f920a163d7") + bytes(8) + (12345).to_bytes(4, "big")
    path.with_name("g.db-journal").write_bytes((head[:12] + bytes(4) + bytes(4)
        + (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")).ljust(512, b"\0"))  # fmt: skip
    with pytest.raises(NothingYetError):
        Gradebook(path, read_only=True)
    Gradebook(path).close()
    assert names(path) == []


def leave_hot_journal(path):
    """Kill a writer in the middle of a write that has reached the file."""
    before = path.read_bytes()
    done = subprocess.run([sys.executable, "-c", HOT, str(path)], check=False)
    assert done.returncode == 9
    assert path.with_name("g.db-journal").stat().st_size > 512
    assert path.read_bytes() != before


def test_what_a_killed_run_was_writing_is_taken_back_by_the_next_reader(path):
    before = documents(path)
    leave_hot_journal(path)
    assert documents(path) == before


def test_what_a_killed_run_was_writing_is_taken_back_by_the_next_run(path):
    before = documents(path)
    leave_hot_journal(path)
    Gradebook(path).close()
    assert names_in(path.parent) == ["g.db"]
    assert documents(path) == before


def read_where_nothing_can_be_written(path, form="csv"):
    line = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--ro-bind", path.parent, path.parent]
    line += command("export", path, "--format", form)
    return subprocess.run(
        [str(word) for word in line], env=environment(), capture_output=True, text=True, check=False
    )


@pytest.mark.bwrap
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")
def test_a_folder_in_which_nothing_can_be_written_is_read_or_told(path):
    done = read_where_nothing_can_be_written(path)
    assert (done.returncode, done.stdout.count("\n")) == (0, 5), done.stderr
    leave_hot_journal(path)
    done = read_where_nothing_can_be_written(path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs g.db-journal" in done.stderr
    assert "copy both files into a folder of yours" in done.stderr


# ---------------------------------------------------------------------- one file and no other


def test_a_copy_of_the_file_alone_holds_all_that_was_graded(tmp_path):
    path, copy = tmp_path / "g.db", tmp_path / "copy.db"
    book, run = make_class(path)
    with book:
        for number in range(5):
            shutil.copy(path, copy)
            assert len(names(copy)) == 4 + number
            hand_in(run, f"s{number}", [passed()], from_canvas(300 + number))
    assert "g.db-wal" not in names_in(tmp_path)


# ---------------------------------------------------------------------- an end


def test_a_run_that_did_not_end_is_told_with_every_reading(path):
    def told():
        with Gradebook(path, read_only=True) as book:
            return list(select_view(book).remarks())

    assert told() == []
    with Gradebook(path) as book:
        run = begin(book)
        hand_in(run, "late", [passed()])
        assert "hw2: its last run has not come to its end" in told()[0]
        run.finish()
    assert told() == []
    with Gradebook(path) as book:
        begin(book, "hw3").finish()
        begin(book)
    assert [line[:4] for line in told()] == ["hw2:"]
