"""Finding and reading submissions: whatever lies in a folder, it is told apart and harmless."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UnreadableError
from grader.grading.intake.packages import MAX_FILES, Package, read_package
from grader.grading.intake.submissions import find_submissions
from grader.text import name_of, safe_text

ODD_NAMES = [
    "new\nline", "esc\x1b[31mape", "<b>html<!--", 'quo"te\'s', "=1+1", "sp ace", "ünïcode", "-dash",
]  # fmt: skip


def submission(folder, name="alice", **files):
    for path, text in (files or {"conv.py": "x = 1\n"}).items():
        file = folder / name / path.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / name


def only(folder):
    (found,) = find_submissions(folder).submissions
    return found


def test_folders_archives_and_notebooks_are_submissions_and_all_else_is_named(tmp_path):
    submission(tmp_path, "alice")
    (tmp_path / "bob.zip").write_bytes(b"")
    (tmp_path / "carol.ipynb").write_bytes(b"{}")
    (tmp_path / "dan.tar.gz").write_bytes(b"")
    (tmp_path / "eve.pdf").write_bytes(b"%PDF")
    (tmp_path / "linked.py").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / ".DS_Store").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "alice")
    found = find_submissions(tmp_path)
    assert [(s.name, s.kind) for s in found.submissions] == [
        ("alice", "folder"), ("bob", "zip"), ("carol", "notebook"), ("dan", "folder"),
        ("empty", "folder"), ("eve", "folder"),
    ]  # fmt: skip
    assert {one.name: one.is_work for one in found.skipped} == {
        "notes.txt": False, ".DS_Store": False, "link": False, "linked.py": True,
    }  # fmt: skip


def test_two_deliveries_under_one_name_are_both_told_and_the_others_go_on(tmp_path):
    submission(tmp_path, "alice")
    submission(tmp_path, "bob")
    (tmp_path / "alice.zip").write_bytes(b"")
    found = find_submissions(tmp_path)
    assert [(one.name, one.kind) for one in found.submissions] == [
        ("alice", "twins"), ("bob", "folder"),
    ]  # fmt: skip
    assert [one.name for one in found.skipped] == ["alice", "alice.zip"]
    assert all(one.is_work for one in found.skipped)
    with pytest.raises(UnreadableError, match=r"name 'alice': alice and alice\.zip; keep one"):
        read_package(found.submissions[0])
    assert read_package(found.submissions[1]).files


def test_our_own_files_are_passed_over_without_a_word(tmp_path):
    submission(tmp_path, "alice")
    (tmp_path / "gradebook.db").write_bytes(b"")
    assert not find_submissions(tmp_path, [tmp_path / "gradebook.db"]).skipped


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_keep_their_student_and_show_harmlessly(tmp_path, name):
    submission(tmp_path, name)
    found = only(tmp_path)
    assert found.name == name
    assert safe_text(found.name).isprintable()
    assert read_package(found).files == {"conv.py": b"x = 1\n"}


def test_bytes_that_are_no_text_become_text_and_stay_apart(tmp_path):
    for raw in (b"zo\xff", b"zo\xfe"):
        folder = tmp_path / os.fsdecode(raw)
        folder.mkdir()
        (folder / "conv.py").write_text("x = 1\n")
    names = [s.name for s in find_submissions(tmp_path).submissions]
    assert sorted(names) == ["zo\\xfe", "zo\\xff"]


@given(st.text())
def test_shown_text_is_always_printable_and_ordinary_text_stays_as_it_is(text):
    assert safe_text(text.encode("utf-8", "replace").decode()).isprintable()
    assert not text.isprintable() or safe_text(text) == text


@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw))
def test_any_file_name_becomes_text_that_any_encoding_can_carry(raw):
    name_of(os.fsdecode(raw)).encode("utf-8")


def test_links_inside_a_folder_reject_it_and_are_not_followed(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("SECRET")
    folder = submission(tmp_path / "class", "alice")
    (folder / "pool.py").symlink_to(secret)
    package = read_package(only(tmp_path / "class"))
    assert "it holds a link, pool.py" in package.problem
    assert not package.files


def test_a_link_to_work_that_lies_elsewhere_is_somebodys_and_not_followed(tmp_path):
    submission(tmp_path / "elsewhere", "ada")
    submission(tmp_path / "class", "bob")
    for name, target in {"ada": "../elsewhere/ada", "zoe": "../gone", "eve.zip": "bob"}.items():
        (tmp_path / "class" / name).symlink_to(target)
    for name, target in {"again": "bob", "round": ".", "self": "self"}.items():
        (tmp_path / "class" / name).symlink_to(target)
    found = find_submissions(tmp_path / "class")
    assert [one.name for one in found.submissions] == ["bob"]
    whose = {one.name: (one.student, one.is_work) for one in found.skipped}
    assert whose == {
        "ada": ("ada", True), "zoe": ("zoe", True), "eve.zip": ("eve", True),
        "again": ("", False), "round": ("", False), "self": ("", False),
    }  # fmt: skip


def test_a_link_to_a_folder_rejects_it_too(tmp_path):
    folder = submission(tmp_path / "class", "alice")
    (folder / "data").symlink_to("/etc")
    assert "a link, data" in read_package(only(tmp_path / "class")).problem


def test_a_device_or_pipe_inside_rejects_it_without_opening_it(tmp_path):
    folder = submission(tmp_path, "alice")
    os.mkfifo(folder / "pipe.py")
    assert "no file, pipe.py" in read_package(only(tmp_path)).problem


def test_caches_hidden_files_and_virtual_environments_are_nobodys_own_work(tmp_path):
    folder = submission(tmp_path, "alice")
    for place in (".git", "__pycache__", "env/bin"):
        (folder / place).mkdir(parents=True)
        (folder / place / "python").symlink_to("/bin/sh")
    (folder / "env" / "pyvenv.cfg").write_text("")
    assert read_package(only(tmp_path)).files.keys() == {"conv.py"}


def test_too_many_files_or_too_much_of_them_reject_it(tmp_path):
    folder = submission(tmp_path, "alice")
    for number in range(MAX_FILES + 1):
        (folder / f"{number}.txt").touch()
    assert "more than" in read_package(only(tmp_path)).problem
    other = submission(tmp_path / "b", "bob")
    with (other / "big.bin").open("wb") as file:
        file.truncate(65 * 2**20)
    assert "larger than 64 MiB" in read_package(only(tmp_path / "b")).problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_this_machine_cannot_read_is_not_the_students_fault(tmp_path):
    submission(tmp_path, "alice").chmod(0)
    with pytest.raises(UnreadableError):
        read_package(only(tmp_path))


def test_the_digest_knows_content_and_paths_and_no_names(tmp_path):
    submission(tmp_path / "1", "alice")
    submission(tmp_path / "2", "bob")
    submission(tmp_path / "3", "bob", **{"pool.py": "x = 1\n"})
    one, two, three = (read_package(only(tmp_path / str(n))).digest for n in (1, 2, 3))
    assert one == two != three


@given(
    st.dictionaries(st.text(min_size=1), st.binary()),
    st.sampled_from(["folder", "zip", "notebook"]),
    st.text(),
)
def test_a_package_survives_the_way_to_another_machine(files, kind, problem):
    package = Package(kind, files, problem)
    assert Package.from_bytes(package.to_bytes()) == package


def test_an_environment_made_around_the_work_hides_none_of_it(tmp_path):
    folder = submission(tmp_path, "alice")
    (folder / "pyvenv.cfg").write_text("")
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to("/bin/sh")
    assert read_package(only(tmp_path)).files.keys() == {"conv.py"}
