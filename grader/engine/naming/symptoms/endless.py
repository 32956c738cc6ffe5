"""What a loop without an end hangs on: what its condition asks about, and what changes that."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import listed
from grader.engine.reading.expressions import called_name
from grader.engine.reading.loops import read_loop
from grader.engine.reading.sites import code_of
from grader.model import Diagnosis, Location
from grader.model.mended import Mending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.engine.naming.exceptions.translation import FindSite
    from grader.engine.reading.loops import Loop
    from grader.model import ExerciseResult
    from grader.model.sourcemap import SourceMap

ENDLESS = "endless-loop"
LOOK = "look"
MOST_LINES = 2
GROWS = ("append", "extend", "insert", "add")


def tell_endless(
    result: ExerciseResult,
    lines: Sequence[tuple[str, int]],
    sources: SourceMap,
    find_site: FindSite,
) -> ExerciseResult:
    """Return the result of a call without an end with what a `while` around its lines hangs on.

    Parameters
    ----------
    result
        What is told so far.
    lines
        Where the call was when its time was up, innermost first.
    sources
        What the student calls the files and their lines.
    find_site
        Returns what stands in a line of the student's.
    """
    loops = [(file, *one) for file, line in lines for one in _loops_at(file, line, find_site)]
    for file, node, loop in loops:
        if loop is not None and not loop.changing:
            code, names = code_of(node.test), listed(loop.names, "or")
            what = f"`while {code}:`" if code else "it"
            told = f"Nothing in the loop changes {names}, so that {what} never ends."
            mending = _look(file, [loop.line], "the loop that begins there never ends", sources)
            if idle := _lost(node, loop.names):
                begins = sources.name_line(file, loop.line)
                why = f"what is computed there is kept nowhere, and the loop of {begins} never ends"
                mending = _look(file, idle, why, sources)
            return replace(result, diagnosis=Diagnosis(ENDLESS, told), mending=mending)
    file, _, only = loops[0] if len(loops) == 1 else ("", None, None)
    if only is not None and len(only.changing) <= MOST_LINES:
        does = "it does" if len(only.changing) == 1 else "they do"
        why = f"only what {does} can end the loop of {sources.name_line(file, only.line)}"
        return replace(result, mending=_look(file, only.changing, why, sources))
    return result


def tell_full(
    result: ExerciseResult,
    lines: Sequence[tuple[str, int]],
    sources: SourceMap,
    find_site: FindSite,
    begins: Location,
) -> ExerciseResult:
    """Return the same of a call that used up the memory, where it is a loop that has no end.

    One large array can use it up, too, in a loop that would end: of that nothing is told. Where no
    memory was left to say the lines, each loop of the function that begins there is looked at.
    """
    whole = find_site(begins) if not lines else None
    for node in ast.walk(whole.statement) if whole else ():
        if isinstance(node, ast.While):
            told = tell_endless(result, [(begins.file, node.lineno)], sources, find_site)
            if told.diagnosis is not None and told.diagnosis.id == ENDLESS:
                return told
    told = tell_endless(result, lines, sources, find_site)
    never_ends = told.diagnosis is not None and told.diagnosis.id == ENDLESS
    return told if never_ends or any(_grows(at, find_site) for at in lines[:1]) else result


def _lost(node: ast.While, names: Sequence[str]) -> list[int]:
    """Return the lines in a loop that compute something of one of these names, and keep it not."""
    found = {
        one.lineno
        for one in ast.walk(node)
        if isinstance(one, ast.Expr) and isinstance(one.value, (ast.BinOp, ast.Compare))
        if any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(one.value))
    }
    return sorted(found) if len(found) <= MOST_LINES else []


def _grows(at: tuple[str, int], find_site: FindSite) -> bool:
    """Tell whether a line puts something more into what is there."""
    site = find_site(Location(*at))
    return site is not None and called_name(getattr(site.statement, "value", None)) in GROWS


def _loops_at(file: str, line: int, find_site: FindSite) -> list[tuple[ast.While, Loop | None]]:
    """Return each `while` around a line, innermost first, with what it hangs on if it says so."""
    site = find_site(Location(file, line))
    around = (*site.blocks, site.statement) if site else ()
    whiles = [one for one in reversed(around) if isinstance(one, ast.While)]
    return [(one, read_loop(one, site.function if site else None)) for one in whiles]


def _look(file: str, lines: Sequence[int], why: str, sources: SourceMap) -> Mending:
    """Return the lines at which to look, and why."""
    names = " and ".join(sources.name_line(file, line) for line in lines)
    there = [sources.locate(Location(file, line)) for line in lines]
    at = tuple((one.file, one.line) for one in there)
    return Mending(LOOK, f"Look at {names}: {why}.", at)
