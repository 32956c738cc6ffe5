"""Read what the page of a function says, in numpydoc form: sections, results, names of axes.

From `x : ndarray of float64, shape (N, C, H, W)` a message can say "N=2 C=1" instead of "(2, 1)",
and "x.shape[1] (C)"; and the rows of an array whose axis is a product, `C * KH * KW`, get the
factors' own indices. Nothing here is a registry, and nobody else reads a docstring: a new exercise
has named axes as soon as its docstring has them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAMED = re.compile(r"^(?P<name>\w+) : (?P<type>.+)$")
SHAPE = re.compile(r"shapes? \((?P<axes>[^()]*)\)\s*$")
SAME = re.compile(r"shapes? of (?P<other>\w+)\s*$")
ENTRY = re.compile(r"^(?:\.\. )?\[\w+\] ")
LECTURE = re.compile(r'^Lecture "(?P<title>[^"]+)"(?:, (?P<place>.+?))?\.?$')
LETTERS = re.compile(r"\b[A-Z]{1,2}\b")

Axes = tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """One parameter or result as its section describes it.

    Parameters
    ----------
    name, type
        What stands before and behind the colon.
    text
        The indented lines below.
    """

    name: str
    type: str
    text: str


def sections(docstring: str) -> dict[str, list[str]]:
    r"""Return the lines of each section by its title, in order.

    Parameters
    ----------
    docstring
        In numpydoc form, indentation removed.

    Examples
    --------
    >>> sections("Do it.\n\nNotes\n-----\na = b\n\nExamples\n--------\n>>> 1\n")
    {'Notes': ['a = b'], 'Examples': ['>>> 1']}
    """
    lines = docstring.splitlines()
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line and following and set(following) == {"-"}:
            current = found.setdefault(line, [])
        elif current is not None and set(line) != {"-"}:
            current.append(line)
    return {title: _trimmed(body) for title, body in found.items()}


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


@functools.cache  # asked once for each of a hundred cases
def described(docstring: str, title: str) -> tuple[Described, ...]:
    r"""Return what a section describes, in order.

    Parameters
    ----------
    docstring
        In numpydoc form, indentation removed.
    title
        "Parameters" or "Returns".

    Examples
    --------
    >>> described("Do.\n\nReturns\n-------\na : float\n    One\n    number.\n", "Returns")
    (Described(name='a', type='float', text='One number.'),)
    """
    found: list[Described] = []
    for line in sections(docstring).get(title, []):
        named = NAMED.match(line)
        if named:
            found.append(Described(named["name"], named["type"], ""))
        elif found and line.startswith(" "):
            last = found.pop()
            found.append(Described(last.name, last.type, f"{last.text} {line.strip()}".strip()))
    return tuple(found)


def returned_names(docstring: str) -> tuple[str, ...]:
    r"""Return the names of the results.

    Examples
    --------
    >>> returned_names("Do.\n\nReturns\n-------\na : float\n    One.\nb : int\n\nNotes\n")
    ('a', 'b')
    """
    return tuple(one.name for one in described(docstring, "Returns"))


def references(docstring: str) -> list[str]:
    r"""Return the entries of the section References, their lines joined.

    Examples
    --------
    >>> references("Do.\n\nReferences\n---\n.. [1] Elman 1990,\n   a paper.\n.. [2] A page.\n")
    ['Elman 1990, a paper.', 'A page.']
    """
    found: list[str] = []
    for line in filter(None, map(str.strip, sections(docstring).get("References", []))):
        if ENTRY.match(line) or not found:
            found.append(ENTRY.sub("", line))
        else:
            found[-1] += f" {line}"
    return found


def lectures(docstring: str, decks: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    r"""Return where an exercise is taught: each lecture by its title, and the place in it.

    Parameters
    ----------
    docstring
        Says the places: `Lecture "title", place.` among its references.
    decks
        Numbers of the lectures, as the check says them.
    titles
        By number; a lecture without one is called by its number.

    Examples
    --------
    >>> text = 'Do.\n\nReferences\n---\n.. [1] Lecture "A, week 5", Nets > Sizes.\n'
    >>> lectures(text, ["000", "001"], {"000": "A, week 5", "001": "B"})
    ('A, week 5: Nets > Sizes', 'B')
    """
    matches = [found for found in map(LECTURE.match, references(docstring)) if found]
    places = {found["title"]: found["place"] for found in matches}
    names = [titles.get(number, f"deck {number}") for number in decks]
    return tuple(f"{name}: {places[name]}" if places.get(name) else name for name in names)


@functools.cache
def axis_names(docstring: str) -> Mapping[str, Axes]:
    r"""Return the names of the axes of every parameter and result that has them.

    Parameters
    ----------
    docstring
        In numpydoc form, indentation removed.

    Examples
    --------
    >>> text = "Parameters\n---\nx : ndarray of float64, shape (N, D)\n    Rows.\n"
    >>> axis_names(text + "\nReturns\n---\nout : ndarray of float64, shape of x\n")
    {'x': ('N', 'D'), 'out': ('N', 'D')}
    """
    found: dict[str, Axes] = {}
    for one in (*described(docstring, "Parameters"), *described(docstring, "Returns")):
        shape, same = SHAPE.search(one.type), SAME.search(one.type)
        if shape:
            found[one.name] = tuple(a.strip() for a in shape["axes"].split(",") if a.strip())
        elif same and same["other"] in found:
            found[one.name] = found[same["other"]]
    return found


def axis_sizes(docstring: str, arguments: Mapping[str, Any]) -> dict[str, int]:
    """Return how long each named axis is in one call, as far as the arguments say.

    Parameters
    ----------
    docstring
        Of the exercise.
    arguments
        The call's arguments by name: arrays, and tuples whose description names their items
        ("Height KH and width KW").

    Notes
    -----
    OH and OW follow from the others by the formula of `conv_output_size`.
    """
    sizes: dict[str, int] = {}
    for name, axes in axis_names(docstring).items():
        shape = getattr(arguments.get(name), "shape", ())
        if len(shape) == len(axes):
            sizes |= {axis: n for axis, n in zip(axes, shape, strict=True) if axis.isidentifier()}
    for one in described(docstring, "Parameters"):
        value = arguments.get(one.name)
        if isinstance(value, tuple) and all(type(item) is int for item in value):
            letters = LETTERS.findall(one.text)
            if len(letters) == len(value):
                sizes |= dict(zip(letters, value, strict=True))
    return sizes | _output_sizes(sizes, arguments)


def _output_sizes(sizes: Mapping[str, int], arguments: Mapping[str, Any]) -> dict[str, int]:
    found = {}
    padding = arguments.get("padding", 0)
    for out, size, kernel in (("OH", "H", "KH"), ("OW", "W", "KW")):
        if size in sizes and kernel in sizes and out not in sizes:
            stride = arguments.get("stride", 1)
            stride = sizes[kernel] if stride is None else stride  # pooling: the kernel's own size
            if isinstance(stride, int) and isinstance(padding, int) and stride > 0:
                found[out] = (sizes[size] + 2 * padding - sizes[kernel]) // stride + 1
    return found


def factors(axis: str) -> Axes:
    """Return the names that an axis is a product of.

    Examples
    --------
    >>> factors("C * KH * KW"), factors("OH"), factors("H + 2P")
    (('C', 'KH', 'KW'), ('OH',), ())
    """
    names = tuple(part.strip() for part in axis.split("*"))
    return names if all(name.isidentifier() for name in names) else ()


def labels(axis: str, length: int, sizes: Mapping[str, int]) -> list[str]:
    """Return a label for each index of an axis that is a product; none for another axis.

    Parameters
    ----------
    axis
        `"OH * OW"`.
    length
        How many indices it has.
    sizes
        How long the factors are.

    Examples
    --------
    >>> labels("OH * OW", 4, {"OH": 2, "OW": 2})
    ['0,0', '0,1', '1,0', '1,1']
    >>> labels("OH * OW", 5, {"OH": 2, "OW": 2})
    []
    """
    names = factors(axis)
    if len(names) < 2 or not all(name in sizes for name in names):
        return []
    made = [""]
    for name in names:
        made = [f"{head},{n}" if head else str(n) for head in made for n in range(sizes[name])]
    return made if len(made) == length else []


def shape_text(shape: Sequence[int], axes: Axes = ()) -> str:
    """Return a shape, with the names of its axes where they are known.

    Examples
    --------
    >>> shape_text((2, 3), ("N", "D")), shape_text((2, 3)), shape_text((4,), ("C * KH",))
    ('(N=2, D=3)', 'shape (2, 3)', '(C*KH=4,)')
    >>> shape_text((2, 3), ("N", "3"))  # an axis whose length is always the same
    '(N=2, 3)'
    """
    named = len(axes) == len(shape)
    words = [
        str(n) if a.isdigit() else f"{a.replace(' ', '')}={n}"
        for a, n in zip(axes, shape, strict=False)
    ]
    inside = ", ".join(words if named else map(str, shape))
    return f"{'' if named else 'shape '}({inside}{',' if len(shape) == 1 else ''})"
