"""A tree is removed whole, however deep it is and whatever lies in it, and nothing else is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.files import author_files
from grader.files.removing import empty_folder, remove_tree

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX files")


def others_in(folder, *names):
    return {path.name for path in folder.iterdir()} - set(names)


def make_tower(folder, floors):
    """Make a folder in a folder in a folder, with something odd on each floor."""
    folder.mkdir()
    opened = os.open(folder, os.O_RDONLY)
    for _ in range(floors):
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=opened))
        os.symlink("/", "link", dir_fd=opened)
        os.mkfifo("pipe", dir_fd=opened)
        os.mkdir("locked", 0, dir_fd=opened)
        os.mkdir("up", dir_fd=opened)
        inner = os.open("up", os.O_RDONLY, dir_fd=opened)
        os.fchmod(opened, 0o500)
        os.close(opened)
        opened = inner
    os.close(opened)


@POSIX
def test_a_tree_deeper_than_the_stack_and_longer_than_a_path_is_removed(tmp_path):
    make_tower(tmp_path / "tower", 1_500)
    before = len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else None
    assert remove_tree(tmp_path / "tower")
    assert not others_in(tmp_path)
    assert before is None or len(list(Path("/proc/self/fd").iterdir())) == before


@POSIX
def test_removing_twice_as_deep_a_tree_takes_twice_as_many_steps(tmp_path, monkeypatch):
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda *args, **kinds: opened.append(1) or real(*args, **kinds))

    def steps(floors):
        make_tower(tmp_path / "tower", floors)
        opened.clear()
        assert remove_tree(tmp_path / "tower")
        return len(opened)

    assert steps(80) < 2.5 * steps(40)


@POSIX
def test_names_in_a_tree_do_not_meet_when_its_folders_are_moved_up(tmp_path):
    for path in ("a/a/a", "a/b/a", "b/a/a", "b/b/b"):
        (tmp_path / "tree" / path).mkdir(parents=True)
        (tmp_path / "tree" / path / "file").touch()
    assert empty_folder(tmp_path / "tree")
    assert not others_in(tmp_path / "tree")


@POSIX
def test_what_a_link_leads_to_is_not_removed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    assert remove_tree(tmp_path / "tree")
    assert not remove_tree(tmp_path / "link")
    assert not empty_folder(tmp_path / "link")
    assert (tmp_path / "kept" / "file").exists()


def test_removing_what_is_not_there_or_no_folder_raises_nothing(tmp_path):
    (tmp_path / "file").touch()
    assert remove_tree(tmp_path / "nothing")
    assert not remove_tree(tmp_path / "file")
    assert not empty_folder(tmp_path / "nothing")


@POSIX
def test_a_folder_that_cannot_be_removed_is_told_and_the_rest_goes(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / "tree" / name / "inner").mkdir(parents=True)
        (tmp_path / "tree" / name / "inner" / name).touch()
    real = os.unlink

    def refuse(name, **kinds):
        if name == "a":
            raise PermissionError(1, "not this one")
        real(name, **kinds)

    monkeypatch.setattr(os, "unlink", refuse)
    assert not remove_tree(tmp_path / "tree")
    assert [path.name for path in (tmp_path / "tree").rglob("*") if path.is_file()] == ["a"]


def test_an_authors_files_are_all_that_are_not_hidden_nor_in_what_is(tmp_path):
    folder = tmp_path / ".course"
    names = ["a.py", "b/table.txt", ".c", ".git/d", "b/.e/f.py", "__pycache__/g.pyc"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert author_files(folder) == [folder / name for name in names[:2]]
