"""What Gradescope runs for every submission: results.json is there, and its numbers are known."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile

import classes
import pytest
from shared import shared_folder

from grader.course.handout.release import Release, draw_seed, write_archive

POSIX_SHELL = shutil.which("bash")
pytestmark = pytest.mark.skipif(POSIX_SHELL is None, reason="bash is missing")

FAKE = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "@LOG@"
root="$AUTOGRADER_ROOT"
printf 'seed %s %s %s\\n' "${DLGRADE_SEED:-}" $(stat -c %a "$root" "$root/source/seed") >> "@LOG@"
if [ "$3" = grade ]; then find "$4" -type f -printf '%P\\n' | sort >> "@LOG@"; exit "$FAKE_CODE"; fi
if [ "$FAKE_EXPORT" = none ]; then exit 2; fi
while [ $# -gt 1 ]; do if [ "$1" = -o ]; then echo "$FAKE_EXPORT" > "$2"; fi; shift; done
"""
FOUND = {
    "score": 1, "output": "1 of 2 points",
    "tests": [{"name": "conv.a", "score": 1, "max_score": 2, "status": "failed"}],
}  # fmt: skip
SEED = 48151623
NUMBERS = {"score", "max_score"}


@pytest.fixture(scope="session")
def archive(course, tmp_path_factory):
    """Return what is uploaded to Gradescope, made once for all tests."""

    def make(folder):
        files = Release(course, targets=(classes.ONLY,)).gradescope_files("hw 2", SEED)
        write_archive(folder / "autograder.zip", files)

    return shared_folder(tmp_path_factory, "autograder", make) / "autograder.zip"


@pytest.fixture
def lay_out(archive, tmp_path):
    """Lay out what Gradescope does; return a function that runs it and what it left."""
    root = tmp_path / "auto grader"
    (root / "submission").mkdir(parents=True)
    source = root / "source"
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            opened.extract(member, source)
            (source / member.filename).chmod(member.external_attr >> 16)
    tools = tmp_path / "tools"
    tools.mkdir()

    def run(dlgrade, *, namespaces=None, **more):
        if namespaces is not None:
            (tools / "bwrap").write_text(f"#!/bin/sh\nexit {0 if namespaces else 1}\n")
            (tools / "bwrap").chmod(0o755)
        environment = classes.environment(
            AUTOGRADER_ROOT=str(root), DLGRADE=str(dlgrade),
            PATH=f"{tools}{os.pathsep}{os.environ['PATH']}", **more,
        )  # fmt: skip
        return subprocess.run(
            [str(source / "run_autograder")], env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    run.root, run.source, run.tools = root, source, tools
    run.results = lambda: json.loads((root / "results" / "results.json").read_text())
    return run


@pytest.fixture
def autograder(lay_out, tmp_path):
    """Run with a `dlgrade` that writes down what it is asked, and ends as it is told."""
    fake = tmp_path / "dlgrade"
    fake.write_text(FAKE.replace("@LOG@", str(tmp_path / "log")))
    fake.chmod(0o755)

    def run(*, namespaces=False, code="0", export=FOUND):
        told = export if isinstance(export, str) else json.dumps(export)
        return lay_out(fake, namespaces=namespaces, FAKE_CODE=code, FAKE_EXPORT=told)

    run.root, run.source, run.results = lay_out.root, lay_out.source, lay_out.results
    run.log = tmp_path / "log"
    return run


@pytest.fixture
def real(lay_out):
    """Run with this dlgrade."""
    tool = lay_out.tools / "dlgrade"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m grader "$@"\n')
    tool.chmod(0o755)

    def run():
        return lay_out(tool)

    run.root, run.results = lay_out.root, lay_out.results
    return run


def hand_in(run, name="conv.py", content="x = 1"):
    file = run.root / "submission" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def numbers(tree):
    """Return the keys of a results.json, and of its tests, that give points."""
    return {key for part in (tree, *tree.get("tests", [])) for key in NUMBERS & part.keys()}


@pytest.mark.parametrize(("namespaces", "sandbox"), [(True, "bwrap"), (False, "uid")])
def test_gradescope_gets_results_in_the_sandbox_that_its_container_allows(
    autograder, namespaces, sandbox
):
    hand_in(autograder)
    done = autograder(namespaces=namespaces)
    assert done.returncode == 0, done.stderr
    assert autograder.results() == FOUND
    log = autograder.log.read_text()
    assert f"--sandbox {sandbox}" in log
    assert "--assignment hw 2" in log
    assert f"--course {autograder.root / 'source' / 'course'} grade" in log
    assert "submission/conv.py" in log
    assert "--format gradescope" in log


def test_a_notebook_alone_is_a_submission_of_its_own(autograder):
    hand_in(autograder, "my work.ipynb", "{}")
    autograder()
    assert "submission.ipynb" in autograder.log.read_text()


# ----------------------------------------------------------------------------- whatever came in


NOT_CODE = {
    "nothing": [],
    "a page": ["hw2.pdf"],
    "what systems add": ["__MACOSX/._hw2.pdf", ".DS_Store", "Essay.DOCX"],
}


@pytest.mark.parametrize("names", NOT_CODE.values(), ids=NOT_CODE)
def test_where_nothing_can_be_code_the_student_reads_what_was_looked_for_beside_the_zero(
    autograder, names
):
    for name in names:
        hand_in(autograder, name)
    assert autograder().returncode == 0
    tree = autograder.results()
    assert tree["score"] == 0
    assert "Looked for: conv.py" in tree["output"]
    assert not autograder.log.exists()  # there was nothing to ask dlgrade
    if "hw2.pdf" in names:
        assert "What was uploaded: hw2.pdf." in tree["output"]
    if not names:
        assert "There is no file in what was uploaded." in tree["output"]


@pytest.mark.parametrize(
    "name",
    [
        "src/conv.py",
        "conv (1).py",
        "conv.py.txt",
        "Conv.PY",
        "hw.zip",
        "hw.rar",
        "conv",
        "a.pdf.7z",
    ],
)
def test_what_may_be_code_is_given_to_dlgrade_and_named_to_the_student(autograder, name):
    hand_in(autograder, name)
    autograder()
    assert f"submission/{name}" in autograder.log.read_text()
    tree = autograder.results()
    assert tree["score"] == 1
    assert f"What was uploaded: {name}." in tree["output"]


def test_nobody_who_passed_is_told_what_is_not_there(autograder):
    hand_in(autograder, "conv (1).py")
    passed = {"score": 1, "output": "all", "tests": [{"status": "passed", "score": 1}]}
    autograder(export=passed)
    assert autograder.results() == passed


# Ends of a grading that tell nothing about the student: wrong usage, a crash of ours, a signal.
ENDS = ["1", "2", "70", "137"]


@pytest.mark.parametrize("code", ENDS)
def test_a_grader_that_fell_over_gives_no_number_and_says_whom_to_ask(autograder, code):
    hand_in(autograder, "src/conv.py")
    done = autograder(code=code)
    assert done.returncode == 0
    assert f"ended with {code}" in done.stdout  # which the instructor reads
    tree = autograder.results()
    assert not numbers(tree)
    assert "could not tell" in tree["output"]
    assert "ask your instructor" in tree["output"]
    assert "What was uploaded: src/conv.py." in tree["output"]


def test_where_something_could_not_be_graded_its_words_go_out_and_no_number(autograder):
    hand_in(autograder)
    autograder(code="3")
    tree = autograder.results()
    assert not numbers(tree)
    assert "could not tell" in tree["output"]
    assert "1 of 2 points" in tree["output"]
    assert [test["name"] for test in tree["tests"]] == ["conv.a"]


@pytest.mark.parametrize(("code", "export"), [("0", "none"), ("3", "none"), ("0", "no JSON")])
def test_a_gradebook_that_is_missing_or_not_told_gives_no_number(autograder, code, export):
    hand_in(autograder)
    assert autograder(code=code, export=export).returncode == 0
    assert not numbers(autograder.results())
    assert "could not tell" in autograder.results()["output"]


def test_a_script_that_stops_at_once_has_left_its_word_before(autograder):
    hand_in(autograder)
    (autograder.source / "seed").unlink()
    assert autograder().returncode == 0
    assert not numbers(autograder.results())
    assert "ask your instructor" in autograder.results()["output"]


def test_names_of_files_are_told_in_bounded_length_without_signs_for_a_terminal(autograder):
    hand_in(autograder, "a\x1b[31m.py")
    for number in range(30):
        hand_in(autograder, f"{number:02}{'x' * 200}.py")
    autograder(code="2")
    output = autograder.results()["output"]
    assert "\x1b" not in output
    assert "and 11 more" in output
    assert len(output) < 4000


@pytest.mark.parametrize("what", ["nothing", "a broken zip", "right", "stub"])
def test_the_real_grader_leaves_results_for_whatever_was_uploaded(real, course, what):
    if what == "a broken zip":
        hand_in(real, "hw.zip", "PK no zip")
    elif what == "right":
        hand_in(real, content=classes.RIGHT)
    elif what == "stub":
        shutil.copy(course.exercises_dir / "conv.py", real.root / "submission" / "conv.py")
    done = real()
    assert done.returncode == 0, done.stderr
    tree = real.results()
    if what == "a broken zip":  # not opened is either rejected, with 0, or not known
        assert tree.get("score", 0) == 0
        assert "hw.zip" in tree["output"]
    else:
        assert tree["score"] == (1.0 if what == "right" else 0.0)
    assert "Traceback" not in done.stdout + done.stderr


# ----------------------------------------------------------------------------- what it keeps apart


def test_the_scripts_are_executable_and_valid(autograder):
    for name in ("setup.sh", "run_autograder"):
        script = autograder.source / name
        assert script.stat().st_mode & stat.S_IXUSR
        assert b"\r" not in script.read_bytes()
        subprocess.run([POSIX_SHELL, "-n", str(script)], check=True)


def test_the_image_takes_torch_for_the_cpu_before_anything_else_can_bring_another(
    lay_out, tmp_path
):
    log, tools = tmp_path / "log", lay_out.tools
    note = f'#!/bin/sh\necho "$(basename "$0") $*" >> "{log}"\n'
    make = f'mkdir -p "$3/bin"\nfor t in pip dlgrade; do cp "{tools}/apt-get" "$3/bin/$t"; done\n'
    for name, text in (("apt-get", note), ("python3.13", note + make)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "DLGRADE_HOME": str(tmp_path / "home"),
    }  # fmt: skip
    subprocess.run([str(lay_out.source / "setup.sh")], env=environment, check=True)
    lines = log.read_text().splitlines()
    assert "apt-get install -y bubblewrap python3-venv" in lines
    first, second = [line for line in lines if line.startswith("pip ")]
    assert "--index-url https://download.pytorch.org/whl/cpu torch" in first
    assert second == "pip install --no-cache-dir -r requirements.txt"
    assert not [line for line in lines if "://" in line.replace("//download.pytorch.org/", "")]


def test_seeds_differ_and_are_in_one_file_alone(archive):
    seeds = {draw_seed() for _ in range(3)}
    assert len(seeds) == 3
    assert 0 not in seeds
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        assert [name for name in names if str(SEED).encode() in opened.read(name)] == ["seed"]


def test_the_seed_is_in_a_file_for_its_owner_and_never_on_a_command_line(autograder):
    hand_in(autograder)
    seed = autograder.source / "seed"
    assert stat.S_IMODE(seed.stat().st_mode) == 0o600
    seed.chmod(0o644)  # as whatever unpacks it may leave it
    assert autograder().returncode == 0
    lines = autograder.log.read_text().splitlines()
    told = [line for line in lines if line.startswith("seed ")]
    assert told == [f"seed {seed.read_text().strip()} 700 600"] * 2
    asked = [line for line in lines if line not in told]
    assert asked
    assert not [line for line in asked if seed.read_text().strip() in line]


@pytest.mark.parametrize("code", ["0", "2", "3"])
def test_gradescope_finds_its_folder_as_it_was_however_grading_ends(autograder, code):
    hand_in(autograder)
    autograder.root.chmod(0o755)
    autograder(code=code)
    assert stat.S_IMODE(autograder.root.stat().st_mode) == 0o755
