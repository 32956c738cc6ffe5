"""Gather a function and all that it uses from a namespace of living objects.

For a plain Python prompt, or a namespace that was given: there are no cells to read, so the source
of each function is looked up, and small values are written out.
"""

from __future__ import annotations

import inspect
import textwrap
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.reading.bindings import needed_names
from grader.errors import UsageError
from grader.model.sourcemap import Piece
from grader.parsing import parse_python
from grader.student.notebook.cells import Gathered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PLAIN = (bool, int, float, complex, str, bytes, type(None))


def gather_objects(namespace: Mapping[str, Any], names: Iterable[str]) -> Gathered:
    """Return a file that defines these names as the namespace does.

    Parameters
    ----------
    namespace
        Objects by name: `globals()`, `vars(module)`.
    names
        The functions that are wanted; those that are not there are left out.

    Raises
    ------
    UsageError
        Something that they use has no source that could be read.
    """
    waiting = [name for name in names if name in namespace]
    seen: set[str] = set()
    found: list[tuple[str, str]] = []
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        text, label = _source(name, namespace[name])
        found.append((text, label))
        waiting += sorted(needed_names(text) & set(namespace) - seen)
    found.reverse()  # what is used comes before what uses it, as far as that matters
    found.sort(key=lambda pair: not pair[0].startswith(("import ", "from ")))
    parts, pieces, first = ["from __future__ import annotations\n"], [], 2
    for text, label in found:
        parts.append(text)
        pieces.append(Piece(first, label))
        first += text.count("\n")
    return Gathered("".join(parts), tuple(pieces))


def _source(name: str, value: Any) -> tuple[str, str]:
    """Return the code that binds a name to such a value, and what to call the place."""
    if isinstance(value, types.ModuleType):
        return f"import {value.__name__} as {name}\n", name
    if isinstance(value, np.ndarray):
        values = f"numpy.array({value.tolist()!r}, dtype={value.dtype.str!r})"
        return f"import numpy; {name} = {values}.reshape({value.shape!r})\n", name
    if isinstance(value, np.ufunc) or (getattr(value, "__module__", "") or "").startswith("numpy"):
        return f"from numpy import {value.__name__} as {name}\n", name
    if _is_plain(value):
        return f"{name} = {value!r}\n", name
    try:
        text = textwrap.dedent(inspect.getsource(value)).rstrip() + "\n"
        file = Path(inspect.getsourcefile(value) or name).name
        parse_python(text)
    except (TypeError, OSError, SyntaxError) as error:
        help_ = "define it with def, in a cell or a file"
        raise UsageError(f"the source of {name} cannot be seen; {help_}") from error
    given = getattr(value, "__name__", name)
    alias = f"{name} = {given}\n" if given != name else ""
    return text + alias, f"{name} in {file}" if file.endswith(".py") else name


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(_is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(_is_plain(item) for pair in value.items() for item in pair)
    return type(value) in PLAIN and value == value  # nan has no literal  # noqa: PLR0124
