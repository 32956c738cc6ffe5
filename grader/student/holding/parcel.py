"""A parcel about one verdict: the function alone, the case, what was said, and versions.

Of the student's file it holds the statements that the function needs to run, each as a whole: of a
function inside of an `if`, that `if`. What was said names neither the folder nor the home.
"""

from __future__ import annotations

import ast
import dataclasses
import io
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.outline import course_name
from grader.engine.source import parse, read_lines
from grader.errors import UsageError
from grader.model import Status
from grader.parsing import parse_python
from grader.render.failure import Manner, render_failure
from grader.render.signs import points, worth
from grader.student.holding.home import Home
from grader.student.holding.script import write_script
from grader.student.notebook.cells import gather, read_cells
from grader.student.where import find_source_line
from grader.text import safe_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grader.course.course import Course, Exercise
    from grader.model import SubmissionResult

CASE, SAID, VERSIONS = "case.py", "said.txt", "versions.txt"
COLUMNS = 80


def needed_of(folder: Path, file: str, name: str) -> dict[str, bytes]:
    """Return the parts of a student's files that one function, or class, needs, by their names.

    Of another file that it imports, what it names of that one goes along with what this needs.

    Parameters
    ----------
    folder
        The student's.
    file, name
        In which of its files the function is, and what it is called.

    Raises
    ------
    UsageError
        There is nothing of it, or no Python.
    """
    found = {file: function_alone(folder / file, name)}
    wanted, waiting = {file: {name}}, [file]
    while waiting:
        for module, names in _asked_of_others(found[waiting.pop()]).items():
            other = f"{module}.py"
            before = wanted.get(other)
            if (folder / other).is_file() and (before is None or not names <= before):
                wanted[other] = names | (before or set())
                found[other] = _part_of(folder / other, wanted[other], Path(file).stem, name)
                waiting.append(other)
    return found


def _part_of(file: Path, names: set[str], module: str, name: str) -> bytes:
    """Return what a file's names need; all of it where all of it is imported."""
    text = _text_of(file, f"{module}.{name}", f"what {name} needs of it")
    return (text if "*" in names else gather(read_cells({1: text}), names).text).encode()


def _text_of(file: Path, target: str, wanted: str) -> str:
    """Return the text of a file out of which something is to be taken.

    Raises
    ------
    UsageError
        It is no Python.
    """
    tree, flaw = parse(file)
    if tree is None:  # what else is in it is nobody's matter
        where = f"{file.name}, line {flaw.line}" if flaw.line else file.name
        text = f"{where}: {flaw.text}: {wanted} cannot be taken out of it"
        again = f"mend that, then dlgrade report-bug {target}"
        raise UsageError(f"{text}; {again}, or send what you want of it")
    return "".join(read_lines(file))


def _asked_of_others(source: bytes) -> dict[str, set[str]]:
    """Return what a file asks of each that it imports, by that one's name."""
    nodes = list(ast.walk(parse_python(source)))
    asked: dict[str, set[str]] = {}
    called: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            called |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            asked.setdefault(node.module, set()).update(alias.name for alias in node.names)
    for module in called.values():
        asked.setdefault(module, set())
    for node in nodes:
        owner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Attribute) and isinstance(owner, ast.Name) and owner.id in called:
            asked[called[owner.id]].add(node.attr)
    return asked


def function_alone(file: Path, name: str) -> bytes:
    """Return the part of a file that one function, or class, needs to run.

    Parameters
    ----------
    file
        The student's.
    name
        The function's.

    Raises
    ------
    UsageError
        There is nothing of it: no file, nothing of that name in it, or no Python.
    """
    target = f"{file.stem}.{name}"
    stub = f"dlgrade reset {target} puts the stub there"
    if not file.is_file():
        if file.is_symlink() or file.exists():
            kind = "a link to no file" if file.is_symlink() else "no file"
            kind = "a folder" if file.is_dir() else kind
            raise UsageError(f"{file.name} is {kind}: nothing was written; move it, then {stub}")
        raise UsageError(f"there is no {file.name} with {name} in it: nothing was written; {stub}")
    alone = gather(read_cells({1: _text_of(file, target, name)}), [name]).text
    if not alone.strip():
        raise UsageError(f"{file.name} has no {name}: nothing was written; {stub}")
    return alone.encode()


def write_parcel(
    folder: Path, course: Course, exercise: Exercise, result: SubmissionResult, note: str
) -> str:
    """Write what became of a function beside it.

    Parameters
    ----------
    folder
        Where the function lies alone, in a file of its module's name.
    course, exercise
        Whose verdict it is.
    result
        Of that function alone.
    note
        What is to be known about it first; empty for nothing.

    Returns
    -------
    str
        What was left out, in one line; empty when nothing was.
    """
    places = _places(folder)
    one = _placeless(result.exercises[0], places)
    file = Path(f"{exercise.module}.py")
    left_out = ""
    if one.held is not None:
        made_by = f"dlgrade report-bug {exercise.id}"
        try:
            script = write_script(exercise, one, Home(Path(), file), made_by)
            (folder / CASE).write_text(script.text, encoding="utf-8")
        except UsageError as error:
            left_out = f"{error}: there is no {CASE}"
    manner = Manner(plain=True, decks=course.settings.get("decks", {}))
    said = f"{exercise.id}: passed, {points(one.earned)} of {worth(one.possible)}\n"
    if one.status is not Status.PASSED:
        line = _placeless(find_source_line(folder, exercise, result.exercises[0]), places)
        said = _as_text(render_failure(one, exercise, line, manner))
    said = f"{note}\n\n{said}" if note else said
    (folder / SAID).write_text(said, encoding="utf-8")
    (folder / VERSIONS).write_text(_versions(course, result), encoding="utf-8")
    return left_out


def _places(folder: Path) -> dict[str, str]:
    """Return what is said for the places of this machine, the longest first."""
    places = {f"{folder}{os.sep}": "", str(folder): "."}
    for name, told in ((sys.prefix, "(python)"), (sys.base_prefix, "(python)"), (Path.home(), "~")):
        if len(str(name)) > 1:  # a home may be the root itself
            places.setdefault(str(name), told)
    return dict(sorted(places.items(), key=lambda pair: -len(pair[0])))


def _placeless(told: Any, places: dict[str, str]) -> Any:
    """Return a fact, all that is in it included, with other words for the places in its texts."""
    if type(told) is str:
        for place, word in places.items():
            told = told.replace(place, word)
        return told
    if isinstance(told, Path):
        return Path(_placeless(str(told), places))
    if type(told) in (tuple, list):
        return type(told)(_placeless(item, places) for item in told)
    if not dataclasses.is_dataclass(told) or isinstance(told, type):
        return told
    found = {one.name: getattr(told, one.name) for one in dataclasses.fields(told) if one.init}
    return dataclasses.replace(told, **{name: _placeless(v, places) for name, v in found.items()})


def _as_text(shown: RenderableType) -> str:
    from rich.console import Console  # noqa: PLC0415 - of all this, only a failure needs it

    text = io.StringIO()
    console = Console(file=text, width=COLUMNS, color_system=None, highlight=False, markup=False)
    console.print(shown)
    return "\n".join(safe_text(line).rstrip() for line in text.getvalue().splitlines()) + "\n"


def _versions(course: Course, result: SubmissionResult) -> str:
    lines = [f"{name} {number}" for name, number in result.versions.items()]
    lines += [
        f"system {platform.system()} {platform.machine()}",
        f"course {course_name(course)}",
        f"seed {result.seed}",
        f"checked against {' and '.join(result.oracles)}",
        f"sandbox {result.sandbox}",
    ]
    return "".join(f"{line}\n" for line in lines)
