"""What goes out to students and to Gradescope: all that they need, and nothing of a solution."""

from __future__ import annotations

import ast
import io
import itertools
import json
import re
import shutil
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from releases import solution_lines, stub_texts

from grader.course.course import find_course
from grader.course.handout.narrowing import keep_functions, keep_hints
from grader.course.handout.release import Release, write_archive, write_folder
from grader.course.stubs import read_stubs
from grader.errors import CourseError, UsageError


@pytest.fixture
def release(course):
    return Release(course)


def all_bytes(files):
    """Return every file, and every file inside an archive."""
    for name, content in files.items():
        yield name, content
        if name.endswith((".zip", ".whl")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from all_bytes({n: archive.read(n) for n in archive.namelist()})


@pytest.mark.parametrize(
    "how", [{}, {"targets": ("conv",)}, {"hints": 1}, {"with_checks": False}], ids=str
)
def test_nothing_of_the_solutions_is_in_any_byte_of_a_release(course, tmp_path, how):
    release = Release(course, **how)
    write_folder(tmp_path / "out", release.student_files())
    write_archive(tmp_path / "out" / "autograder.zip", release.gradescope_files("hw", 1))
    files = {
        str(path.relative_to(tmp_path)): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert "out/autograder.zip" in files
    shared = stub_texts(course) + all_hints(course)
    secret = frozenset(one.encode() for one in solution_lines(course) if one not in shared)
    neighbours = secret_pairs(course)
    assert len(secret) > 200
    assert len(neighbours) > 100
    every = list(all_bytes(files))
    assert sum("/checks/" in name for name, _ in every) > 40  # the autograder's, at least
    for name, content in every:
        assert "solutions" not in name
        if re.match(r"grader/(?!checks/|_course/)", name):
            continue  # the grader itself, which holds no exercise
        if "/checks/" in name:  # torch; a single line of numpy may be the same by chance
            assert not pairs(content.decode("utf-8", "replace")) & neighbours, name
        else:
            assert not told(content, secret), name


@cache
def told(content, lines):
    """Return the lines that occur in a file, looked for once for all releases that it is in."""
    return {line for line in lines if line in content}


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
    """Return the hints: a skeleton may have the loop over the window's places, not what it does."""
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


def test_a_codespace_installs_what_the_readme_says(release):
    files = release.student_files()
    container = json.loads(files[".devcontainer/devcontainer.json"])
    torch, rest = container["postCreateCommand"].split(" && ")
    assert rest in files["README.md"].decode()
    assert torch.replace("'", '"') in files[".github/workflows/classroom.yml"].decode()


def test_the_pages_of_what_is_handed_out_go_along(course, release):
    (wheel,) = [text for name, text in release.student_files().items() if name[-4:] == ".whl"]
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        inside = set(archive.namelist())
    assert {f"grader/_course/topics/{module}.md" for module in course.modules} <= inside
    files = replace(release, targets=("conv.im2col",)).student_files()
    assert [name for name in files if "topics" in name] == ["course/topics/conv.md"]
    assert files["course/topics/conv.md"].startswith(b"# conv: ")


def test_no_word_of_a_template_is_left_unfilled(release):
    files = release.student_files() | release.gradescope_files("hw 1", 1)
    unfilled = ("exercises/", "quizzes/", "course/", "wheels/")
    filled = {n: text for n, text in files.items() if not n.startswith(unfilled)}
    assert {"README.md", ".github/workflows/classroom.yml", "run_autograder"} <= filled.keys()
    for word in (b"@DLGRADE@", b"@FIRST@", b"@ASSIGNMENT@", b"@TORCH@", b"@NOTE@", b"@FILES@"):
        assert not [name for name, text in filled.items() if word in text]


@pytest.fixture
def another(course, tmp_path):
    """Return a course that no package holds: some of the built-in one, by itself."""
    folder = tmp_path / "mine"
    shutil.copytree(course.checks_dir / "conv", folder / "checks" / "conv")
    for part in ("exercises", "solutions"):
        (folder / part).mkdir(parents=True)
        shutil.copy(course.exercises_dir.parent / part / "conv.py", folder / part)
    shutil.copy(course.exercises_dir / "course.toml", folder / "exercises")
    (folder / "quizzes").mkdir()
    return find_course(folder)


def test_another_course_travels_with_its_checks(another):
    release = Release(another)
    files = release.student_files()
    assert files["course/checks/conv/im2col.py"]
    assert files["course/checks/conv/_cases.py"]
    assert files["course/exercises/course.toml"]
    assert b"dlgrade --course course check" in files[".github/workflows/classroom.yml"]
    assert b'--course "$root/source/course"' in release.gradescope_files("hw", 1)["run_autograder"]


# ----------------------------------------------------------------------------- less than all


def test_only_narrows_all_that_students_get(course):
    files = Release(course, targets=("conv.im2col", "pool")).student_files()
    stubs = {name: read_stubs(text.decode()) for name, text in files.items() if is_stub(name)}
    assert {name: [stub.name for stub in found] for name, found in stubs.items()} == {
        "exercises/conv.py": ["im2col"],
        "exercises/pool.py": [stub.name for stub in course.stubs("pool")],
        "course/exercises/conv.py": ["im2col"],
        "course/exercises/pool.py": [stub.name for stub in course.stubs("pool")],
    }
    checks = {name for name in files if "/checks/" in name and "/_" not in name}
    assert {name for name in checks if "/pool/" not in name} == {"course/checks/conv/im2col.py"}
    assert b"dlgrade --course course check conv.im2col\n" in files["README.md"]
    assert b"dlgrade --course course check" in files[".github/workflows/classroom.yml"]


def is_stub(name):
    return "exercises/" in name and name.endswith(".py")


def test_the_stub_that_is_left_is_the_course_s_to_the_letter(course):
    whole = (course.exercises_dir / "conv.py").read_text(encoding="utf-8")
    names = [stub.name for stub in course.stubs("conv")]
    assert keep_functions(whole, names) == whole
    for name in names:
        left = keep_functions(whole, [name])
        (stub,) = read_stubs(left)
        assert replace(stub, line=0) in [replace(one, line=0) for one in course.stubs("conv")]
        assert "\n\n\n\n" not in left
        assert set(left.splitlines()) <= set(whole.splitlines())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hints_that_do_not_go_out_are_in_no_file(course, count):
    files = dict(all_bytes(Release(course, hints=count).student_files()))
    asked = course.find([])
    assert len(asked) > 60
    for exercise in asked:
        path = exercise.id.replace(".", "/")
        assert f"grader/checks/{path}.py" not in files  # of the wheel
        hints = exercise.check.hints
        assert hint_texts(files[f"course/checks/{path}.py"], hints) == list(hints[:count])


def hint_texts(check, hints):
    """Return which hints a check's source holds, in whatever pieces it writes them."""
    nodes = ast.walk(ast.parse(check))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return [hint for hint in hints if hint in texts]


def test_a_check_that_says_its_hints_in_another_way_cannot_be_cut(tmp_path):
    check = tmp_path / "f.py"
    check.write_text("HINTS = ('a', 'b')\nexercise = Exercise(points=1, hints=HINTS)\n")
    with pytest.raises(CourseError, match="--hints cannot take some of them away"):
        keep_hints(check, 1)


def test_a_check_that_begins_with_a_mark_of_its_encoding_is_cut_too(tmp_path):
    check = tmp_path / "f.py"
    check.write_text("exercise = Exercise(hints=('a', 'b'))\n", encoding="utf-8-sig")
    assert hint_texts(keep_hints(check, 1), ("a", "b")) == ["a"]


def test_a_course_without_checks_takes_none_along(course, another):
    for one, hidden in ((course, "grader/checks/"), (another, "course/checks/")):
        files = dict(all_bytes(Release(one, with_checks=False).student_files()))
        assert "course/checks.json" in files
        assert {name for name in files if name.startswith(hidden)} <= {"grader/checks/__init__.py"}
        said = json.loads(files["course/checks.json"])
        assert set(said["exercises"]) == set(one.ids)
        assert said["oracles"] == ["reference", "torch"]
        assert b"import torch" not in b"".join(
            text for name, text in files.items() if name.startswith("course/")
        )


@pytest.mark.parametrize("how", [{"hints": 1}, {"with_checks": False}], ids=str)
def test_another_package_cannot_be_named_where_it_would_hold_what_stays(course, another, how):
    with pytest.raises(UsageError, match="--requirement"):
        Release(course, "dlgrade", **how).student_files()
    files = Release(another, "dlgrade", **how).student_files()
    assert files["requirements.txt"] == b"dlgrade\n"
    assert not [name for name in files if name.endswith(".whl")]


def test_the_autograder_has_all_checks_whatever_students_get(another):
    release = Release(another, targets=("conv.im2col",), hints=0, with_checks=False)
    files = release.gradescope_files("hw", 1)
    check = (another.checks_dir / "conv" / "im2col.py").read_bytes()
    assert files["course/checks/conv/im2col.py"] == check
    assert "course/checks/conv/zero_pad2d.py" not in files


def test_a_folder_that_holds_something_is_refused(release, tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageError, match="is not empty"):
        write_folder(tmp_path, release.student_files())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_assignments_name_cannot_speak_to_the_shell(release):
    with pytest.raises(UsageError, match="--assignment"):
        release.gradescope_files('hw"; rm -rf "$HOME', 1)
