"""What an author forgot in an exercise, of which no check ever fails: told by the audit.

A docstring without an example or with a wrong one, a stub that is behind its solution, hints, a
lesson or a page that are missing, a level or a feature that is not what it seems, bounds of a draw
that are the wrong way round.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
from typing import TYPE_CHECKING, Any

from grader.course.loading import load_module
from grader.course.stubs import derive_stub
from grader.course.topics import find_folder, find_page
from grader.course.words.places import one_line, place_of, place_of_function
from grader.engine.cases.drawing import Recorder
from grader.engine.naming.separation import has_feature, named_arguments
from grader.errors import CourseError
from grader.text.meant import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.course.course import Course, Exercise
    from grader.engine.cases.caseset import CaseSet


def find_slips(course: Course, exercise: Exercise, case_set: CaseSet) -> tuple[str, ...]:
    """Return what is to be mended in the files of an exercise, a line each, with its place.

    Parameters
    ----------
    course
        With its solutions, where the docstrings are written.
    exercise, case_set
        What is asked, and the cases that features tell apart.
    """
    return (
        *_of_check(course, exercise),
        *_of_page(course, exercise),
        *_of_bounds(exercise, case_set),
        *_of_features(exercise, case_set),
        *_of_solution(course, exercise),
    )


def _of_check(course: Course, exercise: Exercise) -> Iterator[str]:
    where = f"checks/{exercise.module}/{exercise.name}.py"
    if not exercise.lesson:
        yield f'{where}, line 1: a docstring is missing, the line that students read: """…"""'
    if not exercise.check.levels:
        yield f'{where}: an exercise needs a level: levels={{"any table": tables()}}'
    if not exercise.check.hints:
        yield f"{where}: there are no hints: hints=(…)"
    for needed in exercise.requires:
        if needed == exercise.id:
            yield f"{where}: requires holds the exercise itself"
        elif needed not in course.ids:
            yield f"{where}: requires holds {needed}, and there is no such exercise"
    for line, name in _doubled_names(exercise.check_file):
        yield f"{where}, line {line}: {name!r} is there twice, and the last one counts"


def _doubled_names(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the names that stand twice in a dict, of levels or features, with the line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        seen = set()
        for key in node.keys if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                if key.value in seen:
                    yield key.lineno, key.value
                seen.add(key.value)


def _of_page(course: Course, exercise: Exercise) -> Iterator[str]:
    """Yield that a module has no page; nothing where the course has none at all."""
    folder = find_folder(course)
    if folder is None or find_page(course, exercise.module) is not None:
        return
    strange = {file.stem: file.name for file in folder.glob("*.md")}
    for module in course.modules:
        strange.pop(module, None)
    hint = did_you_mean(exercise.module, strange, f"dlgrade explain {exercise.module} shows it")
    where = folder.relative_to(course.exercises_dir.parent).as_posix()
    yield f"{where}/{exercise.module}.md is missing, the page of {exercise.module}; {hint}"


class _Strict(Recorder):
    """Replays a recipe, and takes no bounds that are the wrong way round."""

    def integer(self, low: int, high: int) -> int:
        if low > high:
            raise CourseError(f"between({low}, {high}) is drawn: the smaller number comes first")
        return super().integer(low, high)


def _of_bounds(exercise: Exercise, case_set: CaseSet) -> Iterator[str]:
    """Yield where a strategy draws between bounds of which the first is larger, once for a line.

    A case gets the first of them then, so that nobody who is graded meets an error.
    """
    told = set()
    for level in case_set.levels:
        strategy = exercise.check.levels[level.name].strategy
        for recipe in {case.recipe for case in level.cases if case.recipe is not None}:
            try:
                strategy.build(_Strict(recipe))
            except CourseError as error:
                told.add(f"{place_of(error)}: {one_line(error)}")
    yield from sorted(told)


def _of_features(exercise: Exercise, case_set: CaseSet) -> Iterator[str]:
    cases = [] if exercise.check.handed_in else case_set.cases
    given = [named_arguments(exercise, one) for one in cases if not one.bad]
    for words, feature in exercise.check.features.items():
        try:
            found = {has_feature(named, feature) for named in given}
        except Exception as error:  # noqa: BLE001 - whatever the author's function raises
            where = place_of(error) or exercise.name
            yield f"{where}: the feature {words!r} raises {_said(error)}"
            continue
        if len(found) == 1:
            share = "every" if True in found else "no"
            yield f"{place_of_function(feature)}: {share} case has the feature {words!r}"


def _of_solution(course: Course, exercise: Exercise) -> Iterator[str]:
    if course.solutions_dir is None:
        return
    solution = course.solutions_dir / f"{exercise.module}.py"
    where, source = f"solutions/{solution.name}", solution.read_text(encoding="utf-8")
    stub = course.exercises_dir / solution.name
    if stub.read_text(encoding="utf-8") != derive_stub(source):
        yield f"exercises/{stub.name} is not as its solution has it: dlgrade stubs derives it anew"
    nodes = {getattr(node, "name", ""): node for node in ast.parse(source).body}
    node = nodes.get(exercise.name)
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return
    if not ast.get_docstring(node):
        yield f"{where}, line {node.lineno}: {exercise.name} has no docstring, which students read"
    elif exercise.check.handed_in is None:
        yield from _of_examples(solution, exercise.name, where)


def _of_examples(solution: Path, name: str, where: str) -> Iterator[str]:
    module = load_module(solution, "solution")
    made: Any = getattr(module, name)
    tests = doctest.DocTestFinder().find(made, name, module=module)
    if not any(name in one.source for test in tests for one in test.examples):
        begins = place_of_function(made) or where
        yield f"{begins}: the docstring of {name} has no example that calls it (>>>)"
    runner = _Runner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in tests:
        with contextlib.redirect_stdout(io.StringIO()):
            runner.run(test, out=lambda _: None)
    for test, example in runner.wrong[:1]:  # the others may fail for want of the first
        line = (test.lineno or 0) + example.lineno + 1
        yield f"{where}, line {line}: an example of {test.name} does not give what it shows"


class _Runner(doctest.DocTestRunner):
    """Keeps the examples that are wrong, and writes nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.wrong: list[tuple[doctest.DocTest, doctest.Example]] = []

    def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:  # noqa: ARG002
        self.wrong.append((test, example))

    def report_unexpected_exception(
        self,
        out: Any,
        test: Any,
        example: Any,
        exc_info: Any,
    ) -> None:
        self.report_failure(out, test, example, str(exc_info))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(error)}"
