"""`examples/courses/pixels` asks for more than right answers: what it says of itself holds."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from classes import SANDBOX, environment, statuses
from shared import shared_folder
from started import run_dlgrade

from grader.course.stubs import derive_stub

COURSE = Path(__file__).resolve().parents[2] / "examples" / "courses" / "pixels"
LOOP = """
import numpy as np
def to_grey(image):
    grey = np.zeros(image.shape[:2])
    for h in range(image.shape[0]):
        for w in range(image.shape[1]):
            grey[h, w] = 0.299 * image[h, w, 0] + 0.587 * image[h, w, 1] + 0.114 * image[h, w, 2]
    return grey
"""


def dlgrade(folder, *words):
    return run_dlgrade("--course", COURSE, *words, folder=folder, variables=environment())


def exercises(done):
    return {one["id"]: one for one in json.loads(done.stdout)["exercises"]}


def levels(entry):
    return [level["status"] for level in entry["levels"]]


def test_its_solutions_pass_and_its_stubs_are_derived_from_them():
    done = dlgrade(COURSE, "check", "--dir", COURSE / "solutions")
    assert done.returncode == 0, done.stdout + done.stderr
    for solution in (COURSE / "solutions").glob("*.py"):
        stub = COURSE / "exercises" / solution.name
        assert stub.read_text() == derive_stub(solution.read_text())


def test_its_known_mistakes_are_caught_and_named_and_no_mutant_survives(tmp_path):
    done = dlgrade(tmp_path, "audit", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_loop_loses_the_level_that_asks_for_a_quick_answer_in_the_sandbox_too(tmp_path):
    folder = tmp_path / "hw"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "pixels.py").write_text(LOOP)
    book = tmp_path / "g.db"
    done = dlgrade(
        tmp_path, "grade", folder, "--gradebook", book, "--sandbox", SANDBOX, "--jobs", 1,
        "--only", "pixels.to_grey",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert statuses(book) == {"one": {"pixels.to_grey": "timeout"}}
    done = dlgrade(tmp_path, "export", book, "--format", "json")
    (entry,) = json.loads(done.stdout)["results"][0]["exercises"]
    assert levels(entry) == ["passed", "timeout"]
    assert entry["earned"] == 1.5
    assert "times as slow as the course's own" in entry["message"]


def test_predictions_are_graded_alone_in_a_folder_below_and_in_an_archive(tmp_path):
    folder, right = tmp_path / "hw", COURSE / "solutions" / "predictions.npz"
    for name in ("alone", "below/results"):
        (folder / name).mkdir(parents=True)
        shutil.copy(right, folder / name)
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.write(right, "work/predictions.npz")
    (folder / "bad").mkdir()
    np.savez(folder / "bad" / "predictions.npz", labels=np.zeros(200, int))
    (folder / "none").mkdir()
    (folder / "none" / "contest.py").write_text("def predict(*a): return 1\n")
    book = tmp_path / "g.db"
    words = (
        "grade", folder, "--gradebook", book, "--sandbox", "none", "--jobs", 1,
        "--only", "contest.predict",
    )  # fmt: skip
    done = dlgrade(tmp_path, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {name: told["contest.predict"] for name, told in statuses(book).items()}
    assert found == {
        "alone": "passed", "below": "passed", "packed": "passed", "bad": "failed",
        "none": "missing",
    }  # fmt: skip
    again = dlgrade(tmp_path, *words)
    assert again.returncode == 0, again.stdout + again.stderr
    documents = json.loads(dlgrade(tmp_path, "export", book, "--format", "json").stdout)["results"]
    (entry,) = next(one for one in documents if one["submission"] == "bad")["exercises"]
    assert levels(entry) == ["passed", "failed", "failed"]
    assert entry["earned"] == 1.0
    assert entry["message"].startswith("accuracy = 0.")


def test_a_file_of_another_form_is_to_be_written_anew_and_not_to_be_handed_in(tmp_path):
    np.savez(tmp_path / "predictions.npz", classes=np.zeros(200, int))
    done = dlgrade(tmp_path, "check", "contest.predict", "--dir", tmp_path, "--plain")
    assert "predictions.npz holds no array labels, but classes;" in " ".join(done.stdout.split())
    assert "Next: write it anew, then dlgrade check contest.predict" in done.stdout


KINDS = {"with": (), "without": ("--without-checks",)}


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """Return a folder with what is released with checks and without, made once for all tests."""
    return shared_folder(tmp_path_factory, "pixels released", release)


def release(folder):
    for name, words in KINDS.items():
        done = dlgrade(folder, "release", folder / name, "--gradescope", *words)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_labels_never_go_out_to_students_and_an_autograder_has_them(released):
    for name in KINDS:
        out = released / name
        given = [path for path in out.rglob("*") if path.name != "autograder.zip"]
        assert given
        assert not [path for path in given if "held_out" in path.name]
        labels = (COURSE / "checks" / "contest" / "held_out.npz").read_bytes()
        assert not [path for path in given if path.is_file() and labels in path.read_bytes()]
        with zipfile.ZipFile(out / "autograder.zip") as archive:
            assert "course/checks/contest/held_out.npz" in archive.namelist()


@pytest.mark.parametrize("how", ["is not there", "is damaged"])
def test_nobody_is_graded_and_nothing_goes_out_without_what_predictions_are_scored_by(
    tmp_path, how
):
    course = shutil.copytree(COURSE, tmp_path / "mine")
    file = course / "checks" / "contest" / "held_out.npz"
    file.unlink() if how == "is not there" else file.write_bytes(b"no archive")
    (tmp_path / "hw" / "ada").mkdir(parents=True)
    (tmp_path / "hw" / "ada" / "pixels.py").write_text(LOOP)
    for words in (("grade", "hw"), ("audit", "contest"), ("release", "out")):
        done = run_dlgrade("--course", course, *words, folder=tmp_path, variables=environment())
        assert done.returncode == 2, done.stdout + done.stderr
        (line,) = done.stderr.splitlines()
        assert str(file) in line
        assert not done.stdout
    assert not (tmp_path / "gradebook.db").exists()
    assert not (tmp_path / "out").exists()


def test_a_copy_without_solutions_and_one_without_checks_let_its_solutions_pass(released, tmp_path):
    for name in KINDS:
        done = run_dlgrade(
            "--course", released / name / "course", "check", "--json", "--dir",
            COURSE / "solutions", folder=tmp_path, variables=environment(),
        )  # fmt: skip
        assert done.returncode == 1, done.stdout + done.stderr
        found = exercises(done)
        contest = found.pop("contest.predict")
        assert {one["status"] for one in found.values()} == {"passed"}
        assert levels(contest) == ["passed", "not_run", "not_run"]
        assert "found out when it is graded" in contest["message"]


def test_the_data_lie_beside_the_stubs_of_a_release(released):
    content = (COURSE / "exercises" / "contest_data.npz").read_bytes()
    for name in KINDS:
        for folder in (released / name, released / name / "course"):
            assert (folder / "exercises" / "contest_data.npz").read_bytes() == content


def test_a_bare_npz_among_submissions_is_that_students_predictions_beside_code_or_alone(tmp_path):
    folder, right = tmp_path / "hw", COURSE / "solutions" / "predictions.npz"
    folder.mkdir()
    shutil.copy(right, folder / "ada.npz")
    shutil.copy(right, folder / "bob.npz")
    (folder / "bob.py").write_text("def count_words(text):\n    return {}\n")
    book = tmp_path / "g.db"
    done = dlgrade(
        tmp_path, "grade", folder, "--gradebook", book, "--sandbox", "none", "--jobs", 1,
        "--only", "contest.predict", "--only", "captions.count_words",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert statuses(book) == {
        "ada": {"contest.predict": "passed", "captions.count_words": "missing"},
        "bob": {"contest.predict": "passed", "captions.count_words": "failed"},
    }
    assert "graded ada.npz as predictions.npz" in done.stdout
