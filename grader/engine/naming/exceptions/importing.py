"""A file that does not import: which line is to blame, and what to do about it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.naming.exceptions.scene import Scene
from grader.engine.naming.exceptions.syntax import explain_syntax
from grader.engine.naming.exceptions.translation import TRIAL, TRIAL_WORDS, translate
from grader.engine.reading.sites import bound_heads, inner_statements
from grader.engine.source import read_lines
from grader.model import Diagnosis
from grader.text.meant import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from grader.engine.reading.sites import Site
    from grader.model import Location, Raised

TOP = "<module>"
SYNTAX = ("SyntaxError", "IndentationError", "TabError")


def outermost(frames: Sequence[Location]) -> Location | None:
    """Return the line that is to blame for what an import raised.

    Parameters
    ----------
    frames
        From the outermost inwards; those of imports inside of an import come first.

    Returns
    -------
    Location
        The last one that is still at the top of a file: what it calls may well be right.
    """
    found = None
    for frame in frames:
        if found is not None and frame.function != TOP:
            break
        found = frame
    return found


def explain_import(
    raised: Raised, site: Site | None, path: Path | None, *, deeper: bool
) -> Diagnosis | None:
    """Return what to do about a line that an import stopped at.

    Parameters
    ----------
    raised
        What it raised.
    site
        What stands in the line; None in a file that is not Python.
    path
        That file.
    deeper
        Whether the line called something that raised.
    """
    if raised.type in SYNTAX:
        number = site.number if site else raised.frames[-1][1] if raised.frames else 0
        return explain_syntax(raised.message, read_lines(path) if path else (), number)
    translated = translate(Scene(raised, site))
    if site is not None and is_trial(site) and (deeper or translated is None):
        return Diagnosis(TRIAL, TRIAL_WORDS)
    return translated.diagnosis if translated and not deeper else None


def is_trial(site: Site) -> bool:
    """Tell whether a statement at the top of a file is there to try something out.

    Nothing that a function of the file uses comes of it.
    """
    outer = site.around[0]
    if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import)):
        return False
    if isinstance(outer, (ast.ImportFrom, ast.Try)):
        return False
    made = {name for one in [outer, *_all_inside(outer)] for name in bound_heads(one)}
    return not made & _used_in_functions(site.tree)


def _all_inside(node: ast.stmt) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    waiting = inner_statements(node)
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += inner_statements(one)
    return found


def _used_in_functions(tree: ast.Module) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        part.id
        for node in tree.body
        if isinstance(node, kinds)
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }


def elsewhere(tree: ast.Module | None, name: str, asked: Collection[str]) -> tuple[str, int]:
    r"""Return where a function may be that is not there under its name, in words and by its line.

    Parameters
    ----------
    tree
        Of the file.
    name
        The function that is asked for.
    asked
        What else is asked for: that is no other spelling of this one.

    Examples
    --------
    >>> elsewhere(ast.parse("def Im2col(x): return x"), "im2col", [])
    ('; it has Im2col: is that it?', 1)
    >>> elsewhere(ast.parse("class A:\n    def im2col(x): return x"), "im2col", [])
    ('; one is inside of A: it belongs at the left edge', 2)
    """
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    body = tree.body if tree else []
    for node in body:
        for part in _all_inside(node):
            if isinstance(part, kinds) and part.name == name:
                of = getattr(node, "name", "another statement")
                return f"; one is inside of {of}: it belongs at the left edge", part.lineno
    lines = {node.name: node.lineno for node in body if isinstance(node, kinds)}
    near = nearest(name, set(lines) - set(asked))
    return (f"; it has {near}: is that it?", lines[near]) if near else ("", 0)
