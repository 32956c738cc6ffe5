"""The bank is useless rather than wrong: damaged, outdated or unwritable entries are made anew."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys

import pytest

from grader.course.course import find_course
from grader.engine.cases import bank as bank_module
from grader.engine.cases.bank import Bank, fingerprint
from grader.engine.engine import Engine

ID = "conv.zero_pad2d"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "bank"


@pytest.fixture
def exercise(course):
    return course.exercise(ID)


@pytest.fixture
def key(course, exercise):
    return fingerprint(course, exercise, 0)


@pytest.fixture
def entry(engine, exercise):
    return engine.entry(exercise)


def test_an_entry_comes_back_as_it_was_recorded(folder, entry, key):
    bank = Bank(folder)
    assert bank.find(ID, key) is None
    bank.record(ID, key, entry)
    found = bank.find(ID, key)
    assert found is not entry
    assert repr(found) == repr(entry).replace("limits=[]", "limits=()")


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "json"])
def test_a_damaged_entry_is_not_found_and_made_again(folder, entry, key, exercise, course, damage):
    bank = Bank(folder)
    bank.record(ID, key, entry)
    (file,) = folder.glob("*.bank")
    whole = file.read_bytes()
    changed = {
        "cut": whole[:-7],
        "flip": whole[:200] + bytes([whole[200] ^ 1]) + whole[201:],
        "empty": b"",
        "json": b"{}",
    }[damage]
    file.write_bytes(changed)
    assert bank.find(ID, key) is None
    assert repr(Engine(course, bank=bank).entry(exercise)) == repr(entry)
    assert file.read_bytes() == whole


def test_the_key_changes_with_seed_check_solution_and_versions(
    tmp_path, course, exercise, monkeypatch
):
    copy = tmp_path / "course"
    for part in ("exercises", "solutions"):
        shutil.copytree(course.exercises_dir.parent / part, copy / part)
    shutil.copytree(course.checks_dir, copy / "checks")
    keys = {fingerprint(course, exercise, 0), fingerprint(course, exercise, 1)}

    other = find_course(copy)
    assert fingerprint(other, other.exercise(ID), 0) in keys  # the place does not matter
    solution = copy / "solutions" / "conv.py"
    solution.write_text(solution.read_text() + "\n# a remark\n")
    keys.add(fingerprint(other, other.exercise(ID), 0))
    check = copy / "checks" / "conv" / "zero_pad2d.py"
    check.write_text(check.read_text() + "\n# a remark\n")
    keys.add(fingerprint(other, other.exercise(ID), 0))
    keys.add(fingerprint(dataclasses.replace(other, solutions_dir=None), other.exercise(ID), 0))
    monkeypatch.setattr(bank_module, "_code_digest", lambda: "another version")
    keys.add(fingerprint(other, other.exercise(ID), 0))
    assert len(keys) == 6


def test_everything_that_enters_an_entry_is_in_the_list():
    for name in bank_module.ENTERING:
        assert (bank_module.HERE / name).is_file()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_an_entry_has_the_permissions_that_were_asked_for(folder, entry, key):
    Bank(folder, mode=0o600).record(ID, key, entry)
    (file,) = folder.glob("*.bank")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path, course, exercise, entry):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert repr(Engine(course, bank=Bank(blocked / "bank")).entry(exercise)) == repr(entry)


def test_old_entries_of_an_exercise_are_dropped(folder, entry):
    bank = Bank(folder)
    for number in range(7):
        bank.record(ID, f"{number:032}", entry)
        os.utime(folder / f"{ID}-{number:032}.bank", (number, number))
    assert len(list(folder.glob("*.bank"))) <= bank_module.KEPT_PER_EXERCISE + 1
    assert bank.find(ID, f"{6:032}") is not None


def test_two_processes_that_draw_at_once_do_not_harm_each_other(tmp_path, course):
    code = (
        "import sys; from pathlib import Path\n"
        "from grader.course.course import find_course; from grader.engine.engine import Engine\n"
        "from grader.engine.cases.bank import Bank\n"
        "course = find_course(); engine = Engine(course, bank=Bank(Path(sys.argv[1])))\n"
        f"engine.entry(course.exercise('{ID}'))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "bank")]) for _ in range(3)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert [file.suffix for file in (tmp_path / "bank").iterdir()] == [".bank"]
