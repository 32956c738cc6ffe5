"""What has to be installed for what: a student's part, an instructor's, and the line that helps."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from books import begin, hand_in, passed
from classes import dlgrade

from grader.gradebook.facts import Gradebook

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
BLOCKED = "import sys; sys.modules |= dict.fromkeys({!r}); from grader.__main__ import main; main()"


def names(requirements):
    """Return the normal names of distributions."""
    return {re.match(r"[\w-]+", one)[0].lower().replace("_", "-") for one in requirements}


def run_without(libraries, *words):
    """Run the command in a process that cannot import some libraries."""
    line = [sys.executable, "-c", BLOCKED.format(libraries), *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "g.db") as made:
        hand_in(begin(made), "abc", [passed()])
    return tmp_path / "g.db"


@pytest.mark.parametrize(
    ("library", "command"),
    [
        ("jinja2", "report"),
        ("copydetect", "report --similar"),
        ("jinja2", "feedback"),
    ],
)
def test_a_command_that_misses_a_library_says_in_one_line_what_to_install(
    tmp_path, book, library, command
):
    name, *option = command.split()
    more = [*option, tmp_path] if option else []
    done = run_without([library], name, book, "-o", tmp_path / "out", *more)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"dlgrade: {command} needs {library}: pip install 'dlgrade[class]'")
    assert not (tmp_path / "out").exists()


def test_a_student_needs_no_library_of_the_extra(tmp_path, course):
    libraries = ["copydetect", "matplotlib", "jinja2"]
    line = ("check", "conv.im2col", "--dir", course.solutions_dir)
    done = run_without(libraries, *line)
    assert done.returncode == 0, done.stderr
    assert run_without(libraries, "init", tmp_path / "mine").returncode == 0


def test_everything_that_the_package_imports_is_a_dependency_or_of_the_extra():
    allowed = names([*PROJECT["dependencies"], *EXTRAS["class"], *EXTRAS["cluster"]])
    allowed.add("markupsafe")  # jinja2's own, for texts that are safe
    owners = packages_distributions()
    found = set()
    for file in (ROOT / "grader").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            inside = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            inside += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0] for name in inside}
    outside = found - set(sys.stdlib_module_names) - {"grader"}
    used = {one for name in outside for one in names(owners[name])}
    assert {"numpy", "torch", "typer", "jinja2"} <= used <= allowed | {"pytest"}
    plugin = {ROOT / "grader" / "pytest.py", ROOT / "grader" / "student" / "items.py"}
    asking = re.compile(r"^\s*(import|from) pytest\b", re.MULTILINE)
    others = set((ROOT / "grader").rglob("*.py")) - plugin
    found = [file for file in others if asking.search(file.read_text(encoding="utf-8"))]
    assert not found, "only the plugin imports pytest, which is there when it is loaded"


def test_everything_that_is_a_dependency_is_imported():
    text = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "grader").rglob("*.py"))
    owners = packages_distributions()
    asked = names([*PROJECT["dependencies"], *EXTRAS["class"], *EXTRAS["cluster"]])
    modules = {one: {m for m, ds in owners.items() if one in names(ds)} for one in asked}
    for one, own in modules.items():
        assert any(re.search(rf"^\s*(import|from) {name}\b", text, re.MULTILINE) for name in own), (
            one
        )


def test_the_list_for_development_is_written_once():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert groups["dependency-groups"] == {"dev": ["dlgrade[dev]"]}
    assert {"dlgrade[class]", "dlgrade[cluster]", "dlgrade[docs]"} <= set(EXTRAS["dev"])


def test_grading_on_a_cluster_without_its_libraries_says_in_one_line_what_to_install(tmp_path):
    (tmp_path / "hw").mkdir()
    done = run_without(["distributed"], "grade", tmp_path / "hw", "--cluster", "local:1")
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line == "dlgrade: grade --cluster needs distributed: pip install 'dlgrade[cluster]'"


@pytest.mark.parametrize(
    "words",
    [
        ["--nosuch"], ["nosuch"], ["--plain", "check"], ["check", "--nosuch"],
        ["check", "--seed"], ["check", "--seed", "x"], ["check", "--plain", "nosuch"],
        ["check", "--timeout", "-1"], ["watch", "a", "b"], ["hint"], ["list", "--nosuch"],
        ["grade"], ["grade", "a", "b"], ["grade", ".", "--sandbox", "nosuch"], ["export", "g.db"],
        ["report"], ["report", "g.db"], ["feedback", "g.db"], ["quiz", "--nosuch"],
        ["quiz", "nosuch"], ["release"], ["doctor", "x"], ["audit", "nosuch"], ["override", "g.db"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_command_line_that_cannot_be_understood_ends_with_2(tmp_path, words):
    done = dlgrade(*words, folder=tmp_path)
    assert done.returncode == 2, done.stdout
    assert not done.stdout
    assert "Traceback" not in done.stderr
