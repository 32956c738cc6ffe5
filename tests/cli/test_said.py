"""What a command says is harmless, and where it cannot be said that is one line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from books import make_class
from classes import command, environment

FULL = Path("/dev/full")


@pytest.fixture
def book(tmp_path):
    made, run = make_class(tmp_path / "g.db")
    run.finish()
    made.close()
    return tmp_path / "g.db"


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "words",
    [
        ["show", "BOOK", "--json"],
        ["show", "BOOK"],
        ["export", "BOOK", "--format", "csv"],
        ["feedback", "BOOK", "-o", "BOOK.pages"],
        ["excuse", "BOOK", "roeric", "--why", "ill"],
    ],
)
def test_an_answer_that_cannot_be_written_is_one_line_and_2(book, words):
    line = command(*(word.replace("BOOK", str(book)) for word in words))
    with FULL.open("w") as full:
        done = subprocess.run(
            line, stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("dlgrade: standard output")
    assert done.stderr.endswith("cannot be written (No space left on device)\n")


def test_a_line_about_a_fault_steers_no_terminal(book):
    odd = "no\x1b[2J\u202efile"
    line = command("feedback", book, "--into", odd, "-o", "x")
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 2
    told = "--into: there is no file or folder no\\x1b[2J\\u202efile"
    assert done.stderr == f"dlgrade: {told}\n"
