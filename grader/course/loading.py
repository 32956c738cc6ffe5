"""Import the Python files of a course, which are the author's own and nobody else's."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import keyword
import sys
import traceback
from types import FunctionType
from typing import TYPE_CHECKING, Any

from grader.course.vocabulary import Check
from grader.course.words.places import one_line, place_of_function
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

    from grader.course.stubs import Stub


def load_check(file: Path, stub: Stub) -> tuple[Check, str]:
    """Import a check of an exercise; return it with the line that the student reads.

    Raises
    ------
    CourseError
        It is missing or broken.
    """
    loaded = load_module(file, "check")
    check = getattr(loaded, "exercise", None)
    if not isinstance(check, Check):
        raise CourseError(f"{file} defines no `exercise = Exercise(...)`")
    if check.is_class is not None and check.is_class is not stub.is_class:
        kind = "a class: its equivalent" if stub.is_class else "a function: its equivalent"
        text = f"{stub.name} is {kind} has to be one, too"
        raise CourseError(f"the check {file}: {text}")
    if any((one.reach is None) is not (check.handed_in is None) for one in check.levels.values()):
        text = "handed_in=predictions(...) and levels that are scored(...) belong together"
        raise CourseError(f"the check {file}: {text}")
    for mistake in check.mistakes.values() if stub.is_class else ():
        if not isinstance(mistake.function, type):
            text = f"{stub.name} is a class: the mistake {mistake.id!r} has to be one, too"
            raise CourseError(f"the check {file}: {text}")
    if check.handed_in is None:
        _require_equivalent(file, check, stub)
    strange = check.strange_feature(stub.names)
    if strange:
        raise CourseError(f"the check {file}: {strange}")
    return check, (loaded.__doc__ or "").strip().partition("\n")[0]


def _require_equivalent(file: Path, check: Check, stub: Stub) -> None:
    """Make sure that there is an equivalent, and that it and the mistakes take what cases hold."""
    if check.is_class is None or stub.is_class:
        return  # whoever asks for the equivalent is told that there is none
    named = {f"the mistake {one.id!r}": one.function for one in check.mistakes.values()}
    for who, function in {"the equivalent": check.answer, **named}.items():
        lacking = lacks(function, len(stub.parameters))
        if lacking:
            raise CourseError(f"the check {file}{place_in(function)}: {who} {lacking}: {stub}")


def place_in(function: Callable[..., Any]) -> str:
    """Return the line at which a function begins, to be put after its file's name."""
    place = place_of_function(function)
    return f", line{place.rpartition(', line')[2]}" if place else ""


def lacks(function: Callable[..., Any], count: int) -> str:
    """Say which arguments a function does not take, or wants besides; empty where it fits."""
    if _takes(function, count):
        return ""
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError as error:
        return f"does not take the {count} arguments of a case, {error},"
    except ValueError:
        pass  # written in C: nobody knows
    return ""


def _takes(function: Callable[..., Any], count: int) -> bool:
    """Tell whether a Python function takes so many arguments: `inspect` is slow, and says why."""
    while "__wrapped__" in getattr(function, "__dict__", {}):
        function = function.__wrapped__  # type: ignore[attr-defined]
    if type(function) is not FunctionType or "__signature__" in vars(function):
        return False
    code, named = function.__code__, function.__kwdefaults__ or {}
    least = code.co_argcount - len(function.__defaults__ or ())
    most = count if code.co_flags & inspect.CO_VARARGS else code.co_argcount
    return least <= count <= most and code.co_kwonlyargcount == len(named)


def load_module(file: Path, kind: str) -> ModuleType:
    """Import a file of the course under a name of its own, once.

    Raises
    ------
    CourseError
        The file is missing or raises.
    """
    name = f"_dlgrade_{kind}_{hashlib.sha256(str(file).encode()).hexdigest()[:12]}_{file.stem}"
    if name in sys.modules:
        return sys.modules[name]
    if not file.is_file():
        raise CourseError(f"the {kind} {file} is missing")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise CourseError(f"the {kind} {file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        where = f"the {kind} {file}{_line(error, file)}"
        if isinstance(error, CourseError):
            raise CourseError(f"{where.rstrip(',')}: {error}") from error
        said = one_line(error).replace("Check.__init__()", "Exercise(...)")
        raise CourseError(f"{where} does not import: {type(error).__name__}: {said}") from error
    return module


def _line(error: Exception, file: Path) -> str:
    """Return the line of a file from which an exception came, to be put after its name."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f", line {error.lineno},"
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == str(file)]
    return f", line {lines[-1]}," if lines else ""


def allowed_imports(settings: Mapping[str, Any], file: Path) -> tuple[str, ...]:
    """Return what students may import beside numpy and the standard library.

    Parameters
    ----------
    settings
        Of a course: `imports`, and `about_torch`, which is false where torch may be among them.
    file
        Where they are.

    Raises
    ------
    CourseError
        One is nothing that students may have.
    """
    names, about_torch = settings.get("imports", []), settings.get("about_torch", True)
    if "torch" in names and about_torch:
        text = f"{file}: imports: torch holds the right answers of the checks: leave it out, or say"
        raise CourseError(f"{text} about_torch = false where no exercise asks for what torch has")
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            text = f"{file}: imports: {name!r} is no name of a library"
            raise CourseError(f"{text}; write it as it is imported, without a dot")
        if name == "grader":
            raise CourseError(f"{file}: imports: grader holds the right answers: leave it out")
    return tuple(sorted({*names} - sys.stdlib_module_names - {"numpy"}))
