"""Call the student's function on a failing case in this process, under a debugger of the student's.

Nothing of it is judged: it runs after the verdict, on the student's own machine, for whoever has
asked to stop in it.
"""

from __future__ import annotations

import ast
import contextlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grader.model import Carry
from grader.model.functions import Lambda
from grader.parsing import parse_python
from grader.student.holding.classes import last_method
from grader.worker.child.calls import ScriptRunner

if TYPE_CHECKING:
    from grader.course.course import Exercise
    from grader.model import Counterexample
    from grader.student.holding.home import Home

STOPS = "__dlgrade_stops__"


def replay(exercise: Exercise, shown: Counterexample, home: Home) -> None:
    """Import the file and call the function, which stops at its first line on the call that fails.

    Parameters
    ----------
    exercise
        Which function.
    shown
        The case.
    home
        Where the student's code lies.

    Notes
    -----
    Whatever the code raises passes through, so that a debugger stops there, too.
    """
    method, last = exercise.name, len(shown.steps) - 1
    if exercise.stub.is_class:
        method, last = last_method(exercise.name, shown.steps)
    module = _load(exercise, home, method.rpartition(".")[2])
    function = getattr(module, exercise.name)
    if exercise.stub.is_class:
        function = ScriptRunner(function)
    result = None
    for number, arguments in enumerate(shown.steps, 1):
        given = [_filled(one, result) for one in arguments]
        setattr(module, STOPS, number == last + 1)
        result = function(*given)


def _filled(argument: Any, result: Any) -> Any:
    """Return an argument, or what it stands for."""
    if isinstance(argument, Carry):
        return argument.part_of(result)
    return argument.made if isinstance(argument, Lambda) else argument


def _load(exercise: Exercise, home: Home, name: str) -> ModuleType:
    """Run the file, its lines where they are, with a stop at the beginning of a function.

    It is the exercise, or a method of it.
    """
    path = str(home.file)
    tree = parse_python(home.file.read_bytes())
    made = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == exercise.name]
    for node in made[-1].body if exercise.stub.is_class and made else tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            has_page = ast.get_docstring(node) is not None and len(node.body) > 1
            place = 1 if has_page else 0
            stop = ast.parse(f"if {STOPS}: breakpoint()").body[0]
            for part in ast.walk(stop):
                ast.copy_location(part, node)  # so that the first line is still to come
            node.body.insert(place, stop)
    module = ModuleType(exercise.module)
    module.__file__ = path
    setattr(module, STOPS, False)
    sys.modules[exercise.module] = module
    if str(home.folder) not in sys.path:
        sys.path.append(str(home.folder))  # last: it hides nothing
    parts = [[one] for one in tree.body] if home.in_parts else [tree.body]
    for body in parts:
        with contextlib.suppress(*[Exception] * home.in_parts):  # the grader leaves it out, too
            exec(compile(ast.Module(body, []), path, "exec"), module.__dict__)  # noqa: S102 - see above
    return module
