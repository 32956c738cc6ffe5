"""pytest, and through it an editor's test explorer, sees every exercise and level."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.render.failure import render_failure
from grader.render.web import to_plain
from grader.student.folder import lay_out

WRONG = """

def conv_output_size(input_size, kernel_size, stride=1, padding=0):
    if stride < 1:
        raise ValueError("no")
    return -1
"""


@pytest.fixture
def folder(course, tmp_path):
    lay_out(course, tmp_path / "exercises")
    return tmp_path / "exercises"


@pytest.fixture
def run(folder, cache_home):
    """Run pytest where a student would."""
    environment = os.environ | {
        "XDG_CACHE_HOME": str(cache_home), "LOCALAPPDATA": str(cache_home), "COLUMNS": "100",
        "PYTHONUTF8": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }  # fmt: skip
    environment.pop("PYTEST_XDIST_WORKER", None)

    def run(*arguments, typed="", cwd=folder):
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], cwd=cwd, env=environment, input=typed,
            capture_output=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip

    return run


def test_every_level_of_every_exercise_is_a_test_with_its_points(run, course):
    done = run("--collect-only", "-q")
    tests = [line for line in done.stdout.splitlines() if "::" in line]
    asked = sorted(course.find([]), key=lambda one: one.module)  # as pytest goes through a folder
    levels = [(one, name) for one in asked for name in one.check.levels]
    assert len(tests) == len(levels)
    for test, (exercise, level) in zip(tests, levels, strict=True):
        assert test.startswith(f"{exercise.module}.py::{exercise.name}, {level} (")
        assert test.endswith(("point)", "points)"))


def test_a_level_passes_or_fails_with_the_words_of_a_check(run, folder, course, engine):
    with (folder / "conv.py").open("a") as file:
        file.write(WRONG)
    done = run("conv.py", "-k", "conv_output_size", "-v")
    assert done.returncode == 1
    exercise = course.exercise("conv.conv_output_size")
    (result,) = engine.check(folder, [exercise]).exercises
    shown = to_plain([render_failure(result, exercise)], width=80)
    for part in (result.message, result.diagnosis.message if result.diagnosis else ""):
        assert part[:40] in done.stdout
    assert shown.splitlines()[0] in done.stdout
    assert "Traceback" not in done.stdout
    assert "items.py" not in done.stdout


def test_right_work_passes(run, folder, course):
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions to check")
    (folder / "conv.py").write_bytes((course.solutions_dir / "conv.py").read_bytes())
    done = run("conv.py", "-k", "zero_pad2d", "--junitxml", "out.xml")
    assert done.returncode == 0, done.stdout
    written = (folder / "out.xml").read_text()
    assert '<property name="earned" value="' in written


def test_with_a_debugger_it_stops_at_the_first_line_of_the_function_on_the_failing_case(
    run, folder
):
    (folder / "conv.py").write_text(WRONG)
    asked = ("conv.py", "-k", "conv_output_size", "--trace", "-x")
    done = run(*asked, typed="p 'size', input_size\np 'stride', stride\nq\n")
    assert "conv.py(4)conv_output_size()" in done.stdout
    assert "-> if stride < 1:" in done.stdout
    assert "('size', " in done.stdout
    assert "('stride', " in done.stdout


def test_other_python_files_are_no_exercises_and_the_courses_own_stubs_are_nobodys(
    run, folder, course
):
    (folder / "helper.py").write_text("raise KeyError\n")
    assert "helper" not in run("--collect-only", "-q").stdout
    done = run("-p", "grader.pytest", "--collect-only", "-q", "conv.py", cwd=course.exercises_dir)
    assert "::" not in done.stdout


def test_it_is_off_unless_it_is_asked_for(run, folder):
    (folder / "pyproject.toml").unlink()
    assert "::" not in run("--collect-only", "-q", "conv.py").stdout


def test_without_pytest_nothing_else_is_missed_and_the_plugin_says_so_in_one_line(tmp_path):
    (tmp_path / "pytest.py").write_text("raise ImportError('hidden')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    code += "import grader.student.notebook.report, grader.cli.student\nimport grader.pytest\n"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    last = done.stderr.strip().splitlines()[-1]
    assert last == "ImportError: grader.pytest needs pytest: pip install pytest"
