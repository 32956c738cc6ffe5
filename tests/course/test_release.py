"""What goes out to students and to Gradescope: all that they need, and nothing of a solution."""

from __future__ import annotations

import base64
import io
import itertools
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from releases import solution_lines, stub_texts

from grader.course.release import Release, write_archive, write_folder
from grader.errors import UsageError

POSIX_SHELL = shutil.which("bash")
needs_bash = pytest.mark.skipif(POSIX_SHELL is None, reason="bash is missing")


@pytest.fixture
def release(course):
    return Release(course)


def all_bytes(files):
    """Return every file, and every file inside an archive."""
    for name, content in files.items():
        yield name, content
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from all_bytes({n: archive.read(n) for n in archive.namelist()})


@pytest.mark.parametrize("own_checks", [False, True])
def test_nothing_of_the_solutions_is_in_any_byte_of_a_release(course, tmp_path, own_checks):
    release = Release(course, own_checks=own_checks)
    write_folder(tmp_path / "out", release.student_files())
    write_archive(tmp_path / "out" / "autograder.zip", release.gradescope_files("hw"))
    files = {
        str(path.relative_to(tmp_path)): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert "out/autograder.zip" in files
    secret, shared = solution_lines(course), stub_texts(course) + all_hints(course)
    neighbours = secret_pairs(course)
    assert len(secret) > 200
    assert len(neighbours) > 100
    for name, content in all_bytes(files):
        assert "solutions" not in name
        text = content.decode("utf-8", "replace")
        if "/checks/" in name:  # torch; a single line of numpy may be the same by chance
            assert not pairs(text) & neighbours, name
        else:
            assert not {line for line in secret if line in text and line not in shared}, name


def pairs(text):
    """Return all pairs of neighbouring lines that are longer than a few words."""
    lines = [line.strip() for line in text.splitlines()]
    return {(a, b) for a, b in itertools.pairwise(lines) if min(len(a), len(b)) > 16}


def secret_pairs(course):
    """Return the pairs of neighbouring lines of code that only solutions have."""
    secret = solution_lines(course)
    files = sorted(course.solutions_dir.glob("*.py"))
    found = {pair for file in files for pair in pairs(file.read_text(encoding="utf-8"))}
    return {(a, b) for a, b in found if a in secret and b in secret}


def all_hints(course):
    """Return the hints, which go from a nudge to nearly the answer."""
    return "\n".join(hint for exercise in course.find([]) for hint in exercise.check.hints)


def test_a_release_holds_stubs_quizzes_and_what_runs_the_checks(course, release):
    files = release.student_files()
    for module in course.modules:
        stub = course.exercises_dir / f"{module}.py"
        assert files[f"exercises/{module}.py"] == stub.read_bytes()
    quizzes = {f"quizzes/{q.name}": q.read_bytes() for q in course.quizzes_dir.glob("*.toml")}
    assert {"quizzes/conv.toml"} < quizzes.keys()
    assert quizzes.items() <= files.items()
    assert {"README.md", "requirements.txt", ".gitignore", ".github/report.py"} <= set(files)
    assert b"dlgrade check --json" in files[".github/workflows/classroom.yml"]
    assert not [name for name in files if "check" in name.lower() and name.endswith(".py")]


def test_no_word_of_a_template_is_left_unfilled(release):
    files = release.student_files() | release.gradescope_files("hw 1", ["conv", "pool"])
    filled = {n: text for n, text in files.items() if not n.startswith(("exercises/", "quizzes/"))}
    assert {"README.md", ".github/workflows/classroom.yml", "run_autograder"} <= filled.keys()
    for word in (b"@DLGRADE@", b"@FIRST@", b"@ASSIGNMENT@", b"@ONLY@", b"@COURSE@"):
        assert not [name for name, text in filled.items() if word in text]


def test_another_course_travels_with_its_checks(course, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(course.exercises_dir, folder / "exercises")
    shutil.copytree(course.checks_dir, folder / "checks")
    (folder / "quizzes").mkdir()
    release = Release(replace(course, checks_dir=folder / "checks"), own_checks=True)
    files = release.student_files()
    assert files["course/checks/conv/im2col.py"]
    assert files["course/checks/conv/_cases.py"]
    assert files["course/exercises/course.toml"]
    assert b"dlgrade --course course check" in files[".github/workflows/classroom.yml"]
    assert b'--course "$root/source/course"' in release.gradescope_files("hw")["run_autograder"]


def test_a_folder_that_holds_something_is_refused(release, tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageError, match="is not empty"):
        write_folder(tmp_path, release.student_files())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_assignments_name_cannot_speak_to_the_shell(release):
    with pytest.raises(UsageError, match="--assignment"):
        release.gradescope_files('hw"; rm -rf "$HOME')


# ----------------------------------------------------------------------------- what GitHub runs


def test_the_report_tells_classroom_the_points_of_each_exercise(release, tmp_path):
    script = tmp_path / "report.py"
    script.write_bytes(release.student_files()[".github/report.py"])
    document = {
        "earned": 1.5, "possible": 5.0,
        "exercises": [
            {"id": "conv.a", "status": "passed", "earned": 1.0, "possible": 1.0, "message": ""},
            {"id": "conv.b", "status": "failed", "earned": 0.5, "possible": 2.0,
             "message": "a | b `c` <script>"},
            {"id": "conv.c", "status": "ungraded", "earned": None, "possible": 2.0, "message": ""},
        ],
    }  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps(document))

    def run(*options):
        command = [sys.executable, str(script), *options, str(tmp_path / "result.json")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    name, _, encoded = run().strip().partition("=")
    found = json.loads(base64.b64decode(encoded))
    assert name == "result"
    assert found["max_score"] == 5.0
    assert sum(test["score"] for test in found["tests"]) == 1.5
    assert [test["status"] for test in found["tests"]] == ["pass", "fail", "fail"]
    table = run("--table")
    assert "| `conv.b` | 0.5 / 2 | a \\| b 'c' &lt;script> |" in table


# ----------------------------------------------------------------------------- what Gradescope runs


@pytest.fixture
def autograder(release, tmp_path):
    """Lay out what Gradescope does, with a `dlgrade` that writes down what it is asked."""
    root = tmp_path / "auto grader"
    (root / "submission").mkdir(parents=True)
    archive = tmp_path / "autograder.zip"
    write_archive(archive, release.gradescope_files("hw 2", ["conv"]))
    source = root / "source"
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            opened.extract(member, source)
            (source / member.filename).chmod(member.external_attr >> 16)
    fake = tmp_path / "dlgrade"
    fake.write_text(FAKE.replace("@LOG@", str(tmp_path / "log")))
    fake.chmod(0o755)
    tools = tmp_path / "tools"
    tools.mkdir()

    def run(*, namespaces, code="0"):
        bwrap = tools / "bwrap"
        bwrap.write_text(f"#!/bin/sh\nexit {0 if namespaces else 1}\n")
        bwrap.chmod(0o755)
        environment = os.environ | {
            "AUTOGRADER_ROOT": str(root), "DLGRADE": str(fake), "FAKE_CODE": code,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip
        return subprocess.run(
            [str(source / "run_autograder")], env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    run.root, run.log, run.source = root, tmp_path / "log", source
    return run


FAKE = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "@LOG@"
root="$AUTOGRADER_ROOT"
printf 'seed %s %s %s\\n' "${DLGRADE_SEED:-}" $(stat -c %a "$root" "$root/source/seed") >> "@LOG@"
if [ "$1" = grade ]; then find "$2" -type f -printf '%P\\n' | sort >> "@LOG@"; exit "$FAKE_CODE"; fi
while [ $# -gt 1 ]; do if [ "$1" = -o ]; then echo '{"score": 1}' > "$2"; fi; shift; done
"""


@needs_bash
@pytest.mark.parametrize(("namespaces", "sandbox"), [(True, "bwrap"), (False, "uid")])
def test_gradescope_gets_results_in_the_sandbox_that_its_container_allows(
    autograder, namespaces, sandbox
):
    (autograder.root / "submission" / "conv.py").write_text("x = 1")
    done = autograder(namespaces=namespaces)
    assert done.returncode == 0, done.stderr
    assert json.loads((autograder.root / "results" / "results.json").read_text()) == {"score": 1}
    log = autograder.log.read_text()
    assert f"--sandbox {sandbox}" in log
    assert "--assignment hw 2" in log
    assert "--only conv" in log
    assert "submission/conv.py" in log
    assert "--format gradescope" in log


@needs_bash
def test_a_notebook_alone_is_a_submission_of_its_own(autograder):
    (autograder.root / "submission" / "my work.ipynb").write_text("{}")
    autograder(namespaces=False)
    assert "submission.ipynb" in autograder.log.read_text()


@needs_bash
def test_a_grader_that_could_not_tell_leaves_no_result(autograder):
    (autograder.root / "submission" / "conv.py").write_text("x = 1")
    done = autograder(namespaces=True, code="3")
    assert done.returncode == 3
    assert not (autograder.root / "results" / "results.json").exists()


@needs_bash
def test_the_scripts_are_executable_and_valid(autograder):
    for name in ("setup.sh", "run_autograder"):
        script = autograder.source / name
        assert script.stat().st_mode & stat.S_IXUSR
        assert b"\r" not in script.read_bytes()
        subprocess.run([POSIX_SHELL, "-n", str(script)], check=True)


def test_two_releases_have_two_seeds_and_neither_is_the_students(release):
    releases = [release.gradescope_files("hw") for _ in range(3)]
    seeds = {int(files["seed"]) for files in releases}
    assert len(seeds) == 3
    assert 0 not in seeds
    for files in releases:
        others = {name: text for name, text in files.items() if name != "seed"}
        assert not [name for name, text in others.items() if files["seed"].strip() in text]


@needs_bash
def test_the_seed_is_in_a_file_for_its_owner_and_never_on_a_command_line(autograder):
    (autograder.root / "submission" / "conv.py").write_text("x = 1")
    seed = autograder.source / "seed"
    assert stat.S_IMODE(seed.stat().st_mode) == 0o600
    seed.chmod(0o644)  # as whatever unpacks it may leave it
    assert autograder(namespaces=False).returncode == 0
    lines = autograder.log.read_text().splitlines()
    told = [line for line in lines if line.startswith("seed ")]
    assert told == [f"seed {seed.read_text().strip()} 700 600"] * 2
    asked = [line for line in lines if line not in told]
    assert asked
    assert not [line for line in asked if seed.read_text().strip() in line]


@needs_bash
@pytest.mark.parametrize("code", ["0", "3"])
def test_gradescope_finds_its_folder_as_it_was_however_grading_ends(autograder, code):
    (autograder.root / "submission" / "conv.py").write_text("x = 1")
    autograder.root.chmod(0o755)
    autograder(namespaces=False, code=code)
    assert stat.S_IMODE(autograder.root.stat().st_mode) == 0o755
