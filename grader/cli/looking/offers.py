"""What `check` offers for a failing case: to hold it, and to look at it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.model import ExerciseResult, SubmissionResult


def offers(result: SubmissionResult, folder: Path | None) -> Iterator[str]:
    """Yield the lines that say how to hold and how to draw the first failing case.

    Parameters
    ----------
    result
        Of a check.
    folder
        From `--dir`; None where it was not given.
    """
    held = _first_held(result)
    if held is None:
        return
    if sum(one.counterexample is not None for one in result.exercises) > 1:
        yield f"\nThe first of them, {held.id}:"  # what stands above is about the last one
    yield f"  Hold it: {debug_command(result, folder)}"
    if held.telling is not None:
        yield "  (or, with --case telling, the one where more of it can be seen)"
    from grader.student.drawing.held import can_be_drawn

    if held.counterexample is not None and can_be_drawn(held.id, held.counterexample):
        yield f"  Look at it: dlgrade draw {held.id}{_options(result, folder)}"


def debug_command(result: SubmissionResult, folder: Path | None) -> str:
    """Return what to type for the first failing case as a script; nothing where there is none."""
    held = _first_held(result)
    if held is None:
        return ""
    is_packed = folder is not None and folder.is_file()
    output = f" -o {held.id.partition('.')[2]}_case.py" if is_packed else ""
    return f"dlgrade debug {held.id}{_options(result, folder)}{output}"


def _first_held(result: SubmissionResult) -> ExerciseResult | None:
    return next((one for one in result.exercises if one.counterexample is not None), None)


def _options(result: SubmissionResult, folder: Path | None) -> str:
    """Return what has to be said again, so that the same case is found."""
    more = f" --seed {result.seed}" if result.seed else ""
    return more + (f" --dir {shlex.quote(str(folder))}" if folder is not None else "")
