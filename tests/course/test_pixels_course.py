"""`examples/courses/pixels` asks for more than right answers: what it says of itself holds."""

from __future__ import annotations

import json
from pathlib import Path

from classes import SANDBOX, environment, statuses
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


def test_a_copy_without_solutions_and_one_without_checks_let_its_solutions_pass(tmp_path):
    for name, words in (("with", ()), ("without", ("--without-checks",))):
        released = dlgrade(tmp_path, "release", tmp_path / name, *words)
        assert released.returncode == 0, released.stdout + released.stderr
        done = run_dlgrade(
            "--course", tmp_path / name / "course", "check", "--json", "--dir",
            COURSE / "solutions", folder=tmp_path, variables=environment(),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert {one["status"] for one in exercises(done).values()} == {"passed"}
