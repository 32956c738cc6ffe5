"""What cannot be graded is told in one line, with the exit code that it has."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import classes
import pytest
from classes import ONLY, RIGHT, ROOT, WRONG, grade, make_class


def test_a_place_that_cannot_be_written_is_a_line_and_not_a_traceback(tmp_path):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    for place in ("/proc/gradebook.db", tmp_path / "missing" / "g.db"):
        done = grade(folder, place)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert str(Path(place).parent) in done.stderr


@pytest.mark.parametrize(
    ("prepare", "words", "code", "said"),
    [
        (lambda _: None, [], 2, "there is no folder"),
        (lambda f: f.mkdir(), [], 2, "holds no submissions"),
        (lambda f: make_class(f, a=RIGHT), ["--only", "nonsense"], 2, "no module or exercise"),
        (lambda f: make_class(f, a=RIGHT), ["--jobs", "0"], 2, "--jobs"),
        (lambda f: make_class(f, a=RIGHT), ["--assignment", " "], 2, "--assignment"),
    ],
)
def test_what_does_not_make_sense_ends_with_one_line_before_anything_runs(
    tmp_path, prepare, words, code, said
):
    prepare(tmp_path / "hw")
    done = grade(tmp_path / "hw", tmp_path / "g.db", *words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_no_bubblewrap_ends_with_3_and_the_line_that_helps(tmp_path):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    line = ("grade", folder, "--gradebook", tmp_path / "g.db", "--only", ONLY)
    done = classes.dlgrade(*line, variables=classes.environment(PATH=str(tmp_path)))
    assert done.returncode == 3
    assert "apt install bubblewrap" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the imitation is a shell's")
def test_a_sandbox_that_refuses_is_told_once_before_the_class_in_its_own_words(tmp_path, request):
    folder = make_class(tmp_path / "hw", a=RIGHT, b=WRONG)
    open_to_all = Path(tempfile.mkdtemp())  # root starts bubblewrap as another user
    request.addfinalizer(lambda: shutil.rmtree(open_to_all))
    open_to_all.chmod(0o755)
    imitation = open_to_all / "bwrap"
    imitation.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    )
    imitation.chmod(0o755)
    line = ("grade", folder, "--gradebook", tmp_path / "g.db", "--only", ONLY)
    env = classes.environment(PATH=f"{imitation.parent}{os.pathsep}{os.environ['PATH']}")
    done = classes.dlgrade(*line, variables=env)
    assert done.returncode == 3
    assert not done.stdout.count("ungraded")
    assert "setting up uid map: Permission denied" in done.stderr
    assert "--sandbox uid" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "g.db").exists()


def test_a_run_beside_another_one_is_refused(tmp_path, book):
    from grader.gradebook.store.lock import only_run

    folder = make_class(tmp_path / "hw", a=RIGHT)
    with only_run(book):
        done = grade(folder, book)
    assert done.returncode == 2
    assert "another run is grading" in done.stderr


def test_a_course_without_solutions_says_which_oracle_served(tmp_path):
    course = tmp_path / "course"
    shutil.copytree(ROOT / "exercises", course / "exercises")
    shutil.copytree(ROOT / "grader" / "checks", course / "checks")
    folder = make_class(tmp_path / "hw", a=RIGHT)
    line = ("--course", course, "grade", folder, "--gradebook", tmp_path / "g.db",
            "--only", ONLY, "--sandbox", classes.SANDBOX, "--jobs", 1)  # fmt: skip
    assert classes.dlgrade(*line, "--require-reference").returncode == 3
    done = classes.dlgrade(*line)
    assert done.returncode == 0, done.stderr
    assert classes.results(tmp_path / "g.db")["a"]["oracles"] == ["torch"]


def test_a_gradebook_that_is_a_pipe_ends_with_2_at_once(tmp_path):
    folder = make_class(tmp_path / "hw", a=RIGHT)
    os.mkfifo(tmp_path / "g.db")
    done = grade(folder, tmp_path / "g.db")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "a pipe, not a gradebook" in done.stderr
