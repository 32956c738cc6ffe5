"""Rules about files name what a worker may read, and go around what it may not."""

from __future__ import annotations

import pytest

from grader.worker.sandbox import landlock
from grader.worker.sandbox.landlock import EXECUTE, READ_DIR, READ_FILE, WRITE_FILE, file_rules


@pytest.fixture
def python(tmp_path):
    """Make a folder of libraries with packages inside, as Python has one."""
    inner = tmp_path / "lib" / "python3.11"
    for name in ("json", "site-packages/torch", "site-packages/numpy"):
        (inner / name).mkdir(parents=True)
    (inner / "os.py").touch()
    (inner / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "lib" / "libpython.so").touch()
    return tmp_path / "lib"


def rights(monkeypatch, version, readable, hidden):
    monkeypatch.setattr(landlock, "landlock_version", lambda: version)
    found = file_rules(readable, hidden)
    return found and dict(found["rules"])


def test_what_is_hidden_inside_of_a_readable_folder_has_no_rule_and_all_else_has(
    python, monkeypatch
):
    inner = python / "python3.11"
    found = rights(monkeypatch, 3, [python], [inner / "site-packages"])
    read = READ_FILE | EXECUTE
    expected = {
        str(python): READ_DIR, str(inner): READ_DIR, str(python / "libpython.so"): read,
        str(inner / "json"): read | READ_DIR, str(inner / "os.py"): read,
    }  # fmt: skip
    assert {path: right for path, right in found.items() if not path.startswith("/dev")} == expected


def test_a_folder_with_nothing_hidden_has_one_rule(python, monkeypatch):
    found = rights(monkeypatch, 1, [python / "python3.11" / "json"], [])
    assert len([path for path in found if not path.startswith("/dev")]) == 1


def test_only_devices_may_be_written(python, monkeypatch):
    found = rights(monkeypatch, 7, [python], [])
    assert {path for path, right in found.items() if right & WRITE_FILE} == {
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
    }  # fmt: skip


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 7])
def test_no_kernel_is_asked_for_a_right_that_it_does_not_know(version, monkeypatch):
    monkeypatch.setattr(landlock, "landlock_version", lambda: version)
    known = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16, 7: 16}[version]
    found = file_rules([], [])
    assert found["handled"] == 2**known - 1
    assert all(right & found["handled"] == right for _, right in found["rules"])


def test_without_landlock_there_are_no_rules(python, monkeypatch):
    assert rights(monkeypatch, 0, [python], []) is None
