"""Tell of a function that a file defines twice, of which the last one counts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.source import is_unwritten

if TYPE_CHECKING:
    from collections.abc import Callable


def tell_twice(tree: ast.Module | None, name: str, name_line: Callable[[int], str]) -> str:
    r"""Say where a function is defined, if that is at more than one place of the top level.

    Parameters
    ----------
    tree
        Of the file.
    name
        The function.
    name_line
        Returns what the student calls a line.

    Examples
    --------
    >>> tree = ast.parse("def f(x):\n    return x\ndef f(x):\n    raise NotImplementedError\n")
    >>> tell_twice(tree, "f", "line {}".format)
    'f is written in line 1, and once more as a stub in line 3: the last one counts, take it away'
    """
    found = [
        node
        for node in (tree.body if tree else ())
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    written = [node for node in found[:-1] if not is_unwritten(node)]
    if not written:
        return ""
    first, last = name_line(written[-1].lineno), name_line(found[-1].lineno)
    if is_unwritten(found[-1]):
        return (
            f"{name} is written in {first}, and once more as a stub in {last}: the last one "
            "counts, take it away"
        )
    return f"{name} is defined in {first} and once more in {last}: the last one counts"
