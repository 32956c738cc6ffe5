"""Notice that a file was saved, however the editor does it.

The truth is what the files hold: an event only wakes us up, and where no events arrive (network
drives, containers) a look twice a second does. A file that is touched but not changed is no save;
one that is missing or empty for a moment, because the editor renames or truncates, is waited for.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from grader.parsing import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

POLL_MS = 500
MOST_FILES = 200  # of one package
GROUP_MS = 40  # an editor that writes, renames and sets times makes several events of one save
STEP_MS = 20  # it wakes as often while nothing happens: 10 cost a hundredth of a core
SETTLE_S = 0.3
SETTLE_STEP_S = 0.02

Texts = dict[str, bytes]


def read_texts(folder: Path) -> Texts:
    """Return the text of every Python file of a folder and of the packages in it.

    Returns
    -------
    dict
        By the path in the folder: `conv.py`, `helpers/ops.py`. Unreadable files are absent, and so
        is a package of very many files: that is somebody's library.
    """
    texts: Texts = {}
    for path in [*_in_folder(folder), *_in_packages(folder)]:
        try:
            if path.stat().st_size <= MAX_SOURCE_BYTES:
                texts[path.relative_to(folder).as_posix()] = path.read_bytes()
        except OSError:
            continue
    return texts


def _in_folder(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.py"))
    except OSError:
        return []


def _in_packages(folder: Path) -> Iterator[Path]:
    """Yield the Python files of folders that the exercises may import, each folder bounded."""
    try:
        packages = sorted(p for p in folder.iterdir() if p.name.isidentifier() and p.is_dir())
    except OSError:
        return
    for package in packages:
        if not (package / "pyvenv.cfg").exists():
            found = list(itertools.islice(_below(package), MOST_FILES + 1))
            yield from found if len(found) <= MOST_FILES else ()


def _below(package: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(package):
        folders[:] = sorted(name for name in folders if name.isidentifier())[:MOST_FILES]
        yield from (Path(here, name) for name in sorted(files) if name.endswith(".py"))


def changed_files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    """Return the names of files that are new, gone, or hold another text."""
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def read_settled(folder: Path, old: Texts) -> Texts:
    """Return the texts once no file that had any is missing or empty, or after a short while."""
    end = time.monotonic() + SETTLE_S
    while True:
        new = read_texts(folder)
        half = any(text and not new.get(name) for name, text in old.items())
        if not half or time.monotonic() > end:
            return new
        time.sleep(SETTLE_STEP_S)


class _Stop(threading.Event):
    """Ends the watching; who asks for it the first time is about to wait for events."""

    def __init__(self, asked: threading.Event) -> None:
        super().__init__()
        self._asked = asked

    def is_set(self) -> bool:
        self._asked.set()
        return super().is_set()


class SaveWatcher:
    """Call back after each save until closed.

    Parameters
    ----------
    folder
        The student's files. Events come from the folder itself; what is saved in a package of it is
        seen at the next look.
    on_save
        Gets the texts before and after, on the watcher's own thread.

    Attributes
    ----------
    ready
        Set once events are waited for, or it is known that none will come.
    """

    def __init__(self, folder: Path, on_save: Callable[[Texts, Texts], None]) -> None:
        self._folder = folder
        self._on_save = on_save
        self.ready = threading.Event()
        self._stop = _Stop(self.ready)
        self._texts = read_texts(folder)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for _ in self._wakes():
            if self._stop.is_set():
                return
            self.look()

    def look(self) -> None:
        """Compare the files with what they held before; call back when they differ."""
        if not changed_files(self._texts, read_texts(self._folder)):
            return
        old, new = self._texts, read_settled(self._folder, self._texts)
        if changed_files(old, new):
            self._texts = new
            self._on_save(old, new)

    def _wakes(self) -> Iterator[object]:
        """Yield whenever something may have happened: at an event, and twice a second."""
        from watchfiles import watch  # noqa: PLC0415 - only `dlgrade watch` needs it

        # No events are to be had from some file systems, or when too many things are watched.
        with contextlib.suppress(OSError, RuntimeError):
            yield from watch(
                self._folder, watch_filter=None, recursive=False, stop_event=self._stop,
                debounce=GROUP_MS, step=STEP_MS, rust_timeout=POLL_MS, yield_on_timeout=True,
                raise_interrupt=False, ignore_permission_denied=True,
            )  # fmt: skip
        self.ready.set()
        while not self._stop.wait(POLL_MS / 1000):
            yield None

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join(timeout=2 * POLL_MS / 1000)
