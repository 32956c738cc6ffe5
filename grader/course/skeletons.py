"""Begin a course of one's own, or one exercise more: files that work, with what to fill in.

What is written is a whole exercise, though a dull one, so that `check` and `audit` can be tried
before anything is changed. Every place that wants another text says `FILL IN`.
"""

from __future__ import annotations

import ast
import keyword
import sys
from typing import TYPE_CHECKING

from grader.course.course import find_course
from grader.course.handout.release import write_folder
from grader.course.stubs import derive_stub
from grader.errors import CourseError, UsageError
from grader.files import built_in_course, write_whole

if TYPE_CHECKING:
    from pathlib import Path

FIRST = ("basics", "double")
NOT_A_MODULE = {"numpy", "torch", "grader"} | sys.stdlib_module_names

SETTINGS = """\
# The order in which modules are taught; one that is not named comes after these, by name.
modules = ["basics"]

# What students may import besides numpy and the standard library (docs/authoring.md):
# imports = ["scipy"]

# What is due, and when; `dlgrade` alone reminds of it:
# [[assignment]]
# name = "Homework 1"
# targets = ["basics"]
# due = 2030-10-05
"""

PAGE = """\
# {module}

FILL IN: what this module is about, one case by hand, what goes wrong, what to read.
`dlgrade explain {module}` shows this page.
"""

HEAD = '''\
"""FILL IN: what the exercises of this module are about."""

from __future__ import annotations

import numpy as np
'''

FUNCTION = '''\


def {name}(x: np.ndarray) -> np.ndarray:
    """FILL IN: double every number of a table.

    Parameters
    ----------
    x : ndarray of float64, shape (N, D)
        FILL IN: one row for each sample.

    Returns
    -------
    y : ndarray of float64, shape (N, D)
        FILL IN: every number twice.

    Notes
    -----
    y[n, d] = 2 * x[n, d].

    Examples
    --------
    >>> import numpy as np
    >>> {name}(np.array([[1.0, -2.0]]))
    array([[ 2., -4.]])
    """
    return 2 * x
'''

CHECK = '''\
"""FILL IN: the one line about it that a student reads."""

from grader.vocabulary import Exercise, array, between, level, strategy, wide


@strategy
def tables(draw, number=between(1, 4)):  # FILL IN: sizes first, arrays last
    rows, columns = draw(number), draw(between(1, 4))
    return (draw(array(rows, columns, of=wide)),)


def worked_by_hand():
    import numpy as np

    return [(np.array([[1.0, -2.0]]),)]


exercise = Exercise(
    points=1,
    decks=(),
    levels={{
        "one row": level(tables(number=1), fixed=worked_by_hand),
        "several rows": tables(),
    }},
    features={{"several rows": lambda x: len(x) > 1}},
    hints=(
        "FILL IN, a question: which numbers change, and by how much?",
        "FILL IN, a case by hand: of [[1, -2]] comes [[2, -4]].",
        "FILL IN, a skeleton with gaps: y = ... * x",
    ),
)


@exercise.equivalent
def {name}(x):  # FILL IN: the same in torch, written another way than the solution
    return x + x


@exercise.mistake("FILL IN: x comes back as it is; every number is doubled.")
def unchanged(x):
    return x.clone()


@exercise.mistake("FILL IN: every number is squared; it is doubled.")
def squared(x):
    return x * x
'''


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
    solution = HEAD + FUNCTION.format(name=name)
    files = {
        f"solutions/{module}.py": solution,
        f"checks/{module}/{name}.py": CHECK.format(name=name),
        f"exercises/{module}.py": derive_stub(solution),
        "exercises/course.toml": SETTINGS,
        f"topics/{module}.md": PAGE.format(module=module),
        "quizzes/.gitkeep": "",
    }
    write_folder(folder, {name: text.encode() for name, text in files.items()})
    return [folder / name for name in files]


def write_exercise(folder: Path, exercise_id: str) -> list[Path]:
    """Write the solution, the check and the stub of a new exercise; return their files.

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
        before = solution.read_text(encoding="utf-8") if solution.is_file() else HEAD
        after = f"{before.rstrip()}\n{FUNCTION.format(name=name)}"
        check.parent.mkdir(parents=True, exist_ok=True)
        write_whole(solution, after)
        write_whole(stub, derive_stub(after))
        write_whole(check, CHECK.format(name=name))
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error
    return [solution, check, stub]


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
        how = "new-exercise writes functions, in small letters; write a class by docs/authoring.md"
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
