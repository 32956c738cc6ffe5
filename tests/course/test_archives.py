"""What the two archives of a version hold: the wheel no solution, the source all that git has."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from shared import shared_folder

from grader._version import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def source_names(tmp_path_factory):
    """Return the paths in the source archive, below its one folder."""
    pytest.importorskip("hatchling", reason="hatchling is missing, which builds the archive")
    (built,) = shared_folder(tmp_path_factory, "source archive", build).glob("*.tar.gz")
    with tarfile.open(built) as archive:
        names = [one.name for one in archive.getmembers() if one.isfile()]
    prefix = f"dlgrade-{__version__}/"
    assert all(name.startswith(prefix) for name in names)
    return {name.removeprefix(prefix) for name in names}


def build(folder):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def files_of(folder, pattern):
    """Return the paths of what git would keep of a folder's files."""
    found = (file for file in (ROOT / folder).rglob(pattern) if "__pycache__" not in file.parts)
    return {file.relative_to(ROOT).as_posix() for file in found if file.is_file()}


def test_the_wheel_holds_the_package_the_stubs_the_quizzes_and_the_pages_alone(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if "dist-info/" not in name}
    course = {
        f"grader/_course/{part}/{PurePosixPath(name).name}"
        for part, folder, pattern in (
            ("exercises", "exercises", "*.*"),
            ("quizzes", "quizzes", "*.*"),
            ("topics", "docs/student/topics", "*.md"),
        )
        for name in files_of(folder, pattern)
    }
    assert len(course) > 40
    assert names == files_of("grader", "*") | course
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def test_whoever_has_the_source_archive_can_build_test_and_teach(source_names):
    wanted = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"}
    wanted |= {"Dockerfile", ".pre-commit-config.yaml", *files_of(".devcontainer", "*.json")}
    wanted |= files_of(".github", "*.*")
    for folder in ("grader", "exercises", "quizzes", "solutions", "tests"):
        wanted |= files_of(folder, "*.py") | files_of(folder, "*.toml")
    wanted |= files_of("docs/instructor", "*.md") | files_of("docs/student/topics", "*.md")
    assert len(wanted) > 1000
    assert wanted <= source_names


def test_the_source_archive_holds_no_cache(source_names):
    parts = {part for name in source_names for part in PurePosixPath(name).parts}
    assert not parts & {"__pycache__", ".mypy_cache", ".pytest_cache", ".hypothesis", "build"}
    assert not [name for name in source_names if name.endswith((".pyc", ".db"))]
