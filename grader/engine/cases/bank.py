"""Keep cases and expected answers, so that neither torch nor Hypothesis is paid for twice.

A file holds, for every level of one exercise under one seed, the bytes that a worker gets and the
bytes that a right answer is. Its name has the key of everything that enters (`key`). A damaged or
outdated file is simply not found, and made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from typing import TYPE_CHECKING, Any

from grader.errors import FrameError
from grader.files import OWNER_ONLY, write_whole
from grader.frames import from_frame, to_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.engine.cases.caseset import CaseSet

SUFFIX = "bank"
SEAL_BYTES = 32  # SHA-256 of what follows, at the beginning of a file
KEPT_PER_EXERCISE = 4


class Bank:
    """Keep cases in a folder: safe with several processes, useless rather than wrong when full.

    Parameters
    ----------
    folder
        Where the files are; None keeps nothing.
    mode
        Permissions of a new file: a grading run's are its owner's alone.
    """

    keeps_mistakes = False  # a student's own bank need not know every wrong answer

    def __init__(self, folder: Path | None, *, mode: int = 0o644) -> None:
        self.folder = folder
        self._mode = mode

    def find(self, name: str, key: str, suffix: str = SUFFIX) -> CaseSet | None:
        """Return the cases of an exercise, or None where there are none that can be used."""
        body = self.find_bytes(name, key, suffix)
        if body is None:
            return None
        try:
            return unpack_cases(*body)
        except (ValueError, KeyError, TypeError, IndexError):
            return None

    def record(self, name: str, key: str, case_set: CaseSet, suffix: str = SUFFIX) -> None:
        """Keep the cases of an exercise."""
        self.record_bytes(name, key, suffix, *pack_cases(case_set))

    def drawing(self, name: str) -> contextlib.AbstractContextManager[None]:  # noqa: ARG002
        """Be the only one who draws these cases; a bank that is not shared lets everybody."""
        return contextlib.nullcontext()

    def find_bytes(self, name: str, key: str, suffix: str) -> tuple[Any, bytes] | None:
        """Return a JSON tree and bytes that `record_bytes` kept, or None."""
        if self.folder is None:
            return None
        try:
            text = (self.folder / f"{name}-{key}.{suffix}").read_bytes()
            seal, body = text[:SEAL_BYTES], text[SEAL_BYTES:]
            if hashlib.sha256(body).digest() != seal:
                return None
            return from_frame(body)
        except (OSError, FrameError):
            return None

    def find_seal(self, name: str, key: str) -> str:
        """Return the digest of the cases of an exercise; empty where there are none."""
        if self.folder is None:
            return ""
        try:
            with (self.folder / f"{name}-{key}.{SUFFIX}").open("rb") as file:
                return file.read(SEAL_BYTES).hex()
        except OSError:
            return ""

    def record_bytes(self, name: str, key: str, suffix: str, tree: Any, data: bytes) -> None:
        """Keep a JSON tree and bytes, whole or not at all."""
        if self.folder is None:
            return
        body = to_frame(tree, data)
        content = hashlib.sha256(body).digest() + body
        with contextlib.suppress(OSError):  # a cache that cannot be written is no reason to stop
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self.folder / f"{name}-{key}.{suffix}"
            write_whole(file, content, mode=self._mode, synced=False)
            self._drop_old(name, suffix)

    def _drop_old(self, name: str, suffix: str) -> None:
        """Keep the newest files of an exercise; older ones belong to versions long gone."""
        if self.folder is None:
            return
        files = sorted(
            self.folder.glob(f"{name}-*.{suffix}"), key=lambda path: path.stat().st_mtime
        )
        for path in files[:-KEPT_PER_EXERCISE]:
            path.unlink(missing_ok=True)


class RunBank(Bank):
    """Keep the cases that nobody has seen, beside the gradebook, wrong answers included.

    Parameters
    ----------
    folder
        Where the files are, shared by all jobs; for their owner alone.
    """

    keeps_mistakes = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, mode=OWNER_ONLY)
        self._own_folder = folder

    def forget(self, name: str) -> None:
        """Drop all that is kept of an exercise: it is drawn anew."""
        for file in self._own_folder.glob(f"{name}-*"):
            file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def drawing(self, name: str) -> Iterator[None]:
        """Be the only job that draws these cases; the others wait and find them."""
        try:
            import fcntl  # noqa: PLC0415 - POSIX only; elsewhere two jobs may draw the same
        except ImportError:
            yield
            return
        lock = self._own_folder / f".drawing-{name}"
        lock.touch(mode=OWNER_ONLY)
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # ends with the process, however that ends
            yield


def pack_cases(case_set: CaseSet) -> tuple[Any, bytes]:
    """Return cases as a JSON tree and bytes."""
    chunks: list[bytes] = []
    levels = []
    for level in case_set.levels:
        rows = []
        for case in level.cases:
            chunks += [case.request.data, case.expected_data]
            recipe = case.recipe and [case.recipe.integers, case.recipe.arrays]
            rows.append([
                case.request.text, len(case.request.data), case.request.digests,
                case.expected_text.decode(), len(case.expected_data), case.limits, recipe, case.bad,
                *[[number.hex() for number in case.decisive]] * bool(case.decisive),
            ])  # fmt: skip
        levels.append([level.name, rows])
    return levels, b"".join(chunks)


def unpack_cases(tree: Sequence[Any], data: bytes) -> CaseSet:
    """Return the cases that `pack_cases` made a tree and bytes of."""
    # Here, since whoever only asks which cases are there needs no numpy.
    from grader.engine.cases.caseset import BankedCase, BankedLevel, CaseSet  # noqa: PLC0415
    from grader.engine.cases.drawing import Recipe  # noqa: PLC0415
    from grader.worker.wire import Request  # noqa: PLC0415

    at = 0
    numbers = itertools.count()
    levels = []
    for name, rows in tree:
        cases = []
        for text, size, digests, expected, expected_size, limits, recipe, bad, *more in rows:
            middle, end = at + size, at + size + expected_size
            cases.append(
                BankedCase(
                    Request(text, data[at:middle], digests),
                    expected.encode(),
                    data[middle:end],
                    None if limits is None else tuple(map(tuple, limits)),
                    recipe and Recipe(tuple(recipe[0]), recipe[1]),
                    bad,
                    next(numbers),
                    name,
                    tuple(float.fromhex(number) for decisive in more for number in decisive),
                )
            )
            at = end
        levels.append(BankedLevel(name, tuple(cases)))
    return CaseSet(tuple(levels))


def user_folder() -> Path:
    """Return the folder of the user's own bank: a cache, safe to delete."""
    import platformdirs  # noqa: PLC0415 - grading keeps its bank elsewhere

    return platformdirs.user_cache_path("dlgrade") / "bank"
