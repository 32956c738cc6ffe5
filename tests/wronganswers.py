"""Read the wrong answers of tests/realistic/, and what a person thought of their names."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REALISTIC = Path(__file__).resolve().parent / "realistic"
HEADER = re.compile(
    r"# exercise: (?P<exercise>\S+)\n# is: (?P<is>\S.*)\n# line: (?P<lines>\d+(?:, \d+)*)\n"
    r"# kind: (?P<kind>value|error|syntax|timeout)\n"
)


@dataclass(frozen=True)
class Written:
    """A wrong answer of tests/realistic/ with what its header says.

    Parameters
    ----------
    id
        The exercise and the file's name, "conv.im2col/windows-as-rows".
    sentence
        What is wrong.
    lines
        Where, counted in the whole text.
    """

    id: str
    exercise: str
    sentence: str
    lines: tuple[int, ...]
    kind: str
    source: str


def read_written(path: Path) -> Written:
    """Return a wrong answer.

    Raises
    ------
    ValueError
        When its header is not as it should be.
    """
    source = path.read_text(encoding="utf-8")
    header = HEADER.match(source)
    if header is None:
        raise ValueError(f"{path} has no header as CONTRIBUTING.md describes it")
    name = f"{header['exercise']}/{path.name.removesuffix('.py.txt')}"
    lines = tuple(int(line) for line in header["lines"].split(", "))
    return Written(name, header["exercise"], header["is"], lines, header["kind"], source)


def written() -> list[Written]:
    """Return every wrong answer of tests/realistic/."""
    return [read_written(path) for path in sorted(REALISTIC.rglob("*.py.txt"))]


@cache
def judged() -> dict[str, dict[str, list[str]]]:
    """Return which names a person found true or misleading, by wrong answer."""
    return tomllib.loads((REALISTIC / "judged.toml").read_text(encoding="utf-8"))


def opinion(wrong: str, name: str) -> str:
    """Return whether a name that a wrong answer is given is true or misleading, or unread."""
    opinions = judged()
    return next((word for word in opinions if name in opinions[word].get(wrong, ())), "unread")
