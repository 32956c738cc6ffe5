"""The key of kept cases changes with everything that enters them, and with nothing else."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from libraries import NAME, copy_course, install, note_version

from grader.course.course import Course, find_course
from grader.course.freshness import note_as_read
from grader.engine.cases import key as key_module
from grader.engine.cases.key import (
    PACKAGE,
    drawing_digest,
    fingerprint,
    imported_files,
    read_imported,
    read_own_code,
    version,
    versions,
)
from grader.errors import ChangedError

ID = "recurrent.lstm_forward"
ENTERING = [
    "worker/wire.py", "worker/child/encoding.py", "worker/child/replies.py",
    "engine/compare.py", "engine/wording.py",
    "engine/cases/oracle.py", "engine/cases/drawing.py", "engine/cases/caseset.py",
    "engine/cases/known.py", "engine/cases/ladder.py", "engine/cases/bank.py",
    "engine/cases/key.py",
    "course/strategies.py", "course/vocabulary.py", "model/__init__.py", "model/cases.py",
    "checks/recurrent/lstm_forward.py", "checks/recurrent/_cases.py", "checks/recurrent/_lstm.py",
]  # fmt: skip
OTHERS = [
    "render/failure.py", "engine/naming/symptoms/places.py", "engine/examiner.py",
    "worker/client.py", "model/printed.py", "model/mended.py", "model/sourcemap.py",
    "course/docstrings.py", "gradebook/facts.py", "checks/conv/_cases.py",
    "checks/recurrent/gru_cell.py", "__init__.py",
]  # fmt: skip


def copy_of_the_tree(folder):
    """Copy the grader and its course, so that they can be changed."""
    skipped = shutil.ignore_patterns("__pycache__", "_course")
    shutil.copytree(PACKAGE, folder / "grader", ignore=skipped)
    for part in ("exercises", "solutions"):
        shutil.copytree(PACKAGE.parent / part, folder / part, ignore=skipped)
    return folder


def key_in(folder, seed=0, *, solutions=True):
    """Return the key by the grader and the course in a folder, as they are now."""
    read_own_code.cache_clear()
    note_as_read.cache_clear()  # as another process would
    grader = folder / "grader"
    references = folder / "solutions" if solutions else None
    course = Course(folder / "exercises", grader / "checks", folder / "quizzes", references)
    return fingerprint(course, course.exercise(ID), seed, grader)


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = copy_of_the_tree(tmp_path_factory.mktemp("copy"))
    yield folder
    read_own_code.cache_clear()


def change(file):
    """Append a remark to a file, and return what takes it away again."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\n# a remark\n", encoding="utf-8")
    return lambda: file.write_text(text, encoding="utf-8")


def test_the_place_of_grader_and_course_does_not_matter(copied, course):
    assert key_in(copied) == fingerprint(course, course.exercise(ID), 0)


@pytest.mark.parametrize("name", ENTERING)
def test_a_change_of_what_draws_answers_or_encodes_changes_the_key(copied, name):
    before = key_in(copied)
    undo = change(copied / "grader" / name)
    assert key_in(copied) != before
    undo()
    assert key_in(copied) == before


@pytest.mark.parametrize("name", OTHERS)
def test_a_change_of_anything_else_leaves_the_key(copied, name):
    before = key_in(copied)
    undo = change(copied / "grader" / name)
    assert key_in(copied) == before
    undo()


def test_seed_stub_solution_and_its_absence_change_the_key(copied):
    keys = [key_in(copied), key_in(copied, seed=1), key_in(copied, solutions=False)]
    for name in ("exercises/recurrent.py", "solutions/recurrent.py"):
        undo = change(copied / name)
        keys.append(key_in(copied))
        undo()
    assert len(set(keys)) == len(keys) == 5
    undo = change(copied / "solutions" / "conv.py")
    assert key_in(copied) == keys[0]
    undo()


@pytest.mark.parametrize(
    "name",
    ["checks/other/_tables.py", "checks/tables.py", "solutions/_help.py", "solutions/data/table",
     "exercises/table.txt", "exercises/conv.py"],
)  # fmt: skip
def test_all_files_of_another_course_enter_however_they_find_each_other(tmp_path, name):
    grader, own = PACKAGE, tmp_path / "course"
    shutil.copytree(grader / "checks" / "recurrent", own / "checks" / "recurrent")
    shutil.copytree(grader.parent / "exercises", own / "exercises")
    shutil.copytree(grader.parent / "solutions", own / "solutions")
    (own / name).parent.mkdir(exist_ok=True)
    (own / name).write_text("LOW = 1\n", encoding="utf-8")
    course = Course(own / "exercises", own / "checks", own / "quizzes", own / "solutions")
    before = fingerprint(course, course.exercise(ID), 0)
    (own / name).write_text("LOW = 2\n", encoding="utf-8")
    with pytest.raises(ChangedError, match="was changed while"):
        fingerprint(course, course.exercise(ID), 0)
    note_as_read.cache_clear()  # as another process would
    assert fingerprint(course, course.exercise(ID), 0) != before


@pytest.mark.parametrize(
    "line",
    [
        "import grader.model",
        "import os, grader.model",
        "import grader.errors as e, grader.model as m",
        "from grader import model",
        "from grader.model import Case",
        "    from grader import (\n        errors,\n        model,\n    )",
    ],
)
def test_an_import_is_seen_in_whatever_form_an_author_writes_it(line):
    assert PACKAGE / "model" / "__init__.py" in imported_files(PACKAGE, f"import sys\n{line}\n")


def test_a_changed_tolerance_changes_the_key(copied):
    before = key_in(copied)
    file = copied / "grader" / "checks" / "recurrent" / "lstm_forward.py"
    text = file.read_text(encoding="utf-8")
    assert "exercise = Exercise(" in text
    file.write_text(text.replace("Exercise(\n", "Exercise(\n    tolerance=1e-6,\n", 1))
    assert key_in(copied) != before
    file.write_text(text)


@pytest.mark.parametrize("name", ["dlgrade", "python", "numpy", "torch", "hypothesis"])
def test_another_version_of_a_library_changes_the_key(course, monkeypatch, name):
    exercise = course.exercise(ID)
    before = fingerprint(course, exercise, 0)
    other = {**versions(), name: "99.1"}
    monkeypatch.setattr(key_module, "versions", lambda: other)
    assert fingerprint(course, exercise, 0) != before


def test_another_version_of_a_library_that_a_course_allows_changes_the_key(
    course, tmp_path, monkeypatch
):
    """Its right answers may be made with that library."""
    site = install(tmp_path / "site")
    own = find_course(copy_course(course, tmp_path / "own"))
    exercise = own.exercise(ID)
    keys = {fingerprint(own, exercise, 0)}
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    keys.add(fingerprint(own, exercise, 0))
    for number in ("1.0", "2.0"):
        note_version(site, number)
        key_module._versions_of.cache_clear()  # as another process would
        keys.add(fingerprint(own, exercise, 0))
        assert key_module.versions_with(own.imports)[NAME] == number
    assert len(keys) == 4
    assert key_module.versions_with(()) == versions()


def test_another_library_or_other_code_of_ours_draws_otherwise(monkeypatch):
    before = drawing_digest()
    assert drawing_digest() == before
    monkeypatch.setattr(key_module, "versions", lambda: {**versions(), "hypothesis": "99.1"})
    library = drawing_digest()
    monkeypatch.undo()
    monkeypatch.setattr(key_module, "read_own_code", lambda: {PACKAGE / "model" / "cases.py": b""})
    assert len({before, library, drawing_digest()}) == 3


def test_versions_are_those_that_are_installed(monkeypatch):
    monkeypatch.setattr(key_module, "version", lambda name: f"{name} 7")
    found = versions.__wrapped__()
    assert found["torch"] == "torch 7"
    assert set(found) == {"dlgrade", "python", "numpy", "torch", "hypothesis"}


def test_a_version_is_the_one_that_is_installed_wherever_it_is_read(monkeypatch, tmp_path):
    for name in ("numpy", "torch", "hypothesis"):
        assert version(name) == metadata.version(name)
    for other in ("1", "2"):
        (tmp_path / f"numpy-{other}.dist-info").mkdir()
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        monkeypatch.setattr(metadata, "version", lambda name: f"{name} as it says itself")
        assert version("numpy") == "numpy as it says itself"  # several say so


def test_what_a_drawing_loads_is_what_enters(tmp_path, course):
    code = (
        "import sys, json\n"
        "from grader.engine.cases import ahead, bank, caseset, drawing, kept, key, known\n"
        "from grader.engine.cases import ladder, oracle, sketch\n"
        "import grader.vocabulary\n"
        "import grader.worker.libraries\n"  # a course may allow some
        "files = [m.__file__ for n, m in sys.modules.items() if n.startswith('grader.')]\n"
        "print(json.dumps(files))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {Path(file) for file in json.loads(done.stdout)}
    docstrings = {file for file in loaded if len(ast.parse(file.read_bytes()).body) == 1}
    assert {file.name for file in docstrings} == {"__init__.py"}
    assert loaded - docstrings == set(read_own_code())


def imported_by_parsing(source):
    """Return the files that a source imports, found by its syntax tree."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {file_of(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = str(node.module)
            parts = {file_of(f"{whole}.{alias.name}") or file_of(whole) for alias in node.names}
            found |= parts
    return found - {None, PACKAGE / "__init__.py"}


def file_of(name):
    """Return the file of a module or a package of ours; None for anything else."""
    path = PACKAGE.parent / name.replace(".", "/")
    files = [path.with_suffix(".py"), path / "__init__.py"]
    ours = [file for file in files if file.is_file() and file.is_relative_to(PACKAGE)]
    return ours[0] if ours else None


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_the_search_of_a_text_finds_what_its_syntax_tree_does():
    assert len(MODULES) > 200
    differing = []
    for file in MODULES:
        source = file.read_text(encoding="utf-8")
        if set(imported_files(PACKAGE, source)) != imported_by_parsing(source):
            differing.append(file)
    assert not differing


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (
            "from grader.engine import compare, wording\n",
            ["engine/compare.py", "engine/wording.py"],
        ),
        ("import grader.engine.compare as c", ["engine/compare.py"]),
        (
            "from grader import (\n    model,  # facts\n    errors,\n)\n",
            ["model/__init__.py", "errors.py"],
        ),
        ("def f():\n    from grader.worker.wire import Request\n", ["worker/wire.py"]),
        ("if TYPE_CHECKING:\n    from grader.model import Case\n\n    X = int\n", []),
        (
            "if TYPE_CHECKING:\n    import os\nfrom grader.model import Case\n",
            ["model/__init__.py"],
        ),
        ("import grader\nimport graders.model\nfrom numpy import grader\n", []),
    ],
)
def test_an_import_is_found_in_every_form_that_python_has_but_for_types_alone(source, names):
    assert set(imported_files(PACKAGE, source)) == {PACKAGE / name for name in names}


def test_files_that_import_each_other_are_each_read_once(tmp_path):
    (tmp_path / "a.py").write_text("import grader.b\n")
    (tmp_path / "b.py").write_text("import grader.a\n")
    found = read_imported(tmp_path, [tmp_path / "a.py"])
    assert {file.name for file in found} == {"a.py", "b.py"}
    assert not read_imported(tmp_path, [tmp_path / "a.py"], found)
