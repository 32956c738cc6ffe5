"""The house is the one that docs/engineer/design.md draws: wings know what its table says."""

from __future__ import annotations

import ast
import functools
import graphlib
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import docstrings

PACKAGE = Path(__file__).resolve().parents[1] / "grader"
DESIGN = (PACKAGE.parent / "docs" / "engineer" / "design.md").read_text(encoding="utf-8")
FACES = {"__init__", "__main__", "vocabulary", "stubs", "pytest"}
# they may know the wing that they show
OF_THE_GROUND = {"files", "text"}  # folders of it
MOST_ENTRIES, MOST_LEVELS = 14, 3
MOST_LINES, MOST_OF_FUNCTION = 300, 45
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
CHILD = re.compile(r"worker\.child(\.|$)")


def modules():
    """Return the dotted name of every module of the package but the checks, without `grader.`."""
    files = [f for f in PACKAGE.rglob("*.py") if "checks" not in f.relative_to(PACKAGE).parts]
    return {
        ".".join(f.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): f
        for f in files
    }


MODULES = modules()


def wings():
    """Return what each wing may know by the table of docs/engineer/design.md, itself included."""
    table = DESIGN.partition("| wing | holds | knows |\n|---|---|---|\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `?(\w+)`? \| .* \| ([\w, ]+) \|$", table, re.MULTILINE)
    known = {}
    for wing, words in rows:
        named = [word for word in re.findall(r"\w+", words) if word != "nothing"]
        known[wing] = {wing, "ground"}.union(*(known[word] for word in named))
    return known


WINGS = wings()


def wing_of(name):
    first = name.partition(".")[0]
    return first if (PACKAGE / first).is_dir() and first not in OF_THE_GROUND else "ground"


@functools.cache
def nodes_of(file):
    """Return what these laws ask about of a file's syntax, read once for all of them."""
    asked = ast.Import, ast.ImportFrom, ast.ClassDef, *FUNCTIONS, ast.Call
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, asked)]


@functools.cache
def imported(file):
    """Return the modules of ours that a file imports, wherever it does and for whatever reason."""
    found = set()
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: name modules in full"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = inner.removeprefix("grader.") in MODULES
                found.add(inner if is_module else str(node.module))
    return {name.removeprefix("grader.") for name in found if name.startswith("grader.")}


def test_the_table_has_a_row_for_every_wing_and_none_for_another():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert set(WINGS) == folders - {"checks"} - OF_THE_GROUND | {"ground"}


def test_the_reference_shows_every_wing():
    page = (PACKAGE.parent / "docs" / "engineer" / "reference.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^\.\. automodule:: grader\.(\w+)$", page, re.MULTILINE))
    assert set(WINGS) - {"ground"} <= shown


@pytest.mark.parametrize("name", sorted(set(MODULES) - FACES - {"grader"}))
def test_a_module_knows_only_the_wings_that_the_table_allows(name):
    for other in imported(MODULES[name]):
        assert wing_of(other) in WINGS[wing_of(name)], f"{name} knows {other}"


@pytest.mark.parametrize("wing", sorted(WINGS))
def test_no_circle_is_inside_a_wing(wing):
    inside = {name for name in MODULES if wing_of(name) == wing and name not in FACES}
    graph = {name: imported(MODULES[name]) & inside - {name} for name in inside}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(inside) > 0


def test_a_folder_has_at_most_14_entries_and_the_house_three_levels():
    folders = [path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE]
    folders = [folder for folder in folders if "checks" not in folder.relative_to(PACKAGE).parts]
    assert len(folders) > len(WINGS)
    for folder in folders:
        entries = [p for p in folder.iterdir() if p.name not in ("__init__.py", "__pycache__")]
        assert len(entries) <= MOST_ENTRIES, f"{folder} wants a second storey"
        assert len(folder.relative_to(PACKAGE).parts) <= MOST_LEVELS


FAMILIES = ("kinds", "exports", "exporters", "layouts")  # files of one form, found by name


@pytest.mark.parametrize(
    "face",
    sorted(
        name
        for name, file in MODULES.items()
        if file.name == "__init__.py" and file.parent != PACKAGE
        if file.parent.name not in FAMILIES
    ),
)
def test_a_folder_says_what_is_in_it(face):
    folder = MODULES[face].parent
    said = ast.get_docstring(ast.parse(MODULES[face].read_text(encoding="utf-8")))
    parts = [p for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()]
    names = {part.stem for part in parts} - {"__init__", "__main__"}
    assert names
    assert not {name for name in names if f"`{name}" not in said}


def test_no_two_classes_have_one_name_unless_they_are_files_of_one_family():
    owners = {}
    for name, file in MODULES.items():
        for node in nodes_of(file):
            if isinstance(node, ast.ClassDef):
                family = name.rpartition(".")[0] if node.name == "Kind" else name
                owners.setdefault(node.name, set()).add(family)
    house = set(owners)
    for file in sorted((PACKAGE / "checks").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            # a mistake is written small: its name is one of its exercise's
            if isinstance(node, ast.ClassDef) and not node.name.islower():
                owners.setdefault(node.name, set()).add(file.relative_to(PACKAGE).as_posix())
    assert len(owners) > len(house) > 100
    twice = {name: sorted(where) for name, where in owners.items() if len(where) > 1}
    assert not twice


def named_in(tree):
    """Yield the words that a file uses: names, attributes, what it imports, and its texts."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        ):
            yield from re.findall(r"\w+", node.value)


def test_every_public_function_and_class_is_used_in_the_house_itself():
    """Where only a test calls it, nobody needs it; what overrides a library's method is called."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in PACKAGE.rglob("*.py")}
    templates = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.j2")]
    used = set(re.findall(r"\w+", "".join(templates))).union(*map(named_in, trees.values()))
    classes = {
        file: [node for node in nodes_of(file) if isinstance(node, ast.ClassDef)]
        for file in MODULES.values()
    }
    ours = {one.name for found in classes.values() for one in found} | {"NamedTuple", "Protocol"}
    unused, looked_at = [], 0
    for name in set(MODULES) - FACES:
        file = MODULES[name]
        own = [one for one in classes[file] if {ast.unparse(base) for base in one.bases} <= ours]
        for node in [*trees[file].body, *(node for one in own for node in one.body)]:
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
                looked_at += 1
                unused += [] if node.name in used else [f"{name}.{node.name}"]
    assert looked_at > 2000
    assert not unused


def test_every_name_in_the_glossary_is_one_of_the_code():
    glossary = DESIGN.partition("## Words, kept apart")[2].partition("\n## ")[0]
    names = set(re.findall(r"`((?:\w+\.)+\w+)`", glossary)) - {"conv.im2col"}
    assert len(names) > 10
    for name in names:
        module, _, last = f"grader.{name}".rpartition(".")
        try:
            found = importlib.import_module(f"{module}.{last}")
        except ModuleNotFoundError:
            found = getattr(importlib.import_module(module), last)
        assert found, name


def test_a_word_of_the_glossary_is_explained_in_one_row():
    glossary = DESIGN.partition("## Words, kept apart")[2].partition("\nVerbs: ")[0]
    words = re.findall(r"\*(\w[\w ]*)\*", glossary)
    assert {"room", "session", "known", "found", "slip", "mutant", "item", "criterion"} < set(words)
    assert sorted(set(words)) == sorted(words)


def test_of_what_is_rendered_the_quizzes_know_the_drawings_and_their_signs_alone():
    quizzes = {name: file for name, file in MODULES.items() if wing_of(name) == "quiz"}
    known = set().union(*(imported(file) for file in quizzes.values()))
    others = {name for name in known if wing_of(name) not in ("quiz", "ground")}
    assert others
    assert {name for name in others if not re.match(r"render\.(drawings\.|signs)", name)} == set()


def test_the_child_knows_nothing_of_ours():
    child = {name: file for name, file in MODULES.items() if CHILD.match(name)}
    assert len(child) > 10
    for name, file in child.items():
        assert not {other for other in imported(file) if not CHILD.match(other)}, name


def test_student_code_is_never_imported_on_the_trusted_side():
    loaders = {"exec_module", "import_module", "run_path", "exec", "__import__"}
    allowed = {"course.loading", "engine.cases.drawing"}
    # these find their own modules by name
    allowed |= {"gradebook.exporters", "grading.intake.layouts"}
    allowed |= {"quiz.kinds", "quiz.exports"}
    # this finds a module of torch's optimisers by name, for a demo
    allowed |= {"student.demo.torch_parts"}
    # after the verdict, in the process of a debugger that the student has opened
    allowed |= {"student.holding.replaying"}
    # in the other process
    allowed |= {"worker.child.loading", "worker.child.libraries", "worker.child.rewriting"}
    # there, and for the oracles: the text of a class that a check lends to its scripts
    allowed |= {"worker.child.calls"}
    able = set()
    for name, file in MODULES.items():
        used = {
            getattr(node.func, "attr", getattr(node.func, "id", ""))
            for node in nodes_of(file)
            if isinstance(node, ast.Call)
        }
        able |= {name} if used & loaders else set()
    assert able == allowed


def test_nothing_unpickles():
    texts = {file: file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")}
    assert len(texts) > len(MODULES)
    unpickling = (
        r"^\s*(import|from) _?(pickle|dill|joblib|shelve)\b|allow_pickle=True|torch\.load\("
    )
    assert not [f for f, text in texts.items() if re.search(unpickling, text, re.MULTILINE)]


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


@pytest.mark.parametrize(
    "module", ["gradebook.inquiry.story", "gradebook.exporters.junit", "gradebook.exporters.canvas"]
)
def test_what_reads_words_from_a_gradebook_alone_imports_no_numpy(module):
    code = f"import sys, grader.{module}; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_run_without_an_exam_and_the_points_it_exports_need_neither_numpy_nor_quizzes(tmp_path):
    (tmp_path / "hw" / "ada").mkdir(parents=True)
    (tmp_path / "hw" / "ada" / "conv.py").write_text("def conv_output_size(n):\n    return n\n")
    book = str(tmp_path / "gradebook.db")
    graded = ("grade", str(tmp_path / "hw"), "--gradebook", book, "--sandbox", "none")
    unneeded = {"numpy", "hypothesis", "torch", "grader.quiz.items.item"}
    assert not loaded_after(*graded, "--only", "conv.conv_output_size") & unneeded
    exported = loaded_after(
        "export", book, "--format", "gradescope", "-o", str(tmp_path / "r.json")
    )
    assert "grader.gradebook.exporters.gradescope" in exported
    assert not exported & unneeded
    assert '"score"' in (tmp_path / "r.json").read_text()


def test_help_reads_neither_the_course_nor_the_quizzes():
    loaded = loaded_after("--help")
    assert "grader.cli" in loaded
    assert not loaded & {"grader.course.course", "grader.quiz.items.item"}


def test_list_reads_no_quiz():
    loaded = loaded_after("list")
    assert "grader.course.course" in loaded
    assert "grader.quiz.items.item" not in loaded


def test_a_passing_check_with_a_warm_bank_imports_neither_torch_nor_hypothesis(tmp_path, course):
    if course.solutions_dir is None:
        pytest.skip("this copy of the course has no solutions to check")
    arguments = ("check", "conv.im2col", "--dir", str(course.solutions_dir))
    loaded_after(*arguments)
    assert not loaded_after(*arguments) & {"torch", "hypothesis"}


def test_no_module_takes_the_name_of_a_public_function():
    assert not {"check", "grade", "export", "list"} & set(MODULES)


def documented_functions():
    """Yield each function of the house that has a section on its parameters, with their lines."""
    for file in MODULES.values():
        for node in nodes_of(file):
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                lines = docstrings.sections(ast.get_docstring(node) or "").get("Parameters", [])
                named = [line for line in lines if line and not line.startswith(" ")]
                if named:
                    yield f"{file}: {node.name}", named


def test_parameters_are_documented_by_bare_names_in_one_dialect():
    found = list(documented_functions())
    assert len(found) > 200
    for where, lines in found:
        for line in lines:
            assert re.fullmatch(r"\*{0,2}\w+(, \*{0,2}\w+)*", line), f"{where}: {line}"


def test_no_file_passes_300_lines_and_no_function_45():
    said = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"at most {MOST_LINES} lines, functions at most {MOST_OF_FUNCTION} beside their" in said
    kinds = set()
    for file in MODULES.values():
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MOST_LINES, f"{file} wants to be two"
        for node in nodes_of(file):
            if isinstance(node, FUNCTIONS):
                kinds.add(type(node))
                length = (node.body[-1].end_lineno or 0) - node.body[0].lineno
                documented = ast.get_docstring(node) or ""
                assert length - len(documented.splitlines()) <= MOST_OF_FUNCTION, (
                    f"{node.name} in {file}"
                )
    assert kinds == set(FUNCTIONS)
