"""The history of answers: one JSON line each, appended and never changed.

An answer that is taken back, or called a guess, is a line more, which stands in place of the first.

A line is written with one call and synced before the next question is asked, so that an interrupt,
a closed terminal or a full disk lose at most the question on the screen. What a crash left
half-written is put aside in `history.damaged`, and said in a line.
"""

from __future__ import annotations

import errno
import json
import math
import os
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import HistoryError
from grader.quiz.memory.event import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 2000
"""Bytes that an answer of 200 characters takes, each of them written as an escape."""
READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}
TYPES = {"str": str, "bool": bool, "int": int, "float": float}


def default_data_dir() -> Path:
    """Find the folder for the user's data.

    Returns
    -------
    Path
        By the customs of the platform; it need not exist.
    """
    import platformdirs  # noqa: PLC0415 - paid only when no other folder is named

    return Path(platformdirs.user_data_dir("dlgrade", appauthor=False)) / "quiz"


class History:
    """Read and extend the history of one user.

    Parameters
    ----------
    folder
        Where `history.jsonl` lies or will lie.

    Attributes
    ----------
    notice
        What was found damaged when it was loaded; "" when nothing was.
    remembers
        False keeps answers for this sitting alone: there is no place for them.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "history.jsonl"
        self.notice = ""
        self.remembers = True
        self._events: list[Event] | None = None

    @property
    def events(self) -> list[Event]:
        """Every answer that stands, oldest first.

        Raises
        ------
        HistoryError
            The file is there and cannot be read.
        """
        if self._events is None:
            self._events = self._load()
        return self._events

    def give_up(self) -> None:
        """Go on without what cannot be read, and remember nothing."""
        self._events, self.remembers = [], False

    def try_place(self) -> None:
        """Write and sync beside the history as many bytes as an answer has, and remove them.

        Raises
        ------
        HistoryError
            There is no place for an answer.
        """
        probe = self.path.with_name(f"history.{os.getpid()}.probe")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with probe.open("wb") as stream:
                    stream.write(b" " * LONGEST)
                    stream.flush()
                    os.fsync(stream.fileno())
                with _locked(self.path):
                    pass
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            raise HistoryError(f"{self.path} cannot be written ({error.strerror})") from error

    def append(self, event: Event) -> None:
        """Add one line, and make sure that it is on the disk.

        Parameters
        ----------
        event
            What happened.

        Raises
        ------
        HistoryError
            It cannot be saved; nothing of it is then left in the file.
        """
        events = self.events
        if not self.remembers:
            _enter(events, event)
            return
        line = json.dumps({"v": 1, **asdict(event)}, separators=(",", ":")) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(self.path) as descriptor:
                _write(descriptor, line.encode("ascii"))
        except OSError as error:
            saved = "the answers before this one are kept"
            raise HistoryError(
                f"{self.path} cannot be written ({error.strerror}); {saved}"
            ) from error
        _enter(events, event)

    def _load(self) -> list[Event]:
        try:
            if not self.path.exists():
                return []
            try:
                with _locked(self.path) as descriptor:
                    return self._read(descriptor)
            except OSError as error:
                if error.errno not in READ_ONLY:
                    raise
                return self._read(None)
        except OSError as error:
            raise HistoryError(f"{self.path} cannot be read ({error.strerror})") from error

    def _read(self, descriptor: int | None) -> list[Event]:
        """Read every good line; what is damaged at the end is put aside where we may write."""
        content = self.path.read_bytes()
        good, bad = _split(content)
        many = "1 damaged line" if len(bad) == 1 else f"{len(bad)} damaged lines"
        end = sum(len(line) for line, _ in good)
        is_tail = content.startswith(b"".join(line for line, _ in good)) and end < len(content)
        if bad and is_tail and descriptor is not None and (aside := self._put_aside(bad)):
            os.ftruncate(descriptor, end)
            self.notice = f"{many} of the history put aside in {aside}"
        elif bad:
            # between good lines, or with no place aside: the file stays as it is
            self.notice = f"{many} of the history skipped in {self.path}"
        return _standing(event for _, event in good)

    def _put_aside(self, bad: list[bytes]) -> Path | None:
        """Add damaged lines to the file of such lines; None where that cannot be done."""
        aside = self.path.with_name("history.damaged")
        try:
            with aside.open("ab") as stream:
                stream.write(b"".join(bad) if bad[-1].endswith(b"\n") else b"".join(bad) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            return None
        return aside


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open the file for appending, alone."""
    as_it_is = getattr(os, "O_BINARY", 0)  # Windows would write two bytes for the end of a line
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | as_it_is, 0o600)
    try:
        try:
            import fcntl  # noqa: PLC0415 - Windows has none; there two sittings are not kept apart

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield descriptor
    finally:
        os.close(descriptor)


def _write(descriptor: int, line: bytes) -> None:
    before = os.fstat(descriptor).st_size
    if before:
        os.lseek(descriptor, before - 1, os.SEEK_SET)
        if os.read(descriptor, 1) != b"\n":
            line = b"\n" + line  # another program left a line without an end: not to take ours
    try:
        if os.write(descriptor, line) < len(line):
            raise OSError(28, "No space left on device")  # noqa: TRY301 - a short write is one
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, before)
        raise


def _standing(events: Iterable[Event]) -> list[Event]:
    found: list[Event] = []
    for event in events:
        _enter(found, event)
    return found


def _enter(events: list[Event], event: Event) -> None:
    """Add an event, in place of the one that it replaces; one that only takes back adds none."""
    place = len(events)
    if event.replaces:
        for before in range(len(events) - 1, -1, -1):
            one = events[before]
            if one.session == event.session and one.at == event.replaces and not one.done:
                place = before
                del events[before]
                break
    if event.item or event.done:
        events.insert(place, event)


def _split(content: bytes) -> tuple[list[tuple[bytes, Event]], list[bytes]]:
    good: list[tuple[bytes, Event]] = []
    bad: list[bytes] = []
    for line in content.splitlines(keepends=True):
        event = _event(line)
        if event is not None:
            good.append((line, event))
        elif line.strip():
            bad.append(line)
    return good, bad


def _event(line: bytes) -> Event | None:
    """Read one line; None when it is not one that `append` writes."""
    if not line.endswith(b"\n"):
        return None
    try:
        found = json.loads(line)
        found = {"replaces": "", **found}  # lines of before have none
        facts = {field.name: found[field.name] for field in fields(Event)}
        at = datetime.fromisoformat(facts["at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    for field in fields(Event):
        want = TYPES[str(field.type)]
        value = facts[field.name]
        if not isinstance(value, want) and not (want is float and isinstance(value, int)):
            return None
    is_sane = at.tzinfo is not None and math.isfinite(facts["seconds"])
    taken_back = facts["replaces"] and not facts["item"]
    graded = facts["done"] or taken_back or facts["grade"] in (1, 2, 3, 4)
    return Event(**facts) if is_sane and graded else None
