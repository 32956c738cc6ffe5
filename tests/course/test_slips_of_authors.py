"""An author's slips: each is told in one line that says what is wrong and in which file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from grader.course.course import find_course
from grader.course.skeletons.writing import write_course
from grader.course.stubs import write_stubs
from grader.engine.audit.audit import audit_exercise
from grader.engine.engine import Engine
from grader.errors import DlgradeError
from grader.render.upkeep.audit import render_survivors

CHECK, SOLUTION, STUB = (
    "checks/basics/double.py", "solutions/basics.py", "exercises/basics.py",
)  # fmt: skip
TOML = "exercises/course.toml"
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
    "about_torch is a text": toml('about_torch = "no"', "true or false"),
    "data is a text": toml('data = "x.npz"', "list of files"),
    "decks is a list": toml("decks = []", "decks"),
    "assignment is no table": toml("assignment = 3", "assignment"),
    "assignment without a name": toml('[[assignment]]\ntargets = ["basics"]', "name"),
    "assignment of nothing there": toml(
        '[[assignment]]\nname = "1"\ntargets = ["basic"]\ndue = 2030-10-05', "basic"
    ),
    "assignment with a misspelt key": toml(
        '[[assignment]]\nname = "1"\ntargets = ["basics"]\ndeu = 2030-10-05', "deu"
    ),
    # ------------------------------------------------------------ the file of a check
    "no check": Slip(CHECK, WHOLE, None, "missing", CHECK),
    "an empty check": check(WHOLE, "", "defines no `exercise"),
    "a check with a syntax error": check(MADE, "exercise = = Exercise(", "SyntaxError", f"{CHECK}, line 16"),
    "a check that imports nothing there": check(MADE, "import nothing_there\n" + MADE, "nothing_there", f"{CHECK}, line 16"),
    "a word that is no word": check("one_row", "x", "") if False else check("wide\n", "broad\n", "broad", f"{CHECK}, line 3"),
    "a name that is not defined": check(RETURN, RETURN + "\n\n\nundefined_name", "undefined_name", CHECK),
    "exercise under another name": check(MADE, "exercises = exercise = None or Exercise(", "") if False else check("exercise = Exercise(", "exercise = dict(", "", CHECK),
    "no docstring": check('"""FILL IN: the one line about it that a student reads."""', "", "docstring"),
    # ------------------------------------------------------------ the arguments of Exercise
    "a misspelt argument": check("hints=(", "hint=(", "hint", f"{CHECK}, line 16"),
    "no points": check("    points=1,\n", "", "points", f"{CHECK}, line 16"),
    "points is a text": check("points=1", 'points="1"', "points", f"{CHECK}, line 16"),
    "no points at all": check("points=1", "points=0", "points", f"{CHECK}, line 16"),
    "negative points": check("points=1", "points=-1", "points", f"{CHECK}, line 16"),
    "no levels": check(r'levels={', 'levels={} and {', "level", f"{CHECK}, line 16"),
    "levels is a list": check(r'levels={', 'levels=[tables()] or {', "levels", f"{CHECK}, line 16"),
    "a strategy that was not called": check(LEVEL, '"several rows": tables,', "several rows.*tables", f"{CHECK}, line 16"),
    "a level that is a text": check(LEVEL, '"several rows": "tables",', "several rows", f"{CHECK}, line 16"),
    "a level twice": check(LEVEL, '"one row": tables(),', "one row.*twice", CHECK),
    "a level without a name": check(LEVEL, '"": tables(),', "name", f"{CHECK}, line 16"),
    "no hints": check("hints=(", "hints=() and (", "hint", f"{CHECK}, line 16"),
    "hints is one text": check("hints=(", 'hints="Think." or (', "hints", f"{CHECK}, line 16"),
    "a hint that is empty": check('"FILL IN, a case by hand: of [[1, -2]] comes [[2, -4]]."', '""', "hint", f"{CHECK}, line 16"),
    "decks is a text": check("decks=()", 'decks="001"', "decks", f"{CHECK}, line 16"),
    "a deck that is a number": check("decks=()", "decks=(1,)", "decks", f"{CHECK}, line 16"),
    "requires a text": check("decks=()", 'decks=(), requires="halve"', "requires", f"{CHECK}, line 16"),
    "requires nothing there": check("decks=()", 'decks=(), requires=("halve",)', "halve"),
    "requires itself": check("decks=()", 'decks=(), requires=("double",)', "itself"),
    "tolerance is a text": check("decks=()", 'decks=(), tolerance="1e-8"', "tolerance", f"{CHECK}, line 16"),
    "tolerance is negative": check("decks=()", "decks=(), tolerance=-1", "tolerance", f"{CHECK}, line 16"),
    "a feature that is no function": check("lambda x: len(x) > 1", "True", "several rows", f"{CHECK}, line 16"),
    "a feature of another argument": check("lambda x: len", "lambda y: len", "asks for y"),
    "a feature that raises": check("len(x) > 1", "x.size() > 1", "several rows.*TypeError", f"{CHECK}, line 23"),
    "terms is a number": check("decks=()", "decks=(), terms=3", "terms", f"{CHECK}, line 16"),
    "terms of another argument": check("decks=()", "decks=(), terms=lambda y: 1.0", "terms asks for y"),
    "terms that raises": check("decks=()", "decks=(), terms=lambda x: x.nothing", "terms.*nothing", f"{CHECK}, line 18"),
    "never is a text": check("decks=()", 'decks=(), never=["huge"]', "never", f"{CHECK}, line 16"),
    # ------------------------------------------------------------ words
    "between the wrong way round": check("between(1, 4)):", "between(4, 1)):", "between", f"{CHECK}, line 7"),
    "between texts": check("between(1, 4)):", 'between("1", 4)):', "between", f"{CHECK}, line 7"),
    "between with fractions": check("between(1, 4)):", "between(1, 4.5)):", "between", f"{CHECK}, line 7"),
    "one of nothing": check("between(1, 4)):", "one_of()):", "one_of", f"{CHECK}, line 7"),
    "an array of a text": check("of=wide)", 'of="wide")', "array", f"{CHECK}, line 9"),
    "an array that was not drawn": check("(draw(array(rows, columns, of=wide)),)", "(array(rows, columns, of=wide),)", "draw", f"{CHECK}, line 7"),
    "a shape that was not drawn": check("array(rows, columns", "array(number, columns", "array", f"{CHECK}, line 9"),
    "a negative length": check("array(rows, columns", "array(-rows, columns", "array", f"{CHECK}, line 9"),
    "no tuple of arguments": check("(draw(array(rows, columns, of=wide)),)", "draw(array(rows, columns, of=wide))", "tuple", f"{CHECK}, line 7"),
    "one argument too many": check("(draw(array(rows, columns, of=wide)),)", "(draw(array(rows, columns, of=wide)), 1)", "2 arguments.*double\\(x\\)"),
    "a strategy that returns nothing": check("    return (draw(", "    (draw(", "tuple", f"{CHECK}, line 7"),
    "a strategy that raises": check("    return (draw(", "    return (rows / 0, draw(", "ZeroDivisionError", f"{CHECK}, line 9"),
    "an option that the strategy has not": check(LEVEL, '"several rows": tables(rows=2),', "rows", f"{CHECK}, line 21"),
    "either of a function": check(LEVEL, '"several rows": __import__("grader.vocabulary").vocabulary.either(tables),', "either", CHECK),
    "fixed cases that are no list": check("return [(np.array([[1.0, -2.0]]),)]", "return 3", "fixed", f"{CHECK}, line 12"),
    "fixed cases that raise": check("return [(np.array", "return [(np.aray", "aray", f"{CHECK}, line 15"),
    "times too small": check(LEVEL, '"several rows": level(tables(), times=2),', "times=2", f"{CHECK}, line 21"),
    "times is a text": check(LEVEL, '"several rows": level(tables(), times="ten"),', "times", f"{CHECK}, line 21"),
    "judged by a function": check(LEVEL, '"several rows": level(tables(), judged=len),', "judged", f"{CHECK}, line 21"),
    "averages of nothing": check(LEVEL, '"several rows": level(tables(), judged=__import__("grader.vocabulary").vocabulary.averages({})),', "averages", f"{CHECK}, line 21"),
    "averages without a seed": check(LEVEL, '"several rows": level(tables(), judged=__import__("grader.vocabulary").vocabulary.averages({"mean": lambda draws: draws}, calls=100)),', "seed"),
    "a goal without a number": check(LEVEL, '"several rows": level(tables(), judged=__import__("grader.vocabulary").vocabulary.goal("loss", len, at_most="small")),', "at_most", f"{CHECK}, line 21"),
    "a goal of an argument that is not there": check(LEVEL, '"several rows": level(tables(), judged=__import__("grader.vocabulary").vocabulary.goal("loss", lambda y, z: 0.0, at_most=1.0)),', "asks for z"),
    "a goal that the reference misses": check(LEVEL, '"several rows": level(tables(), judged=__import__("grader.vocabulary").vocabulary.goal("loss", lambda y: 3.0, at_most=1.0)),', "not enough"),
    "scored without predictions": check(LEVEL, '"several rows": __import__("grader.vocabulary").vocabulary.scored(0.5),', "belong together"),
    # ------------------------------------------------------------ the equivalent
    "no equivalent": check("@exercise.equivalent\n", "", "needs an @exercise.equivalent"),
    "an equivalent that differs": check(RETURN, "return x + x + 1", "disagree"),
    "an equivalent that raises": check(RETURN, "return x.nothing", "nothing", f"{CHECK}, line 34"),
    "an equivalent with two results": check(RETURN, "return x + x, x", "disagree"),
    "an equivalent with other arguments": check("def double(x):", "def double(x, y):", "equivalent.*y"),
    "an equivalent that is a class": check("def double(x):", "class double:\n  def __call__(x):", "has to be"),
    "an equivalent that returns nothing": check(RETURN, "x + x", "disagree"),
    # ------------------------------------------------------------ mistakes
    "a mistake that raises everywhere": check(MISTAKE, "    return x.nothing", "squared.*raises.*nothing", f"{CHECK}, line"),
    "a mistake with other arguments": check("def squared(x):", "def squared(x, y):", "squared.*y", f"{CHECK}"),
    "a mistake that is right": check(MISTAKE, "    return 2 * x", "squared.*right", f"{CHECK}, line"),
    "a mistake without a message": check('@exercise.mistake("FILL IN: every number is squared; it is doubled.")', "@exercise.mistake", "message", f"{CHECK}, line 42"),
    "a mistake with an empty message": check('"FILL IN: every number is squared; it is doubled."', '""', "message", f"{CHECK}, line 42"),
    "a mistake twice": check("def squared(x):", "def unchanged(x):", "two mistakes", f"{CHECK}, line 42"),
    "two mistakes that are the same": check(MISTAKE, "    return x.clone()", "squared.*unchanged"),
    "a mistake that returns nothing": check(MISTAKE, "    x * x", "squared.*nothing", f"{CHECK}, line"),
    # ------------------------------------------------------------ solutions and stubs
    "a solution with a syntax error": solution("return 2 * x", "return 2 x", "SyntaxError|invalid syntax", f"{SOLUTION}, line"),
    "a solution that raises": solution("return 2 * x", "return 2 * y", "reference.*name 'y'", f"{SOLUTION}, line"),
    "a solution that returns nothing": solution("return 2 * x", "2 * x", "disagree", CHECK),
    "a solution that refuses the shape": solution("return 2 * x", "if len(x) > 1: raise ValueError('no')\n    return 2 * x", "reference.*ValueError: no", f"{SOLUTION}, line"),
    "a solution with another name": solution("def double(", "def doubled(", "no function double|has no", SOLUTION),
    "no solution": Slip(SOLUTION, WHOLE, None, "missing", SOLUTION),
    "a solution without a docstring": solution(WHOLE, '"""Basics."""\nimport numpy as np\n\n\ndef double(x):\n    return 2 * x\n', "docstring", f"{SOLUTION}, line 5"),
    "a docstring without an example": solution(">>> double(np.array([[1.0, -2.0]]))\n    array([[ 2., -4.]])", "", "example", f"{SOLUTION}, line"),
    "a docstring with a wrong example": solution("array([[ 2., -4.]])", "array([[ 3., -4.]])", "example", f"{SOLUTION}, line"),
    "a stub that is behind its solution": Slip(STUB, "FILL IN: double every", "Double every", "dlgrade.*stubs", STUB),
    "a stub that is not Python": Slip(STUB, "raise NotImplementedError", "raise Not Implemented", "cannot be read|not Python", f"{STUB}, line"),
    "a stub without an exercise": Slip(STUB, "def double(", "def _double(", "double|no exercise", STUB),
}  # fmt: skip


def tell(folder):
    """Return every line that the course's author gets: of what it holds, and of an audit."""
    try:
        course = find_course(folder)
        engine = Engine(course, 0)
        lines = []
        for exercise in course.find(()):
            audit = audit_exercise(engine, exercise, 0)
            if not audit.is_sharp:
                lines += [str(one) for one in render_survivors(audit).renderables]
        return "\n".join(lines)
    except DlgradeError as error:
        assert "\n" not in str(error)
        return str(error)


def test_slips_sketch(tmp_path):
    bad = 0
    for name, slip in SLIPS.items():
        folder = tmp_path / re.sub(r"\W", "_", name)
        write_course(folder)
        file = folder / slip.file
        if slip.new is None:
            file.unlink()
        else:
            before = file.read_text()
            assert slip.old is None or before.count(slip.old) >= 1, name
            file.write_text(slip.new if slip.old is None else before.replace(slip.old, slip.new, 1))
        try:
            said = tell(folder)
        except Exception as e:
            said = f"FAULT {type(e).__name__}: {e}"
        said = said.replace(str(folder) + "/", "")
        ok = re.search(slip.said, said) and slip.place in said and "FAULT" not in said and said
        bad += not ok
        print("ok " if ok else "BAD", name, "=>", said[:300].replace("\n", " / "))
    print(len(SLIPS), "tried", bad, "bad")
