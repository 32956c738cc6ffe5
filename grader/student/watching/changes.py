"""Tell which exercises a change to a file can have changed, from the text alone."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.engine.reading.bindings import bound_names, code_text, mentioned_words
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
    either = {*before, *after}
    changed = {name for name in either if before.get(name, NO_CODE) != after.get(name, NO_CODE)}
    if REST in changed:
        return list(names)
    direct = [name for name in names if name in changed]
    users = _users(changed, after)
    return direct + [name for name in names if name in users and name not in direct]


@dataclass
class BoundCode:
    """The code that binds one name, layout apart, and every word in it."""

    texts: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set, compare=False)


NO_CODE = BoundCode()


def _parts(source: bytes) -> dict[str, BoundCode] | None:
    """Return the code that binds each top-level name; None when it is no Python."""
    try:
        tree = parse_python(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    parts: dict[str, BoundCode] = {}
    for node in tree.body:
        names = bound_names(node) or [REST]
        if names == [REST] and _is_text(node):
            continue
        text, words = code_text(node), mentioned_words(node)
        for name in names:
            code = parts.setdefault(name, BoundCode())
            code.texts.append(text)
            code.words |= words
    return parts


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _users(changed: Iterable[str], parts: Mapping[str, BoundCode]) -> set[str]:
    """Return the names whose code mentions a changed name, directly or through others."""
    users = defaultdict[str, list[str]](list)
    for name, code in parts.items():
        for word in code.words:
            users[word].append(name)
    reached, waiting = set(changed), list(changed)
    while waiting:
        new = set(users[waiting.pop()]) - reached
        reached |= new
        waiting += new
    return reached
