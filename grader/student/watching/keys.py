"""Read single keys from the terminal, without Enter, and leave the terminal as it was."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from queue import Empty
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from queue import SimpleQueue

WAIT_S = 0.1
HEAR_S = 0.5
Event = TypeVar("Event")
MAX_KEY_BYTES = 32
ESCAPE = b"\x1b"
ARROWS = {
    start + letter: name
    for start in (b"[", b"O")  # an arrow as a cursor, or as a key of an application
    for letter, name in ((b"A", "up"), (b"B", "down"), (b"C", "right"), (b"D", "left"))
}
WINDOWS_ARROWS = {"H": "up", "P": "down", "M": "right", "K": "left"}


def next_event(events: SimpleQueue[Event]) -> Event:
    """Wait for what comes next, and hear Ctrl-C meanwhile.

    On Windows a wait without an end hears nothing until it is over.
    """
    while True:
        with contextlib.suppress(Empty):
            return events.get(timeout=HEAR_S)


class Keys:
    """Call back with every key that is pressed; do nothing where there is no terminal.

    Parameters
    ----------
    on_key
        Gets one character, or the name of an arrow ("up", "down", "left", "right"), on the reader's
        own thread; "" when the terminal was closed.
    """

    def __init__(self, on_key: Callable[[str], None]) -> None:
        self._on_key = on_key
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._restore: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        if sys.stdin is not None and sys.stdin.isatty():
            if os.name != "nt":
                self._restore = _single_keys(sys.stdin.fileno())
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5 * WAIT_S)
        self._restore()

    def _run(self) -> None:
        reader = _windows_keys if os.name == "nt" else _posix_keys
        for key in reader(self._stop):
            self._on_key(key)


def _single_keys(descriptor: int) -> Callable[[], None]:
    """Have keys delivered at once; return what puts the terminal back. Ctrl-C stays Ctrl-C."""
    import termios  # noqa: PLC0415 - POSIX only
    import tty  # noqa: PLC0415

    try:
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor)
    except termios.error:
        return lambda: None

    def restore() -> None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    return restore


def _posix_keys(stop: threading.Event) -> Iterator[str]:
    import select  # noqa: PLC0415 - cannot wait for a terminal on Windows

    descriptor = sys.stdin.fileno()
    while not stop.is_set():
        try:
            ready, _, _ = select.select([descriptor], [], [], WAIT_S)
            if not ready:
                continue
            text = os.read(descriptor, MAX_KEY_BYTES)
        except OSError:
            text = b""
        if not text:
            yield ""
            return
        yield from name_keys(text)


def name_keys(text: bytes) -> list[str]:
    """Return the keys in what a terminal sent at once.

    Parameters
    ----------
    text
        Characters, and the sequences of Escape that stand for other keys. Of these the arrows are
        named; any other, a function key, is one that we do not know, and nothing.

    Examples
    --------
    >>> name_keys(b"ab"), name_keys(ESCAPE + b"[C" + ESCAPE + b"[Dq"), name_keys(ESCAPE + b"[15~")
    (['a', 'b'], ['right', 'left', 'q'], [])
    """
    first, *sequences = text.split(ESCAPE)
    keys = list(first.decode("utf-8", "ignore"))
    for sequence in sequences:
        if sequence[:2] in ARROWS:
            keys += [ARROWS[sequence[:2]], *sequence[2:].decode("utf-8", "ignore")]
    return keys


def _windows_keys(stop: threading.Event) -> Iterator[str]:  # pragma: no cover - Windows only
    import msvcrt  # noqa: PLC0415

    has_key: Callable[[], bool] = msvcrt.kbhit  # type: ignore[attr-defined,unused-ignore]
    next_key: Callable[[], str] = msvcrt.getwch  # type: ignore[attr-defined,unused-ignore]
    while not stop.wait(WAIT_S / 2):
        while has_key():
            key = next_key()
            if key in "\x00\xe0":
                yield from filter(None, [WINDOWS_ARROWS.get(next_key())])
            else:
                yield "" if key == "\x03" else key
