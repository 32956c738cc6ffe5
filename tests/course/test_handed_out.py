"""What `dlgrade release` wrote is installed by a student from nothing else, and works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
from classes import RIGHT, WRONG, dlgrade

ROOT = Path(__file__).resolve().parents[2]
ONLY = "conv.zero_pad2d"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(words, folder, **more):
    """Run a command outside of this source tree's reach."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_COLOR": "1",
                    "PIP_NO_COMPILE": "1"}  # fmt: skip
    return subprocess.run(
        [str(word) for word in words], cwd=folder, env=environment | more, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def release(folder, *words, python=None):
    """Hand out, from this source tree or by what a student has installed."""
    if python is None:
        done = dlgrade(*words, folder=folder)
    else:
        done = run([python, "-P", "-m", "grader", *words], folder)
    assert done.returncode == 0, done.stdout + done.stderr


def install(repository, folder):
    """Do what the README says, in a fresh environment; return its `python`.

    What dlgrade depends on is borrowed from this one, by a path that leaves its own dlgrade out;
    so is pip, which runs there as if it had been installed there.
    """
    venv.create(folder, symlinks=os.name != "nt")
    python = folder / SCRIPTS / "python"
    done = pip(python, "install", "--no-deps", "-r", "requirements.txt", folder=repository)
    assert done.returncode == 0, done.stdout + done.stderr
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run([python, "-c", code], folder).stdout.strip())
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def pip(python, *words, folder):
    return run([sys.executable, "-m", "pip", "--python", python, *words], folder)


def hand_in(repository, text):
    (repository / "exercises" / "conv.py").write_text(text, encoding="utf-8")


def check(python, repository, *words):
    """Run the check that the README names; return its document."""
    course = ["--course", "course"] if (repository / "course").is_dir() else []
    line = [python, "-m", "grader", *course, "check", "--json", "--dir", "exercises", *words]
    done = run(line, repository, XDG_CACHE_HOME=str(repository.parent / "cache"))
    assert done.returncode in {0, 1}, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Release one exercise from this source tree; return the repository and a student's Python."""
    folder = tmp_path_factory.mktemp("from a checkout")
    release(folder, "release", "students", "--only", ONLY)
    return folder / "students", install(folder / "students", folder / "fresh")


def test_a_checkout_hands_out_what_can_be_installed_and_checks(released):
    repository, python = released
    where = run([python, "-c", "import grader; print(grader.__file__)"], repository)
    assert str(ROOT) not in where.stdout
    assert str(repository.parent) in where.stdout
    hand_in(repository, RIGHT)
    assert check(python, repository)["earned"] == 1.0
    hand_in(repository, WRONG)
    found = check(python, repository)
    assert found["earned"] < 1.0
    assert found["exercises"][0]["diagnosis"]
    assert [one["id"] for one in found["exercises"]] == [ONLY]


def test_what_was_installed_can_hand_out_again(released, tmp_path):
    _, python = released
    release(tmp_path, "release", "again", "--only", ONLY, python=python)
    again = install(tmp_path / "again", tmp_path / "fresh")
    hand_in(tmp_path / "again", RIGHT)
    assert check(again, tmp_path / "again")["earned"] == 1.0


def test_the_wheel_says_what_pyproject_says(released):
    repository, _ = released
    (wheel,) = (repository / "wheels").glob("*.whl")
    assert (repository / "requirements.txt").read_text() == f"./wheels/{wheel.name}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = released[1]
    code = "from importlib.metadata import *; print(*requires('dlgrade'), sep='\\n')"
    needs = run([python, "-c", code], repository).stdout.splitlines()
    assert [one for one in needs if "extra ==" not in one] == project["dependencies"]
    command = python.parent / "dlgrade"
    assert re.match(r"dlgrade|\d", run([command, "--version"], repository).stdout)
    files = pip(python, "show", "-f", "dlgrade", folder=repository).stdout
    assert "grader/checks/conv/im2col.py" in files
    assert "solutions" not in files


# ----------------------------------------------------------------------------- without checks


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """Release an own course without its checks, and let a student install it."""
    folder = tmp_path_factory.mktemp("without checks")
    for part in ("exercises", "solutions", "checks"):
        (folder / "mine" / part).mkdir(parents=True)
    for part in ("exercises", "solutions"):
        shutil.copy(ROOT / part / "conv.py", folder / "mine" / part)
    shutil.copytree(ROOT / "grader" / "checks" / "conv", folder / "mine" / "checks" / "conv")
    (folder / "mine" / "quizzes").mkdir()
    words = ["release", "students", "--only", ONLY, "--without-checks", "--hints", "1"]
    release(folder, "--course", "mine", *words)
    return folder / "students", install(folder / "students", folder / "fresh")


def test_no_check_travels_and_the_kept_cases_judge_all_the_same(sealed):
    repository, python = sealed
    assert not list(repository.rglob("checks"))
    hand_in(repository, RIGHT)
    right = check(python, repository)
    assert (right["earned"], right["possible"]) == (1.0, 1.0)
    assert right["oracles"] == ["reference", "torch"]  # they agreed when the cases were drawn
    assert right["exercises"][0]["cases"] >= 100
    hand_in(repository, WRONG)
    wrong = check(python, repository)
    assert wrong["earned"] == 0.0
    shown = wrong["exercises"][0]["counterexample"]
    assert shown["call"].startswith("zero_pad2d(")
    assert shown["shrunk"] is False


def test_hints_end_where_the_release_says(sealed):
    repository, python = sealed
    line = [python, "-m", "grader", "--course", "course", "hint", ONLY]
    told = [run(line, repository).stdout for _ in range(2)]
    assert "hint 1/1" in told[0]
    assert "hint 2" not in told[1]


def test_cases_that_did_not_travel_are_refused_in_one_line(sealed):
    repository, python = sealed
    hand_in(repository, RIGHT)
    line = [python, "-m", "grader", "--course", "course", "check", "--seed", "5", "--dir",
            "exercises"]  # fmt: skip
    done = run(line, repository)
    assert done.returncode == 2
    (told,) = done.stderr.splitlines()
    assert "no cases of seed 5" in told
    assert "handed out without its checks" in told


def test_torch_is_needed_by_nobody_who_has_the_cases(sealed):
    repository, python = sealed
    hand_in(repository, WRONG)
    code = (
        "import sys; sys.modules['torch'] = sys.modules['hypothesis'] = None\n"
        "from grader.__main__ import main; main()"
    )
    line = [python, "-c", code, "--course", "course", "check", "--dir", "exercises"]
    done = run(line, repository)
    assert done.returncode == 1, done.stderr
    assert "wrong answer" in done.stdout
