"""Laying submissions out: nothing leaves the stage, and the unsafe is rejected with a reason."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile

import pytest

from grader.errors import RejectedError
from grader.grading.intake.archives import unpack
from grader.grading.intake.packages import Package
from grader.grading.intake.staging import clear, stage

MODULES = ("conv", "pool")
WANTED = {"conv": {"f"}}
F = b"def f(): return 1\n"


def archive(*members, compression=zipfile.ZIP_STORED):
    """Return a zip of (name or ZipInfo, content) pairs."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as file:
        warnings.simplefilter("ignore")  # duplicate names, on purpose
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def assert_refused(data, reason):
    found = unpack({"x.zip": data})
    assert not found.files
    assert reason in found.broken["x.zip"]


def special(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def staged(tmp_path, package):
    folder = tmp_path / "stage"
    folder.mkdir()
    result = stage(package, folder, WANTED, MODULES)
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return files, result


@pytest.mark.parametrize(
    "names", [["conv.py"], ["alice/conv.py"], ["exercises/conv.py"], ["alice/exercises/conv.py"],
              ["alice\\conv.py"], ["__MACOSX/x", "alice/conv.py", "alice/.DS_Store"]],
)  # fmt: skip
def test_an_archive_may_hold_the_files_or_the_folder_around_them(tmp_path, names):
    data = archive(*[(name, F) for name in names])
    files, _ = staged(tmp_path, Package("zip", {"": data}))
    assert files == {"conv.py": F}


def test_exercises_wins_with_a_warning_when_both_are_there(tmp_path):
    package = Package("folder", {"conv.py": b"old", "exercises/conv.py": F, "exercises/a.py": b""})
    files, result = staged(tmp_path, package)
    assert files == {"conv.py": F, "a.py": b""}
    assert result.warnings == ("there is conv.py beside exercises/: the one in there is graded",)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../conv.py", "outside"),
        ("a/../../conv.py", "outside"),
        ("/etc/passwd", "outside"),
        ("C:\\conv.py", "outside"),
        ("..\\..\\conv.py", "outside"),
        (special("conv.py", stat.S_IFLNK | 0o777), "a link"),
        (special("conv.py", stat.S_IFIFO | 0o777), "no file"),
        (special("conv.py", stat.S_IFCHR | 0o777), "no file"),
    ],
)
def test_a_path_that_leads_outside_or_a_link_rejects_an_archive(name, reason):
    assert_refused(archive((name, b"/etc/passwd")), reason)


def test_a_bomb_is_stopped_long_before_it_fills_memory():
    bomb = archive(("conv.py", b"\0" * (65 * 2**20)), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert_refused(bomb, "unpacks to more than 64 MiB")


def test_an_archive_that_lies_about_its_sizes_is_rejected():
    data = bytearray(archive(("conv.py", b"y" * 2**20), compression=zipfile.ZIP_DEFLATED))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert_refused(bytes(data), "")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be opened"),
        (b"PK\x03\x04 not really", "cannot be opened"),
        (archive(("conv.py", b"1"), ("conv.py", b"2")), "twice"),
        (archive(*[(f"{n}.py", b"") for n in range(2001)]), "more than 2000 files"),
    ],
)
def test_a_damaged_or_ambiguous_archive_is_rejected(data, reason):
    assert_refused(data, reason)


def test_an_encrypted_archive_is_rejected():
    data = bytearray(archive(("conv.py", b"secret")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert_refused(bytes(data), "encrypted")


def test_a_file_where_a_folder_must_be_is_the_archives_fault(tmp_path):
    with pytest.raises(RejectedError, match="side by side"):
        staged(tmp_path, Package("zip", {"": archive(("a", b""), ("a/x.py", b""), ("conv.py", F))}))


def test_a_full_disk_is_not_the_archives_fault(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.open", full)
    (tmp_path / "stage").mkdir()
    with pytest.raises(OSError, match="No space"):
        stage(Package("folder", {"conv.py": F}), tmp_path / "stage", WANTED, MODULES)


def test_a_stage_is_cleared_and_stays_the_same_folder(tmp_path):
    staged(tmp_path, Package("folder", {"conv.py": F, "deep/er/x.py": b""}))
    before = (tmp_path / "stage").stat().st_ino
    clear(tmp_path / "stage")
    assert not list((tmp_path / "stage").iterdir())
    assert (tmp_path / "stage").stat().st_ino == before


def test_a_folder_that_must_not_be_read_is_rejected_with_its_reason(tmp_path):
    with pytest.raises(RejectedError, match="it holds a link"):
        staged(tmp_path, Package("folder", {}, "it holds a link, x"))
