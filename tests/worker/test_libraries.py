"""What a course allows besides numpy is found where it is installed, or the machine is to blame."""

from __future__ import annotations

import importlib.machinery
import shutil
import sys
import zipfile
from functools import partial

import pytest
from libraries import INNER, LIBRARY, NAME, install, note_version
from sandboxed import both, run

from grader.errors import GraderError
from grader.model import Case, Limits
from grader.worker.client import Worker
from grader.worker.command import plain_command
from grader.worker.libraries import find_libraries, find_library, versions_of
from grader.worker.sandbox.kinds import make_sandbox, require_sandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage
from grader.worker.wire import pack_case, read_reply

USING = """
import padlib
def f():
    try:
        import otherlib
    except ModuleNotFoundError:
        return padlib.pad_all.__module__
    return otherlib.__file__
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    return tmp_path / "site"


def test_a_library_is_found_with_what_a_wheel_puts_beside_it(site):
    (site / f"{NAME}.libs").mkdir()
    found = find_library(NAME)
    assert (found.folder, found.parts) == (site, (NAME, f"{NAME}.libs"))
    (site / "single.py").write_text("")
    assert find_library("single").parts == ("single.py",)


def test_a_students_file_in_the_current_folder_is_no_library(tmp_path, monkeypatch):
    (tmp_path / "mylib.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_library("mylib") is not None
    monkeypatch.chdir(tmp_path)
    assert find_library("mylib") is None


def test_what_is_not_installed_is_our_fault_in_one_line():
    with pytest.raises(GraderError, match=r"nowhere1, nowhere2 is not installed.*pip install"):
        find_libraries(["nowhere1", "math", "nowhere2"][::2])


@pytest.mark.parametrize("declares", ["RECORD", "top_level.txt"])
def test_a_librarys_version_is_that_of_its_installer(site, declares):
    note_version(site, "1.2.post3", declares=declares)
    note_version(site, "7", "otherlib")
    assert versions_of(find_libraries([NAME, "otherlib"])) == {NAME: "1.2.post3", "otherlib": "7"}


def test_a_library_of_which_nothing_says_a_version_has_that_of_its_files(site):
    def version():
        return versions_of(find_libraries([NAME]))[NAME]

    note_version(site, "7", "otherlib")
    before = version()
    (site / NAME / "__pycache__").mkdir()
    (site / NAME / "__pycache__" / "inner.pyc").write_bytes(b"compiled")
    assert version() == before
    (site / NAME / "inner.py").write_text(INNER + "\n")
    changed = version()
    (site / NAME / "table.csv").write_text("1")
    assert len({before, changed, version()}) == 3
    (site / "single.py").write_text("a = 1")
    single = versions_of(find_libraries(["single"]))
    (site / "single.py").write_text("a = 2")
    assert versions_of(find_libraries(["single"])) != single


class Hook:
    """Finds a library as some editable installs do."""

    @staticmethod
    def find_spec(name, *_):
        return importlib.machinery.ModuleSpec(name, None) if name == "hooked" else None


def test_what_no_worker_can_be_shown_is_said_and_not_installed_once_more(
    site, tmp_path, monkeypatch
):
    (site / "spaced").mkdir()
    with zipfile.ZipFile(tmp_path / "zipped.zip", "w") as archive:
        archive.writestr("zipped/__init__.py", "")
        archive.writestr("single.py", "")
    monkeypatch.syspath_prepend(tmp_path / "zipped.zip")
    monkeypatch.setattr("sys.meta_path", [Hook, *sys.meta_path])
    for name in ("spaced", "zipped", "single", "hooked"):
        with pytest.raises(GraderError, match="or one folder with an __init__") as caught:
            find_libraries([NAME, name])
        assert f"toml: {name} is not" in str(caught.value)
        assert "pip install" not in str(caught.value)


@both
def test_a_sandbox_shows_what_is_allowed_and_nothing_beside_it(kind, site):
    scratch = make_scratch()
    with make_sandbox(kind, scratch, find_libraries([NAME])) as sandbox:
        assert run(sandbox, make_stage(scratch), USING) == "padlib.inner"
    shutil.rmtree(scratch)


@both
def test_a_sandbox_without_it_shows_no_library(kind, site):
    scratch = make_scratch()
    with make_sandbox(kind, scratch) as sandbox, pytest.raises(AssertionError, match="padlib"):
        run(sandbox, make_stage(scratch), USING)
    shutil.rmtree(scratch)


def test_a_worker_without_a_sandbox_finds_what_is_allowed_alone(site, tmp_path):
    (tmp_path / "work").mkdir()
    libraries = find_libraries([NAME])

    def command(folder, limits):
        return plain_command(folder, limits, libraries)

    assert run(command, tmp_path / "work", USING) == "padlib.inner"


@pytest.mark.parametrize("own", [f"{NAME}.py", f"{NAME}/__init__.py", f"{NAME}/inner.py"])
def test_a_students_own_file_of_a_librarys_name_is_not_the_library(site, tmp_path, own):
    folder = tmp_path / "work"
    (folder / own).parent.mkdir(parents=True)
    (folder / own).write_text("class pad_all: __module__ = 'of the student'\n")
    (folder / "conv.py").write_text(USING)
    command = partial(plain_command, libraries=find_libraries([NAME]))
    request = pack_case(Case(((),)))
    with Worker(folder, Limits(), command) as worker:
        assert worker.load("conv", "f") is True
        (frame,) = worker.call("conv", "f", [request])
    assert read_reply(*frame, request).steps[-1] == "padlib.inner"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import otherlib\n", "ModuleNotFoundError: No module named 'otherlib'"),
        ("import os; os._exit(3)\n", "exit code 3"),
        ("raise RuntimeError('broken')\n", "RuntimeError: broken"),
    ],
)
def test_a_library_that_cannot_be_imported_is_our_fault_before_anybody_is_graded(
    tmp_path, monkeypatch, text, words
):
    monkeypatch.syspath_prepend(install(tmp_path / "site", text=text))
    with pytest.raises(GraderError, match="is installed, and cannot be imported") as caught:
        require_sandbox("none", libraries=find_libraries([NAME]))
    assert words in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_library_that_needs_another_one_works_when_both_are_allowed(tmp_path, monkeypatch):
    text = f"import otherlib\n{LIBRARY}"
    monkeypatch.syspath_prepend(install(tmp_path / "site", text=text))
    assert INNER
    require_sandbox("none", libraries=find_libraries([NAME, "otherlib"]))
