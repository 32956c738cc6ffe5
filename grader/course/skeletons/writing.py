"""Begin a course of one's own, or one exercise more: files that work, with what to fill in.

What is written is a whole exercise, though a dull one, so that `check` and `audit` can be tried
before anything is changed. Every place that wants another text says `FILL IN`.
"""

from __future__ import annotations

import ast
import keyword
import sys
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from grader.course.course import find_course
from grader.course.handout.release import write_folder
from grader.course.stubs import derive_stub
from grader.course.topics import find_folder
from grader.errors import CourseError, UsageError
from grader.files import built_in_course, write_whole

if TYPE_CHECKING:
    from grader.course.course import Course

FIRST = ("basics", "double")
NOT_A_MODULE = {"numpy", "torch", "grader"} | sys.stdlib_module_names

HERE = Path(__file__).parent


def find_own_folder(given: Path | None, here: Path) -> Path:
    """Return the folder of the course that an author is at work on: what was named, or this one.

    Parameters
    ----------
    given
        From `--course`; None for none.
    here
        The current folder: a course, or the source tree of dlgrade.

    Raises
    ------
    UsageError
        It has no solutions.
    """
    folder = given or here
    if (folder / "solutions").is_dir():
        return folder
    if given is not None:
        raise UsageError(f"{given} has no solutions/ folder, which a course is written in")
    text = f"{here} is no course with solutions: name one, dlgrade --course DIR before the command"
    raise UsageError(f"{text}; dlgrade new-course DIR begins one")


def _filled(template: str, **words: str) -> str:
    """Return a skeleton with its names put in."""
    text = (HERE / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _is_course(folder: Path) -> bool:
    return all((folder / part).is_dir() for part in ("exercises", "checks"))


def write_course(folder: Path) -> list[Path]:
    """Write a course of one exercise into a new folder; return its files.

    Parameters
    ----------
    folder
        New or empty, and in no other course.

    Raises
    ------
    UsageError
        It holds something, lies in a course or cannot be written.
    """
    for above in folder.resolve().parents:
        if _is_course(above):
            text = f"{folder} lies in the course {above}: name a folder outside of it"
            raise UsageError(f"{text}, or add to it with dlgrade new-exercise MODULE.NAME")
    module, name = FIRST
    solution = _with_function(_filled("module_head.py"), name)
    files = {
        f"solutions/{module}.py": solution,
        f"checks/{module}/{name}.py": _filled("check.py", name=name),
        f"exercises/{module}.py": derive_stub(solution),
        "exercises/course.toml": _filled("course.toml"),
        f"topics/{module}.md": _filled("page.md", module=module),
        "quizzes/.gitkeep": "",
    }
    write_folder(folder, {name: text.encode() for name, text in files.items()})
    return [folder / name for name in files]


def write_exercise(folder: Path, exercise_id: str) -> list[Path]:
    """Write the solution, the check and the stub of a new exercise; return their files.

    A module that has no page gets one, where the course has pages.

    Parameters
    ----------
    folder
        Of the course, from `find_own_folder`. A new module is begun; to another one the function is
        added.
    exercise_id
        `conv.blur`.

    Raises
    ------
    UsageError
        It is no name for an exercise, something of it exists already, or it cannot be written.
    CourseError
        It is no course, or the module's solutions are not Python.
    """
    course = find_course(None if folder.resolve() == built_in_course() else folder)
    if not course.has_checks:
        raise UsageError(f"{folder} was handed out without its checks: add to your own copy")
    module, name = _split(exercise_id)
    solution = folder / "solutions" / f"{module}.py"
    stub = course.exercises_dir / f"{module}.py"
    check = course.checks_dir / module / f"{name}.py"
    _require_free(solution, stub, check, name)
    try:
        written = solution.is_file()
        before = solution.read_text(encoding="utf-8") if written else _filled("module_head.py")
        after = _with_function(before, name)
        check.parent.mkdir(parents=True, exist_ok=True)
        write_whole(solution, after)
        write_whole(stub, derive_stub(after))
        write_whole(check, _filled("check.py", name=name))
        page = _page_of_new(course, module)
        if page is not None:
            write_whole(page, _filled("page.md", module=module))
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error
    return [solution, check, stub, *([page] if page else [])]


def _page_of_new(course: Course, module: str) -> Path | None:
    """Return where the page of a new module is to be; None where others have none, or it is."""
    folder = find_folder(course)
    page = None if folder is None else folder / f"{module}.md"
    return None if page is None or page.exists() else page


def _with_function(before: str, name: str) -> str:
    """Return the text of solutions with one function more."""
    return f"{before.rstrip()}\n\n\n{_filled('function.py', name=name)}"


def _split(exercise_id: str) -> tuple[str, str]:
    """Return a module and a function's name.

    Raises
    ------
    UsageError
        They are none.
    """
    module, _, name = exercise_id.partition(".")
    text = f"{exercise_id!r} is no name for an exercise"
    if not module or not name or "." in name:
        raise UsageError(f"{text}: it is MODULE.NAME, like conv.blur")
    for one in (module, name):
        if not one.isidentifier() or not one.isascii() or keyword.iskeyword(one) or one[0] == "_":
            how = "letters, digits and _, not first a digit or _, and no word of Python's own"
            raise UsageError(f"{text}: {one!r} is not made of {how}")
    if module in NOT_A_MODULE:
        raise UsageError(f"{text}: a file {module}.py would hide the library {module}")
    if name[0].isupper():
        how = "new-exercise writes functions, in small letters; write a class by "
        how += "docs/author/authoring.md"
        raise UsageError(f"{text}: {how}")
    return module, name


def _require_free(solution: Path, stub: Path, check: Path, name: str) -> None:
    """Make sure that nothing of an exercise is there, and that its module can be added to.

    Raises
    ------
    UsageError
        Something is.
    CourseError
        The module's solutions are not Python.
    """
    if check.exists():
        raise UsageError(f"{check} exists already")
    if stub.exists() and not solution.exists():
        raise UsageError(f"{stub} exists without {solution}, from which it is derived")
    if not solution.exists():
        return
    try:
        tree = ast.parse(solution.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError) as error:
        raise CourseError(f"{solution} cannot be read: {error}") from error
    if name in _names_of(tree):
        raise UsageError(f"{solution} has something called {name} already")
    if "np" not in _names_of(tree):
        raise UsageError(f"{solution} does not import numpy as np, which the skeleton needs")


def _names_of(tree: ast.Module) -> set[str]:
    """Return every name that a file binds at its top level, or may bind."""
    found = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    found |= {n.id for s in tree.body for n in ast.walk(s)
              if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
              and not isinstance(s, (ast.FunctionDef, ast.ClassDef))}  # fmt: skip
    imports = [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    return found | {(a.asname or a.name).partition(".")[0] for n in imports for a in n.names}
