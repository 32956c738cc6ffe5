"""Lay out a student's folder, and put a stub back without touching anything else.

What a student has written is never overwritten: `lay_out` leaves every edited file alone, and
`restore` keeps the old text beside the new one.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import SubmissionError, UsageError
from grader.files import free_name, from_here, write_whole
from grader.parsing import marked_encoding, parse_python, source_encoding, split_lines
from grader.render.shown import LaidOut, Restored
from grader.student.progress import ProgressFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.course.course import Course, Exercise

README, PROJECT = "README.md", "pyproject.toml"
COURSE_PARTS = ("exercises", "solutions", "checks", "quizzes")
PROJECT_TEXT = """\
# Lets pytest, and the test explorers of VS Code and PyCharm, see every exercise and level.
[tool.pytest.ini_options]
addopts = "-p grader.pytest"
"""


def lay_out(course: Course, folder: Path, tell: Callable[[str], None] = lambda _: None) -> LaidOut:
    """Put stubs, data, a short README, what pytest reads and a progress file into a folder.

    Parameters
    ----------
    course
        Where the stubs are.
    folder
        Made if it is not there; a file in it that was edited is left alone.
    tell
        Gets a line when damaged progress was put aside.

    Raises
    ------
    UsageError
        The folder is a course's own, a file, has exercises below, or cannot be written.
    """
    if is_part_of(course, folder) or _is_in_a_course(folder.resolve()):
        text = f"{from_here(folder)} belongs to the course itself: nothing is added to it"
        as_it_is = "work in it as it is, or give another folder"
        raise UsageError(f"{text}; {as_it_is}: dlgrade init my-exercises")
    texts = {f"{m}.py": (course.exercises_dir / f"{m}.py").read_bytes() for m in course.modules}
    if course.settings.get("data"):
        from grader.course.handout.data import data_files  # noqa: PLC0415 - hardly ever needed

        texts |= data_files(course)
    texts |= {README: _readme(course).encode(), PROJECT: PROJECT_TEXT.encode()}
    if folder.is_file():
        raise UsageError(f"{from_here(folder)} is a file: name a folder for the exercises")
    if _would_hide(course, folder):
        text = f"{from_here(folder / 'exercises')} holds exercises, which those would hide"
        raise UsageError(f"{text}: go on there, or give another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = ProgressFile(folder, tell)
        seals = dict(store.load().stubs)
        layout = _write_new(folder, texts, seals)
        store.change(lambda progress: replace(progress, stubs=seals))
    except OSError as error:
        raise UsageError(f"{from_here(folder)} cannot be written: {error.strerror}") from error
    return layout


def _would_hide(course: Course, folder: Path) -> bool:
    """Tell whether commands that find files in `exercises/` now would find others above it."""
    here, below = (
        any((place / f"{module}.py").is_file() for module in course.modules)
        for place in (folder, folder / "exercises")
    )
    return below and not here


def is_part_of(course: Course, folder: Path) -> bool:
    """Tell whether a folder is one of the course's own, whose files are no student's."""
    own = (course.exercises_dir, course.solutions_dir, course.checks_dir, course.quizzes_dir)
    return any(part is not None and folder.resolve() == part.resolve() for part in own)


def _is_in_a_course(folder: Path) -> bool:
    """Tell whether a folder is a course, or a part of one: of a clone, say, that nothing uses."""
    root = folder.parent if folder.name in COURSE_PARTS else folder
    return any((place / "course.toml").is_file() for place in (folder, root / "exercises"))


def _write_new(folder: Path, texts: dict[str, bytes], seals: dict[str, str]) -> LaidOut:
    written, renewed, kept = [], [], []
    for name, text in texts.items():
        path, seal = folder / name, hashlib.sha256(text).hexdigest()
        if not path.exists() and not path.is_symlink():
            written.append(name)
        elif not path.is_file():
            kept.append(name)  # a folder, say, whatever its name
            continue
        elif path.read_bytes() == text:
            seals[name] = seal
            continue
        elif _seal(path) == seals.get(name):
            renewed.append(name)  # untouched since we wrote it, and the course has a newer one
        else:
            kept.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        seals[name] = seal
    return LaidOut(folder, tuple(written), tuple(renewed), tuple(kept))


def _seal(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _readme(course: Course) -> str:
    first = course.ids[0] if course.ids else "conv"
    first_module = first.partition(".")[0]
    modules = "\n".join(f"- `{module}.py`" for module in course.modules)
    rows = [
        (f"watch {first_module}", "check again at every save: keep this open beside your editor"),
        (f"check {first}", "check one; without a name, all"),
        (f"hint {first}", "one of three hints"),
        ("list", "every exercise with its points, and how far you are"),
        (f"reset {first}", "the stub again; your text is kept as a backup"),
    ]
    wide = max(len(typed) for typed, _ in rows)
    commands = "\n".join(f"    dlgrade {typed:<{wide}}  {does}" for typed, does in rows)
    return f"""# Exercises

Every function here raises `NotImplementedError` until you write it. NumPy and the standard library
are all you need; your own files may import each other.

{commands}

{modules}
"""


# ----------------------------------------------------------------------------- putting stubs back


def restore_file(course: Course, folder: Path, module: str) -> Restored:
    """Put a whole stub file back.

    Parameters
    ----------
    course, folder, module
        Which file of which course, and where the student's is.
    """
    path = folder / f"{module}.py"
    text = (course.exercises_dir / f"{module}.py").read_bytes()
    return Restored(path, _replace(path, text), f"{module}.py")


def restore_function(course: Course, folder: Path, exercise: Exercise) -> Restored:
    """Put the stub of one function back; every other line of the file stays as it is.

    Parameters
    ----------
    course, folder, exercise
        Which function of which course, and where the student's file is.

    Raises
    ------
    SubmissionError
        The file is no Python, so that nobody can tell where the function ends.
    """
    path = folder / f"{exercise.module}.py"
    if not path.is_file():
        return restore_file(course, folder, exercise.module)
    stub = function_text(
        (course.exercises_dir / path.name).read_text(encoding="utf-8"), exercise.name
    )
    try:
        old = path.read_bytes()
        encoding = source_encoding(old)
        text = replace_function(old.decode(encoding), exercise.name, stub).encode(encoding)
    except OSError as error:
        raise SubmissionError(f"{from_here(path)} cannot be read: {error.strerror}") from error
    except UnicodeEncodeError as error:
        reason = (
            f"{path.name} is saved as {error.encoding}, which has no sign for a part of the stub"
        )
        raise SubmissionError(f"{reason}; save it as UTF-8") from error
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}," if isinstance(error, SyntaxError) else ""
        what = f"{path.name}{line} is not Python; mend it"
        if mark := marked_encoding(old):
            what = f"{path.name} is saved as {mark}; save it as UTF-8"
        help_ = (
            f"dlgrade reset {exercise.module} restores the whole file and keeps yours as a backup"
        )
        raise SubmissionError(f"{what}, or: {help_}") from error
    return Restored(path, _replace(path, text), exercise.id)


def _replace(path: Path, text: bytes) -> Path | None:
    """Replace a file and keep the old one; return its backup, or None if nothing was lost."""
    try:
        old = path.read_bytes() if path.exists() else None
        if old == text:
            return None
        backup = None
        if old is not None:
            backup = free_name(path.with_name(f"{path.name}.bak"))
            write_whole(backup, old)
        write_whole(path, text)
    except OSError as error:
        raise SubmissionError(f"{from_here(path)} cannot be replaced: {error.strerror}") from error
    return backup


def function_text(source: str, name: str) -> str:
    """Return the lines of the last function of that name, decorators included.

    Raises
    ------
    SyntaxError
        The source is not Python.
    KeyError
        It has no such function.
    """
    first, last = _span(source, name) or (0, 0)
    if last == 0:
        raise KeyError(name)
    return "".join(split_lines(source)[first - 1 : last])


def replace_function(source: str, name: str, stub: str) -> str:
    r"""Return a source with one function replaced, or added at the end where it is missing.

    Parameters
    ----------
    source
        Any Python file; its line ends are kept.
    name
        A function at the top level; of several, the last.
    stub
        The new text of that function.

    Raises
    ------
    SyntaxError
        The source is not Python.

    Examples
    --------
    >>> replace_function("a = 1\ndef f():\n    return a\nb = 2\n", "f", "def f(): ...\n")
    'a = 1\ndef f(): ...\nb = 2\n'
    """
    end = "\r\n" if "\r\n" in source else "\n"
    stub = stub.rstrip("\r\n").replace("\r\n", "\n").replace("\n", end)
    lines = split_lines(source)
    found = _span(source, name)
    if found is None:
        head = source if not source or source.endswith("\n") else source + end
        return (f"{head}{end}{end}" if head else "") + stub + end
    first, last = found
    closing = end if lines[last - 1].endswith(("\n", "\r")) else ""
    return "".join([*lines[: first - 1], stub + closing, *lines[last:]])


def _span(source: str, name: str) -> tuple[int, int] | None:
    """Return the first and the last line of the last function or class of that name, from 1."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = None
    for node in parse_python(source.removeprefix("\ufeff")).body:
        if isinstance(node, kinds) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found = first, node.end_lineno or node.lineno
    return found
