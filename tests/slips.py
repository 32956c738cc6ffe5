"""Small files with a beginner's slip each, and what is said about it (`slips.txt`)."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "engine" / "naming" / "exceptions" / "slips.txt"
HEAD = "import numpy as np\n"


@dataclass(frozen=True)
class Slip:
    """A file with a slip in words, the exercise, and what is expected: status, place, id, words."""

    name: str
    exercise: str
    source: str
    told: str = ""
    bare: bool = False

    @property
    def file(self):
        """Return the name of the student's file."""
        return self.exercise.partition(".")[0] + ".py"

    @property
    def text(self):
        """Return the file's text: numpy is imported in its first line."""
        return self.source if self.bare else HEAD + self.source


def read_slips(text=None):
    """Return the slips of the golden file: blocks of a head, a source, and what is told."""
    blocks = (text or FILE.read_text(encoding="utf-8")).split("=== ")[1:]
    slips = []
    for block in blocks:
        head, _, rest = block.partition("\n")
        name, exercise, *more = head.split(" | ")
        source, _, told = rest.partition("--- ")
        slips.append(Slip(name, exercise, source, told.rstrip("\n"), bare=more == ["bare"]))
    return slips


def check(slip, engine, course, folder):
    """Return what a check makes of a slip."""
    (folder / slip.file).write_text(slip.text, encoding="utf-8")
    (result,) = engine.check(folder, [course.exercise(slip.exercise)]).exercises
    return result


def told(result):
    """Return what is said about a result, as the golden file has it.

    What Python itself says is another one in each version; where that is all, it is there.
    """
    named, where = result.diagnosis, result.location
    head = f"{result.status}, {f'line {where.line}' if where else 'no line'}"
    return f"{head}\n{named.id}: {named.message}" if named else f"{head}\n{result.message}"


def written(slip, words):
    """Return a block of the golden file."""
    head = " | ".join([slip.name, slip.exercise, *(["bare"] if slip.bare else [])])
    return f"=== {head}\n{slip.source.rstrip()}\n--- {words}\n"


def main():
    """Write what is told now about each slip of a file into the golden one."""
    from grader.course.course import find_course
    from grader.engine.cases.bank import Bank, user_folder
    from grader.engine.engine import Engine

    course = find_course()
    engine = Engine(course, bank=Bank(user_folder()))
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    blocks = []
    for slip in read_slips(source.read_text(encoding="utf-8")):
        with tempfile.TemporaryDirectory() as folder:
            blocks.append(written(slip, told(check(slip, engine, course, Path(folder)))))
    FILE.write_text("\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
