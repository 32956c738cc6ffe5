"""Open archives safely: in memory, within bounds, and nothing that leads outside.

What is inside of an archive lies under its name, `hw2.zip/conv.py`, so that people are told where a
file was; archives inside of it are opened in the same way.
"""

from __future__ import annotations

import io
import re
import stat
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.errors import RejectedError
from grader.grading.intake.packages import MAX_DEPTH, MAX_FILES, MAX_TOTAL_MIB
from grader.grading.intake.submissions import PASSED_OVER
from grader.model.owncount import FILE
from grader.text import name_of, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ZIP, TAR, PACKED_TAR = (".zip",), (".tar",), (".tar.gz", ".tgz")
ENDINGS = (*ZIP, *TAR, *PACKED_TAR)
MAX_NESTED = 3  # archives in archives
DRIVE = re.compile(r"^[A-Za-z]:")
MEMBER = b"PK\1\2"  # what the description of each file in a zip begins with
GZIP = 31  # zlib's word for the header of gzip
DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError,
)  # fmt: skip
TOO_MANY = f"the archive holds more than {MAX_FILES} files"
TOO_DEEP = f"the archive's folders are nested more than {MAX_DEPTH} deep"
TOO_MUCH = f"the archive unpacks to more than {MAX_TOTAL_MIB} MiB"


def is_archive(path: str) -> bool:
    """Tell whether a file has the name of an archive that is opened here."""
    return path.lower().endswith(ENDINGS)


@dataclass
class Unpacked:
    """All files of a submission, archives opened.

    Parameters
    ----------
    files
        Content by path.
    broken
        Archives that cannot be opened, and why.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def unpack(files: Mapping[str, bytes]) -> Unpacked:
    """Return all files of a submission, with what is in its archives in their place."""
    return _Unpacking().unpack(files)


@dataclass
class _Unpacking:
    """What may still be unpacked of one submission."""

    left: int = MAX_TOTAL_MIB * 2**20
    files_left: int = MAX_FILES
    found: Unpacked = field(default_factory=Unpacked)

    def unpack(self, files: Mapping[str, bytes], prefix: str = "", nested: int = 0) -> Unpacked:
        for path, data in files.items():
            full = prefix + path
            if not is_archive(path):
                self.found.files[full] = data
                continue
            if nested >= MAX_NESTED:
                self.found.broken[full] = f"archives are nested more than {MAX_NESTED} deep"
                continue
            try:
                inside = self._open(path, data)
            except RejectedError as error:
                self.found.broken[full] = str(error)
            else:
                self.unpack(inside, f"{full}/", nested + 1)
        return self.found

    def _open(self, path: str, data: bytes) -> dict[str, bytes]:
        """Return the files of an archive by path.

        Raises
        ------
        RejectedError
            It is damaged, encrypted, too large or too deep, or holds links or paths that lead
            outside.
        """
        if self.left <= 0 or self.files_left <= 0:
            raise RejectedError(TOO_MUCH if self.left <= 0 else TOO_MANY)
        read = _members_of_zip if path.lower().endswith(ZIP) else _members_of_tar
        try:
            return self._take(read(data, self.left))
        except RejectedError:
            raise
        except (
            zipfile.BadZipFile,
            tarfile.TarError,
            zlib.error,
            EOFError,
            NotImplementedError,
        ) as error:
            text = f"the archive cannot be opened ({safe_text(str(error)) or type(error).__name__})"
            raise RejectedError(text) from error
        except Exception as error:  # a hostile archive may break its reader in any way
            raise RejectedError(f"the archive is damaged ({type(error).__name__})") from error

    def _take(self, members: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for path, data in members:
            if path in files:
                raise RejectedError(f"the archive holds {safe_text(path)} twice")
            files[path] = data
            self.left -= len(data)
            self.files_left -= 1
            if self.left < 0:
                raise RejectedError(TOO_MUCH)
            if self.files_left < 0:
                raise RejectedError(TOO_MANY)
        return files


def _members_of_zip(data: bytes, limit_bytes: int) -> Iterator[tuple[str, bytes]]:
    if data.count(MEMBER) > MAX_FILES:  # before a million of them become objects
        raise RejectedError(TOO_MANY)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            mode = stat.S_IFMT(member.external_attr >> 16)
            path = _safe_path(member.filename, is_link=mode == stat.S_IFLNK,
                              is_plain=mode in (0, stat.S_IFREG, stat.S_IFDIR))  # fmt: skip
            if not path or member.is_dir():
                continue
            if member.flag_bits & 1:
                raise RejectedError("the archive is encrypted")
            with archive.open(member) as file:
                content = file.read(limit_bytes + 1)
            limit_bytes -= len(content)
            yield path, content
            if limit_bytes < 0:
                raise RejectedError(TOO_MUCH)


def _members_of_tar(data: bytes, limit_bytes: int) -> Iterator[tuple[str, bytes]]:
    if not data.startswith(b"\x1f\x8b"):
        plain = data
    else:
        unpacking = zlib.decompressobj(GZIP)
        plain = unpacking.decompress(data, limit_bytes + 1)
        if len(plain) > limit_bytes:
            raise RejectedError(TOO_MUCH)
        if not unpacking.eof:
            raise EOFError("it is cut short")
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
        for number, member in enumerate(archive):
            if number > MAX_FILES:
                raise RejectedError(TOO_MANY)
            is_link = member.issym() or member.islnk()
            path = _safe_path(member.name, is_link=is_link,
                              is_plain=member.isreg() or member.isdir())  # fmt: skip
            if not path or member.isdir():
                continue
            if member.size > limit_bytes or member.issparse():
                raise RejectedError(TOO_MUCH)
            file = archive.extractfile(member)
            yield path, file.read() if file else b""


def _safe_path(name: str, *, is_link: bool, is_plain: bool) -> str:
    """Return the path of a member, or nothing for one that is passed over.

    Raises
    ------
    RejectedError
        The path leads outside, or the member is no ordinary file.
    """
    path = name_of(name.replace("\\", "/").removeprefix("./"))
    if path.count("/") > MAX_DEPTH + 1:  # the folder around all, and the folders in it
        raise RejectedError(TOO_DEEP)
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or DRIVE.match(path) or "\0" in path:
        raise RejectedError(f"the archive holds a path that leads outside, {safe_text(path)}")
    if not is_plain:
        kind = "a link" if is_link else "something that is no file"
        raise RejectedError(f"the archive holds {kind}, {safe_text(path)}")
    shown = parts[:-1] if parts[-1:] == (FILE,) else parts
    if any(part.startswith(".") or part in PASSED_OVER for part in shown):
        return ""
    return "/".join(parts)
