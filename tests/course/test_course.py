"""Stubs, solutions, docstrings and the wheel are what they say they are."""

from __future__ import annotations

import ast
import doctest
import hashlib
import re
import sys
import zipfile
from pathlib import Path

import pytest
from numpydoc.validate import validate
from small_course import write_course

from grader.course.course import find_course, load_module
from grader.course.stubs import derive_stub, read_stubs
from grader.errors import CourseError, UnknownTargetError

COURSE = find_course()
ROOT = COURSE.exercises_dir.parent
SECTIONS = ("Parameters", "Returns", "Notes", "References", "Examples")

every_module = pytest.mark.parametrize("module", COURSE.modules)
STUBS = [stub for module in COURSE.modules for stub in COURSE.stubs(module)]
every_stub = pytest.mark.parametrize("stub", STUBS, ids=[stub.name for stub in STUBS])


@every_module
def test_a_stub_file_is_derived_from_its_solution(module):
    solution = (ROOT / "solutions" / f"{module}.py").read_text(encoding="utf-8")
    stub = (ROOT / "exercises" / f"{module}.py").read_text(encoding="utf-8")
    assert stub == derive_stub(solution), "run python -m grader.course.stubs"


def test_exercises_solutions_and_checks_mirror_each_other():
    stubs = {file.stem for file in (ROOT / "exercises").glob("*.py")}
    solutions = {file.stem for file in (ROOT / "solutions").glob("*.py")}
    checks = {
        f"{file.parent.name}.{file.stem}"
        for file in COURSE.checks_dir.glob("*/*.py")
        if not file.name.startswith("_")
    }
    assert stubs == solutions == set(COURSE.modules)
    assert checks == set(COURSE.ids)


@every_module
def test_a_stub_file_imports_and_every_stub_raises(module):
    loaded = load_module(ROOT / "exercises" / f"{module}.py", "stub")
    for stub in COURSE.stubs(module):
        made = getattr(loaded, stub.name)
        for method in stub.methods:
            with pytest.raises(NotImplementedError):
                getattr(made, method.name)(*[None] * (len(method.parameters) + 1))
        if not stub.is_class:
            with pytest.raises(NotImplementedError):
                made(*[None] * len(stub.parameters))


@every_stub
def test_a_docstring_has_every_section_and_names_its_results(stub):
    found = re.findall(r"^(\w+)\n-+$", stub.docstring, re.MULTILINE)
    sections = [one for one in SECTIONS if one != "Returns" or not stub.is_class]
    assert [section for section in found if section in SECTIONS] == sections
    assert stub.returns or stub.is_class
    assert stub.summary.endswith(".")
    documented = stub.docstring.partition("Parameters\n")[2].partition("\n\nReturns")[0]
    made = next((one for one in stub.methods if one.name == "__init__"), stub)
    for parameter in made.parameters:
        assert re.search(rf"\b{parameter.name}\b.* : ", documented), parameter.name


# A summary and a formula say enough; results have names, which the grader uses; dL/dx is no word.
NOT_ASKED = {"ES01", "SA01", "RT02", "RT04", "PR08"}


@pytest.mark.parametrize("exercise_id", COURSE.ids)
def test_a_docstring_is_numpydoc(exercise_id, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "solutions")
    found = [error for error in validate(exercise_id)["errors"] if error[0] not in NOT_ASKED]
    assert not found


@every_module
def test_the_examples_of_a_solution_run(module):
    loaded = load_module(ROOT / "solutions" / f"{module}.py", "solution")
    result = doctest.testmod(loaded)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_solution_imports_numpy_and_the_standard_library_alone():
    found = set()
    for file in (ROOT / "solutions").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0] for name in names}
    assert found - set(sys.stdlib_module_names) == {"numpy"}


def test_a_stub_gives_nothing_of_the_solution_away():
    solution = 'def f(x: int) -> int:  # noqa: X - why\n    """Do."""\n    return x + 1\n'
    text = derive_stub(
        f'"""Doc."""\n\nimport numpy as np\n\n\n{solution}\n\ndef _help():\n    ...\n'
    )
    assert text == (
        '"""Doc."""\n\nimport numpy as np\n\n\ndef f(x: int) -> int:\n    """Do."""\n'
        "    raise NotImplementedError\n"
    )


def test_defaults_and_parameters_are_read_as_written():
    (stub,) = read_stubs("def f(x, kernel_size, stride=None, *, hidden=1):\n    '''Do.'''\n")
    assert str(stub) == "f(x, kernel_size, stride=None)"
    assert stub.required == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has no exercises/ folder"),
        ({"exercises/m.py": "def f(): ...", "checks/x": ""}, "f.py is missing"),
        ({"exercises/m.py": "def f(", "checks/x": ""}, "cannot be read"),
        ({"exercises/m.py": "def f(): ...", "checks/m/f.py": "1 / 0"}, "ZeroDivisionError"),
        ({"exercises/m.py": "def f(): ...", "checks/m/f.py": "x = 1"}, "defines no `exercise"),
        ({"exercises/x": "", "checks/x": ""}, "holds no exercises"),
        ({"exercises/m.py": "", "exercises/course.toml": "a = ", "checks/x": ""}, "course.toml"),
    ],
)
def test_a_broken_course_says_what_is_broken_and_where(tmp_path, files, words):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(CourseError, match=re.escape(words)):
        find_course(tmp_path).find([])


@pytest.fixture
def shipped(wheel):
    with zipfile.ZipFile(wheel) as archive:
        yield archive


def test_only_the_stub_files_of_what_is_named_are_read_and_a_name_of_no_exercise_reads_all():
    course = find_course()
    assert course.select(["pool.flatten", "conv"])[-1] == "pool.flatten"  # in the course's order
    assert course.exercise("conv.conv2d_backward").forward().id == "conv.conv2d_forward"
    assert {*course._stubs} == {"conv", "pool"}
    assert course.select([]) == course.ids == course.select(course.modules)
    assert {*course._stubs} == {*course.modules}
    for name in ("flaten", "pool.im2col", "conv.", "", "nothing.at_all"):
        with pytest.raises(UnknownTargetError, match="no module or exercise"):
            course.select(["conv", name])
        with pytest.raises(UnknownTargetError, match="no module or exercise"):
            course.exercise(name)


def test_a_bare_name_is_taken_where_one_module_alone_has_it(tmp_path):
    course = find_course(write_course(tmp_path))
    assert course.select(["double"]) == ("own.double",)
    assert COURSE.select(["im2col", "pool"]) == COURSE.select(["conv.im2col", "pool"])
    stub = course.exercises_dir / "own.py"
    stub.with_name("other.py").write_bytes(stub.read_bytes())
    course = find_course(tmp_path)
    with pytest.raises(UnknownTargetError, match=r"'double': say other.double or own.double"):
        course.select(["double"])


def test_the_wheel_holds_stubs_quizzes_and_checks_and_never_a_solution(shipped):
    names = set(shipped.namelist())
    for module in COURSE.modules:
        assert f"grader/_course/exercises/{module}.py" in names
        assert f"grader/_course/topics/{module}.md" in names
    assert "grader/_course/exercises/course.toml" in names
    assert {f"grader/checks/{i.replace('.', '/')}.py" for i in COURSE.ids} <= names
    assert any(name.startswith("grader/_course/quizzes/") for name in names)
    assert not [name for name in names if "solutions" in name or name.startswith("tests")]


def test_no_line_of_a_solution_body_is_in_the_wheel(shipped):
    text = b"\n".join(shipped.read(name) for name in shipped.namelist())
    bodies = {}
    for file in (ROOT / "solutions").glob("*.py"):
        source = file.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and len(node.body) > 3:
                body = "\n".join(source.splitlines()[node.body[1].lineno - 1 : node.end_lineno])
                bodies[f"{node.name} of {file.name}"] = body.encode()
    assert len(bodies) > 20
    assert not [name for name, body in bodies.items() if body in text]


def test_a_file_of_a_course_is_read_once_and_again_when_it_has_changed(tmp_path, monkeypatch):
    course = find_course(write_course(tmp_path / "own"))
    (tmp_path / "own" / "exercises" / "table").write_text("1")
    read = []
    digest = hashlib.file_digest
    monkeypatch.setattr(
        hashlib, "file_digest", lambda file, name: read.append(file.name) or digest(file, name)
    )
    before = course.digest
    assert len(read) == len(set(read)) > 4
    assert (course.digest, len(set(read))) == (before, len(read))
    (tmp_path / "own" / "exercises" / "table").write_text("12")
    assert course.digest != before
    assert Path(read.pop()).name == "table"
    assert len(set(read)) == len(read)
