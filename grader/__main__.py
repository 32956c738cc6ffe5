"""Start `dlgrade`, and end with one line and an exit code whatever happens."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections import namedtuple
from typing import NoReturn, cast

from grader.errors import INTERRUPTED, DlgradeError, GraderError
from grader.text import safe_message

MANY_OBJECTS = 100_000  # more at once before garbage is looked for: nearly all is what is imported


def main() -> NoReturn:
    """Run the command line of this process, and end it."""
    try:
        _hear_interrupts()
        _write_any_text()
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing large is multiplied here
        gc.set_threshold(MANY_OBJECTS, *gc.get_threshold()[1:])
        _run()
    except KeyboardInterrupt:  # also where all is still being imported
        _forget_interrupt()
        sys.exit(_say("dlgrade: interrupted", INTERRUPTED))
    finally:
        gc.freeze()  # the end of a process would look at all that was imported once more


def _run() -> NoReturn:
    from typer import Abort, BadParameter  # noqa: PLC0415 - only now is garbage seldom looked for

    # what click calls a UsageError: Typer shows one kind, and keeps its click in several places
    wrong_usage = cast("type[BadParameter]", BadParameter.__base__)
    try:
        from grader.cli import app  # noqa: PLC0415 - a broken install is told in one line, too

        code = app(prog_name="dlgrade", standalone_mode=False)
    except DlgradeError as error:
        sys.exit(_say(f"dlgrade: {error}", error.exit_code))
    except Abort:
        sys.exit(_say("dlgrade: interrupted", INTERRUPTED))
    except BrokenPipeError:  # `dlgrade list | head`: nobody reads on, which is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except wrong_usage as error:
        error.show()  # in Typer's words
        sys.exit(error.exit_code)
    except Exception as error:
        if os.environ.get("DLGRADE_TRACEBACK"):
            raise
        text = f"dlgrade: a fault of dlgrade itself: {type(error).__name__}: {error}"
        sys.exit(_say(f"{text} (DLGRADE_TRACEBACK=1 shows where)", GraderError.exit_code))
    sys.exit(code if isinstance(code, int) else 0)


def _write_any_text() -> None:
    """Let what a code page lacks be a question mark: a folder's name, say, and no traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _hear_interrupts() -> None:
    """Let Ctrl-C end `watch` from its first moment on, however it was started.

    Nothing else ends it, and what a script starts in the background ignores Ctrl-C.
    """
    if "watch" in sys.argv and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _forget_interrupt() -> None:
    """Let this process end with its exit code.

    Python takes a note of an interrupt that comes while it evaluates text, as it does to make a
    dataclass, and ends `python -m` by the signal then, long after it was caught. The next text that
    is evaluated takes the note away, and a named tuple is made of text.
    """
    namedtuple("Nothing", ())  # noqa: PYI024 - nothing is ever in it


def _say(line: str, code: int) -> int:
    sys.stderr.write(safe_message(line) + "\n")
    return code


if __name__ == "__main__":
    main()
