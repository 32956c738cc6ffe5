"""The import graph of `grader/` is the one that docs/design.md draws: no cycle, no arrow back."""

from __future__ import annotations

import ast
import graphlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "grader"
LAYERS = (PACKAGE.parent / "docs" / "design.md").read_text(encoding="utf-8")


def modules():
    """Return the dotted name of every module of the package but the checks."""
    files = [f for f in PACKAGE.rglob("*.py") if "checks" not in f.parts]
    return {
        ".".join(f.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): f
        for f in files
    }


MODULES = modules()


def test_no_module_imports_itself_through_others():
    runtime = {name: imports_at_run_time(MODULES[name]) & set(MODULES) for name in MODULES}
    graphlib.TopologicalSorter(runtime).prepare()


def imports_at_run_time(file):
    """Return what a file imports outside `if TYPE_CHECKING:`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in guarded:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
    return found


def layer_of(name):
    """Return the number of the row of docs/design.md that names a module or its package."""
    parts = name.removeprefix("grader.").split(".")
    rows = [line for line in LAYERS.splitlines() if line.startswith("| ") and "`" in line]
    for size in range(len(parts), 0, -1):
        word = "`" + ".".join(parts[:size]) + "`"
        for number, row in enumerate(rows):
            if word in row.split("|")[1]:
                return number
    raise AssertionError(f"docs/design.md has no row for {name}")


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"grader"}))
def test_a_module_imports_only_rooms_above_its_own_or_beside_it(name):
    for other in imports_at_run_time(MODULES[name]) & set(MODULES) - {"grader", name}:
        assert layer_of(other) <= layer_of(name), f"{name} imports {other}, which is below it"


def test_the_child_knows_nothing_of_ours():
    found = imports_at_run_time(PACKAGE / "worker" / "child.py")
    assert not any(other.startswith("grader") for other in found)


def test_student_code_is_never_imported_on_the_trusted_side():
    loaders = {"exec_module", "import_module", "run_path", "exec", "__import__"}
    allowed = {"grader.course.course", "grader.worker.child", "grader.engine.cases.drawing"}
    # these find their own modules by name
    allowed |= {"grader.gradebook.exporters", "grader.grading.intake.layouts"}
    allowed |= {"grader.quiz.kinds", "grader.quiz.exports"}
    for name, file in MODULES.items():
        used = {
            getattr(node.func, "attr", getattr(node.func, "id", ""))
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        }
        assert name in allowed or not used & loaders, f"{name} can load code"


def test_nothing_unpickles():
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "import pickle" not in text
        assert "allow_pickle=True" not in text


def loaded_after(*arguments):
    """Return the names of the modules that a command has loaded when it ends."""
    code = (
        "import sys, json, atexit\n"
        "atexit.register(lambda: print('LOADED', json.dumps(sorted(sys.modules))))\n"
        f"sys.argv = ['dlgrade', *{list(arguments)!r}]\n"
        "from grader.__main__ import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return set(json.loads(done.stdout.rpartition("LOADED ")[2]))


@pytest.mark.parametrize("arguments", [("--help",), ("list",), ("check", "--help")])
def test_help_and_list_import_neither_numpy_nor_hypothesis_nor_torch(arguments):
    assert not loaded_after(*arguments) & {"numpy", "hypothesis", "torch", "psutil"}


def test_a_passing_check_with_a_warm_bank_imports_neither_torch_nor_hypothesis(tmp_path, course):
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions to check")
    arguments = ("check", "conv.im2col", "--dir", str(course.solutions_dir))
    loaded_after(*arguments)
    assert not loaded_after(*arguments) & {"torch", "hypothesis"}


def test_no_module_takes_the_name_of_a_public_function():
    assert not {"grader.check", "grader.grade", "grader.export", "grader.list"} & set(MODULES)


def test_no_file_passes_300_lines_and_no_function_45():
    for file in MODULES.values():
        text = file.read_text(encoding="utf-8")
        if file.name != "child.py":  # stands alone on purpose: it may import nothing of ours
            assert len(text.splitlines()) <= 300, f"{file} wants to be two"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.body[-1].end_lineno or 0) - node.body[0].lineno
                documented = ast.get_docstring(node) or ""
                assert length - len(documented.splitlines()) <= 45, f"{node.name} in {file}"
