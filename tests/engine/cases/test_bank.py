"""The bank is useless rather than wrong: damaged, outdated or unwritable files are made anew."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.engine.cases.bank import KEPT_PER_EXERCISE, Bank, RunBank
from grader.engine.cases.key import fingerprint
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
def case_set(engine, exercise):
    return engine.case_set(exercise)


def test_cases_come_back_as_they_were_recorded(folder, case_set, key):
    bank = Bank(folder)
    assert bank.find(ID, key) is None
    bank.record(ID, key, case_set)
    found = bank.find(ID, key)
    assert found is not case_set
    assert repr(found) == repr(case_set).replace("limits=[]", "limits=()")


def test_cases_are_numbered_over_all_levels_however_they_came(folder, case_set, key):
    bank = Bank(folder)
    bank.record(ID, key, case_set)
    for one in (case_set, bank.find(ID, key)):
        numbers = [case.number for level in one.levels for case in level.cases]
        assert len(one.levels) > 1
        assert numbers == list(range(len(numbers)))
        assert [case.number for case in one.cases] == numbers


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "json"])
def test_a_damaged_file_is_not_found_and_made_again(
    folder, case_set, key, exercise, course, damage
):
    bank = Bank(folder)
    bank.record(ID, key, case_set)
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
    assert repr(Engine(course, bank=bank).case_set(exercise)) == repr(case_set)
    assert file.read_bytes() == whole


@pytest.mark.parametrize("tree", [[["a level"]], [["a level", [[1, 2]]]], {"x": 3}, 7])
def test_a_whole_file_of_another_form_is_not_found(folder, key, tree):
    bank = Bank(folder)
    bank.record_bytes(ID, key, "bank", tree, b"")
    assert bank.find_bytes(ID, key, "bank") == (tree, b"")
    assert bank.find(ID, key) is None


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_a_file_has_the_permissions_that_were_asked_for(folder, case_set, key):
    Bank(folder, mode=0o600).record(ID, key, case_set)
    (file,) = folder.glob("*.bank")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path, course, exercise, case_set):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    engine = Engine(course, bank=Bank(blocked / "bank"))
    assert repr(engine.case_set(exercise)) == repr(case_set)


def test_the_newest_files_of_an_exercise_are_kept_and_no_other(folder, case_set):
    bank = Bank(folder)
    bank.record("conv.im2col", f"{0:032}", case_set)
    for number in range(7):
        bank.record(ID, f"{number:032}", case_set)
        os.utime(folder / f"{ID}-{number:032}.bank", (number, number))
    bank.record(ID, f"{7:032}", case_set)
    kept = sorted(file.name for file in folder.glob(f"{ID}-*.bank"))
    newest = [f"{ID}-{number:032}.bank" for number in range(8 - KEPT_PER_EXERCISE, 8)]
    assert kept == newest
    assert bank.find("conv.im2col", f"{0:032}") is not None


def test_what_is_forgotten_of_one_exercise_is_kept_of_the_others(tmp_path, case_set):
    bank = RunBank(tmp_path)
    for name in ("conv.conv2d", "conv.conv2d_forward"):
        bank.record(name, "key", case_set)
        bank.record_bytes(name, "key", "known", [], b"")
    bank.forget("conv.conv2d")
    bank.forget("conv.nothing")
    assert {path.name for path in tmp_path.iterdir()} == {
        "conv.conv2d_forward-key.bank", "conv.conv2d_forward-key.known",
    }  # fmt: skip


def test_two_processes_that_draw_at_once_do_not_harm_each_other(tmp_path, course):
    code = (
        "import sys; from pathlib import Path\n"
        "from grader.course.course import find_course; from grader.engine.engine import Engine\n"
        "from grader.engine.cases.bank import Bank\n"
        "course = find_course(); engine = Engine(course, bank=Bank(Path(sys.argv[1])))\n"
        f"engine.case_set(course.exercise('{ID}'))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "bank")]) for _ in range(2)
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert [file.suffix for file in (tmp_path / "bank").iterdir()] == [".bank"]
