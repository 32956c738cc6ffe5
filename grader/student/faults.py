"""Remember which words could not be found, and why, so that `dlgrade doctor` can tell."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from grader.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.model import ExerciseResult

MAX_KEPT = 20
MAX_BYTES = 2**16


def note_faults(results: Iterable[ExerciseResult]) -> None:
    """Keep what was raised while words for results were looked for; the newest lines alone.

    Nothing is said where that cannot be written: it is about words, and the verdicts stand.
    """
    lines = [f"{result.id}: {fault}" for result in results for fault in result.faults]
    if not lines:
        return
    kept = [line for line in read_faults() if line not in lines]
    path = _file()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, "".join(f"{line}\n" for line in [*kept, *lines][-MAX_KEPT:]))


def read_faults() -> list[str]:
    """Return what was kept, the newest last."""
    try:
        with _file().open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _file() -> Path:
    import platformdirs  # noqa: PLC0415 - hardly ever needed

    return platformdirs.user_cache_path("dlgrade") / "faults.txt"
