"""Run the quizzes on their own: `python -m grader.quiz`."""

from __future__ import annotations

import sys

from grader.errors import DlgradeError


def main() -> None:
    """Run the commands, and end with one line when something is wrong."""
    from grader.quiz.cli import app  # noqa: PLC0415 - an error while it loads is one line too

    try:
        app(prog_name="dlgrade quiz")
    except DlgradeError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
