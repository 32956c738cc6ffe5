"""A save is noticed however the editor does it, once, and only when something changed."""

from __future__ import annotations

import os
import threading
import time
from queue import Empty, SimpleQueue

import pytest

from grader.student.watching import saves
from grader.student.watching.saves import SaveWatcher, changed_files, read_settled, read_texts

PATIENCE_S = 60.0


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mes éxercices"
    folder.mkdir()
    (folder / "conv.py").write_bytes(b"x = 1\n")
    return folder


@pytest.fixture(params=["events", "no events"])
def seen(request, folder, monkeypatch):
    """Return a queue of what the watcher tells, with events and where there are none."""
    monkeypatch.setattr(saves, "POLL_MS", 60_000)  # an event alone can tell in time
    if request.param == "no events":
        monkeypatch.setattr("watchfiles.watch", no_events)
        monkeypatch.setattr(saves, "POLL_MS", 50)
    queue = SimpleQueue()
    watcher = SaveWatcher(folder, lambda old, new: queue.put((old, new)))
    assert watcher.ready.wait(PATIENCE_S)
    yield queue
    watcher.close()


def no_events(*_, **__):
    raise OSError("too many watches")


def write(path):
    path.write_bytes(b"x = 2\n")


def rename_over(path):
    new = path.with_name("conv.py.tmp")
    new.write_bytes(b"x = 2\n")
    new.replace(path)


def move_away_and_write(path):
    """Save as vim and emacs do with backups: the file is gone for a moment."""
    path.replace(path.with_name("conv.py~"))
    time.sleep(0.05)
    path.write_bytes(b"x = 2\n")


def truncate_and_write(path):
    with path.open("wb") as file:
        file.flush()
        os.fsync(file.fileno())
        time.sleep(0.05)
        file.write(b"x = 2\n")


@pytest.mark.parametrize("save", [write, rename_over, move_away_and_write, truncate_and_write])
def test_one_save_is_told_once_with_the_texts_before_and_after(seen, folder, save, monkeypatch):
    monkeypatch.setattr(saves, "SETTLE_S", PATIENCE_S)  # whoever saves may be held up in between
    save(folder / "conv.py")
    old, new = seen.get(timeout=PATIENCE_S)
    assert old["conv.py"] == b"x = 1\n"
    assert new["conv.py"] == b"x = 2\n"
    (folder / "pool.py").write_bytes(b"y = 1\n")
    assert changed_files(*seen.get(timeout=PATIENCE_S)) == ["pool.py"]  # and nothing in between


def test_a_file_that_is_touched_or_another_kind_of_file_is_no_save(seen, folder):
    os.utime(folder / "conv.py")
    (folder / "notes.txt").write_text("hello")
    (folder / ".conv.py.swp").write_text("hello")
    with pytest.raises(Empty):
        seen.get(timeout=0.5)


def test_a_new_and_a_deleted_file_are_told(seen, folder):
    (folder / "pool.py").write_bytes(b"y = 1\n")
    old, new = seen.get(timeout=PATIENCE_S)
    assert changed_files(old, new) == ["pool.py"]
    (folder / "pool.py").unlink()
    old, new = seen.get(timeout=PATIENCE_S)
    assert changed_files(old, new) == ["pool.py"]


def test_a_folder_that_goes_away_ends_nothing(seen, folder):
    folder.rename(folder.with_name("moved"))
    _, new = seen.get(timeout=PATIENCE_S)
    assert new == {}
    folder.with_name("moved").rename(folder)
    _, new = seen.get(timeout=PATIENCE_S)
    assert new == {"conv.py": b"x = 1\n"}


def test_an_empty_file_is_waited_for_and_then_believed(folder, monkeypatch):
    monkeypatch.setattr(saves, "SETTLE_S", 0.1)
    old = read_texts(folder)
    (folder / "conv.py").write_bytes(b"")
    assert read_settled(folder, old) == {"conv.py": b""}
    timer = threading.Timer(0.1, (folder / "conv.py").write_bytes, [b"x = 3\n"])
    monkeypatch.setattr(saves, "SETTLE_S", PATIENCE_S)
    timer.start()
    assert read_settled(folder, old) == {"conv.py": b"x = 3\n"}


def test_what_cannot_be_read_is_absent(folder):
    (folder / "large.py").write_bytes(b"#" * (2**20 + 1))
    (folder / "folder.py").mkdir()
    assert set(read_texts(folder)) == {"conv.py"}
    assert read_texts(folder / "nowhere") == {}


def test_packages_are_read_and_large_ones_and_environments_are_not(folder, monkeypatch):
    (folder / "helpers" / "deep").mkdir(parents=True)
    (folder / "helpers" / "ops.py").write_bytes(b"a = 1\n")
    (folder / "helpers" / "deep" / "more.py").write_bytes(b"b = 1\n")
    (folder / "env" / "lib").mkdir(parents=True)
    (folder / "env" / "pyvenv.cfg").write_bytes(b"")
    (folder / "env" / "lib" / "site.py").write_bytes(b"")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.py").write_bytes(b"")
    assert set(read_texts(folder)) == {"conv.py", "helpers/ops.py", "helpers/deep/more.py"}
    monkeypatch.setattr(saves, "MOST_FILES", 1)
    assert set(read_texts(folder)) == {"conv.py"}
