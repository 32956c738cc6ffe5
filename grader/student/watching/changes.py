"""Tell which exercises a change to a file can have changed, from the text alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.bindings import bound_names
from grader.parsing import parse_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

REST = ""  # stands for everything at the top level that binds no name


def touched(old: bytes, new: bytes, names: Sequence[str]) -> list[str]:
    r"""Return the exercises of a file that a change touches, those it changes directly first.

    Parameters
    ----------
    old, new
        The file's text before and after.
    names
        The exercises of the file, in order.

    Returns
    -------
    list of str
        First the functions whose own code changed, then those that use what changed, however
        far. Empty when only comments or layout did, or when the new text is not Python.

    Examples
    --------
    >>> old = b"K = 1\ndef f(): return K\ndef g(): return f()\ndef h(): return 2\n"
    >>> touched(old, old.replace(b"return K", b"return K + 1"), ["f", "g", "h"])
    ['f', 'g']
    >>> touched(old, old.replace(b"K = 1", b"K = 3"), ["f", "g", "h"])
    ['f', 'g']
    >>> touched(old, old + b"# done\n", ["f", "g", "h"])
    []
    """
    after = _parts(new)
    if after is None:
        return []
    before = _parts(old)
    if before is None:  # it was not Python before: anything may have changed meanwhile
        return list(names)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if REST in changed:
        return list(names)
    direct = [name for name in names if name in changed]
    return direct + [n for n in names if n in _users(changed, after) and n not in direct]


def _parts(source: bytes) -> dict[str, str] | None:
    """Return the code that binds each top-level name, layout apart; None when it is no Python."""
    try:
        tree = parse_python(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    parts: dict[str, str] = {}
    for node in tree.body:
        for name in bound_names(node) or [REST]:
            if name == REST and _is_text(node):
                continue
            parts[name] = parts.get(name, "") + ast.dump(node)
    return parts


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _users(changed: Iterable[str], parts: Mapping[str, str]) -> set[str]:
    """Return the names whose code mentions a changed name, directly or through others."""
    reached = set(changed)
    grown = True
    while grown:
        grown = False
        for name, code in parts.items():
            if name not in reached and any(f"'{other}'" in code for other in reached):
                reached.add(name)
                grown = True
    return reached
