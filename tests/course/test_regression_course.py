"""`examples/courses/regression` allows scipy: what it says of itself holds."""

from __future__ import annotations

import json
from pathlib import Path

from classes import SANDBOX, environment, statuses
from started import run_dlgrade

from grader.course.stubs import derive_stub

COURSE = Path(__file__).resolve().parents[2] / "examples" / "courses" / "regression"
RIDGE, DISTANCES = "regression.ridge_weights", "regression.pairwise_distances"
WITH_SCIPY = """
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial import distance_matrix
import numpy as np
def ridge_weights(x, y, strength):
    return cho_solve(cho_factor(x.T @ x + strength * np.eye(x.shape[1])), x.T @ y)
def pairwise_distances(a, b):
    return distance_matrix(a, b)
"""
WRONG = WITH_SCIPY.replace("+ strength *", "+ strength**2 *").replace(
    "distance_matrix(a, b)", "distance_matrix(a, b, p=1)"
)


def dlgrade(folder, *words):
    return run_dlgrade("--course", COURSE, *words, folder=folder, variables=environment())


def check(folder, *words):
    return dlgrade(folder, "check", *words, "--dir", folder)


def test_its_solutions_pass_and_its_stubs_are_derived_from_them():
    done = check(COURSE / "solutions")
    assert done.returncode == 0, done.stdout + done.stderr
    text = (COURSE / "solutions" / "regression.py").read_text(encoding="utf-8")
    assert (COURSE / "exercises" / "regression.py").read_text(encoding="utf-8") == derive_stub(text)


def test_its_known_mistakes_are_caught_and_named_and_no_mutant_survives(tmp_path):
    done = dlgrade(tmp_path, "audit", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"sharp {RIDGE}" in done.stdout
    assert f"sharp {DISTANCES}" in done.stdout


def test_another_way_with_scipy_passes_and_a_wrong_one_is_named(tmp_path):
    for text, code in ((WITH_SCIPY, 0), (WRONG, 1)):
        (tmp_path / "regression.py").write_text(text)
        done = check(tmp_path, "--json")
        assert done.returncode == code, done.stdout + done.stderr
    named = {one["id"]: (one.get("diagnosis") or {}).get("id")
             for one in json.loads(done.stdout)["exercises"]}  # fmt: skip
    assert named == {RIDGE: "strength-squared", DISTANCES: "manhattan"}


def test_the_sandbox_holds_scipy_when_a_class_is_graded(tmp_path):
    folder = tmp_path / "hw"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "regression.py").write_text(WITH_SCIPY)
    done = dlgrade(
        tmp_path, "grade", folder, "--gradebook", tmp_path / "g.db",
        "--sandbox", SANDBOX, "--jobs", 1,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert statuses(tmp_path / "g.db") == {"one": {RIDGE: "passed", DISTANCES: "passed"}}
