"""Cut the files of a course down to what is handed out: some exercises, some hints.

What is left is as the author wrote it, to the letter; nothing is executed here.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from grader.course.course import Exercise


def keep_functions(source: str, names: Collection[str]) -> str:
    r"""Return a stub file without the public functions and classes that are not named.

    Examples
    --------
    >>> print(keep_functions("import numpy\n\n\ndef f(): ...\n\n\ndef g(): ...\n", ["g"]))
    import numpy
    <BLANKLINE>
    <BLANKLINE>
    def g(): ...
    <BLANKLINE>
    """
    lines = source.splitlines(keepends=True)
    for node in reversed(ast.parse(source).body):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if node.name in names:
                continue
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1
            while first > 0 and not lines[first - 1].strip():
                first -= 1
            del lines[first : node.end_lineno]
    return "".join(lines)


def keep_hints(file: Path, count: int) -> str:
    """Return the text of a check with its first hints alone.

    Raises
    ------
    CourseError
        They are not written out as `hints=(...)`, so that nobody can tell where the others are.
    """
    source = file.read_text(encoding="utf-8-sig")
    found = [
        keyword.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "hints"
    ]
    hints = found[0] if len(found) == 1 else None
    if not isinstance(hints, (ast.Tuple, ast.List)):
        text = f'the check {file} does not write its hints out as hints=("…", "…")'
        raise CourseError(f"{text}, so that --hints cannot take some of them away")
    data = source.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(node: ast.expr) -> tuple[int, int]:
        end_line, end = node.end_lineno or node.lineno, node.end_col_offset or 0
        return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end

    kept = [data[slice(*place(hint))].decode() for hint in hints.elts[:count]]
    begin, end = place(hints)
    written = "".join(f"\n        {hint}," for hint in kept)
    return (data[:begin] + f"({written})".encode() + data[end:]).decode()


def write_summaries(
    oracles: Sequence[str], exercises: Iterable[Exercise], hints: int | None
) -> str:
    """Return the text of `checks.json`, which stands for checks that do not go out.

    Parameters
    ----------
    oracles
        Which sources the right answers come from.
    exercises
        What is handed out.
    hints
        How many hints of each; None for all.
    """
    rows = {
        one.id: {
            "points": one.check.points,
            "decks": list(one.check.decks),
            "levels": list(one.check.levels),
            "judged": [name for name, level in one.check.levels.items() if level.judged],
            "hints": list(one.check.hints)[:hints],
            "requires": list(one.check.requires),
            "formal": [name for name, level in one.check.levels.items() if level.is_formal],
            **({"handed_in": one.check.handed_in.form} if one.check.handed_in else {}),
            "tolerance": one.check.tolerance,
            "lesson": one.lesson,
        }
        for one in exercises
    }
    tree = {"oracles": list(oracles), "exercises": rows}
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"
