"""Remember how far a student is: one small file in the student's own folder.

The file is `.dlgrade.json` beside the exercises. It holds no answers and decides nothing: points
are earned anew at every check, and a lost file costs only what `dlgrade list` shows and which
hints were read. That is handed in with the folder, as the student's own count
(`grader.model.owncount`). It is replaced as a whole, so that a crash leaves the old one; what
cannot be read is put aside and said in one line.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from grader.errors import NewerProgressError
from grader.files import free_name, from_here, write_whole
from grader.model import Status
from grader.model.owncount import FILE, MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

VERSION = 1
MOST_DAYS = 400
COUNTED = "Next: dlgrade check, which finds again what passes"


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one exercise.

    Parameters
    ----------
    status, earned, possible
        Of the last check; an empty status when there was none.
    source
        A fingerprint of the function that was checked.
    hints
        How many of its hints were read.
    """

    status: str = ""
    earned: float | None = 0.0
    possible: float = 0.0
    source: str = ""
    hints: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What is remembered of a folder.

    Parameters
    ----------
    exercises
        By id.
    stubs
        Fingerprints of the files that `dlgrade init` wrote, by name: a file that still has its
        own was never edited.
    days
        Days on which something passed, as the student's calendar had them, in order.
    seen
        Names of the demos that were run.
    at
        The module at hand: the last one that was checked alone; "" before that.
    """

    exercises: Mapping[str, Record] = field(default_factory=dict)
    stubs: Mapping[str, str] = field(default_factory=dict)
    days: tuple[date, ...] = ()
    seen: tuple[str, ...] = ()
    at: str = ""

    def record(self, exercise_id: str) -> Record:
        """Return what is remembered of an exercise."""
        return self.exercises.get(exercise_id, Record())

    def with_record(self, exercise_id: str, record: Record) -> Progress:
        """Return this with one record replaced."""
        return replace(self, exercises={**self.exercises, exercise_id: record})

    def with_day(self, day: date) -> Progress:
        """Return this with a day on which something passed; of very many the last ones stay."""
        return replace(self, days=tuple(sorted({*self.days, day})[-MOST_DAYS:]))

    def with_seen(self, demo: str) -> Progress:
        """Return this with a demo that was run."""
        return replace(self, seen=tuple(sorted({*self.seen, demo})))


class ProgressFile:
    """Read and replace the progress of one folder.

    Parameters
    ----------
    folder
        The student's files; None keeps nothing.
    tell
        Gets a line for the student when a damaged file was put aside.
    """

    def __init__(self, folder: Path | None, tell: Callable[[str], None] = lambda _: None) -> None:
        self._path = folder / FILE if folder is not None else None
        self._tell = tell
        self._foreign = False

    @property
    def exists(self) -> bool:
        """Whether the folder has progress already."""
        return self._path is not None and self._path.is_file()

    def load(self) -> Progress:
        """Return what is remembered; nothing where there is no file, or none that can be read."""
        if self._path is None or self._foreign:
            return Progress()
        try:
            with self._path.open("rb") as file:
                text = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return Progress()
        except OSError as error:
            return self._leave(
                f"{from_here(self._path)} cannot be read ({error.strerror})", "make it readable"
            )
        try:
            return parse_progress(text)
        except NewerProgressError:
            newer = f"{from_here(self._path)} was written by a newer dlgrade"
            return self._leave(newer, "upgrade dlgrade")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._put_aside()
            return Progress()

    def change(self, edit: Callable[[Progress], Progress]) -> Progress:
        """Read the file, change what it says, and replace it as a whole.

        A folder that cannot be written is no reason to stop: nothing is kept, then.
        """
        known = self.load()
        changed = edit(known)
        if self._path is None or self._foreign or (changed == known and self.exists):
            return changed
        with contextlib.suppress(OSError):
            write_whole(self._path, to_text(changed))
        return changed

    def _leave(self, why: str, mended: str) -> Progress:
        """Go on without the file, and leave it as it is; say what brings it back."""
        self._foreign = True
        kept = "it is left alone, and progress is not kept this time; nothing is lost"
        self._tell(f"{why}: {kept}. Next: {mended}, then dlgrade check")
        return Progress()

    def _put_aside(self) -> None:
        if self._path is None:
            return
        aside = free_name(self._path.with_name(f"{FILE}.damaged"))
        try:
            self._path.replace(aside)
        except OSError:
            self._leave(f"{from_here(self._path)} is damaged", "move it away")
        else:
            new = "a new one begins, and your exercises are as they were"
            self._tell(f"the progress file was damaged: it is now {aside.name}; {new}. {COUNTED}")


def parse_progress(text: bytes) -> Progress:
    """Return what a progress file says.

    Raises
    ------
    NewerProgressError
        It was written by a later version.
    ValueError, TypeError, KeyError, AttributeError
        It is damaged.
    """
    if len(text) > MAX_BYTES:
        raise ValueError("too large")
    tree = json.loads(text)
    version = tree["version"]
    if type(version) is not int or version < 1:
        raise ValueError("no version")
    if version > VERSION:
        raise NewerProgressError
    exercises = {str(name): _record(row) for name, row in tree["exercises"].items()}
    stubs = {str(name): str(seal) for name, seal in tree["stubs"].items()}
    return Progress(exercises, stubs, *_lately(tree))


def _lately(tree: Mapping[str, Any]) -> tuple[tuple[date, ...], tuple[str, ...], str]:
    """Return the days, the demos and the module at hand, of which older versions knew nothing."""
    days, seen, at = tree.get("days", []), tree.get("seen", []), tree.get("at", "")
    if not isinstance(days, list) or not isinstance(seen, list) or not isinstance(at, str):
        raise TypeError("days and demos are lists, and a module is a text")
    return tuple(sorted({date.fromisoformat(day) for day in days})), tuple(map(str, seen)), at


def _record(row: Mapping[str, Any]) -> Record:
    """Return a record whose every field has the type that it must have."""
    status = row["status"]
    if status:
        status = Status(status).value
    earned = None if row["earned"] is None else _amount(row["earned"])
    hints = row["hints"]
    if type(hints) is not int or hints < 0 or not isinstance(row["source"], str):
        raise ValueError("a field of the wrong type")
    return Record(status, earned, _amount(row["possible"]), row["source"], hints)


def _amount(value: Any) -> float:
    number = float(value)
    if not 0.0 <= number < 1e6:  # nan fails this as well
        raise ValueError("points out of bounds")
    return number


def to_text(progress: Progress) -> str:
    """Return the file's text: a line for each exercise, in order, so that versions compare well."""
    rows = {name: asdict(progress.exercises[name]) for name in sorted(progress.exercises)}
    tree = {
        "version": VERSION,
        "exercises": rows,
        "stubs": dict(sorted(progress.stubs.items())),
        "days": [day.isoformat() for day in progress.days],
        "seen": list(progress.seen),
        "at": progress.at,
    }
    return json.dumps(tree, indent=1, allow_nan=False) + "\n"
