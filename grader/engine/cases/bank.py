"""Keep cases and expected answers, so that neither torch nor Hypothesis is paid for twice.

An entry holds, for every level of one exercise under one seed, the bytes that a worker gets and
the bytes that a right answer is. Its name is a fingerprint of everything that enters: the check,
the solution or its absence, the code that draws and encodes, the seed and the versions. A damaged
or outdated entry is simply not found, and made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader._version import __version__
from grader.engine.cases.drawing import Recipe
from grader.errors import FrameError
from grader.files import write_whole
from grader.frames import from_frame, to_frame
from grader.worker.wire import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.course import Course, Exercise

HERE = Path(__file__).resolve().parents[2]
ENTERING = (
    "engine/cases/bank.py", "engine/cases/caseset.py", "engine/compare.py",
    "engine/cases/drawing.py", "engine/cases/known.py", "model.py", "engine/cases/oracle.py",
    "engine/wording.py",
    "course/strategies.py", "course/vocabulary.py", "worker/child.py", "worker/wire.py",
)  # fmt: skip
PACKAGES = ("numpy", "torch", "hypothesis")
KEPT_PER_EXERCISE = 4


@dataclass(frozen=True, slots=True)
class BankedCase:
    """One case as bytes: what is sent, what a right answer is, and how far off it may be.

    Parameters
    ----------
    request
        What the worker gets.
    expected_text, expected_data
        The reply of a worker that is right to the last bit; empty text for a bad argument, whose
        right answer is a `ValueError` with words of its own.
    limits
        Number of floats and their allowed error, for each array or number of the answer in order;
        None when the bytes must be equal.
    recipe
        What rebuilds the case smaller; None for a fixed case.
    bad
        Whether `ValueError` is the right answer.
    """

    request: Request
    expected_text: bytes
    expected_data: bytes
    limits: tuple[tuple[int, float], ...] | None
    recipe: Recipe | None
    bad: bool


@dataclass(frozen=True, slots=True)
class BankedLevel:
    """The cases of one level, in order."""

    name: str
    cases: tuple[BankedCase, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """All cases of one exercise under one seed."""

    levels: tuple[BankedLevel, ...]


@cache
def versions() -> dict[str, str]:
    """Return the versions that decide what cases look like and what answers are."""
    found = {"dlgrade": __version__, "python": platform.python_version()}
    return found | {name: version(name) for name in PACKAGES}


@cache
def _code_digest() -> str:
    state = hashlib.sha256()
    for name in ENTERING:
        state.update((HERE / name).read_bytes())
    state.update(json.dumps(versions(), sort_keys=True).encode())
    return state.hexdigest()


def fingerprint(course: Course, exercise: Exercise, seed: int) -> str:
    """Return the key of an entry: it changes with everything that enters."""
    state = hashlib.sha256(f"{_code_digest()} {exercise.id} {seed}".encode())
    shared = sorted(course.checks_dir.rglob("_*.py"))  # a check may use another module's cases
    for file in [exercise.check_file, *shared, course.exercises_dir / f"{exercise.module}.py"]:
        state.update(hashlib.sha256(file.read_bytes()).digest())
    if course.solutions_dir is not None:
        state.update((course.solutions_dir / f"{exercise.module}.py").read_bytes())
    return state.hexdigest()[:32]


class Bank:
    """Keep entries in a folder: safe with several processes, useless rather than wrong when full.

    Parameters
    ----------
    folder
        Where the entries are; None keeps nothing.
    mode
        Permissions of a new entry: a grading run's are its owner's alone.
    """

    def __init__(self, folder: Path | None, *, mode: int = 0o644) -> None:
        self._folder = folder
        self._mode = mode

    def find(self, name: str, key: str) -> Entry | None:
        """Return the entry of an exercise, or None where there is none that can be used."""
        body = self.find_bytes(name, key, "bank")
        if body is None:
            return None
        try:
            return _unpack(*body)
        except (ValueError, KeyError, TypeError, IndexError):
            return None

    def record(self, name: str, key: str, entry: Entry) -> None:
        """Keep an entry."""
        self.record_bytes(name, key, "bank", *_pack(entry))

    keeps_mistakes = False  # a student's own bank need not know every wrong answer

    def drawing(self, name: str) -> contextlib.AbstractContextManager[None]:  # noqa: ARG002
        """Be the only one who draws this entry; a bank that is not shared lets everybody."""
        return contextlib.nullcontext()

    def find_bytes(self, name: str, key: str, suffix: str) -> tuple[Any, bytes] | None:
        """Return a JSON tree and bytes that `record_bytes` kept, or None."""
        if self._folder is None:
            return None
        try:
            text = (self._folder / f"{name}-{key}.{suffix}").read_bytes()
            seal, body = text[:32], text[32:]
            if hashlib.sha256(body).digest() != seal:
                return None
            return from_frame(body)
        except (OSError, FrameError):
            return None

    def record_bytes(self, name: str, key: str, suffix: str, tree: Any, data: bytes) -> None:
        """Keep a JSON tree and bytes, whole or not at all."""
        if self._folder is None:
            return
        body = to_frame(tree, data)
        content = hashlib.sha256(body).digest() + body
        with contextlib.suppress(OSError):  # a cache that cannot be written is no reason to stop
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._folder / f"{name}-{key}.{suffix}"
            write_whole(file, content, mode=self._mode, synced=False)
            self._drop_old(name, suffix)

    def _drop_old(self, name: str, suffix: str) -> None:
        """Keep the newest entries of an exercise; older ones belong to versions long gone."""
        if self._folder is None:
            return
        entries = sorted(
            self._folder.glob(f"{name}-*.{suffix}"), key=lambda path: path.stat().st_mtime
        )
        for path in entries[:-KEPT_PER_EXERCISE]:
            path.unlink(missing_ok=True)


def _pack(entry: Entry) -> tuple[Any, bytes]:
    chunks: list[bytes] = []
    levels = []
    for level in entry.levels:
        rows = []
        for case in level.cases:
            chunks += [case.request.data, case.expected_data]
            recipe = case.recipe and [case.recipe.integers, case.recipe.arrays]
            rows.append([
                case.request.text, len(case.request.data), case.request.digests,
                case.expected_text.decode(), len(case.expected_data), case.limits, recipe, case.bad,
            ])  # fmt: skip
        levels.append([level.name, rows])
    return levels, b"".join(chunks)


def _unpack(tree: Sequence[Any], data: bytes) -> Entry:
    at = 0
    levels = []
    for name, rows in tree:
        cases = []
        for text, size, digests, expected, expected_size, limits, recipe, bad in rows:
            middle, end = at + size, at + size + expected_size
            cases.append(
                BankedCase(
                    Request(text, data[at:middle], digests),
                    expected.encode(),
                    data[middle:end],
                    None if limits is None else tuple((n, error) for n, error in limits),
                    recipe and Recipe(tuple(recipe[0]), recipe[1]),
                    bad,
                )
            )
            at = end
        levels.append(BankedLevel(name, tuple(cases)))
    return Entry(tuple(levels))


def user_folder() -> Path:
    """Return the folder of the user's own bank: a cache, safe to delete."""
    import platformdirs  # noqa: PLC0415 - grading keeps its bank elsewhere

    return platformdirs.user_cache_path("dlgrade") / "bank"
