"""Read predictions that were handed in as a file, with distrust, and score them.

No code of the student's runs for it. An `.npz` is a zip of arrays: it may lie about sizes, hold a
bomb, or objects that run code when they are loaded. So neither `np.load` nor a header's literals
are used; one array of plain numbers is read, of the type and the shape that are asked for, and
whatever else there may be is one line that says what is wrong and how such a file is written.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.course.words.predictions import KINDS
from grader.errors import CourseError, RejectedError
from grader.model import ExerciseResult, LevelResult, Status
from grader.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.course.course import Exercise
    from grader.course.words.predictions import Predictions

    Array = np.ndarray[Any, Any]

MAX_FILE_MIB = 16
MAX_ARRAYS = 16
HEADER_BYTES = 4096
MAGIC = b"\x93NUMPY"
LENGTHS = {1: 2, 2: 4, 3: 4}  # bytes that say how long the header is, by the version
HEADER = re.compile(
    rb"\{'descr': '([<>|=]?)([a-zA-Z])(\d{1,4})', 'fortran_order': (True|False), "
    rb"'shape': \(([\d, ]{0,200})\), \}\s{0,200}"
)
MEMBER = b"PK\1\2"  # what the description of each file in a zip begins with
LEFT_OUT = "{} is as it has to be; how good it is, is found out when it is graded"


def check_predictions(exercise: Exercise, folder: Path) -> ExerciseResult:
    """Return what became of an exercise whose answer is a file.

    Parameters
    ----------
    exercise
        Its check says what is asked.
    folder
        Where the file is. Where the right ones are not there, its form alone is checked.

    Raises
    ------
    CourseError
        The author's own file is not as the check says.
    """
    asked = exercise.check.handed_in
    assert asked is not None  # noqa: S101 - or nobody asks
    path = folder / asked.file
    if path.is_symlink() or not path.is_file():
        text = f"there is no file {asked.file}; {_how(asked)}"
        return _result(exercise, Status.MISSING, text)
    try:
        with path.open("rb") as stream:
            given = read_array(stream.read(MAX_FILE_MIB * 2**20 + 1), asked)
    except RejectedError as error:
        return _result(exercise, Status.REJECTED, str(error))
    except OSError as error:
        return _result(exercise, Status.UNGRADED, f"{asked.file} cannot be read: {error.strerror}")
    right = _read_right(exercise, asked)
    return _scored(exercise, asked, None if right is None else _score(asked, given, right))


def read_array(content: bytes, asked: Predictions) -> Array:
    """Return the array that is asked for, as int64 or float64.

    Parameters
    ----------
    content
        Of the file, one byte more than it may have where it has more.
    asked
        Of which form it is.

    Raises
    ------
    RejectedError
        It is not that, in one line.
    """
    try:
        return _numbers(_member(content, asked), asked)
    except RejectedError as error:
        raise RejectedError(f"{asked.file} {error}; {_how(asked)}") from error
    except Exception as error:  # a hostile file may break its reader in any way
        text = f"{asked.file} is damaged ({type(error).__name__}); {_how(asked)}"
        raise RejectedError(text) from error


def require_right(exercises: Iterable[Exercise]) -> None:
    """Make sure that what predictions are scored by is there, before anybody is graded without it.

    Parameters
    ----------
    exercises
        Of a course; those whose answer is no file are left alone.

    Raises
    ------
    CourseError
        It is not, or is not as the check says.
    """
    for exercise in exercises:
        asked = exercise.check.handed_in
        if asked is None or not asked.held_out or _read_right(exercise, asked) is not None:
            continue
        file = exercise.check_file
        text = f"{file}: held_out={asked.held_out!r}: there is no file {file.parent}"
        raise CourseError(f"{text}/{asked.held_out}, by which {asked.file} is scored")


def _how(asked: Predictions) -> str:
    shape = str(asked.shape)
    text = f'write it with np.savez("{asked.file}", {asked.array}=...)'
    return f"{text}, {KINDS[asked.kind]} of shape {shape}"


def _member(content: bytes, asked: Predictions) -> bytes:
    """Return the bytes of the array in the archive."""
    if len(content) > MAX_FILE_MIB * 2**20:
        raise RejectedError(f"is larger than {MAX_FILE_MIB} MiB")
    if content.count(MEMBER) > MAX_ARRAYS:  # before they become objects
        raise RejectedError(f"holds more than {MAX_ARRAYS} arrays")
    name, most = f"{asked.array}.npy", HEADER_BYTES + 8 * math.prod(asked.shape)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise RejectedError("is no .npz file") from error
    with archive:
        names = [one.filename for one in archive.infolist()]
        if names.count(name) != 1:
            held = ", ".join(safe_text(one.removesuffix(".npy"))[:40] for one in names[:4])
            if name in names:
                raise RejectedError(f"holds the array {asked.array} twice")
            raise RejectedError(f"holds no array {asked.array}" + (held and f", but {held}"))
        one = archive.getinfo(name)
        if one.flag_bits & 1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RejectedError("is encrypted, or packed in a way that is not read")
        with archive.open(one) as stream:
            return stream.read(most + 1)  # whatever comes after that is one byte too many


def _numbers(data: bytes, asked: Predictions) -> Array:
    """Return the numbers of an `.npy` file."""
    wide = LENGTHS.get(data[6]) if data[:6] == MAGIC else None
    if wide is None:
        raise RejectedError(f"holds no array under the name {asked.array}")
    begin = 8 + wide
    end = begin + int.from_bytes(data[8:begin], "little")
    found = HEADER.fullmatch(data[begin:end]) if end <= HEADER_BYTES else None
    if found is None:
        raise RejectedError(f"holds objects or records in {asked.array}, not plain numbers")
    order, letter, size = found[1].decode(), found[2].decode(), int(found[3])
    shape = tuple(int(length) for length in found[5].decode().split(",") if length.strip())
    if letter not in ("iu" if asked.kind == "i" else "iuf") or size not in (1, 2, 4, 8):
        raise RejectedError(f"holds {asked.array} as {letter}{size}, not {KINDS[asked.kind]}")
    if shape != asked.shape:
        raise RejectedError(f"holds {asked.array} of shape {shape}, not {asked.shape}")
    dtype = np.dtype(f"{order or '='}{letter}{size}")
    if len(data) - end != dtype.itemsize * math.prod(shape):
        raise RejectedError(f"holds another number of bytes in {asked.array} than it says")
    flat = np.frombuffer(data[end:], dtype)
    numbers = flat.reshape(shape[::-1]).T if found[4] == b"True" else flat.reshape(shape)
    if not np.isfinite(numbers).all():
        raise RejectedError(f"holds numbers in {asked.array} that are not finite")
    return np.asarray(numbers, np.int64 if asked.kind == "i" else np.float64)


def _read_right(exercise: Exercise, asked: Predictions) -> Array | None:
    """Return the right ones; None where they are not there."""
    path = exercise.check_file.parent / asked.held_out
    if not asked.held_out or not path.is_file():
        return None
    try:
        return read_array(path.read_bytes(), asked)
    except (RejectedError, OSError) as error:
        raise CourseError(f"{path}: {error}") from error


def _score(asked: Predictions, given: Array, right: Array) -> float:
    assert asked.score is not None  # noqa: S101 - there are right ones, and so there is the check
    with np.errstate(all="ignore"):
        return float(asked.score(given, right))


def _scored(exercise: Exercise, asked: Predictions, score: float | None) -> ExerciseResult:
    """Return the result of a file of the right form; None for a score that nobody knows."""
    check = exercise.check
    levels, missed = [], []
    for name, share in check.shares.items():
        wanted = check.levels[name].reach
        status = Status.PASSED
        if wanted is None or (score is None and not check.levels[name].is_formal):
            status = Status.NOT_RUN
        elif score is not None and not score >= wanted:
            status = Status.FAILED
            missed.append(wanted)
        levels.append(LevelResult(name, status, share))
    message = f"{asked.metric} = {score:.4g}, expected at least {missed[0]:.4g}" if missed else ""
    if score is None and any(level.status is Status.NOT_RUN for level in levels):
        message = LEFT_OUT.format(asked.file)
    return ExerciseResult(exercise.id, tuple(levels), cases=1, message=message)


def _result(exercise: Exercise, status: Status, message: str) -> ExerciseResult:
    shares = exercise.check.shares.items()
    levels = tuple(LevelResult(name, status, share) for name, share in shares)
    return ExerciseResult(exercise.id, levels, message=message)


def digest_right(exercise: Exercise) -> str:
    """Return a fingerprint of what predictions are held to: files, scores, and what is asked."""
    asked = exercise.check.handed_in
    assert asked is not None  # noqa: S101 - or nobody asks
    path = exercise.check_file.parent / asked.held_out
    code = getattr(asked.score, "__code__", None)
    state = hashlib.sha256(path.read_bytes() if asked.held_out and path.is_file() else b"")
    state.update(code.co_code + repr(code.co_names).encode() if code else b"")
    reaches = [level.reach for level in exercise.check.levels.values()]
    state.update(repr([asked.form, reaches]).encode())
    return state.hexdigest()
