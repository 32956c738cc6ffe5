"""The screens of what was put into a student's folder: what `init` did, and `reset`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from grader.files import from_here
from grader.render.lists import render_next

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from grader.render.shown import LaidOut, Restored, Standing

SHOWN_NAMES = 3


def render_laid_out(laid_out: LaidOut, following: Standing | None, where: str) -> RenderableType:
    """Return what `init` did, and what to do now.

    Parameters
    ----------
    laid_out
        What became of each file.
    following
        What to do next; None when all passed.
    where
        What commands have to be told, so that they take that folder.
    """
    rows = [
        ("wrote", laid_out.written),
        ("brought up to date (you had not edited it)", laid_out.renewed),
        ("left alone (it is yours)", laid_out.kept),
    ]
    lines = [Text(f"{word}: {_first_of(names)}") for word, names in rows if names]
    if not lines:
        lines = [Text("Everything is there already.")]
    folder = from_here(laid_out.folder)
    lines.append(Text(f"\nYour exercises are in {folder}", "bold"))
    if following is None:
        return Group(*lines, render_next(None))
    module = following.exercise.module
    file = laid_out.folder / f"{module}.py"
    watch = (f"dlgrade watch {module}{where}", "bold")
    now = Text.assemble("Now: ", watch, f", with {from_here(file)} in your editor.")
    return Group(*lines, now)


def _first_of(names: Sequence[str]) -> str:
    """Return names for one line: all of a few, and of many the first, and how many more."""
    if len(names) <= SHOWN_NAMES + 1:
        return ", ".join(names)
    return f"{', '.join(names[:SHOWN_NAMES])} and {len(names) - SHOWN_NAMES} more"


def render_restored(restored: Restored) -> RenderableType:
    """Return what `reset` did, and where the old text is."""
    if restored.backup is None and restored.path.exists():
        return Text(f"{restored.what} is the stub; nothing of yours was replaced.")
    kept = restored.backup.name if restored.backup else ""
    return Text(f"{restored.what} is the stub again; your text is kept in {kept}.")
