"""An author's slips: each is one line that says what is wrong, in which file and line."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.cli.author import require_whole
from grader.course.course import find_course
from grader.course.skeletons.writing import write_course
from grader.course.stubs import write_stubs
from grader.engine.audit.audit import audit_exercise
from grader.engine.engine import Engine
from grader.errors import CourseError, DlgradeError
from grader.render.upkeep.audit import render_survivors

CHECK, SOLUTION, STUB = (
    "checks/basics/double.py", "solutions/basics.py", "exercises/basics.py",
)  # fmt: skip
TOML = "exercises/course.toml"
PAGE = "topics/basics.md"
WORDS = "averages, either, goal, one_of, scored"
WHOLE = None  # in place of a text: the whole file
LEVEL = '"several rows": tables(),'
RETURN = "return x + x"
MISTAKE = "    return x * x"
MADE = "exercise = Exercise("


@dataclass(frozen=True)
class Slip:
    """What an author wrote in place of what, and what is told of it.

    Parameters
    ----------
    file, old, new
        What was changed; all of a file where `old` is None, the file itself taken away where `new`
        is.
    said
        What stands in the line.
    place
        The file, and the line where there is one.
    """

    file: str
    old: str | None
    new: str | None
    said: str
    place: str


def check(old, new, said, place=CHECK):
    return Slip(CHECK, old, new, said, place)


def toml(new, said):
    return Slip(TOML, WHOLE, new, said, TOML)


def solution(old, new, said, place=SOLUTION):
    return Slip(SOLUTION, old, new, said, place)


SLIPS = {
    # ------------------------------------------------------------ course.toml
    "no TOML": toml("modules = [", "cannot be read"),
    "a misspelt key": toml('modles = ["basics"]', "modles.*modules"),
    "another key": toml("colour = 3", "colour"),
    "modules is a text": toml('modules = "basics"', "modules"),
    "modules holds a number": toml("modules = [1]", "modules"),
    "a module that is not there": toml('modules = ["basic"]', "basic.*basics"),
    "a module twice": toml('modules = ["basics", "basics"]', "twice"),
    "imports is a text": toml('imports = "scipy"', "list of names"),
    "imports grader": toml('imports = ["grader"]', "right answers"),
    "imports torch": toml('imports = ["torch"]', "right answers"),
    "imports with a dot": toml('imports = ["scipy.stats"]', "no name of a library"),
    "title is a number": toml("title = 5", "title is a text"),
    "version is a number": toml("version = 1.0", "version is a text"),
    "imports holds a number": toml("imports = [1]", "list of names"),
    "about_torch is a text": toml('about_torch = "no"', "true or false"),
    "data is a text": toml('data = "x.npz"', "list of files"),
    "data holds a number": toml("data = [1]", "list of files"),
    "decks is a list": toml("decks = []", "decks"),
    "a deck is a number": toml("[decks]\n001 = 1", "decks is a table"),
    "assignment is no table": toml("assignment = 3", "assignment"),
    "assignment without a name": toml('[[assignment]]\ntargets = ["basics"]', "name"),
    "assignment of nothing there": toml(
        '[[assignment]]\nname = "1"\ntargets = ["basic"]\ndue = 2030-10-05', "basic"
    ),
    "assignment with a misspelt key": toml(
        '[[assignment]]\nname = "1"\ntargets = ["basics"]\ndeu = 2030-10-05', "deu"
    ),
    "assignment with a number for a name": toml(
        '[[assignment]]\nname = 1\ntargets = ["basics"]\ndue = 2030-10-05', "name and exam"
    ),
    "assignment whose targets are a text": toml(
        '[[assignment]]\nname = "1"\ntargets = "basics"\ndue = 2030-10-05', "list of modules"
    ),
    "assignment that is due at a text": toml(
        '[[assignment]]\nname = "1"\ntargets = ["basics"]\ndue = "2030-10-05"', "is a moment"
    ),
    # ------------------------------------------------------------ the pages
    "a page under another name": Slip(
        PAGE, WHOLE, "topics/basic.md", "basics.md is missing.*basic.md", PAGE
    ),
    # ------------------------------------------------------------ the file of a check
    "no check": Slip(CHECK, WHOLE, None, "missing", CHECK),
    "an empty check": check(WHOLE, "", "defines no `exercise"),
    "a check with a syntax error": check(
        MADE, "exercise = = Exercise(", "SyntaxError", f"{CHECK}, line 18"
    ),
    "a check that imports nothing there": check(
        MADE, "import nothing_there\n" + MADE, "nothing_there", f"{CHECK}, line 18"
    ),
    "a word that is no word": check("wide\n", "broad\n", "broad", f"{CHECK}, line 3"),
    "a name that is not defined": check(
        RETURN, RETURN + "\n\n\nundefined_name", "undefined_name", CHECK
    ),
    "exercise under another name": check("exercise = Exercise(", "exercise = dict(", "", CHECK),
    "no docstring": check(
        '"""FILL IN: the one line about it that a student reads."""', "", "docstring"
    ),
    # ------------------------------------------------------------ the arguments of Exercise
    "a misspelt argument": check("hints=(", "hint=(", "hint", f"{CHECK}, line 18"),
    "no points": check("    points=1,\n", "", "points", f"{CHECK}, line 18"),
    "points is a text": check("points=1", 'points="1"', "points", f"{CHECK}, line 18"),
    "no points at all": check("points=1", "points=0", "points", f"{CHECK}, line 18"),
    "negative points": check("points=1", "points=-1", "points", f"{CHECK}, line 18"),
    "no levels": check(r"levels={", "levels={} and {", "needs a level", CHECK),
    "levels is a list": check(r"levels={", "levels=[tables()] or {", "levels", f"{CHECK}, line 18"),
    "a strategy that was not called": check(
        LEVEL, '"several rows": tables,', "several rows.*tables", f"{CHECK}, line 18"
    ),
    "a level that is a text": check(
        LEVEL, '"several rows": "tables",', "several rows", f"{CHECK}, line 18"
    ),
    "a level twice": check(LEVEL, '"one row": tables(),', "one row.*twice", CHECK),
    "a level without a name": check(LEVEL, '"": tables(),', "name", f"{CHECK}, line 18"),
    "no hints": check("hints=(", "hints=() and (", "hint", f"{CHECK}"),
    "hints is one text": check("hints=(", 'hints="Think." or (', "hints", f"{CHECK}, line 18"),
    "a hint that is empty": check(
        '"FILL IN, a case by hand: of [[1, -2]] comes [[2, -4]]."',
        '""',
        "hint",
        f"{CHECK}, line 18",
    ),
    "decks is a text": check("decks=()", 'decks="001"', "decks", f"{CHECK}, line 18"),
    "a deck that is a number": check("decks=()", "decks=(1,)", "decks", f"{CHECK}, line 18"),
    "requires a text": check(
        "decks=()", 'decks=(), requires="halve"', "requires", f"{CHECK}, line 18"
    ),
    "requires nothing there": check("decks=()", 'decks=(), requires=("halve",)', "halve"),
    "requires itself": check("decks=()", 'decks=(), requires=("double",)', "itself"),
    "tolerance is a text": check(
        "decks=()", 'decks=(), tolerance="1e-8"', "tolerance", f"{CHECK}, line 18"
    ),
    "tolerance is negative": check(
        "decks=()", "decks=(), tolerance=-1", "tolerance", f"{CHECK}, line 18"
    ),
    "a feature that is no function": check(
        "lambda x: len(x) > 1", "True", "several rows", f"{CHECK}, line 18"
    ),
    "a feature of another argument": check("lambda x: len", "lambda y: len", "asks for y"),
    "a feature that raises": check(
        "len(x) > 1", "x.size() > 1", "several rows.*TypeError", f"{CHECK}, line 25"
    ),
    "a feature that no case has": check(
        "len(x) > 1", "len(x) > 9", "no case has.*several rows", f"{CHECK}, line 25"
    ),
    "a feature that every case has": check(
        "len(x) > 1", "len(x) > 0", "every case has.*several rows", f"{CHECK}, line 25"
    ),
    "terms is a number": check("decks=()", "decks=(), terms=3", "terms", f"{CHECK}, line 18"),
    "terms of another argument": check(
        "decks=()", "decks=(), terms=lambda y: 1.0", "terms asks for y"
    ),
    "terms that raises": check(
        "decks=()", "decks=(), terms=lambda x: x.nothing", "nothing", f"{CHECK}, line 20"
    ),
    "never is a text": check("decks=()", 'decks=(), never=["huge"]', "never", f"{CHECK}, line 18"),
    # ------------------------------------------------------------ words
    "between the wrong way round": check(
        "between(1, 4)):", "between(4, 1)):", "between", f"{CHECK}, line 6"
    ),
    "between the wrong way round in the body": check(
        "    return (draw(",
        "    draw(between(4, 1))\n    return (draw(",
        "between.*4, 1",
        f"{CHECK}, line 9",
    ),
    "between the wrong way round for some numbers": check(
        "    return (draw(",
        "    draw(between(1, rows - 1))\n    return (draw(",
        "between.*1, 0",
        f"{CHECK}, line 9",
    ),
    "between texts": check("between(1, 4)):", 'between("1", 4)):', "between", f"{CHECK}, line 7"),
    "between with fractions": check(
        "between(1, 4)):", "between(1, 4.5)):", "between", f"{CHECK}, line 7"
    ),
    "one of nothing": check("between(1, 4)):", "one_of()):", "one_of", f"{CHECK}, line 7"),
    "an array of a text": check("of=wide)", 'of="wide")', "array", f"{CHECK}, line 9"),
    "an array that was not drawn": check(
        "(draw(array(rows, columns, of=wide)),)",
        "(array(rows, columns, of=wide),)",
        "draw",
        f"{CHECK}, line 6",
    ),
    "a shape that was not drawn": check(
        "array(rows, columns", "array(number, columns", "array", f"{CHECK}, line 9"
    ),
    "a negative length": check(
        "array(rows, columns", "array(-rows, columns", "array", f"{CHECK}, line 9"
    ),
    "no tuple of arguments": check(
        "(draw(array(rows, columns, of=wide)),)",
        "draw(array(rows, columns, of=wide))",
        "tuple",
        f"{CHECK}, line 6",
    ),
    "one argument too many": check(
        "(draw(array(rows, columns, of=wide)),)",
        "(draw(array(rows, columns, of=wide)), 1)",
        "2 arguments.*double\\(x\\)",
    ),
    "a strategy that returns nothing": check(
        "    return (draw(", "    (draw(", "tuple", f"{CHECK}, line 6"
    ),
    "a strategy that raises": check(
        "    return (draw(", "    return (rows / 0, draw(", "ZeroDivisionError", f"{CHECK}, line 9"
    ),
    "an option that the strategy has not": check(
        LEVEL, '"several rows": tables(rows=2),', "rows", f"{CHECK}, line 23"
    ),
    "either of a function": check(
        LEVEL,
        '"several rows": either(tables),',
        "either",
        CHECK,
    ),
    "fixed cases that are no list": check(
        "return [(np.array([[1.0, -2.0]]),)]", "return 3", "fixed", f"{CHECK}, line 12"
    ),
    "fixed cases that raise": check(
        "return [(np.array", "return [(np.aray", "aray", f"{CHECK}, line 15"
    ),
    "times too small": check(
        LEVEL, '"several rows": level(tables(), times=2),', "times=2", f"{CHECK}, line 23"
    ),
    "times is a text": check(
        LEVEL, '"several rows": level(tables(), times="ten"),', "times", f"{CHECK}, line 23"
    ),
    "judged by a function": check(
        LEVEL, '"several rows": level(tables(), judged=len),', "judged", f"{CHECK}, line 23"
    ),
    "averages of nothing": check(
        LEVEL,
        '"several rows": level(tables(), judged=averages({})),',
        "averages",
        f"{CHECK}, line 23",
    ),
    "averages without a seed": check(
        LEVEL,
        '"several rows": level(tables(), judged=averages({"": lambda draws: draws})),',
        "seed",
    ),
    "a goal without a number": check(
        LEVEL,
        '"several rows": level(tables(), judged=goal("loss", len, at_most="small")),',
        "at_most",
        f"{CHECK}, line 23",
    ),
    "a goal of an argument that is not there": check(
        LEVEL,
        '"several rows": level(tables(), judged=goal("loss", lambda y, z: 0.0, at_most=1.0)),',
        "asks for z",
    ),
    "a goal that the reference misses": check(
        LEVEL,
        '"several rows": level(tables(), judged=goal("loss", lambda y: 3.0, at_most=1.0)),',
        "expected at most 1",
    ),
    "scored without predictions": check(
        LEVEL,
        '"several rows": scored(0.5),',
        "belong together",
    ),
    # ------------------------------------------------------------ the equivalent
    "no equivalent": check("@exercise.equivalent\n", "", "needs an @exercise.equivalent"),
    "an equivalent that differs": check(RETURN, "return x + x + 1", "disagree"),
    "an equivalent that raises": check(RETURN, "return x.nothing", "nothing", f"{CHECK}, line 36"),
    "an equivalent with two results": check(RETURN, "return x + x, x", "disagree"),
    "an equivalent with other arguments": check(
        "def double(x):", "def double(x, y):", "equivalent.*y"
    ),
    "an equivalent that is a class": check(
        "def double(x):", "class double:\n  def __call__(x):", "has to be"
    ),
    "an equivalent that returns nothing": check(RETURN, "x + x", "disagree"),
    # ------------------------------------------------------------ mistakes
    "a mistake that raises everywhere": check(
        MISTAKE, "    return x.nothing", "squared.*raises.*nothing", f"{CHECK}, line"
    ),
    "a mistake with other arguments": check(
        "def squared(x):", "def squared(x, y):", "squared.*y", f"{CHECK}"
    ),
    "a mistake that is right": check(
        MISTAKE, "    return 2 * x", "squared.*right", f"{CHECK}, line"
    ),
    "a mistake without a message": check(
        '@exercise.mistake("FILL IN: every number is squared; it is doubled.")',
        "@exercise.mistake",
        "message",
        f"{CHECK}, line 44",
    ),
    "a mistake with an empty message": check(
        '"FILL IN: every number is squared; it is doubled."', '""', "message", f"{CHECK}, line 44"
    ),
    "a mistake twice": check(
        "def squared(x):", "def unchanged(x):", "two mistakes", f"{CHECK}, line 44"
    ),
    "two mistakes that are the same": check(MISTAKE, "    return x.clone()", "squared.*unchanged"),
    # ------------------------------------------------------------ solutions and stubs
    "a solution with a syntax error": solution(
        "return 2 * x", "return 2 x", "SyntaxError|invalid syntax", f"{SOLUTION}, line"
    ),
    "a solution that raises": solution(
        "return 2 * x", "return 2 * y", "reference.*name 'y'", f"{SOLUTION}, line"
    ),
    "a solution that returns nothing": solution("return 2 * x", "2 * x", "disagree", CHECK),
    "a solution that refuses the shape": solution(
        "return 2 * x",
        "if len(x) > 1: raise ValueError('no')\n    return 2 * x",
        "reference.*ValueError: no",
        f"{SOLUTION}, line",
    ),
    "a solution with another name": solution(
        "def double(", "def doubled(", "is missing", "checks/basics/doubled.py"
    ),
    "no solution": Slip(SOLUTION, WHOLE, None, "missing", SOLUTION),
    "a solution without a docstring": solution(
        WHOLE,
        '"""Basics."""\nimport numpy as np\n\n\ndef double(x):\n    return 2 * x\n',
        "docstring",
        f"{SOLUTION}, line 5",
    ),
    "a docstring without an example": solution(
        ">>> double(np.array([[1.0, -2.0]]))\n    array([[ 2., -4.]])",
        "",
        "example",
        f"{SOLUTION}, line",
    ),
    "a docstring with a wrong example": solution(
        "array([[ 2., -4.]])", "array([[ 3., -4.]])", "example", f"{SOLUTION}, line 28"
    ),
    "a stub that is behind its solution": Slip(
        STUB, "FILL IN: double every", "Double every", "dlgrade.*stubs", STUB
    ),
    "a stub that is not Python": Slip(
        STUB,
        "raise NotImplementedError",
        "raise Not Implemented",
        "cannot be read: line",
        STUB,
    ),
    "a stub without an exercise": Slip(
        STUB, "def double(", "def _double(", "holds no exercise", "exercises"
    ),
}


def tell(folder):
    """Return every line that an author gets: of the stubs, of what a course holds, of an audit."""
    try:
        course = find_course(folder)
        require_whole(course)
        engine, lines = Engine(course, 0), []
        for exercise in course.find(()):
            audit = audit_exercise(engine, exercise, 0)
            lines += [] if audit.is_sharp else map(str, render_survivors(audit).renderables)
    except DlgradeError as error:
        return [str(error)]
    return lines


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_one_line_with_its_place(tmp_path, name):
    slip, folder = SLIPS[name], tmp_path / "course"
    write_course(folder)
    file, begun = folder / slip.file, folder / CHECK
    begun.write_text(begun.read_text().replace("import Exercise", f"import {WORDS}, Exercise"))
    if slip.new is None:
        file.unlink()
    elif slip.file == PAGE:
        file.rename(folder / slip.new)
    else:
        before = file.read_text()
        assert slip.old is None or slip.old in before
        file.write_text(slip.new if slip.old is None else before.replace(slip.old, slip.new, 1))
    if slip.file == SOLUTION and slip.new is not None:
        with contextlib.suppress(DlgradeError):
            write_stubs(folder / "solutions", folder / "exercises")
    lines = [line for line in tell(folder) if re.search(slip.said, line)]
    assert len(lines) == 1, lines
    assert slip.place in lines[0]
    assert "\n" not in lines[0]


def test_a_course_without_a_slip_is_told_nothing(tmp_path):
    write_course(tmp_path / "course")
    assert tell(tmp_path / "course") == []


def test_a_release_refuses_an_assignment_that_cannot_be_read(tmp_path):
    write_course(tmp_path / "course")
    with (tmp_path / "course" / TOML).open("a") as file:
        file.write('\n[[assignment]]\nname = "1"\ntargets = ["basic"]\ndue = 2030-10-05\n')
    words = ["--course", str(tmp_path / "course"), "release", str(tmp_path / "students")]
    said = CliRunner().invoke(app, words)
    assert isinstance(said.exception, CourseError)
    assert "course.toml: assignment '1': no module or exercise" in str(said.exception)
    assert not (tmp_path / "students").exists()
