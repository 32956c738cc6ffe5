"""What a course allows besides numpy is found where it is installed, or the machine is to blame."""

from __future__ import annotations

import shutil

import pytest
from libraries import INNER, LIBRARY, NAME, install, note_version
from sandboxed import both, run

from grader.errors import GraderError
from grader.worker.command import plain_command
from grader.worker.libraries import find_libraries, find_library, versions_of
from grader.worker.sandbox.kinds import make_sandbox, require_sandbox
from grader.worker.sandbox.mounts import make_scratch, make_stage

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
