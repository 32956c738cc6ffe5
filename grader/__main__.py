"""Start `dlgrade`, and end with one line and an exit code whatever happens."""

from __future__ import annotations

import os
import sys

from typer import Abort

from grader.errors import DlgradeError

INTERRUPTED = 130
OUR_FAULT = 3


def main() -> None:
    """Run the command line of this process."""
    try:
        from grader.cli import app  # noqa: PLC0415 - a broken install is told in one line, too

        code = app(standalone_mode=False)
    except DlgradeError as error:
        sys.exit(_say(f"dlgrade: {error}", error.exit_code))
    except (KeyboardInterrupt, Abort):
        sys.exit(_say("dlgrade: interrupted", INTERRUPTED))
    except BrokenPipeError:  # `dlgrade list | head`: nobody reads on, which is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # wrong usage, in Typer's words
            error.show()
            sys.exit(error.exit_code)
        if os.environ.get("DLGRADE_TRACEBACK"):
            raise
        text = f"dlgrade: a fault of dlgrade itself: {type(error).__name__}: {error}"
        sys.exit(_say(f"{text} (DLGRADE_TRACEBACK=1 shows where)", OUR_FAULT))
    sys.exit(code if isinstance(code, int) else 0)


def _say(line: str, code: int) -> int:
    sys.stderr.write(line + "\n")
    return code


if __name__ == "__main__":
    main()
