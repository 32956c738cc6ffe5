"""A file is written whole or not at all, and what is no ordinary file is never taken away."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import books
import pytest

from grader.files import (
    free_name,
    from_here,
    open_whole,
    open_whole_text,
    write_whole,
)

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX files")
FULL = os.makedev(1, 7) if hasattr(os, "makedev") else 0


@pytest.fixture
def full(tmp_path):
    """Return a node of our own that is always full, as the system's device is."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root of a Linux can make a device")
    node = tmp_path / "full"
    try:
        os.mknod(node, 0o600 | stat.S_IFCHR, FULL)
        node.open("rb").close()
    except OSError as error:
        pytest.skip(f"no devices in {tmp_path} ({error})")
    return node


def others_in(folder, *names):
    return {path.name for path in folder.iterdir()} - set(names)


@pytest.mark.parametrize("content", ["grün\r\n", b"\xff\0"])
def test_a_new_file_holds_what_was_written_byte_by_byte(tmp_path, content):
    write_whole(tmp_path / "new", content)
    assert (tmp_path / "new").read_bytes() == (
        content if isinstance(content, bytes) else content.encode()
    )
    assert not others_in(tmp_path, "new")


def fail_to_sync(*_):
    raise OSError(28, "No space left on device")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, "old")
    monkeypatch.setattr(os, "fsync", fail_to_sync)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert not others_in(tmp_path, "file")


def test_only_what_is_synced_waits_for_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", fail_to_sync)
    write_whole(tmp_path / "cache", "text", synced=False)
    assert (tmp_path / "cache").read_text() == "text"


def break_off(opened, half, end):
    with opened as stream:
        stream.write(half)
        raise end


@pytest.mark.parametrize("open_it", [open_whole, open_whole_text])
@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt])
def test_a_stream_that_breaks_off_leaves_the_old_file_and_no_other(tmp_path, open_it, end):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(end):
        break_off(open_it(path), "half" if open_it is open_whole_text else b"half", end)
    assert path.read_text() == "old"
    assert not others_in(tmp_path, "file")


def test_nothing_is_seen_of_a_stream_before_it_ends(tmp_path):
    path = tmp_path / "file"
    with open_whole_text(path) as stream:
        stream.write("é\r\n" * 100_000)
        assert not path.exists()
    assert path.read_bytes() == "é\r\n".encode() * 100_000


@POSIX
def test_permissions_stay_and_a_new_file_has_those_of_any_new_file(tmp_path):
    old, new, ordinary, secret = (tmp_path / name for name in ("old", "new", "ordinary", "secret"))
    old.touch()
    old.chmod(0o640)
    ordinary.touch()
    for path in (old, new):
        write_whole(path, "text")
    write_whole(secret, "text", mode=0o600)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == ordinary.stat().st_mode
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


@POSIX
def test_no_other_can_read_a_secret_file_while_it_is_written(tmp_path):
    with open_whole(tmp_path / "secret", mode=0o600):
        (made,) = tmp_path.iterdir()
        assert stat.S_IMODE(made.stat().st_mode) == 0o600


@POSIX
@pytest.mark.parametrize("old", ["keep", None])
def test_a_link_stays_one_and_its_target_is_replaced(tmp_path, old):
    (tmp_path / "inner").mkdir()
    target, link, second = tmp_path / "inner" / "target", tmp_path / "link", tmp_path / "second"
    if old is not None:
        target.write_text(old)
    link.symlink_to("inner/target")
    second.symlink_to(link)
    write_whole(second, "new")
    assert link.is_symlink()
    assert second.is_symlink()
    assert not target.is_symlink()
    assert target.read_text() == "new"
    assert not others_in(tmp_path / "inner", "target")


@POSIX
def test_links_in_a_circle_are_an_error_and_stay(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(one, "text")
    assert one.is_symlink()
    assert other.is_symlink()


@POSIX
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path, linked):
    pipe = path = tmp_path / "pipe"
    os.mkfifo(pipe)
    if linked:
        path = tmp_path / "link"
        path.symlink_to(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with open_whole_text(path) as stream:
        stream.write("a\nb\n")
    reader.join(timeout=10)
    assert read == [b"a\nb\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert not others_in(tmp_path, "pipe", "link")


@POSIX
def test_a_pipe_gets_nothing_of_a_stream_that_breaks_off(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(KeyError):
            break_off(open_whole(pipe), b"half", KeyError)
        assert os.read(reader, 10) == b""
    finally:
        os.close(reader)


@POSIX
def test_a_socket_cannot_be_written_to_and_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the names of sockets are short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        with pytest.raises(OSError, match=r"."):
            write_whole(tmp_path / "socket", "text")
    assert stat.S_ISSOCK((tmp_path / "socket").stat().st_mode)


def test_a_folder_cannot_be_written_to_and_stays(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"."):
        write_whole(tmp_path / "folder", "text")
    assert (tmp_path / "folder").is_dir()
    assert not others_in(tmp_path, "folder")


@POSIX
def test_a_file_that_lost_its_name_is_written_to(tmp_path):
    """So is what stands behind /dev/stdout, whose name is the system's invention."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no names for open files here")
    path = tmp_path / "gone"
    with path.open("w+b") as file:
        file.write(b"longer than what comes")
        file.flush()
        path.unlink()
        (tmp_path / "name").symlink_to(f"/proc/self/fd/{file.fileno()}")
        write_whole(tmp_path / "name", "text")
        file.seek(0)
        assert file.read() == b"text"
    assert not others_in(tmp_path, "name")


def test_a_full_device_is_an_error_and_stays_a_device(full, tmp_path):
    with pytest.raises(OSError, match="No space left"):
        write_whole(full, "text")
    assert stat.S_ISCHR(full.stat().st_mode)
    assert full.stat().st_rdev == FULL
    assert not others_in(tmp_path, "full")


EXPORTS = [("export", "BOOK", "--format", "csv"), ("quiz", "export", "conv", "--format", "gift")]


def export(folder, command, output):
    """Run an export; return its exit code and what it said beside the answer."""
    if "BOOK" in command:
        books.make_class(folder / "made.db")[0].close()
    arguments = [str(folder / "made.db") if word == "BOOK" else word for word in command]
    done = subprocess.run(
        [sys.executable, "-m", "grader", *arguments, "-o", str(output)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, [line for line in done.stderr.splitlines() if "written" in line]


@pytest.mark.parametrize("command", EXPORTS, ids=lambda command: command[0])
def test_an_export_to_a_full_device_ends_with_one_line_and_2(tmp_path, full, command):
    code, said = export(tmp_path, command, full)
    assert code == 2
    assert len(said) == 1
    assert said[0].endswith(f"{full} cannot be written (No space left on device)")
    assert full.stat().st_rdev == FULL


@POSIX
@pytest.mark.parametrize("command", EXPORTS, ids=lambda command: command[0])
def test_an_export_through_a_link_replaces_the_target(tmp_path, command):
    (tmp_path / "target").write_text("keep")
    (tmp_path / "link").symlink_to("target")
    assert export(tmp_path, command, tmp_path / "link") == (0, [])
    assert (tmp_path / "link").is_symlink()
    assert "conv" in (tmp_path / "target").read_text()


@POSIX
@pytest.mark.parametrize("command", EXPORTS, ids=lambda command: command[0])
def test_an_export_into_a_pipe_leaves_a_pipe(tmp_path, command):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    assert export(tmp_path, command, pipe) == (0, [])
    reader.join(timeout=10)
    assert "conv" in read[0]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_free_name_is_one_that_no_file_has(tmp_path):
    path = tmp_path / "conv.py.bak"
    assert free_name(path) == path
    path.touch()
    (tmp_path / "conv.py.bak2").touch()
    assert free_name(path) == tmp_path / "conv.py.bak3"


def test_a_file_is_named_by_its_way_from_here_only_where_it_lies_below(tmp_path, monkeypatch):
    here = tmp_path / "mine"
    here.mkdir()
    monkeypatch.chdir(here)
    assert from_here(here / "exercises" / "conv.py") == Path("exercises", "conv.py")
    for path in (Path("conv.py"), here, tmp_path / "conv.py", tmp_path / "mine too" / "conv.py"):
        assert from_here(path) == path
